"""The curves show what the history says, and only when there is something new."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nncore.errors import InputError
from tests.workbench.closing import is_freed
from tests.workbench.panels.conftest import Show
from workbench.panels.curves import CurvePanel
from workbench.panels.curves.vertical import POINT
from workbench.plotting.series import smooth, span_for
from workbench.theme import DARK, LIGHT, current

EPOCHS = np.array([1.0, 2.0])


def losses(count: int = 250) -> np.ndarray:
    return 2 * np.exp(-np.arange(count) / 60) + 0.1 + 0.02 * np.random.default_rng(0).random(count)


def give(panel: CurvePanel, steps: np.ndarray, validation: tuple[float, ...] = (0.3, 0.2), total: float = 5) -> None:
    epochs = EPOCHS[: len(validation)]
    panel.show_history(steps, 100.0, epochs, np.full(len(epochs), 0.4), np.array(validation), total)
    QApplication.processEvents()  # the legend has told its new width, and the layout gives it


class Paints(QObject):
    """Counts the paint events of a widget."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def has_colour(panel: CurvePanel, colour: str) -> bool:
    image = panel.plot.widget.grab().toImage()
    wanted = QColor(colour).rgb()
    return any(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(0, image.height(), 2))


def test_that_the_legend_tells_the_smoothed_and_the_last_validation_value(show: Show) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    steps = losses()
    give(panel, steps)
    train = smooth(steps, span_for(100, 500))[-1]
    assert panel._legend.visible_texts() == [f"train {train:.3f}", "val 0.200"]
    assert f"train {train:.3f}" in panel.accessibleDescription()
    assert panel._legend.toolTip().splitlines() == [
        f"train {train:.3f}: mean of the last 11 steps",
        "val 0.200: all validation samples, after epoch 2",
    ]


def test_that_the_legend_of_a_long_curve_without_a_smoothed_line_tells_the_last_step(show: Show) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    panel._smoothing.setChecked(False)
    steps = np.random.default_rng(2).uniform(1, 2, 5001)
    give(panel, steps)
    assert panel._legend.visible_texts()[0] == f"train {steps[-1]:.2f}"
    assert "the last step" in panel._legend.toolTip()


def test_that_the_legend_tells_the_newest_of_a_thousand_epochs(show: Show) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    epochs = np.arange(1.0, 1001)
    panel.show_history(np.full(1000, np.nan), 1.0, epochs, 1 / epochs, 2 / epochs, 1000)
    QApplication.processEvents()
    assert panel._legend.visible_texts() == ["train 0.00100", "val 0.00200"]
    assert "after epoch 1,000" in panel._legend.toolTip()


def test_that_a_share_is_shown_in_percent_from_nothing_to_all(show: Show) -> None:
    panel = CurvePanel("Accuracy", True)
    show(panel)
    give(panel, np.full(30, 0.968), (0.952,))
    assert panel._legend.visible_texts() == ["train 96.8\N{NO-BREAK SPACE}%", "val 95.2\N{NO-BREAK SPACE}%"]
    low, high = panel.plot.box.viewRange()[1]
    assert low == pytest.approx(0, abs=0.03)
    assert high == pytest.approx(1, abs=0.03)


def test_that_both_curves_are_painted_in_their_colours(show: Show) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    give(panel, losses())
    assert has_colour(panel, LIGHT.training)
    assert has_colour(panel, LIGHT.validation)


def test_that_the_colours_follow_the_theme(show: Show) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    give(panel, losses())
    current().set_mode("dark")
    QApplication.processEvents()
    assert has_colour(panel, DARK.training)
    assert has_colour(panel, DARK.panel)
    assert not has_colour(panel, LIGHT.training)


def test_that_the_empty_state_says_what_to_do_and_goes_when_data_come(show: Show) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    assert panel.empty.isVisible()
    assert panel.empty.text() == "Press Train to see the loss move."
    give(panel, losses(1), ())
    assert not panel.empty.isVisible()
    panel.clear()
    assert panel.empty.isVisible()


def test_that_nothing_new_repaints_nothing(show: Show, qtbot: QtBot) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    steps = losses()
    give(panel, steps)
    qtbot.waitUntil(lambda: not panel._timer.isActive())
    QApplication.processEvents()
    paints = Paints()
    panel.plot.widget.viewport().installEventFilter(paints)
    for _ in range(5):
        give(panel, steps)
        QApplication.processEvents()
    assert paints.count == 0
    give(panel, np.append(steps, 0.1))
    QApplication.processEvents()
    assert paints.count > 0


