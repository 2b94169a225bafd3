"""The overlay that lists every key, by menu, with a search."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.actions import Actions
from workbench.dialogs.help import TextDialog
from workbench.theme import fonts
from workbench.theme.widgets import label
from workbench.window.keys import Group, Key, groups

WIDEST, HIGHEST = 960, 580
"""Pixels that the list may take of the smallest screen, 1024x640 with a title above, whatever the size of text."""
COMFORTABLE = 1080  # pixels of the design that the dialog takes where there is room; lines are no easier to read wider
BESIDE = 48  # pixels of the window that stay to be seen on each side of the dialog, with its title above
AROUND = 190  # pixels of the design above and below the list


class KeysTable(QWidget):
    """A search line, and below it the groups in two columns."""

    def __init__(self, found: list[Group], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit(self)
        self.search.setObjectName("keysSearch")
        self.search.setPlaceholderText(self.tr("Find a key or what it does"))
        self.search.setAccessibleName(self.tr("Find a key"))
        self.search.setToolTip(self.tr("Words of what is wanted, or of the key"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.filter)
        self._cards = [_GroupTable(group) for group in found]
        self._nothing = label(self.tr("No key does that. Every command is in the menus."), "dim")
        self._nothing.setObjectName("keysNothing")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._inside = inside = QWidget()
        inside.setProperty("plain", True)
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(0, 0, 16, 0)
        columns.setSpacing(28)
        halves = _halves(self._cards)
        wide = sum(max(card.sizeHint().width() for card in cards) for cards in halves) + 28 + 16
        # Where two columns of large text were wider than the smallest screen, there is one.
        for cards in halves if wide <= WIDEST else (self._cards,):
            _align(cards)
            column = QVBoxLayout()
            column.setSpacing(16)
            for card in cards:
                column.addWidget(card)
            column.addStretch()
            columns.addLayout(column, 1)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("keysScroll")
        self._scroll.setAccessibleName(self.tr("Keys"))
        self._scroll.setToolTip(self.tr("The list of keys"))
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        wanted = inside.sizeHint()
        self._scroll.setMinimumWidth(min(max(wanted.width() + 16, fonts.pixels(860)), WIDEST))
        self._scroll.setMinimumHeight(min(wanted.height(), HIGHEST - fonts.pixels(AROUND)))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        # One in the place of the other, so that the dialog keeps its height.
        self._found = QStackedWidget()
        self._found.addWidget(self._scroll)
        self._found.addWidget(self._nothing)
        box.addWidget(self.search)
        box.addWidget(self._found)
        self.setFocusProxy(self.search)

    def resizeEvent(self, event: QResizeEvent) -> None:
        # As wide with a scroll bar as without one, so that nothing moves while searching.
        self._inside.setMaximumWidth(self.width() - self._bar)
        super().resizeEvent(event)

    @property
    def _bar(self) -> int:
        return self._scroll.verticalScrollBar().sizeHint().width()

    def whole(self, width: int) -> int:
        """Return how many pixels high the list is when all of it is shown, so wide."""
        return self._inside.heightForWidth(width - self._bar)

    @property
    def least(self) -> int:
        """How many pixels high the list is at least."""
        return self._scroll.minimumHeight()

    @Slot(str)
    def filter(self, text: str) -> None:
        """Show the lines that hold every word of ``text``, in the key or in what it does."""
        words = text.casefold().split()
        shown = [card.filter(words) for card in self._cards]
        self._found.setCurrentWidget(self._scroll if any(shown) else self._nothing)


class _GroupTable(QWidget):
    """The keys of one menu under its title."""

    def __init__(self, group: Group) -> None:
        super().__init__()
        self._title = group.title
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.addWidget(label(group.title, "title"), 0, 0, 1, 2)
        self._lines: list[tuple[Key, QWidget, QLabel]] = []
        for row, key in enumerate(group.keys, start=1):
            caps, words = _caps(key), label(key.words)
            words.setWordWrap(True)
            words.setMinimumWidth(fonts.pixels(200))
            grid.addWidget(caps, row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, row, 1, Qt.AlignmentFlag.AlignTop)
            self._lines.append((key, caps, words))

    @property
    def widest(self) -> int:
        """Pixels that the widest of the keys takes, shown or not."""
        return max(caps.sizeHint().width() for _, caps, _ in self._lines)

    def begin_words_at(self, left: int) -> None:
        """Let all that is told begin so many pixels to the right, whichever keys are shown."""
        self._grid.setColumnMinimumWidth(0, left)

    def __len__(self) -> int:
        return len(self._lines)

    def filter(self, words: list[str]) -> bool:
        """Show the lines that hold every word; return whether any does."""
        any_shown = False
        for key, caps, told in self._lines:
            text = f"{self._title} {key.keys} {key.name} {key.words}".casefold()
            shown = all(word in text for word in words)
            caps.setVisible(shown)
            told.setVisible(shown)
            any_shown = any_shown or shown
        self.setVisible(any_shown)
        return any_shown


def _caps(key: Key) -> QWidget:
    """Return the keys that do one thing, one below the other: beside each other they would take the words' room."""
    caps = QWidget()
    column = QVBoxLayout(caps)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    for each in key.each:
        column.addWidget(label(each, "key"), 0, Qt.AlignmentFlag.AlignLeft)
    return caps


def _align(cards: Sequence[_GroupTable]) -> None:
    """Let what is told in a column of groups begin at one edge."""
    left = max((card.widest for card in cards), default=0)
    for card in cards:
        card.begin_words_at(left)


def _halves(cards: list[_GroupTable]) -> tuple[list[_GroupTable], list[_GroupTable]]:
    """Return two columns of about equal length, in order."""
    half, left = sum(len(card) + 2 for card in cards) / 2, 0
    place = 0
    while place < len(cards) and left + (len(cards[place]) + 2) / 2 <= half:
        left += len(cards[place]) + 2
        place += 1
    return cards[:place], cards[place:]


def keys_dialog(actions: Actions, parent: QWidget) -> TextDialog:
    """Return the list of keys, as large as it needs and its window has room for; the focus is in its search."""
    table = KeysTable(groups(parent, actions))
    dialog = TextDialog("keysDialog", parent.tr("Keys"), table, parent)
    least = dialog.sizeHint().boundedTo(QSize(WIDEST + AROUND, HIGHEST))
    place = parent.window().geometry()
    room = place.size() - QSize(2 * BESIDE, 2 * BESIDE)
    wide = max(least.width(), min(fonts.pixels(COMFORTABLE), room.width()))
    inside = wide - (least.width() - table.sizeHint().width())
    high = min(least.height() - table.least + table.whole(inside), room.height())
    dialog.resize(wide, max(least.height(), high))
    # Qt itself puts it above the middle, where a tall one leaves a small window.
    dialog.move(place.center() - dialog.rect().center())
    table.search.setFocus()
    return dialog
