"""The form of the selected layer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from nncore.layers import Layer
from nncore.project import Project
from workbench.document import Document
from workbench.forms.defaults import differs
from workbench.forms.effect import Effect
from workbench.forms.equation import typeset
from workbench.forms.form import SpecForm
from workbench.theme import fonts


class LayerForm(QWidget):
    """Equation and fields of one layer of the document; a sentence when no layer is selected.

    Attributes:
        heading_changed: the title or its note changed.
        restructured: rows of the form came or went.
        position: of the layer in the network; -1 for none.
    """

    heading_changed = Signal()
    restructured = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layerForm")
        self.setAccessibleName(self.tr("Settings of the selected layer"))
        self.document = document
        self.position = -1
        self._kind = ""
        self._running = False
        self._started: Project | None = None
        self._unfolded: set[str] = set()
        self.form: SpecForm | None = None
        self._equation = QLabel()
        self._equation.setObjectName("layerForm.equation")
        self._equation.setProperty("role", "equation")
        self._equation.setTextFormat(Qt.TextFormat.RichText)
        self._equation.setWordWrap(True)
        self._equation.setFont(fonts.equation())
        self._sentence = QLabel()
        self._sentence.setObjectName("layerForm.sentence")
        self._sentence.setProperty("role", "caption")
        self._sentence.setWordWrap(True)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self._box.addWidget(self._equation)
        self._box.addWidget(self._sentence)
        document.trace_changed.connect(self._refresh)
        self.show_row("", -1)

    @property
    def layer(self) -> Layer | None:
        """The layer that is shown."""
        layers = self.document.network.layers
        return layers[self.position] if 0 <= self.position < len(layers) else None

    @property
    def title(self) -> str:
        """What the heading says: the layer's own name, or its type."""
        if self.layer is not None:
            return self.layer.name or self.layer.type_name
        names = {"input": self.tr("Input"), "loss": self.tr("Loss")}
        return names.get(self._kind, self.tr("Layer"))

    @property
    def note(self) -> str:
        """What stands dim at the end of the heading: which layer it is, and its type if it has a name."""
        if self.layer is None:
            return ""
        words = self.tr("{type}, layer {number}") if self.layer.name else self.tr("layer {number}")
        return words.format(type=self.layer.type_name, number=self.position + 1)

    @property
    def changed(self) -> bool:
        """Whether any setting of the layer is another than its default."""
        layer = self.layer
        return layer is not None and any(differs(layer, field) for field in layer.fields() if not field.rule.hidden)

    def show_training(self, running: bool, started: Project | None) -> None:
        """Say when changes act: on a training that runs, or was begun, with the project ``started``."""
        self._running, self._started = running, started
        self._show_effect()

    def _show_effect(self) -> None:
        if self.form is None or self.layer is None or self._started is None:
            effect = None
        else:
            layers = self._started.network.layers
            known = layers[self.position] if self.position < len(layers) else None
            effect = Effect(self._running, known if type(known) is type(self.layer) else None)
        if self.form is not None:
            self.form.show_effect(effect)

    @Slot(str, int)
    def show_row(self, kind: str, position: int) -> None:
        """Show the layer at ``position``, or for input, loss and nothing a sentence."""
        # Another row's half-typed text must not appear here.
        fresh = position != self.position
        self._kind, self.position = kind, position
        self._update(fresh)

    @Slot()
    def _refresh(self) -> None:
        self._update(fresh=False)

    def _update(self, fresh: bool) -> None:
        layer = self.layer
        equation = self._formula(layer)
        self._equation.setVisible(bool(equation))
        self._sentence.setText(self._words(layer))
        if equation:
            self._equation.setText(typeset(equation))
            self._equation.setAccessibleName(equation)
        if layer is None:
            self._drop_form()
        elif self.form is not None and type(self.form.value) is type(layer):
            self.form.set_value(layer, fresh)
        else:
            self._drop_form()
            self.form = SpecForm("layerForm", layer, self, unfolded=self._unfolded)
            self.form.edited.connect(self._take)
            self.form.restructured.connect(self.restructured)
            self._box.addWidget(self.form)
            self.restructured.emit()
        self._show_effect()
        self.heading_changed.emit()

    def _formula(self, layer: Layer | None) -> str:
        if layer is not None:
            return layer.typeset() if layer.equation else ""
        return self.document.project.training.loss.equation if self._kind == "loss" else ""

    def _words(self, layer: Layer | None) -> str:
        if layer is not None:
            return layer.help()
        if self._kind == "input":
            return self.tr("The input has the shape of the data, which are chosen below.")
        if self._kind == "loss":
            words = self.tr("{loss} It is chosen below, under Training, and so is the way to make it small.")
            return words.format(loss=self.document.project.training.loss.help())
        return self.tr("Select a layer in the list to see its settings.")

    def rebuild(self) -> None:
        """Make all rows anew, for another size of text."""
        self._equation.setFont(fonts.equation())
        if self.form is not None:
            self.form.rebuild()

    def _drop_form(self) -> None:
        if self.form is not None:
            self._box.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None

    @Slot(object, str)
    def _take(self, layer: object, name: str) -> None:
        if isinstance(layer, Layer) and self.layer is not None:
            self.document.replace_layer(self.position, layer)

    def focus_first(self) -> bool:
        """Put the focus into the first field; return whether there is one."""
        return focus_first(self.form)


def focus_first(form: SpecForm | None) -> bool:
    """Put the focus into the first field of a form; return whether there is one."""
    for row in form.rows.values() if form is not None else ():
        row.editor.main.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True
    return False
