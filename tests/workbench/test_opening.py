"""A window that opens: first it is painted, then its data are read."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from workbench.app import build


def test_that_data_are_read_only_when_the_window_has_been_painted(qtbot: QtBot) -> None:
    _, window = build(["workbench", "xor"], data_at_once=False)
    qtbot.addWidget(window)
    assert not window.controller.loading
    window.show()
    qtbot.waitUntil(lambda: window.controller.data is not None)
    window.close()
