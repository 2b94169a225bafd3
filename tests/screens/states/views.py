"""The panels that show what a network says, in their usual and their other shapes."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QToolButton

from tests.screens.states.driving import finish, found, open_made, run, settle, wait
from tests.screens.states.state import State
from tests.workbench.panels.projects import autoencoder, echo
from workbench.main_window import MainWindow
from workbench.panels.boundary import BoundaryPanel
from workbench.panels.forecast import ForecastPanel
from workbench.panels.gallery import GalleryPanel
from workbench.panels.picture import PicturePanel
from workbench.panels.regression import RegressionPanel
from workbench.panels.steps import StepsPanel
from workbench.panels.writing import WritingPanel
from workbench.window.history_panel import HistoryPanel
from workbench.window.side_panel import SidePanel


def press(name: str, window: MainWindow) -> None:
    """Press a button that can be held, unless it is."""
    button = found(window, QToolButton, name)
    if not button.isChecked():
        button.click()


def only_wrong(window: MainWindow) -> None:
    """The wrong answers alone, the worst first."""
    finish(window)
    press("wrongOnlyChip", window)
    press("worstFirstChip", window)


def held_out(window: MainWindow) -> None:
    """The end of a series from near by."""
    finish(window)
    press("heldOutChip", window)


def ask(window: MainWindow) -> None:
    """A sentence of a person's own, with a word that the network does not know."""
    finish(window)
    line = window.watching.gallery.try_line
    line.edit.setText("The zorble soup was terrible, and we waited for an hour")
    wait(lambda: bool(line.answer.text()))


def write(window: MainWindow) -> None:
    """A network writes a text while it learns."""
    run(window)
    window.watching.writing.controls.button.click()
    wait(lambda: any(text.asked and text.done for text in window.watching.writing.texts))


def step(window: MainWindow) -> None:
    """Answers at each step of a sequence."""
    open_made(window, echo(epochs=1))
    finish(window)


def rebuild(window: MainWindow) -> None:
    """What an autoencoder makes of its samples."""
    run(window)


def map_codes(window: MainWindow) -> None:
    """Where an encoder puts the digits."""
    open_made(window, autoencoder(epochs=6))
    finish(window)
    window.watching.gallery.codes_chip.click()


def learn(window: MainWindow) -> None:
    """A network that learns slowly, to be looked at from inside."""
    run(window)


def picture(window: MainWindow) -> None:
    """The drawing of the network."""
    window.watching.show_picture()


def break_network(window: MainWindow) -> None:
    """A network with an error, drawn."""
    window.document.remove(2)
    window.watching.show_picture()


def enlarge(window: MainWindow) -> None:
    """The drawing as large as it can be."""
    picture(window)
    press("enlargeButton", window)


def change_much(window: MainWindow) -> None:
    """Several changes, one of them taken back."""
    document = window.document
    document.duplicate(1)
    document.set_training(document.project.training.replace(batch_size=16))
    document.rename_layer(0, "flatten_the_picture")
    document.set_disabled([1], True)
    document.move(1, 2)
    document.stack.undo()


def show_history(window: MainWindow) -> None:
    """Every change by its name."""
    window.history_dock.show()
    settle(100)


def take_out(window: MainWindow) -> None:
    """The properties in a window of their own."""
    dock = window.properties_dock
    dock.take_out(True)
    settle(100)
    dock.resize(dock.width(), window.height() * 2 // 3)
    dock.move(window.mapToGlobal(QPoint(window.width() // 2, window.height() // 5)))


STATES = (
    State("gallery-wrong", "mlp-classifier", only_wrong, shows=(GalleryPanel,)),
    State("boundary-untrained", "spiral", shows=(BoundaryPanel,)),
    State("boundary", "spiral", finish, shows=(BoundaryPanel,)),
    State("regression-untrained", "mlp-regression", shows=(RegressionPanel,)),
    State("regression", "mlp-regression", finish, shows=(RegressionPanel,)),
    State("forecast-untrained", "lstm-forecast", shows=(ForecastPanel,)),
    State("forecast", "lstm-forecast", finish, shows=(ForecastPanel,)),
    State("forecast-held-out", "gru-forecast", held_out, shows=(ForecastPanel,)),
    State("sentences", "text-classifier", ask, shows=(GalleryPanel,)),
    State("writing-untrained", "text-generator", shows=(WritingPanel,)),
    State("writing", "text-generator", write, shows=(WritingPanel,)),
    State("steps", "xor", step, shows=(StepsPanel,)),
    State("reconstructions", "autoencoder", rebuild, shows=(GalleryPanel,)),
    State("codes", "xor", map_codes, shows=(GalleryPanel,)),
    State("picture", "mnist-cnn", learn, picture, (PicturePanel,)),
    State("picture-recurrent", "text-classifier", learn, picture, (PicturePanel,)),
    State("picture-small", "xor", learn, picture, (PicturePanel,)),
    State("picture-error", "mnist-cnn", break_network, enlarge, (PicturePanel,)),
    State("history", "mnist-mlp", change_much, show_history, (HistoryPanel,)),
    State("floating", "mnist-mlp", arrange=take_out, shows=(SidePanel,)),
)
