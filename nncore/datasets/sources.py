"""Opening a source: a built-in data set by its name, or a file or folder by its path."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from nncore.datasets.align import align
from nncore.datasets.base import AUTO, DATASETS, RECONSTRUCTION, TEXT, Data, DatasetInfo, TrainingData
from nncore.datasets.columns import table_data, table_inputs
from nncore.datasets.files import unreadable
from nncore.datasets.idx import has_idx_files, read_folder, read_test_folder
from nncore.datasets.npz import read_npz, read_npz_inputs
from nncore.datasets.prepare import own_test_part, prepare
from nncore.datasets.schema import Schema
from nncore.datasets.shuffle import shuffled
from nncore.datasets.tables import SUFFIXES, read_table
from nncore.datasets.text_files import read_lines
from nncore.errors import DataError
from nncore.registry import did_you_mean

_PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")


def describe(source: str) -> DatasetInfo | None:
    """Return what is known of a built-in data set without loading it, or None for files, folders and unknown names."""
    return DATASETS.get(source) if source in DATASETS else None


def open_source(source: str, target_column: str | None = None, task: str = AUTO) -> Data:
    """Return the data to learn from.

    Args:
        source: name of a built-in data set, a .csv, .tsv, .txt, .xlsx, .parquet or .npz file, or a folder with IDX
            files.
        target_column: for tables, the column to predict; the last one if None. Other sources take no notice.
        task: what the data are for; only to ``"reconstruction"`` an ``.npz`` file without targets is of use.

    Raises:
        DataError: no such source, or it cannot be used as it is.
    """
    info = describe(source)
    if info is not None:
        return info.load()
    path = _path(source)
    if path.is_dir():
        return read_folder(path)
    if path.suffix.lower() == ".npz":
        return read_npz_inputs(path) if task == RECONSTRUCTION else read_npz(path)
    return _in_fixed_disorder(table_data(read_table(path), target_column))


def _in_fixed_disorder(data: Data) -> Data:
    """Return a table shuffled like the built-in data sets: many tables are sorted by class, as iris usually is."""
    x, y = shuffled(data.x, data.y)
    return dataclasses.replace(data, x=x, y=y)


def open_inputs(source: str, schema: Schema) -> Data:
    """Return samples to predict, in the form that a trained network needs.

    Columns and classes are matched by name, and the column to predict may be missing; ``has_targets`` tells. Of a
    source with a test part, it is the test part, because the network may have learned the rest. For a network that
    was trained on a text, a table has a column of texts, and a .txt file has one in each line.

    Raises:
        DataError: no such source, or it does not have the form of the training data.
    """
    info = describe(source)
    if info is not None:
        data = info.load()
    else:
        path = _path(source)
        if path.is_dir():
            return align(read_test_folder(path), schema)
        if path.suffix.lower() == ".txt" and schema.kind == TEXT:
            return read_lines(path, schema)
        if path.suffix.lower() != ".npz":
            return table_inputs(read_table(path), schema)
        data = read_npz_inputs(path)
    return align(own_test_part(data) or data, schema)


def open_test(source: str, schema: Schema) -> Data:
    """Return data to test a trained network on, as ``open_inputs`` does; the answers must be there.

    Raises:
        DataError: as ``open_inputs``, or there is nothing to compare predictions with.
    """
    data = open_inputs(source, schema)
    if not data.has_targets and schema.task != RECONSTRUCTION:
        raise DataError(
            f'"{data.name}" has no "{schema.target_name}" to compare the predictions with.',
            "Choose data with answers, or only predict.",
        )
    return data


def load_training_data(
    source: str,
    *,
    validation_split: float,
    target_column: str | None = None,
    test_source: str | None = None,
    scaling: str = "auto",
    task: str = AUTO,
) -> TrainingData:
    """Return a source ready to learn from: opened, split and scaled, with the test data of another source if named.

    Raises:
        DataError: as ``open_source``, ``open_test`` and ``prepare``.
    """
    data = open_source(source, target_column, task)
    return prepare_with_test(
        data, validation_split=validation_split, test_source=test_source, scaling=scaling, task=task
    )


def prepare_with_test(
    data: Data, *, validation_split: float, test_source: str | None = None, scaling: str = "auto", task: str = AUTO
) -> TrainingData:
    """Return opened data ready to learn from, with the test data of another source if named."""
    test = open_test(test_source, Schema.of(data, task=task)) if test_source else None
    return prepare(data, validation_split=validation_split, scaling=scaling, test=test, task=task)


def check_source(source: str) -> None:
    """Raise ``DataError`` for what is no data set's name and no file or folder of a kind that can be read.

    Nothing is read: whether there are data in it, ``open_source`` says.
    """
    if source not in DATASETS:
        _path(source)


def _path(source: str) -> Path:
    """Return the path of a file or folder that can be read; raise ``DataError`` when there is none."""
    if not source:
        raise DataError("No data are chosen.", "Name a built-in data set, a file or a folder.")
    path = Path(source).expanduser()
    try:
        is_folder, exists = path.is_dir(), path.exists()
    except (OSError, ValueError) as error:
        raise DataError(f'"{source[:80]}" cannot be the name of a file.', "Check the name.") from error
    if is_folder:
        return _folder(path)
    if not exists:
        if path.suffix or len(path.parts) > 1:
            raise DataError(f'There is no file or folder "{source}".', "Check the name and the folder.")
        raise DataError(
            f'There is no built-in data set, file or folder called "{source}".', did_you_mean(source, DATASETS.names())
        )
    if path.suffix.lower() not in (*SUFFIXES, ".npz"):
        known = ", ".join((*SUFFIXES, ".npz"))
        raise DataError(f'"{path.name}" is not a kind of file that can be read.', f"Use one of: {known}.")
    return path


def _folder(path: Path) -> Path:
    try:
        if has_idx_files(path):
            return path
        pictures = any(file.suffix.lower() in _PICTURES for file in path.glob("*/*"))
    except OSError as error:
        raise unreadable(path, error) from error
    if pictures:
        raise DataError(
            f'"{path}" is a folder of pictures, which cannot be read directly.',
            "Save the pictures as an .npz file with the arrays x and y, or as IDX files.",
        )
    raise DataError(
        f'The folder "{path}" has no IDX files, such as train-images-idx3-ubyte.',
        "Choose a folder with IDX files, or a file.",
    )
