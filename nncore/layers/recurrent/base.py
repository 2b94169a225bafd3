"""What SimpleRNN, LSTM and GRU share: shapes, masks, and the walk along the sequence.

Invariant: states lie as (step, numbers, rows), in the order in which the steps are read; see ``products``. All that
can be computed for many steps at once is: the product with the inputs before the walk, the local derivatives before
the walk back comes to them, the weight gradients after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from nncore.activations import ACTIVATIONS, Activation
from nncore.errors import ShapeError
from nncore.initializers import Initializer
from nncore.layers.base import Binding, Layer, Op, Weight
from nncore.layers.recurrent.products import InputProduct
from nncore.regularizers import Regularizer
from nncore.types import Array, Shape

PIECE = 2**16
"""Numbers that fit in a processor's cache with what belongs to them."""


class Recurrent(Layer):
    """Base of the layers that read a sequence step by step and remember."""

    family: ClassVar[str] = "recurrent"
    supports_masking: ClassVar[bool] = True
    ends_in_activation: ClassVar[bool] = False
    gates: ClassVar[int] = 1
    """How many blocks of ``units`` columns a kernel has."""

    units: int
    activation: str
    use_bias: bool
    kernel_initializer: Initializer
    recurrent_initializer: Initializer
    bias_initializer: Initializer
    kernel_regularizer: Regularizer | None
    recurrent_regularizer: Regularizer | None
    bias_regularizer: Regularizer | None
    dropout: float
    recurrent_dropout: float
    return_sequences: bool
    go_backwards: bool

    def output_shape(self, shape: Shape) -> Shape:
        check_sequence(self.type_name, shape)
        return (shape[0], self.units) if self.return_sequences else (self.units,)

    def passes_mask(self) -> bool:
        return self.return_sequences

    def weights(self, shape: Shape) -> tuple[Weight, ...]:
        width = self.gates * self.units
        kernel = Weight("kernel", (shape[-1], width), self.kernel_initializer, self.kernel_regularizer)
        recurrent = Weight(
            "recurrent_kernel", (self.units, width), self.recurrent_initializer, self.recurrent_regularizer
        )
        return (kernel, recurrent, self.bias()) if self.use_bias else (kernel, recurrent)

    def bias(self) -> Weight:
        """Return the bias that the layer has with ``use_bias``."""
        return Weight("bias", (self.gates * self.units,), self.bias_initializer, self.bias_regularizer)

    def multiply_adds(self, shape: Shape) -> int:
        return shape[0] * (shape[1] + self.units) * self.gates * self.units

    def compile(self, bind: Binding) -> RecurrentOp:
        raise NotImplementedError


def check_sequence(owner: str, shape: Shape) -> None:
    """Raise ``ShapeError`` when samples of ``shape`` are no sequences of features."""
    if len(shape) == 2:
        return
    if len(shape) == 1:
        remedy = f"Insert Reshape to {shape[0]} × 1 above it; token numbers need Embedding as the first layer."
    elif len(shape) == 3:
        remedy = f"Reshape the pictures to {shape[0]} × {shape[1] * shape[2]} above it: each row is a step."
    else:
        remedy = "Insert Reshape above it, to two sizes."
    got = " × ".join(str(size) for size in shape) or "a single number"
    raise ShapeError(f"{owner} reads sequences of shape time × features, but gets {got}.", remedy)


def slope(activation: Activation, x: Array, y: Array, out: Array) -> None:
    """Fill ``out`` with the derivative f'(x) of y = f(x)."""
    if activation.name == "sigmoid":
        np.multiply(y, y, out=out)
        np.subtract(y, out, out=out)
    elif activation.name == "tanh":
        np.multiply(y, y, out=out)
        np.subtract(1, out, out=out)
    else:
        out.fill(1)
        activation.backward(x, y, out, out)


