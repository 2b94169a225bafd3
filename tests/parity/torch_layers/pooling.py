"""References of the pooling layers."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from tests.parity.torch_layers.padding import Size, channels_last, channels_second, each, padded
from tests.parity.torch_layers.references import Variant, reference, variant

MAXIMA = {1: functional.max_pool1d, 2: functional.max_pool2d}


def _sizes(x: Tensor, pool_size: Size, strides: Size | None) -> tuple[tuple[int, ...], tuple[int, ...]]:
    windows = each(pool_size, x.ndim - 2)
    return windows, windows if strides is None else each(strides, x.ndim - 2)


def _variants_1d() -> tuple[Variant, ...]:
    return (
        variant(7, 3, pool_size=2),
        variant(8, 1, pool_size=3, strides=2),
        variant(8, 2, pool_size=3, strides=3, padding="same"),
        variant(7, 2, pool_size=2, strides=1, padding="same"),
        variant(9, 2, pool_size=2, strides=3),
    )


def _variants_2d() -> tuple[Variant, ...]:
    return (
        variant(6, 4, 3, pool_size=2),
        variant(7, 5, 2, pool_size=2),
        variant(7, 8, 2, pool_size=3, strides=2),
        variant(8, 7, 2, pool_size=(3, 2), strides=(2, 3)),
        variant(7, 5, 3, pool_size=2, padding="same"),
        variant(8, 7, 1, pool_size=3, strides=2, padding="same"),
        variant(5, 5, 2, pool_size=(2, 3), strides=1, padding="same"),
    )


@reference("MaxPooling1D", variant(6, 2), *_variants_1d())
@reference("MaxPooling2D", variant(6, 7, 2), *_variants_2d())
def max_pooling(
    x: Tensor, weights: list[Tensor], pool_size: Size = 2, strides: Size | None = None, padding: str = "valid"
) -> Tensor:
    windows, steps = _sizes(x, pool_size, strides)
    image = padded(channels_second(x), padding, windows, steps, -torch.inf)
    return channels_last(MAXIMA[x.ndim - 2](image, windows, steps))


@reference("AveragePooling1D", *_variants_1d())
@reference("AveragePooling2D", *_variants_2d())
def average_pooling(
    x: Tensor, weights: list[Tensor], pool_size: Size, strides: Size | None = None, padding: str = "valid"
) -> Tensor:
    """The mean of what lies in the window and in the image: the padding does not count."""
    windows, steps = _sizes(x, pool_size, strides)
    image = channels_second(x)
    sums, counts = (
        _window_sums(padded(values, padding, windows, steps, 0.0), windows, steps)
        for values in (image, torch.ones_like(image))
    )
    return channels_last(sums / counts)


def _window_sums(image: Tensor, windows: tuple[int, ...], steps: tuple[int, ...]) -> Tensor:
    for axis, (window, step) in enumerate(zip(windows, steps, strict=True), start=2):
        image = image.unfold(axis, window, step).sum(dim=-1)
    return image


@reference("GlobalMaxPooling1D", variant(5, 3), variant(1, 2, keepdims=True))
@reference("GlobalMaxPooling2D", variant(5, 3, 2), variant(3, 4, 1, keepdims=True))
def global_max_pooling(x: Tensor, weights: list[Tensor], keepdims: bool = False) -> Tensor:
    return x.amax(dim=tuple(range(1, x.ndim - 1)), keepdim=keepdims)


@reference("GlobalAveragePooling1D", variant(5, 3), variant(1, 2, keepdims=True))
@reference("GlobalAveragePooling2D", variant(5, 3, 2), variant(3, 4, 1, keepdims=True))
def global_average_pooling(
    x: Tensor, weights: list[Tensor], keepdims: bool = False, mask: Tensor | None = None
) -> Tensor:
    axes = tuple(range(1, x.ndim - 1))
    if mask is None:
        return x.mean(dim=axes, keepdim=keepdims)
    return (x * mask[..., None]).sum(dim=axes, keepdim=keepdims) / mask.sum(dim=1, keepdim=True)
