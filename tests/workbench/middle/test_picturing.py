"""The network picture in the window: where it is found, and that it follows list, document and training."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QTabBar
from pytestqt.qtbot import QtBot

from nncore.layers import Conv2D, Dense
from workbench.main_window import MainWindow
from workbench.panels.picture import PicturePanel

Until = Callable[..., None]


def shown(window: MainWindow, qtbot: QtBot) -> PicturePanel:
    """Press F9 and return the panel."""
    qtbot.keyClick(window, Qt.Key.Key_F9)
    panel = window.watching.picture
    assert panel.isVisible()
    return panel


def names(panel: PicturePanel) -> list[str]:
    assert panel.drawing is not None
    return [" ".join(node.title) for node in panel.drawing.nodes]


def test_that_a_tab_beside_the_predictions_shows_the_picture(window: MainWindow, qtbot: QtBot) -> None:
    bar = window.watching.views.findChild(QTabBar)
    assert isinstance(bar, QTabBar)
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(1).center())
    assert window.watching.picture.isVisible()
    assert names(window.watching.picture) == ["Input", "Dense", "Dense"]
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(0).center())
    assert window.watching.stack.isVisible()


def test_that_the_model_menu_shows_and_saves_the_picture(window: MainWindow) -> None:
    menu = window.menus.model
    assert window.actions_by_name["pictureAction"] in menu.actions()
    files = menu.findChild(QMenu, "pictureFilesMenu")
    assert isinstance(files, QMenu)
    assert [action.objectName() for action in files.actions()] == [
        "copyPictureAction",
        "savePngAction",
        "saveSvgAction",
    ]


def test_that_a_click_in_the_picture_selects_the_layer_in_the_list(window: MainWindow, qtbot: QtBot) -> None:
    panel = shown(window, qtbot)
    for row in (2, 1, 0):
        qtbot.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=panel.view.place_of(row))
        assert window.network.layers.currentIndex().row() == row
        assert panel.view.row == row


def test_that_the_list_outlines_its_layer_in_the_picture(window: MainWindow, qtbot: QtBot) -> None:
    panel = shown(window, qtbot)
    for position in (1, 0):
        window.network.layers.select_position(position)
        assert panel.view.row == position + 1
        assert f"Layer {position + 1} of 2" in panel.view.accessibleDescription()


def test_that_the_arrows_in_the_picture_choose_layers_and_train_nothing(window: MainWindow, qtbot: QtBot) -> None:
    panel = shown(window, qtbot)
    assert window.focusWidget() is panel.view
    window.network.layers.select_position(0)
    qtbot.keyClick(panel.view, Qt.Key.Key_Right)
    assert window.network.layers.selected_position() == 1
    qtbot.keyClick(panel.view, Qt.Key.Key_Left)
    assert window.network.layers.selected_position() == 0
    assert window.state == "idle"
    assert window.controller.history is None


def test_that_every_edit_is_seen_at_once(window: MainWindow, qtbot: QtBot) -> None:
    panel = shown(window, qtbot)
    window.document.insert(1, Dense(5))
    assert names(panel) == ["Input", "Dense", "Dense", "Dense"]
    window.document.insert(1, Conv2D(4, (3, 3)))
    assert panel.drawing is not None
    assert [node.glyph.kind for node in panel.drawing.nodes] == ["neurons", "neurons", "unknown", "unknown", "unknown"]
    window.document.stack.undo()
    window.document.stack.undo()
    assert names(panel) == ["Input", "Dense", "Dense"]


def test_that_the_links_follow_the_training(window: MainWindow, qtbot: QtBot, until: Until) -> None:
    panel = shown(window, qtbot)
    assert panel.note.text() == "before the first training"
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    seen: list[str] = []

    def moved() -> bool:
        if panel.note.text() not in seen:
            seen.append(panel.note.text())
        return window.state == "idle" and window.controller.checkpoint is not None

    until(moved)
    snapshot = window.controller.snapshot
    assert snapshot is not None
    assert panel.note.text() == f"thicker is stronger · step {snapshot.step:,}"
    assert not window.picturing._timer.isActive()
    window.document.replace_layer(0, Dense(9))
    assert panel.note.text() == "edited since the training"
    window.document.stack.undo()
    assert panel.note.text().startswith("thicker")


def test_that_the_picture_is_live_while_training(window: MainWindow, qtbot: QtBot, until: Until) -> None:
    panel = shown(window, qtbot)
    window.controller.set_speed(200)
    window.actions_by_name["trainAction"].trigger()
    seen: set[str] = set()

    def several() -> bool:
        seen.add(panel.note.text())
        return len(seen) >= 4

    until(several)
    assert window.state == "running"
    window.actions_by_name["stopAction"].trigger()
    until(lambda: window.state == "idle")


@pytest.mark.parametrize("hide", ["tab", "window"])
def test_that_a_picture_that_is_not_seen_costs_nothing(
    window: MainWindow, qtbot: QtBot, until: Until, hide: str
) -> None:
    panel = shown(window, qtbot)
    window.controller.set_speed(200)
    window.actions_by_name["trainAction"].trigger()
    until(lambda: "step" in panel.note.text())
    assert window.picturing._timer.isActive()
    if hide == "tab":
        window.watching.views.setCurrentIndex(0)
    else:
        window.hide()
    assert not window.picturing._timer.isActive()
    painted, note = panel.view.tiles.painted, panel.note.text()
    qtbot.wait(500)
    assert (panel.view.tiles.painted, panel.note.text()) == (painted, note)
    window.actions_by_name["stopAction"].trigger()
    until(lambda: window.state == "idle")


def test_that_predictions_wait_while_the_picture_is_in_front(window: MainWindow, qtbot: QtBot, until: Until) -> None:
    shown(window, qtbot)
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle" and window.controller.checkpoint is not None)
    assert window.watching.boundary._grid is None
    window.watching.views.setCurrentIndex(0)
    until(lambda: window.watching.boundary._grid is not None)


def test_that_the_curves_can_make_room(window: MainWindow, qtbot: QtBot) -> None:
    panel = shown(window, qtbot)
    qtbot.wait(300)  # until every part has its room
    before, wide = panel.view.height(), panel.view.width()
    qtbot.mouseClick(window.watching.enlarge_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.view.height() > before + 100 and panel.view.width() > wide + 300)
    assert not window.watching.loss_curve.isVisible()
    assert window.network_dock.isVisible()
    qtbot.mouseClick(window.watching.enlarge_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.view.height() == before)
    assert window.watching.loss_curve.isVisible()
    assert window.palette_dock.isVisible()
    assert window.properties_dock.isVisible()


def test_that_panels_that_were_hidden_stay_hidden(window: MainWindow, qtbot: QtBot) -> None:
    window.palette_dock.hide()
    for _ in range(2):
        qtbot.mouseClick(window.watching.enlarge_button, Qt.MouseButton.LeftButton)
    assert window.palette_dock.isHidden()
    assert window.properties_dock.isVisible()


def test_that_the_picture_has_room_in_a_small_window(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1024, 640)
    panel = shown(window, qtbot)
    qtbot.waitUntil(lambda: panel.view.height() >= 180)
    assert panel.view.width() >= 500
    assert all(panel.view.rect().contains(panel.view.place_of(row)) for row in range(3))
