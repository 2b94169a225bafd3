"""Classes or numbers: the person's choice, where whole numbers in a file could be either.

Readers decide by the look of the values. Their decision loses nothing, because classes made of numbers keep them as
names; so it can be turned round here, whatever file the data came from.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from nncore.datasets.base import CLASSIFICATION, POINTS, RECONSTRUCTION, REGRESSION, TABLE, TASKS, TEXT, Data
from nncore.datasets.files import shown
from nncore.datasets.targets import class_numbers, named_numbers
from nncore.errors import DataError
from nncore.losses import Target
from nncore.registry import did_you_mean
from nncore.types import Array

LARGEST_CLASS = 2**53
"""Beyond this, floating point numbers skip whole numbers."""


def with_task(data: Data, task: str) -> Data:
    """Return the data with targets of the kind that ``task`` asks for; see ``TASKS``.

    Raises:
        DataError: no such task, classes that are words where numbers are asked for, numbers with decimals where classes
            are, or a text to be reconstructed.
    """
    if task not in TASKS:
        raise DataError(f'There is no task called "{task}".', did_you_mean(task, list(TASKS)))
    if task == REGRESSION and data.target.classes:
        return as_numbers(data)
    if task == CLASSIFICATION and not data.target.classes:
        return as_classes(data)
    if task == RECONSTRUCTION and data.kind == TEXT:
        raise DataError(
            f'"{data.name}" is a text, and the numbers of its words are names, which cannot be approximated.',
            'Choose images, a table or a series for the task "reconstruction".',
        )
    return data


def as_numbers(data: Data) -> Data:
    """Return data whose classes, named by numbers, have become these numbers; raise ``DataError`` for words."""
    values = named_numbers(data.class_names)
    if values is None:
        word = next(name for name in data.class_names if named_numbers((name,)) is None)
        raise DataError(
            f'"{data.target_name}" of "{data.name}" has classes, such as {shown(word)}, which are no numbers.',
            'Choose the task "classification", or another target.',
        )
    return dataclasses.replace(
        data,
        kind=TABLE if data.kind == POINTS else data.kind,
        y=values[data.y],
        y_test=None if data.y_test is None else values[data.y_test],
        target=Target(shape=data.target.shape),
        class_names=(),
    )


def as_classes(data: Data) -> Data:
    """Return data whose whole numbers have become classes; raise ``DataError`` for decimals and several numbers."""
    remedy = 'Choose the task "regression", or another target.'
    if data.y.ndim != 1:
        raise DataError(f'"{data.name}" has several numbers to predict for each sample, which are no classes.', remedy)
    tests = data.y[:0] if data.y_test is None else data.y_test
    values = np.concatenate([data.y, tests])
    _check_whole(data, values, remedy)
    numbers, names = class_numbers(values.astype(np.int64))
    kind = POINTS if data.kind == TABLE and data.input_shape == (2,) else data.kind
    return dataclasses.replace(
        data,
        kind=kind,
        y=numbers[: len(data.y)],
        y_test=None if data.y_test is None else numbers[len(data.y) :],
        target=Target(classes=len(names)),
        class_names=names,
    )


def _check_whole(data: Data, values: Array, remedy: str) -> None:
    whole = (values == np.round(values)) & (np.abs(values) < LARGEST_CLASS)
    if not whole.all():
        raise DataError(
            f'"{data.target_name}" of "{data.name}" has numbers that are no class numbers, such as '
            f"{values[int((~whole).argmax())]:g}.",
            remedy,
        )
