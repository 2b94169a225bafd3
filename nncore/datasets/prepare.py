"""Splitting and scaling: from data as they were found to what a session learns from.

Invariant: every statistic comes from the training part alone, and the training part, the validation part and the test
part never share a sample.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from nncore.datasets.align import align, check_tokens
from nncore.datasets.base import AUTO, IMAGE, RECONSTRUCTION, SERIES, TEXT, Data, Samples, Scaling, TrainingData
from nncore.datasets.schema import Schema
from nncore.datasets.tasks import with_task
from nncore.errors import DataError
from nncore.types import Array

SCALINGS = ("auto", "none")
LARGEST_VALUE = 1e30
"""Beyond this, a square is no longer a number of 32 bits."""


def prepare(
    data: Data, *, validation_split: float, scaling: str = "auto", test: Data | None = None, task: str = AUTO
) -> TrainingData:
    """Return the data split into training and validation part, and scaled.

    Args:
        data: what to learn from.
        validation_split: the share of the samples, the last ones, that is kept for validation; from 0 to below 1. As
            in Keras, the first floor(n (1 - share)) samples are learned.
        scaling: ``"auto"``: pixels from 0 to 1; columns, and numbers to predict from columns, to mean 0 and
            deviation 1; a series by one mean and deviation for its past and its future; ``"none"``: everything as it
            is. The tokens of a text always stay as they are.
        test: other data to test on; None takes the test part of ``data``, if it has one. Columns and classes are
            matched by name.
        task: one of ``TASKS``. ``"classification"`` and ``"regression"`` decide what whole numbers are; with
            ``"reconstruction"`` the targets are the scaled inputs, and what was the target becomes the label.

    Raises:
        DataError: no sample left to learn from, a single class, values that are not finite, test data of another form,
            or targets that are not of the kind that ``task`` asks for.
    """
    data = with_task(data, task)
    check(data, task)
    end = math.floor(len(data.x) * (1.0 - validation_split))
    if end < 1:
        raise DataError(
            f'"{data.name}" has {len(data.x):,} {"sample" if len(data.x) == 1 else "samples"}, and a validation '
            f"split of {validation_split:g} leaves none to learn from.",
            "Choose a smaller validation split, or use more samples.",
        )
    x, y = data.x[:end], data.y[:end]
    if task != RECONSTRUCTION:
        check_classes(data, y)
    found = fit_scaling(data, x, y, scaling)
    if task == RECONSTRUCTION:
        found = dataclasses.replace(found, target_shift=0.0, target_scale=1.0)
    validation = _samples(data.x[end:], data.y[end:], found, task) if end < len(data.x) else None
    if test is None:
        test = own_test_part(data)
    tested = None
    if test is not None:
        check(test, task)
        tested = prepare_samples(align(test, Schema.of(data, task=task)), found, task)
    return TrainingData(data, _samples(x, y, found, task), validation, tested, found, task)


def prepare_samples(data: Data, scaling: Scaling, task: str = AUTO) -> Samples:
    """Return all samples of ``data``, scaled as the training data were; see ``open_test`` for data of another file."""
    check(data, task)
    return _samples(data.x, data.y, scaling, task)


def own_test_part(data: Data) -> Data | None:
    """Return the samples that the data set itself sets aside for testing, or None."""
    if data.x_test is None or data.y_test is None:
        return None
    return dataclasses.replace(
        data,
        name=f"{data.name}, test part",
        x=data.x_test,
        y=data.y_test,
        x_test=None,
        y_test=None,
        times=data.times[len(data.x) :],
    )


def fit_scaling(data: Data, x: Array, y: Array, scaling: str) -> Scaling:
    """Return the scaling for a training part (x, y) of ``data``."""
    if scaling not in SCALINGS:
        raise DataError(f'There is no scaling called "{scaling}".', f"Choose one of: {', '.join(SCALINGS)}.")
    if scaling == "none" or data.kind == TEXT:
        return Scaling(pixel_max=data.pixel_max)
    if data.kind == IMAGE:
        return Scaling(scale=(data.pixel_max or 1.0,), pixel_max=data.pixel_max)
    shift, scale = _mean_and_deviation(x.reshape(-1, x.shape[-1]))
    target_shift, target_scale = 0.0, 1.0
    if data.kind == SERIES and not data.target.classes:
        target_shift, target_scale = shift[0], scale[0]
    elif not data.target.classes and data.has_targets:
        (target_shift,), (target_scale,) = _mean_and_deviation(y.reshape(-1, 1))
    return Scaling(shift, scale, target_shift, target_scale)


def _mean_and_deviation(x: Array) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return mean and deviation of each column (rows, columns); a constant column has the deviation 1."""
    mean, deviation = x.mean(axis=0, dtype=np.float64), x.std(axis=0, dtype=np.float64)
    # Rounding leaves a constant column a deviation of 1e-17 instead of 0.
    constant = x.max(axis=0) == x.min(axis=0)
    mean, deviation = np.where(constant, x[0], mean), np.where(constant | (deviation == 0), 1.0, deviation)
    return tuple(map(float, mean)), tuple(map(float, deviation))


