"""Schedules that let the learning rate fall along a simple curve.

In the equations t is the number of the step, T is ``decay_steps`` and eta the initial learning rate.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

from nncore.fields import hyper
from nncore.schedules.base import FromInitialRate, register, step_count


def _decay_rate(suggested: float, **rule: Any) -> Any:
    words = "What the learning rate is multiplied by each time."
    return hyper(suggested=suggested, gt=0, le=10, key=True, help=words, **rule)


def _staircase() -> Any:
    return hyper(False, help="Fall in steps, once every decay steps, instead of a little after each step.")


def _progress(step: int, decay_steps: int, staircase: bool) -> float:
    return float(step // decay_steps) if staircase else step / decay_steps


def _power(base: float, exponent: float) -> float:
    try:
        return float(base**exponent)
    except OverflowError:  # a rate that grows without end; training then says that the loss became infinite
        return math.inf


@register
class StepDecay(FromInitialRate):
    """Multiply the learning rate by a factor once every so many steps.

    eta(t) = eta decay_rate^floor(t / T); the same as ExponentialDecay with ``staircase``.
    """

    equation: ClassVar[str] = "η(t) = η · rate^⌊t / T⌋"

    decay_steps: int = step_count("After how many steps the learning rate changes.")
    decay_rate: float = _decay_rate(0.5, slider=(0, 1))

    def rate(self, step: int) -> float:
        return self.initial_learning_rate * _power(self.decay_rate, _progress(step, self.decay_steps, True))


@register
class ExponentialDecay(FromInitialRate):
    """Multiply the learning rate by a factor over so many steps, a little after each one.

    eta(t) = eta decay_rate^(t / T); with ``staircase`` t / T is rounded down.
    """

    equation: ClassVar[str] = "η(t) = η · rate^(t / T)"

    decay_steps: int = step_count("Over how many steps the learning rate is multiplied once by the decay rate.")
    decay_rate: float = _decay_rate(0.9, near_one=True)
    staircase: bool = _staircase()

    def rate(self, step: int) -> float:
        return self.initial_learning_rate * _power(self.decay_rate, _progress(step, self.decay_steps, self.staircase))


@register
class InverseTimeDecay(FromInitialRate):
    """Divide the learning rate by a number that grows evenly with the steps.

    eta(t) = eta / (1 + decay_rate t / T); with ``staircase`` t / T is rounded down.
    Source: Robbins and Monro, "A stochastic approximation method" (1951).
    """

    equation: ClassVar[str] = "η(t) = η / (1 + rate · t / T)"

    decay_steps: int = step_count("Over how many steps the divisor grows by the decay rate.")
    decay_rate: float = hyper(
        suggested=1.0, ge=0, le=1000, log=True, key=True, help="How much the divisor grows each time."
    )
    staircase: bool = _staircase()

    def rate(self, step: int) -> float:
        return self.initial_learning_rate / (1 + self.decay_rate * _progress(step, self.decay_steps, self.staircase))


@register
class PolynomialDecay(FromInitialRate):
    """Lower the learning rate to a last value along a power of the time left; with power 1, along a straight line.

    eta(t) = (eta - end) (1 - t / T)^power + end for t up to T, afterwards the last value. With ``cycle``, T is
    instead the next multiple of ``decay_steps``, so that the rate jumps up again after each of them.
    """

    equation: ClassVar[str] = "η(t) = (η − end) (1 − t / T)^power + end"
    rates = ("initial_learning_rate", "end_learning_rate")

    decay_steps: int = step_count("After how many steps the last learning rate is reached.")
    end_learning_rate: float = hyper(
        0.0001,
        suggested=0.01,
        ge=0,
        log=True,
        label="Last share",
        help="Where it ends; in an optimizer, the share of its learning rate that is left then.",
    )
    power: float = hyper(
        1.0,
        gt=0,
        le=100,
        log=True,
        slider=(0.1, 10),
        help="1 is a straight line; a larger power falls faster at first.",
    )
    cycle: bool = hyper(False, advanced=True, help="Rise and fall again instead of staying at the last rate.")

    def rate(self, step: int) -> float:
        first, last, steps = self.initial_learning_rate, self.end_learning_rate, self.decay_steps
        if self.cycle:
            steps *= max(1, math.ceil(step / steps))
        return float((first - last) * (1 - min(step, steps) / steps) ** self.power + last)
