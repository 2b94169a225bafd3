"""The welcome page: New, Open, Recent and Examples. It lies over the middle of the window, and goes with any choice."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from nncore.project import preset_titles
from workbench.life.kept_trainings import KeptTraining
from workbench.life.welcome.card import ExampleCard
from workbench.life.welcome.kept import KeptRows
from workbench.life.welcome.recent import RecentFiles
from workbench.life.welcome.teaching import teaches
from workbench.theme import fonts, icons
from workbench.theme.widgets import label, rule
from workbench.window.tab_order import COVERED

CARD_WIDTH = 178  # pixels of the design, at least


class WelcomePage(QFrame):
    """Covers a widget until something was chosen, or Escape was pressed.

    Args:
        actions: New and Open, as the menus have them.
        covered: the widget whose place it takes; its parent is the page's.

    Attributes:
        preset_chosen, file_chosen, file_removed, kept_chosen: carry a name or a path.
        start_changed: carries whether the page is to be shown when the program starts.
        recent: the rows of files; kept: those of trainings that were not saved.
    """

    preset_chosen = Signal(str)
    file_chosen = Signal(str)
    file_removed = Signal(str)
    kept_chosen = Signal(str)
    start_changed = Signal(bool)

    def __init__(self, actions: Sequence[QAction], covered: QWidget) -> None:
        super().__init__(covered.parentWidget())
        self.setObjectName("welcomePage")
        self.setAccessibleName(self.tr("Welcome"))
        self.setProperty("card", True)
        self._covered = covered
        self._columns = 0
        self._came_from: QWidget | None = None  # what had the focus before the page took it
        self.recent = RecentFiles(self)
        self.recent.chosen.connect(self.file_chosen)
        self.recent.removed.connect(self.file_removed)
        self.kept = KeptRows(self)
        self.kept.chosen.connect(self.kept_chosen)
        self.cards = [ExampleCard(*entry, teaches(entry[0]), self) for entry in preset_titles()]
        for card in self.cards:
            card.clicked.connect(self._choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self._header(actions))
        layout.addWidget(self._scroll(), 1)
        layout.addWidget(rule())
        layout.addWidget(self._footer())
        covered.installEventFilter(self)
        self.hide()

    # --- Its parts ---

    def _header(self, actions: Sequence[QAction]) -> QWidget:
        header = QWidget(self)
        row = QHBoxLayout(header)
        row.setContentsMargins(16, 12, 8, 8)
        row.setSpacing(8)
        row.addWidget(label(self.tr("Welcome"), "title"))
        row.addSpacing(8)
        self.buttons = [self._button(action) for action in actions]
        for button in self.buttons:
            row.addWidget(button)
        row.addStretch()
        self.close_button = QToolButton(header)
        self.close_button.setObjectName("closeWelcomeButton")
        self.close_button.setProperty("flat", True)
        self.close_button.setAccessibleName(self.tr("Close the welcome page"))
        self.close_button.setToolTip(self.tr("Go on with the network that is open · Esc"))
        icons.bind(self.close_button, "close")
        self.close_button.clicked.connect(self.dismiss)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        return header

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setObjectName(f"welcome.{action.objectName()}")
        button.setAccessibleName(action.text().replace("&", ""))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setProperty("beside", True)
        button.setIconSize(QSize(fonts.pixels(16), fonts.pixels(16)))  # the action's, which no binding sizes
        return button

    def _scroll(self) -> QScrollArea:
        content = QWidget()
        content.setProperty("plain", True)
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 4, 16, 8)
        column.setSpacing(8)
        column.addWidget(label(self.tr("Recent"), "dim"))
        column.addWidget(self.recent)
        column.addWidget(self.kept)
        column.addSpacing(4)
        column.addWidget(label(self.tr("Examples"), "dim"))
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        column.addLayout(self._grid)
        column.addStretch()
        self.area = QScrollArea(self)
        self.area.setObjectName("welcomeScroll")
        self.area.setAccessibleName(self.tr("Recent files and examples"))
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(content)
        return self.area

    def _footer(self) -> QWidget:
        footer = QWidget(self)
        row = QHBoxLayout(footer)
        row.setContentsMargins(16, 8, 16, 10)
        self.at_start = QCheckBox(self.tr("Show this page when the workbench starts"), footer)
        self.at_start.setObjectName("welcomeAtStart")
        self.at_start.setToolTip(self.tr("It can always be reached under Help"))
        self.at_start.toggled.connect(self.start_changed)
        row.addWidget(self.at_start)
        row.addStretch()
        return footer

    # --- Showing and hiding ---

    def show_page(self, recent: Sequence[str], at_start: bool, kept: Sequence[KeptTraining] = ()) -> None:
        """Cover the widget and take the keyboard."""
        self.kept.show_trainings(kept)
        self.show_recent(recent)
        self.at_start.blockSignals(True)
        self.at_start.setChecked(at_start)
        self.at_start.blockSignals(False)
        self._take_place()
        if self.isHidden():
            self._came_from = self.window().focusWidget()
            if self._came_from is not None:
                self._came_from.clearFocus()  # what is half typed there is taken now: after a change the page goes
        self._covered.setProperty(COVERED, True)
        self.show()
        self.raise_()
        self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_recent(self, paths: Sequence[str]) -> None:
        """Show these files; that there are none needs no words above other rows."""
        self.recent.show_files(paths)
        self.recent.setVisible(bool(paths) or self.kept.isHidden())

    def dismiss(self) -> None:
        """Uncover the widget, and give the focus back."""
        if self.isHidden():
            return
        focused = self.window().focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        self.hide()
        self._covered.setProperty(COVERED, False)
        came_from, self._came_from = self._came_from, None
        if had_focus:
            here = came_from is not None and isValid(came_from) and not self.isAncestorOf(came_from)
            (came_from if here and came_from is not None else self.window()).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._take_place()
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _take_place(self) -> None:
        self.setGeometry(self._covered.geometry())

    def _arrange(self) -> None:
        """Put the cards into as many columns as there is room for."""
        columns = max(1, min(4, (self.width() - 40) // fonts.pixels(CARD_WIDTH)))
        if columns == self._columns:
            return
        self._columns = columns
        for number, card in enumerate(self.cards):
            self._grid.addWidget(card, number // columns, number % columns)
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def _choose(self) -> None:
        card = self.sender()
        if isinstance(card, ExampleCard):
            self.preset_chosen.emit(card.name)
