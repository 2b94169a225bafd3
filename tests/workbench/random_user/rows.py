"""The network's list as somebody sees it who knows only what the model tells."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt

from nncore.network import shape_text
from nncore.trace import Trace
from workbench.editor.layer_model import LayerModel
from workbench.theme import numbers

_TEXTS = int(Qt.ItemDataRole.AccessibleTextRole)


class Listener:
    """Keeps the texts of the rows by the model's signals alone; what it was not told of, it does not know."""

    def __init__(self, model: LayerModel) -> None:
        self._model = model
        self._signals = {
            model.rowsInserted: self._insert,
            model.rowsRemoved: self._remove,
            model.rowsMoved: self._move,
            model.dataChanged: self._change,
            model.modelReset: self._read_all,
        }
        for signal, slot in self._signals.items():
            signal.connect(slot)
        self.texts: list[str] = []
        self._read_all()

    def forget(self) -> None:
        """Listen no more."""
        for signal, slot in self._signals.items():
            signal.disconnect(slot)

    def _read(self, row: int) -> str:
        return str(self._model.index(row).data(_TEXTS))

    def _read_all(self) -> None:
        self.texts = [self._read(row) for row in range(self._model.rowCount())]

    def _insert(self, parent: QModelIndex, first: int, last: int) -> None:
        self.texts[first:first] = [self._read(row) for row in range(first, last + 1)]

    def _remove(self, parent: QModelIndex, first: int, last: int) -> None:
        del self.texts[first : last + 1]

    def _move(self, parent: QModelIndex, first: int, last: int, target: QModelIndex, gap: int) -> None:
        moved = self.texts[first : last + 1]
        del self.texts[first : last + 1]
        place = gap if gap < first else gap - len(moved)
        self.texts[place:place] = moved

    def _change(self, first: QModelIndex, last: QModelIndex) -> None:
        for row in range(first.row(), last.row() + 1):
            self.texts[row] = self._read(row)

    def check(self) -> None:
        """Compare what was told with what the model says now."""
        told, said = self.texts, [self._read(row) for row in range(self._model.rowCount())]
        assert told == said, f"the model was not told of all changes: {told} is {said}"


def check_rows(model: LayerModel, traced: Trace) -> None:
    """Compare every row of the list with the layers of the document and with a trace of one's own."""
    layers = model.document.network.layers
    assert model.rowCount() == len(layers) + 2, f"{model.rowCount()} rows for {len(layers)} layers"
    for position, layer in enumerate(layers):
        row = model.view(position + 1)
        assert (row.kind, row.position) == ("layer", position)
        assert row.title == (layer.name or layer.type_name)
        assert row.disabled == layer.disabled
        if position < len(traced.rows):
            known = traced.rows[position]
            assert row.problem == known.problem
            shown = "" if known.output_shape is None else f"→ {shape_text(known.output_shape)}"
            assert row.left == shown, f"row {position} shows {row.left}, and is {shown}"
            if known.output_shape is not None and not layer.disabled:
                assert row.right.split()[0] == numbers.count(known.parameters)
    first, last = model.view(0), model.view(len(layers) + 1)
    assert (first.kind, last.kind) == ("input", "loss")
    if model.document.data_shape is None and model.document.trace.input_problem is not None:
        assert first.left == "", f"data that cannot be read are said to be {first.left}"
    else:
        shape = model.document.network.input_shape
        number, _, unit = first.left.partition(" ")
        assert (number if len(shape) == 1 else first.left) == shape_text(shape)
        assert unit, "a number that does not say what it counts"
    assert last.problem == traced.loss_problem
    assert last.right.split()[0] == numbers.count(traced.parameters)