def _samples(x: Array, y: Array, scaling: Scaling, task: str) -> Samples:
    # A column that hardly varies in the training part may scale a value of another part beyond all bounds.
    with np.errstate(over="ignore"):
        if task == RECONSTRUCTION:
            inputs = scaling.inputs(x)
            samples = Samples(inputs, inputs, labels=y if len(y) else None)
        else:
            samples = Samples(scaling.inputs(x), scaling.targets(y))
    if not (np.isfinite(samples.x).all() and np.isfinite(samples.y).all()):
        raise DataError(
            "A value lies so far from those of the training part that it cannot be scaled.",
            "Remove the outlier, or mix the order of the samples.",
        )
    return samples


def check(data: Data, task: str = AUTO) -> None:
    """Raise ``DataError`` when inputs and targets do not pair up, or hold values that are not finite.

    To reconstruct inputs, no other targets are needed.
    """
    if len(data.x) != len(data.y) and (data.has_targets or task != RECONSTRUCTION):
        raise DataError(
            f'"{data.name}" has {len(data.x):,} inputs but {len(data.y):,} targets.', "Each input needs its target."
        )
    if len(data.x) == 0:
        raise DataError(f'"{data.name}" has no samples.', "Choose data with at least one.")
    if data.kind == TEXT and data.vocabulary:
        check_tokens(data.x, len(data.vocabulary), data.name)
    check_finite(data.x, data.name, "input", data.feature_names, data.kind)
    check_finite(data.y, data.name, "target", (data.target_name,))


def check_finite(array: Array, name: str, word: str, columns: tuple[str, ...] = (), kind: str = "") -> None:
    """Raise ``DataError`` that names the first value that is no usable number: its sample, and its place in it."""
    if array.dtype.kind != "f":
        return
    # Comparisons with NaN are false, so it counts as unusable as well.
    unusable = ~(np.abs(array) <= LARGEST_VALUE)
    if not unusable.any():
        return
    place = tuple(np.argwhere(unusable)[0])
    value = array[place]
    where = _place(tuple(int(number) for number in place[1:]), columns, kind)
    what = "no number" if np.isnan(value) else "an infinite number" if np.isinf(value) else "too large a number"
    raise DataError(
        f'Sample {place[0] + 1:,} of "{name}" has {what}{where} ({word} {value}).',
        "Remove the sample, or correct the number.",
    )


def _place(place: tuple[int, ...], columns: tuple[str, ...], kind: str) -> str:
    """Return in words where in a sample a value stands; nothing where a sample is a single value without a name."""
    if kind == SERIES and place:
        return f" at time step {place[0] + 1}" + (f", feature {place[1] + 1}" if any(place[1:]) else "")
    if len(place) >= 2:
        return f" at the pixel in row {place[0] + 1}, column {place[1] + 1}"
    column = place[0] if place else 0
    if column < len(columns):
        return f' in "{columns[column]}"'
    return f" in column {column + 1}" if place else ""


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
