"""What the columns of a table mean: features, which must be numbers, and a target, which is numbers or classes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from nncore.datasets.base import POINTS, RECONSTRUCTION, TABLE, TEXT, Data
from nncore.datasets.files import shown
from nncore.datasets.schema import Schema, choose_columns
from nncore.datasets.table_base import Table, is_blank
from nncore.datasets.targets import FEW, class_numbers, looks_like_classes, numbers_by_name
from nncore.datasets.text_files import texts_as_data
from nncore.errors import DataError
from nncore.losses import Target
from nncore.registry import did_you_mean
from nncore.types import Array

if TYPE_CHECKING:
    import pandas as pd

_MISSING = ("", "na", "n/a", "#n/a", "nan", "null", "none", "<na>", "nat", "-", "?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+(?:[.,]\d+)?")
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}")
_TRUTHS = {"true": "1", "false": "0"}


def table_data(table: Table, target_column: str | None = None) -> Data:
    """Return a table as data to learn from.

    Words in the target column are classes; so are whole numbers that look like it; all else is numbers.

    Args:
        target_column: what is to be predicted; the last column if None.

    Raises:
        DataError: no such column, a single column, or a cell that is missing, no number, or infinite.
    """
    names = table.names
    if target_column is not None and target_column not in names:
        known = list(names)
        raise DataError(f'"{table.path.name}" has no column "{target_column}".', did_you_mean(target_column, known))
    if len(names) < 2:
        raise DataError(
            f'"{table.path.name}" has only one column, "{names[0]}", but a network needs inputs and a target.',
            "Separate columns by comma, semicolon or tab, and add a column to predict.",
        )
    place = names.index(target_column) if target_column is not None else len(names) - 1
    features = [number for number in range(len(names)) if number != place]
    x = feature_array(table, features)
    y = target_array(table, place)
    class_names: tuple[str, ...] = ()
    if y.dtype.kind != "f":
        y, class_names = class_numbers(y)
    return Data(
        name=table.path.name,
        kind=POINTS if len(features) == 2 and class_names else TABLE,
        x=x,
        y=y,
        target=Target(classes=len(class_names)),
        class_names=class_names,
        feature_names=tuple(names[number] for number in features),
        target_name=names[place],
        source=str(table.path),
    )


def table_inputs(table: Table, schema: Schema) -> Data:
    """Return a table in the form of the training data, with answers if it has a column for them.

    Raises:
        DataError: a column is missing, a class is unknown, or a cell is missing, no number, or infinite.
    """
    name = f'"{table.path.name}"'
    if schema.kind == TEXT:
        return _texts(table, schema)
    if len(schema.input_shape) != 1 or not schema.feature_names:
        shape = " × ".join(str(size) for size in schema.input_shape)
        raise DataError(
            f"{name} is a table, but the network was trained on samples of the shape {shape}.",
            "Use data of the same form.",
        )
    places, target = choose_columns(table.names, schema, name)
    return Data(
        name=table.path.name,
        kind=schema.kind,
        x=feature_array(table, places),
        y=_answers(table, target, schema),
        target=schema.target,
        class_names=schema.class_names,
        feature_names=schema.feature_names,
        target_name=schema.target_name,
        source=str(table.path),
    )


def _answers(table: Table, target: int | None, schema: Schema) -> Array:
    if target is None or schema.task == RECONSTRUCTION or is_blank(table.frame[target]):
        return np.empty(0)
    return _known_classes(table, target, schema.class_names) if schema.target.classes else _numbers(table, target)


def _texts(table: Table, schema: Schema) -> Data:
    """Return a column of texts as tokens: the one called "text", or else the first that is not the target."""
    names = list(table.names)
    target = names.index(schema.target_name) if schema.target_name in names else None
    others = [place for place in range(len(names)) if place != target]
    if not others:
        raise DataError(f'"{table.path.name}" has no column with texts.', 'Add a column called "text".')
    place = names.index("text") if "text" in names else others[0]
    answers = _answers(table, target, schema)
    return texts_as_data(_words(table, place), schema, table.path.name, str(table.path), answers)


def _known_classes(table: Table, place: int, known: tuple[str, ...]) -> Array:
    column = _cells(table, place)
    if column.dtype == object:
        words = _words(table, place)
    else:
        words = [str(int(value)) if value == round(value) else str(value) for value in _numbers(table, place).tolist()]
    return numbers_by_name(words, known, f'"{table.path.name}"')


def feature_array(table: Table, places: list[int]) -> Array:
    """Return the columns at ``places`` as (rows, features) float64."""
    x = np.empty((len(table.frame), len(places)))
    for number, place in enumerate(places):
        x[:, number] = _numbers(table, place)
    return x


def target_array(table: Table, place: int) -> Array:
    """Return a column as float64 numbers, or as whole numbers or words that are classes."""
    column = _cells(table, place)
    if column.dtype == object:
        return np.array(_words(table, place))
    values = _numbers(table, place)
    whole = bool((values == np.round(values)).all()) and bool((np.abs(values) < 2**53).all())
    if whole and column.dtype.kind in "iu" and looks_like_classes(values):
        return values.astype(np.int64)
    # Programs that save whole columns with decimals write the classes 0 and 1 as 0.0 and 1.0.
    found = np.unique(values)
    if whole and looks_like_classes(values) and found[0] in (0, 1) and len(found) == found[-1] - found[0] + 1:
        return values.astype(np.int64)
    return values


def _cells(table: Table, place: int) -> Array:
    """Return a column as numbers if most of its cells are, otherwise as an object array of stripped words."""
    import pandas as pd

    column = table.frame[place]
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        return column.to_numpy(dtype=None if column.dtype.kind in "iu" and not column.isna().any() else np.float64)
    words = _text(column)
    numbers = pd.to_numeric(words, errors="coerce")
    if numbers.notna().sum() > (len(words) - words.str.lower().isin(_MISSING).sum()) / 2:
        return numbers.to_numpy()
    return words.to_numpy(dtype=object)


def _text(column: pd.Series[str]) -> pd.Series[str]:
    return column.astype(object).where(column.notna(), "").astype(str).str.strip()


def _words(table: Table, place: int) -> list[str]:
    words: list[str] = _text(table.frame[place]).tolist()
    if "" in words:
        _refuse_missing(table, place, words.index(""))
    return words


def _numbers(table: Table, place: int) -> Array:
    """Return a column as (rows,) float64; raise ``DataError`` for the first cell that is no finite number."""
    import pandas as pd

    column = table.frame[place]
    if pd.api.types.is_numeric_dtype(column.dtype):
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    else:
        words = _text(column)
        lowered = words.str.lower()
        if lowered.isin(list(_TRUTHS)).all():
            words = lowered.map(_TRUTHS)
        values = pd.to_numeric(words, errors="coerce").to_numpy(dtype=np.float64)
    bad = ~np.isfinite(values)
    if bad.any():
        _refuse(table, place, int(bad.argmax()), values)
    return values


def _refuse(table: Table, place: int, position: int, values: Array) -> NoReturn:
    cell = table.frame[place].iloc[position]
    word = _text(table.frame[place].iloc[[position]]).iloc[0]
    if np.isinf(values[position]):
        raise DataError(
            f'The column "{table.names[place]}" of "{table.path.name}" has an infinite number in row '
            f"{table.row(position):,}: {cell}.",
            "Correct the cell, or remove the row.",
        )
    if word.lower() in _MISSING:
        _refuse_missing(table, place, position)
    raise DataError(
        f'The column "{table.names[place]}" of "{table.path.name}" should hold numbers, but row '
        f"{table.row(position):,} has {shown(word)}.",
        _advice(table, place, word, int(np.isfinite(values).sum())),
    )


def _advice(table: Table, place: int, word: str, numbers: int) -> str:
    """Return what to do about a column that should hold numbers but has ``word`` in it."""
    if _GROUPED.fullmatch(word):
        return "Save the numbers without signs between the thousands."
    if 2 * numbers > len(table.frame):
        return "Correct the cell, or remove the row."
    if _DATE.match(word):
        return "Remove the column, or write the dates as numbers, such as the days since the first one."
    words = sorted(set(_text(table.frame[place])) - {""})
    if len(words) <= FEW:
        named = ", ".join(shown(each) for each in words[:3]) + (", ..." if len(words) > 3 else "")
        return f"Replace it by one column of 0 and 1 for each of {named}, or remove it, or choose it as the target."
    return "Remove the column, write its words as numbers, or choose it as the target."


def _refuse_missing(table: Table, place: int, position: int) -> NoReturn:
    others = int(_text(table.frame[place]).str.lower().isin(_MISSING).sum()) - 1
    if others > 0:
        rows = f'Row {table.row(position):,} and {others:,} other{"s" * (others > 1)} of "{table.path.name}"'
        raise DataError(
            f'{rows} have no value in the column "{table.names[place]}".', "Fill in the cells, or remove the rows."
        )
    raise DataError(
        f'Row {table.row(position):,} of "{table.path.name}" has no value in the column "{table.names[place]}".',
        "Fill in the cell, or remove the row.",
    )
