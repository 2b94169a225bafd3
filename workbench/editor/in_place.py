"""The editor of one setting, in the row that tells it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QComboBox, QFrame, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from nncore.errors import InputError
from nncore.layers import Layer
from workbench.document import Document
from workbench.editor.summary import Path
from workbench.forms.controls import ValueEdit
from workbench.forms.kinds import make_editor
from workbench.theme import current, fill, fonts
from workbench.theme.widgets import label

WIDTH, HEIGHT = 236, 42
"""Pixels of the design: at most so wide; at least so high, for both lines of a row lie under it, and not its bar."""

_SLIDER = 64  # pixels of the design that a slider has at least
_ABOVE, _BETWEEN = 3, 8
_WITHIN = 6  # pixels between the parts of an editor


class InPlaceEditor(QFrame):
    """A card with a field's name and its editor. Enter, Tab or a click elsewhere takes the value; Escape drops it.

    Args:
        document: whose layer is edited.
        position: of the layer in the network.
        path: the way to the field.
        parent: the list's viewport.

    Attributes:
        left: it is done; carries the changed layer, None where nothing changed, and 1 to go on to the next setting, -1
            to the one before, 0 for neither.
    """

    left = Signal(object, int)

    def __init__(self, document: Document, position: int, path: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("inPlaceEditor")
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._document, self.position, self.path = document, position, path
        owner = _owner(document.network.layers[position], path)
        field = owner.field(path[-1])
        self._before = self._value = getattr(owner, path[-1])
        self._viewport = parent
        self._wrong = ""
        self._closed = False
        self._walking = False  # the arrow keys go through the names of a combo box
        self._editor = make_editor(field, "inPlace", self)
        self._editor.set_value(self._before)
        self._editor.edited.connect(self._note)
        self._editor.refused.connect(self._show_wrong)
        self.setAccessibleName(field.label)
        self.setToolTip(field.rule.help)
        self._words = label("", "small", self)
        self._words.setObjectName("inPlaceMessage")
        self._words.setWordWrap(True)
        self._words.hide()
        line = QHBoxLayout()
        line.setSpacing(_BETWEEN)
        self._name = label(field.label, "dim")
        line.addWidget(self._name)
        line.addWidget(self._editor, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 4, 8, 4)
        box.setSpacing(2)
        box.addLayout(line)
        box.addWidget(self._words)
        for control in (self._editor, *self._editor.controls):
            control.installEventFilter(self)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow_focus)

    def show_at(self, word: QRectF, starts: tuple[float, ...]) -> None:
        """Show the card over the word that it changes, within the list, with the keyboard in it.

        Args:
            word: where it stands in the list.
            starts: where the card may begin, the best first: behind what is to be seen beside it.
        """
        room = self._viewport.rect().adjusted(4, 2, -4, -2)
        start = self._shrink([round(start) for start in starts], room)
        self.setFixedWidth(min(max(fonts.pixels(WIDTH), self.sizeHint().width()), room.right() - start))
        self.setMinimumHeight(fonts.pixels(HEIGHT))
        self.adjustSize()
        left = round(word.left()) - 12
        if left + self.width() > room.right():  # it hides words before its own, and so all of them
            left = start
            self.setFixedWidth(room.right() - start)
        top = min(round(word.top()) - fonts.pixels(_ABOVE), room.bottom() - self.height())
        self.move(max(start, left), max(room.top(), top))
        self.show()
        self.raise_()
        self._editor.main.setFocus(Qt.FocusReason.PopupFocusReason)
        if isinstance(self._editor.main, ValueEdit):
            self._editor.main.selectAll()

    def _shrink(self, starts: list[int], room: QRect) -> int:
        """Leave out what the card has no room for, and return where it begins.

        A number says nothing without the name of its field: unit and slider go first, and before the name goes, the
        card begins at the list's edge. What is chosen from a list is a word, and needs its field's name less than the
        layer's.
        """
        main = self._editor.main
        sliders: list[QWidget] = list(self._editor.findChildren(QSlider))
        units: list[QWidget] = list(self._editor.findChildren(QLabel, f"{self._editor.name}.unit"))
        for slider in sliders:
            slider.setMinimumWidth(fonts.pixels(_SLIDER))  # shorter, it could hardly be moved
        parts = [*units, *sliders]
        less = {part: max(part.minimumWidth(), part.minimumSizeHint().width()) + _WITHIN for part in parts}
        less[self._name] = self._name.sizeHint().width() + _BETWEEN
        whole = self.minimumSizeHint().width()
        shorter: list[list[QWidget]] = [[], units, sliders, parts]
        unnamed = [*parts, self._name]
        ways = [(start, left_out) for start in (*starts, room.left()) for left_out in shorter]
        ways += [(start, unnamed) for start in (*starts, room.left())]
        if isinstance(main, QComboBox):
            ways = [(start, left_out) for start in starts for left_out in (parts, unnamed)]
        fitting = (way for way in ways if way[0] + whole - sum(less[part] for part in way[1]) <= room.right())
        start, left_out = next(fitting, (room.left(), ways[-1][1]))
        for part in left_out:
            part.hide()
        for box in (self._editor.layout(), self.layout()):
            if box is not None:
                box.invalidate()  # Qt would reckon with the hidden parts until the card is painted
                box.activate()
        if sliders and sliders[0] in left_out:
            main.setMaximumWidth(room.width())  # the number takes the slider's room
        return start

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = current().tokens
        fill(painter, QRectF(self.rect()), 6, tokens.panel, tokens.accent)
        painter.end()

    def has_focus(self) -> bool:
        """Whether the keyboard is in the card, or nowhere else."""
        focused = QApplication.focusWidget()
        return focused is None or self._holds(focused)

    def _holds(self, widget: QWidget | None) -> bool:
        """Whether a widget belongs to the card; the list of a combo box does, although it is a window of its own."""
        while widget is not None and widget is not self:
            widget = widget.parentWidget()
        return widget is self

    # --- Taking and dropping ------------------------------------------------------------------------------------

    @Slot(object)
    def _note(self, value: object) -> None:
        self._value = value
        if isinstance(self._editor.main, QComboBox) and not self._walking:
            QTimer.singleShot(0, self, self.take)  # chosen from the list, which is still to be hidden

    @Slot(str)
    def _show_wrong(self, message: str) -> None:
        self._wrong = message
        self._words.setText(message)
        self._words.setVisible(bool(message))
        self.setAccessibleDescription(message)
        # The height that the words need depends on the width, which ``adjustSize`` would take from their unbroken line.
        box = self.layout()
        if box is not None:
            box.activate()
            self.resize(self.width(), box.totalHeightForWidth(self.width()))

    @Slot()
    def take(self, step: int = 0) -> None:
        """Make the change, as one undo step, and close; stay where the value cannot be."""
        if self._closed:
            return
        for control in self._editor.controls:
            if isinstance(control, ValueEdit):
                control.submit()
        if self._wrong:
            return
        if self._value != self._before:
            try:
                changed = _changed(self._document.network.layers[self.position], self.path, self._value)
            except InputError as error:
                self._editor.refuse(str(error), self._before)
                return
            self._leave(changed, step)
        else:
            self._leave(None, step)

    def drop(self) -> None:
        """Close, with nothing changed."""
        self._leave(None, 0)

    def _leave(self, changed: Layer | None, step: int) -> None:
        if not self._closed:
            self._closed = True
            self.left.emit(changed, step)

    # --- Keys and focus -----------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        elif key == Qt.Key.Key_Escape:
            self.drop()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self.take(1 if key == Qt.Key.Key_Tab else -1)
        else:
            self._walking = key not in (Qt.Key.Key_Space, Qt.Key.Key_F4) and not event.modifiers()
            return super().eventFilter(watched, event)
        return True

    @Slot(QWidget, QWidget)
    def _follow_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and not self._closed and self.isVisible() and not self._holds(new):
            self.take()
            if not self._closed:
                self.drop()  # what cannot be is not kept by going away


def _owner(layer: Layer, path: Path) -> Layer:
    """Return the layer that has the field: the layer itself, or one within it."""
    for name in path[:-1]:
        layer = getattr(layer, name)
    return layer


def _changed(layer: Layer, path: Path, value: object) -> Layer:
    """Return the layer with the field changed; raise ``InputError`` where it cannot be."""
    name, *rest = path
    if rest:
        value = _changed(getattr(layer, name), tuple(rest), value)
    return layer.replace(**{name: value})
