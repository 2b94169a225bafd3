"""The palette: every layer there is, to be dragged into the network or added by a key."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QLineEdit, QToolButton, QVBoxLayout, QWidget

from nncore.layers import LAYERS
from workbench.editor.palette_list import PaletteList
from workbench.editor.palette_paint import entry_width
from workbench.theme import fonts, icons
from workbench.theme.widgets import card_header, label, rule

_SIDE, _SCROLL_BAR, _FRAME = 8, 10, 1
_LONGEST = 40
_UNBROKEN = re.compile(r"\S{12}(?=\S)")
"""Letters that have room in one line; after them a longer word may go on in the next."""


class SearchLine(QLineEdit):
    """A line whose Down key goes on to the list, and whose Escape empties it.

    Undo and redo are the line's own only while something is typed: after Return they take back the layer.

    Attributes:
        answered: whether the search was confirmed, and nothing typed since.
        list_wanted: the Down key.
    """

    list_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answered = False
        self.textEdited.connect(self._begin_anew)

    @Slot()
    def _begin_anew(self) -> None:
        self.answered = False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.answered:
            undo, redo = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo
            return not (event.matches(undo) or event.matches(redo)) and super().event(event)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.list_wanted.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
            return
        event.accept()


class Palette(QFrame):
    """The palette with its heading and search field.

    Attributes:
        chosen: a layer was picked by double click or Enter; carries a new ``Layer``.
        entries: the list, named ``layerPalette``.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("palettePanel")
        self.setProperty("card", True)
        self.entries = PaletteList(self)
        self.entries.chosen.connect(self.chosen)
        self.entries.folded_changed.connect(self._show_folded)
        self._fold = QToolButton()
        self._fold.setObjectName("foldFamiliesButton")
        self._fold.setProperty("flat", True)
        self._fold.clicked.connect(self._fold_all)
        self.search = SearchLine()
        self.search.setObjectName("layerSearch")
        self.search.setPlaceholderText(self.tr("Find a layer"))
        self.search.setAccessibleName(self.tr("Find a layer by its name or what it does"))
        self.search.setToolTip(self.tr("A name, or what it is for: conv, pool, recurrent, batch norm, overfitting"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._choose)
        self.search.list_wanted.connect(self.entries.focus_best)

        self._nothing = label("", "dim")
        self._nothing.setObjectName("layerSearchNothing")
        self._nothing.setTextFormat(Qt.TextFormat.PlainText)
        self._nothing.setWordWrap(True)
        self._nothing.setContentsMargins(2, 4, 2, 4)
        self._nothing.hide()

        body = QVBoxLayout()
        body.setContentsMargins(_SIDE, _SIDE, _SIDE - 2, 6)
        body.setSpacing(4)
        body.addWidget(self.search)
        body.addWidget(self._nothing)
        body.addWidget(self.entries)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(_FRAME, _FRAME, _FRAME, _FRAME)
        whole.setSpacing(0)
        whole.addWidget(card_header(self.tr("Layers"), self._fold))
        whole.addWidget(rule())
        whole.addLayout(body)
        # The longest name is to be read whole beside the scroll bar.
        self.setMinimumWidth(entry_width(LAYERS.names()) + fonts.pixels(2 * _SIDE - 2 + _SCROLL_BAR) + 2 * _FRAME)
        self._show_folded()

    @Slot(str)
    def _filter(self, text: str) -> None:
        self.entries.filter(text)
        words = self.tr('No layer is called "{search}". Try what it is for: picture, sequence, overfitting.')
        self._nothing.setText(words.format(search=_quotable(text.strip())))
        self._nothing.setVisible(self.entries.best_shown() is None)

    @Slot()
    def _choose(self) -> None:
        """Add the best answer; what is typed next replaces the search, and Return alone adds another."""
        self.entries.choose_first()
        self.search.selectAll()
        self.search.answered = True

    @Slot()
    def _fold_all(self) -> None:
        everything = self.entries.families()
        self.entries.fold(set() if self.entries.folded >= everything else everything)

    @Slot()
    def _show_folded(self) -> None:
        folded = self.entries.folded >= self.entries.families()
        words = self.tr("Unfold all families") if folded else self.tr("Fold all families")
        self._fold.setToolTip(words)
        self._fold.setAccessibleName(words)
        icons.bind(self._fold, "unfold-all" if folded else "fold-all")


def _quotable(search: str) -> str:
    """Return a search so that a narrow label can quote it: not too long, and with ends of lines in long words."""
    shown = search if len(search) <= _LONGEST else f"{search[: _LONGEST - 1]}…"
    return _UNBROKEN.sub("\\g<0>\N{ZERO WIDTH SPACE}", shown)
