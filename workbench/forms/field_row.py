"""One field in a form: its name, its editor, and what belongs below them."""

from __future__ import annotations

import html

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QHBoxLayout, QLabel, QMenu, QScrollArea, QWidget

from nncore.fields import Field
from workbench.forms.controls import QuietComboBox
from workbench.forms.defaults import reset_value
from workbench.forms.effect import Effect
from workbench.forms.equation import tip_equation
from workbench.forms.heading import RESET_KEYS, Heading
from workbench.forms.kinds import MakeEditor
from workbench.theme import fonts, numbers
from workbench.theme.widgets import label as make_label

LABEL_WIDTH, INDENT = 130, 8
"""Pixels of the design. A nested form is indented by as much as its labels are narrower, so that all editors stand
below each other however deep a specification goes."""
_LEAST_LABEL = 72
_STEM = 2  # pixels, as the style sheet has it
_BELOW, _NOTE, _ERROR, _NESTED = 1, 2, 3, 4  # lines of the grid below the name


def tooltip(field: Field, equation: str = "", effect: str = "") -> str:
    """Return a field's help, its rule and its name in code in words, as rich text so that Qt wraps the lines.

    Args:
        field: the declaration.
        equation: of the layer, in which the field has its part.
        effect: when a change acts.
    """
    rule = field.describe()
    unit = f" ({field.rule.unit})" if field.rule.unit else ""
    words = f"<p>{html.escape(field.rule.help)}</p>"
    if equation:
        words += tip_equation(equation)
    named = QCoreApplication.translate("forms", "In code: {name}.").format(name=f"<code>{field.name}</code>")
    words += f"<p><i>{html.escape(rule[0].upper() + rule[1:])}{unit}.</i> {named}</p>"
    return words + (f"<p>{html.escape(effect)}</p>" if effect else "")


