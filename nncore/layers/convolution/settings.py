"""What the declarations of the convolutions share: fields, the rule that ties two of them, windows and weights.

The first functions return a new field each, for the body of a layer's dataclass.
"""

from __future__ import annotations

from typing import Any, Protocol

from nncore.errors import FieldError
from nncore.fields import hyper
from nncore.initializers import Initializer
from nncore.layers import sample_kinds
from nncore.layers.base import Weight
from nncore.layers.windows import Axes, slide
from nncore.regularizers import Regularizer
from nncore.types import Shape

PADDINGS = ("valid", "same")
_ONE = (1, (1, 1))
PADDING_HELP = "valid: only where the kernel fits; same: zeros around the input, so that strides of 1 keep its size."


def filters() -> Any:
    """Return the field ``filters``."""
    return hyper(
        ge=1,
        le=100_000,
        suggested=32,
        log=True,
        key=True,
        help="How many patterns are looked for, and so how many channels come out.",
    )


def kernel_size() -> Any:
    """Return the field ``kernel_size``: a whole number, or a pair in two dimensions."""
    return hyper(ge=1, le=1_000, suggested=3, key=True, help="How far the layer looks around each place.")


def strides(default: Any) -> Any:
    """Return the field ``strides``."""
    return hyper(default, ge=1, le=1_000, applies=_undilated, help="How far the kernel moves between two outputs.")


def _undilated(layer: Any) -> bool:
    return layer.dilation_rate in _ONE


def _unstrided(layer: Any) -> bool:
    return layer.strides in _ONE


def padding(*more: str) -> Any:
    """Return the field ``padding``; ``more`` are names beside valid and same."""
    text = PADDING_HELP + (" causal: zeros before it, so that no output depends on later steps." if more else "")
    return hyper("valid", choices=lambda: (*PADDINGS, *more), help=text)


def dilation_rate(default: Any) -> Any:
    """Return the field ``dilation_rate``."""
    return hyper(
        default,
        ge=1,
        le=1_000,
        label="Dilation",
        advanced=True,
        applies=_unstrided,
        help="How far apart the places are that the kernel looks at; only with strides of 1.",
    )


def refuse_strided_dilation(owner: str, strides: Any, dilation_rate: Any) -> None:
    """Raise ``FieldError`` when strides and dilation are both larger than 1, which Keras does not define."""
    if strides not in _ONE and dilation_rate not in _ONE:
        shown = dilation_rate if isinstance(dilation_rate, int) else " × ".join(map(str, dilation_rate))
        steps = strides if isinstance(strides, int) else " × ".join(map(str, strides))
        raise FieldError(
            owner,
            "dilation_rate",
            f"{owner}: dilation_rate of {shown} does not go together with strides of {steps}.",
            "Set one of them to 1.",
        )


class Sliding(Protocol):
    """A layer whose kernel slides over pictures."""

    @property
    def type_name(self) -> str:
        """Name of the layer's type."""

    @property
    def kernel_size(self) -> tuple[int, int]:
        """Places down and across."""

    @property
    def strides(self) -> tuple[int, int]:
        """Steps down and across."""

    @property
    def dilation_rate(self) -> tuple[int, int]:
        """Distance of the places that the kernel sees."""

    @property
    def padding(self) -> str:
        """Kind of padding."""


def slide_over(layer: Sliding, shape: Shape) -> Axes:
    """Return the layer's windows over pictures of ``shape``; raise ``ShapeError`` when none fits."""
    height, width, _ = sample_kinds.picture(layer.type_name, shape)
    down, across = (
        slide(size, kernel, stride, dilation, layer.padding)
        for size, kernel, stride, dilation in zip(
            (height, width), layer.kernel_size, layer.strides, layer.dilation_rate, strict=True
        )
    )
    sample_kinds.check_fit(layer.type_name, "kernel", (down, across))
    return down, across


class Biased(Protocol):
    """A layer with a bias."""

    @property
    def use_bias(self) -> bool:
        """Whether the bias is there."""

    @property
    def bias_initializer(self) -> Initializer:
        """How it starts."""

    @property
    def bias_regularizer(self) -> Regularizer | None:
        """The penalty on it."""


def weights(
    layer: Biased, kernel: Shape, initializer: Initializer, regularizer: Regularizer | None, outputs: int
) -> tuple[Weight, ...]:
    """Return ``kernel`` and, if the layer has one, ``bias`` for this many output channels."""
    found = Weight("kernel", kernel, initializer, regularizer)
    bias = Weight("bias", (outputs,), layer.bias_initializer, layer.bias_regularizer)
    return (found, bias) if layer.use_bias else (found,)
