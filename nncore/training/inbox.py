"""What a training is asked for, from any thread.

Invariant: everything is taken out in the order in which it was put in, between two steps, by the thread that trains;
and whoever asks for a checkpoint gets one, whether a training is under way, waits, or ends meanwhile.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeAlias

from nncore.events import Change, Request
from nncore.snapshot import Checkpoint

Item: TypeAlias = Request | Future[Checkpoint]


class Inbox:
    """Requests that wait for the training.

    Args:
        checkpoint: makes a checkpoint; only called in the thread that trains, or while nothing is trained.

    Attributes:
        items: what waits. The training looks at it in each step, without a lock: it is the same object for ever.
    """

    def __init__(self, checkpoint: Callable[[], Checkpoint]) -> None:
        self.items: deque[Item] = deque()
        self._checkpoint = checkpoint
        self._wake = threading.Condition()
        self._open = False

    def put(self, request: Request) -> None:
        """Add a request; one that comes before the training begins waits for it."""
        with self._wake:
            self.items.append(request)
            self._wake.notify()

    def ask_for_checkpoint(self) -> Future[Checkpoint]:
        """Return a future that has a checkpoint before the next step, or at once when nothing is trained."""
        future: Future[Checkpoint] = Future()
        with self._wake:
            if self._open:
                self.items.append(future)
                self._wake.notify()
            else:  # under the lock, so that no training starts in the middle of it
                future.set_result(self._checkpoint())
        return future

    # --- For the thread that trains ---

    def open(self) -> None:
        """Say that a training is under way, which answers what is asked."""
        with self._wake:
            self._open = True

    def close(self) -> None:
        """Say that the training has ended: who waits for a checkpoint gets it, and the rest has come too late."""
        with self._wake:
            self._open = False
            late = list(self.items)
            self.items.clear()
        for item in late:
            if isinstance(item, Future):
                item.set_result(self._checkpoint())

    def wait(self) -> None:
        """Wait until something is asked."""
        with self._wake:
            if not self.items:
                self._wake.wait()

    def take_changes(self) -> list[Change]:
        """Take out what changes settings; the rest waits."""
        with self._wake:
            changes = [item for item in self.items if isinstance(item, Change)]
            rest = [item for item in self.items if not isinstance(item, Change)]
            self.items.clear()
            self.items.extend(rest)
        return changes
