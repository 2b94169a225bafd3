"""The marks beside the curves: where a setting was changed while the training ran."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QApplication

from nncore.training.changes import MOST_CHANGES, Changed
from nncore.training.pace import Pace
from tests.workbench.driving import Wait, set_epochs, steps, train
from tests.workbench.panels.conftest import Show
from workbench.main_window import MainWindow
from workbench.panels.curves import CurvePanel
from workbench.theme import current

RATE = "learning rate 0.01 → 0.001"


def rate(epoch: float, before: float = 0.01, after: float = 0.001) -> Changed:
    return Changed(round(100 * epoch), epoch, "learning rate", before, after)


def given(show: Show, changes: list[Changed], width: int = 700) -> CurvePanel:
    """Return a panel with a curve over five epochs and these changes."""
    panel = CurvePanel("Loss", False)
    show(panel)
    panel.resize(width, 260)
    panel.show_history(np.linspace(2, 1, 300), 100.0, np.arange(1.0, 4.0), np.ones(3), np.ones(3), 5)
    panel.show_changes(changes)
    QApplication.processEvents()
    return panel


def lines(panel: CurvePanel) -> list[float]:
    """Return where lines are drawn."""
    places, _ = panel._changes._lines.getData()
    return [] if places is None else [float(place) for place in places[::2]]


def test_that_a_change_has_a_line_words_and_a_tooltip(show: Show) -> None:
    panel = given(show, [rate(1.5)])
    assert lines(panel) == [1.5]
    assert panel._changes.texts() == [RATE]
    assert panel.describe(1.5, 0.5).startswith(RATE)
    assert RATE not in panel.describe(2.5, 0.5)


def test_that_changes_close_together_are_one_mark_that_tells_them_all(show: Show) -> None:
    panel = given(
        show, [rate(1.5), Changed(150, 1.502, "batch size", 32, 64), Changed(150, 1.505, "dropout: rate", 0.2, 0.5)]
    )
    assert lines(panel) == [1.5]
    assert panel._changes.texts() == ["3 changes"]
    assert panel.describe(1.5, 0.5).split("\n")[:3] == [RATE, "batch size 32 → 64", "dropout: rate 0.2 → 0.5"]


def test_that_a_slider_that_was_pulled_is_one_change_from_its_first_value_to_its_last(show: Show) -> None:
    pulled = [rate(1.5, 0.001, 0.002), rate(1.51, 0.002, 0.004), rate(1.52, 0.004, 0.015)]
    panel = given(show, pulled)
    assert lines(panel) == [1.5]
    assert panel._changes.texts() == ["learning rate 0.001 → 0.015"]
    assert panel.describe(1.5, 0.5).split("\n")[0] == "learning rate 0.001 → 0.015"
    assert "0.004" not in panel.describe(1.5, 0.5)
    panel.show_changes([*pulled, rate(1.53, 0.015, 0.001)])
    QApplication.processEvents()
    assert panel._changes.texts() == ["4 changes"], "back to where it began is no change from one value to another"


def test_that_changes_whose_words_have_no_room_are_marked_by_an_arrowhead(show: Show) -> None:
    panel = given(show, [rate(1.0), rate(2.5)])
    assert len(panel._changes.texts()) == 2
    assert not panel._changes._heads.isVisible()
    panel.resize(700, 110)
    QApplication.processEvents()
    assert panel._changes.texts() == []
    assert panel._changes._heads.isVisible()
    assert sorted(panel._changes._heads.getData()[0]) == [1.0, 2.5]


def test_that_fewer_words_stand_where_all_have_no_room(show: Show) -> None:
    panel = given(show, [rate(3.9), rate(4.0)])
    assert panel._changes.texts() == ["learning rate 0.001", RATE], "the newest has a line at its left and little room"


RIGHT = [rate(4.1), rate(4.35), rate(4.6), rate(4.85)]


def boxes(panel: CurvePanel) -> list[QRectF]:
    """Return where words stand in the scene, the newest first."""
    return [label.mapRectToScene(label.boundingRect()) for label in panel._changes._labels if label.isVisible()]


def scene(panel: CurvePanel, x: float, y: float = 0.0) -> QPointF:
    """Return where a point of the plot is in the scene."""
    place: QPointF = panel.plot.box.mapViewToScene(QPointF(x, y))
    return place


def crossed(panel: CurvePanel, box: QRectF) -> list[float]:
    """Return the lines that words run across."""
    return [line for line in lines(panel) if box.left() < scene(panel, line).x() < box.right()]


@pytest.mark.parametrize("width", [300, 700])
@pytest.mark.parametrize("changes", [RIGHT[1:], RIGHT[2:], RIGHT[3:]])
def test_that_near_the_right_edge_words_stand_at_the_left_of_their_line_over_older_lines_alone(
    show: Show, changes: list[Changed], width: int
) -> None:
    panel = given(show, changes, width)
    assert len(panel._changes.texts()) == len(changes)
    for box, change in zip(boxes(panel), reversed(changes), strict=False):
        assert 1 <= scene(panel, change.epoch).x() - box.right() <= 4, "at its own line, which is seen beside it"
        assert all(line < change.epoch for line in crossed(panel, box))


def test_that_words_cross_no_line_where_they_have_room_elsewhere(show: Show) -> None:
    panel = given(show, [rate(2.2), rate(2.6)])
    assert panel._changes.texts() == [RATE, RATE]
    assert [crossed(panel, box) for box in boxes(panel)] == [[], []]


def test_that_words_rather_cross_many_lines_of_older_changes_than_one_of_a_newer(show: Show) -> None:
    panel = given(show, [rate(2.0), rate(2.3), rate(2.6), rate(3.2)])
    assert panel._changes.texts()[:2] == [RATE, RATE]
    assert [crossed(panel, box) for box in boxes(panel)[:2]] == [[], [2.0, 2.3]]


def test_that_words_do_not_end_at_the_line_of_another_change(show: Show) -> None:
    panel = given(show, [rate(4.9)])
    (box,) = boxes(panel)
    end = panel.plot.box.mapSceneToView(QPointF(box.left() - 3, box.top())).x()
    panel.show_changes([rate(end), rate(4.9)])
    QApplication.processEvents()
    assert panel._changes.texts()[0] == "learning rate 0.001"


def test_that_words_without_any_other_room_cross_the_line_of_a_newer_change(show: Show) -> None:
    panel = given(show, [rate(0.15), rate(0.4)])
    assert panel._changes.texts() == [RATE, RATE]
    assert [crossed(panel, box) for box in boxes(panel)] == [[], [0.4]]


def test_that_words_never_cross_the_line_of_a_change_without_words(show: Show) -> None:
    wordless = Changed(250, 2.5, "a name as long as the plot", 0.2, 0.5)
    panel = given(show, [rate(1.5), wordless], 300)
    assert panel._changes.texts() == []
    assert sorted(panel._changes._heads.getData()[0]) == [1.5, 2.5]
    panel.show_changes([rate(1.5), replace(wordless, name="a")])
    QApplication.processEvents()
    assert panel._changes.texts() == ["a 0.2 → 0.5", RATE]
    assert crossed(panel, boxes(panel)[1]) == [2.5]


@pytest.mark.parametrize("width", [300, 700])
def test_that_words_never_cross_the_line_of_an_older_change_without_words_either(show: Show, width: int) -> None:
    """There are three rows: the words of the oldest find no room, and those of the others would cross its line."""
    panel = given(show, RIGHT, width)
    assert panel._changes.texts() == []
    assert sorted(panel._changes._heads.getData()[0]) == lines(panel)


def test_that_neither_grid_nor_points_strike_words_through(show: Show) -> None:
    panel = given(show, [rate(1.5)])
    (label,) = [label for label in panel._changes._labels if label.isVisible()]
    ground = label.fill.color()
    assert ground.name() == current().tokens.panel
    assert ground.alpha() > 200
    assert label.zValue() > max(item.zValue() for item in (panel._points, panel._raw, panel._changes._lines))


def test_that_words_without_room_are_left_to_the_tooltip(show: Show) -> None:
    panel = given(show, [rate(number / 20) for number in range(MOST_CHANGES)], width=400)
    assert 1 < len(lines(panel)) <= MOST_CHANGES
    assert (np.diff(lines(panel)) > 0).all()
    words = [box.adjusted(1, 1, -1, -1) for box in boxes(panel)]  # they may touch
    assert not any(one.intersects(other) for one in words for other in words if one is not other)
    assert RATE in panel.describe(lines(panel)[0], 0.5)


def test_that_the_words_of_a_late_change_stay_inside_the_plot(show: Show) -> None:
    panel = given(show, [rate(4.95)])
    (box,) = boxes(panel)
    assert box.right() <= panel.plot.box.mapRectToScene(panel.plot.box.rect()).right()


def test_that_a_new_training_has_no_marks(show: Show) -> None:
    panel = given(show, [rate(1.5)])
    panel.clear()
    assert lines(panel) == []
    assert panel._changes.texts() == []


def test_that_steps_of_another_size_keep_the_ends_of_epochs_where_they_are(show: Show) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    pace = Pace.even(10).changed(20, 2, 40)
    panel.show_history(np.linspace(2, 1, 60), pace, np.arange(1.0, 4.0), np.ones(3), np.full(3, 0.5), 5)
    x, _ = panel._raw.getData()
    assert x[[9, 19, 59]].tolist() == [1, 2, 3]
    _, rows = panel.table()
    ends = [row for row in rows if row[5]]
    assert [row[:2] for row in ends] == [["1", 10], ["2", 20], ["3", 60]]


# --- In the window ------------------------------------------------------------------------------------------------


def set_rate(window: MainWindow, rate: float) -> None:
    training = window.document.project.training
    window.document.set_training(training.replace(optimizer=training.optimizer.replace(learning_rate=rate)))


def marked(window: MainWindow) -> list[tuple[float, str]]:
    """Return where marks of the loss stand, and what they say."""
    panel = window.watching.loss_curve
    QApplication.processEvents()
    return [(place, panel.describe(place, 0.5).split("\n")[0]) for place in lines(panel)]


def test_that_a_change_in_a_pause_is_marked_where_the_training_goes_on(window: MainWindow, until: Wait) -> None:
    set_epochs(window, 3)
    for wanted in range(1, 5):
        window.actions_by_name["stepAction"].trigger()
        until(lambda wanted=wanted: window.state == "paused" and steps(window) == wanted)
    history = window.controller.history
    assert history is not None
    made = steps(window)
    set_rate(window, 0.5)
    window.actions_by_name["trainAction"].trigger()
    until(lambda: window.state == "idle")
    assert [change.step for change in history.changes] == [made]
    assert marked(window) == [(history.pace.epoch(made), "learning rate 0.03 → 0.5")]


def test_that_a_change_after_the_end_is_marked_where_the_training_goes_on(window: MainWindow, until: Wait) -> None:
    train(window, until, 2)
    assert marked(window) == []
    set_rate(window, 0.5)
    window.controller.train_more(2)
    until(lambda: window.state == "idle")
    assert marked(window) == [(2.0, "learning rate 0.03 → 0.5")]
    window.controller.train_more(1)
    until(lambda: window.state == "idle")
    assert marked(window) == [(2.0, "learning rate 0.03 → 0.5")], "what did not change has no mark"
