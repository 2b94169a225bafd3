"""What the window says of data, errors and rows that do not fit: once, in one place, and only as long as it is so."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QEnterEvent, QStatusTipEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from nncore.layers import Dense, Reshape
from nncore.losses import MeanSquaredError
from tests.workbench.driving import Wait
from workbench.main_window import MainWindow
from workbench.theme import current
from workbench.window import tab_order, tips


@pytest.fixture
def tables(tmp_path: Path) -> tuple[Path, Path]:
    """A table that can be learned from, and one with a word among its numbers."""
    good, bad = tmp_path / "flats.csv", tmp_path / "broken.csv"
    lines = [f"{row},{row * 7 % 11},{row % 5},{row * 3.5 + 0.25}" for row in range(60)]
    good.write_text("rooms,size,floor,rent\n" + "\n".join(lines))
    bad.write_text("rooms,size,floor,rent\n" + "\n".join([*lines[:9], "1,many,2,3.5", *lines[9:]]))
    return good, bad


def enter(widget: QWidget) -> None:
    """Move the mouse onto a widget."""
    point = widget.rect().center().toPointF()
    QApplication.sendEvent(widget, QEnterEvent(point, point, widget.mapToGlobal(point)))
    widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)


def load(window: MainWindow, path: Path, until: Wait) -> None:
    window.facts.choose(str(path))
    until(
        lambda: not window.controller.loading and window.controller.loader._loaded == window.controller.loader._wanted
    )


# --- Pictures and numbers of panels -----------------------------------------------------------------------------


def test_that_every_panel_tells_in_the_window_what_came_of_saving(window: MainWindow, tmp_path: Path) -> None:
    watching = window.watching
    watching.complete()
    watched = [watching.loss_curve, watching.metric_curve, watching.picture, watching.gallery, watching.writing]
    for panel in (*watched, watching.steps, watching.boundary, watching.regression, watching.forecast):
        panel._save(str(tmp_path / "missing" / "a.png"))
        assert watching.banner.isVisible()
        panel._save(str(tmp_path / "a.png"))
        assert window.status.text() == "Saved a.png."
        assert not watching.banner.isVisible(), "the error is over"
        window.labels.show_message("", "")
        (tmp_path / "a.png").unlink()


# --- Data -------------------------------------------------------------------------------------------------------


def test_that_loaded_data_are_told_in_one_sentence(window: MainWindow, tables: tuple[Path, Path], until: Wait) -> None:
    load(window, tables[0], until)
    assert window.status.text() == "flats.csv: 60 samples, 3 inputs, predicts rent."
    window.facts.choose("mnist-5k")
    until(lambda: "MNIST 5,000:" in window.status.text())
    assert "pictures of 28 × 28 pixels, predicts digit (10 classes)." in window.status.text()


def test_that_refused_data_are_told_under_the_input_alone_and_forgotten_when_others_are_loaded(
    window: MainWindow, tables: tuple[Path, Path], until: Wait
) -> None:
    good, bad = tables
    window.resize(1024, 480)
    window.document.insert_layers(0, [Dense(8)] * 20)
    window.network.layers.scrollToBottom()
    load(window, bad, until)
    rows = window.network.layers
    assert "many" in rows.rows.view(0).spoken
    assert rows.visualRect(rows.rows.index(0)).top() == 0, "it is brought into view"
    assert not window.watching.banner.isVisible()
    assert "many" not in window.status.text()
    load(window, good, until)
    assert "many" not in rows.rows.view(0).spoken
    assert "flats.csv" in window.status.text()


def test_that_refused_data_are_told_above_the_plots_where_the_input_is_not_seen(
    window: MainWindow, tables: tuple[Path, Path], until: Wait
) -> None:
    good, bad = tables
    window.network_dock.hide()
    load(window, bad, until)
    banner = window.watching.banner
    assert "many" in banner.sentence.text()
    assert "many" not in window.status.text()
    load(window, good, until)
    assert not banner.isVisible()
    assert "flats.csv" in window.status.text()


def test_that_an_error_in_the_status_bar_goes_with_the_next_edit(window: MainWindow) -> None:
    window.watching.hide()
    window.show_message("It is wrong.", "Mend it.", True)
    assert "wrong" in window.status.text()
    window.document.insert(0, Dense(3))
    assert window.status.text() == ""
    window.show_message("It is done.", "", False)
    window.document.insert(0, Dense(3))
    assert window.status.text() == "It is done."


def test_that_no_samples_and_counts_of_former_data_stay_when_data_are_refused(
    window: MainWindow, tables: tuple[Path, Path], until: Wait
) -> None:
    good, bad = tables
    load(window, good, until)
    assert "train" in window.network.layers.rows.view(0).right
    load(window, bad, until)
    assert window.watching.stack.currentWidget() is window.watching.unusable.parentWidget()
    assert window.network.layers.rows.view(0).right == ""
    load(window, good, until)
    assert window.watching.stack.currentWidget() is window.watching.regression


def test_that_curves_of_a_training_before_a_change_are_said_to_be_so(
    window: MainWindow, tables: tuple[Path, Path], until: Wait
) -> None:
    window.document.set_training(window.document.project.training.replace(epochs=3))
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle" and window.controller.checkpoint is not None)
    assert window.bar.time_label.text() == ""
    load(window, tables[0], until)
    assert window.bar.time_label.text() == "edited since the training"
    window.watching.show_picture()
    window.document.stack.setIndex(1)
    until(lambda: window.bar.time_label.text() == "")
    window.document.insert(0, Dense(3))
    assert window.bar.time_label.text() == window.watching.picture.note.text() == "edited since the training"
    window.document.stack.undo()
    assert window.bar.time_label.text() == ""


# --- What does not fit ------------------------------------------------------------------------------------------


def test_that_what_does_not_fit_is_named(window: MainWindow) -> None:
    document, hint = window.document, window.bar.hint
    assert not hint.isVisible()
    document.remove_layers(range(len(document.network)))
    assert hint.text() == "No layers yet"
    assert window.watching.loss_curve.empty.text() == "Add a layer first."
    document.insert(0, Dense(7))
    assert hint.text() == "The loss does not fit yet"
    assert window.watching.loss_curve.empty.text() == "Mend the marked row first."
    document.set_disabled([0], True)
    assert hint.text() == "All layers are disabled"
    assert window.watching.loss_curve.empty.text() == "Enable a layer first."
    document.stack.setIndex(0)
    assert not hint.isVisible()
    assert "Press Train" in window.watching.loss_curve.empty.text()


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_that_the_words_about_a_problem_lead_to_its_row(window: MainWindow, qtbot: QtBot, by: str) -> None:
    document, layers, hint = window.document, window.network.layers, window.bar.hint
    window.resize(1024, 640)
    document.insert_layers(0, [Dense(8)] * 20)
    document.insert(len(document.network), Dense(7))
    layers.select_position(0)
    layers.scrollToTop()
    last = layers.rows.index(len(document.network) + 1)
    QApplication.processEvents()
    assert not layers.viewport().rect().contains(layers.visualRect(last))
    assert hint in tab_order.stops(window)
    assert hint.accessibleName() == "The loss does not fit yet"
    if by == "mouse":
        qtbot.mouseClick(hint, Qt.MouseButton.LeftButton)
    else:
        hint.setFocus()
        qtbot.keyClick(hint, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert layers.currentIndex() == last
    assert layers.viewport().rect().contains(layers.visualRect(last))
    document.replace_layer(3, Reshape((5, 5)))
    qtbot.waitUntil(lambda: "layer" in hint.text())
    hint.click()
    assert layers.selected_position() == 3


def test_that_data_that_cannot_be_read_are_told_apart_from_data_that_do_not_fit(
    window: MainWindow, tables: tuple[Path, Path], until: Wait
) -> None:
    load(window, tables[1], until)
    assert window.bar.hint.text() == "The data cannot be read"
    load(window, tables[0], until)
    assert window.bar.hint.text() != "The data cannot be read"
    window.document.set_data_info(window.document.target, (99,))
    assert window.bar.hint.text() == "The data do not fit yet"


def test_that_properties_say_of_which_of_several_layers_they_are(window: MainWindow) -> None:
    layers, words = window.network.layers, window.findChild(QLabel, "layerForm.several")
    assert words is not None
    window.document.insert_layers(0, [Dense(8), Dense(9)])
    layers.select_positions([0])
    assert not words.isVisible()
    layers.select_positions([0, 2])
    assert words.isVisible()
    assert words.text() == "2 layers selected; these are the settings of layer 3."
    layers.select_positions([0, 1, 2], current=1)
    assert words.text() == "3 layers selected; these are the settings of layer 2."
    layers.select_position(1)
    assert not words.isVisible()


def test_that_the_status_bar_follows_what_the_coloured_button_does(window: MainWindow, until: Wait) -> None:
    bar = window.statusBar()
    window.labels.tips.release()  # as if what was told had been read
    enter(window.bar.primary)
    assert bar.currentMessage() == "Learn from the data (Space)"
    window.document.set_training(window.document.project.training.replace(epochs=900_000))
    window.actions_by_name["trainAction"].trigger()
    window.labels.tips.release()
    assert bar.currentMessage() == "Wait before the next step (Space)"
    window.actions_by_name["stopAction"].trigger()
    until(lambda: window.state == "idle")
    window.labels.tips.release()
    assert bar.currentMessage() == "Learn from the data (Space)"
    window.document.remove_layers(range(len(window.document.network)))
    assert bar.currentMessage() == "No layers yet"
    QApplication.sendEvent(window.bar.primary, QEvent(QEvent.Type.Leave))
    assert bar.currentMessage() == ""


def test_that_a_message_is_seen_though_the_mouse_lies_on_a_button_and_its_tip_comes_afterwards(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, until: Wait, tmp_path: Path
) -> None:
    monkeypatch.setattr(tips, "FRESH", 300)
    bar = window.statusBar()
    window.labels.tips.release()
    enter(window.bar.primary)
    assert bar.currentMessage() == "Learn from the data (Space)"
    window.files.save_to(tmp_path / "net.nnw")
    until(lambda: window.document.clean and "Saved" in window.status.text())
    assert window.status.isVisible()
    assert bar.currentMessage() == ""
    QApplication.sendEvent(window.bar.primary, QStatusTipEvent("of another button"))
    assert window.status.isVisible(), "a tip that comes meanwhile waits"
    until(lambda: bar.currentMessage() == "of another button")
    QApplication.sendEvent(window.bar.primary, QStatusTipEvent(""))
    assert window.status.isVisible()


def test_that_no_tip_comes_after_a_message_when_the_mouse_has_gone(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(tips, "FRESH", 50)
    window.labels.tips.release()
    enter(window.bar.primary)
    window.show_message("It is done.", "", False)
    QApplication.sendEvent(window.bar.primary, QEvent(QEvent.Type.Leave))
    qtbot.wait(150)
    assert window.statusBar().currentMessage() == ""
    assert window.status.isVisible()


def test_that_every_entry_of_the_view_menu_has_words(window: MainWindow) -> None:
    words = [action.text().replace("&", "") for action in window.menus.view.actions()]
    assert all(words)
    assert {"Theme", "Panels", "Text size", "Colours", "Go to"} <= set(words)
    assert isinstance(window.menus.view.actions()[0].menu(), QMenu)


def test_that_a_wrong_loss_is_no_layer(window: MainWindow) -> None:
    window.document.set_training(window.document.project.training.replace(loss=MeanSquaredError()))
    window.document.insert(len(window.document.network), Dense(5))
    assert window.bar.hint.text() == "The loss does not fit yet"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_that_train_and_pause_have_icons_that_are_seen_on_the_button_and_in_the_menu(
    window: MainWindow, theme: str
) -> None:
    current().set_mode(theme)
    tokens = current().tokens
    for name in ("trainAction", "pauseAction"):
        picture = window.actions_by_name[name].icon().pixmap(16, 16).toImage()
        shown = {
            picture.pixelColor(x, y).name()
            for x in range(16)
            for y in range(16)
            if picture.pixelColor(x, y).alpha() == 255
        }
        assert shown == {tokens.dim.lower()}
    window.bar.primary.ensurePolished()
    picture = window.bar.primary.grab().toImage()
    colours = {picture.pixelColor(x, y).name() for x in range(30, 48) for y in range(picture.height())}
    assert tokens.on_accent.lower() in colours
    current().set_mode("light")


def test_that_an_error_is_gone_when_the_same_goes_well(window: MainWindow) -> None:
    clipboard, banner = QApplication.clipboard(), window.watching.banner
    clipboard.setText("Dense(none_yet)")
    window.network.layers.paste()
    assert banner.isVisible()
    window.actions_by_name["newSeedAction"].trigger()
    assert banner.isVisible()  # another matter
    clipboard.setText("Dense(3)")
    window.network.layers.paste()
    assert not banner.isVisible()


def test_that_data_that_are_being_read_are_told_until_they_are_there(
    window: MainWindow, tables: tuple[Path, Path], until: Wait
) -> None:
    window.facts.choose(str(tables[0]))
    assert window.status.text() == "Reading flats.csv…"
    until(lambda: window.status.text() == "flats.csv: 60 samples, 3 inputs, predicts rent.")
    window.facts.choose(str(tables[1]))
    assert window.status.text() == "Reading broken.csv…"
    until(lambda: window.document.trace.input_problem is not None)
    assert "Reading" not in window.status.text()


def test_that_the_note_on_later_changes_goes_when_they_are_undone(window: MainWindow, until: Wait) -> None:
    window.actions_by_name["stepAction"].trigger()
    until(lambda: window.state == "paused")
    stack, status = window.document.stack, window.labels.status
    window.document.replace_layer(0, Dense(3))
    window.document.rename_layer(0, "mine")
    for act, behind in ((stack.undo, True), (stack.undo, False), (stack.redo, True), (stack.undo, False)):
        act()
        assert ("goes on as it was started" in status.text()) == behind
    window.labels.show_message("Something else.", "")
    window.document.set_training(window.document.project.training.replace(epochs=7))
    assert status.text() == "Something else."
