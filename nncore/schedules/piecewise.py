"""Schedules made of straight pieces."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import ClassVar

from nncore.errors import FieldError
from nncore.fields import hyper
from nncore.schedules.base import FromInitialRate, Schedule, register, step_count


@register
class PiecewiseConstantDecay(Schedule):
    """Change the learning rate at chosen steps.

    eta(t) = values[i], where i is the number of boundaries before t. In an optimizer the values count in proportion
    to the first one, which is the optimizer's learning rate. A value that no boundary leads to is not used.

    Raises:
        FieldError: the boundaries do not ascend, or there are too few values.
    """

    equation: ClassVar[str] = "η(t) = valuesᵢ after i boundaries"
    rates = ("values",)

    boundaries: tuple[int, ...] = hyper(
        suggested=(1000, 2000), key=True, unit="steps", help="The last step of each value but the last."
    )
    values: tuple[float, ...] = hyper(
        suggested=(1.0, 0.1, 0.01),
        ge=0,
        label="Factors",
        help="Of the learning rate, one more than boundaries; in proportion to the first.",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if any(low >= high for low, high in pairwise(self.boundaries)):
            raise FieldError(
                self.type_name,
                "boundaries",
                f"{self.type_name}: boundaries must ascend, but are {list(self.boundaries)}.",
                f"Try {sorted(set(self.boundaries))}.",
            )
        if len(self.values) <= len(self.boundaries):
            raise FieldError(
                self.type_name,
                "values",
                f"{self.type_name}: values must be one more than boundaries, but there are {len(self.values)} values "
                f"and {len(self.boundaries)} boundaries.",
                "Add a value, or take a boundary away.",
            )

    @property
    def base(self) -> float:
        return self.values[0]

    def rate(self, step: int) -> float:
        return self.values[bisect_left(self.boundaries, step)]


@register
class Warmup(FromInitialRate):
    """Raise the learning rate from 0 along a straight line, then keep it.

    eta(t) = eta min(1, t / T), where T is ``warmup_steps``.
    Source: Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour" (2017).
    """

    equation: ClassVar[str] = "η(t) = η · min(1, t / T)"

    warmup_steps: int = step_count("How many steps the rise takes.", suggested=100)

    def rate(self, step: int) -> float:
        return self.initial_learning_rate * min(1.0, step / self.warmup_steps)
