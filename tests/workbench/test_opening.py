"""A window that opens: first it is painted, then its data are read."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from nncore.project import load_preset
from nncore.project_file import save_project
from workbench.app import build


def test_that_data_are_read_only_when_the_window_has_been_painted(qtbot: QtBot) -> None:
    _, window = build(["workbench", "xor"], data_at_once=False)
    qtbot.addWidget(window)
    assert not window.controller.loading
    window.show()
    qtbot.waitUntil(lambda: window.controller.data is not None)
    window.close()


def test_that_the_window_is_there_while_a_large_file_is_read(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large.nnw"
    save_project(path, load_preset("xor"), None)
    monkeypatch.setattr("workbench.life.opening.AT_ONCE", 1)
    _, window = build(["workbench", str(path)], data_at_once=False)
    qtbot.addWidget(window)
    assert window.document.path is None
    window.show()
    qtbot.waitUntil(lambda: window.document.path == path)
    qtbot.waitUntil(lambda: window.controller.data is not None)
    assert window.controller.data.data.name == "xor"
    window.close()
