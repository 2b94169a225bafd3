"""What a wrapper gives the layer that it wraps."""

from __future__ import annotations

from collections.abc import Sequence

from numpy.typing import DTypeLike

from nncore.layers.base import Binding
from nncore.types import Array


class InnerBinding:
    """A binding within another: weights and buffers of its own, under a prefix.

    Args:
        bind: that of the wrapper.
        x, dx, mask: what the inner layer reads and writes.
        weights: prefix of the names of its weights.
        buffers: prefix of the names of its buffers; no two layers of a wrapper may share it.
    """

    def __init__(
        self,
        bind: Binding,
        x: Array,
        dx: Array | None,
        mask: Array | None = None,
        *,
        weights: str = "",
        buffers: str = "inner ",
    ) -> None:
        self.x, self.dx, self.mask, self.rows = x, dx, mask, len(x)
        self.training, self.rng, self.team = bind.training, bind.rng, bind.team
        self._bind, self._weights, self._buffers = bind, weights, buffers

    def weight(self, name: str) -> Array:
        """Return the weight that the wrapper knows under the prefix and ``name``."""
        return self._bind.weight(self._weights + name)

    def gradient(self, name: str) -> Array:
        """Return the gradient of that weight."""
        return self._bind.gradient(self._weights + name)

    def buffer(self, name: str, shape: Sequence[int], dtype: DTypeLike | None = None) -> Array:
        """Return a work array of the wrapper under the prefix and ``name``."""
        return self._bind.buffer(self._buffers + name, shape, dtype)
