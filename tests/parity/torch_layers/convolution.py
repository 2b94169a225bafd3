"""References of the convolutions, upsampling and padding."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from tests.parity.torch_activations import activate
from tests.parity.torch_layers.padding import Size, channels_last, channels_second, each, padded, same
from tests.parity.torch_layers.references import reference, variant

CONVOLUTIONS = {1: functional.conv1d, 2: functional.conv2d}


def convolution(
    x: Tensor, kernel: Tensor, bias: list[Tensor], strides: Size, padding: str, dilation_rate: Size, groups: int = 1
) -> Tensor:
    """Convolve (rows, ..., channels) with a kernel (..., channels / groups, filters)."""
    axes = kernel.ndim - 2
    strides, dilation = each(strides, axes), each(dilation_rate, axes)
    windows = tuple((size - 1) * rate + 1 for size, rate in zip(kernel.shape, dilation, strict=False))
    image = padded(channels_second(x), padding, windows, strides, 0.0)
    weight = kernel.movedim((-1, -2), (0, 1)).contiguous()
    return channels_last(CONVOLUTIONS[axes](image, weight, *bias, stride=strides, dilation=dilation, groups=groups))


@reference(
    "Conv1D",
    variant(7, 3, filters=4, kernel_size=3),
    variant(8, 1, filters=2, kernel_size=4, strides=3, padding="same", activation="relu"),
    variant(9, 2, filters=3, kernel_size=3, dilation_rate=2),
    variant(9, 2, filters=3, kernel_size=2, dilation_rate=3, padding="same", use_bias=False),
    variant(5, 3, filters=1, kernel_size=1, strides=2),
    variant(7, 2, filters=3, kernel_size=3, padding="causal"),
    variant(8, 2, filters=3, kernel_size=3, padding="causal", strides=2),
    variant(9, 2, filters=3, kernel_size=2, padding="causal", dilation_rate=3),
)
@reference(
    "Conv2D",
    variant(7, 5, 3, filters=4, kernel_size=3),
    variant(6, 7, 2, filters=3, kernel_size=(3, 2), activation="relu"),
    variant(7, 8, 2, filters=3, kernel_size=(2, 3), strides=2, padding="same"),
    variant(8, 7, 1, filters=2, kernel_size=3, strides=(3, 2), padding="same", use_bias=False),
    variant(9, 7, 2, filters=3, kernel_size=5, strides=(2, 1)),
    variant(7, 8, 2, filters=2, kernel_size=2, padding="same"),
    variant(9, 8, 2, filters=3, kernel_size=3, dilation_rate=(2, 3)),
    variant(7, 6, 2, filters=3, kernel_size=(3, 2), dilation_rate=2, padding="same", activation="tanh"),
    variant(5, 5, 3, filters=1, kernel_size=1, strides=2),
    variant(3, 3, 2, filters=4, kernel_size=5, padding="same"),
    variant(12, 11, 1, filters=8, kernel_size=3, activation="sigmoid"),
)
def conv(
    x: Tensor,
    weights: list[Tensor],
    filters: int,
    kernel_size: Size,
    strides: Size = 1,
    padding: str = "valid",
    dilation_rate: Size = 1,
    activation: str | None = None,
    use_bias: bool = True,
) -> Tensor:
    kernel, *bias = weights
    return activate(activation, convolution(x, kernel, bias, strides, padding, dilation_rate))


@reference(
    "DepthwiseConv2D",
    variant(7, 5, 3, kernel_size=3),
    variant(7, 8, 2, kernel_size=(2, 3), strides=2, padding="same", depth_multiplier=2),
    variant(8, 7, 3, kernel_size=3, dilation_rate=2, activation="relu", depth_multiplier=3),
    variant(6, 5, 1, kernel_size=2, padding="same", use_bias=False),
)
def depthwise_conv(
    x: Tensor,
    weights: list[Tensor],
    kernel_size: Size,
    strides: Size = 1,
    padding: str = "valid",
    depth_multiplier: int = 1,
    dilation_rate: Size = 1,
    activation: str | None = None,
    use_bias: bool = True,
) -> Tensor:
    kernel, *bias = weights
    channels = kernel.shape[2]
    # Each channel has its own filters: a convolution with as many groups as channels.
    grouped = kernel.reshape(*kernel.shape[:2], 1, channels * depth_multiplier)
    return activate(activation, convolution(x, grouped, bias, strides, padding, dilation_rate, groups=channels))


@reference(
    "Conv2DTranspose",
    variant(4, 5, 3, filters=2, kernel_size=3),
    variant(4, 3, 2, filters=3, kernel_size=3, strides=2, padding="same"),
    variant(3, 4, 2, filters=3, kernel_size=(2, 4), strides=(3, 2), activation="relu"),
    variant(5, 4, 2, filters=2, kernel_size=4, strides=2, padding="same", use_bias=False),
    variant(4, 3, 1, filters=2, kernel_size=2, strides=3, padding="valid"),
    variant(4, 3, 2, filters=2, kernel_size=(3, 5), padding="same", activation="tanh"),
    variant(5, 4, 2, filters=3, kernel_size=3, dilation_rate=2),
    variant(4, 3, 2, filters=2, kernel_size=3, strides=2, output_padding=(1, 0)),
    variant(4, 3, 2, filters=2, kernel_size=(3, 4), strides=(2, 3), padding="same", output_padding=(0, 2)),
)
def conv_transpose(
    x: Tensor,
    weights: list[Tensor],
    filters: int,
    kernel_size: Size,
    strides: Size = 1,
    padding: str = "valid",
    output_padding: tuple[int, int] | None = None,
    dilation_rate: Size = 1,
    activation: str | None = None,
    use_bias: bool = True,
) -> Tensor:
    """The gradient of a convolution with respect to its input, taken as a forward computation."""
    kernel, *bias = weights
    strides, dilation = each(strides, 2), each(dilation_rate, 2)
    whole = functional.conv_transpose2d(
        channels_second(x), kernel.permute(3, 2, 0, 1).contiguous(), stride=strides, dilation=dilation
    )
    extras = output_padding or (None, None)
    for axis, (size, window, stride, rate, extra) in enumerate(
        zip(x.shape[1:3], kernel.shape[:2], strides, dilation, extras, strict=True), start=2
    ):
        before, wanted = _part(size, (window - 1) * rate + 1, stride, padding, extra)
        missing = max(before + wanted - whole.shape[axis], 0)  # where the window is smaller than the stride
        zeros = torch.zeros_like(whole.narrow(axis, 0, 1)).repeat_interleave(missing, axis)
        whole = torch.cat([whole, zeros], axis).narrow(axis, before, wanted)
    result = channels_last(whole)
    return activate(activation, result + bias[0] if bias else result)


def _part(size: int, window: int, stride: int, padding: str, extra: int | None) -> tuple[int, int]:
    """Return where along one axis the output begins in the whole gradient, and its size."""
    if padding == "valid":
        return 0, (size - 1) * stride + (max(window, stride) if extra is None else window + extra)
    if extra is None:
        return same(size * stride, window, stride)[0], size * stride
    before = (window - window % 2 - extra) // 2
    return max(before, 0), (size - 1) * stride + window % 2 + extra


@reference(
    "UpSampling2D",
    variant(3, 2, 2),
    variant(2, 3, 1, size=(3, 2)),
    variant(3, 4, 2, size=2, interpolation="bilinear"),
    variant(4, 3, 2, size=(2, 3), interpolation="bilinear"),
)
def up_sampling(x: Tensor, weights: list[Tensor], size: Size = 2, interpolation: str = "nearest") -> Tensor:
    factors = each(size, 2)
    if interpolation == "nearest":
        return x.repeat_interleave(factors[0], 1).repeat_interleave(factors[1], 2)
    sizes = [length * factor for length, factor in zip(x.shape[1:3], factors, strict=True)]
    return channels_last(functional.interpolate(channels_second(x), sizes, mode="bilinear", align_corners=False))


@reference(
    "ZeroPadding2D",
    variant(3, 2, 2),
    variant(2, 3, 1, padding=2),
    variant(3, 4, 2, padding=(2, 1)),
    variant(3, 4, 2, padding=((0, 2), (1, 0))),
)
def zero_padding(
    x: Tensor, weights: list[Tensor], padding: int | tuple[int, int] | tuple[tuple[int, int], tuple[int, int]] = 1
) -> Tensor:
    pads = (padding, padding) if isinstance(padding, int) else padding
    (top, bottom), (left, right) = [(pad, pad) if isinstance(pad, int) else pad for pad in pads]
    return functional.pad(x, (0, 0, left, right, top, bottom))
