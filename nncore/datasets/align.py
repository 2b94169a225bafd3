"""Bringing other data into the form that a network was trained on: columns, classes, pixels, tokens.

Columns are matched by name, and so are classes: a file whose columns stand in another order, or in which a class does
not occur, is read as the network has learned it.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np

from nncore.datasets.base import IMAGE, RECONSTRUCTION, SERIES, TEXT, Data
from nncore.datasets.schema import Schema, choose_columns
from nncore.datasets.targets import named_numbers, numbers_by_name
from nncore.datasets.text import PADDING, translate
from nncore.errors import DataError
from nncore.losses import Target
from nncore.types import Array, Shape


def align(data: Data, schema: Schema) -> Data:
    """Return data with the columns, classes and pixel range of the training data.

    Data without answers stay without.

    Raises:
        DataError: another shape, a missing column, a class the network has not learned, numbers instead of classes.
    """
    data = align_inputs(data, schema)
    if schema.task == RECONSTRUCTION:
        labelled = data.has_targets and data.class_names == schema.class_names
        return data if labelled else without_targets(data, schema)
    if not data.has_targets:
        return without_targets(data, schema)
    if schema.target.classes:
        data = align_classes(data, schema.class_names)
    elif data.target.classes:
        data = _as_numbers(data)
    if data.target.output_shape != schema.target.output_shape:
        raise DataError(
            f'"{data.name}" has {_numbers(data.target.shape)} to predict for each sample, '
            f"but the network was trained on {_numbers(schema.target.shape)}.",
            "Use data of the same form.",
        )
    return data


def without_targets(data: Data, schema: Schema) -> Data:
    """Return data to predict: the words of the training data, and no answers."""
    return dataclasses.replace(
        data,
        y=np.empty(0, np.int64 if schema.target.classes else np.float64),
        target=schema.target,
        class_names=schema.class_names,
        target_name=schema.target_name,
    )


def align_inputs(data: Data, schema: Schema) -> Data:
    """Return data with ``x`` in the form of the training data, as ``align`` does; the targets stay as they are."""
    if data.feature_names and schema.feature_names and data.feature_names != schema.feature_names:
        places, _ = choose_columns(data.feature_names, schema, f'"{data.name}"')
        data = dataclasses.replace(data, x=data.x[:, places], feature_names=schema.feature_names)
    if schema.kind == TEXT:
        data = _align_tokens(data, schema)
    shape, wanted = data.input_shape, schema.input_shape
    if shape != wanted:
        # An image with one channel, or a series of single numbers, may be stored with or without an axis for it.
        squeezable = data.kind in (IMAGE, SERIES) or schema.kind == SERIES
        if not squeezable or tuple(n for n in shape if n != 1) != tuple(n for n in wanted if n != 1):
            raise DataError(
                f'Each sample of "{data.name}" has the shape {_shape(shape)}, '
                f"but the network was trained on {_shape(wanted)}.",
                "Use data of the same form.",
            )
        data = dataclasses.replace(data, x=data.x.reshape(len(data.x), *wanted))
    if schema.kind == SERIES != data.kind:
        data = dataclasses.replace(data, kind=SERIES, x=data.x.astype(np.float64), feature_names=(), pixel_max=0.0)
    if data.pixel_max and schema.pixel_max and data.pixel_max != schema.pixel_max:
        scaled = data.x * (schema.pixel_max / data.pixel_max)
        data = dataclasses.replace(data, x=scaled, pixel_max=schema.pixel_max)
    return data


def _align_tokens(data: Data, schema: Schema) -> Data:
    """Return texts as tokens of the network's vocabulary, as long as its samples; raise ``DataError`` for others."""
    if data.vocabulary:
        x, length = data.x, schema.input_shape[0]
        if data.vocabulary != schema.vocabulary:
            x = translate(x, data.vocabulary, schema.vocabulary)
        if x.shape[1] < length and schema.vocabulary[0] == PADDING:
            x = np.pad(x, ((0, 0), (0, length - x.shape[1])))
        return dataclasses.replace(data, x=x[:, :length], vocabulary=schema.vocabulary)
    check_tokens(data.x, len(schema.vocabulary), data.name)
    x = data.x.astype(np.int64)
    return dataclasses.replace(data, kind=TEXT, x=x, feature_names=(), pixel_max=0.0, vocabulary=schema.vocabulary)


def check_tokens(x: Array, entries: int, name: str) -> None:
    """Raise ``DataError`` that names the first value in x (rows, ...) that is no token of so many entries."""
    wrong = ~((x >= 0) & (x < entries) & (x == np.round(x)))
    if not wrong.any():
        return
    place = tuple(int(number) for number in np.argwhere(wrong)[0])
    raise DataError(
        f'Sample {place[0] + 1:,} of "{name}" has {x[place]:g} at position {place[-1] + 1}, but the tokens of the '
        f"vocabulary are whole numbers from 0 to {entries - 1}.",
        "Use texts that were encoded with the network's own vocabulary.",
    )


def align_classes(data: Data, class_names: tuple[str, ...]) -> Data:
    """Return data whose class numbers mean what they mean in ``class_names``.

    Classes are matched by name. Where the data only number their classes, the numbers are taken as they are.

    Raises:
        DataError: a class that is not among ``class_names``, or numbers that are no classes.
    """
    if data.target.classes and data.class_names == class_names:
        return data
    names = _class_words(data, class_names)
    if set(names).isdisjoint(class_names) and all(
        name.isascii() and name.isdigit() and int(name) < len(class_names) for name in names
    ):
        y = np.array([int(name) for name in names], dtype=np.int64)
    else:
        y = numbers_by_name(names, class_names, f'"{data.name}"')
    target = Target(len(class_names), data.y.shape[1:])
    return dataclasses.replace(data, y=y.reshape(data.y.shape), target=target, class_names=class_names)


def _class_words(data: Data, known: tuple[str, ...]) -> list[str]:
    if data.target.classes:
        return [data.class_names[number] for number in data.y.flat]
    whole = bool(np.array_equal(data.y, np.round(data.y)))
    if whole and data.y.ndim == 2:  # a class for each time step, whose numbers are all that an array can hold
        return [known[int(number)] if 0 <= number < len(known) else str(int(number)) for number in data.y.flat]
    if data.y.ndim != 1 or not whole:
        raise DataError(
            f'"{data.name}" has measurements to predict, but the network was trained on classes.',
            "Use data with the classes that it has learned.",
        )
    return [str(int(number)) for number in data.y]


def _as_numbers(data: Data) -> Data:
    values = named_numbers(data.class_names)
    if values is None:
        raise DataError(
            f'"{data.name}" has classes, such as "{data.class_names[0]}", but the network was trained on numbers.',
            "Use data with numbers to predict.",
        )
    return dataclasses.replace(data, y=values[data.y], target=Target(shape=data.y.shape[1:]), class_names=())


def _shape(shape: Shape) -> str:
    return " × ".join(str(size) for size in shape)


def _numbers(shape: Shape) -> str:
    count = math.prod(shape)
    return "one number" if count == 1 else f"{count} numbers"
