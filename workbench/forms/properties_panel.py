"""The properties side: the selected layer, the training and the data, each under a heading that folds."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from nncore.project import Project
from workbench.document import Document
from workbench.forms.data_form import DataForm
from workbench.forms.field_row import FieldRow
from workbench.forms.form import SpecForm
from workbench.forms.layer_form import LayerForm
from workbench.forms.section import Section
from workbench.forms.training_form import TrainingForm
from workbench.theme import current
from workbench.theme.widgets import ElidedLabel, card_header, rule


class PropertiesPanel(QFrame):
    """One scroll area with the three forms of a document.

    Attributes:
        layer_form, training_form, data_form: the forms, named ``layerForm``, ``trainingForm`` and ``dataForm``.
    """

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("propertiesPanel")
        self.setProperty("card", True)
        self.layer_form = LayerForm(document)
        self.training_form = TrainingForm(document)
        self.data_form = DataForm(document)
        self._layer = Section("layerSection", self.layer_form.title, self.layer_form, line=False)
        self._training = Section("trainingSection", self.tr("Training"), self.training_form)
        self._data = Section("dataSection", self.tr("Data"), self.data_form)
        self._kind = ""
        self._section_wanted = False
        self._shown: SpecForm | None = None
        self._current: FieldRow | None = None
        self._layer.renamed.connect(self._rename)
        self._layer.reset.clicked.connect(self._reset_layer)
        self.layer_form.heading_changed.connect(self._follow_heading)

        inside = QWidget()
        inside.setProperty("plain", True)
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 10, 10, 12)
        column.setSpacing(12)
        for section in (self._layer, self._training, self._data):
            column.addWidget(section)
        column.addStretch()
        self._scroll = QScrollArea()
        self._scroll.setObjectName("propertiesScroll")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the fields that the tab key goes to
        self._scroll.setWidget(inside)
        self._inside = inside
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        # It stands in the heading, so that nothing moves when a training begins or ends.
        self._effect = ElidedLabel(self.tr("only live fields act at once"))
        self._effect.setObjectName("propertiesEffect")
        self._effect.setProperty("role", "caption")
        self._effect.setToolTip(self.tr("What is marked live acts at once, the rest from the next start."))
        self._effect.hide()
        whole.addWidget(card_header(self.tr("Properties"), self._effect))
        whole.addWidget(rule())
        whole.addWidget(self._scroll)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow_focus)
        current().text_size_changed.connect(self._follow_text_size)

    def minimumSizeHint(self) -> QSize:
        """Fields are never cut at the right: the scroll area only scrolls up and down."""
        inside = self._inside.minimumSizeHint().width()
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        return QSize(inside + bar + 4, super().minimumSizeHint().height())

    @Slot()
    def _follow_heading(self) -> None:
        form = self.layer_form
        self._layer.set_heading(form.title, form.note)
        self._layer.show_reset(self.tr("Reset all settings of the layer") if form.changed else "")
        self._layer.offer_rename(
            self.tr("Double click to give the layer a name · F2") if form.layer is not None else ""
        )
        wanted, self._section_wanted = self._section_wanted, False
        before, self._shown = self._shown, form.form
        if wanted and self._kind == "input":
            self._scroll.ensureWidgetVisible(self._data, 0, 10)
        elif wanted or (before is not self._shown and self._reading_layer()):
            # Also for the loss, whose formula stands above the settings of the training.
            self._scroll.verticalScrollBar().setValue(0)
            QTimer.singleShot(0, self, self._bring_focus)  # when the fields have their places

    def _reading_layer(self) -> bool:
        """Whether anything of the first section is in sight: else a person has scrolled on to the training."""
        return self._scroll.verticalScrollBar().value() < self._layer.geometry().bottom()

    @Slot()
    def _bring_focus(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and self._inside.isAncestorOf(focused):
            self._scroll.ensureWidgetVisible(self._current or focused, 0, 10)

    # --- The layer as a whole -----------------------------------------------------------------------------------

    @Slot()
    def rename(self) -> None:
        """Ask for another name of the layer that is shown."""
        layer = self.layer_form.layer
        if layer is not None:
            self._scroll.ensureWidgetVisible(self._layer, 0, 0)
            self._layer.ask_for_name(layer.name or "")

    @Slot(str)
    def _rename(self, name: str) -> None:
        if self.layer_form.layer is not None:
            self.layer_form.document.rename_layer(self.layer_form.position, name)

    @Slot()
    def _reset_layer(self) -> None:
        if self.layer_form.layer is not None:
            self.layer_form.document.reset_layer(self.layer_form.position)

    # --- A training under way -----------------------------------------------------------------------------------

    def show_training(self, running: bool, started: Project | None) -> None:
        """Say when changes act.

        Args:
            running: a training is under way, learning or waiting.
            started: the project as it was when that training, or the last one, began; None if nothing was learned.
        """
        for form in (self.layer_form, self.training_form, self.data_form):
            form.show_training(running, started)
        self._effect.setVisible(running)

    @Slot()
    def _follow_text_size(self) -> None:
        self._current = None
        for form in (self.layer_form, self.training_form.form, self.data_form.form):
            form.rebuild()

    # --- Focus --------------------------------------------------------------------------------------------------

    @Slot(QWidget, QWidget)
    def _follow_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        """Tell the row with the focus, which then shows the way back to its default."""
        row = new
        while row is not None and row is not self and not isinstance(row, FieldRow):
            row = row.parentWidget()
        found = row if isinstance(row, FieldRow) and self.isAncestorOf(row) else None
        if found is not self._current:
            if self._current is not None and isValid(self._current):
                self._current.heading.show_current(False)
            if found is not None:
                found.heading.show_current(True)
            self._current = found

    @Slot(str, int)
    def show_row(self, kind: str, position: int) -> None:
        """Show what belongs to a row of the network's list: connect it to the list's ``row_chosen``."""
        # The form may be exchanged after the list is painted; all of it moves at once then.
        self._section_wanted = self._section_wanted or kind != self._kind
        self._kind = kind
        self.layer_form.show_row(kind, position)

    @Slot(object)
    def show_selection(self, positions: Collection[int]) -> None:
        """Say of which layer the settings are where several are selected: connect it to ``selection_told``."""
        self.layer_form.show_selected(len(positions))

    def focus_training(self, name: str) -> None:
        """Put the focus into a field of the training, and bring it into sight with what is said of it."""
        self._training.set_open(True)
        self.training_form.form.rows[name].editor.main.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, self, self._bring_focus)

    def _section(self) -> Section:
        return {"input": self._data, "loss": self._training}.get(self._kind, self._layer)

    @Slot()
    def focus_form(self) -> None:
        """Put the focus into the first field of the current row: connect it to the list's ``form_wanted``."""
        self._section().set_open(True)
        if self._kind == "input":
            self.data_form.focus_first()
        elif self._kind == "loss":
            self.training_form.focus_first()
        else:
            self.layer_form.focus_first()
