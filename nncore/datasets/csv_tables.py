"""Reading CSV files as schools and spreadsheets save them.

Separator, decimal comma, encoding and a missing header are found out; every cell keeps the row number of the file.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from pathlib import Path

from nncore.datasets.table_base import DECIMAL_COMMA, Table, column_names, is_header, with_point
from nncore.errors import DataError

# In this order, because a decimal comma would otherwise pass for a separator.
_SEPARATORS = ("\t", ";", ",")
_SAMPLE_CHARACTERS = 100_000
_DECIMAL_POINT = re.compile(r"[+-]?\d*\.\d+\s*$")


def read_csv(path: Path) -> Table:
    """Return the table in a text file; raise ``DataError`` when it is no text, empty, or its rows differ in width."""
    import pandas as pd

    text = _decode(path, path.read_bytes())
    stripped = text.lstrip("\r\n")
    skipped = text[: len(text) - len(stripped)].count("\n")
    if not stripped.strip():
        raise DataError(f'The file "{path.name}" is empty.', "Choose a file with data in it.")
    separator, sample = _separator(path, stripped)
    width = len(sample[0])
    has_header = is_header(sample)
    cells = [cell for row in sample for cell in row]
    is_comma = separator == ";" and any(map(DECIMAL_COMMA.match, cells)) and not any(map(_DECIMAL_POINT.match, cells))
    try:
        with warnings.catch_warnings():
            # It only warns when the first row is too wide.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            # Missing cells are found later, where column and row can be named; blank lines stay, so that rows keep
            # their numbers.
            frame = pd.read_csv(
                io.StringIO(stripped),
                sep=separator,
                header=None,
                names=range(width),
                index_col=False,
                skiprows=1 if has_header else 0,
                decimal="," if is_comma else ".",
                keep_default_na=False,
                skip_blank_lines=False,
                skipinitialspace=True,
                low_memory=False,
            )
    except pd.errors.ParserWarning as error:
        raise _wrong_width(path, skipped + 2, max(map(len, sample)), width) from error
    except pd.errors.EmptyDataError:
        frame = pd.DataFrame(columns=range(width))
    except pd.errors.ParserError as error:
        raise _parser_error(path, str(error), skipped) from error
    if is_comma:
        # pandas leaves a column with one empty or wrong cell as text, and its decimal commas with it.
        for column in frame.select_dtypes(exclude=["number", "bool"]).columns:
            frame[column] = frame[column].str.strip().map(with_point, na_action="ignore")
    names = column_names(sample[0] if has_header else None, width)
    return Table(path, frame, names, skipped + (2 if has_header else 1))


def _decode(path: Path, content: bytes) -> str:
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252", "latin-1"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
        break
    raise DataError(f'"{path.name}" is not a text file.', "Save the table as CSV (UTF-8).")


def _separator(path: Path, text: str) -> tuple[str, list[list[str]]]:
    """Return the separator and the first rows; the one with which most rows are as wide as the first wins."""
    lines = text[:_SAMPLE_CHARACTERS].splitlines()
    lines = (lines[:-1] if len(text) > _SAMPLE_CHARACTERS and len(lines) > 1 else lines)[:50]
    best: tuple[int, str, list[list[str]]] = (0, ",", [])
    for separator in _SEPARATORS:
        try:
            rows = [row for row in csv.reader(lines, delimiter=separator, skipinitialspace=True) if row]
        except csv.Error as error:
            raise DataError(f'"{path.name}" cannot be read as a table.', "Save it as CSV (UTF-8).") from error
        alike = sum(len(row) == len(rows[0]) for row in rows) if rows and len(rows[0]) > 1 else 0
        if alike > best[0] or not best[2]:
            best = (alike, separator if alike else ",", rows)
    return best[1], best[2]


def _parser_error(path: Path, message: str, skipped: int) -> DataError:
    found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", message)
    if found:
        expected, line, saw = map(int, found.groups())
        return _wrong_width(path, line + skipped, saw, expected)
    if "EOF inside string" in message:
        return DataError(f'"{path.name}" ends within a quoted cell.', 'Add the missing quotation mark (").')
    return DataError(f'"{path.name}" cannot be read as a table.', "Save it as CSV (UTF-8).")


def _wrong_width(path: Path, row: int, saw: int, expected: int) -> DataError:
    return DataError(
        f'Row {row:,} of "{path.name}" has {saw} cells, but the first row has {expected}.',
        "Give every row the same number of cells.",
    )
