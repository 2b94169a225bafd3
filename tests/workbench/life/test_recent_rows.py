"""The rows of recent files on the welcome page."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from workbench.life.welcome.recent import FileButton


@pytest.mark.parametrize("stem", ["digits", "a name that is much longer than any row has room for, whatever it is"])
@pytest.mark.parametrize("width", [260, 420, 900])
def test_that_name_and_folder_are_shortened_to_the_row(qtbot: QtBot, stem: str, width: int) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    place = Path("/home/me/school/of-the-whole-year") / f"{stem}.nnw"
    button = FileButton(place, "{name} · {folder}", holder)
    button.resize(width, 28)
    holder.show()
    QApplication.processEvents()
    assert button.fontMetrics().horizontalAdvance(button.text()) <= width
    assert button.accessibleName() == f"{stem} · {place.parent}"
    whole = button.fontMetrics().horizontalAdvance(button.accessibleName()) < width - 60
    assert (button.text() == button.accessibleName()) == whole
