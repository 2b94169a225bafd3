"""Networks that can be trained, but hardly as they are meant: the hints in the rows."""

from __future__ import annotations

from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication

from nncore.layers import Dense, Dropout
from nncore.losses import MeanSquaredError
from tests.screens.states.driving import properties, select
from tests.screens.states.state import State
from workbench.main_window import MainWindow


def hint_at_layers(window: MainWindow) -> None:
    """Two layers that can learn no more than one, and dropout behind the answers."""
    window.document.insert(1, Dense(256))
    window.document.insert(len(window.document.network), Dropout(0.3))
    window.network.layers.select_position(1)


def hint_at_loss(window: MainWindow) -> None:
    """A loss that learns classes slowly."""
    window.document.set_training(window.document.project.training.replace(loss=MeanSquaredError()))
    select(window, len(window.document.network) + 1)


def explain_hint(window: MainWindow) -> None:
    """What the mouse is told over the sign of a hint."""
    view = window.network.layers
    parts = view.painter_of_rows.layout(view.currentIndex())
    assert parts is not None
    place = parts.badge.center().toPoint()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
    QApplication.sendEvent(view.viewport(), event)


def hint_beside_error(window: MainWindow) -> None:
    """One row does not fit, another one is hardly meant so."""
    window.document.insert(1, Dense(256))
    window.document.replace_layer(len(window.document.network) - 1, Dense(7, activation="softmax"))


STATES = (
    State("hints", "mnist-mlp", hint_at_layers),
    State("hints-form", "mnist-mlp", hint_at_layers, properties),
    State("hint-help", "mnist-mlp", hint_at_layers, explain_hint),
    State("hint-loss", "mnist-mlp", hint_at_loss, properties),
    State("hint-beside-error", "mnist-mlp", hint_beside_error),
)
