"""A virtual screen with the application on it, and a person's hands: real clicks, drags and key strokes by xdotool.

Nothing waits for a time: after each gesture the test asks, and asks again, until the window shows what is expected.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

PATIENCE = 120  # seconds, after which something is held to be wrong
Seen = dict[str, Any]


class Screen:
    """The application on a screen of its own.

    Args:
        preset: what to open; nothing starts as a new user does, with the welcome page.

    Attributes:
        gestures: what the mouse and the hand on the keyboard did, in words: one entry for each click, double click,
            drag, and typed and confirmed field.
    """

    def __init__(self, *preset: str) -> None:
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
            [sys.executable, "-m", "tests.virtual_screen.application", *preset],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answers: queue.Queue[Seen] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.gestures: list[str] = []

    def _read(self) -> None:
        assert self._application.stdout is not None
        for line in self._application.stdout:
            self._answers.put(json.loads(line))

    # --- Looking ----------------------------------------------------------------------------------------------------

    def look(self) -> Seen:
        """Return what the window shows now."""
        assert self._application.stdin is not None
        self._application.stdin.write("?\n")
        self._application.stdin.flush()
        return self._answers.get(timeout=PATIENCE)

    def until(self, wanted: Callable[[Seen], bool]) -> Seen:
        """Look until the window shows what is wanted, and twice the same in the same places; return it."""
        end, before = time.monotonic() + PATIENCE, self.look()
        while True:
            seen = self.look()
            if wanted(seen) and seen["places"] == before["places"]:
                return seen
            if time.monotonic() > end:
                raise AssertionError(f"not what was expected: {seen}")
            before = seen
            time.sleep(0.02)  # the application needs the processor more than its witness

    def layers(self, *types: str) -> Seen:
        """Wait until the network has these layers."""
        return self.until(lambda seen: seen["layers"] == list(types))

    def middle(self, name: str) -> tuple[int, int]:
        """Return the middle of something on the screen, as soon as it can be seen."""
        x, y, width, height = self.until(lambda seen: name in seen["places"])["places"][name]
        return x + width // 2, y + height // 2

    # --- The mouse --------------------------------------------------------------------------------------------------

    def click(self, name: str) -> None:
        """Click on something."""
        self._point(self.middle(name))
        self._do("click", 1)
        self.gestures.append(f"click on {name}")

    def double_click(self, name: str) -> None:
        """Click on something twice."""
        self._point(self.middle(name))
        self._do("click", "--repeat", 2, "--delay", 30, 1)
        self.gestures.append(f"double click on {name}")

    def drag(self, name: str, gap: int) -> None:
        """Drag something into the network's list, to the place before the layer at the position ``gap``."""
        start = self.middle(name)
        x, y, width, _ = self.until(lambda seen: f"row {gap + 1}" in seen["places"])["places"][f"row {gap + 1}"]
        end = x + width // 2, y + 1
        self._point(start)
        self._do("mousedown", 1)
        steps = 20  # as a hand does: Qt tells a drag from a click by the way
        for step in range(1, steps + 1):
            self._point(tuple(a + (b - a) * step // steps for a, b in zip(start, end, strict=True)))
        deadline = time.monotonic() + PATIENCE
        while self.look()["gap"] != gap:  # the line that shows where it would land
            assert time.monotonic() < deadline, f"no line shows where {name} would land"
            self._point((end[0] + 1, end[1]))
            self._point(end)
        self._do("mouseup", 1)
        self.gestures.append(f"drag of {name}")

    def _point(self, place: tuple[int, ...]) -> None:
        self._do("mousemove", *place)

    # --- The keyboard -----------------------------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        """Press keys one after the other, in xdotool's words: ``ctrl+Return``."""
        self._do("key", *keys)

    def type(self, text: str) -> None:
        """Type into whatever has the focus, and confirm it."""
        self._do("type", text)
        self._do("key", "Return")
        self.gestures.append(f"type {text}")

    def tab_to(self, name: str) -> None:
        """Press Tab until something has the focus, as a person does who looks where it is."""
        passed: list[str] = []
        while (here := self.look()["focus"]) != name:
            assert len(passed) < 200, f"the Tab key never comes to {name}: {passed}"
            passed.append(here)
            self.press("Tab")
            self.until(lambda seen, here=here: seen["focus"] != here)  # type: ignore[misc]  # bound at once

    def _do(self, *words: object) -> None:
        subprocess.run(["xdotool", *map(str, words)], env=self._environment, check=True)

    def close(self) -> None:
        """End application and screen."""
        self._application.terminate()
        self._application.wait(PATIENCE)
        self._server.terminate()
        self._server.wait(PATIENCE)
        self._reader.join(PATIENCE)
        for stream in (self._application.stdin, self._application.stdout):
            assert stream is not None
            stream.close()
