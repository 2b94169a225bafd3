"""The forms of layer, training and data change the document, and follow it."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QLineEdit, QScrollArea, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from nncore.datasets.base import DATASETS
from nncore.layers import LAYERS, BatchNormalization, Dense, Dropout, Flatten, Layer, LayerNormalization
from nncore.losses import LOSSES
from nncore.network import Network
from nncore.optimizers import Adam
from nncore.project import Project, TrainingSettings
from tests.workbench.closing import is_freed
from tests.workbench.controls import found, line, type_into
from workbench.document import Document
from workbench.editor import LayerView, NetworkPanel, Palette
from workbench.forms import PropertiesPanel
from workbench.forms.equation import equations, typeset
from workbench.window import tab_order


@pytest.fixture
def document(qapp: QApplication) -> Document:
    layers = (Flatten(), Dense(16, "relu"), Dense(16, "relu"), Dropout(0.25), Dense(10, "softmax"))
    return Document(Project("test", Network((4, 4), layers)))


def label(panel: QWidget, name: str) -> QLabel:
    return found(panel, QLabel, name)


def pick(panel: QWidget, name: str, data: object) -> None:
    box = panel.findChild(QComboBox, name)
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


# --- Layer ----------------------------------------------------------------------------------------------------------


def test_that_the_layer_form_shows_title_number_equation_and_fields(panel: PropertiesPanel) -> None:
    panel.show_row("layer", 1)
    form = panel.layer_form
    assert (form.title, form.note) == ("Dense", "layer 2")
    equation = label(panel, "layerForm.equation").text().replace("\u00a0", " ")
    assert equation == "<i>y</i> = relu(<i>x</i> <i>W</i> + <i>b</i>)"
    assert line(panel, "layerForm.units").text() == "16"


def test_that_typing_changes_the_layer_and_undo_the_form(
    panel: PropertiesPanel, document: Document, qtbot: QtBot
) -> None:
    panel.show_row("layer", 1)
    units = line(panel, "layerForm.units")
    type_into(qtbot, units, "128")
    assert document.network.layers[1] == Dense(128, "relu")
    assert document.stack.undoText() == "Set units to 128"
    document.stack.undo()
    assert line(panel, "layerForm.units") is units
    assert units.text() == "16"


def test_that_a_wrong_number_does_not_reach_the_document(
    panel: PropertiesPanel, document: Document, qtbot: QtBot
) -> None:
    panel.show_row("layer", 1)
    type_into(qtbot, line(panel, "layerForm.units"), "1000000000")
    assert "1,000,000,000" in label(panel, "layerForm.units.error").text()
    assert document.stack.count() == 0


def test_that_the_sentence_about_one_layer_does_not_stay_for_the_next(panel: PropertiesPanel, qtbot: QtBot) -> None:
    panel.show_row("layer", 1)
    type_into(qtbot, line(panel, "layerForm.units"), "0")
    panel.show_row("layer", 2)
    assert label(panel, "layerForm.units.error").isHidden()
    assert line(panel, "layerForm.units").text() == "16"


def test_that_the_equation_follows_the_activation(panel: PropertiesPanel, document: Document) -> None:
    panel.show_row("layer", 1)
    document.replace_layer(1, Dense(16, "tanh"))
    assert "tanh(" in label(panel, "layerForm.equation").text()


@pytest.mark.parametrize("kind", ["", "input", "loss"])
def test_that_without_a_layer_a_sentence_says_where_to_look(panel: PropertiesPanel, kind: str) -> None:
    panel.show_row("layer", 1)
    panel.show_row(kind, -1)
    assert panel.layer_form.form is None
    assert label(panel, "layerForm.equation").isVisibleTo(panel) == (kind == "loss")
    assert label(panel, "layerForm.sentence").text()


def test_that_the_loss_shows_what_it_is_and_follows_its_choice(panel: PropertiesPanel, document: Document) -> None:
    panel.show_row("loss", -1)
    for loss in (loss.suggested() for loss in LOSSES):
        document.set_training(document.project.training.replace(loss=loss))
        assert label(panel, "layerForm.equation").text() == typeset(loss.equation)
        assert loss.help() in label(panel, "layerForm.sentence").text()


def test_that_a_layer_that_is_removed_leaves_the_form_empty(panel: PropertiesPanel, document: Document) -> None:
    panel.show_row("layer", 4)
    document.remove(4)
    assert panel.layer_form.layer is None
    assert panel.layer_form.form is None


def test_that_list_and_form_stay_together_through_every_edit(
    panel: PropertiesPanel, document: Document, qtbot: QtBot
) -> None:
    view = LayerView(document)
    qtbot.addWidget(view)
    view.row_chosen.connect(panel.show_row)
    view.select_position(3)
    document.move(3, 0)
    assert (panel.layer_form.title, panel.layer_form.note) == ("Dropout", "layer 1")
    document.insert(0, Flatten())
    assert (panel.layer_form.title, panel.layer_form.note) == ("Dropout", "layer 2")
    view.remove_selected()
    assert panel.layer_form.position == view.selected_position()
    document.stack.undo()
    assert panel.layer_form.position == view.selected_position()


def test_that_enter_in_the_list_focuses_the_form(panel: PropertiesPanel, qtbot: QtBot) -> None:
    panel.activateWindow()
    for kind, position, name in (("layer", 1, "layerForm.units"), ("loss", -1, "trainingForm.loss")):
        panel.show_row(kind, position)
        panel.focus_form()
        focus = panel.focusWidget()
        assert focus is not None
        assert focus.objectName() == name


@pytest.mark.parametrize(
    ("text", "rich"),
    [
        ("y = x_k", "<i>y</i> = <i>x</i><sub><i>k</i></sub>"),
        ("x^{T} W", "<i>x</i><sup><i>T</i></sup> <i>W</i>"),
        ("h_{t-1}", "<i>h</i><sub><i>t</i>-1</sub>"),
        ("a < b", "<i>a</i> &lt; <i>b</i>"),
        ("log σ^2", "log <i>σ</i><sup>2</sup>"),
        ("x_", "<i>x</i>_"),
        ("y_hwf", "<i>y</i><sub><i>hwf</i></sub>"),
        ("x_{ij}", "<i>x</i><sub><i>ij</i></sub>"),
        ("y_{h+top}", "<i>y</i><sub><i>h</i>+top</sub>"),
        ("e^{x_i}", "<i>e</i><sup><i>x</i><small><i>i</i></small></sup>"),
        ("r^(t / T)", "<i>r</i><sup><i>t</i> / <i>T</i></sup>"),
        ("r^⌊t⌋", "<i>r</i><sup>⌊<i>t</i>⌋</sup>"),
        ("(1 − t)^power", "(1 − <i>t</i>)<sup>power</sup>"),
    ],
)
def test_that_equations_are_typeset(text: str, rich: str) -> None:
    assert typeset(text).replace("\u00a0", " ") == rich


@pytest.mark.parametrize(
    "parts",
    [
        ["y =", "γ (x − mean) / √(variance + ε)", "+ β"],
        ["y =", "x m / (1", "− rate)"],
        ["L =", "−mean (t log p", "+ (1 − t) log (1 − p))"],
        ["w ←", "w", "− η (m / (√v + ε) + λ w)"],
        ["y =", "x if x > 0,", "else α (e^x", "− 1)"],
        ["y_{ij} =", "x_{i − a, j − b}"],
        ["y =", "x or", "its", "mirror", "image"],
    ],
)
def test_that_an_equation_is_parted_only_where_nothing_is_torn_apart(parts: list[str]) -> None:
    plain = QTextDocument()
    plain.setHtml(typeset(" ".join(parts)))
    shown = plain.toRawText().replace("\u00a0", "~")
    expected = " ".join(part.replace(" ", "~") for part in parts)
    assert shown == "".join(letter for letter in expected if letter not in "_^{}")


@pytest.mark.parametrize("layer", [BatchNormalization, LayerNormalization])
def test_that_a_normalisation_has_its_equation_on_one_line(
    document: Document, panel: PropertiesPanel, layer: type[Layer]
) -> None:
    document.insert(0, layer.suggested())
    panel.show_row("layer", 0)
    QApplication.processEvents()
    shown = label(panel, "layerForm.equation")
    assert shown.height() < 2 * shown.fontMetrics().height()


@pytest.mark.parametrize("text", ["a = b\nc = d", "a = b; c = d", "a = b,  c = d"])
def test_that_several_equations_stand_below_each_other(text: str) -> None:
    assert typeset(text).count("<p ") == 2
    assert equations(text) == ["a = b", "c = d"]


def test_that_a_list_in_an_equation_stays_on_its_line() -> None:
    assert equations("y = x if x > 0, else 0") == ["y = x if x > 0, else 0"]


@pytest.mark.parametrize("layer", list(LAYERS), ids=lambda layer: layer.type_name)
def test_that_no_equation_is_cut_off(document: Document, panel: PropertiesPanel, layer: type[Layer]) -> None:
    document.insert(0, layer.suggested())
    panel.show_row("layer", 0)
    QApplication.processEvents()
    shown = label(panel, "layerForm.equation")
    assert shown.isVisible() == bool(layer.equation)
    assert shown.height() >= shown.heightForWidth(shown.width())
    words = QTextDocument()
    words.setDefaultFont(shown.font())
    words.setHtml(shown.text())
    words.setTextWidth(shown.width())
    assert words.idealWidth() <= shown.width()


def test_that_every_form_fits_into_the_panel_unfolded(document: Document, panel: PropertiesPanel) -> None:
    for layer in LAYERS:
        document.insert(0, layer.suggested())
        panel.show_row("layer", 0)
        for button in panel.layer_form.findChildren(QToolButton):
            if button.objectName().endswith(".more") and not button.isChecked():
                button.click()
        QApplication.processEvents()
        assert panel.layer_form.minimumSizeHint().width() <= 300 - 30, layer.type_name


def test_that_more_stays_unfolded_from_layer_to_layer(panel: PropertiesPanel) -> None:
    panel.show_row("layer", 1)
    more = panel.findChild(QToolButton, "layerForm.more")
    assert isinstance(more, QToolButton)
    more.click()
    panel.show_row("layer", 3)
    panel.show_row("layer", 2)
    assert panel.layer_form.form is not None
    assert "bias_initializer" in panel.layer_form.form.rows


def test_that_the_tab_key_goes_from_top_to_bottom(panel: PropertiesPanel) -> None:
    for position in (1, 3, 2):  # a new form comes last in Qt's own order
        panel.show_row("layer", position)
    more = panel.findChild(QToolButton, "layerForm.more")
    assert isinstance(more, QToolButton)
    more.click()
    pick(panel, "layerForm.kernel_regularizer", "l2")
    QApplication.processEvents()
    seen = tab_order.stops(panel)
    names = [widget.objectName() for widget in seen]
    assert "layerForm.kernel_regularizer.l2" in names
    assert "layerForm.bias_initializer" in names
    tops = [widget.mapTo(panel, widget.rect().center()) for widget in seen]
    for before, after in itertools.pairwise(tops):
        assert after.y() > before.y() - 8  # controls of one row are not equally tall


# --- Training and data ----------------------------------------------------------------------------------------------


def test_that_the_training_form_changes_the_training(panel: PropertiesPanel, document: Document, qtbot: QtBot) -> None:
    type_into(qtbot, line(panel, "trainingForm.epochs"), "3")
    type_into(qtbot, line(panel, "trainingForm.optimizer.learning_rate"), "0.01")
    assert document.project.training == TrainingSettings(epochs=3, optimizer=Adam(0.01))
    assert document.stack.undoText() == "Set learning rate to 0.01"
    document.stack.undo()
    assert line(panel, "trainingForm.optimizer.learning_rate").text() == "0.001"


def source(panel: PropertiesPanel, name: str = "dataForm.source") -> QComboBox:
    found = panel.findChild(QComboBox, name)
    assert isinstance(found, QComboBox)
    return found


def choose(box: QComboBox, text: str) -> None:
    box.activated.emit(box.findText(text))


def test_that_data_sets_are_offered_by_their_titles(panel: PropertiesPanel) -> None:
    box = source(panel)
    offered = [box.itemText(index) for index in range(box.count())]
    assert offered[: len(DATASETS)] == [dataset.title for dataset in DATASETS]
    assert offered[-2:] == ["Your own file…", "Your own folder…"]
    assert box.currentData() == "mnist-5k"


def test_that_choosing_a_data_set_fits_input_loss_and_metric_in_one_step(
    panel: PropertiesPanel, document: Document
) -> None:
    before = document.project
    choose(source(panel), DATASETS.get("iris").title)
    assert document.project.data.source == "iris"
    assert document.network.input_shape == DATASETS.get("iris").input_shape
    assert document.stack.count() == 1
    document.stack.undo()
    assert document.project == before
    assert source(panel).currentData() == "mnist-5k"


@pytest.mark.parametrize(("entry", "folder"), [("Your own file…", False), ("Your own folder…", True)])
def test_that_a_file_of_ones_own_is_asked_for_without_blocking(
    panel: PropertiesPanel, document: Document, entry: str, folder: bool
) -> None:
    choose(source(panel), entry)
    dialog = panel.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert dialog.isVisible()
    assert (dialog.fileMode() == QFileDialog.FileMode.Directory) == folder
    assert source(panel).currentData() == "mnist-5k"
    dialog.fileSelected.emit("/data/Ernte 2024/weizen.csv")
    dialog.reject()
    assert document.project.data.source.endswith("weizen.csv")
    assert source(panel).currentText() == "weizen.csv"
    assert "Ernte 2024" in source(panel).toolTip()
    assert document.stack.count() == 1


def test_that_a_cancelled_dialog_changes_nothing(panel: PropertiesPanel, document: Document) -> None:
    choose(source(panel), "Your own file…")
    dialog = panel.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.reject()
    assert document.stack.count() == 0
    assert source(panel).currentData() == "mnist-5k"


def test_that_test_data_may_be_none_again(panel: PropertiesPanel, document: Document) -> None:
    document.set_data(document.project.data.replace(test_source="/data/test.csv"))
    box = source(panel, "dataForm.test_source")
    assert box.currentText() == "test.csv"
    choose(box, "none")
    assert document.project.data.test_source is None


def test_that_opening_another_project_fills_all_forms(panel: PropertiesPanel, document: Document) -> None:
    training = TrainingSettings(epochs=77)
    document.open(Project("other", Network((2,), (Dense(3, "tanh"),)), training=training))
    panel.show_row("layer", 0)
    assert line(panel, "trainingForm.epochs").text() == "77"
    assert line(panel, "layerForm.units").text() == "3"


# --- The panel ------------------------------------------------------------------------------------------------------


def test_that_headings_fold_what_is_under_them(panel: PropertiesPanel) -> None:
    fold = panel.findChild(QToolButton, "trainingSection.fold")
    assert isinstance(fold, QToolButton)
    assert panel.training_form.isVisibleTo(panel)
    fold.click()
    assert not panel.training_form.isVisibleTo(panel)
    panel.show_row("loss", -1)
    panel.focus_form()
    assert panel.training_form.isVisibleTo(panel)


def test_that_nothing_stands_below_the_last_setting_that_could_be_scrolled_to(panel: PropertiesPanel) -> None:
    QApplication.processEvents()
    scroll = found(panel, QScrollArea, "propertiesScroll")
    last = found(panel, QWidget, "dataSection")
    inside = last.parentWidget()
    assert inside is not None
    panel.resize(panel.width(), panel.height() + 3000)
    QApplication.processEvents()
    below = inside.layout().contentsMargins().bottom()
    needed = last.geometry().bottom() + 1 + below
    panel.resize(panel.width(), panel.height() - (scroll.viewport().height() - needed))
    QApplication.processEvents()
    assert scroll.viewport().height() == needed
    assert not scroll.verticalScrollBar().isVisible()


def test_that_every_control_has_a_name_for_scripts_and_for_ears(panel: PropertiesPanel) -> None:
    panel.show_row("layer", 1)
    for kind in (QLineEdit, QComboBox, QToolButton):
        for widget in panel.findChildren(kind):
            if not isinstance(widget.parent(), QComboBox | QLineEdit):
                assert widget.objectName(), widget
                assert widget.accessibleName(), widget.objectName()


def test_that_nothing_is_wider_than_the_panel(panel: PropertiesPanel) -> None:
    QApplication.processEvents()
    for position in range(5):
        panel.show_row("layer", position)
        QApplication.processEvents()
        inside = panel.layer_form.parentWidget()
        assert inside is not None
        assert panel.layer_form.minimumSizeHint().width() <= 300 - 24
    assert panel.training_form.minimumSizeHint().width() <= 300 - 24
    assert panel.data_form.minimumSizeHint().width() <= 300 - 24


@pytest.mark.parametrize("make", [PropertiesPanel, NetworkPanel, LayerView, Palette])
def test_that_a_closed_panel_is_freed(document: Document, make: type[QWidget]) -> None:
    taken = () if make is Palette else (document,)
    assert is_freed(lambda: make(*taken))  # type: ignore[arg-type]  # the others take a document
    document.replace_layer(1, Dense(99))
