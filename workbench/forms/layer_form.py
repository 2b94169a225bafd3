"""The form of the selected layer."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from nncore.layers import Layer
from nncore.project import Project
from workbench.document import Document
from workbench.forms.defaults import differs
from workbench.forms.disabled_note import DisabledNote
from workbench.forms.effect import Effect
from workbench.forms.equation import typeset
from workbench.forms.form import SpecForm
from workbench.forms.form_shelf import FormShelf
from workbench.open_project import LONG
from workbench.theme import fonts, numbers


class LayerForm(QWidget):
    """Equation and fields of one layer of the document; a sentence when no layer is selected.

    Attributes:
        heading_changed: the title or its note changed.
        position: of the layer in the network; -1 for none.
    """

    heading_changed = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layerForm")
        self.setAccessibleName(self.tr("Settings of the selected layer"))
        self.document = document
        self.position = -1
        self._kind = ""
        self._running = False
        self._started: Project | None = None
        self._told: tuple[object, ...] = ()
        self._fresh = True
        self._layers = len(document.network)
        self._long_edit = False
        self._selected = 0
        self._several = QLabel()
        self._several.setObjectName("layerForm.several")
        self._several.setProperty("role", "caption")
        self._several.setWordWrap(True)
        self._equation = QLabel()
        self._equation.setObjectName("layerForm.equation")
        self._equation.setProperty("role", "equation")
        self._equation.setTextFormat(Qt.TextFormat.RichText)
        self._equation.setWordWrap(True)
        self._equation.setFont(fonts.equation())
        self._disabled = DisabledNote(self)
        self._disabled.enable_wanted.connect(self._enable)
        self._sentence = QLabel()
        self._sentence.setObjectName("layerForm.sentence")
        self._sentence.setProperty("role", "caption")
        self._sentence.setWordWrap(True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        for part in (self._several, self._disabled, self._equation, self._sentence):
            box.addWidget(part)
        self._shelf = FormShelf("layerForm", box, self)
        self._shelf.edited.connect(self._take)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._show)
        document.project_changed.connect(self._expect_edit)
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

    @property
    def form(self) -> SpecForm | None:
        """The fields of the layer; None when no layer is shown."""
        if self._later.isActive():
            self._show()
        return self._shelf.shown

    def forms(self) -> list[SpecForm]:
        """Return all forms that are kept, those of other layers included."""
        return self._shelf.forms()

    def show_training(self, running: bool, started: Project | None) -> None:
        """Say when changes act: on a training that runs, or was begun, with the project ``started``."""
        self._running, self._started = running, started
        self._show_effect()

    def _show_effect(self) -> None:
        form = self._shelf.shown
        if form is None or self.layer is None:
            return
        effect = None
        if self._started is not None:
            layers = self._started.network.layers
            # One of another place is as the training had it, too: layers above it may have come and gone.
            moved = self.layer in layers
            known = self.layer if moved else layers[self.position] if self.position < len(layers) else None
            effect = Effect(self._running, known if type(known) is type(self.layer) else None)
        form.show_effect(effect)

    def show_selected(self, count: int) -> None:
        """Say, where several layers are selected, that a change concerns the one that is shown."""
        if count == self._selected:
            return
        self._selected = count
        if self._long_edit and self.isVisible():
            self._later.start(0)  # the fields move, which can wait until the list is painted
        else:
            self._show_several()

    def _show_several(self) -> None:
        if self._of_several:
            words = self.tr("{count} layers selected; these are the settings of layer {number}.")
            count, number = numbers.count(self._selected), numbers.count(self.position + 1)
            self._several.setText(words.format(count=count, number=number))
        self._several.setVisible(self._of_several)

    @property
    def _of_several(self) -> bool:
        """Whether the layer that is shown is not the only one that is selected."""
        return self._selected > 1 and self.layer is not None

    @Slot(str, int)
    def show_row(self, kind: str, position: int) -> None:
        """Show the layer at ``position``, or for input, loss and nothing a sentence."""
        # Another row's half-typed text must not appear here.
        fresh = position != self.position
        self._kind, self.position = kind, position
        self._update(fresh)

    @Slot(object)
    def _expect_edit(self, edit: object) -> None:
        before, self._layers = self._layers, len(self.document.network)
        self._long_edit = edit is not None and max(before, self._layers) > LONG

    @Slot()
    def _refresh(self) -> None:
        self._update(fresh=False)
        self._long_edit = False

    def _update(self, fresh: bool) -> None:
        layer = self.layer
        shown = (self._kind, self.position, layer, layer or self.document.project.training.loss)
        if shown == self._told:
            return  # an edit tells of itself, and then of the row that it leads to
        self._told = shown
        self._fresh = self._fresh or fresh
        if self._long_edit and self.isVisible() and self._rearranges(layer):
            self._later.start(0)  # laying out other fields takes as long as the list, which is painted before that
        else:
            self._show()

    def _rearranges(self, layer: Layer | None) -> bool:
        """Whether widgets come or go when a layer is shown in the place of what is shown now."""
        form = self._shelf.shown
        if layer is None or form is None:
            return layer is not None or form is not None
        comes = layer.disabled == self._disabled.isHidden() or self._of_several == self._several.isHidden()
        return type(layer) is not type(form.value) or comes

    @Slot()
    def _show(self) -> None:
        """Show what belongs to the row now."""
        self._later.stop()
        layer, before = self.layer, self._shelf.shown
        equation = self._formula(layer)
        self._equation.setVisible(bool(equation))
        self._sentence.setText(self._words(layer))
        if equation:
            self._equation.setText(typeset(equation))
            self._equation.setAccessibleName(equation)
        self._show_several()
        self._disabled.setVisible(layer is not None and layer.disabled)
        if layer is None:
            self._shelf.put_away()
        else:
            focused = _field_with_focus(before)
            self._shelf.show(layer, self._fresh)
            if focused and self._shelf.shown is not before:
                self._put_focus(focused)
        self._fresh = False
        self._show_effect()
        self.heading_changed.emit()

    def _put_focus(self, name: str) -> None:
        """Leave the keyboard in the properties where the form that had it was exchanged."""
        form = self._shelf.shown
        if form is not None and name in form.rows and form.rows[name].isVisibleTo(form):
            form.rows[name].editor.main.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            focus_first(form)

    @Slot()
    def _enable(self) -> None:
        if self.layer is not None:
            self.document.set_disabled([self.position], False)

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
        self._shelf.rebuild()

    @Slot(object, str)
    def _take(self, layer: object, name: str) -> None:
        if isinstance(layer, Layer) and type(layer) is type(self.layer):
            self.document.replace_layer(self.position, layer)

    def focus_first(self) -> bool:
        """Put the focus into the first field; return whether there is one."""
        return focus_first(self.form)


def _field_with_focus(form: SpecForm | None) -> str:
    """Return the name of the field whose row has the keyboard; empty where none has it."""
    focused = QApplication.focusWidget()
    if form is None or focused is None or not form.isAncestorOf(focused):
        return ""
    return next((name for name, row in form.rows.items() if row.isAncestorOf(focused)), "more")


def focus_first(form: SpecForm | None) -> bool:
    """Put the focus into the first field of a form; return whether there is one."""
    for row in form.rows.values() if form is not None else ():
        row.editor.main.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True
    return False
