"""What every learning-rate schedule is: a curve over the steps of a training.

A schedule can be used in two ways. On its own it has the learning rates it was made with, as in Keras. Inside an
optimizer it is ``relative()``: all its rates are multiples of the optimizer's ``learning_rate``, so that this one
number moves the whole curve, also while the network learns.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any, ClassVar, Self

from nncore.errors import FieldError
from nncore.fields import Declared, hyper
from nncore.registry import Registry

SCHEDULES: Registry[type[Schedule]] = Registry("schedule")


class Schedule(Declared):
    """Base of every schedule.

    Attributes:
        title: what people call it: its name in words.
        equation: the learning rate at step t, for display.
        rates: names of the fields that are learning rates, single or in a list.
    """

    registry: ClassVar = SCHEDULES
    title: ClassVar[str] = ""
    equation: ClassVar[str] = ""
    rates: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        cls.title = re.sub("(?<=[a-z])(?=[A-Z])", " ", cls.__name__).lower()

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.base <= 0:
            raise FieldError(
                self.type_name,
                self.rates[0],
                f"{self.type_name}: the learning rate must be above 0, but is {self.base:g}.",
                "Try 0.01.",
            )

    @property
    def base(self) -> float:
        """The learning rate that an optimizer with this schedule calls its own."""
        raise NotImplementedError

    def rate(self, step: int) -> float:
        """Return the learning rate of the step with this number, counted from 0."""
        raise NotImplementedError

    def __call__(self, step: int) -> float:
        """Return the learning rate of the step with this number, counted from 0."""
        return self.rate(step)

    def relative(self) -> Self:
        """Return the same curve with every rate divided by ``base``."""
        changes: dict[str, Any] = {}
        for name in self.rates:
            value = getattr(self, name)
            if isinstance(value, tuple):
                changes[name] = tuple(entry / self.base for entry in value)
            elif value is not None:
                changes[name] = value / self.base
        return dataclasses.replace(self, **changes)


class FromInitialRate(Schedule):
    """Base of the schedules that are told their first, or usual, learning rate."""

    rates: ClassVar[tuple[str, ...]] = ("initial_learning_rate",)

    initial_learning_rate: float = hyper(
        suggested=1.0,
        gt=0,
        le=100,
        log=True,
        hidden=True,
        help="The learning rate; in an optimizer, its own times this.",
    )

    @property
    def base(self) -> float:
        return self.initial_learning_rate


def step_count(help: str, suggested: int = 1000, label: str = "") -> Any:
    """Return a field that counts steps, at least one."""
    return hyper(suggested=suggested, ge=1, le=1_000_000_000, log=True, key=True, unit="steps", label=label, help=help)


def register(schedule: type[Schedule]) -> type[Schedule]:
    """Class decorator: make a schedule known under its class name."""
    return SCHEDULES.add(schedule.__name__, schedule)
