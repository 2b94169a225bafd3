"""A layer is dragged from the palette into the network, moved, and the network trained: with the screen's own mouse."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.virtual_screen

PATIENCE = 60  # seconds


class Screen:
    """A virtual screen with the application on it."""

    def __init__(self, preset: str) -> None:
        reading, writing = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as stream:
            number = stream.readline().strip()
        self._environment = {**os.environ, "DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
        self._application = subprocess.Popen(
            [sys.executable, "-m", "tests.virtual_screen.application", preset],
            env=self._environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._application.stdout is not None
        for line in self._application.stdout:
            self._lines.put(json.loads(line))

    def next(self, key: str) -> Any:
        """Return the next value that the application reports under ``key``."""
        end = time.monotonic() + PATIENCE
        while True:
            message = self._lines.get(timeout=max(0.1, end - time.monotonic()))
            if key in message:
                return message[key]

    def mouse(self, *words: object) -> None:
        """Move or press the mouse, in xdotool's words."""
        subprocess.run(["xdotool", *map(str, words)], env=self._environment, check=True)
        time.sleep(0.05)  # a hand is slower than a program, and Qt tells a drag from a click by time and distance

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Drag with the left button, in small steps as a hand does."""
        self.mouse("mousemove", *start)
        self.mouse("mousedown", 1)
        steps = 20
        for step in range(1, steps + 1):
            x = start[0] + (end[0] - start[0]) * step // steps
            y = start[1] + (end[1] - start[1]) * step // steps
            self.mouse("mousemove", x, y)
        self.mouse("mousemove", *end)
        time.sleep(0.3)
        self.mouse("mouseup", 1)

    def close(self) -> None:
        """End application and screen."""
        self._application.terminate()
        self._application.wait(PATIENCE)
        self._server.terminate()
        self._server.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self._application.stdout is not None
        self._application.stdout.close()


@pytest.fixture
def screen() -> Iterator[Screen]:
    made = Screen("xor")
    yield made
    made.close()


def gap_above(row: list[int]) -> tuple[int, int]:
    """Return the place on the screen between a row and the one above it."""
    x, y, width, _ = row
    return x + width // 2, y + 1


def test_that_a_layer_dragged_from_the_palette_lands_where_it_is_dropped(screen: Screen) -> None:
    places = screen.next("places")
    start = places["palette"]["Dropout"]
    screen.drag((start[0], start[1]), gap_above(places["rows"][2]))
    assert screen.next("layers") == ["Dense", "Dropout", "Dense"]

    # Inside the list it is dragged to the end.
    rows = screen.next("places")["rows"]
    x, y, width, height = rows[2]
    screen.drag((x + width // 2, y + height // 2), gap_above(rows[4]))
    assert screen.next("layers") == ["Dense", "Dense", "Dropout"]

    # And the keyboard takes it back, and trains.
    screen.mouse("key", "ctrl+z")
    assert screen.next("layers") == ["Dense", "Dropout", "Dense"]
    screen.mouse("key", "F5")
    assert screen.next("state") == "running"
    assert screen.next("state") == "idle"
