"""The one coloured button.

Invariant: when it had the focus and can be used again, it has the focus again. Between Train and Pause it is disabled
for a moment, in which Qt gives the focus to the next one, and the next Return would press that.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QIcon, QPaintEvent
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionToolButton, QStylePainter, QToolButton

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
    _pushed = False  # out of the focus, by being disabled

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._pushed = not self.isEnabled()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() != QEvent.Type.EnabledChange:
            return
        focus, bar = QApplication.focusWidget(), self.parentWidget()
        inside = bar is not None and focus is not None and bar.isAncestorOf(focus)
        if self.isEnabled() and self._pushed and inside:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

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
