"""How many threads compute.

Matrix products use one: the layers of a classroom are small, where a second thread costs more than it brings, and the
order of every sum, and so every bit of the result, is the same in each run.

What is large, such as a convolution over a whole batch, is divided by the layer itself into jobs of fixed size, which a
``Team`` does side by side: NumPy lets go of Python's lock while it computes. How the work is divided depends on the
network and the batch alone, never on how many hands there are, so the bits are the same with one processor.
"""

from __future__ import annotations

import functools
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING

import numpy as np

from nncore.computing.scratch import Scratch
from nncore.computing.subnormals import as_zero

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]  # it ships no types

Job = Callable[[], object]

WORTH_SHARING = 2**17
"""Numbers that must be passed over for a second thread to be worth waking, which takes some 10 microseconds."""


@functools.cache
def _controller() -> ThreadpoolController:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


class _OneBlasThread:
    """The limit is the whole process's, so it ends when the last one who asked for it has gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._limit: AbstractContextManager[object] | None = None

    def __enter__(self) -> None:
        with self._lock:
            self._users += 1
            if self._users == 1:
                self._limit = _controller().limit(limits=1, user_api="blas")

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0 and self._limit is not None:
                self._limit.__exit__(None, None, None)


_ONE_BLAS_THREAD = _OneBlasThread()


def one_blas_thread() -> AbstractContextManager[None]:
    """Return a context in which matrix products run on one thread."""
    return _ONE_BLAS_THREAD


class Team:
    """Does two jobs side by side: one here, one on a thread that lives as long as ``at_work``.

    Outside ``at_work``, and where there is but one processor, the jobs are done one after the other. The two jobs must
    not write to the same memory.

    What nobody waits for yet may also be begun and left to the second hand, while the first goes on: ``begin``.

    Attributes:
        scratch: memory for the first and for the second of two jobs that ``run`` does; others have no part in it.
    """

    def __init__(self) -> None:
        self.scratch = Scratch(), Scratch()
        self._jobs: SimpleQueue[Job | None] | None = None
        self._results: SimpleQueue[BaseException | None] = SimpleQueue()
        self._forget()

    def _forget(self) -> None:
        self._given = 0  # jobs of the second hand whose results have not been taken
        self._begun: deque[Job] = deque()
        self._after: list[Job] = []

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Return a context in which the second thread is there, matrix products run on one thread each, and numbers
        too small to matter count as 0.

        Within another one of the same team it changes nothing.
        """
        with one_blas_thread(), as_zero():
            if self._jobs is not None or processors() < 2:
                yield
                return
            jobs = self._jobs = SimpleQueue()
            self._results = SimpleQueue()
            helper = threading.Thread(target=_help, args=(jobs, self._results), name="nncore team", daemon=True)
            helper.start()
            try:
                yield
            finally:
                self._jobs = None
                jobs.put(None)
                helper.join()
                self._forget()

    def run(self, first: Job, second: Job) -> None:
        """Do both jobs; raises what one of them raised."""
        if self._jobs is None:
            first()
            second()
            return
        self._give(second)
        try:
            first()
            self._work_off()
        finally:
            self._wait()

    def begin(self, jobs: Sequence[Job], then: Job) -> None:
        """Have jobs done beside what follows, by the second hand as far as it comes, and then, here, a last one.

        Only after ``settle`` is it certain that they are done. Until then nobody else may touch their memory.
        """
        if self._jobs is None:
            for job in (*jobs, then):
                job()
            return
        self._begun += jobs
        self._after.append(then)
        self._give(self._work_off)

    def settle(self) -> None:
        """Do what is left of what was begun; raises what one of the jobs raised."""
        if not self._after:
            return
        after, self._after = self._after, []
        try:
            self._work_off()
        finally:
            self._wait()
        for job in after:
            job()

    def _give(self, job: Job) -> None:
        assert self._jobs is not None
        self._given += 1
        self._jobs.put(job)

    def _work_off(self) -> None:
        """Do, on whichever hand, what was begun and not yet taken by the other."""
        while self._begun:
            try:
                job = self._begun.popleft()
            except IndexError:  # the other hand was faster
                return
            job()

    def _wait(self) -> None:
        """Wait until the second hand has done what it was given; raise what that raised."""
        given, self._given = self._given, 0
        raised = [error for error in (self._results.get() for _ in range(given)) if error is not None]
        if raised:
            raise raised[0]


def _help(jobs: SimpleQueue[Job | None], results: SimpleQueue[BaseException | None]) -> None:
    with np.errstate(all="ignore"), as_zero():  # as in the thread that trains
        while (job := jobs.get()) is not None:
            try:
                job()
            except BaseException as error:  # handed to the thread that asked
                results.put(error)
            else:
                results.put(None)


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def halves(count: int, unit: int = 1) -> tuple[slice, slice]:
    """Return the first and the second half of so many things; the second begins at a multiple of ``unit``."""
    middle = min(count, -(-count // (2 * unit)) * unit)
    return slice(0, middle), slice(middle, count)
