"""What stands at the edges of the window: the project's name above, the last message and the seed below."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, SignalInstance, Slot
from PySide6.QtWidgets import QLabel, QMainWindow

from workbench.document import Document
from workbench.theme import fonts
from workbench.theme.widgets import ElidedLabel
from workbench.window.tips import Tips

PASSING = 12_000  # milliseconds for which a message is shown that is of no use later
_TITLE = 304  # pixels of the design; this leaves the smallest window room for all menus


class Labels(QObject):
    """Follows a document with the title and the seed.

    Attributes:
        title: in the corner beside the menus.
        status: what was told last; it stays until something else is, or passes.
        seed: of the weights the next training begins with.
        tips: of what is under the mouse.
    """

    def __init__(self, window: QMainWindow, document: Document) -> None:
        super().__init__(window)
        self._window, self._document = window, document
        self.title = QLabel(window)
        self.title.setObjectName("titleLabel")
        self.title.setContentsMargins(8, 4, 12, 4)
        # A corner widget keeps the size it had at first.
        self.title.setMinimumWidth(fonts.pixels(_TITLE))
        self.title.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        window.menuBar().setCornerWidget(self.title, Qt.Corner.TopRightCorner)
        self.status = ElidedLabel(window)
        self.status.setObjectName("statusMessage")
        self.status.setContentsMargins(8, 2, 8, 2)
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.seed = QLabel(window)
        self.seed.setObjectName("seedLabel")
        self.seed.setContentsMargins(8, 2, 8, 2)
        window.statusBar().addWidget(self.status, 1)
        window.statusBar().addPermanentWidget(self.seed)
        window.statusBar().setSizeGripEnabled(False)
        self.tips = Tips(window)
        self._learning: Callable[[], bool] | None = None
        self._error = self._to_pass = False
        self._passing = QTimer(self)
        self._passing.setSingleShot(True)
        self._passing.timeout.connect(self.forget)
        document.clean_changed.connect(self._show_title)
        document.path_changed.connect(self._show_title)
        document.trace_changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        self.seed.setText(self.tr("seed {seed}").format(seed=self._document.project.training.seed))
        self._show_title()

    def mark_learning(self, unsaved: Callable[[], bool], *changes: SignalInstance) -> None:
        """Mark the title also while what was learned is not in the project's file.

        Args:
            unsaved: tells whether that is so.
            changes: signals after which it may be otherwise.
        """
        self._learning = unsaved
        for change in changes:
            change.connect(self._show_title)

    @property
    def marked(self) -> bool:
        """Whether the title says that something is not saved."""
        return not self._document.clean or (self._learning is not None and self._learning())

    @Slot()
    def _show_title(self) -> None:
        name = self._document.title
        mark = "*" if self.marked else ""
        title = f"{name}{mark} · {self.tr('Neural Network Workbench')}"
        room = self.title.minimumWidth() - 24
        self.title.setText(self.title.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, room))
        self._window.setWindowTitle(title)

    @Slot()
    def forget(self) -> None:
        """Stop telling an error, since something went well after it, or what was to pass."""
        if self._error or self._to_pass:
            self.show_message("", "")

    def let_pass(self) -> None:
        """Have what was told last go with the next edit, or after a while."""
        self._to_pass = True
        self._passing.start(PASSING)

    def show_message(self, sentence: str, remedy: str, error: bool = False) -> None:
        """Tell the person something, until something else is told."""
        self._error, self._to_pass = error, False
        self._passing.stop()
        words = f"{sentence} {remedy}".strip()
        self.status.setText(words)
        self.status.setToolTip(words)
        self.status.setAccessibleName(words)
        if words:
            self.tips.hold()
        else:
            self.tips.release()
