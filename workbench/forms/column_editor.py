"""The editor of a table's column: a line for its name, and a list of the columns once they are known."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from nncore.fields import Field
from workbench.forms.editors import TextEditor
from workbench.theme import fonts, icons

_BUTTON = 20  # pixels of the design


class ColumnEditor(TextEditor):
    """A line of text; empty means the last column."""

    def __init__(self, field: Field, name: str, parent: QWidget | None = None) -> None:
        super().__init__(field, name, parent)
        self._menu = QMenu(self)
        self._menu.setObjectName(f"{name}.menu")
        self._menu.triggered.connect(self._choose)
        self._button = QToolButton()
        self._button.setObjectName(f"{name}.columns")
        self._button.setProperty("dot", True)
        self._button.clicked.connect(self._open)
        icons.bind(self._button, "down")
        self._button.setIconSize(QSize(fonts.pixels(_BUTTON), fonts.pixels(_BUTTON)))
        self._button.setFixedWidth(fonts.pixels(_BUTTON))
        self._button.setCursor(Qt.CursorShape.ArrowCursor)
        # The arrow keys in the line do the same, so that the tab key need not stop twice.
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QHBoxLayout(self._edit)  # within the frame of the line, as in the combo boxes beside it
        inside.setContentsMargins(0, 0, 2, 0)
        inside.addStretch()
        inside.addWidget(self._button)
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
        self._edit.setTextMargins(0, 0, fonts.pixels(_BUTTON) if columns else 0, 0)
        last = self.tr("last column: {name}").format(name=columns[-1]) if columns else self.tr("last column")
        self.set_placeholder(last)

    @Slot()
    def _open(self) -> None:
        if not self._menu.isEmpty():
            self._menu.popup(self._edit.mapToGlobal(self._edit.rect().bottomLeft()))

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        self.propose(action.data())
