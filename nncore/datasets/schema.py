"""What a trained network remembers of its data, and how other data are brought into that form.

Columns are matched by name, and so are classes: a file whose columns stand in another order, or in which a class does
not occur, is read as the network has learned it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nncore.datasets.base import IMAGE, Data, Scaling
from nncore.datasets.targets import numbers_by_name
from nncore.errors import DataError
from nncore.losses import Target
from nncore.registry import did_you_mean
from nncore.types import Shape


@dataclass(frozen=True)
class Schema:
    """The form of the data that a network was trained on.

    Attributes:
        input_shape: shape of one sample.
        target: classes, or shape of the numbers.
        class_names, feature_names, target_name: as in ``Data``.
        pixel_max: as in ``Scaling``; 0 for tables.
    """

    input_shape: Shape
    target: Target
    class_names: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()
    target_name: str = ""
    pixel_max: float = 0.0

    @staticmethod
    def of(data: Data, scaling: Scaling | None = None) -> Schema:
        """Return the form of ``data``."""
        pixel_max = scaling.pixel_max if scaling else data.pixel_max
        return Schema(data.input_shape, data.target, data.class_names, data.feature_names, data.target_name, pixel_max)


def plain_names(columns: int) -> tuple[str, ...]:
    """Return names for columns that have none: "column 1", "column 2", ..."""
    return tuple(f"column {number}" for number in range(1, columns + 1))


def is_plain(names: Sequence[str]) -> bool:
    """Tell whether all names are of the kind that ``plain_names`` makes up."""
    return all(name.startswith("column ") and name[7:].isdigit() for name in names)


def choose_columns(names: Sequence[str], schema: Schema, where: str) -> tuple[list[int], int | None]:
    """Return the places of the network's features in a table, and of its target if it has one.

    Columns are found by name. Where the names are made up, on either side, they are taken in their order, and a
    column too many is the target.

    Args:
        names: of the table's columns.
        where: the file, for messages.
    """
    wanted = schema.feature_names
    if all(name in names for name in wanted):
        return [list(names).index(name) for name in wanted], _place(names, schema.target_name)
    if is_plain(names) or is_plain(wanted):
        places = list(range(len(names)))
        if len(names) == len(wanted):
            return places, None
        if len(names) == len(wanted) + 1:
            number = int(schema.target_name[7:]) if is_plain([schema.target_name]) else len(names)
            target = min(number, len(names)) - 1
            return places[:target] + places[target + 1 :], target
        raise DataError(
            f"{where} has {len(names)} columns, but the network was trained on {len(wanted)}.",
            f"It needs, in this order: {_list(wanted)}.",
        )
    missing = next(name for name in wanted if name not in names)
    raise DataError(
        f'{where} has no column "{missing}", which the network was trained on.',
        did_you_mean(
            missing, [name for name in names if name not in wanted], f"It needs the columns: {_list(wanted)}."
        ),
    )


def _place(names: Sequence[str], name: str) -> int | None:
    return list(names).index(name) if name in names else None


def _list(names: Sequence[str]) -> str:
    return ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")


def align(data: Data, schema: Schema) -> Data:
    """Return data with the columns, classes and pixel range of the training data.

    Data without answers stay without.

    Raises:
        DataError: another shape, a missing column, a class the network has not learned, numbers instead of classes.
    """
    data = align_inputs(data, schema)
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
    shape, wanted = data.input_shape, schema.input_shape
    if shape != wanted:
        # An image with one channel may be stored with or without an axis for it.
        if data.kind != IMAGE or tuple(n for n in shape if n != 1) != tuple(n for n in wanted if n != 1):
            raise DataError(
                f'Each sample of "{data.name}" has the shape {_shape(shape)}, '
                f"but the network was trained on {_shape(wanted)}.",
                "Use data of the same form.",
            )
        data = dataclasses.replace(data, x=data.x.reshape(len(data.x), *wanted))
    if data.pixel_max and schema.pixel_max and data.pixel_max != schema.pixel_max:
        scaled = data.x * (schema.pixel_max / data.pixel_max)
        data = dataclasses.replace(data, x=scaled, pixel_max=schema.pixel_max)
    return data


def align_classes(data: Data, class_names: tuple[str, ...]) -> Data:
    """Return data whose class numbers mean what they mean in ``class_names``.

    Classes are matched by name. Where the data only number their classes, the numbers are taken as they are.

    Raises:
        DataError: a class that is not among ``class_names``, or numbers that are no classes.
    """
    if data.target.classes and data.class_names == class_names:
        return data
    names = _class_words(data)
    if set(names).isdisjoint(class_names) and all(
        name.isascii() and name.isdigit() and int(name) < len(class_names) for name in names
    ):
        y = np.array([int(name) for name in names], dtype=np.int64)
    else:
        y = numbers_by_name(names, class_names, f'"{data.name}"')
    return dataclasses.replace(data, y=y, target=Target(classes=len(class_names)), class_names=class_names)


def _class_words(data: Data) -> list[str]:
    if data.target.classes:
        return [data.class_names[number] for number in data.y]
    if data.y.ndim != 1 or not np.array_equal(data.y, np.round(data.y)):
        raise DataError(
            f'"{data.name}" has measurements to predict, but the network was trained on classes.',
            "Use data with the classes that it has learned.",
        )
    return [str(int(number)) for number in data.y]


def _as_numbers(data: Data) -> Data:
    try:
        values = np.array([float(name) for name in data.class_names])
    except ValueError:
        raise DataError(
            f'"{data.name}" has classes, such as "{data.class_names[0]}", but the network was trained on numbers.',
            "Use data with numbers to predict.",
        ) from None
    return dataclasses.replace(data, y=values[data.y], target=Target(), class_names=())


def _shape(shape: Shape) -> str:
    return " × ".join(str(size) for size in shape)


def _numbers(shape: Shape) -> str:
    count = math.prod(shape)
    return "one number" if count == 1 else f"{count} numbers"
