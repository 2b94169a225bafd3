"""What the window costs: ``python -m tests.benchmarks.window [--json]``.

The first table is about training: the same networks are trained without a window and in the visible one, in turn,
several rounds, so that a change of the machine's speed meets both. The second is about opening: the program against a
bare script that imports the same libraries and shows one plot. The third is about closing, which a person waits for.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.benchmarks.home import own_home
from tests.benchmarks.window import closing, networks, start, training


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.window", description=__doc__)
    names = list(networks.NAMES)
    parser.add_argument("--rows", default=",".join(names), help=f"of {', '.join(names)}, or of other presets")
    parser.add_argument("--rounds", type=int, default=5, help="of trainings; 0 for none")
    parser.add_argument("--seconds", type=float, default=5.0, help="that one training takes, about")
    parser.add_argument("--starts", type=int, default=9, help="rounds of cold starts; 0 for none")
    parser.add_argument("--closings", type=int, default=5, help="rounds of closed windows; 0 for none")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args(arguments)
    rows = chosen.rows.split(",") if chosen.rounds else []
    with own_home():
        measured: dict[str, Any] = {
            "training": [training.measure(name, chosen.seconds, chosen.rounds) for name in rows],
            "start": start.measure(chosen.starts) if chosen.starts else None,
            "closing": closing.measure(chosen.closings) if chosen.closings else None,
        }
    print(json.dumps(measured) if chosen.json else _as_text(measured))
    return 0


def _as_text(measured: dict[str, Any]) -> str:
    tables = (rows if isinstance(rows, list) else [rows] for rows in measured.values() if rows)
    return "\n".join("  ".join(f"{name} {value}" for name, value in row.items()) for rows in tables for row in rows)


if __name__ == "__main__":
    sys.exit(main())
