"""How the palette's headings and entries look."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.theme import blend, fonts, icons
from workbench.theme.theme import current, fill

Index = QModelIndex | QPersistentModelIndex
TYPE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
FAMILY_ROLE, COUNT_ROLE, FOLDED_ROLE = TYPE_ROLE + 1, TYPE_ROLE + 2, TYPE_ROLE + 3
_LEFT, _RIGHT, _ICON = 27, 5, 14


def entry_width(names: list[str]) -> int:
    """Return the pixels that the longest name needs with what is around it."""
    metrics = QFontMetricsF(fonts.font(fonts.CAPTION))
    return (
        round(max((metrics.horizontalAdvance(name) for name in names), default=0.0)) + fonts.pixels(_LEFT) + _RIGHT + 1
    )


class PaletteDelegate(QStyledItemDelegate):
    """Paints headings, and entries with the colour of their family at the edge."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, fonts.pixels(29 if index.data(TYPE_ROLE) else 28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, text, family = QRectF(option.rect), str(index.data()), str(index.data(FAMILY_ROLE))
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        focused = selected and bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        if index.data(TYPE_ROLE):
            paint_entry(painter, rect.adjusted(0, 1, 0, -2), text, family, hovered, focused)
        else:
            count, folded = int(index.data(COUNT_ROLE)), bool(index.data(FOLDED_ROLE))
            paint_heading(painter, rect.adjusted(0, 2, 0, -1), text, family, count, folded, hovered, focused)
        painter.restore()


def paint_heading(
    painter: QPainter, rect: QRectF, text: str, family: str, count: int, folded: bool, hovered: bool, focused: bool
) -> None:
    """Paint the heading of a family: an arrow, its name, and how many layers it has, all in its colour or dim."""
    tokens, px = current().tokens, fonts.scale()
    if focused:
        fill(painter, rect, 6, "", tokens.accent, 2.0)
    arrow = [QPointF(-2, -3.5), QPointF(1.5, 0), QPointF(-2, 3.5)] if folded else [
        QPointF(-3.5, -2), QPointF(0, 1.5), QPointF(3.5, -2)
    ]  # fmt: skip
    middle = QPointF(rect.left() + 8 * px, rect.center().y())
    pen = QPen(QColor(tokens.text if hovered else tokens.dim), 1.5 * px)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.drawPolyline([middle + point * px for point in arrow])
    painter.setFont(fonts.font(fonts.CAPTION, bold=True))
    painter.setPen(QColor(tokens.families.get(family, tokens.dim)))
    line = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
    where = rect.adjusted(18 * px, 0, -6 * px, 0)
    painter.drawText(where, line | int(Qt.AlignmentFlag.AlignLeft), text)
    painter.setFont(fonts.font(fonts.SMALL))
    painter.setPen(QColor(tokens.dim))
    painter.drawText(where, line | int(Qt.AlignmentFlag.AlignRight), str(count))


def paint_entry(
    painter: QPainter, rect: QRectF, text: str, family: str, hovered: bool = False, focused: bool = False
) -> None:
    """Paint one entry of the palette into ``rect``."""
    tokens = current().tokens
    background = blend(tokens.text, tokens.raised, 0.06) if hovered else tokens.raised
    border = tokens.accent if focused else tokens.line
    fill(painter, rect, 6, background, border, 2.0 if focused else 1.0)
    outline = QPainterPath()
    outline.addRoundedRect(rect, 6, 6)
    painter.save()
    painter.setClipPath(outline)
    painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), QColor(tokens.families[family]))
    painter.restore()
    side = _ICON * fonts.scale()
    where = QRectF(rect.left() + 8, rect.center().y() - side / 2, side, side)
    icons.icon(text, family, family).paint(painter, where.toAlignedRect())
    font = fonts.font(fonts.CAPTION)
    room = rect.adjusted(fonts.pixels(_LEFT), 0, -_RIGHT, 0)
    painter.setFont(font)
    painter.setPen(QColor(tokens.text))
    # Names differ at their ends: 1D and 2D. The dots belong in the middle.
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideMiddle, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
