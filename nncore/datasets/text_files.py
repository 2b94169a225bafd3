"""Texts of one's own for a network that has learned: typed sentences, the lines of a file, or a column of a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nncore.datasets.base import TEXT, Data
from nncore.datasets.files import existing_file, unreadable
from nncore.datasets.schema import Schema
from nncore.datasets.text import encode
from nncore.errors import DataError
from nncore.types import Array


def texts_as_data(texts: Sequence[str], schema: Schema, name: str, source: str = "", y: Array | None = None) -> Data:
    """Return texts as samples of the length and vocabulary that the network was trained on; see ``encode``.

    Args:
        y: their class numbers; None if they are not known.
    """
    length = schema.input_shape[0]
    return Data(
        name=name,
        kind=TEXT,
        x=np.stack([encode(text, schema.vocabulary, length) for text in texts]),
        y=np.empty(0) if y is None else y,
        target=schema.target,
        class_names=schema.class_names,
        target_name=schema.target_name,
        source=source,
        vocabulary=schema.vocabulary,
        shortened=sum(len(encode(text, schema.vocabulary)) > length for text in texts),
    )


def read_lines(path: Path, schema: Schema) -> Data:
    """Return each line of a text file that is not blank as a sample; raise ``DataError`` when there is none."""
    existing_file(path)
    try:
        lines = [line for line in path.read_text("utf-8-sig").splitlines() if line.strip()]
    except UnicodeDecodeError as error:
        raise DataError(f'"{path.name}" is not a text in UTF-8.', "Save it again with the encoding UTF-8.") from error
    except OSError as error:
        raise unreadable(path, error) from error
    if not lines:
        raise DataError(f'"{path.name}" has nothing but blank lines.', "Write one text in each line.")
    return texts_as_data(lines, schema, path.name, str(path))
