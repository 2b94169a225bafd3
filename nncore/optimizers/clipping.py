"""Gradient clipping: a limit on the gradient, against single steps that undo what was learned.

Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from nncore.types import Array


class Limits(Protocol):
    """The settings of clipping; at most one is not None."""

    @property
    def clipnorm(self) -> float | None: ...
    @property
    def clipvalue(self) -> float | None: ...
    @property
    def global_clipnorm(self) -> float | None: ...


def clip(limits: Limits, gradients: Array, segments: Sequence[Array]) -> None:
    """Clip the gradients in place.

    Args:
        limits: ``clipvalue`` limits each entry, ``clipnorm`` the norm of each segment, ``global_clipnorm`` that of all.
        gradients: flat array.
        segments: the parts of ``gradients`` that belong to one weight array each.
    """
    if limits.clipvalue is not None:
        np.clip(gradients, -limits.clipvalue, limits.clipvalue, out=gradients)
    elif limits.clipnorm is not None:
        for segment in segments:
            limit_norm(segment, limits.clipnorm)
    elif limits.global_clipnorm is not None:
        limit_norm(gradients, limits.global_clipnorm)


@np.errstate(over="ignore")
def limit_norm(vector: Array, largest: float) -> None:
    """Shorten a vector in place to the norm ``largest`` where it is longer; NaN and infinity come out as NaN."""
    norm = math.sqrt(np.dot(vector, vector))
    if math.isinf(norm):  # squares overflow long before the gradient does, and this is when clipping matters most
        vector /= max(float(vector.max()), -float(vector.min()))
        norm = math.sqrt(np.dot(vector, vector))
        vector *= largest / norm
    elif norm > largest:
        vector *= largest / norm
