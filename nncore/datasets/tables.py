"""Reading tables: CSV, Excel and Parquet files become one kind of ``Table``; what the columns mean comes later.

pandas, and the libraries it needs for the format, are imported when a table is read.
"""

from __future__ import annotations

import importlib
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nncore.datasets.csv_tables import read_csv
from nncore.datasets.files import existing_file, unreadable, within_limit
from nncore.datasets.schema import plain_names
from nncore.datasets.table_base import Table, blank_rows, column_names, is_blank, is_header
from nncore.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

CSV_SUFFIXES = (".csv", ".tsv", ".txt")
SUFFIXES = (*CSV_SUFFIXES, ".xlsx", ".parquet")


_EXCEL_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    EOFError,
    SyntaxError,
    RuntimeError,
)
"""What openpyxl raises for a damaged archive or for XML that it does not understand."""


def read_table(path: Path) -> Table:
    """Return the table in a file; raise ``DataError`` when it is missing, no table, or has no rows."""
    import pandas as pd

    existing_file(path)
    suffix = path.suffix.lower()
    try:
        if suffix == ".xlsx":
            table = _read_excel(path)
        elif suffix == ".parquet":
            table = _read_parquet(path)
        else:
            table = read_csv(path)
    except OSError as error:
        raise unreadable(path, error) from error
    frame = table.frame[~blank_rows(table.frame)]
    if not len(frame):
        raise DataError(f'"{path.name}" has no rows below its header.', "Choose a file with data in it.")
    # Spreadsheets save columns that were once used as separators with nothing between them.
    made_up = plain_names(len(table.names))
    kept = [place for place, name in enumerate(table.names) if name != made_up[place] or not is_blank(frame[place])]
    names = tuple(table.names[place] for place in kept)
    if len(set(names)) < len(names):
        double = next(name for name in names if names.count(name) > 1)
        raise DataError(f'"{path.name}" has two columns called "{double}".', "Rename one of them.")
    frame = frame[kept]
    frame.columns = pd.RangeIndex(len(kept))
    return Table(path, frame, names, table.first_row)


# --- Excel and Parquet ------------------------------------------------------------------------------------------


def _read_excel(path: Path) -> Table:
    _library("openpyxl", "Excel")
    import pandas as pd

    not_excel = DataError(f'"{path.name}" is not an Excel workbook.', "Save it again as .xlsx, or as CSV.")
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except _EXCEL_DAMAGE as error:
        raise not_excel from error
    within_limit(f'The unpacked file "{path.name}"', size)
    try:
        with warnings.catch_warnings():
            # Files of other programs lack styles and the like, which has nothing to do with their cells.
            warnings.simplefilter("ignore")
            cells = pd.read_excel(path, header=None, dtype=object, engine="openpyxl", keep_default_na=False)
    except _EXCEL_DAMAGE as error:
        raise not_excel from error
    cells.columns = pd.RangeIndex(cells.shape[1])
    filled = cells[~blank_rows(cells)]
    if filled.empty:
        raise DataError(f'The first sheet of "{path.name}" is empty.', "Put the table on the first sheet.")
    sample = [["" if pd.isna(cell) else str(cell) for cell in row] for row in filled.head(50).to_numpy().tolist()]
    has_header = is_header(sample)
    frame = filled.iloc[1:] if has_header else filled
    return Table(path, frame, column_names(sample[0] if has_header else None, cells.shape[1]), 1)


def _read_parquet(path: Path) -> Table:
    parquet = _library("pyarrow.parquet", "Parquet")
    import pandas as pd

    # pyarrow's errors for damaged files are ValueErrors and OSErrors; its own name for the rest is ArrowException.
    damage = (ValueError, OSError, _library("pyarrow", "Parquet").ArrowException)
    not_parquet = DataError(f'"{path.name}" is not a complete Parquet file.', "Save it again, or save it as CSV.")
    try:
        size = parquet.read_metadata(path)
    except damage as error:
        raise not_parquet from error
    within_limit(f'The table in "{path.name}"', size.num_rows * size.num_columns * 8)
    try:
        frame: pd.DataFrame = pd.read_parquet(path).reset_index(drop=True)
    except damage as error:
        raise not_parquet from error
    names = column_names([str(name) for name in frame.columns], frame.shape[1])
    frame.columns = pd.RangeIndex(frame.shape[1])
    return Table(path, frame, names, 1)


def _library(module: str, what: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise DataError(
            f"{what} files need the library {module.split('.')[0]}, which is not installed.",
            f"Run: pip install {module.split('.')[0]}, or save the table as CSV.",
        ) from error
