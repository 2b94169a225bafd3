"""What every metric is: sums that can be added over batches, and the number that they come to.

Precision over an epoch is not the mean of the precisions of its batches. So a metric computes ``totals`` for each
batch, which are added, and ``result`` makes the number from their sum: the value over all samples, however they were
divided.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import ClassVar

import numpy as np

from nncore.errors import DataError
from nncore.fields import Declared, hyper
from nncore.losses.targets import shape_words
from nncore.registry import Registry
from nncore.types import Array, Shape

METRICS: Registry[type[Metric]] = Registry("metric")


class Metric(Declared, kw_only=True):
    """Base of every metric.

    Attributes:
        title: what forms call it, where that is not ``type_name`` in words.
        label: what plots and tables call it.
        object_name: what Keras calls the values of an object of this class, where that is not ``type_name``.
        for_classes: whether it judges classes rather than numbers.
        higher_is_better: which way is up.
        percent: shown as a percentage.
        unit_power: by which power of the target's scale a value must be multiplied to be in the unit of the data:
            targets may have been standardised for training.
        equation: the formula, as it is typeset.
    """

    registry: ClassVar = METRICS
    name_suffices: ClassVar[bool] = True
    title: ClassVar[str] = ""
    label: ClassVar[str] = ""
    object_name: ClassVar[str] = ""
    for_classes: ClassVar[bool] = False
    higher_is_better: ClassVar[bool] = False
    percent: ClassVar[bool] = False
    unit_power: ClassVar[int] = 0
    equation: ClassVar[str] = ""

    name: str = hyper("", hidden=True, help="The key in every history; Keras's name of the metric when empty.")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.name:
            object.__setattr__(self, "name", self.type_name)

    def size(self, output: Shape) -> int:
        """Return the length of the totals for an output of this shape."""
        return 2

    def totals(self, target: Array, output: Array, mask: Array | None = None) -> Array:
        """Return the sums over a batch, (size,) float64; those of several batches may be added.

        Args:
            target: (rows, *places) class numbers, or (rows, *places, width) one-hot rows or numbers.
            output: (rows, *places, width), activated.
            mask: (rows, time), True where a time step counts; None when all of them do.
        """
        raise NotImplementedError

    def result(self, totals: Array) -> float:
        """Return the value that sums of ``totals`` come to; 0 where nothing was counted."""
        return ratio(totals[0], totals[1])

    def __call__(self, y_true: object, y_pred: object, mask: object = None) -> float:
        """Return the value for arrays, in float64.

        Raises:
            DataError: the targets do not have the size that the output asks for.
        """
        output, target = np.asarray(y_pred, dtype=np.float64), np.asarray(y_true)
        if target.size not in (output.size, math.prod(output.shape[:-1])):
            raise DataError(
                f"The targets are {shape_words(target.shape)}, but this output needs {shape_words(output.shape)}.",
                "Give one target for each output.",
            )
        return self.result(self.totals(target, output, None if mask is None else np.asarray(mask, dtype=bool)))


def register(*aliases: str) -> Callable[[type[Metric]], type[Metric]]:
    """Class decorator: make a metric known under its Keras name, its class name and ``aliases``."""

    def add(metric: type[Metric]) -> type[Metric]:
        return METRICS.add(metric.type_name, metric, metric.__name__, *aliases)

    return add


def ratio(part: float, whole: float) -> float:
    """Return part / whole, and 0 where there is nothing to divide by."""
    return float(part / whole) if whole else 0.0


def places(target: Array, output: Array, mask: Array | None) -> tuple[Array, Array]:
    """Return (targets, outputs) of the places that count, one below the other.

    Outputs are (n, width). Targets are (n,) class numbers if there is one for each place, but several outputs; else
    they are (n, width).
    """
    shape = output.shape
    width = shape[-1]
    flat = output.reshape(-1, width)
    wanted = target.reshape(-1) if target.size != output.size else target.reshape(-1, width)
    if mask is not None:
        column = mask.reshape(mask.shape + (1,) * (len(shape) - 1 - mask.ndim))
        kept = np.broadcast_to(column, shape[:-1]).reshape(-1)
        return wanted[kept], flat[kept]
    return wanted, flat


def rows_of(target: Array, output: Array) -> Array:
    """Return the targets (n, width) in the shape of the output; class numbers become one-hot rows."""
    if target.ndim == 1:
        return np.asarray(target[:, None] == np.arange(output.shape[1]), output.dtype)
    return target


def classes_of(target: Array) -> Array:
    """Return the targets as class numbers (n,): of one-hot rows, where the largest entry is."""
    return target.argmax(axis=1) if target.ndim == 2 else target
