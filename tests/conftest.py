"""What holds for every test: a home of its own, and silence.

A test fails when it leaves a thread, a running timer or a window behind, or when anything is logged as a warning. Qt's
own warnings fail it through pytest-qt, Python's through the filter in ``pyproject.toml``.
"""

from __future__ import annotations

import gc
import logging
import os
import threading
import traceback
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


class Recorder(logging.Handler):
    """Keeps what is logged as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the test a home folder of its own, so that it neither reads nor changes the user's files."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "NNCORE_DATA"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def silence(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Fail the test for a logged warning; a test that provokes one takes this fixture and empties the list."""
    recorder = Recorder()
    logging.getLogger().addHandler(recorder)
    yield recorder.lines
    logging.getLogger().removeHandler(recorder)
    if recorder.lines:
        pytest.fail("logged: " + "; ".join(recorder.lines))


@pytest.fixture(autouse=True)
def nothing_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test if it leaves a Python thread, a running QThread, an active QTimer or a top-level widget behind."""
    before = {thread for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)}
    if "qapp" not in request.fixturenames and "tests/workbench" not in str(request.path):
        yield
    else:
        yield from _watch_qt()
    left = [
        thread
        for thread in threading.enumerate()
        if thread not in before and not isinstance(thread, threading._DummyThread) and thread.is_alive()
    ]
    if left:
        pytest.fail(f"left threads: {left}")


def _watch_qt() -> Iterator[None]:
    """Record where QThreads and QTimers are started during the test, and look at them afterwards."""
    from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer
    from PySide6.QtWidgets import QApplication

    started: list[tuple[weakref.ref[Any], str]] = []
    originals = {kind: kind.start for kind in (QThread, QTimer)}

    def recording(kind: type[QThread] | type[QTimer]) -> Any:
        def start(self: Any, *arguments: Any) -> None:
            line = "".join(traceback.format_stack(limit=3)[:-1])
            started.append((weakref.ref(self), line))
            originals[kind](self, *arguments)

        return start

    for kind in originals:
        kind.start = recording(kind)  # type: ignore[method-assign]  # put back below
    try:
        yield
    finally:
        for kind, original in originals.items():
            kind.start = original  # type: ignore[method-assign]  # the original again
    application = QApplication.instance()
    if application is None:
        return
    left: list[str] = []
    for _ in range(5):  # what holds an object may itself wait to be deleted
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        left = _left_behind(started)
        if not left:
            return
        gc.collect()
    pytest.fail("left behind: " + "; ".join(left))


def _left_behind(started: list[tuple[weakref.ref[Any], str]]) -> list[str]:
    from PySide6.QtCore import QThread, QTimer
    from PySide6.QtWidgets import QApplication
    from shiboken6 import isValid

    left = []
    for reference, line in started:
        item = reference()
        if item is None or not isValid(item):
            continue
        if isinstance(item, QThread) and item.isRunning():
            left.append(f"a running {type(item).__name__} {item.objectName()} started at\n{line}")
        elif isinstance(item, QTimer) and item.isActive() and not _is_of_the_application(item):
            left.append(f"an active QTimer started at\n{line}")
    widgets = QApplication.topLevelWidgets()
    return left + [f"the widget {type(widget).__name__} {widget.objectName()!r}" for widget in widgets]


def _is_of_the_application(item: Any) -> bool:
    """Whether an object lives as long as the application, such as the theme's."""
    from PySide6.QtWidgets import QApplication

    parent = item.parent()
    while parent is not None:
        if parent is QApplication.instance():
            return True
        parent = parent.parent()
    return False
