"""What every optimizer is: frozen settings, and the updater they are bound to.

All parameters of a network lie in one flat array and so do their gradients, so one update is a handful of in-place
array operations, whatever the number of layers, each in as few passes over memory as ``nncore.optimizers.sums`` knows.
Many parameters are changed by two hands side by side, in chunks that fit the processor's cache. Clipping, weight decay,
the schedule and the care for tiny numbers are the same for all optimizers and stand here.

Means that decay, m <- beta m + (1 - beta) g, are kept without the factor (1 - beta), which is folded into scalars: one
operation less for each chunk. The decay rates therefore cannot be changed while training, since the memory would
mean something else; learning rate, momentum, weight decay and clipping can.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from functools import partial
from typing import Any, ClassVar, NamedTuple, TypeAlias

import numpy as np

from nncore.computing.memory import aligned_zeros
from nncore.computing.threads import Team, halves
from nncore.errors import FieldError, InputError
from nncore.fields import Declared, hyper
from nncore.optimizers.clipping import clip
from nncore.optimizers.sums import sums
from nncore.registry import Registry
from nncore.schedules import Schedule
from nncore.types import Array

CHUNK = 65_536
"""Elements per chunk of what two hands change: parameters, gradient and two moments of this size take 1 MiB of a cache.
What one hand changes is a single chunk."""

Change: TypeAlias = Callable[..., None]
"""Changes one chunk: takes parameters, gradient, work arrays and what is remembered, each of the chunk's size. It may
leave anything in the gradient and the work arrays."""

SHARED_FROM = 131_072
"""Parameters from which on two hands change them: Adam then takes 150 microseconds, waking the second hand 10 to 40."""

_ALIGNED = 16
"""Numbers, at least, between two places that lie on multiples of 64 bytes."""

FLUSH_EVERY = 64
TINY_MEAN, TINY_SQUARE = 1e-30, 1e-36
"""The memory of a weight that gets no gradient any more, such as one of a dead neuron, shrinks for ever. Below 1e-38
processors compute many times slower, so every ``FLUSH_EVERY`` steps what is too small to matter becomes 0."""

OPTIMIZERS: Registry[type[Optimizer]] = Registry("optimizer")


class Memory(NamedTuple):
    """One number that is remembered for each weight: where it starts, and below what size it counts as 0."""

    start: float = 0.0
    tiny: float = 0.0


MEAN, SQUARE = Memory(tiny=TINY_MEAN), Memory(tiny=TINY_SQUARE)


@dataclass(frozen=True, eq=False)
class OptimizerState:
    """What an optimizer remembers.

    Attributes:
        type_name: the name of its type.
        slots: one flat array for each kind of memory.
        iterations: the steps made.
        rate_factor: what the learning rate is multiplied by.
    """

    type_name: str
    slots: Mapping[str, Array]
    iterations: int
    rate_factor: float = 1.0


class Optimizer(Declared):
    """Base of every optimizer's settings.

    A script may give a ``Schedule`` as the learning rate. The optimizer then keeps the schedule's ``base`` as its
    ``learning_rate`` and, as ``schedule``, the curve in multiples of that.

    Raises:
        FieldError: more than one kind of clipping, or a schedule that is given twice.
    """

    registry: ClassVar = OPTIMIZERS
    equation: ClassVar[str] = ""

    learning_rate: float = hyper(
        0.01, gt=0, le=100, log=True, live=True, key=True, help="The size of a step along the gradient."
    )
    _: KW_ONLY
    schedule: Schedule | None = hyper(None, help="How the learning rate changes from step to step; constant if empty.")
    weight_decay: float | None = hyper(
        None,
        ge=0,
        le=1,
        log=True,
        live=True,
        advanced=True,
        help="The share, times the learning rate, each weight loses per step.",
    )
    clipnorm: float | None = hyper(
        None,
        gt=0,
        log=True,
        live=True,
        advanced=True,
        label="Clip norm",
        applies=lambda optimizer: optimizer.clip_is("clipnorm"),
        help="The largest norm of the gradient of one weight array.",
    )
    clipvalue: float | None = hyper(
        None,
        gt=0,
        log=True,
        live=True,
        advanced=True,
        label="Clip value",
        applies=lambda optimizer: optimizer.clip_is("clipvalue"),
        help="The largest size of one entry of the gradient.",
    )
    global_clipnorm: float | None = hyper(
        None,
        gt=0,
        log=True,
        live=True,
        advanced=True,
        label="Clip global norm",
        applies=lambda optimizer: optimizer.clip_is("global_clipnorm"),
        help="The largest norm of the whole gradient.",
    )

    def __post_init__(self) -> None:
        given: Any = self.learning_rate
        if isinstance(given, Schedule):
            if self.schedule is not None:
                raise FieldError(
                    self.type_name,
                    "schedule",
                    f"{self.type_name} got two schedules, as learning_rate and as schedule.",
                    "Give only one of them.",
                )
            object.__setattr__(self, "schedule", given)
            object.__setattr__(self, "learning_rate", given.base)
        super().__post_init__()
        if self.schedule is not None:
            object.__setattr__(self, "schedule", self.schedule.relative())
        clips = self._clips()
        if len(clips) > 1:
            raise FieldError(
                self.type_name,
                clips[-1],
                f"{self.type_name} takes only one kind of clipping, but has {' and '.join(clips)}.",
                "Leave all but one of them empty.",
            )

    def _clips(self) -> list[str]:
        return [name for name in ("clipnorm", "clipvalue", "global_clipnorm") if getattr(self, name) is not None]

    def clip_is(self, name: str) -> bool:
        """Return whether this kind of clipping is in use, or could be because no kind is."""
        return self._clips() in ([], [name])

    def rate(self, step: int) -> float:
        """Return the learning rate of the step with this number, counted from 0."""
        return self.learning_rate if self.schedule is None else self.learning_rate * self.schedule.rate(step)

    def memory(self) -> dict[str, Memory]:
        """Return what is remembered for each weight, by name."""
        return {}

    def updater(self) -> type[Updater]:
        """Return what is bound to the parameters."""
        raise NotImplementedError

    def bind(
        self,
        parameters: Array,
        gradients: Array,
        segments: Sequence[tuple[int, int]] | None = None,
        team: Team | None = None,
    ) -> Updater:
        """Return the optimizer bound to flat arrays of parameters and gradients; see ``Updater``."""
        return self.updater()(self, parameters, gradients, segments, team)


class Updater:
    """An optimizer bound to the parameters it changes.

    Args:
        spec: the settings; ``spec`` may be exchanged between steps for one that differs in live fields only.
        parameters: flat array, changed in place.
        gradients: flat array of the same size; clipping changes it in place, and a step uses it up.
        segments: (start, size) of each weight array in the flat ones; the whole array is one when None.
        team: that of the plan, whose two hands share the chunks of a large network.

    Attributes:
        slots: what the optimizer remembers from step to step, one flat array each; saved with a checkpoint.
        iterations: number of steps made.
        rate_factor: the learning rate is multiplied by this; whoever watches the training may lower it.
    """

    work_arrays: ClassVar[int] = 1
    """Beside the gradient, whose memory is free for other numbers as soon as a chunk has no more use for it."""

    def __init__(
        self,
        spec: Optimizer,
        parameters: Array,
        gradients: Array,
        segments: Sequence[tuple[int, int]] | None = None,
        team: Team | None = None,
    ) -> None:
        self.spec = spec
        self.gradients = gradients
        self.segments = [gradients[start : start + size] for start, size in segments or [(0, len(gradients))]]
        self.memory = spec.memory()
        self.slots = {name: aligned_zeros(parameters.size, parameters.dtype) for name in self.memory}
        self._start()
        self.iterations = 0
        self.rate_factor = 1.0
        self._numbers: dict[str, Array] = {}
        self.team = team or Team()
        shares = halves(len(parameters), _ALIGNED) if len(parameters) >= SHARED_FROM else (slice(0, len(parameters)),)
        self.shares = [self._chunks(parameters, share) for share in shares]
        self.sums = sums(parameters.dtype, [chunk for share in self.shares for chunk in share])

    def _chunks(self, parameters: Array, share: slice) -> list[tuple[Array, ...]]:
        """Return parameters, gradient, work arrays and slots of each chunk of one hand's share."""
        size = CHUNK if len(parameters) >= SHARED_FROM else max(1, len(parameters))
        work = [aligned_zeros(min(size, share.stop - share.start), parameters.dtype) for _ in range(self.work_arrays)]
        chunks = []
        for start in range(share.start, share.stop, size):
            part = slice(start, min(start + size, share.stop))
            w = parameters[part]
            chunks.append(
                (w, self.gradients[part], *(x[: len(w)] for x in work), *(slot[part] for slot in self.slots.values()))
            )
        return chunks

    @property
    def rate(self) -> float:
        """The learning rate of the next step."""
        return self.spec.rate(self.iterations) * self.rate_factor

    def step(self) -> None:
        """Change the parameters by one step along the present gradients."""
        rate = self.rate
        clip(self.spec, self.gradients, self.segments)
        self.iterations += 1
        change = self.change(rate)
        first, *second = self.shares
        if second:
            self.team.run(partial(self._work_on, first, change, rate), partial(self._work_on, second[0], change, rate))
        else:
            self._work_on(first, change, rate)

    def number(self, name: str, value: float) -> Array:
        """Return a number as an array without axes, the same one for the same name.

        NumPy turns a Python float into one in each call, which takes as long as the arithmetic on a small network.
        """
        kept = self._numbers.get(name)
        if kept is None:
            kept = self._numbers[name] = np.empty((), self.gradients.dtype)
        kept.fill(value)
        return kept

    def change(self, rate: float) -> Change:
        """Return what makes step number ``iterations``, counted from 1, in a chunk, with this learning rate."""
        raise NotImplementedError

    def _work_on(self, chunks: list[tuple[Array, ...]], change: Change, rate: float) -> None:
        """Change the chunks one after the other; w <- w - rate weight_decay w, while a chunk is in the cache."""
        kept = 1 - rate * (self.spec.weight_decay or 0.0)
        flush = self.iterations % FLUSH_EVERY == 0
        for chunk in chunks:
            if kept != 1:
                np.multiply(chunk[0], kept, out=chunk[0])
            change(*chunk)
            if flush:
                self._flush(chunk[1], chunk[2 + self.work_arrays :])

    def _flush(self, work: Array, slots: Sequence[Array]) -> None:
        for slot, kind in zip(slots, self.memory.values(), strict=True):
            if kind.tiny:
                slot[np.abs(slot, out=work) < kind.tiny] = 0

    def state(self) -> OptimizerState:
        """Return a copy of what the optimizer remembers."""
        slots = {name: slot.copy() for name, slot in self.slots.items()}
        return OptimizerState(self.spec.type_name, slots, self.iterations, self.rate_factor)

    def restore(self, state: OptimizerState) -> None:
        """Take over what an optimizer of the same type and memory remembered; another's is of no use and ignored.

        Raises:
            InputError: the memory is of another size, as in a damaged file.
        """
        if state.type_name != self.spec.type_name or set(state.slots) != set(self.slots):
            return
        if any(slot.shape != state.slots[name].shape for name, slot in self.slots.items()):
            raise InputError(f"What {state.type_name} remembered does not fit the network.", "Train from the start.")
        for name, slot in self.slots.items():
            np.copyto(slot, state.slots[name])
        self.iterations, self.rate_factor = state.iterations, state.rate_factor

    def forget(self) -> None:
        """Start anew."""
        self._start()
        self.iterations, self.rate_factor = 0, 1.0

    def _start(self) -> None:
        for name, slot in self.slots.items():
            slot.fill(self.memory[name].start)


def learning_rate(default: float) -> Any:
    """Return the field ``learning_rate`` with a default of the optimizer's own."""
    return hyper(default, gt=0, le=100, log=True, live=True, key=True, help="The size of a step along the gradient.")


def momentum() -> Any:
    """Return the field ``momentum``."""
    return hyper(0.0, ge=0, lt=1, near_one=True, live=True, help="The share of the last step that carries on.")


def epsilon() -> Any:
    """Return the field ``epsilon``."""
    return hyper(
        1e-7, ge=1e-15, le=1, log=True, advanced=True, help="Keeps the division from blowing up where it is near 0."
    )


def register(*aliases: str) -> Callable[[type[Optimizer]], type[Optimizer]]:
    """Class decorator: make an optimizer known under its class name and ``aliases``."""

    def add(optimizer: type[Optimizer]) -> type[Optimizer]:
        return OPTIMIZERS.add(optimizer.__name__, optimizer, *aliases)

    return add
