"""Keras's padding, and the order of axes: Keras's channels come last, PyTorch's second."""

from __future__ import annotations

import math

from torch import Tensor
from torch.nn import functional

Size = int | tuple[int, ...]


def each(value: Size, axes: int) -> tuple[int, ...]:
    """Return one number for each axis."""
    return (value,) * axes if isinstance(value, int) else value


def channels_second(x: Tensor) -> Tensor:
    """Return (rows, ..., channels) as (rows, channels, ...)."""
    return x.movedim(-1, 1)


def channels_last(x: Tensor) -> Tensor:
    """Return (rows, channels, ...) as (rows, ..., channels)."""
    return x.movedim(1, -1)


def same(size: int, window: int, stride: int) -> tuple[int, int]:
    """Return the padding before and after, so that the output has ceil(size / stride) numbers: TensorFlow's rule."""
    total = max((math.ceil(size / stride) - 1) * stride + window - size, 0)
    return total // 2, total - total // 2


def padded(x: Tensor, padding: str, windows: tuple[int, ...], strides: tuple[int, ...], value: float) -> Tensor:
    """Return x (rows, channels, ...) with what ``padding`` puts around it."""
    if padding == "valid":
        return x
    if padding == "causal":  # no window sees what comes later
        pads = [(window - 1, 0) for window in windows]
    else:
        pads = [same(size, *rest) for size, *rest in zip(x.shape[2:], windows, strides, strict=True)]
    return functional.pad(x, [number for pair in reversed(pads) for number in pair], value=value)
