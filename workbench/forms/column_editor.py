"""The editor of a table's column: a line for its name, and a list of the columns once they are known."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from nncore.fields import Field
from workbench.forms.editors import TextEditor
from workbench.theme import icons


class ColumnEditor(TextEditor):
    """A line of text; empty means the last column."""

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(field, name, parent)
        self._menu = QMenu(self)
        self._menu.setObjectName(f"{name}.menu")
        self._menu.triggered.connect(self._choose)
        self._button = QToolButton()
        self._button.setProperty("flat", True)
        self._button.clicked.connect(self._open)
        icons.bind(self._button, "down")
        self._adopt(self._button, ".columns")
        # The arrow keys in the line do the same, so that the tab key need not stop twice.
        self.controls.remove(self._button)
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._edit.stepped.connect(self._open)
        self._button.setAccessibleName(self.tr("Columns of the table"))
        self._button.setToolTip(self.tr("Choose one of the table's columns"))
        self.show_columns(())

    def show_columns(self, columns: Sequence[str]) -> None:
        """Offer the columns of a table, the last of them for an empty line; none where they are not known."""
        self._menu.clear()
        for column in columns:
            self._menu.addAction(column.replace("&", "&&")).setData(column)
        self._button.setVisible(bool(columns))
        last = self.tr("last column: {name}").format(name=columns[-1]) if columns else self.tr("last column")
        self.set_placeholder(last)

    @Slot()
    def _open(self) -> None:
        if not self._menu.isEmpty():
            self._menu.popup(self._button.mapToGlobal(self._button.rect().bottomLeft()))

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self.propose(action.data())
