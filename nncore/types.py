"""Shared type names."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
"""A NumPy array. Images are (rows, height, width, channels) or (rows, height, width), tables (rows, features)."""

Shape = tuple[int, ...]
"""The shape of one sample, without the batch axis."""

FLOAT32 = np.dtype(np.float32)
