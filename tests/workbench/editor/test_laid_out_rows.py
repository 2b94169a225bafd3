"""Rows stand, and look, as in a list that is made anew, though an edit lays out and paints only what it changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QEvent, QRect
from PySide6.QtWidgets import QApplication

from nncore.editing.edits import Insert, Remove, Several
from nncore.layers import Conv2D, Dense, Dropout, Layer
from nncore.losses import SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.project import Project, TrainingSettings
from workbench.document import Document
from workbench.editor import LayerView
from workbench.theme.theme import current

# Two linear Dense in a row have a hint, Conv2D after a Dense an error: such rows are taller than others.
KINDS: tuple[Layer, ...] = (Dense(8, "linear"), Dense(6, "linear"), Dense(5, "relu"), Dropout(0.5), Conv2D(2, (3, 3)))


@pytest.fixture(autouse=True)
def theme(qapp: QApplication) -> Iterator[None]:
    """There is one, and it is left as it was."""
    theme = current()
    mode, colours, text = theme.mode, theme.colours, theme.text_size
    yield
    theme.set_mode(mode)
    theme.set_colours(colours)
    theme.set_text_size(text)


def make_document() -> Document:
    layers = (*KINDS[:4], Dense(10, "softmax"))
    training = TrainingSettings(loss=SparseCategoricalCrossentropy())
    document = Document(Project("test", Network((4,), layers), training=training))
    document.set_data_info(Target(10), (4,))
    return document


@contextmanager
def shown(document: Document) -> Iterator[LayerView]:
    """A new list on the screen."""
    view = LayerView(document)
    view.resize(300, 420)
    view.show()
    QApplication.processEvents()
    yield view
    view.close()
    view.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def places(view: LayerView) -> list[QRect]:
    """Where the rows stand, however far the list is scrolled."""
    rows = range(view.rows.rowCount())
    return [view.visualRect(view.rows.index(row)).translated(0, view.verticalOffset()) for row in rows]


def exchange(document: Document, kind: Layer, gap: int) -> Several:
    """Take the first layer out and put another in elsewhere: other rows, but as many as before."""
    first, *others = document.network.layers
    return Several((Remove(0, first), Insert(min(gap, len(others)), kind)))


@st.composite
def acts(draw: st.DrawFn) -> Callable[[Document], object]:
    """Return something that is done to a document, however many layers it has."""
    kind, many, gap = (
        draw(st.sampled_from(KINDS)),
        draw(st.sets(st.integers(0, 9), max_size=5)),
        draw(st.integers(0, 9)),
    )

    def here(document: Document) -> set[int]:
        return {position for position in many if position < len(document.network)}

    return draw(
        st.sampled_from(
            [
                lambda document: document.insert_layers(min(gap, len(document.network)), [kind] * len(many)),
                lambda document: document.remove_layers(here(document)),
                lambda document: document.move_layers(here(document), min(gap, len(document.network))),
                lambda document: document.duplicate_layers(here(document)),
                lambda document: document.set_disabled(sorted(here(document)), gap % 2 == 0),
                lambda document: [document.replace_layer(position, kind) for position in sorted(here(document))],
                lambda document: document.network.layers and document.apply(exchange(document, kind, gap)),
                lambda document: document.stack.undo(),
                lambda document: document.stack.redo(),
                lambda _: QApplication.processEvents(),
            ]
        )
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(acts(), min_size=1, max_size=8))
def test_that_rows_stand_where_a_new_list_puts_them(
    done: list[Callable[[Document], object]],
) -> None:
    document = make_document()
    with shown(document) as view:
        for act in done:
            act(document)
        QApplication.processEvents()
        with shown(document) as new:
            assert places(view) == places(new)


@pytest.mark.parametrize("way", ["one for another", "another project"])
def test_that_as_many_rows_of_the_same_height_stand_where_they_did(way: str) -> None:
    document = make_document()
    for position in (0, 1):
        document.replace_layer(position, Dense(8, "relu"))  # no hint is left
    with shown(document) as view:
        view.select_position(2)
        view.lay_out_again()
        QApplication.processEvents()
        before = places(view)
        if way == "another project":
            document.open(document.project.replace(name="other"))
            document.set_data_info(Target(10), (4,))
        else:
            document.apply(exchange(document, Dense(5, "relu"), 2))
        QApplication.processEvents()
        assert places(view) == before
        assert all(place.height() for place in before)


CHANGES: dict[str, Callable[[LayerView], object]] = {
    "dark": lambda _: current().set_mode("dark"),
    "safe colours": lambda _: current().set_colours("safe"),
    "larger text": lambda _: current().set_text_size("large"),
    "narrower": lambda view: view.resize(240, view.height()),
    "wrong": lambda view: view.document.insert(2, Conv2D(2, (3, 3))),
    "right": lambda view: view.document.replace_layer(0, Dense(8, "relu")),
    "moved": lambda view: view.document.move_layers([0, 1], 5),
    "without mends": lambda view: view.document.set_data_info(None),
}


@pytest.mark.parametrize("start", ["hint", "error"])
@pytest.mark.parametrize("change", CHANGES)
def test_that_rows_look_as_in_a_new_list(change: str, start: str) -> None:
    document = make_document()
    if start == "error":
        document.insert(1, Conv2D(2, (3, 3)))
    with shown(document) as view:
        CHANGES[change](view)
        QApplication.processEvents()
        view.select_position(3)
        view.scrollToTop()
        with shown(document) as new:
            new.resize(view.size())
            new.select_position(3)
            QApplication.processEvents()
            new.scrollToTop()
            for each in (view, new):
                each.clearFocus()
            assert view.viewport().grab().toImage() == new.viewport().grab().toImage()
