"""A table as it was read, whatever file it came from.

Rows are counted as a person counts them in the file: the header is row 1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nncore.datasets.schema import plain_names

if TYPE_CHECKING:
    import pandas as pd

DECIMAL_COMMA = re.compile(r"^[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+),\d+\s*$")
"""Numbers with a decimal comma; without one, points between thousands could as well be decimal points."""


@dataclass(frozen=True)
class Table:
    """A table as it was read.

    Attributes:
        path: where it comes from.
        frame: the cells; its columns are numbered from 0, and its index counts the rows of the file from 0, so that
            rows left out because they are blank leave a gap.
        names: of the columns.
        first_row: what a person calls the row with the index 0.
    """

    path: Path
    frame: pd.DataFrame
    names: tuple[str, ...]
    first_row: int

    def row(self, position: int) -> int:
        """Return what a person calls the row at this position of the frame."""
        return int(self.frame.index[position]) + self.first_row


def with_point(cell: str) -> str:
    """Return a number with a decimal comma, such as ``1.234,5``, as Python writes it; all else as it is."""
    return cell.replace(".", "").replace(",", ".") if DECIMAL_COMMA.match(cell) else cell


def is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row holds names: it does unless it looks like all the others."""
    first, others = rows[0], rows[1:]
    numeric = [_is_number(cell) for cell in first]
    if all(numeric):
        return False
    if not any(numeric) or not others:
        return True
    # A class in the first row of data occurs again further down; a column's name does not.
    return not all(
        is_number or cell in {row[place] for row in others if place < len(row)}
        for place, (cell, is_number) in enumerate(zip(first, numeric, strict=True))
    )


def _is_number(cell: str) -> bool:
    try:
        float(with_point(cell.strip()).replace(",", "."))
    except ValueError:
        return False
    return True


def column_names(header: Sequence[object] | None, width: int) -> tuple[str, ...]:
    """Return the names in a header, and made-up ones where there is none."""
    made_up = plain_names(width)
    if header is None:
        return made_up
    return tuple(str(cell).strip() or made_up[place] for place, cell in enumerate(header))


def blank_rows(frame: pd.DataFrame) -> pd.Series[bool]:
    """Return for each row whether all of its cells are blank."""
    import pandas as pd

    blank = pd.Series(True, index=frame.index)
    for place in range(frame.shape[1]):
        blank &= _blank_cells(frame[place])
        # Most tables have no blank row, and their first column tells.
        if not blank.any():
            break
    return blank


def _blank_cells(column: pd.Series[Any]) -> pd.Series[bool]:
    """Return for each cell whether it is missing or holds nothing but spaces."""
    import pandas as pd

    missing = column.isna()
    if pd.api.types.is_numeric_dtype(column.dtype):
        return missing
    return missing | column.astype(str).str.strip().eq("")


def is_blank(column: pd.Series[Any]) -> bool:
    """Tell whether a column has nothing in it."""
    return bool(_blank_cells(column).all())
