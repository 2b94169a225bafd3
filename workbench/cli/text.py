"""Writing to the terminal: results to standard output, everything else to standard error.

Invariant: a standard error that nobody reads any more never ends a training.
"""

from __future__ import annotations

import codecs
import io
import json
import math
import sys
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from nncore.errors import InputError
from nncore.metrics import METRICS
from nncore.storage.files import reason

_SIGNS = "×−…²·←√∂ΣαβγεηλπσΦ₁₂⌊⌋"
_SPELLED = "x - ... ^2 * <- sqrt d sum alpha beta gamma epsilon eta lambda pi sigma Phi 1 2 floor( )"
_PLAIN = dict(zip(_SIGNS, _SPELLED.split(), strict=True))


def _spell_out(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(letter, "?") for letter in text), error.end


codecs.register_error("workbench", _spell_out)


def prepare_streams() -> None:
    """Let signs that the terminal's encoding does not have be spelled out, where Python would stop with an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="workbench")


def can_draw(stream: Any) -> bool:
    """Tell whether the encoding of a text stream has the signs of plots and bars."""
    try:
        "⠿○┤└─".encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def show(text: str) -> None:
    """Print a result to standard output; raise ``InputError`` when that cannot be written to."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(f"Standard output cannot be written to: {reason(error)}.", "Send it elsewhere.") from error


def show_json(data: Mapping[str, Any]) -> None:
    """Print one JSON object on one line; numbers that JSON does not have become null."""
    show(json.dumps(_finite(data), allow_nan=False))


def say(text: str) -> None:
    """Print a remark to standard error."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def complain(sentence: str, remedy: str = "") -> None:
    """Print what is at fault to standard error, on one line."""
    say(" ".join(f"workbench: {sentence} {remedy}".split()))


def table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> str:
    """Return aligned columns; those in ``right`` are flush right."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    aligned = [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([aligned[0], "  ".join("-" * width for width in widths), *aligned[1:]])


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: "1 sample", "1,000 samples"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def measure(name: str, value: float | None) -> str:
    """Return a loss, metric or learning rate as people read it; ``name`` may begin with ``val_``."""
    plain = name.removeprefix("val_")
    if value is None or not math.isfinite(value):
        return "-"
    if plain == "learning_rate":
        return f"{value:.3g}"
    if plain in METRICS and METRICS.get(plain).percent:
        return f"{100 * value:.2f} %"
    return f"{value:.4f}" if 0.001 <= abs(value) < 100_000 else f"{value:.4g}"


def _finite(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data
