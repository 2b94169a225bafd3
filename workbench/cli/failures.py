"""A defect of the program gets a sentence, and a file with what helps to find it."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import time
import traceback
from pathlib import Path
from types import TracebackType

_FOLDER = "neural-network-workbench"
_LARGEST = 1_000_000  # bytes; a longer log is started anew


def log_folders() -> list[Path]:
    """Return where the log may be written, the first choice first."""
    temporary = Path(tempfile.gettempdir()) / _FOLDER
    platform: str = sys.platform
    if platform == "win32":
        own = os.environ.get("LOCALAPPDATA")
    elif platform == "darwin":
        own = "~/Library/Logs"
    else:
        own = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    try:
        return [Path(own).expanduser() / _FOLDER, temporary] if own else [temporary]
    except RuntimeError:  # there is no home folder
        return [temporary]


def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log an unexpected exception and say where; made to be ``sys.excepthook``, after which Python leaves with 1."""
    lines = "".join(traceback.format_exception(kind, error, trace))
    path = _write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {' '.join(sys.argv)}\n{lines}\n")
    where = f"The details are in {path}." if path else f"The details: {lines}"
    print(f"workbench: There is a defect in the program ({kind.__name__}). {where}", file=sys.stderr)


class LogHandler(logging.Handler):
    """Writes what is logged as a warning or worse into the same file."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        _write(self.format(record) + "\n")


def _write(text: str) -> Path | None:
    for folder in log_folders():
        path = folder / "workbench.log"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            fits = not path.exists() or path.stat().st_size < _LARGEST
            with path.open("a" if fits else "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
        except OSError:
            continue
        return path
    return None
