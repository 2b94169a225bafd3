"""Numbers that lie side by side, moved as one.

NumPy works along the last axis of an array in one go, and begins anew for each place of the others. Where a place of a
picture has few channels, to begin takes longer than to move its numbers. Seen as an item of so many bytes, they are
moved in one go with those of all other places of a line.
"""

from __future__ import annotations

import numpy as np

from nncore.types import Array


def as_items(array: Array) -> Array:
    """Return a view in which the last axis, whose numbers lie side by side, is one item. It can only be copied."""
    item = np.dtype((np.void, array.shape[-1] * array.itemsize))
    items: Array = array.view(item)[..., 0]
    return items
