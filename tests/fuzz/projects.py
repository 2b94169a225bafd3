"""Thousands of damaged project files: ``python -m tests.fuzz.projects --count 5000``.

Each is opened like any other. It may be refused with a sentence and a remedy, or open; then it must be usable: traced,
described and saved again. Anything else, a file written elsewhere, much memory or a long time is a failure, and the
file is kept.
"""

from __future__ import annotations

import argparse
import faulthandler
import os
import random
import sys
import tempfile
import time
import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Any

from nncore.errors import InputError
from nncore.project_file import load_file, save_project
from nncore.trace import trace
from tests.fuzz.mutations import mutant

LONGEST = 20.0
"""Seconds after which the program counts as hanging, and is ended with the place where it hangs."""
MEMORY = 200 * 2**20
"""Bytes that opening a file of a few kilobytes may take at most."""


class Guard:
    """Notes every path outside a folder that is opened for writing, removed or renamed while ``watching``."""

    def __init__(self, folder: Path) -> None:
        self.watching = False
        self.outside: list[str] = []
        self._inside = str(folder.resolve())
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.watching or event not in ("open", "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.symlink"):
            return
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
            return
        path = (
            os.path.realpath(os.fsdecode(arguments[0])) if isinstance(arguments[0], str | bytes | os.PathLike) else ""
        )
        if path and not path.startswith(self._inside):
            self.outside.append(f"{event} {path}")


def check(path: Path, guard: Guard) -> str:
    """Open one file; return what became of it.

    Raises:
        AssertionError: it was opened in a way that it must not be.
        Exception: whatever escapes from opening it.
    """
    before = sorted(path.parent.iterdir())
    guard.watching = True
    tracemalloc.start()
    refused: InputError | None = None
    try:
        loaded = load_file(path)
        trace(loaded.project.network, loaded.project.training.loss)
        save_project(path, loaded.project, loaded.checkpoint)
    except InputError as error:
        refused = error
    finally:
        guard.watching = False
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    if refused is not None:
        assert refused.sentence.endswith((".", "?")), refused.sentence
        assert refused.remedy, refused.sentence
        assert len(refused.sentence) < 2_000, f"{len(refused.sentence):,} characters of sentence"
    assert peak < MEMORY, f"{peak:,} bytes of memory"
    assert not guard.outside, guard.outside
    assert sorted(path.parent.iterdir()) == before, "a file has appeared"
    return "opens" if refused is None else "refused"


def run(count: int, seed: int, folder: Path) -> tuple[Counter[str], list[str]]:
    """Open ``count`` damaged files; return how often each outcome came up, and what went wrong."""
    guard = Guard(folder)
    outcomes: Counter[str] = Counter()
    failures = []
    path = folder / "changed.nnw"
    for number in range(count):
        data = mutant(random.Random(f"{seed} {number}"))
        path.write_bytes(data)
        faulthandler.dump_traceback_later(LONGEST, exit=True, file=sys.__stderr__)
        try:
            outcomes[check(path, guard)] += 1
        except Exception as error:  # every kind of failure is told, and the next file is tried
            outcomes["failed"] += 1
            guard.outside.clear()
            failures.append(f"{number}: {type(error).__name__}: {str(error)[:300]}")
            Path(tempfile.gettempdir(), f"project-{seed}-{number}.nnw").write_bytes(data)
        finally:
            faulthandler.cancel_dump_traceback_later()
    return outcomes, failures


def main(arguments: list[str] | None = None) -> int:
    """Open as many damaged files as are asked for; return 1 when one of them was handled wrongly."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.projects", description=__doc__)
    parser.add_argument("--count", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        outcomes, failures = run(chosen.count, chosen.seed, Path(folder))
    for failure in failures[:50]:
        print(failure)
    counted = ", ".join(f"{name} {number:,}" for name, number in outcomes.most_common())
    print(f"{chosen.count:,} damaged project files in {time.monotonic() - began:.0f} s: {counted}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