def test_that_a_hidden_panel_reads_nothing_and_catches_up_when_shown(show: Show) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    panel.hide()
    give(panel, losses())
    assert panel._curve.count == 0
    panel.show()
    QApplication.processEvents()
    assert panel._curve.count == 250
    assert panel._legend.visible_texts()[1] == "val 0.200"


def test_that_values_that_are_no_numbers_are_gaps(show: Show, qtbot: QtBot) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    steps = losses()
    steps[[0, 40, 41, 100]] = [np.nan, np.inf, -np.inf, np.nan]
    for validation in ((np.nan, np.inf), (np.nan, 0.2), (0.3, np.nan)):
        give(panel, steps, validation)
        panel.grab()
    give(panel, np.full(300, np.nan), (np.nan,))
    panel.grab()
    assert panel._raw.getData()[1] is None or np.isfinite(panel._raw.getData()[1]).any()
    assert panel._legend.visible_texts()[0].startswith("train 0.4")


def test_that_a_new_training_begins_a_new_curve(show: Show) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    give(panel, losses())
    give(panel, np.full(10, 7.0), ())
    assert panel._curve.count == 10
    assert panel._legend.visible_texts() == ["train 7.00"]


def test_that_a_long_history_is_read_in_several_goes(show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.panels.curves.panel.AT_ONCE", 1000)
    panel = CurvePanel("Loss", False)
    show(panel)
    give(panel, losses(4500))
    assert panel._curve.count < 4500
    qtbot.waitUntil(lambda: panel._curve.count == 4500)
    assert len(panel._raw.getData()[0]) <= 1500


def test_that_the_vertical_axis_begins_at_zero_and_holds_the_curve(show: Show, qtbot: QtBot) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    give(panel, losses())
    qtbot.waitUntil(lambda: not panel._timer.isActive())
    low, high = panel.plot.box.viewRange()[1]
    assert -0.2 < low <= 0
    assert high > 2.1
    before = (low, high)
    give(panel, np.append(losses(), 0.11))
    assert tuple(panel.plot.box.viewRange()[1]) == before


def test_that_looks_move_the_axis_of_a_growing_curve_and_time_that_of_a_finished_one(show: Show, qtbot: QtBot) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    panel.set_growing(True)
    give(panel, losses())
    give(panel, np.append(losses(), np.full(250, 4.2)))  # one look does not move the axis up to the round number above
    assert not panel._settled
    assert not panel._timer.isActive()
    panel.set_growing(False)
    assert panel._timer.isActive()
    qtbot.waitUntil(lambda: not panel._timer.isActive())
    assert panel.plot.box.viewRange()[1][1] == pytest.approx(5, rel=0.03)


def test_that_the_horizontal_axis_grows_with_the_curve_until_it_holds_all_epochs(show: Show) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    for steps, end in ((0, 20), (3, 0.05), (40, 1), (100, 10), (250, 10), (700, 20)):
        give(panel, losses(steps), (), total=20)
        left, right = panel.plot.box.viewRange()[0]
        assert left == 0
        assert right == pytest.approx(end, rel=0.03)


@pytest.mark.parametrize("height", [120, 400])
def test_that_points_at_the_ends_of_the_axis_are_whole(show: Show, height: int) -> None:
    panel = CurvePanel("Accuracy", True)
    show(panel, height=height)
    give(panel, losses(), (0.0, 1.0))
    low, high = panel.plot.box.viewRange()[1]
    pixels = panel.plot.box.height() / (high - low)
    assert (high - 1) * pixels >= POINT / 2
    assert -low * pixels >= POINT / 2


def test_that_points_that_would_touch_do_not_cover_the_curves(show: Show) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    for last in (1, 4, 60, 300):
        epochs = np.arange(1.0, last + 1)
        panel.show_history(losses(100 * last), 100.0, epochs, 1 / epochs, 1 / epochs, 300)
        shown = panel._points.getData()[0]
        pixels = panel.plot.box.width() / panel.plot.box.viewRange()[0][1]
        assert shown[-1] == last
        assert len(shown) == last or 10 <= len(shown) < 50
        assert (np.diff(shown) * pixels > POINT).all()


def test_that_the_logarithmic_axis_draws_powers_and_is_offered_for_losses_only(show: Show) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    panel._log.setChecked(True)
    give(panel, np.array([100.0, 10.0, 0.0, 1.0, -1.0]), ())
    drawn = panel._raw.getData()[1]
    assert drawn[[0, 1, 3]] == pytest.approx([2, 1, 0])
    assert np.isnan(drawn[[2, 4]]).all()
    panel.set_metric("Accuracy", True)
    assert not panel._log.isVisible()
    assert not panel._axis.logarithmic


def test_that_another_metric_brings_title_unit_and_scale(show: Show) -> None:
    panel = CurvePanel("Accuracy", True)
    show(panel)
    panel.set_metric("Mean absolute error", False, unit="mg", scale=10.0)
    give(panel, np.full(50, 4.24), ())
    assert panel.accessibleName() == "Mean absolute error"
    assert panel._legend.visible_texts() == ["train 42.4 mg"]
    assert panel.empty.text() == "Press Train to see the mean absolute error move."


def test_that_the_legend_drops_words_before_numbers_in_a_narrow_panel(show: Show) -> None:
    panel = CurvePanel("Mean absolute error", False)
    show(panel, 230, 220)
    give(panel, losses())
    QApplication.processEvents()
    assert [len(text.split()) for text in panel._legend.visible_texts()] == [1, 1]
    panel.resize(900, 220)
    QApplication.processEvents()
    assert [len(text.split()) for text in panel._legend.visible_texts()] == [2, 2]


def test_that_a_long_title_is_shortened_before_the_words_of_the_legend(show: Show) -> None:
    panel = CurvePanel("Mean absolute error", False)
    show(panel, 300, 220)
    assert panel._title.words() == "Mean absolute error"
    give(panel, losses())
    QApplication.processEvents()
    assert panel._title.words() == "MAE"
    assert [len(text.split()) for text in panel._legend.visible_texts()] == [2, 2]
    panel.resize(900, 220)
    QApplication.processEvents()
    assert panel._title.words() == "Mean absolute error"


def test_that_the_table_has_a_row_for_each_step_and_the_means_of_epochs(show: Show, tmp_path: Path) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    steps = losses()
    give(panel, steps)
    panel.save_csv(tmp_path / "loss.csv")
    rows = list(csv.DictReader((tmp_path / "loss.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 250
    assert [float(row["raw"]) for row in rows] == pytest.approx(list(steps))
    assert float(rows[-1]["smoothed"]) == pytest.approx(smooth(steps, span_for(100, 500))[-1])
    assert [row["step"] for row in rows if row["validation_epoch"]] == ["100", "200"]
    assert rows[99]["validation_epoch"] == "0.3"


def test_that_pictures_and_drawings_are_written_whole_or_not_at_all(show: Show, tmp_path: Path) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    give(panel, losses())
    panel.save_png(tmp_path / "a.png")
    panel.save_svg(tmp_path / "a.svg")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    drawing = (tmp_path / "a.svg").read_text("utf-8")
    assert drawing.rstrip().endswith("</svg>")
    assert LIGHT.training in drawing
    with pytest.raises(InputError, match="cannot be written"):
        panel.save_png(tmp_path / "missing" / "a.png")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "a.svg"]
    assert panel.menu_button.isVisible()


def test_that_the_clipboard_gets_the_picture(show: Show) -> None:
    panel = CurvePanel("Loss", False)
    show(panel, 300, 200)
    panel.copy_picture()
    assert QApplication.clipboard().image().width() == 600


@pytest.mark.parametrize("name", ["loss.csv", "loss.png", "loss.svg"])
def test_that_it_is_told_what_came_of_saving(show: Show, tmp_path: Path, name: str) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    told: list[tuple[str, str, bool]] = []
    panel.message.connect(lambda *words: told.append(words))
    panel._save(str(tmp_path / "missing" / name))
    panel._save(str(tmp_path / "loss.bmp"))
    panel._save(str(tmp_path / name))
    assert [error for *_, error in told] == [True, True, False]
    assert "cannot be written" in told[0][0]
    assert "loss.bmp" in told[1][0]
    assert told[2] == (f"Saved {name}.", "", False)
    assert (tmp_path / name).is_file()


def test_that_the_place_under_the_mouse_is_told_in_words(show: Show) -> None:
    panel = CurvePanel("Loss", False)
    show(panel)
    give(panel, losses())
    words = panel.describe(2.01, 0.0)
    assert words.startswith("epoch 2.0")
    assert "train " in words
    assert words.endswith("val 0.200 after epoch 2")
    assert panel.describe(4.0, 0.0) == ""


def test_that_a_closed_panel_is_collected(qapp: QApplication) -> None:
    def filled() -> CurvePanel:
        panel = CurvePanel("Loss", False)
        panel.resize(400, 300)
        panel.show()
        give(panel, losses())
        return panel

    assert is_freed(filled, lambda panel: panel.plot.widget)
