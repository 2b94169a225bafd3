"""Kill the program while it learns and saves, and look at what is left: ``python -m tests.crash.kill --count 200``.

Two programs take turns: the window (offscreen), which learns, saves and keeps, and ``workbench train``, which learns
and writes its result into the same folder again and again. Each is killed with SIGKILL at a random moment. Then every
project file must open, and what the window kept must be at most half a minute, or one epoch, behind the training.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from nncore.project_file import load_file
from workbench.life.autosave import EVERY, SHORTEST
from workbench.life.recovery import abandoned

CHECKOUT = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds for a program to begin to learn
RESULTS = "import sys; from workbench.__main__ import main\nwhile True: print(main(sys.argv[1:]), flush=True)"


@dataclass
class Report:
    """What was seen.

    Attributes:
        kills: of the window and of ``workbench train``.
        opened: project files that opened afterwards.
        recovered: kept projects that opened afterwards. oldest: seconds that the oldest of them was behind.
        unfinished: temporary files that were left, which nobody takes for a project.
        failures: what must not be.
    """

    kills: list[int] = field(default_factory=lambda: [0, 0])
    opened: int = 0
    recovered: int = 0
    oldest: float = 0.0
    unfinished: int = 0
    failures: list[str] = field(default_factory=list)


class Victim:
    """A program that prints lines of so many numbers while it learns; each is noted with its time."""

    def __init__(self, arguments: list[str], home: Path, words: int) -> None:
        self._words = words
        environment = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
        environment |= {"HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(CHECKOUT)}
        self._process = subprocess.Popen(
            [sys.executable, *arguments], cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.lines: list[tuple[float, list[int]]] = []
        self._begun = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            words = line.split()
            # The last line may be cut short; what the command line tells besides is no number.
            if len(words) == self._words and line.endswith(b"\n") and all(word.isdigit() for word in words):
                self.lines.append((time.monotonic(), [int(word) for word in words]))
                self._begun.set()

    def kill(self, after: float) -> float:
        """Kill it so many seconds after its first line; return the moment. It is dead when this returns."""
        self._begun.wait(PATIENCE)
        time.sleep(after)
        if self._process.poll() is not None:
            raise RuntimeError(f"It ended by itself with {self._process.returncode}.")
        moment = time.monotonic()
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
        return moment


def kill_window(folder: Path, numbers: random.Random, report: Report, *, longest: float) -> None:
    """Kill the window once."""
    report.kills[0] += 1
    patient = longest > 2 * SHORTEST
    shortest = SHORTEST if patient else numbers.choice((0.0, 0.5))
    victim = Victim(["-m", "tests.crash.application", str(folder), str(shortest)], folder, 2)
    moment = victim.kill(numbers.uniform(SHORTEST + 4, longest) if patient else numbers.uniform(0.0, longest))
    check_files(folder, report)
    found = abandoned(folder / ".local" / "share" / "workbench" / "recovery")
    if patient and not found:
        report.failures.append("nothing was kept")
    for kept in found:
        try:
            checkpoint = kept.load().checkpoint
            check_age(0 if checkpoint is None else checkpoint.snapshot.step, victim, moment, report)
            report.recovered += 1
        except ValueError as error:
            report.failures.append(f"kept: {error}")
        kept.remove()


def check_age(step: int, victim: Victim, moment: float, report: Report) -> None:
    """Note how long before the end the training was where the kept file has it."""
    behind = [told for told, (_, steps) in victim.lines if steps <= step]
    then = behind[-1] if behind else victim.lines[0][0]
    epochs = victim.lines[-1][1][0] - max((told[0] for time_told, told in victim.lines if time_told <= then), default=0)
    report.oldest = max(report.oldest, moment - then)
    if moment - then > EVERY + 5 and epochs > 1:
        report.failures.append(f"what was kept is {moment - then:.1f} s and {epochs} epochs old")


def kill_training(folder: Path, numbers: random.Random, report: Report, *, longest: float) -> None:
    """Kill ``workbench train`` once, which writes a small project in every few moments."""
    report.kills[1] += 1
    arguments = ["train", "xor", "--epochs", "1", "--output", str(folder / "result")]
    Victim(["-c", RESULTS, *arguments], folder, 1).kill(numbers.uniform(0.0, min(longest, 1.0)))
    check_files(folder, report)


def check_files(folder: Path, report: Report) -> None:
    """Open every project that has its own name; count what was cut short."""
    report.unfinished += len(list(folder.rglob(".*.tmp")))
    for path in folder.rglob("*.nnw"):
        if "recovery" in path.parts:
            continue
        try:
            load_file(path)
            report.opened += 1
        except ValueError as error:
            report.failures.append(f"{path.name}: {error}")


def run(count: int, seed: int) -> Report:
    """Kill ``count`` times; three of four times the window, and now and then after a longer time."""
    report = Report()
    numbers = random.Random(seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(count):
            if number % 4 == 3:
                kill_training(folder, numbers, report, longest=1.0)
            else:
                kill_window(folder, numbers, report, longest=12.0 if number % 20 == 10 else 2.0)
            # What was cut short stays, but would be counted again.
            for left in folder.rglob(".*.tmp"):
                left.unlink()
    return report


def main(arguments: list[str] | None = None) -> int:
    """Kill as often as is asked for; return 1 when something was lost that must not be."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash.kill", description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(arguments)
    report = run(chosen.count, chosen.seed)
    print(
        f"{report.kills[0]} kills of the window and {report.kills[1]} of the training: {report.opened} project files "
        f"opened, {report.recovered} kept projects recovered, the oldest {report.oldest:.1f} s behind, "
        f"{report.unfinished} unfinished temporary files, {len(report.failures)} failures"
    )
    for failure in report.failures[:20]:
        print(failure)
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
