"""A window that opens: first it is painted, then its data are read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nncore.errors import InputError
from nncore.project import DEFAULT_PRESET, load_preset
from nncore.project_file import save_project
from tests.nncore.project_files import content as project_content
from tests.nncore.project_files import packed, parts
from workbench.app import build
from workbench.life.opening import is_large
from workbench.main_window import MainWindow


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


def tell_of(made: MainWindow, qtbot: QtBot, *words: str) -> None:
    """Show the window, and see that it has the default project, its data, and these words, which stay."""
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(made.watching.banner.isVisible)
    qtbot.waitUntil(lambda: made.controller.data is not None and not made.controller.loading)
    qtbot.wait(20)
    assert made.watching.banner.isVisible(), "that data are there has nothing to do with it"
    told = made.watching.banner.sentence.text() + made.watching.banner.remedy.text()
    assert all(word in told for word in words)
    assert not any(word in made.status.text() for word in words), "it is said once"
    assert made.document.project == load_preset(DEFAULT_PRESET)
    assert made.document.path is None
    assert made.document.clean
    assert made.life.preferences.recent == ()


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("content", [b"PK cut", None, b"PK" + bytes(2**20)], ids=["cut", "missing", "large"])
def test_that_after_a_double_click_the_window_says_why_a_file_cannot_be_opened(
    qtbot: QtBot, tmp_path: Path, content: bytes | None, at_once: bool
) -> None:
    path = tmp_path / "cut.nnw"
    if content is not None:
        path.write_bytes(content)
    _, window = build(["workbench", str(path)], data_at_once=at_once, window_anyway=True)
    tell_of(window, qtbot, str(path))
    if at_once or not is_large(path):
        assert window.life.welcome is not None
        assert window.life.welcome.isVisible()
    window.close()


def test_that_the_window_says_where_a_newer_version_is_needed(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "newer.nnw"
    description = json.loads(parts(project_content())["project.json"])
    path.write_bytes(packed({"project.json": json.dumps({**description, "format": 99}).encode()}))
    _, window = build(["workbench", str(path)], data_at_once=False, window_anyway=True)
    tell_of(window, qtbot, str(path), "99", "Update the workbench")
    window.close()


def test_that_a_double_click_opens_a_whole_file_like_any_other(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "whole.nnw"
    save_project(path, load_preset("xor"), None)
    _, window = build(["workbench", str(path)], data_at_once=False, window_anyway=True)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.controller.data is not None)
    assert window.document.path == path
    assert window.life.welcome is None
    assert not window.watching.banner.isVisible()
    window.close()


def test_that_a_window_that_nobody_wanted_anyway_is_none(qtbot: QtBot, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file"):
        build(["workbench", str(tmp_path / "missing.nnw")], data_at_once=False)
    assert not [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