class RecurrentOp(Op):
    """The walk along a sequence, and back. A layer adds what happens in between.

    Attributes:
        h: the output after each step, (time + 1, units, rows); h[0] is zero.
        a: x_t K + b for each step, (time, gates * units, rows).
        da: its gradient.
        dh: gradient of the output of the step that the walk back has reached, (units, rows).
        skip: True where a step does not count and the states stay, (time, 1, rows); None without a mask.
        zero_output_for_mask: whether such a step puts out zeros instead of the last output, with ``return_sequences``.
    """

    def __init__(self, layer: Recurrent, bind: Binding) -> None:
        rows, time, _ = bind.x.shape
        width = layer.gates * layer.units
        order = slice(None, None, -1 if layer.go_backwards else 1)
        self.zero_output_for_mask = False
        self.activation = ACTIVATIONS.get(layer.activation)
        self.h = bind.buffer("h", (time + 1, layer.units, rows))
        self.a = bind.buffer("a", (time, width, rows))
        self.groups = layer.gates if layer.recurrent_dropout > 0 else 1
        self.bias = bind.weight("bias") if layer.use_bias else None
        self.bias_gradient = bind.gradient("bias") if layer.use_bias and bind.training else None
        self.inputs = InputProduct(
            bind,
            self.a,
            None if self.bias is None else self.input_bias(self.bias),
            None if self.bias_gradient is None else self.input_bias(self.bias_gradient),
            backwards=layer.go_backwards,
            rate=layer.dropout,
            groups=self.groups,
        )
        self.skip: Array | None = None
        if bind.mask is not None:
            self.counts = bind.mask.T[order, np.newaxis]
            self.skip = bind.buffer("skip", (time, 1, rows), np.bool_)
        self.sequences = layer.return_sequences
        shape = (rows, time, layer.units) if self.sequences else (rows, layer.units)
        self.y = bind.buffer("y", shape)
        self.dy = bind.buffer("dy", shape) if bind.training else None
        if self.dy is not None:
            self.da = bind.buffer("da", (time, width, rows))
            self.by_number = bind.buffer("da by number", (width, time * rows))
            self.dh = bind.buffer("dh", (layer.units, rows))
            self.held = bind.buffer("held", (layer.units, rows))
            steps = self.dy.transpose(1, 2, 0) if self.sequences else [None] * (time - 1) + [self.dy.T]
            self.dy_steps: list[Array | None] = list(steps)
            self.piece = max(1, PIECE // (width * rows))

    def walk(self) -> None:
        """Fill h[1:] from a, step by step."""
        raise NotImplementedError

    def prepare(self, steps: slice) -> None:
        """Fill da for these steps with the factors that do not depend on dh."""
        raise NotImplementedError

    def walk_back(self) -> None:
        """Fill da, from the last step to the first."""
        raise NotImplementedError

    def steps_back(self) -> Iterator[int]:
        """Yield the steps from the last to the first, prepared, and with what comes from above added to dh."""
        for end in range(len(self.da), 0, -self.piece):
            steps = range(max(0, end - self.piece), end)
            self.prepare(slice(steps.start, end))
            for t in reversed(steps):
                dy = self.dy_steps[t]
                if dy is not None:
                    self.dh += dy
                yield t

    def finish(self) -> None:
        """Fill the gradient of the recurrent kernel after the walk back."""
        raise NotImplementedError

    def forward(self) -> None:
        self.inputs.forward()
        if self.skip is not None:
            np.logical_not(self.counts, out=self.skip)
        self.h[0] = 0
        self.walk()
        if not self.sequences:
            np.copyto(self.y, self.h[-1].T)
            return
        np.copyto(self.y, self.h[1:].transpose(2, 0, 1))
        if self.zero_output_for_mask and self.skip is not None:
            np.copyto(self.y, 0, where=self.skip.transpose(2, 0, 1))

    def backward(self) -> None:
        if self.zero_output_for_mask and self.sequences and self.skip is not None:
            assert self.dy is not None
            np.copyto(self.dy, 0, where=self.skip.transpose(2, 0, 1))
        self.dh.fill(0)
        self.walk_back()
        time, width, rows = self.da.shape
        np.copyto(self.by_number.reshape(width, time, rows), self.da.swapaxes(0, 1))
        self.finish()
        self.inputs.backward(self.da, self.by_number)

    def input_bias(self, bias: Array) -> Array:
        """Return the part of a bias, or of its gradient, that is added to the product with the inputs."""
        return bias
