"""The one coloured button."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QIcon, QPaintEvent
from PySide6.QtWidgets import QStyle, QStyleOptionToolButton, QStylePainter, QToolButton

from workbench.theme import icons

_GAP = 4  # that Qt leaves between icon and words


class PrimaryButton(QToolButton):
    """Draws the icon of its action in the colour of its words; in a menu the same action has the icon of a menu.

    Attributes:
        drawn: the name of the icon.
        words: all that it may say; it is wide enough for each of them, so that nothing beside it jumps.
    """

    drawn = "train"
    words: tuple[str, ...] = ()

    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        super().initStyleOption(option)
        option.icon = icons.icon(self.drawn, "on_accent")

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        widest = max((self._width(words) for words in self.words), default=0)
        return QSize(hint.width() + max(0, widest - self._width(self.text())), hint.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _width(self, words: str) -> int:
        return self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, words).width()

    def paintEvent(self, event: QPaintEvent) -> None:
        # Qt would put icon and words at the left of a button that is wider than they are.
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        icon, words = QIcon(option.icon), option.text  # the option lends its own icon
        painter = QStylePainter(self)
        option.icon, option.text = QIcon(), ""
        painter.drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)
        option.icon, option.text = icon, words
        width = option.iconSize.width() + _GAP + self._width(words)
        option.rect = QRect((self.width() - width) // 2, 0, width, self.height())
        painter.drawControl(QStyle.ControlElement.CE_ToolButtonLabel, option)
        painter.end()
