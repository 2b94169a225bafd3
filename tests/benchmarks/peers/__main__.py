"""How fast the same networks learn here and in other engines.

``python -m tests.benchmarks.peers [--peers torch,torch-compile,keras,jax] [--rows ...] [--json]``

A step is forward, backward and Adam for one batch. All engines take their steps in turn, a stretch of each, several
rounds, so that a change of the machine's speed meets them all. What is printed is the median over the rounds in
microseconds per step, and for the last columns how many times faster this engine is: the fastest peer's time by ours.
``nncore`` is the bare step, to be held against PyTorch and JAX; ``nncore-fit`` is ``model.fit`` with shuffling,
history and checks, to be held against Keras's ``fit``. Peers come with the extra ``peers``; one that is not installed
is a dash.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import platform
import statistics
import sys
from typing import Any

from tests.benchmarks.peers.rows import ROWS
from tests.benchmarks.peers.worker import ENGINES

OURS = ("nncore", "nncore-fit")
TRIAL = 20

PEERS = tuple(name for name in ENGINES if name not in OURS)


class Engine:
    """A process that makes steps with one engine."""

    def __init__(self, name: str) -> None:
        from tests.benchmarks.peers.worker import serve

        context = multiprocessing.get_context("spawn")
        self.name = name
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(name, theirs), daemon=True)
        self.process.start()
        theirs.close()
        self.version = self._answer()

    def _answer(self) -> Any:
        try:
            return self.connection.recv()
        except EOFError:
            return "the process ended"

    @property
    def there(self) -> bool:
        """Whether the engine is installed."""
        return isinstance(self.version, str)

    def seconds(self, row: str, steps: int) -> float | None:
        """Return how long so many steps take; None, with words on standard error, if they fail."""
        self.connection.send((row, steps))
        answer = self._answer()
        if isinstance(answer, float):
            return answer
        print(f"{self.name}, {row}: {answer}", file=sys.stderr)
        return None

    def close(self) -> None:
        """End the process."""
        if self.process.is_alive():
            self.connection.send(None)
        self.process.join()


def measure(row: str, engines: list[Engine], rounds: int, seconds: float) -> dict[str, float]:
    """Return the median microseconds per step of each engine that can."""
    steps: dict[str, int] = {}
    for engine in engines:
        first = engine.seconds(row, TRIAL)
        if first is None:
            continue
        steps[engine.name] = max(TRIAL, math.ceil(TRIAL * seconds / first))
        engine.seconds(row, steps[engine.name])  # what belongs to this very number, such as data, is then there
    found: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(rounds):
        for engine in engines:
            if engine.name in steps and (taken := engine.seconds(row, steps[engine.name])) is not None:
                found[engine.name].append(1e6 * taken / steps[engine.name])
    return {name: statistics.median(times) for name, times in found.items() if times}


def against(micros: dict[str, float], own: str, peers: list[str]) -> float | None:
    """Return the time of the fastest of these peers by ours; None if none of them was measured."""
    times = [micros[peer] for peer in peers if peer in micros]
    return min(times) / micros[own] if times and own in micros else None


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.peers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--peers", default=",".join(PEERS), help="with commas between; none with an empty text")
    parser.add_argument("--rows", default=",".join(ROWS), help="with commas between")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.4, help="of one stretch of steps")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    wanted = [*OURS, *(name for name in chosen.peers.split(",") if name)]
    rows = chosen.rows.split(",")
    for name, known in [*((name, ENGINES) for name in wanted), *((name, ROWS) for name in rows)]:
        if name not in known:
            parser.error(f"{name!r} is not known; there are {', '.join(known)}")
    engines = [Engine(name) for name in wanted]
    there = [engine for engine in engines if engine.there]
    peers = [engine.name for engine in there if engine.name not in OURS]
    table = []
    if not chosen.json:
        print("".join([f"{'us/step':16}", *(f"{name:>15}" for name in wanted), f"{'fastest peer':>15}{'torch':>9}"]))
    for row in rows:
        micros = measure(row, there, chosen.rounds, chosen.seconds)
        fastest, eager = against(micros, "nncore", peers), against(micros, "nncore", ["torch"])
        table.append({"row": row, "microseconds": micros, "fastest_peer_by_ours": fastest, "torch_by_ours": eager})
        if not chosen.json:
            cells = [f"{micros[name]:15,.0f}" if name in micros else f"{'-':>15}" for name in wanted]
            ratios = [f"{value:.2f}x" if value else "-" for value in (fastest, eager)]
            print("".join([f"{row:16}", *cells, f"{ratios[0]:>15}{ratios[1]:>9}"]), flush=True)
    for engine in there:
        engine.close()
    versions = {engine.name: engine.version for engine in there}
    mean = _geometric_mean([row["torch_by_ours"] for row in table])
    machine = f"{os.cpu_count()} processors, {platform.platform()}, Python {platform.python_version()}"
    if chosen.json:
        print(json.dumps({"machine": machine, "versions": versions, "rows": table, "torch_geometric_mean": mean}))
    else:
        print(f"geometric mean against torch: {f'{mean:.2f}x' if mean else '-'}")
        print(machine, *(f"{name} {version}" for name, version in versions.items()), sep="; ")
    return 0


def _geometric_mean(ratios: list[Any]) -> float | None:
    known = [math.log(ratio) for ratio in ratios if ratio]
    return math.exp(sum(known) / len(known)) if known else None


if __name__ == "__main__":
    sys.exit(main())
