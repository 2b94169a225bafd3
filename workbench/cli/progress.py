"""Progress on standard error: a live bar in a terminal, one line for each epoch elsewhere.

The bar is drawn at most ten times a second, between steps and in the same thread, so that it costs the training next
to nothing.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from nncore.events import EpochDone, Started, StepDone
from nncore.history import History
from workbench.cli.learning import Job, View
from workbench.cli.text import measure, say

if TYPE_CHECKING:
    from rich.console import RenderableType

SECONDS_BETWEEN_PICTURES = 0.1

Plot = Callable[[History], str]


def view_for(job: Job, plot: Plot | None = None) -> View:
    """Return a bar, with a plot below it if given, or lines when standard error is not a terminal."""
    lively = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    return Bar(job, plot) if lively else Lines(job)


def words(logs: Mapping[str, float]) -> str:
    """Return losses and metrics as one line of text."""
    return "  ".join(f"{name} {measure(name, value)}" for name, value in logs.items())


class Lines:
    """One line for each epoch."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._epochs = 0

    def started(self, event: Started) -> None:
        self._epochs = event.epochs

    def step(self, event: StepDone) -> None:
        pass

    def epoch(self, event: EpochDone) -> None:
        speed = f"{self._job.samples_per_second:,.0f} samples/s"
        say(f"Epoch {event.epoch}/{self._epochs}  {words(event.logs)}  {speed}")

    def close(self) -> None:
        pass


class Bar:
    """A bar with the loss of the last step, time left and speed; below it the numbers of the last epoch."""

    def __init__(self, job: Job, plot: Plot | None = None) -> None:
        from rich.console import Console
        from rich.live import Live
        from rich.progress_bar import ProgressBar

        self._job, self._plot = job, plot
        self._bar = ProgressBar(total=1, width=14)
        self._live = Live(console=Console(stderr=True), auto_refresh=False, transient=True)
        self._first, self._steps, self._epochs = 0, 1, 1
        self._epoch, self._loss = 0, 0.0
        self._logs: Mapping[str, float] = {}
        self._next_picture = 0.0

    def started(self, event: Started) -> None:
        self._epochs, self._epoch = event.epochs, event.first_epoch + 1
        self._first = self._job.session.step
        self._steps = max(1, event.epochs * event.steps_per_epoch)
        self._bar.update(self._first, self._steps)
        self._live.start()

    def step(self, event: StepDone) -> None:
        self._epoch, self._loss = event.epoch, event.loss
        now = time.monotonic()
        if now >= self._next_picture:
            self._next_picture = now + SECONDS_BETWEEN_PICTURES
            self._bar.update(event.step)
            # The terminal may be gone, its connection lost; the training goes on without it.
            with suppress(OSError):
                self._live.update(self._picture(), refresh=True)

    def epoch(self, event: EpochDone) -> None:
        self._logs = event.logs

    def close(self) -> None:
        with suppress(OSError):
            self._live.update("")
            self._live.stop()

    def _picture(self) -> RenderableType:
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        line = Table.grid(padding=(0, 2))
        line.add_row(
            f"Epoch {self._epoch}/{self._epochs}",
            self._bar,
            f"loss {measure('loss', self._loss)}",
            f"{self._time_left()} left",
            f"{self._job.samples_per_second:,.0f} samples/s",
        )
        now = Text(words(self._logs), overflow="ellipsis", no_wrap=True)
        if self._plot is None:
            return Group(line, now)
        return Group(line, now, Text(self._plot(self._job.session.history), no_wrap=True))

    def _time_left(self) -> str:
        done = self._job.session.step - self._first
        left = self._job.seconds / max(1, done) * max(0, self._steps - self._job.session.step)
        minutes, seconds = divmod(round(left), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
