"""What SimpleRNN, LSTM and GRU share: shapes, masks, and what is computed for many steps at once.

Invariant: states lie as (step, rows, numbers), what the gates compute as (step, gate, rows, units), both in the order
in which the steps are read; see ``products``. All that can be computed for many steps at once is: the local derivatives
before the walk back comes to them, the gradients of weights and inputs after it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from nncore.activations import ACTIVATIONS
from nncore.computing.threads import WORTH_SHARING, halves
from nncore.errors import ShapeError
from nncore.initializers import Initializer
from nncore.layers.base import Binding, Layer, Op, Weight
from nncore.layers.recurrent.products import KernelGradient, StackedKernel, StackedState, WayBack
from nncore.layers.recurrent.walk import Walk
from nncore.regularizers import Regularizer
from nncore.types import Array, Shape

PIECE = 2**16
"""Numbers that fit in a processor's cache with what belongs to them."""

STRETCH = 2**18
"""Numbers of the gates' gradients that are kept: a longer walk back stops now and then and adds them to the sums."""

DIVIDED = 2**15
"""Numbers that all gates of a step put out for all samples, from which on two threads walk faster than one."""


class Recurrent(Layer):
    """Base of the layers that read a sequence step by step and remember."""

    family: ClassVar[str] = "recurrent"
    supports_masking: ClassVar[bool] = True
    ends_in_activation: ClassVar[bool] = False
    gates: ClassVar[int] = 1
    """How many blocks of ``units`` columns a kernel has."""

    if TYPE_CHECKING:
        # Fields of every such layer. Each declares them itself, in Keras's order, which is not the same for all: an
        # annotation here would make it the order of this class.
        @property
        def units(self) -> int: ...

        @property
        def activation(self) -> str: ...

        @property
        def use_bias(self) -> bool: ...

        @property
        def kernel_initializer(self) -> Initializer: ...

        @property
        def recurrent_initializer(self) -> Initializer: ...

        @property
        def bias_initializer(self) -> Initializer: ...

        @property
        def kernel_regularizer(self) -> Regularizer | None: ...

        @property
        def recurrent_regularizer(self) -> Regularizer | None: ...

        @property
        def bias_regularizer(self) -> Regularizer | None: ...

        @property
        def dropout(self) -> float: ...

        @property
        def recurrent_dropout(self) -> float: ...

        @property
        def return_sequences(self) -> bool: ...

        @property
        def go_backwards(self) -> bool: ...

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

    def kept_of_step(self) -> int:
        """Return how many numbers of each unit a training keeps of a step, beside the stacked state."""
        raise NotImplementedError

    def kept(self, shape: Shape, rows: int) -> int:
        time, features = shape
        width = features + self.use_bias + self.units
        if max(self.dropout, self.recurrent_dropout) > 0:  # what is left of the states, by gate if these have own zeros
            width *= 2 if self.recurrent_dropout == 0 else 1 + self.gates
        sums = rows * self.gates * self.units  # of one step; of many, as many are kept as ``RecurrentOp`` says
        walk_back = sum(min(time * sums, max(sums, most)) for most in (STRETCH, PIECE))
        stacked = 3 * sum(weight.size for weight in self.weights(shape))  # weights there and back, and gradients
        steps = rows * time * (width + self.kept_of_step() * self.units)
        return super().kept(shape, rows) + steps + walk_back + stacked

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


class RecurrentOp(Op):
    """What a recurrent layer holds for all samples, and what it computes for all steps. The ``walks`` do the steps.

    Samples do not know of one another, so two threads walk with a large batch, each with half of the samples.

    Attributes:
        state: the stacked state; see ``products``.
        kernels: what is filled from the weights before the walk.
        ways_back: what is filled from the weights before the walk back.
        past: the one of them that leads to h_{t-1}.
        gradients: what is computed after the walk back.
        stretch: the steps after which the walk back stops, and all that follows from their da is computed. What a step
            needs is then still in the processor's cache, and a long sequence needs little memory.
        da: gradient of the sums of the gates, (stretch, rows, sums * units); that of step t at t modulo ``stretch``.
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
            self.stretch = min(time, max(1, STRETCH // (self.sums * rows * layer.units)))
            self.da = bind.buffer("da", (self.stretch, rows, self.sums * layer.units))
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
        for walk in self.walks:
            walk.turn()
        for start in reversed(range(0, self.time, self.stretch)):
            steps = slice(start, min(start + self.stretch, self.time))
            self.share([partial(walk.backward, steps) for walk in self.walks])
            self.conclude(steps)

    def conclude(self, steps: slice) -> None:
        """Compute what follows from the da of these steps; with those that were read first, the walk back ends."""
        if self.below is not None:
            self.share_halves(self.lead_back, steps)
        if steps.start > 0 or self.below is None or self.da.size < WORTH_SHARING:
            self.share_halves(self.sum_up, steps)
            if steps.start == 0:
                self.finish()
            return
        # Nobody waits for the gradients of the weights, but the layer below does for that of its output.
        first = steps.stop == self.time
        products = [partial(each.multiply, half, steps, first) for each in self.gradients for half in (0, 1)]
        self.team.begin(products, self.finish)

    def share_halves(self, job: Callable[[slice, int], None], steps: slice) -> None:
        """Do both halves of a job, side by side where they are large."""
        if self.da.size < WORTH_SHARING:
            job(steps, 0)
            job(steps, 1)
        else:
            self.team.run(partial(job, steps, 0), partial(job, steps, 1))

    def lead_back(self, steps: slice, half: int) -> None:
        """Fill one half of the gradient of the inputs of these steps, if it is wanted."""
        if self.below is not None and self.dx is not None:
            part = halves(steps.stop - steps.start)[half]
            self.below.multiply(self.da[part, :, : len(self.below.all)], self.dx[steps][part], slice(None))

    def sum_up(self, steps: slice, half: int) -> None:
        """Add one half of the products that give the gradients of the weights; the last steps are the first."""
        for gradient in self.gradients:
            gradient.multiply(half, steps, steps.stop == self.time)

    def finish(self) -> None:
        """Fill the gradients of the weights from the products."""
        for gradient in self.gradients:
            gradient.finish()
