"""The compiled network: flat arrays, buffers allocated once, operations bound to them.

Invariants: a plan belongs to one thread. All parameters lie in one flat array, the trainable ones first, and their
gradients in another; each weight is a view. Buffers are allocated for ``capacity`` rows; a smaller batch uses their
first rows. What a plan puts out is lent until its next ``forward``: whoever keeps it must copy it.

Gradients on their way: the gradient dy of a layer's output is written by the backward of the layer above and read by
that of the layer itself, which writes the dy of the layer below; then nobody needs it again. So all layers share two
memories for it, in turns: dy of a layer lies in one, dy of the layer below in the other. Outputs y stay, each in memory
of its own, because the way back reads them. A deep network then moves half as much through the processor's cache.

Fusion: where the loss absorbs the last activation (softmax or sigmoid before its cross-entropy), the activation is
taken off the last layer, and the loss computes both from the logits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from nncore.computing.memory import aligned_zeros
from nncore.computing.threads import Team
from nncore.layers.base import Layer, Op, Weight
from nncore.losses import Loss, LossOp
from nncore.network import Network, last_activation
from nncore.types import FLOAT32, Array

_KEPT_BINDINGS = 4
_HANDED_DOWN = "dy"
"""The work array that a layer needs no longer than until its ``backward`` has ended."""
_WHOLE_PLAN = -1
"""Stands for a layer where memory belongs to none."""


@dataclass(frozen=True)
class Slot:
    """Where one weight lies in the flat arrays."""

    layer: int
    weight: Weight
    start: int

    @property
    def key(self) -> str:
        """The name of the tensor in files: ``layers.<index>.<weight>``."""
        return f"layers.{self.layer}.{self.weight.name}"

    def view(self, flat: Array) -> Array:
        """Return the weight's part of a flat array, in its shape."""
        return flat[self.start : self.start + self.weight.size].reshape(self.weight.shape)


def layout(network: Network) -> tuple[Slot, ...]:
    """Return where each weight lies in a flat array: in Keras's order, but trainable weights lie before all others.

    The flat array has no gaps, so what an optimizer changes is its first part.
    """
    weights = network.weights()
    next_start = {True: 0, False: sum(weight.size for _, weight in weights if weight.trainable)}
    slots = []
    for layer, weight in weights:
        slots.append(Slot(layer, weight, next_start[weight.trainable]))
        next_start[weight.trainable] += weight.size
    return tuple(slots)


def trainable_size(slots: Sequence[Slot]) -> int:
    """Return how many of the flat parameters, the first ones, are trainable."""
    return sum(slot.weight.size for slot in slots if slot.weight.trainable)


def initial_parameters(network: Network, seed: int, dtype: DTypeLike = FLOAT32) -> Array:
    """Return the flat parameters that the seed gives, each weight drawn by its initializer."""
    rng = np.random.default_rng([seed, 0])
    slots = layout(network)
    flat = aligned_zeros(sum(slot.weight.size for slot in slots), dtype)
    for slot in slots:
        slot.view(flat)[...] = slot.weight.initializer(slot.weight.shape, rng)
    return flat


def tensors(network: Network, flat: Array) -> dict[str, Array]:
    """Return the weights by their names in files, as views of ``flat``."""
    return {slot.key: slot.view(flat) for slot in layout(network)}


