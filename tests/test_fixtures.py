"""The fixtures that every test runs under do catch what they promise to catch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LEAKS = {
    "a thread": """
        import threading
        threading.Thread(target=event.wait, daemon=True).start()
    """,
    "a running QThread": """
        from PySide6.QtCore import QThread
        kept.append(QThread())
        kept[-1].start()
    """,
    "an active timer": """
        from PySide6.QtCore import QTimer
        kept.append(QTimer())
        kept[-1].start(1000)
    """,
    "a window": """
        from PySide6.QtWidgets import QWidget
        kept.append(QWidget())
        kept[-1].show()
    """,
    "a logged warning": """
        import logging
        logging.getLogger("anything").warning("this is wrong")
    """,
    "a Qt warning": """
        from PySide6.QtCore import qWarning
        qWarning("this is wrong")
    """,
    "a Python warning": """
        import warnings
        warnings.warn("this is wrong")
    """,
}
TEST = """
import threading
event, kept = threading.Event(), []

def test_that_something_is_left(qapp):
{body}
"""
SETTINGS = """
[pytest]
qt_api = pyside6
qt_log_level_fail = WARNING
filterwarnings = error
"""


def outcome(folder: Path, body: str) -> str:
    """Run a test with this body under the project's fixtures, and return what pytest prints."""
    lines = [f"    {line.strip()}" for line in body.strip().splitlines()]
    (folder / "conftest.py").write_text((Path(__file__).parent / "conftest.py").read_text("utf-8"), "utf-8")
    (folder / "test_leak.py").write_text(TEST.format(body="\n".join(lines)), "utf-8")
    (folder / "pytest.ini").write_text(SETTINGS, "utf-8")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_leak.py"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize("leak", LEAKS)
def test_that_a_test_that_leaves_something_behind_fails(tmp_path: Path, leak: str) -> None:
    printed = outcome(tmp_path, LEAKS[leak])
    assert "1 failed" in printed or "1 error" in printed


def test_that_a_test_that_leaves_nothing_passes(tmp_path: Path) -> None:
    printed = outcome(tmp_path, "assert qapp is not None")
    assert "1 passed" in printed
    assert "failed" not in printed
    assert "error" not in printed
