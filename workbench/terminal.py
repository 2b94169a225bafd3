"""The main job without a display: train in the terminal, with loss and metric drawn in text.

The training part is a line of braille dots, the validation part circles on top of it with gaps between them, so that
the two are told apart without colours. An encoding without these signs gets stars and the letter o.
"""

from __future__ import annotations

import math
import re
import shutil
import sys
from pathlib import Path

import numpy as np

from nncore.errors import InputError
from nncore.events import Failed, Finished
from nncore.history import History
from nncore.project import DEFAULT_PRESET
from nncore.project_file import load_project
from nncore.types import Array
from workbench.cli.learning import Interruption, begin, learn, measured
from workbench.cli.progress import view_for
from workbench.cli.saving import require_writable, save_somewhere, spare_folders
from workbench.cli.text import can_draw, measure, say, show
from workbench.cli.train import describe_result

ROWS = 8
_MARK_EVERY = 3  # columns; the line of the training part stays visible in between
_BRAILLE = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # bit of each dot, by column and row
_UNICODE = {"mark": "○", "axis": "┤", "corner": "└", "floor": "─", "line": "⠒⠒"}
_ASCII = {"mark": "o", "axis": "|", "corner": "+", "floor": "-", "line": "**"}


def run(name: str | None) -> int:
    """Train a project, or the default preset, and say where the result is; the status is 130 after an interruption."""
    name = name or DEFAULT_PRESET
    say(f"There is no display to open a window on, so {name} is trained here in the terminal.")
    loaded = load_project(name)
    job = begin(loaded, loaded.project)
    folder = result_folder(loaded.project.name or Path(name).stem)
    if job.note:
        say(job.note)
    with Interruption() as interruption:
        last = learn(job, view_for(job, lambda history: draw(history, *_size(sys.stderr))), interruption)
        folder = save_somewhere(folder, job)
        result = None if isinstance(last, Failed) else measured(job)
    show(draw(job.session.history, *_size(sys.stdout)))
    if result is not None:
        show(describe_result(job, result))
    if isinstance(last, Finished) and last.note:
        show(last.note)
    show(f"The result is in {folder / 'project.nnw'}, its course in {folder / 'history.csv'}.")
    if isinstance(last, Failed):
        raise InputError(last.sentence, last.remedy)
    return 130 if isinstance(last, Finished) and last.stopped else 0


def result_folder(name: str) -> Path:
    """Return a new folder, made already, in the present one if that can be written to, else at home or among the
    temporary ones.

    Raises:
        InputError: none of them can be written to.
    """
    plain = (re.sub(r"[^\w.-]+", "-", name).strip(".-") or "project") + "-trained"
    choices = spare_folders(plain, Path())
    for folder in choices[:-1]:
        try:
            require_writable(folder)
        except InputError:
            continue
        return folder
    require_writable(choices[-1])
    return choices[-1]


def draw(history: History, width: int, fancy: bool) -> str:
    """Return loss and metric, side by side if ``width`` columns allow, each with training and validation part.

    Args:
        history: of which the finished epochs are drawn.
        width: columns of the terminal.
        fancy: whether its encoding has braille dots.
    """
    beside = width >= 72
    each = min(60, width // 2 - 2 if beside else width - 1)
    first, second = (plot(history, name, each, fancy) for name in ("loss", history.metric))
    if not beside:
        return "\n".join(first + second + [_legend(fancy)])
    lines = [f"{left:{each}}  {right}".rstrip() for left, right in zip(first, second, strict=True)]
    return "\n".join([*lines, _legend(fancy)])


def plot(history: History, name: str, width: int, fancy: bool) -> list[str]:
    """Return one diagram as lines of at most ``width`` columns: title, ``ROWS`` rows, axis and its labels."""
    signs = _UNICODE if fancy else _ASCII
    train, validation = history.epoch_values(name), history.epoch_values(f"val_{name}")
    known = np.concatenate([train, validation])
    known = known[np.isfinite(known)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    if high - low < 1e-9 * max(1.0, abs(high)):
        low, high = low - 0.5 * (abs(low) or 1), high + 0.5 * (abs(high) or 1)
    labels = {0: measure(name, high), ROWS // 2: measure(name, (low + high) / 2), ROWS - 1: measure(name, low)}
    margin = max(len(label) for label in labels.values())
    columns = max(4, width - margin - 1)
    cells = _line(_heights(train, low, high, columns, 2 if fancy else 1), columns, fancy)
    for column, height in _marks(_heights(validation, low, high, columns, 1), len(validation), columns):
        cells[ROWS - 1 - min(ROWS - 1, int(height * ROWS))][column] = signs["mark"]
    rows = [f"{labels.get(row, ''):>{margin}}{signs['axis']}{''.join(line)}" for row, line in enumerate(cells)]
    epochs = str(max(1, len(train)))
    floor = " " * margin + signs["corner"] + signs["floor"] * columns
    below = " " * (margin + 1) + f"1{'epoch':^{columns - 1 - len(epochs)}}{epochs}"
    return [f"{'':{margin + 1}}{name}", *(row.rstrip() for row in rows), floor, below]


def _heights(values: Array, low: float, high: float, columns: int, dots: int) -> Array:
    """Return the height, from 0 to 1, above each of ``columns * dots`` places; NaN where nothing is known."""
    places = np.linspace(1, max(1, len(values)), columns * dots)
    finite = np.isfinite(values)
    if not finite.any():
        return np.full(len(places), np.nan)
    epochs = np.arange(1, len(values) + 1)[finite]
    heights: Array = np.interp(places, epochs, (values[finite] - low) / (high - low))
    heights[(places < epochs[0]) | (places > epochs[-1])] = np.nan
    if len(values) == 1:
        heights[1:] = np.nan  # one epoch is a point, not a line
    return heights


def _line(heights: Array, columns: int, fancy: bool) -> list[list[str]]:
    """Return ``ROWS`` rows of cells with a line through the heights, without gaps where it is steep."""
    across, upwards = (2, 4) if fancy else (1, 1)
    bits = np.zeros((ROWS, columns), dtype=np.int64)
    top = ROWS * upwards - 1
    before: int | None = None
    for place, height in enumerate(heights):
        if not math.isfinite(height):
            before = None
            continue
        level = round(float(height) * top)
        start = level if before is None or before == level else before + (1 if level > before else -1)
        for dot in range(min(start, level), max(start, level) + 1):
            row, inside = divmod(top - dot, upwards)
            bits[row, place // across] |= _BRAILLE[place % across][inside] if fancy else 1
        before = level
    return [[" " if not bit else chr(0x2800 + bit) if fancy else "*" for bit in row] for row in bits.tolist()]


def _marks(heights: Array, epochs: int, columns: int) -> list[tuple[int, float]]:
    """Return (column, height) for some of the epochs, far enough apart to tell the marks from a line."""
    marks: list[tuple[int, float]] = []
    for epoch in range(epochs):
        column = round(epoch * (columns - 1) / max(1, epochs - 1))
        if math.isfinite(heights[column]) and (not marks or column >= marks[-1][0] + _MARK_EVERY):
            marks.append((column, float(heights[column])))
    return marks


def _legend(fancy: bool) -> str:
    signs = _UNICODE if fancy else _ASCII
    return f"{signs['line']} training   {signs['mark']} validation"


def _size(stream: object) -> tuple[int, bool]:
    return shutil.get_terminal_size().columns, can_draw(stream)
