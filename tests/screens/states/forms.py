"""The properties: a form for each kind of field, for each kind of data, for each optimizer and schedule."""

from __future__ import annotations

import functools
from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QScrollArea, QToolButton

from nncore.callbacks.early_stopping import EarlyStopping
from nncore.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau
from nncore.callbacks.stop_at import StopAt
from nncore.layers import (
    GRU,
    LSTM,
    BatchNormalization,
    Bidirectional,
    Conv2D,
    Dense,
    Embedding,
    Layer,
    PReLU,
    RandomTranslation,
    RandomZoom,
    Reshape,
    TimeDistributed,
    ZeroPadding2D,
)
from nncore.optimizers import OPTIMIZERS
from nncore.regularizers import L1L2, L2
from nncore.schedules import SCHEDULES
from tests.screens.states.driving import found, loaded, properties, put_first, select, settle, unfold, wait
from tests.screens.states.state import State
from workbench.forms import PropertiesPanel
from workbench.forms.controls import ValueEdit
from workbench.main_window import MainWindow

_CHANGED = Conv2D(32, (3, 3), strides=(2, 2), padding="same", activation="relu", bias_regularizer=L2())
LAYERS: dict[str, tuple[Layer, ...]] = {
    "dense": (Dense(128, activation="relu", kernel_regularizer=L1L2()),),
    "convolution": (Reshape((28, 28, 1)), _CHANGED),
    "wrapper": (Bidirectional(LSTM(32, return_sequences=True, dropout=0.2)),),
    "nested-wrapper": (TimeDistributed(Dense(8, activation="tanh")),),
    "recurrent": (GRU(24),),
    "shape": (Reshape((28, 28, 1)),),
    "padding": (Reshape((28, 28, 1)), ZeroPadding2D(((1, 2), (3, 4)))),
    "range": (Reshape((28, 28, 1)), RandomZoom((-0.2, 0.2))),
    "two-ranges": (Reshape((28, 28, 1)), RandomTranslation(0.1, 0.1)),
    "normalisation": (BatchNormalization(),),
    "axes": (PReLU(),),
    "embedding": (Embedding(1000, 16, mask_zero=True),),
}


def put(window: MainWindow, layers: tuple[Layer, ...]) -> None:
    """Put layers in front and select the last of them."""
    put_first(window, *layers)
    window.network.layers.select_position(len(layers) - 1)


def show_more(window: MainWindow) -> None:
    """The layer's form with all of its settings, where some are folded."""
    properties(window)
    for button in window.properties.layer_form.findChildren(QToolButton):
        if button.objectName().endswith(".more") and not button.isChecked():
            button.click()


def type_wrong(window: MainWindow) -> None:
    """What cannot be was typed into a field, which says so."""
    properties(window)
    window.network.layers.select_position(1)
    line = found(window, ValueEdit, "layerForm.units")
    line.setFocus()
    line.setText("-5")
    line.submit()


def train_with(window: MainWindow, number: int) -> None:
    """Choose an optimizer, with the schedule of the same number."""
    optimizers, schedules = list(OPTIMIZERS), list(SCHEDULES)
    schedule = schedules[number % len(schedules)].suggested()
    optimizer = optimizers[number % len(optimizers)](schedule=schedule, clipnorm=1.0)
    window.document.set_training(window.document.project.training.replace(optimizer=optimizer, early_stopping=None))
    select(window, len(window.document.network) + 1)


def show_training_form(window: MainWindow) -> None:
    """The settings of the training, those of the optimizer unfolded."""
    properties(window)
    select(window, 0)
    select(window, len(window.document.network) + 1)
    unfold(window, "trainingForm.optimizer")


def stop_early(window: MainWindow) -> None:
    """Every rule that may end a training, or slow it, is in force."""
    training = window.document.project.training
    early, value, plateau = EarlyStopping.suggested(), StopAt.suggested(), ReduceLROnPlateau.suggested()
    window.document.set_training(
        training.replace(early_stopping=early, stop_at=value, reduce_lr_on_plateau=plateau, class_weight="balanced")
    )


def show_rules(window: MainWindow) -> None:
    """The rules, which stand below the optimizer."""
    show_training_form(window)
    unfold(window, "trainingForm")
    settle(100)
    last = window.properties.training_form.form.editor("seed")
    found(window, QScrollArea, "propertiesScroll").ensureWidgetVisible(last)


def show_data_form(window: MainWindow) -> None:
    """The settings of the data."""
    properties(window)
    select(window, 1)
    select(window, 0)


def use(window: MainWindow, source: str) -> None:
    """Choose data of a kind and wait for them, or for what is said against them."""
    window.document.set_data(window.document.project.data.replace(source=source))
    wait(lambda: loaded(window) or window.document.trace.input_problem is not None)


def use_table(window: MainWindow) -> None:
    """A table of one's own."""
    path = Path.home() / "pupils.csv"
    rows = [f"{height},{height - 100 + height % 7},{'tall' if height > 165 else 'small'}" for height in range(140, 190)]
    path.write_text("\n".join(["height,weight,group", *rows]), encoding="utf-8")
    use(window, str(path))
    window.document.set_data(window.document.project.data.replace(target_column="group"))
    wait(lambda: loaded(window))


def use_pictures(window: MainWindow) -> None:
    """A folder with pictures, one folder within it for each class."""
    folder = Path.home() / "leaves"
    for number, name in enumerate(("birch", "maple", "oak")):
        (folder / name).mkdir(parents=True)
        for shade in range(12):
            image = QImage(16, 16, QImage.Format.Format_RGB32)
            image.fill((0x30 + 12 * shade) << (8 * number))
            image.save(str(folder / name / f"{shade}.png"))
    use(window, str(folder))


def open_choices(window: MainWindow) -> None:
    """The list of data sets is open."""
    show_data_form(window)
    settle(100)  # until the field has its place
    editor = window.properties.data_form.form.editor("source")
    editor.main.setFocus()
    editor.main.showPopup()


def ask_too_much(window: MainWindow) -> None:
    """A batch of more samples than there are: the words beside Train say so, and the field."""
    properties(window)
    window.document.set_training(window.document.project.training.replace(batch_size=5000))
    row = window.properties.training_form.form.rows["batch_size"]
    settle(100)  # until what is said has its place
    found(window, QScrollArea, "propertiesScroll").ensureWidgetVisible(row, 0, 10)


STATES = (
    *(
        State(f"form-{name}", "mnist-mlp", functools.partial(put, layers=layers), show_more, (PropertiesPanel,), True)
        for name, layers in LAYERS.items()
    ),
    State("form-wrong", "mnist-mlp", arrange=type_wrong),
    *(
        State(
            f"training-form-{optimizer.__name__.lower()}",
            "mnist-mlp",
            functools.partial(train_with, number=number),
            show_training_form,
            alike=True,
        )
        for number, optimizer in enumerate(OPTIMIZERS)
    ),
    State("training-form-batch", arrange=ask_too_much),
    State("training-form-rules", "mnist-mlp", stop_early, show_rules),
    *(
        State(f"data-form-{name}", "xor", functools.partial(use, source=source), show_data_form, alike=True)
        for name, source in {
            "table": "wine",
            "pictures": "digits",
            "series": "airline-passengers",
            "texts": "reviews",
            "missing": "/nowhere/pupils.csv",
        }.items()
    ),
    State("data-form-own-table", "xor", use_table, show_data_form),
    State("data-form-own-pictures", "xor", use_pictures, show_data_form),
    State("data-form-choices", "xor", arrange=open_choices),
)
