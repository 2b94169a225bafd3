"""Schedules along half a cosine wave: slow at first, fast in the middle, slow at the end.

Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts" (2016).
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

from nncore.fields import hyper
from nncore.schedules.base import FromInitialRate, register, step_count


def _alpha() -> Any:
    words = "The share of the learning rate that is left where it is lowest."
    return hyper(0.0, ge=0, le=1, log=True, label="Lowest share", help=words)


def _wave(progress: float) -> float:
    """Return half a cosine wave: 1 at progress 0, 0 at progress 1."""
    return 0.5 * (1 + math.cos(math.pi * progress))


@register
class CosineDecay(FromInitialRate):
    """Lower the learning rate along half a cosine wave, in scripts also after a linear rise.

    eta(t) = eta ((1 - alpha) (1 + cos(pi t / T)) / 2 + alpha) for t up to ``decay_steps`` T, then eta alpha. With
    ``warmup_target``, the rate first goes in a straight line from ``initial_learning_rate`` to the target over
    ``warmup_steps``, and eta is the target.
    """

    equation: ClassVar[str] = "η(t) = η ((1 − α) (1 + cos(π t / T)) / 2 + α)"
    rates = ("initial_learning_rate", "warmup_target")

    initial_learning_rate: float = hyper(
        suggested=1.0, ge=0, le=100, hidden=True, help="The first learning rate; it may be 0 before a rise."
    )
    decay_steps: int = step_count("After how many steps the wave has come down.")
    alpha: float = _alpha()
    warmup_target: float | None = hyper(None, ge=0, hidden=True, help="The learning rate that the rise leads to.")
    warmup_steps: int = hyper(0, ge=0, le=1_000_000_000, hidden=True, help="How many steps the rise takes.")

    @property
    def base(self) -> float:
        return self.initial_learning_rate if self.warmup_target is None else self.warmup_target

    def rate(self, step: int) -> float:
        rise = 0 if self.warmup_target is None else self.warmup_steps
        if step < rise:
            return self.initial_learning_rate + (self.base - self.initial_learning_rate) * step / rise
        progress = min(step - rise, self.decay_steps) / self.decay_steps
        return self.base * ((1 - self.alpha) * _wave(progress) + self.alpha)


@register
class CosineDecayRestarts(FromInitialRate):
    """Lower the learning rate along half a cosine wave, then start again with a longer one.

    eta(t) = eta ((1 - alpha) m_mul^i (1 + cos(pi p)) / 2 + alpha), where p is the share of wave i that is done; wave
    i takes first_decay_steps t_mul^i steps.
    """

    equation: ClassVar[str] = "η(t) = η ((1 − α) mⁱ (1 + cos(π p)) / 2 + α)"

    first_decay_steps: int = step_count("How many steps the first wave takes.", label="First wave")
    t_mul: float = hyper(
        2.0,
        ge=1,
        le=100,
        log=True,
        slider=(1, 10),
        label="Length factor",
        help="How many times as long each wave is as the one before it; with 1 all are equally long.",
    )
    m_mul: float = hyper(
        1.0,
        gt=0,
        le=1,
        label="Height factor",
        help="How high each wave begins, as a share of the one before it; with 1 all begin equally high.",
    )
    alpha: float = _alpha()

    def rate(self, step: int) -> float:
        wave, progress = self._place(step / self.first_decay_steps)
        return self.initial_learning_rate * ((1 - self.alpha) * self.m_mul**wave * _wave(progress) + self.alpha)

    def _place(self, done: float) -> tuple[int, float]:
        """Return (number of the wave, share of it that is done) after ``done`` lengths of the first wave."""
        growth = self.t_mul - 1
        if growth < 1e-9:
            return int(done), done - int(done)
        # Waves 0 to i - 1 take (t_mul^i - 1) / growth; rounding must not put a restart at the end of the wave before.
        wave = int(math.log1p(done * growth) / math.log1p(growth) + 1e-9)
        length = self.t_mul**wave
        return wave, max(0.0, (done - (length - 1) / growth) / length)