class Plan:
    """A network compiled for one thread.

    Args:
        network: what to compile; raises ``ShapeError`` where a layer does not fit.
        parameters: flat array that the plan works on, shared with whoever gave it.
        capacity: the largest number of rows of a batch.
        loss: what the output meets; None for a plan that only predicts.
        training: whether gradients are computed and layers such as Dropout are active.
        rng: source of randomness of the layers; only used in training.
        weighted: whether each sample of a batch has a weight in the loss.
        team: that of another plan of the same thread; None for one of its own.

    Attributes:
        team: does what layers divide; with two hands in ``with plan.team.at_work()``.
        trainable: the first part of ``parameters``, which an optimizer may change.
        gradients: of the trainable parameters; empty in a plan that does not train.
    """

    def __init__(
        self,
        network: Network,
        parameters: Array,
        capacity: int,
        *,
        loss: Loss | None = None,
        training: bool = False,
        rng: np.random.Generator | None = None,
        weighted: bool = False,
        team: Team | None = None,
    ) -> None:
        self.network = network
        self.parameters = parameters
        slots = layout(network)
        self.trainable = parameters[: trainable_size(slots)]
        self.gradients = aligned_zeros(self.trainable.size if training else 0, parameters.dtype)
        self.weighted = weighted
        self.capacity = capacity
        self.loss = loss
        self.training = training
        self.team = team or Team()
        self.rng = rng or np.random.default_rng(0)
        self.dtype = parameters.dtype
        self.output_shape = network.shapes()[-1]
        self.fused = bool(loss and loss.fuses and last_activation(network) == loss.fuses and _ends_in_it(network))
        self.layers = _without_last_activation(network) if self.fused else network.effective
        self.segments = [(slot.start, slot.weight.size) for slot in slots if slot.weight.trainable]
        self._weights = {(slot.layer, slot.weight.name): slot.view(parameters) for slot in slots}
        self._gradients = (
            {(slot.layer, slot.weight.name): slot.view(self.gradients) for slot in slots if slot.weight.trainable}
            if training
            else {}
        )
        self.penalties = [
            (slot.weight.regularizer, slot.view(parameters), slot.view(self.gradients) if training else None)
            for slot in slots
            if slot.weight.regularizer is not None
        ]
        self._most = max(math.prod(shape) for shape in network.shapes())
        self._memory: dict[tuple[int, str, np.dtype[np.generic]], Array] = {}
        self._bound: dict[int, Bound] = {}

    def bind(self, rows: int) -> Bound:
        """Return the operations for a batch of ``rows``; made once for each number of rows and then kept."""
        bound = self._bound.get(rows)
        if bound is None:
            if not 1 <= rows <= self.capacity:
                raise ValueError(f"a batch of {rows} rows does not fit a plan for 1 to {self.capacity}")
            if len(self._bound) >= _KEPT_BINDINGS:
                self._bound.pop(next(iter(self._bound)))
            bound = self._bound[rows] = Bound(self, rows)
        return bound

    def buffer(self, layer: int, name: str, shape: Sequence[int], rows: int, dtype: DTypeLike | None) -> Array:
        """Return the work array called ``name`` of a layer: the same memory for every number of rows."""
        kind = np.dtype(dtype or self.dtype)
        size = math.prod(shape)
        needed = size // rows * self.capacity if size % rows == 0 else size
        memory = self._memory.get((layer, name, kind))
        if memory is None or len(memory) < needed:
            memory = self._memory[layer, name, kind] = aligned_zeros(needed, kind)
        return memory[:size].reshape(tuple(shape))

    def relay(self, shape: Sequence[int], rows: int, below: Array | None) -> Array:
        """Return an array for dy of a layer: in the one of the two memories in which dy of the layer below is not."""
        for name in ("dy", "dy in turn"):
            memory = self.buffer(_WHOLE_PLAN, name, (rows, self._most), rows, None)
            if below is None or not np.may_share_memory(memory, below):
                break
        return memory.reshape(-1)[: math.prod(shape)].reshape(tuple(shape))


