"""The start of a ``Sequential``, under the name that Keras gives it."""

from __future__ import annotations

from collections.abc import Sequence

from nncore.layers.base import Layer
from nncore.types import Shape


class Input:
    """The shape of one sample, as the first entry of a ``Sequential``."""

    def __init__(self, shape: Sequence[int]) -> None:
        self.shape: Shape = Layer.field("input_shape").check(tuple(shape))
