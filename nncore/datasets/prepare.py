"""Splitting and scaling: from data as they were found to what a session learns from.

Invariant: every statistic comes from the training part alone, and the training part, the validation part and the test
part never share a sample.
"""

from __future__ import annotations

import math

import numpy as np

from nncore.datasets.base import IMAGE, Data, Samples, Scaling, TrainingData
from nncore.datasets.schema import Schema, align
from nncore.errors import DataError
from nncore.types import Array

SCALINGS = ("auto", "none")
LARGEST_VALUE = 1e30
"""Beyond this, a square is no longer a number of 32 bits."""


def prepare(data: Data, *, validation_split: float, scaling: str = "auto", test: Data | None = None) -> TrainingData:
    """Return the data split into training and validation part, and scaled.

    Args:
        data: what to learn from.
        validation_split: the share of the samples, the last ones, that is kept for validation; from 0 to below 1. As
            in Keras, the first floor(n (1 - share)) samples are learned.
        scaling: ``"auto"``: pixels from 0 to 1; columns, and numbers to predict from columns, to mean 0 and
            deviation 1; ``"none"``: everything as it is.
        test: other data to test on; None takes the test part of ``data``, if it has one. Columns and classes are
            matched by name.

    Raises:
        DataError: no sample left to learn from, a single class, values that are not finite, or test data of another
            form.
    """
    check(data)
    end = math.floor(len(data.x) * (1.0 - validation_split))
    if end < 1:
        raise DataError(
            f'"{data.name}" has {len(data.x):,} {"sample" if len(data.x) == 1 else "samples"}, and a validation '
            f"split of {validation_split:g} leaves none to learn from.",
            "Choose a smaller validation split, or use more samples.",
        )
    x, y = data.x[:end], data.y[:end]
    check_classes(data, y)
    found = fit_scaling(data, x, y, scaling)
    validation = _samples(data.x[end:], data.y[end:], found) if end < len(data.x) else None
    if test is None:
        test = own_test_part(data)
    tested = None
    if test is not None:
        check(test)
        tested = prepare_samples(align(test, Schema.of(data)), found)
    return TrainingData(data, _samples(x, y, found), validation, tested, found)


def prepare_samples(data: Data, scaling: Scaling) -> Samples:
    """Return all samples of ``data``, scaled as the training data were; see ``open_test`` for data of another file."""
    check(data)
    return _samples(data.x, data.y, scaling)


def own_test_part(data: Data) -> Data | None:
    """Return the samples that the data set itself sets aside for testing, or None."""
    if data.x_test is None or data.y_test is None:
        return None
    return Data(
        name=f"{data.name}, test part",
        kind=data.kind,
        x=data.x_test,
        y=data.y_test,
        target=data.target,
        class_names=data.class_names,
        feature_names=data.feature_names,
        target_name=data.target_name,
        source=data.source,
        pixel_max=data.pixel_max,
    )


def fit_scaling(data: Data, x: Array, y: Array, scaling: str) -> Scaling:
    """Return the scaling for a training part (x, y) of ``data``."""
    if scaling not in SCALINGS:
        raise DataError(f'There is no scaling called "{scaling}".', f"Choose one of: {', '.join(SCALINGS)}.")
    if scaling == "none":
        return Scaling(pixel_max=data.pixel_max)
    if data.kind == IMAGE:
        return Scaling(scale=(data.pixel_max or 1.0,), pixel_max=data.pixel_max)
    shift, scale = _mean_and_deviation(x)
    target_shift, target_scale = 0.0, 1.0
    if not data.target.classes:
        (target_shift,), (target_scale,) = _mean_and_deviation(y.reshape(-1, 1))
    return Scaling(shift, scale, target_shift, target_scale)


def _mean_and_deviation(x: Array) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return mean and deviation of each column (rows, columns); a constant column has the deviation 1."""
    mean, deviation = x.mean(axis=0, dtype=np.float64), x.std(axis=0, dtype=np.float64)
    # Rounding leaves a constant column a deviation of 1e-17 instead of 0.
    constant = x.max(axis=0) == x.min(axis=0)
    mean, deviation = np.where(constant, x[0], mean), np.where(constant | (deviation == 0), 1.0, deviation)
    return tuple(map(float, mean)), tuple(map(float, deviation))


def _samples(x: Array, y: Array, scaling: Scaling) -> Samples:
    # A column that hardly varies in the training part may scale a value of another part beyond all bounds.
    with np.errstate(over="ignore"):
        samples = Samples(scaling.inputs(x), scaling.targets(y))
    if not (np.isfinite(samples.x).all() and np.isfinite(samples.y).all()):
        raise DataError(
            "A value lies so far from those of the training part that it cannot be scaled.",
            "Remove the outlier, or mix the order of the samples.",
        )
    return samples


def check(data: Data) -> None:
    """Raise ``DataError`` when inputs and targets do not pair up, or hold values that are not finite."""
    if len(data.x) != len(data.y):
        raise DataError(
            f'"{data.name}" has {len(data.x):,} inputs but {len(data.y):,} targets.', "Each input needs its target."
        )
    if len(data.x) == 0:
        raise DataError(f'"{data.name}" has no samples.', "Choose data with at least one.")
    check_finite(data.x, data.name, "input", data.feature_names)
    check_finite(data.y, data.name, "target", (data.target_name,))


def check_finite(array: Array, name: str, word: str, columns: tuple[str, ...] = ()) -> None:
    """Raise ``DataError`` that names the first sample, and its column, with a value that is not a usable number."""
    if array.dtype.kind != "f":
        return
    # Comparisons with NaN are false, so it counts as unusable as well.
    unusable = ~(np.abs(array) <= LARGEST_VALUE)
    if not unusable.any():
        return
    place = tuple(np.argwhere(unusable)[0])
    value = array[place]
    column = int(place[1]) if array.ndim == 2 else 0
    where = f' in "{columns[column]}"' if array.ndim <= 2 and column < len(columns) else ""
    what = "no number" if np.isnan(value) else "an infinite number" if np.isinf(value) else "too large a number"
    raise DataError(
        f'Sample {place[0] + 1:,} of "{name}" has {what}{where} ({word} {value}).',
        "Remove the sample, or correct the number.",
    )


def check_classes(data: Data, y: Array) -> None:
    """Raise ``DataError`` when the part ``y`` of the targets has fewer than two classes: nothing is there to tell."""
    if not data.target.classes:
        return
    if y.min() < 0 or y.max() >= data.target.classes:
        raise DataError(
            f'"{data.name}" has the class number {int(y.min() if y.min() < 0 else y.max())}, '
            f"but class numbers go from 0 to {data.target.classes - 1}.",
            "Number the classes from 0.",
        )
    found = np.unique(y)
    if len(found) < 2:
        only = data.class_names[found[0]] if data.class_names else str(found[0])
        everywhere = bool((data.y == found[0]).all())
        raise DataError(
            f'"{data.target_name}" has only one class, "{only}", '
            f'in {"all samples" if everywhere else "the training part"} of "{data.name}".',
            "Use data with at least two classes."
            if everywhere
            else "Mix the order of the samples, because the last ones are kept for validation.",
        )