class LayerBinding:
    """What one layer is compiled with; see ``nncore.layers.base.Binding``."""

    def __init__(
        self, plan: Plan, index: int, rows: int, x: Array, dx: Array | None, mask: Array | None = None
    ) -> None:
        self.x, self.dx, self.rows, self.mask = x, dx, rows, mask
        self.training, self.rng, self.team = plan.training, plan.rng, plan.team
        self._plan, self._index = plan, index

    def weight(self, name: str) -> Array:
        """Return the weight array called ``name``."""
        return self._plan._weights[self._index, name]

    def gradient(self, name: str) -> Array:
        """Return the array that receives the gradient of the trainable weight called ``name``."""
        return self._plan._gradients[self._index, name]

    def buffer(self, name: str, shape: Sequence[int], dtype: DTypeLike | None = None) -> Array:
        """Return a work array; see ``Plan.buffer`` and, for ``dy``, ``Plan.relay``."""
        if name == _HANDED_DOWN:
            return self._plan.relay(shape, self.rows, self.dx)
        return self._plan.buffer(self._index, name, shape, self.rows, dtype)


class Bound:
    """A plan's operations for one number of rows.

    Attributes:
        x: input buffer, to be filled before ``forward``.
        dx: gradient of the input after ``backward``, None unless ``input_gradient`` was asked for.
        output: the network's output: activated, also where loss and activation are fused.
        target: buffer for encoded targets; exists only with a loss.
        weights: buffer for the weight of each sample, (rows,); None unless the plan is ``weighted``.
    """

    def __init__(self, plan: Plan, rows: int, *, input_gradient: bool = False) -> None:
        shape = (rows, *plan.network.input_shape)
        self.x = plan.buffer(_WHOLE_PLAN, "x", shape, rows, None)
        self.dx = plan.buffer(_WHOLE_PLAN, "dx", shape, rows, None) if input_gradient else None
        self.ops: list[Op] = []
        y, dy = self.x, self.dx
        mask: Array | None = None
        for index, layer in enumerate(plan.layers):
            op = layer.compile(LayerBinding(plan, index, rows, y, dy, mask))
            self.ops.append(op)
            y, dy = op.y, op.dy
            if op.mask is not None:
                mask = op.mask
            elif not layer.passes_mask():
                mask = None
        self.output = y
        self.weights: Array | None = None
        self._penalties = plan.penalties
        self.loss: LossOp | None = None
        if plan.loss is not None:
            indices = plan.loss.target_kind == "index"
            target_shape = y.shape[:-1] if indices else y.shape
            self.target = plan.buffer(_WHOLE_PLAN, "target", target_shape, rows, np.int64 if indices else None)
            self.loss = plan.loss.compile(y, dy, self.target, plan.fused)
            self.loss.mask = mask
            if plan.weighted:
                self.weights = self.loss.weights = plan.buffer(_WHOLE_PLAN, "weights", (rows,), rows, None)
            self.output = self.loss.output
        self._settle = plan.team.settle
        self._forward = [op.forward for op in self.ops]
        self._backward = [op.backward for op in reversed(self.ops)]

    def forward(self) -> None:
        """Compute the output from ``x``; with a fused loss, ``output`` is complete only after ``loss_value``."""
        for run in self._forward:
            run()

    def loss_value(self) -> float:
        """Return the mean loss of the batch after ``forward``, with the penalties of the regularizers."""
        assert self.loss is not None
        value = self.loss.forward()
        for regularizer, weights, _ in self._penalties:
            value += regularizer.penalty(weights)
        return value

    def backward(self) -> None:
        """Fill the gradients after ``loss_value``."""
        assert self.loss is not None
        self.loss.backward()
        for run in self._backward:
            run()
        self._settle()
        for regularizer, weights, gradient in self._penalties:
            if gradient is not None:
                regularizer.add_gradient(weights, gradient)


def _ends_in_it(network: Network) -> bool:
    """Whether the very last layer that takes part carries the activation (a Dropout after it would come between)."""
    last = next((layer for layer in reversed(network.layers) if not layer.disabled), None)
    return last is not None and last.ends_in_activation and any(field.name == "activation" for field in last.fields())


def _without_last_activation(network: Network) -> tuple[Layer, ...]:
    last = max(index for index, layer in enumerate(network.layers) if not layer.disabled)
    changed = network.layers[last].replace(activation="linear")
    return (*network.effective[:last], changed, *network.effective[last + 1 :])
