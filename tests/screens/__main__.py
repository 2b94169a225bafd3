"""Draw the real window in its main states, both themes and two sizes, into a folder."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QToolButton

from nncore.layers import LSTM, Activation, Bidirectional, Conv2D, Dense, Dropout, Layer, MaxPooling2D, Reshape
from nncore.optimizers import Adam
from nncore.project import Project
from nncore.regularizers import L2
from nncore.schedules import CosineDecay
from tests.workbench.panels.projects import autoencoder, echo
from workbench.app import build
from workbench.main_window import MainWindow
from workbench.theme import current

SIZES = ((1440, 900), (1024, 640))
THEMES = ("light", "dark")
LONGEST = 60_000  # milliseconds that a state may take


def wait(condition: Callable[[], bool]) -> None:
    """Run the event loop until the condition holds; exit with a message when it never does."""
    loop, tick, end = QEventLoop(), QTimer(), QTimer()
    failed: list[bool] = []

    def check() -> None:
        if condition():
            loop.quit()

    def give_up() -> None:
        failed.append(True)
        loop.quit()

    tick.timeout.connect(check)
    end.timeout.connect(give_up)
    tick.start(20)
    end.start(LONGEST)
    loop.exec()
    if failed:
        sys.exit("The window did not reach the state that was to be drawn.")


def settle(milliseconds: int = 500) -> None:
    """Give animations, the inspector and the panels time to catch up."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def loaded(window: MainWindow) -> bool:
    """Whether the data of the open project are there."""
    return window.controller.data is not None and not window.controller.loading


def show_start(window: MainWindow) -> None:
    """The window as it opens."""


def show_editing(window: MainWindow) -> None:
    """A layer was added, is selected and has been changed; undo is possible."""
    window.network.layers.select_position(1)
    window.network.add(Dropout(0.25))
    window.document.replace_layer(2, Dropout(0.4))
    show_properties(window)


def put_first(window: MainWindow, *layers: Layer) -> None:
    """Put layers in front of the network."""
    for position, layer in enumerate(layers):
        window.document.insert(position, layer)


def show_convolution(window: MainWindow) -> None:
    """A convolution is edited."""
    changed = Conv2D(32, (3, 3), strides=(2, 2), padding="same", activation="relu", bias_regularizer=L2())
    put_first(window, Reshape((28, 28, 1)), changed, Conv2D(64, (3, 3), activation="relu"), MaxPooling2D((2, 2)))
    window.network.layers.select_position(1)
    show_properties(window)


def show_wrapper(window: MainWindow) -> None:
    """A recurrent layer inside another layer is edited, all of its settings unfolded."""
    put_first(window, Bidirectional(LSTM(32, return_sequences=True, dropout=0.2)))
    window.network.layers.select_position(0)
    show_properties(window)
    unfold(window, "layerForm.layer")


def show_schedule(window: MainWindow) -> None:
    """The learning rate follows a schedule, and the gradient is clipped."""
    optimizer = Adam(0.002, schedule=CosineDecay(1.0, 2000), clipnorm=1.0)
    window.document.set_training(window.document.project.training.replace(optimizer=optimizer, early_stopping=None))
    window.network.layers.setCurrentIndex(window.network.layers.rows.index(len(window.document.network) + 1))
    show_properties(window)
    unfold(window, "trainingForm.optimizer")


def show_search(window: MainWindow) -> None:
    """The palette shows what answers a search; in a small window, the palette in place of the network."""
    window.palette_dock.show()
    window.palette_panel.search.setText("pool")
    window.palette_panel.search.setFocus()


def unfold(window: MainWindow, form: str) -> None:
    """Press a form's row "More"."""
    found = window.findChild(QToolButton, f"{form}.more")
    assert isinstance(found, QToolButton)
    found.click()


def show_error(window: MainWindow) -> None:
    """A layer does not fit, and says so with what would mend it."""
    window.document.remove(0)
    window.network.layers.select_position(0)


def show_other_errors(window: MainWindow) -> None:
    """The output does not fit the loss."""
    last = len(window.document.network) - 1
    window.document.replace_layer(last, Dense(7))
    window.document.insert(last, Activation("tanh"))


def show_training(window: MainWindow) -> None:
    """In the middle of a training."""
    window.bar.speed.setValue(window.bar.speed.maximum() - 1)
    window.actions_by_name["trainAction"].trigger()
    wait(lambda: window.controller.history is not None and window.controller.history.epoch_count() >= 2)
    settle(300)


def show_paused(window: MainWindow) -> None:
    """A training that waits."""
    window.actions_by_name["trainAction"].trigger()
    wait(lambda: window.controller.history is not None and window.controller.history.epoch_count() >= 2)
    window.actions_by_name["pauseAction"].trigger()
    wait(lambda: window.state == "paused")


def show_finished(window: MainWindow) -> None:
    """A training that is over."""
    window.actions_by_name["trainAction"].trigger()
    wait(lambda: window.state == "idle" and window.controller.checkpoint is not None)


