"""The palette and the network's list: what is chosen, dragged, wrong, mended, switched off, edited in place."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QHelpEvent
from PySide6.QtWidgets import QApplication

from nncore.layers import LAYERS, Activation, Dense, Dropout
from tests.screens.states.driving import properties, select
from tests.screens.states.state import State
from workbench.editor import NetworkPanel, Palette
from workbench.editor.in_place import InPlaceEditor
from workbench.editor.mime import DraggedLayers
from workbench.main_window import MainWindow


def edit(window: MainWindow) -> None:
    """A layer was added, is selected and has been changed; undo is possible."""
    window.network.layers.select_position(1)
    window.network.add(Dropout(0.25))
    window.document.replace_layer(2, Dropout(0.4))


def empty(window: MainWindow) -> None:
    """Nothing but input and loss."""
    window.document.remove_layers(range(len(window.document.network)))


def open_palette(window: MainWindow, words: str) -> None:
    """Search in the palette; in a small window, it stands in place of nothing else."""
    window.palette_dock.show()
    window.palette_panel.search.setText(words)
    window.palette_panel.search.setFocus()


def search(window: MainWindow) -> None:
    """The palette shows what answers a search."""
    open_palette(window, "pool")


def search_in_vain(window: MainWindow) -> None:
    """No layer answers."""
    open_palette(window, "transformer")


def fold(window: MainWindow) -> None:
    """The families are folded."""
    window.palette_dock.show()
    window.palette_panel.entries.fold(window.palette_panel.entries.families() - {"core"})


def explain(window: MainWindow) -> None:
    """The palette's drawn help."""
    window.palette_dock.show()
    QApplication.processEvents()  # until it has its place, nothing can be pointed at
    entries = window.palette_panel.entries
    item = next(entries.item(row) for row in range(entries.count()) if entries.item(row).text() == "Conv2D")
    entries.scrollToItem(item)
    place = entries.visualItemRect(item).center()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, place, entries.viewport().mapToGlobal(place))
    QApplication.sendEvent(entries.viewport(), event)


def take_flatten_out(window: MainWindow) -> None:
    """A layer does not fit, and says so with what would mend it."""
    window.document.remove(0)
    window.network.layers.select_position(0)


def miss_the_classes(window: MainWindow) -> None:
    """The output does not fit the loss."""
    last = len(window.document.network) - 1
    window.document.replace_layer(last, Dense(7))
    window.document.insert(last, Activation("tanh"))


def choose_several(window: MainWindow) -> None:
    """Three layers are selected."""
    window.network.layers.select_positions((0, 1, 3))


def choose_alike(window: MainWindow) -> None:
    """Two layers of one kind are selected."""
    layers = window.document.network.layers
    window.network.layers.select_positions([place for place, layer in enumerate(layers) if isinstance(layer, Dense)])


def disable(window: MainWindow) -> None:
    """A layer takes no part."""
    window.network.layers.select_position(1)
    window.document.set_disabled([1], True)


def edit_number(window: MainWindow) -> None:
    """A number is edited in its row."""
    window.network.layers.select_position(1)
    window.network.layers.setFocus()
    window.network.layers.edit_in_place()


def edit_name(window: MainWindow) -> None:
    """A choice is edited in its row."""
    layers = window.network.layers
    layers.open_editor(layers.rows.index(3), ("activation",))


def hold(window: MainWindow, name: str, position: int) -> None:
    """Hold a layer over the list, before the layer at ``position``."""
    view = window.network.layers
    index = view.rows.index(position + 1)
    view.scrollTo(index)
    place = view.visualRect(index).topLeft() + QPoint(60, 1)
    data = DraggedLayers((LAYERS.get(name).suggested(),)).to_mime()
    actions, button, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(view.viewport(), QDragEnterEvent(place, actions, data, button, none))
    QApplication.sendEvent(view.viewport(), QDragMoveEvent(QPointF(place).toPoint(), actions, data, button, none))


def hold_what_fits(window: MainWindow) -> None:
    """A line shows where a layer would land."""
    hold(window, "Dropout", 2)


def hold_what_does_not_fit(window: MainWindow) -> None:
    """What would be wrong is said before the layer is dropped."""
    hold(window, "MaxPooling2D", len(window.document.network) - 1)


def many(window: MainWindow) -> None:
    """More layers than have room, the last of them selected."""
    window.document.insert_layers(1, [Dense(64, activation="relu"), Dropout(0.1)] * 12)
    select(window, 20)


STATES = (
    State("start", "mnist-mlp", shows=(NetworkPanel,)),
    State("editing", "mnist-mlp", edit, properties),
    State("empty", "mnist-mlp", empty),
    State("many-layers", "mnist-mlp", many),
    State("search", "mnist-mlp", arrange=search, shows=(Palette,)),
    State("search-in-vain", "mnist-mlp", arrange=search_in_vain, shows=(Palette,)),
    State("palette-folded", "mnist-mlp", arrange=fold, shows=(Palette,)),
    State("palette-help", "mnist-mlp", arrange=explain, shows=(Palette,)),
    State("error-row", "mnist-mlp", take_flatten_out),
    State("error-form", "mnist-mlp", take_flatten_out, properties),
    State("error-loss", "mnist-mlp", miss_the_classes),
    State("several", "mnist-cnn", choose_several, properties),
    State("several-alike", "mnist-mlp", choose_alike, properties),
    State("disabled", "mnist-mlp", disable, properties),
    State("in-place-number", "mnist-mlp", arrange=edit_number, shows=(InPlaceEditor,)),
    State("in-place-choice", "mnist-mlp", arrange=edit_name, shows=(InPlaceEditor,)),
    State("drop", "mnist-mlp", arrange=hold_what_fits),
    State("drop-refused", "mnist-mlp", arrange=hold_what_does_not_fit),
)
