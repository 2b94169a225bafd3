"""Where the window is too small for everything, nothing is cut off: it gives way, and comes back."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from workbench.main_window import MainWindow
from workbench.theme import current
from workbench.window import layout
from workbench.window.training_bar import SPEEDS, Progress

Wait = Callable[..., None]


@pytest.fixture
def crowded(window: MainWindow) -> MainWindow:
    """The window of a projector with the largest text."""
    window.resize(1024, 640)
    current().set_text_size("largest")
    QApplication.processEvents()
    return window


def test_that_the_properties_take_the_place_of_the_middle_where_both_have_no_room(crowded: MainWindow) -> None:
    assert crowded.watching.isVisible()
    crowded.properties_dock.show()
    QApplication.processEvents()
    assert not crowded.watching.isVisible()
    crowded.properties_dock.hide()
    QApplication.processEvents()
    assert crowded.watching.isVisible()


def test_that_the_middle_stays_beside_the_properties_at_the_usual_size_of_text(window: MainWindow) -> None:
    window.resize(1024, 640)
    window.properties_dock.show()
    window.palette_dock.show()
    QApplication.processEvents()
    assert window.watching.isVisible()


def test_that_a_training_brings_the_middle_back(crowded: MainWindow, until: Wait) -> None:
    crowded.properties_dock.show()
    QApplication.processEvents()
    crowded.actions_by_name["trainAction"].trigger()
    until(lambda: crowded.watching.isVisible())
    assert crowded.properties_dock.isHidden()
    crowded.controller.stop()
    until(lambda: crowded.state == "idle")


def test_that_the_undo_history_makes_room_for_the_middle_too(crowded: MainWindow, until: Wait) -> None:
    crowded.resize(720, 480)
    crowded.actions_by_name["historyAction"].trigger()
    crowded.properties_dock.show()
    QApplication.processEvents()
    assert not crowded.watching.isVisible()
    crowded.actions_by_name["trainAction"].trigger()
    until(lambda: crowded.watching.isVisible())
    crowded.controller.stop()
    until(lambda: crowded.state == "idle")


def test_that_the_welcome_page_is_seen_where_the_panels_had_all_the_room(crowded: MainWindow) -> None:
    crowded.properties_dock.show()
    QApplication.processEvents()
    assert not crowded.watching.isVisible()
    crowded.actions_by_name["welcomeAction"].trigger()
    assert crowded.life.welcome is not None
    assert crowded.life.welcome.isVisible()


def test_that_what_is_half_typed_does_not_close_the_welcome_page(window: MainWindow) -> None:
    window.show()
    window.network.layers.select_first()
    form = window.properties.layer_form.form
    assert form is not None
    line = form.rows["units"].editor.main
    line.setFocus()
    QTest.keyClicks(line, "7")
    steps = window.document.stack.count()
    window.actions_by_name["welcomeAction"].trigger()
    assert window.document.stack.count() == steps + 1
    assert window.life.welcome is not None
    assert window.life.welcome.isVisible()


@pytest.mark.parametrize("size", [(1024, 640), (1440, 900)])
def test_that_the_undo_history_shows_ten_changes_below_the_properties_or_alone(
    window: MainWindow, size: tuple[int, int]
) -> None:
    window.resize(*size)
    window.show()
    window.properties_dock.setHidden(size[0] == 1024)
    window.actions_by_name["historyAction"].trigger()
    for _ in range(5):
        QApplication.processEvents()
    changes = window.history.list
    assert changes.viewport().height() >= (10 if size[0] == 1024 else 7) * 26
    top = window.history.mapTo(window, window.history.rect().topLeft()).y()
    heading = window.network.mapTo(window, window.network.rect().topLeft()).y()
    if size[0] == 1024:
        assert top == heading
        right = window.watching.mapTo(window, window.watching.rect().topRight()).x()
        assert window.watching.layout().contentsMargins().right() == 0
        assert window.history.mapTo(window, window.history.rect().topLeft()).x() - right <= 10


def test_that_a_larger_window_has_room_for_both(crowded: MainWindow) -> None:
    crowded.properties_dock.show()
    crowded.resize(1700, 900)
    QApplication.processEvents()
    assert crowded.watching.isVisible()


def places(window: MainWindow) -> list[QRect]:
    """Return where the parts of the training bar stand, from left to right."""
    holder = window.bar.primary.parentWidget()
    assert holder is not None
    children = [child for child in holder.children() if isinstance(child, QWidget) and child.isVisible()]
    return sorted((child.geometry() for child in children), key=QRect.left)


@pytest.mark.parametrize(
    ("width", "size"), [(720, "normal"), (1024, "normal"), (1440, "normal"), (1024, "largest"), (1440, "largest")]
)
def test_that_nothing_in_the_training_bar_lies_on_anything_else(
    window: MainWindow, until: Wait, width: int, size: str
) -> None:
    bar = window.bar
    current().set_text_size(size)
    window.resize(width, 640)
    bar.speed.setValue(SPEEDS.index(1000))
    bar.show_progress(Progress(412.0, 1000, 3725.0, 201_222.0))
    labels = (bar.epoch_label, bar.time_label, bar.rate_label)
    until(lambda: all(label.isHidden() or label.width() >= label.sizeHint().width() for label in labels))
    until(lambda: not any(before.intersects(after) for before, after in pairwise(places(window))))
    if (width, size) == (1440, "normal"):
        assert bar.rate_label.isVisible()


def sized(window: MainWindow, width: int) -> int:
    """Return how wide the card of the network is in a window of this width."""
    window.resize(width, 900)
    QApplication.processEvents()
    return window.network.width()


def test_that_the_network_has_more_room_in_a_larger_window(window: MainWindow) -> None:
    small, large = sized(window, 1440), sized(window, 1920)
    assert small == sized(window, 1280)
    assert small + 80 <= large <= 400
    assert sized(window, 1440) == small


def test_that_a_width_that_was_dragged_or_kept_stays_in_windows_of_all_sizes(window: MainWindow) -> None:
    sized(window, 1440)
    docks = [window.palette_dock, window.network_dock]
    window.resizeDocks(docks, [window.palette_dock.width(), 350], Qt.Orientation.Horizontal)
    QApplication.processEvents()
    assert [sized(window, width) for width in (1440, 1920, 1500)] == [350] * 3
    text = layout.written(window)
    window.docks.reset()
    assert sized(window, 1500) != 350
    window.put_layout(text)
    assert [sized(window, width) for width in (1500, 1920)] == [350] * 2


def test_that_the_card_of_the_network_stays_as_wide_while_the_middle_is_enlarged(window: MainWindow) -> None:
    before = sized(window, 1440)
    for _ in range(2):
        window.watching.enlarge_button.click()
        QApplication.processEvents()
        assert window.network.width() == before
