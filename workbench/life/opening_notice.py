"""A file that is being read, with how far it is and a way out; hidden while files open in a moment."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from workbench.life.opening import Opening
from workbench.theme import fonts
from workbench.theme.widgets import ElidedLabel, ProgressBar

LOOK = 100  # milliseconds from one look at the share to the next; what is read until the second one is not shown
SHORTEST = 80  # pixels of the design that the bar has beside a long name


class OpeningNotice(QFrame):
    """Follows an ``Opening``."""

    def __init__(self, opening: Opening, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("openingNotice")
        self.setAccessibleName(self.tr("A project is being opened"))
        self.setProperty("card", True)
        self._opening = opening
        self._looks = 0
        self.words = ElidedLabel(self)
        self.words.setObjectName("openingWords")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = ProgressBar(self)
        self.progress.setObjectName("openingProgress")
        self.progress.setAccessibleName(self.tr("How much of the file has been read"))
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 1000)
        self.progress.setMinimumWidth(fonts.pixels(SHORTEST))
        self.cancel_button = QPushButton(self.tr("Cancel"), self)
        self.cancel_button.setObjectName("cancelOpeningButton")
        self.cancel_button.setAccessibleName(self.tr("Cancel opening"))
        self.cancel_button.setToolTip(self.tr("Stop reading; the open project stays as it is"))
        self.cancel_button.clicked.connect(opening.cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(12)
        layout.addWidget(self.words)
        layout.addWidget(self.progress, 1)
        layout.addWidget(self.cancel_button)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self._look)
        opening.changed.connect(self._follow)
        self.hide()

    @Slot()
    def _follow(self) -> None:
        self._looks = 0
        self.hide()
        if self._opening.name:
            self._timer.start()
        else:
            self._timer.stop()

    @Slot()
    def _look(self) -> None:
        self.progress.setValue(round(1000 * self._opening.share))
        self._looks += 1
        if self._looks == 2:
            words = self.tr("Opening {name}…").format(name=self._opening.name)
            self.words.setText(words)
            self.words.setToolTip(words)
            self.show()
