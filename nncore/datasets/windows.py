"""Windows over a series: what was known at a moment, and what came next.

Of a series v of n values, row i has x = v[i], ..., v[i + length - 1] and y = v[i + length]. Rows stay in the order of
time, so the validation part, the last rows, lies after the training part, and the test part after both.
"""

from __future__ import annotations

import numpy as np

from nncore.datasets.base import SERIES, Data
from nncore.datasets.shuffle import frozen
from nncore.losses import Target
from nncore.types import Array


def windows(values: Array, length: int) -> tuple[Array, Array]:
    """Return x (n - length, length, 1) and y (n - length,) float64 of a series (n,)."""
    view = np.lib.stride_tricks.sliding_window_view(values[:-1], length)
    return np.array(view, dtype=np.float64)[:, :, None], values[length:].astype(np.float64)


def series_data(
    name: str,
    values: Array,
    *,
    length: int,
    test: int,
    period: int,
    target_name: str,
    source: str,
    times: tuple[str, ...] = (),
) -> Data:
    """Return a series (n,) as data whose last ``test`` windows are set aside for testing."""
    x, y = windows(values, length)
    x, y = frozen(x), frozen(y)
    return Data(
        name=name,
        kind=SERIES,
        x=x[:-test],
        y=y[:-test],
        target=Target(),
        target_name=target_name,
        x_test=x[-test:],
        y_test=y[-test:],
        source=source,
        period=period,
        times=times,
    )
