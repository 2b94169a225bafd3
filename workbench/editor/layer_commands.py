"""The commands of the network's list: said here, shown in the Edit menu and the list's own, heard by the list."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from workbench.theme import icons


@dataclass(frozen=True)
class Entry:
    """One command.

    Attributes:
        name: of the action, and of the list's method that carries it out.
        needs: ``"layers"`` where some must be selected.
    """

    name: str
    method: str
    text: str
    tip: str
    keys: tuple[str, ...]
    icon: str = ""
    needs: str = "layers"


ENTRIES = (
    Entry("cutLayersAction", "cut", "Cu&t", "Take the selected layers out, and keep them as text", ("Ctrl+X",)),
    Entry("copyLayersAction", "copy", "&Copy", "Keep the selected layers as text", ("Ctrl+C",), "copy"),
    Entry("pasteLayersAction", "paste", "&Paste", "Put layers from a text behind the current row", ("Ctrl+V",), "", ""),
    Entry(
        "copyNetworkAction",
        "copy_network",
        "Copy net&work",
        "Keep the network as text",
        ("Ctrl+Shift+C",),
        "",
        "",
    ),
    Entry("selectLayersAction", "selectAll", "Select &all layers", "Select every layer", ("Ctrl+A",), "", ""),
    Entry(
        "editInPlaceAction",
        "edit_in_place",
        "Ed&it in the row",
        "Change a setting in its row; Tab goes to the next one",
        ("F3",),
        "write",
    ),
    Entry(
        "duplicateLayersAction",
        "duplicate_selected",
        "&Duplicate",
        "Put copies behind the selected layers",
        ("Ctrl+D",),
        "duplicate",
    ),
    Entry(
        "disableLayersAction",
        "toggle_disabled",
        "Disa&ble layer",
        "Have the selected layers take no part, or take part again",
        ("Ctrl+/",),
    ),
    Entry(
        "removeLayersAction",
        "remove_selected",
        "Re&move",
        "Take the selected layers out",
        ("Del", "Backspace"),
        "delete",
    ),
    Entry("moveLayersUpAction", "move_up", "M&ove up", "Move the selected layers towards the input", ("Alt+Up",), "up"),
    Entry(
        "moveLayersDownAction",
        "move_down",
        "Mo&ve down",
        "Move the selected layers towards the loss",
        ("Alt+Down",),
        "down",
    ),
    Entry(
        "mendAction",
        "mend_selected",
        "Mend the &first error",
        "Make the first change that mends the row, or else the first error or warning",
        ("Ctrl+Return",),
        "check",
        "",
    ),
)
PARTED = ("selectLayersAction", "duplicateLayersAction", "removeLayersAction", "mendAction")
"""Before these a menu of all commands has a line."""


class LayerCommands(QObject):
    """The commands as actions of one list, by name.

    The list itself listens to the keys while it has the focus, so that they stay free elsewhere; the actions tell them.
    """

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.setObjectName("layerCommands")
        self._actions: dict[str, QAction] = {}
        for entry in ENTRIES:
            action = QAction(QCoreApplication.translate("layerCommands", entry.text), self)
            action.setObjectName(entry.name)
            tip = QCoreApplication.translate("layerCommands", entry.tip)
            action.setShortcuts([QKeySequence(keys) for keys in entry.keys])
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{tip} · {shown}")
            action.setStatusTip(tip)
            if entry.icon:
                icons.bind(action, entry.icon)
            action.triggered.connect(getattr(view, entry.method))
            self._actions[entry.name] = action

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def all(self) -> list[QAction]:
        """Return the actions in the order of the menu."""
        return list(self._actions.values())

    def key_pressed(self, event: QKeyEvent) -> bool:
        """Carry out the command of a key; return whether it has one."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key.Key_Return if event.key() == Qt.Key.Key_Enter else Qt.Key(event.key())
        if key == Qt.Key.Key_Slash:
            plain &= ~Qt.KeyboardModifier.ShiftModifier  # on some keyboards the sign itself needs it
        pressed = QKeySequence(int(plain.value) | int(key))
        for action in self._actions.values():
            if pressed in action.shortcuts():
                if action.isEnabled():
                    action.trigger()
                return True
        return False

    def follow(self, positions: list[int], count: int, disabled: bool, mendable: bool) -> None:
        """Offer what can be done now.

        Args:
            positions: of the selected layers.
            count: of the layers in the network.
            disabled: none of the selected layers takes part.
            mendable: some row has a change that mends it.
        """
        for entry in ENTRIES:
            self[entry.name].setEnabled(bool(positions) or not entry.needs)
        chosen = len(positions)
        self["moveLayersUpAction"].setEnabled(bool(positions) and positions != list(range(chosen)))
        self["moveLayersDownAction"].setEnabled(bool(positions) and positions != list(range(count - chosen, count)))
        for name in ("selectLayersAction", "copyNetworkAction"):
            self[name].setEnabled(count > 0)
        self["mendAction"].setEnabled(mendable)
        words = self.tr("Ena&ble layer") if disabled else self.tr("Disa&ble layer")
        self["disableLayersAction"].setText(words)
