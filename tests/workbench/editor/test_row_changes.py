"""The list follows every edit, of however many layers, in few steps that Qt's own tester accepts."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from nncore.editing.edit_places import places_after
from nncore.editing.edits import Move, Several
from nncore.layers import Dense, Layer
from nncore.network import Network
from nncore.project import Project
from tests.nncore.edit_lists import edits
from workbench.document import Document
from workbench.editor.layer_model import LayerModel
from workbench.editor.row_changes import Ordered, Put, Taken, row_changes

LAYERS: tuple[Layer, ...] = tuple(Dense(units) for units in range(1, 9))


@given(st.data())
def test_that_the_steps_lead_from_the_old_layers_to_the_new_ones(data: st.DataObject) -> None:
    edit = data.draw(edits(LAYERS))
    after = edit.apply(Network((3,), LAYERS)).layers
    places = places_after(edit, len(LAYERS))
    now, steps = LAYERS, list(row_changes(LAYERS, after, places))
    for step in steps:
        if isinstance(step, Taken):
            here, there = now[: step.first] + now[step.last + 1 :], step.layers
        elif isinstance(step, Put):
            here, there = now, step.layers[: step.first] + step.layers[step.last + 1 :]
        else:
            here, there = now, tuple(step.layers[target] for target in step.targets)
        assert here == there
        now = step.layers
    assert len(now) == len(after)
    assert len(steps) <= 4
    for here, there, place in zip(now, after, places, strict=True):
        assert here == there or place.touched  # an exchanged layer keeps its row


@pytest.mark.parametrize("way", ["remove", "move", "duplicate", "disable"])
@pytest.mark.parametrize("positions", [range(200), range(0, 200, 2), range(60, 80)])
def test_that_an_edit_of_many_layers_is_told_in_few_steps(qapp: QApplication, way: str, positions: range) -> None:
    document = Document(Project("test", Network((3,), tuple(Dense(units + 1) for units in range(200)))))
    model = LayerModel(document)
    told: list[str] = []
    for name in ("rowsInserted", "rowsRemoved", "rowsMoved", "layoutChanged", "modelReset"):
        getattr(model, name).connect(lambda *_, name=name: told.append(name))
    edit = {
        "remove": lambda: document.remove_layers(positions),
        "move": lambda: document.move_layers(positions, 3),
        "duplicate": lambda: document.duplicate_layers(positions),
        "disable": lambda: document.set_disabled(positions, True),
    }[way]
    for act in (edit, document.stack.undo, document.stack.redo):
        told.clear()
        act()
        assert len(told) <= 2
        assert "modelReset" not in told
        assert model.rowCount() == len(document.network) + 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_that_remembered_rows_stay_with_their_layers(qapp: QApplication, data: st.DataObject) -> None:
    document = Document(Project("test", Network((3,), LAYERS)))
    model = LayerModel(document)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    kept = [QPersistentModelIndex(model.index(row)) for row in range(model.rowCount())]
    edit = data.draw(edits(LAYERS))
    document.apply(edit)
    origins = [place.origin for place in places_after(edit, len(LAYERS))]
    for position in range(len(LAYERS)):
        index = kept[position + 1]
        if position in origins:
            assert index.row() == origins.index(position) + 1
        else:
            assert not index.isValid()
    assert (kept[0].row(), kept[-1].row()) == (0, len(document.network) + 1)
    document.stack.undo()
    assert document.network.layers == LAYERS


def test_that_a_step_puts_layers_into_another_order() -> None:
    a, b, c = LAYERS[:3]
    places = places_after(Several((Move(0, 2), Move(1, 0))), 3)
    assert list(row_changes((a, b, c), (c, b, a), places)) == [Ordered((2, 1, 0), (c, b, a))]