class FieldRow(QWidget):
    """Label, editor, and below them the sentence about a wrong value and what else belongs to the field.

    Args:
        field: the declaration.
        prefix: first part of the object names.
        make: makes the editor.
        depth: in how many forms this one is nested.

    Attributes:
        changed_by_user: carries the field's name and its new value.
        editor: the control.
        default: what the field goes back to.
        differs: the value is another one.
    """

    changed_by_user = Signal(str, object)

    def __init__(
        self, field: Field, prefix: str, make: MakeEditor, depth: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.field = field
        self.name = f"{prefix}.{field.name}"
        self.editor = make(field, self.name, self)
        self.differs = False
        self.default = reset_value(field)
        self._stem: QWidget | None = None
        self._error: QLabel | None = None
        self._refused = self._told = ""
        self._note: QLabel | None = None
        self._effect: Effect | None = None
        width = max(_LEAST_LABEL, LABEL_WIDTH - depth * INDENT)
        self.heading = Heading(field, self.name, width, depth > 0, self)
        self.heading.reset_wanted.connect(self.reset)
        self.heading.label.setBuddy(self.editor.main)
        self._reset = QAction(self)
        self._reset.setObjectName(f"{self.name}.resetAction")
        self._reset.triggered.connect(self.reset)
        self.editor.add_menu_action(self._reset)
        self.show_help("")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnMinimumWidth(0, fonts.pixels(width))
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self.heading, 0, 0)
        self._grid.addWidget(self.editor, 0, 1)
        self._width = width
        self._laid_out = self._below = False
        if isinstance(self.editor.main, QuietComboBox):
            self.editor.main.currentTextChanged.connect(self._share_room)
        self.editor.edited.connect(self._pass_on)
        self.editor.refused.connect(self._show_error)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._laid_out = True
        self._share_room()

    @Slot()
    def _share_room(self) -> None:
        """Put a box below the field's name, over the whole width, where it is too short for the name that is chosen."""
        box = self.editor.main
        if not self._laid_out or not isinstance(box, QuietComboBox):
            return
        column = self.width() - fonts.pixels(self._width) - self._grid.horizontalSpacing()
        below = box.needed_width() > column
        if below != self._below:
            self._below = below
            self._grid.removeWidget(self.editor)
            self._grid.addWidget(self.editor, *((_BELOW, 0, 1, 2) if below else (0, 1, 1, 1)))

    def show_help(self, equation: str, effect: Effect | None = None) -> None:
        """Change what the tooltips say.

        Args:
            equation: of what the field belongs to.
            effect: the training that a change may act on; None as long as nothing was learned.
        """
        words = tooltip(self.field, equation, "" if effect is None else effect.words(self.field))
        if words != self.editor.toolTip():
            self.editor.setToolTip(words)
            live = self.tr("Can be changed while the network is learning; it acts at once.")
            self.heading.show_help(words, live)
        self._effect = effect
        if effect is None:
            self._keep_room_of_note(False)
        self._show_pending()

    def _show_pending(self) -> None:
        """Say below a value that waits for the next start that it does."""
        pending = self._effect is not None and self._effect.pending(self.field, self.editor.value)
        if self._note is None:
            if not pending:
                return
            self._note = make_label(self.tr("from the next start"), "pending", self)
            self._note.setObjectName(f"{self.name}.pending")
            self._note.setToolTip(self.tr("The training under way, or the last one, was started with another value."))
            self._grid.addWidget(self._note, _NOTE, 1)
        self._note.setVisible(pending)
        if pending:
            self._keep_room_of_note(True)  # so that nothing moves when a training begins and the note goes

    def _keep_room_of_note(self, kept: bool) -> None:
        if self._note is not None and self._note.sizePolicy().retainSizeWhenHidden() != kept:
            policy = self._note.sizePolicy()
            policy.setRetainSizeWhenHidden(kept)
            self._note.setSizePolicy(policy)

    def set_value(self, value: object, fresh: bool = False) -> None:
        """Show a value."""
        self.editor.set_value(value, fresh)
        if fresh:
            self._keep_room_of_note(False)
        self._show_differs()
        self._show_pending()

    def set_default(self, default: object) -> None:
        """Go back to another value than the declared one from now on."""
        if default != self.default:
            self.default = default
            self._show_differs()

    def _show_differs(self) -> None:
        self.differs = self.editor.value != self.default
        shown = numbers.setting(self.default, self.field.kind)
        words = self.tr("Reset to {value}").format(value=shown)
        self.heading.show_differs(self.differs, f"{words} · {RESET_KEYS}")
        self._reset.setText(words)
        self._reset.setEnabled(self.differs)

    def put_below(self, nested: QWidget) -> None:
        """Show the form of what was chosen below the editor; a thin line along it says to what it belongs."""
        self._stem = QWidget(self)
        stem = QFrame(self._stem)
        stem.setProperty("stem", True)
        beside = QHBoxLayout(self._stem)
        beside.setContentsMargins(fonts.pixels(2), 2, 0, 2)
        beside.setSpacing(fonts.pixels(INDENT) - fonts.pixels(2) - _STEM)
        beside.addWidget(stem)
        beside.addWidget(nested)
        self._grid.addWidget(self._stem, _NESTED, 0, 1, 2)

    def clear_below(self) -> None:
        """Take that form away, and delete it."""
        if self._stem is not None:
            self._grid.removeWidget(self._stem)
            self._stem.hide()
            self._stem.deleteLater()
            self._stem = None

    @Slot()
    def reset(self) -> None:
        """Go back to the field's default, as if a person had chosen it."""
        self.editor.propose(self.default)

    @Slot(object)
    def _pass_on(self, value: object) -> None:
        self.changed_by_user.emit(self.field.name, value)

    @Slot(object, str)
    def pass_on_nested(self, value: object, name: str) -> None:
        """Take a change of one field of the form below for one of the whole value."""
        self.changed_by_user.emit(self.field.name, value)

    @Slot(str)
    def _show_error(self, message: str) -> None:
        self._refused = message
        self._show_sentence()

    def tell(self, message: str) -> None:
        """Say below what is wrong with the value that is there, as long as it is; empty when nothing is."""
        if message != self._told:
            self._told = message
            self._show_sentence()

    def _show_sentence(self) -> None:
        message = self._refused or self._told
        if self._error is None:
            if not message:
                return
            self._error = make_label("", "wrong", self)
            self._error.setObjectName(f"{self.name}.error")
            self._error.setWordWrap(True)
            self._grid.addWidget(self._error, _ERROR, 0, 1, 2)
        self._error.setText(message)
        self._error.setVisible(bool(message))
        focused = QApplication.focusWidget()
        if message and focused is not None and self.isAncestorOf(focused):
            QTimer.singleShot(0, self, self._bring_sentence)  # when it has its place

    @Slot()
    def _bring_sentence(self) -> None:
        """Scroll to what is said to the person who is typing in the field."""
        area: QWidget | None = self
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None and self._error is not None and self._error.isVisible():
            area.ensureWidgetVisible(self._error, 0, 10)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if shift and event.key() == Qt.Key.Key_Escape and self.differs:
            self.reset()
            event.accept()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self._reset)
        menu.popup(event.globalPos())
