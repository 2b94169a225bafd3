"""How cost and memory grow: ``python -m tests.benchmarks.growth [--parts ...] [--quick] [--json]``.

Each row holds what was measured against what is allowed; a ratio of at most 1 keeps to it. Costs are the largest by the
least per unit, memory is in MB, times are medians in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from typing import Any

from tests.benchmarks.home import own_home

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

Rows = list[dict[str, Any]]


def _cost(quick: bool) -> Rows:
    from tests.benchmarks.growth.cost import measure

    return measure(quick)


def _memory(quick: bool) -> Rows:
    from tests.benchmarks.growth.memory import measure

    return measure(quick)


def _mnist(quick: bool) -> Rows:
    from tests.benchmarks.growth.memory import measure_mnist

    return measure_mnist(quick)


def _painting(quick: bool) -> Rows:
    from tests.benchmarks.growth.painting import measure

    return measure(quick)


def _layers(quick: bool) -> Rows:
    from tests.benchmarks.growth.layers import measure

    return measure(quick)


def _edits(quick: bool) -> Rows:
    from tests.benchmarks.growth.edits import measure

    with own_home():
        return measure(quick)


PARTS: dict[str, Callable[[bool], Rows]] = {
    "cost": _cost,
    "memory": _memory,
    "mnist": _mnist,
    "painting": _painting,
    "layers": _layers,
    "edits": _edits,
}


def table(rows: Rows) -> str:
    """Return rows with the same keys as lines below a heading, in columns; numbers stand at the right."""
    heading = list(rows[0])
    cells = [
        heading,
        *([f"{value:,}" if isinstance(value, int) else str(value) for value in row.values()] for row in rows),
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(len(heading))]
    right = [isinstance(value, int | float) for value in rows[0].values()]
    lines = (zip(line, widths, right, strict=True) for line in cells)
    return "\n".join("  ".join(f"{text:{'>' if end else '<'}{wide}}" for text, wide, end in line) for line in lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.growth",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--quick", action="store_true", help="the smallest sizes: shows that it runs, measures nothing")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    found: dict[str, Rows] = {}
    for part in chosen.parts:
        rows = PARTS[part](chosen.quick)
        found[part] = [{**row, "ratio": round(row["measured"] / row["allowed"], 2)} for row in rows]
        if not chosen.json:
            print(f"{table(found[part])}\n", flush=True)
    if chosen.json:
        print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
