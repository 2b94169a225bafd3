"""The way back from windows to the series that they were cut from."""

from __future__ import annotations

import numpy as np

from nncore.datasets.base import Data
from nncore.types import Array


def whole_series(data: Data) -> Array:
    """Return the series (n,) that data of consecutive windows were cut from, up to the last value of the test part."""
    parts = [data.x[0, :, 0], data.y]
    if data.y_test is not None:
        parts.append(data.y_test)
    return np.concatenate(parts)
