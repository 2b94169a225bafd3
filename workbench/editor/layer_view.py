"""The network's list: layers are dropped, dragged, removed and chosen here, by mouse or by keyboard."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QMenu, QWidget

from nncore.editing.mends import Mend
from nncore.layers import Layer
from workbench.document import Document
from workbench.editor.in_place import InPlaceEditor
from workbench.editor.layer_clipboard import ClipboardList
from workbench.editor.layer_commands import LayerCommands
from workbench.editor.row_words import first_line, words_places
from workbench.editor.summary import Path

Index = QModelIndex | QPersistentModelIndex
_IN_MENU = (
    "editInPlaceAction",
    "",
    "cutLayersAction",
    "copyLayersAction",
    "pasteLayersAction",
    "",
    "duplicateLayersAction",
    "disableLayersAction",
    "moveLayersUpAction",
    "moveLayersDownAction",
    "",
    "removeLayersAction",
)


class LayerView(ClipboardList):
    """Input, layers and loss, with everything that can be done to them.

    Attributes:
        row_chosen: the current row changed; carries its kind (``"input"``, ``"layer"``, ``"loss"``) and the layer's
            position in the network, -1 for input and loss.
        form_wanted: the user asked, by Enter or a double click, for the settings of the current row.
        selection_told: other layers are selected, or the network is another one; carries their positions.
        commands: what can be done to the selected layers, as actions for menus.

    Actions that are added to the view, of commands that stand elsewhere, come into the menu of a layer, too.
    """

    row_chosen = Signal(str, int)
    form_wanted = Signal()
    selection_told = Signal(object)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.setObjectName("layerList")
        self.setAccessibleName(self.tr("Layers of the network"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.commands = LayerCommands(self)
        self._editor: InPlaceEditor | None = None
        # Signals arrive in the order of connection, so the model of the base class has its rows by then.
        document.trace_changed.connect(self._tell_choice)
        self.rows.modelReset.connect(self.select_first)
        document.project_changed.connect(self.close_editor)
        self.selectionModel().currentChanged.connect(self._follow_current)
        self.selectionModel().selectionChanged.connect(self._follow_selection)
        self.select_first()

    # --- Which row --------------------------------------------------------------------------------------------

    def selected_position(self) -> int:
        """Return the position in the network of the current layer; -1 when it is the input, the loss or nothing."""
        index = self.currentIndex()
        return self.rows.position(index.row()) if index.isValid() else -1

    @Slot()
    def _follow_current(self) -> None:
        if self.rows.follows and not self._settling:  # else the trace that comes with the edit tells it
            self._tell_choice()

    @Slot()
    def _follow_selection(self) -> None:
        if self.rows.follows and not self._settling:
            self._tell_selection()

    def all_disabled(self) -> bool:
        """Whether layers are selected and none of them takes part."""
        layers = [self.document.network.layers[position] for position in self.selected_positions()]
        return bool(layers) and all(layer.disabled for layer in layers)

    def _tell_selection(self) -> None:
        positions = self.selected_positions()
        mends = self.rows.mend_row(-1) >= 0
        self.commands.follow(positions, len(self.document.network), self.all_disabled(), mends)
        if mends:
            self.repaint_rows()  # the key stands in another button
        self.selection_told.emit(positions)

    @Slot()
    def _tell_choice(self) -> None:
        self._tell_selection()
        index = self.currentIndex()
        if index.isValid():
            self.row_chosen.emit(self.rows.view(index.row()).kind, self.rows.position(index.row()))
        else:
            self.row_chosen.emit("", -1)

    # --- What can be done -------------------------------------------------------------------------------------

    def add(self, layer: Layer) -> None:
        """Insert a layer behind the current row and select it."""
        with self.choosing():
            self.document.insert(self.insert_position(), layer)

    @Slot()
    def duplicate_selected(self) -> None:
        """Put copies of the selected layers behind the last of them and select the copies."""
        positions = self.selected_positions()
        if positions:
            with self.choosing():
                self.document.duplicate_layers(positions)

    @Slot()
    def toggle_disabled(self) -> None:
        """Have the selected layers take no part, or take part again where none of them does."""
        positions = self.selected_positions()
        if positions:
            self.document.set_disabled(positions, not self.all_disabled())

    @Slot()
    def move_up(self) -> None:
        """Move the selected layers one place towards the input; those that lie apart come together."""
        positions = self.selected_positions()
        if positions:
            self._move(positions, max(0, positions[0] - 1))

    @Slot()
    def move_down(self) -> None:
        """Move the selected layers one place towards the loss; those that lie apart come together."""
        positions = self.selected_positions()
        if positions:
            self._move(positions, min(positions[-1] + 2, len(self.document.network)))

    def _move(self, positions: list[int], gap: int) -> None:
        with self.choosing():
            moved = self.document.move_layers(positions, gap)
        if moved:
            first = gap - sum(position < gap for position in positions)
            self.select_positions(range(first, first + len(positions)))

    @Slot()
    def ask_for_form(self) -> None:
        """Ask for the settings of the current row."""
        self.form_wanted.emit()

    @Slot()
    def mend_selected(self) -> None:
        """Make the first change that mends the current row, or else the first row with an error, or with a hint."""
        row = self.rows.mend_row(self.currentIndex().row())
        if row >= 0:
            self.document.apply(self.rows.view(row).mends[0])

    # --- Keyboard and menu ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        plain = modifiers == Qt.KeyboardModifier.NoModifier
        if self.commands.key_pressed(event):
            pass
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.ask_for_form()
        elif key == Qt.Key.Key_Space and modifiers == Qt.KeyboardModifier.ControlModifier:
            self.selectionModel().select(self.currentIndex(), QItemSelectionModel.SelectionFlag.Toggle)
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
        if not self.selectionModel().isSelected(index):
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        menu = self.make_menu(index.row())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        keyboard = self.viewport().mapToGlobal(self.visualRect(index).center())
        menu.popup(event.globalPos() if event.reason() == event.Reason.Mouse else keyboard)

    def make_menu(self, row: int) -> QMenu:
        """Return the menu of a row: its mends first, then what can be done to a layer."""
        menu = QMenu(self)
        for mend in self.rows.view(row).mends:
            menu.addAction(mend.label).setData(mend)
        if menu.actions() and self.rows.mend_row(self.currentIndex().row()) == row:
            first = menu.actions()[0]
            first.setShortcut(self.commands["mendAction"].shortcut())
            first.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # it tells the key, which the list hears itself
        menu.triggered.connect(self._mend_by_action)
        if self.rows.position(row) < 0:
            menu.addAction(self.tr("Settings"), "Return", self.ask_for_form)
            menu.addActions([self.commands[name] for name in ("pasteLayersAction", "copyNetworkAction")])
            return menu
        menu.addSeparator()
        menu.addAction(self.tr("Settings"), "Return", self.ask_for_form)
        menu.addActions(self.actions())
        for name in _IN_MENU:
            if name:
                menu.addAction(self.commands[name])
            else:
                menu.addSeparator()
        return menu

    @Slot(object)
    def _mend_by_action(self, action: object) -> None:
        mend = action.data() if hasattr(action, "data") else None
        if isinstance(mend, Mend):
            self.document.apply(mend)

    # --- Settings in the row ------------------------------------------------------------------------------------

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        index = self.indexAt(place.toPoint())
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier and event.button() == Qt.MouseButton.LeftButton
        for rect, path in self._words(index) if plain else ():
            if rect.adjusted(-3, -3, 3, 3).contains(place):
                self.open_editor(index, path)
                event.accept()
                return
        super().mouseDoubleClickEvent(event)
        if index.isValid():
            self.ask_for_form()

    def _words(self, index: QModelIndex) -> list[tuple[QRectF, Path]]:
        """Return where the settings of a layer stand in the viewport, with the fields they stand for."""
        parts = self.painter_of_rows.layout(index) if index.isValid() else None
        return [] if parts is None else words_places(self.rows.view(index.row()), parts)

    @Slot()
    def edit_in_place(self) -> None:
        """Open the editor of the first setting in the current row."""
        index = self.currentIndex()
        self.scrollTo(index)
        words = self._words(index)
        if words:
            self.open_editor(index, words[0][1])
        elif index.isValid():
            self.ask_for_form()

    def open_editor(self, index: QModelIndex, path: Path) -> None:
        """Open the editor of one setting of a row, in the row."""
        self.close_editor()
        if index != self.currentIndex():
            self.select_position(self.rows.position(index.row()))
        self.scrollTo(index)
        parts = self.painter_of_rows.layout(index)
        rect = next((rect for rect, found in self._words(index) if found == path), None)
        if rect is None or parts is None:
            return
        behind = first_line(self.rows.view(index.row()), parts).behind.left()
        self._editor = InPlaceEditor(self.document, self.rows.position(index.row()), path, self.viewport())
        self._editor.left.connect(self._leave_editor)
        self.painter_of_rows.edited = index.row()
        self.update(index)
        self._editor.show_at(rect, (behind, parts.text_left))

    @Slot()
    def close_editor(self) -> None:
        """Close the editor in the row, if there is one; what was not confirmed in it is dropped."""
        editor, self._editor = self._editor, None
        if editor is not None:
            editor.left.disconnect(self._leave_editor)
            self.painter_of_rows.edited = -1
            self.update(self.rows.index(editor.position + 1))
            had_focus = editor.has_focus()
            editor.drop()
            if had_focus:
                # Before it is hidden: Qt would search the whole window for who gets the keyboard next.
                self.setFocus(Qt.FocusReason.OtherFocusReason)
            editor.hide()
            editor.deleteLater()

    @Slot(object, int)
    def _leave_editor(self, changed: Layer | None, step: int) -> None:
        """Close the editor with its change, and go on to the next setting (1) or the one before (-1)."""
        editor = self._editor
        if editor is None:
            return
        position, path = editor.position, editor.path
        self.close_editor()
        if changed is not None:
            self.document.replace_layer(position, changed)
        index = self.rows.index(position + 1)
        paths = [found for _, found in self._words(index)]
        if step and path in paths and 0 <= paths.index(path) + step < len(paths):
            self.open_editor(index, paths[paths.index(path) + step])
