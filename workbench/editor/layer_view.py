"""The network's list: layers are dropped, dragged, removed and chosen here, by mouse or by keyboard."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QWidget

from nncore.layers import Layer
from nncore.mends import Mend
from workbench.document import Document
from workbench.editor.layer_mouse import MouseList

Index = QModelIndex | QPersistentModelIndex


class LayerView(MouseList):
    """Input, layers and loss, with everything that can be done to them.

    Attributes:
        row_chosen: the current row changed; carries its kind (``"input"``, ``"layer"``, ``"loss"``) and the layer's
            position in the network, -1 for input and loss.
        form_wanted: the user asked, by Enter or a double click, for the settings of the current row.
    """

    row_chosen = Signal(str, int)
    form_wanted = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.setObjectName("layerList")
        self.setAccessibleName(self.tr("Layers of the network"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        # Signals arrive in the order of connection, so the model of the base class has its rows by then.
        document.trace_changed.connect(self._tell_choice)
        self.rows.modelReset.connect(self.select_first)
        self.select_first()

    # --- Which row --------------------------------------------------------------------------------------------

    def selected_position(self) -> int:
        """Return the position in the network of the current layer; -1 when it is the input, the loss or nothing."""
        index = self.currentIndex()
        return self.rows.position(index.row()) if index.isValid() else -1

    @Slot()
    def select_first(self) -> None:
        """Make the first layer current, or the input where there is none."""
        self.setCurrentIndex(self.rows.index(min(1, len(self.document.network))))

    def insert_position(self) -> int:
        """Return where a new layer goes when no place is shown: behind the current row, or at the end."""
        index = self.currentIndex()
        count = len(self.document.network)
        return min(index.row(), count) if index.isValid() and index.row() <= count else count

    def currentChanged(self, new: Index, previous: Index) -> None:
        super().currentChanged(new, previous)
        if self.rows.follows:  # else the trace that comes with the edit tells it
            self._tell_choice()

    @Slot()
    def _tell_choice(self) -> None:
        index = self.currentIndex()
        if index.isValid():
            self.row_chosen.emit(self.rows.view(index.row()).kind, self.rows.position(index.row()))
        else:
            self.row_chosen.emit("", -1)

    # --- What can be done -------------------------------------------------------------------------------------

    def add(self, layer: Layer) -> None:
        """Insert a layer behind the current row and select it."""
        position = self.insert_position()
        self.document.insert(position, layer)
        self.select_position(position)

    @Slot()
    def remove_selected(self) -> None:
        """Remove the current layer; its follower becomes current."""
        position = self.selected_position()
        if position >= 0:
            self.document.remove(position)
            count = len(self.document.network)
            if count:
                self.select_position(min(position, count - 1))

    @Slot()
    def duplicate_selected(self) -> None:
        """Put a copy of the current layer behind it and select the copy."""
        position = self.selected_position()
        if position >= 0:
            self.document.duplicate(position)
            self.select_position(position + 1)

    @Slot()
    def move_up(self) -> None:
        """Move the current layer one place towards the input."""
        self._move(-1)

    @Slot()
    def move_down(self) -> None:
        """Move the current layer one place towards the loss."""
        self._move(1)

    def _move(self, step: int) -> None:
        position = self.selected_position()
        if position >= 0 and 0 <= position + step < len(self.document.network):
            self.document.move(position, position + step)
            self.scrollTo(self.currentIndex())

    @Slot()
    def ask_for_form(self) -> None:
        """Ask for the settings of the current row."""
        self.form_wanted.emit()

    @Slot()
    def mend_selected(self) -> None:
        """Make the first change that mends the current row, or else the first row with an error."""
        rows = [self.currentIndex().row(), *range(self.rows.rowCount())]
        for row in rows:
            mends = self.rows.view(row).mends if row >= 0 else ()
            if mends:
                self.document.apply(mends[0])
                return

    # --- Keyboard and menu ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        control = modifiers == Qt.KeyboardModifier.ControlModifier
        alt = modifiers == Qt.KeyboardModifier.AltModifier
        plain = modifiers == Qt.KeyboardModifier.NoModifier
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if plain and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_selected()
        elif control and key == Qt.Key.Key_D:
            self.duplicate_selected()
        elif alt and key == Qt.Key.Key_Up:
            self.move_up()
        elif alt and key == Qt.Key.Key_Down:
            self.move_down()
        elif control and enter:
            self.mend_selected()
        elif plain and enter and self.currentIndex().isValid():
            self.ask_for_form()
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()  # a list needs them not; in the window they steer the training
            return
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos()) if event.reason() == event.Reason.Mouse else self.currentIndex()
        if not index.isValid():
            return
        self.setCurrentIndex(index)
        menu = self.make_menu(index.row())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        keyboard = self.viewport().mapToGlobal(self.visualRect(index).center())
        menu.popup(event.globalPos() if event.reason() == event.Reason.Mouse else keyboard)

    def make_menu(self, row: int) -> QMenu:
        """Return the menu of a row: its mends first, then what can be done to a layer."""
        menu = QMenu(self)
        for mend in self.rows.view(row).mends:
            menu.addAction(mend.label).setData(mend)
        menu.triggered.connect(self._mend_by_action)
        position, count = self.rows.position(row), len(self.document.network)
        if position < 0:
            menu.addAction(self.tr("Settings"), self.ask_for_form)
            return menu
        menu.addSeparator()
        menu.addAction(self.tr("Settings"), "Return", self.ask_for_form)
        menu.addAction(self.tr("Duplicate"), "Ctrl+D", self.duplicate_selected)
        menu.addAction(self.tr("Move up"), "Alt+Up", self.move_up).setEnabled(position > 0)
        menu.addAction(self.tr("Move down"), "Alt+Down", self.move_down).setEnabled(position < count - 1)
        menu.addSeparator()
        remove = menu.addAction(self.tr("Remove"), self.remove_selected)
        remove.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        return menu

    @Slot(object)
    def _mend_by_action(self, action: object) -> None:
        mend = action.data() if hasattr(action, "data") else None
        if isinstance(mend, Mend):
            self.document.apply(mend)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self.ask_for_form()
