"""Draw the real window in its states and looks into a folder, with an overview of each look."""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import subprocess
import sys
import tempfile
from itertools import groupby
from pathlib import Path

from tests.screens.looks import FEW, LOOKS, Look

SCREEN = (2000, 1200)
"""Points of the screen that the windows stand on, larger than any of them."""


def main(arguments: list[str] | None = None) -> int:
    """Draw the states that were asked for, or all, in the looks that were asked for, or in all."""
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--states", nargs="+", metavar="STATE", help="only these; names may end in *")
    parser.add_argument("--looks", nargs="+", choices=[look.name for look in LOOKS], help="only these")
    parser.add_argument("--smallest", action="store_true", help="one look only")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)  # in this process, whatever the scale
    chosen = parser.parse_args(arguments)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    looks = [look for look in LOOKS if not chosen.looks or look.name in chosen.looks][: 1 if chosen.smallest else None]
    if chosen.here:
        return _draw(chosen.folder, chosen.states, looks)
    for scale, same in groupby(looks, key=_scale):
        # Qt reads scale and screen once, when its application is made.
        names = [look.name for look in same]
        again = [sys.executable, "-m", "tests.screens", str(chosen.folder), "--here", "--looks", *names]
        again += ["--states", *chosen.states] if chosen.states else []
        with tempfile.TemporaryDirectory() as folder:
            status = subprocess.run(again, env=_environment(Path(folder), scale), check=False).returncode
        if status:
            return status
    return 0


def _scale(look: Look) -> int:
    return look.scale


def _environment(folder: Path, scale: int) -> dict[str, str]:
    """Return the environment of a process that has a screen, described by a file in ``folder``."""
    width, height = (length * scale for length in SCREEN)
    screen = {"name": "screen", "x": 0, "y": 0, "width": width, "height": height, "logicalDpi": 96, "dpr": 1}
    path = folder / "screen.json"
    path.write_text(json.dumps({"windowFrameMargins": False, "screens": [screen]}))
    return {**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={path}", "QT_SCALE_FACTOR": str(scale)}


def _draw(folder: Path, wanted: list[str] | None, looks: list[Look]) -> int:
    # Only here, where the environment is set, may Qt be loaded.
    from tests.screens.runner import draw
    from tests.screens.sheets import write_sheets
    from tests.screens.states import STATES

    states = [
        state for state in STATES if not wanted or any(fnmatch.fnmatch(state.name, pattern) for pattern in wanted)
    ]
    for state in states:
        for path, found in draw(folder, state, [look for look in looks if look in FEW or not state.alike]):
            print(path, *found, sep="\n    ", flush=True)
    for look in looks:
        for path in write_sheets(folder, look.name, [state.name for state in STATES]):
            print(path, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
