"""What SimpleRNN, LSTM and GRU share: shapes, masks, and the walk along the sequence.

Invariant: states lie as (step, rows, numbers), what the gates compute as (step, gate, rows, units), both in the order
in which the steps are read; see ``products``. All that can be computed for many steps at once is: the local derivatives
before the walk back comes to them, the gradients of weights and inputs after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

import numpy as np

from nncore.activations import ACTIVATIONS, Activation
from nncore.errors import ShapeError
from nncore.initializers import Initializer
from nncore.layers.base import Binding, Layer, Op, Weight
from nncore.layers.recurrent.products import KernelGradient, StackedKernel, StackedState, WayBack
from nncore.regularizers import Regularizer
from nncore.threads import WORTH_SHARING, halves
from nncore.types import Array, Shape

PIECE = 2**16
"""Numbers that fit in a processor's cache with what belongs to them."""

DIVIDED = 2**15
"""Numbers that all gates of a step put out for all samples, from which on two threads walk faster than one."""


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
        np.multiply(y, y, out)
        np.subtract(y, out, out)
    elif activation.name == "tanh":
        np.multiply(y, y, out)
        np.subtract(1, out, out)
    else:
        out.fill(1)
        activation.backward(x, y, out, out)


class RecurrentOp(Op):
    """What a recurrent layer holds for all samples, and what it computes for all steps. The ``walks`` do the steps.

    Samples do not know of one another, so two threads walk with a large batch, each with half of the samples.

    Attributes:
        state: the stacked state; see ``products``.
        kernels: what is filled from the weights before the walk.
        ways_back: what is filled from the weights before the walk back.
        past: the one of them that leads to h_{t-1}.
        gradients: what is computed after the walk back.
        da: gradient of the sums of the gates, (time, rows, sums * units).
        dh: gradient of the output of the step that the walk back has reached, (rows, units).
        skip: True where a step does not count and the states stay, (time, rows, 1); None without a mask.
        zero_output_for_mask: whether such a step puts out zeros instead of the last output, with ``return_sequences``.
    """

    sums: ClassVar[int]
    """How many blocks of ``units`` columns ``da`` has."""
    past: WayBack

    def __init__(self, layer: Recurrent, bind: Binding) -> None:
        rows, time, _ = bind.x.shape
        order = slice(None, None, -1 if layer.go_backwards else 1)
        self.time, self.rows, self.units, self.training = time, rows, layer.units, bind.training
        self.zero_output_for_mask = False
        self.activation = ACTIVATIONS.get(layer.activation)
        self.state = StackedState(
            bind,
            layer.units,
            bias=layer.use_bias,
            backwards=layer.go_backwards,
            rates=(layer.dropout, layer.recurrent_dropout),
            groups=layer.gates if layer.recurrent_dropout > 0 else 1,
        )
        self.kernels: list[StackedKernel] = []
        self.ways_back: list[WayBack] = []
        self.gradients: list[KernelGradient] = []
        self.walks: list[Walk] = []
        self.team = bind.team
        self.parts = halves(rows) if rows > 1 and self.sums * rows * layer.units >= DIVIDED else (slice(0, rows),)
        self.skip: Array | None = None
        if bind.mask is not None:
            self.counts = bind.mask.T[order, :, np.newaxis]
            self.skip = bind.buffer("skip", (time, rows, 1), np.bool_)
        self.sequences = layer.return_sequences
        shape = (rows, time, layer.units) if self.sequences else (rows, layer.units)
        self.y = bind.buffer("y", shape)
        self.dy = bind.buffer("dy", shape) if bind.training else None
        self.dx = None if bind.dx is None else bind.dx.swapaxes(0, 1)[order]
        self.below: WayBack | None = None
        if bind.training:
            self.da = bind.buffer("da", (time, rows, self.sums * layer.units))
            self.dh = bind.buffer("dh", (rows, layer.units))
            self.held = bind.buffer("held", (rows, layer.units))
            self.piece = min(time, max(1, PIECE // (self.sums * rows * layer.units)))

    def leads_to_inputs(self, kernel: Array, order: Sequence[int], groups: Sequence[int]) -> None:
        """Let the first gates of ``da``, which have this order, give the gradient of x, if it is wanted."""
        if self.dx is not None:
            self.below = WayBack(self.state, order, self.state.x_columns, groups, kernel)
            self.ways_back.append(self.below)

    def share(self, jobs: Sequence[Callable[[], object]]) -> None:
        """Do one job, or two side by side."""
        if len(jobs) == 2:
            self.team.run(*jobs)
        else:
            jobs[0]()

    def forward(self) -> None:
        self.state.start()
        for kernel in self.kernels:
            kernel.fill()
        if self.skip is not None:
            np.logical_not(self.counts, self.skip)
        self.share([walk.forward for walk in self.walks])
        if not self.sequences:
            np.copyto(self.y, self.state.h[-1])
            return
        np.copyto(self.y, self.state.h[1:].swapaxes(0, 1))
        if self.zero_output_for_mask and self.skip is not None:
            np.copyto(self.y, 0, where=self.skip.swapaxes(0, 1))

    def backward(self) -> None:
        if self.zero_output_for_mask and self.sequences and self.skip is not None:
            assert self.dy is not None
            np.copyto(self.dy, 0, where=self.skip.swapaxes(0, 1))
        for way in self.ways_back:
            way.fill()
        self.share([walk.backward for walk in self.walks])
        if self.da.size >= WORTH_SHARING:
            self.team.run(lambda: self.conclude(0), lambda: self.conclude(1))
        else:
            self.conclude(0)
            self.conclude(1)
        for gradient in self.gradients:
            gradient.finish()

    def conclude(self, half: int) -> None:
        """Do one half of the products that follow the walk back."""
        for gradient in self.gradients:
            gradient.multiply(half)
        if self.below is not None and self.dx is not None:
            steps = halves(self.time)[half]
            self.below.multiply(self.da[steps, :, : len(self.below.all)], self.dx[steps], slice(None))


class Walk:
    """The way along the sequence, and back, with some of the samples; see ``RecurrentOp``.

    All views of the buffers are made here, once, and kept in lists with one for each step.
    """

    def __init__(self, op: RecurrentOp, part: slice) -> None:
        self.part = part
        self.dropping = op.state.dropping(part)
        h = op.state.h[:, part]
        self.before, self.after = list(h[:-1]), list(h[1:])
        self.skip = None if op.skip is None else list(op.skip[:, part])
        self.skipped = None if op.skip is None else op.skip[:, np.newaxis, part]
        if op.training:
            assert op.dy is not None
            self.piece, self.past = op.piece, op.past
            self.dh, self.held = op.dh[part], op.held[part]
            dy = op.dy[part]
            self.dy: list[Array | None] = list(dy.swapaxes(0, 1)) if op.sequences else [None] * (op.time - 1) + [dy]

    def forward(self) -> None:
        """Fill h[1:], step by step."""
        raise NotImplementedError

    def prepare(self, steps: slice) -> None:
        """Compute for these steps, a piece, the factors of da that do not depend on dh."""
        raise NotImplementedError

    def backward(self) -> None:
        """Fill da, from the last step to the first."""
        raise NotImplementedError

    def steps_back(self) -> Iterator[tuple[int, int]]:
        """Yield each step, from the last to the first, and its place in the piece that was prepared.

        What comes from above is then added to dh.
        """
        dh = self.dh
        dh.fill(0)
        for end in range(len(self.dy), 0, -self.piece):
            start = max(0, end - self.piece)
            self.prepare(slice(start, end))
            for t in range(end - 1, start - 1, -1):
                dy = self.dy[t]
                if dy is not None:
                    np.add(dh, dy, dh)
                yield t, t - start

    def step_back(self, t: int, da: Array) -> None:
        """Fill dh from da, with what passes a step that does not count."""
        if self.skip is None:
            self.past.multiply(da, self.dh, self.part)
            return
        np.multiply(self.dh, self.skip[t], self.held)
        self.past.multiply(da, self.dh, self.part)
        np.add(self.dh, self.held, self.dh)
