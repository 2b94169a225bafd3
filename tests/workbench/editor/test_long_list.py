"""An edit of a long list does the work of the rows in sight, not of all."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pytest
from PySide6.QtWidgets import QApplication

from nncore.layers import Dense, Dropout
from nncore.losses import SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.project import Project, TrainingSettings
from workbench.document import Document
from workbench.editor import LayerView, layer_model
from workbench.editor.layer_delegate import LayerDelegate

IN_SIGHT = 14  # rows of 62 pixels in 700, and one cut off at either end


@pytest.fixture
def long(view: LayerView, document: Document) -> LayerView:
    """The list with 200 layers, painted, its middle in sight."""
    layers = (*(Dense(8 + number % 3, "relu") for number in range(199)), Dense(10, "softmax"))
    settings = TrainingSettings(loss=SparseCategoricalCrossentropy())
    document.open(Project("long", Network((4,), layers), training=settings))
    document.set_data_info(Target(10), (4,))
    view.select_position(100)
    view.lay_out_again()  # for the width that the scroll bar leaves
    QApplication.processEvents()
    return view


def test_that_the_current_row_stays_in_view_when_the_list_gets_lower(long: LayerView) -> None:
    def seen() -> bool:
        return long.viewport().rect().contains(long.visualRect(long.currentIndex()))

    assert seen()
    long.resize(long.width(), 160)
    QApplication.processEvents()
    assert seen()
    long.scrollToTop()
    long.resize(long.width(), 140)
    QApplication.processEvents()
    assert not seen(), "who has scrolled away stays there"


EDITS: dict[str, Callable[[LayerView], object]] = {
    "set a field": lambda view: view.document.replace_layer(100, Dense(9, "tanh")),
    "rename": lambda view: view.document.rename_layer(100, "mine"),
    "insert": lambda view: view.add(Dropout(0.5)),
    "remove": LayerView.remove_selected,
    "move": LayerView.move_up,
}


@pytest.mark.parametrize("name", EDITS)
def test_that_an_edit_makes_the_rows_in_sight_and_paints_what_is_new(
    long: LayerView, document: Document, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []
    painted: list[str] = []
    layer_row, paint_row = layer_model.layer_row, LayerDelegate.paint_row
    monkeypatch.setattr(
        layer_model, "layer_row", lambda *arguments: (made.append(arguments[2]), layer_row(*arguments))[1]
    )
    monkeypatch.setattr(
        LayerDelegate, "paint_row", lambda self, *given: (painted.append(given[1].title), paint_row(self, *given))[1]
    )
    for act in (lambda: EDITS[name](long), document.stack.undo, document.stack.redo):
        made.clear()
        painted.clear()
        act()
        QApplication.processEvents()
        assert made
        assert len(made) <= IN_SIGHT + 2
        assert len(painted) <= 6  # the changed rows and those that an edit brought into sight; the others are pictures


def test_that_an_edit_without_errors_asks_for_no_heights(
    long: LayerView, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[LayerView] = []
    monkeypatch.setattr(LayerView, "doItemsLayout", asked.append)
    document.replace_layer(100, Dense(9, "tanh"))
    document.rename_layer(3, "mine")
    QApplication.processEvents()
    assert asked == []


def test_that_an_error_that_stays_as_it_is_moves_no_rows(
    long: LayerView, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    document.replace_layer(199, Dense(3, "softmax"))
    assert document.trace.problems
    QApplication.processEvents()
    asked: list[LayerView] = []
    monkeypatch.setattr(LayerView, "doItemsLayout", asked.append)
    document.rename_layer(3, "mine")
    assert asked == []


def asked_heights(act: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> int:
    """How many times an edit and its painting ask for the height of a row."""
    asked: list[int] = []
    kind = layer_model.LayerModel.plain_kind
    with monkeypatch.context() as patch:
        patch.setattr(layer_model.LayerModel, "plain_kind", lambda self, row: (asked.append(row), kind(self, row))[1])
        act()
        QApplication.processEvents()
    return len(asked)


@pytest.mark.parametrize("positions", [[100], range(1, 199), range(60, 120, 2)])
def test_that_a_new_order_asks_for_heights_in_sight_only(
    long: LayerView, document: Document, positions: Collection[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    long.select_positions(positions)
    QApplication.processEvents()
    for act in (long.move_up, document.stack.undo, document.stack.redo):
        assert 0 < asked_heights(act, monkeypatch) <= 6 * IN_SIGHT


@pytest.mark.parametrize("act", [LayerView.duplicate_selected, LayerView.remove_selected])
@pytest.mark.parametrize("positions", [[100], range(200), range(60, 120, 2)])
def test_that_an_edit_of_many_layers_asks_for_each_height_once(
    long: LayerView,
    document: Document,
    act: Callable[[LayerView], object],
    positions: Collection[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long.select_positions(positions)
    QApplication.processEvents()
    for step in (lambda: act(long), document.stack.undo, document.stack.redo):
        before = long.rows.rowCount()
        asked = asked_heights(step, monkeypatch)
        assert asked <= max(before, long.rows.rowCount()) + 6 * IN_SIGHT


def test_that_a_new_order_leads_no_selected_rows(
    long: LayerView, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    led, watched = list[int](), 100  # Qt's tester keeps an eye on so many
    lead = layer_model.LayerModel.changePersistentIndexList
    monkeypatch.setattr(
        layer_model.LayerModel,
        "changePersistentIndexList",
        lambda self, old, new: (led.append(len(old)), lead(self, old, new))[1],
    )
    long.select_positions(range(1, 200))
    for act in (long.move_up, document.stack.undo, document.stack.redo):
        act()
        assert led.pop() <= watched + 2  # the current row, and where the keyboard's selection began
    assert long.selected_positions() == list(range(199))


def test_that_the_selection_goes_along_with_layers_that_something_else_moves(
    long: LayerView, document: Document
) -> None:
    long.select_positions([3, 5, 150])
    document.move_layers([3, 5], 100)
    assert long.selected_positions() == [98, 99, 150]
