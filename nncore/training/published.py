"""The weights that a training shows to other threads, and those that it falls back to.

Invariant: a snapshot that was handed out never changes, there is one at every moment that anybody may ask, and the one
to fall back to holds finite numbers only.
"""

from __future__ import annotations

import threading

from nncore.network import Network
from nncore.snapshot import Snapshot
from nncore.training.diagnosis import all_finite
from nncore.types import Array


class Published:
    """The newest weights, and the newest good ones; nearly always they are the same copy.

    Args:
        first: the weights to start with; finite.
    """

    def __init__(self, first: Snapshot) -> None:
        self._lock = threading.Lock()
        self._good = self._snapshot = first

    @property
    def snapshot(self) -> Snapshot:
        """The weights that were published last; for any thread."""
        with self._lock:
            return self._snapshot

    @property
    def good(self) -> Snapshot:
        """The last finite weights; only for the thread that trains."""
        return self._good

    def take(self, network: Network, parameters: Array, step: int, epoch: float) -> None:
        """Show a copy of the present weights; if they are finite, they are also those to fall back to.

        The old copy is let go of before the new one is made, so that a training holds one copy of its weights.
        """
        good = all_finite(parameters)
        with self._lock:
            del self._snapshot
            if good:
                del self._good
            self._snapshot = Snapshot.of(network, parameters, step, epoch)
            if good:
                self._good = self._snapshot

    def show(self, snapshot: Snapshot) -> None:
        """Show weights of an earlier moment."""
        with self._lock:
            self._snapshot = snapshot
