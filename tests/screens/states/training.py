"""A training from before its start to its end, and everything that may end it."""

from __future__ import annotations

from nncore.callbacks.early_stopping import EarlyStopping
from nncore.callbacks.stop_at import StopAt
from nncore.optimizers import SGD
from tests.screens.states.driving import MANY, epochs, finish, run, settle, start, wait
from tests.screens.states.state import State
from tests.workbench.driving import show_loss
from workbench.main_window import MainWindow
from workbench.panels.curves import CurvePanel
from workbench.panels.gallery import GalleryPanel


def foresee(window: MainWindow) -> None:
    """Before the start: what it will cost on this computer."""
    wait(lambda: "per epoch" in window.bar.rate_label.text())


def run_on(window: MainWindow) -> None:
    """In the middle of a training, as fast as it goes."""
    run(window, None, 60)


def run_slowly(window: MainWindow) -> None:
    """Two steps a second."""
    run(window, 2)


def pause(window: MainWindow) -> None:
    """A training that waits."""
    run(window)
    window.actions_by_name["pauseAction"].trigger()
    wait(lambda: window.state == "paused")
    settle()


def change_live(window: MainWindow) -> None:
    """Live fields were changed while the network learned; the curves say where."""
    run(window, 50)
    before = epochs(window)
    for wanted, rate in enumerate((0.003, 0.0004)):
        training = window.document.project.training
        window.document.set_training(training.replace(optimizer=training.optimizer.replace(learning_rate=rate)))
        wait(lambda wanted=wanted: epochs(window) > before + 3 * wanted + 2)
    window.document.set_training(window.document.project.training.replace(batch_size=64))
    wait(lambda: epochs(window) > before + 8)
    show_loss(window)


def show_live(window: MainWindow) -> None:
    """The form while it runs: what acts at once, and what from the next start."""
    window.properties_dock.show()
    window.network.layers.setCurrentIndex(window.network.layers.rows.index(len(window.document.network) + 1))


def end_by_rule(window: MainWindow) -> None:
    """The accuracy that was asked for is reached."""
    training = window.document.project.training
    window.document.set_training(training.replace(stop_at=StopAt(value=0.6), epochs=MANY))
    finish(window)


def end_too_early(window: MainWindow) -> None:
    """Nothing gets better any more."""
    training = window.document.project.training
    rule = EarlyStopping(patience=1, min_delta=0.01)
    window.document.set_training(training.replace(early_stopping=rule, optimizer=SGD(1e-7), epochs=MANY))
    finish(window)


def stop(window: MainWindow) -> None:
    """Stopped by a person."""
    run(window)
    window.actions_by_name["stopAction"].trigger()
    wait(lambda: window.state == "idle")
    settle()


def explode(window: MainWindow) -> None:
    """The loss is no number any more."""
    training = window.document.project.training
    window.document.set_training(training.replace(optimizer=SGD(100.0), early_stopping=None))
    start(window)
    wait(lambda: not window.watching.banner.isHidden())
    show_loss(window)
    settle()


STATES = (
    State("preview", "mnist-cnn", foresee),
    State("training", "mnist-cnn", run_on, shows=(GalleryPanel,)),
    State("training-loss", "mnist-cnn", run_on, show_loss, shows=(CurvePanel,)),
    State("training-form", "mlp-classifier", pause, show_live),
    State("slow-motion", "mlp-classifier", run_slowly),
    State("paused", "mlp-classifier", pause),
    State("live-changes", "mlp-classifier", change_live),
    State("finished", "mnist-mlp", finish),
    State("stopped", "mnist-mlp", stop),
    State("stopped-by-value", "mlp-classifier", end_by_rule),
    State("stopped-early", "mlp-classifier", end_too_early),
    State("not-finite", "mlp-regression", explode),
)
