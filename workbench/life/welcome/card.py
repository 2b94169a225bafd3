"""One example as a card: its data and its network as a picture, its title, and what it teaches."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from nncore.project import load_preset
from workbench.life.welcome.diagram import paint_network
from workbench.life.welcome.inputs import paint_input
from workbench.theme import blend, current, fill, fonts

PICTURE, HEIGHT = 70, 196


class ExampleCard(QAbstractButton):
    """Opens a ready project when it is pressed.

    Args:
        name: of the project.
        title, description: what it is called, and what it is, in one sentence each.
        teaches: what there is to learn from it, in a few words.
    """

    def __init__(self, name: str, title: str, description: str, teaches: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.name, self._title, self._description, self._teaches = name, title, description, teaches
        self.setObjectName(f"example.{name}")
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{description} {teaches}")
        self.setToolTip(f"{description} ({name})")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._over = False

    def sizeHint(self) -> QSize:
        return QSize(fonts.pixels(190), fonts.pixels(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(fonts.pixels(150), fonts.pixels(HEIGHT))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._over = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._over = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = current().tokens
        painter = QPainter(self)
        marked = self.hasFocus()
        back = blend(tokens.text, tokens.raised, 0.05) if self._over or self.isDown() else tokens.raised
        edge = tokens.accent if marked else tokens.line
        fill(painter, QRectF(self.rect()), 8, back, edge, 2 if marked else 1)
        margin, px = 10, fonts.pixels
        picture = QRectF(margin, margin, self.width() - 2 * margin, px(PICTURE))
        project = load_preset(self.name)
        side = min(picture.height() - 8, 0.34 * picture.width())
        shown = QRectF(picture.left() + 2, picture.center().y() - side / 2, side, side)
        paint_input(painter, shown, project, tokens)
        rest = picture.adjusted(side + 14, 4, -2, -4)
        paint_network(painter, rest, project, tokens)
        self._paint_words(painter, QRect(margin, margin + px(PICTURE) + 6, self.width() - 2 * margin, px(108)))
        painter.end()

    def _paint_words(self, painter: QPainter, area: QRect) -> None:
        tokens, px = current().tokens, fonts.pixels
        painter.setFont(fonts.font(bold=True))
        painter.setPen(QColor(tokens.text))
        width = area.width()
        # A long title takes two lines, and leaves its sentence one less.
        lines = 1 if painter.fontMetrics().horizontalAdvance(self._title) <= width else 2
        heading = QRect(area.left(), area.top(), width, px(17 * lines + 1))
        title = _fitting(painter, self._title, heading)
        flags = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(heading, flags, title)
        painter.setFont(fonts.font(fonts.SMALL))
        painter.setPen(QColor(tokens.dim))
        top = heading.bottom() + 1 + px(2)
        sentence = QRect(area.left(), top, width, area.top() + px(80) - top)
        words = _fitting(painter, self._description, sentence)
        painter.drawText(sentence, int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignTop), words)
        painter.setPen(QColor(tokens.accent))
        teaches = painter.fontMetrics().elidedText(self._teaches, Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRect(area.left(), area.top() + px(82), width, px(18)), Qt.AlignmentFlag.AlignVCenter, teaches)


def _fitting(painter: QPainter, text: str, area: QRect) -> str:
    """Return as many words of a text as an area has room for."""
    flags = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignTop)
    words = text.split()
    for count in range(len(words), 0, -1):
        shown = " ".join(words[:count]) + ("" if count == len(words) else " …")
        if painter.fontMetrics().boundingRect(area, flags, shown).height() <= area.height():
            return shown
    return text
