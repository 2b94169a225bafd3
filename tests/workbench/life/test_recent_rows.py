"""The rows of recent files on the welcome page."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QFrame, QWidget
from pytestqt.qtbot import QtBot

from workbench import theme
from workbench.life.welcome.recent import FileButton, RecentFiles
from workbench.theme import contrast


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


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_that_the_words_about_a_missing_file_can_be_read(qtbot: QtBot, qapp: QApplication, mode: str) -> None:
    dressed = theme.install(qapp, mode)
    holder = QFrame()
    holder.setProperty("card", True)
    qtbot.addWidget(holder)
    rows = RecentFiles(holder)
    rows.show_files(["/nowhere/gone.nnw"])
    rows.resize(500, 40)
    holder.resize(500, 40)
    holder.show()
    QApplication.processEvents()
    (button,) = rows.findChildren(FileButton)
    assert not button.isEnabled()
    picture = holder.grab().toImage()
    place = button.rect().translated(button.mapTo(holder, QPoint(0, 0))).adjusted(30, 4, 0, -4)  # beside the icon
    columns, lines = range(place.left(), place.right()), range(place.top(), place.bottom())
    seen = {picture.pixelColor(x, y).name() for x in columns for y in lines}
    panel = dressed.tokens.panel
    assert panel in seen
    assert max(contrast(colour, panel) for colour in seen) >= 4.5
    dressed.set_mode("light")