def show_own_sentence(window: MainWindow) -> None:
    """A sentence of a person's own, with a word that the network does not know."""
    show_finished(window)
    line = window.watching.gallery.try_line
    line.edit.setText("The zorble soup was terrible, and we waited for an hour")
    wait(lambda: bool(line.answer.text()))


def show_writing(window: MainWindow) -> None:
    """A network writes a text while it learns."""
    show_training(window)
    window.watching.writing.controls.button.click()
    wait(lambda: any(text.asked and text.done for text in window.watching.writing.texts))


def show_picture(window: MainWindow) -> None:
    """The drawing of a network that learns."""
    show_training(window)
    window.actions_by_name["pictureAction"].trigger()


def show_enlarged_picture(window: MainWindow) -> None:
    """The drawing of a network with an error, as large as it can be."""
    window.document.remove(2)
    window.actions_by_name["pictureAction"].trigger()
    window.watching.enlarge_button.click()


def show_codes(window: MainWindow) -> None:
    """Where an encoder puts the digits."""
    open_made(window, autoencoder(epochs=6))
    show_finished(window)
    settle()
    window.watching.gallery.codes_chip.click()


def show_steps(window: MainWindow) -> None:
    """Answers at each step of a sequence."""
    open_made(window, echo(epochs=1))
    show_finished(window)


def open_made(window: MainWindow, project: Project) -> None:
    """Open a project that is no preset."""
    window.document.open(project)
    window.controller.restore(None)
    window.controller.load_data()
    wait(lambda: loaded(window) and not window.document.trace.problems)


def show_export(window: MainWindow) -> None:
    """The export dialog after a training."""
    show_finished(window)
    window.actions_by_name["exportAction"].trigger()


def show_message(window: MainWindow) -> None:
    """A message on data that cannot be used."""
    window.document.set_data(window.document.project.data.replace(source="pupils.csv"))
    wait(lambda: not window.watching.banner.isHidden())


def show_keys(window: MainWindow) -> None:
    """The list of keys."""
    window.actions_by_name["keysAction"].trigger()


def show_properties(window: MainWindow) -> None:
    """In a small window, the drawer with the properties."""
    window.properties_dock.show()


STATES: tuple[tuple[str, str, Callable[[MainWindow], None]], ...] = (
    ("start", "mnist-mlp", show_start),
    ("editing", "mnist-mlp", show_editing),
    ("convolution", "mnist-mlp", show_convolution),
    ("wrapper", "mnist-mlp", show_wrapper),
    ("schedule", "mnist-mlp", show_schedule),
    ("search", "mnist-mlp", show_search),
    ("error-row", "mnist-mlp", show_error),
    ("error-loss", "mnist-mlp", show_other_errors),
    ("training", "mnist-mlp", show_training),
    ("paused", "mlp-classifier", show_paused),
    ("finished", "mnist-mlp", show_finished),
    ("boundary", "spiral", show_finished),
    ("regression", "mlp-regression", show_finished),
    ("forecast", "lstm-forecast", show_finished),
    ("sentences", "text-classifier", show_own_sentence),
    ("writing", "text-generator", show_writing),
    ("picture", "mnist-cnn", show_picture),
    ("picture-recurrent", "text-classifier", show_picture),
    ("picture-error", "mnist-cnn", show_enlarged_picture),
    ("steps", "xor", show_steps),
    ("reconstructions", "autoencoder", show_training),
    ("codes", "xor", show_codes),
    ("export", "xor", show_export),
    ("message", "xor", show_message),
    ("keys", "xor", show_keys),
)


def draw(
    folder: Path, name: str, preset: str, show: Callable[[MainWindow], None], theme: str, size: tuple[int, int]
) -> Path:
    """Bring a new window into a state, save its picture and close it; return the picture's path."""
    _, window = build(["workbench", preset])
    current().set_mode(theme)
    window.resize(*size)
    window.show()
    wait(lambda: loaded(window))
    show(window)
    settle()
    path = folder / f"{name}-{theme}-{size[0]}x{size[1]}.png"
    picture = window.grab()
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        # A grab has only the window's own pixels: the dialog is drawn where it stands.
        dialog.render(picture, window.mapFromGlobal(dialog.pos()))
    picture.save(str(path))
    if dialog is not None:
        dialog.close()
    window.document.stack.setClean()
    window.close()
    window.deleteLater()
    settle(50)
    return path


def main(arguments: list[str] | None = None) -> int:
    """Draw the states that were asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--states", nargs="+", choices=[name for name, _, _ in STATES], help="only these")
    parser.add_argument("--smallest", action="store_true", help="one theme and one size only")
    chosen = parser.parse_args(arguments)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    for name, preset, show in STATES:
        if chosen.states and name not in chosen.states:
            continue
        for theme in THEMES[:1] if chosen.smallest else THEMES:
            for size in SIZES[:1] if chosen.smallest else SIZES:
                print(draw(chosen.folder, name, preset, show, theme, size), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
