"""Paints the rows of the network's list."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAbstractTextDocumentLayout, QColor, QFont, QFontMetricsF, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from nncore.trace import Trace
from workbench.editor.chosen_rows import ChoosingList
from workbench.editor.count_words import Wording, common_wording, tightened
from workbench.editor.row_layout import EDGE, RowLayout, lay_out, mend_key, plain_height, second_line_width
from workbench.editor.row_words import first_line, words_at_right
from workbench.editor.rows import INPUT, LAYER, LOSS, RowView, counted
from workbench.theme import blend, fonts, icons
from workbench.theme.theme import current, fill
from workbench.theme.tokens import Tokens

Index = QModelIndex | QPersistentModelIndex
_RADIUS = 8.0
MOST_PICTURES = 100
"""So many painted rows are kept, some 7 MB; a window shows a dozen."""


class LayerDelegate(QStyledItemDelegate):
    """Paints a row as a card: icon, name, key fields, shape, parameters, share of the work, and the error under it.

    Attributes:
        pressed: the label of the mend button that the mouse holds down, with its row; None when it holds none.
        hovered: the same for the button under the mouse.
        edited: the number of the row in which a setting is edited: what would stand half behind the editor is left out.
    """

    def __init__(self, view: ChoosingList) -> None:
        super().__init__(view)
        self._view = view
        self.pressed: tuple[int, str] | None = None
        self.hovered: tuple[int, str] | None = None
        self.edited = -1
        self._pictures: dict[tuple[object, ...], QPixmap] = {}
        self._tall: dict[int, tuple[tuple[object, ...], RowLayout]] = {}
        self._wording = Wording.WHOLE
        self._wording_of: tuple[Trace, float, float] | None = None  # what the wording followed from
        self._sizes: list[QSize | None] = []  # of all rows while they are laid out, None for tall ones; else empty

    def layout(self, index: QModelIndex) -> RowLayout | None:
        """Return where the parts of a row lie in the viewport; None for a row that is gone."""
        if not index.isValid():
            return None
        row = self._view.rows.view(index.row())
        keyed, said = self._is_keyed(index.row()), self._view.hasFocus()
        return lay_out(row, QRectF(self._view.visualRect(index)), keyed=keyed, said=said)

    def _is_keyed(self, number: int) -> bool:
        """Whether the key of the mends, once the keyboard is in the list, presses the first button of a row."""
        return number == self._view.rows.mend_row(self._view.currentIndex().row())

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        number = index.row()
        size = self._sizes[number] if self._sizes else self._plain_size(number)
        return QSize(0, round(self._tall_layout(number).height)) if size is None else size

    @contextmanager
    def laying_out(self) -> Iterator[None]:
        """Have the sizes of the plain rows at hand: Qt asks for every row after every edit.

        Not those of rows with words under them: they follow from the list's width, which a scroll bar may change.
        """
        rows = self._view.rows
        layers = rows.rowCount() - 2
        self._sizes = [_plain_size(INPUT), *[_plain_size(LAYER)] * layers, _plain_size(LOSS)]
        for number in rows.tall_numbers():
            self._sizes[number] = None
        try:
            yield
        finally:
            self._sizes = []

    def _plain_size(self, number: int) -> QSize | None:
        """Return the size of a row without words under it, which take fifty times as long; None for one with words."""
        kind = self._view.rows.plain_kind(number)
        return None if kind is None else _plain_size(kind)

    def _tall_layout(self, number: int) -> RowLayout:
        """Return the parts of a row with words under it, from the corner (0, 0); kept, for Qt asks for it often."""
        row, width = self._view.rows.view(number), self._view.viewport().width()
        said = (row.kind, row.icon, row.problem, row.hint, row.mends)
        keyed = self._is_keyed(number)
        focused = self._view.hasFocus()
        state = (*said, keyed, keyed and focused, width, fonts.scale(), current().tokens)
        known = self._tall.get(number)
        if known is None or known[0] != state:
            parts = lay_out(row, QRectF(0, 0, width, 0), keyed=keyed, said=focused)
            known = self._tall[number] = state, parts
        return known[1]

    def wording(self) -> Wording:
        """Return how the rows tell numbers of parameters; found once for each trace and width of the list."""
        rows, width, scale = self._view.rows, float(self._view.viewport().width()), fonts.scale()
        known, traced = self._wording_of, rows.document.trace
        if known is None or known[0] is not traced or known[1:] != (width, scale):
            lines = [(left, count, second_line_width(kind, width)) for kind, left, count in counted(rows.document)]
            self._wording, self._wording_of = common_wording(lines), (traced, width, scale)
        return self._wording

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._view.rows.view(index.row())
        state: QStyle.StateFlag = option.state
        rect: QRectF = QRectF(option.rect)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        focused = self._view.hasFocus() and index.row() == self._view.currentIndex().row()
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if row.told is None and index.row() != self.edited:
            painter.drawPixmap(rect.topLeft(), self._picture(row, rect, (selected, focused, hovered)))
            return
        painter.save()
        painter.translate(rect.topLeft())
        self.paint_row(painter, row, self._tall_layout(index.row()), selected, focused, hovered, index.row())
        painter.restore()

    def _picture(self, row: RowView, rect: QRectF, state: tuple[bool, bool, bool]) -> QPixmap:
        """Return a row without an error as it is painted; an edit moves most rows, but changes the look of few."""
        ratio, theme = self._view.devicePixelRatioF(), current()
        # A change of the share by less than half a thousandth moves the bar by less than a pixel.
        share = None if row.share is None else round(row.share, 3)
        texts = (row.kind, row.title, row.detail, row.left, row.right, row.icon, row.family)
        key = (*texts, self.wording(), row.disabled, share, *state, rect.width(), rect.height(), ratio, theme.dark)
        picture = self._pictures.pop(key, None)
        if picture is None:
            picture = QPixmap(round(rect.width() * ratio), round(rect.height() * ratio))
            picture.setDevicePixelRatio(ratio)
            # Not transparent, so that the letters are as sharp as if they were painted on the list.
            picture.fill(QColor(theme.tokens.panel))
            painter = QPainter(picture)
            self.paint_row(painter, row, lay_out(row, QRectF(0, 0, rect.width(), rect.height())), *state)
            painter.end()
        self._pictures[key] = picture
        if len(self._pictures) > MOST_PICTURES:
            del self._pictures[next(iter(self._pictures))]
        return picture

    def paint_row(
        self,
        painter: QPainter,
        row: RowView,
        parts: RowLayout,
        selected: bool = False,
        focused: bool = False,
        hovered: bool = False,
        number: int = -1,
    ) -> None:
        """Paint one row; also used for the picture that follows the mouse in a drag."""
        tokens = current().tokens
        self._paint_card(painter, row, parts, tokens, selected, focused, hovered)
        if row.kind == LAYER:
            self._paint_grip(painter, parts, tokens)
        colour = tokens.dim if row.disabled else tokens.families.get(row.family, tokens.dim)
        fill(painter, parts.tile, 6, blend(colour, tokens.raised, 0.16))
        inner = parts.tile.adjusted(6, 6, -6, -6)
        role = "dim" if row.disabled else row.family or "dim"
        icons.icon(row.icon, role, row.family).paint(painter, inner.toAlignedRect())
        self._paint_text(painter, row, parts, tokens, edited=number == self.edited >= 0)
        if parts.error is not None:
            self._paint_error(painter, row, parts, tokens, number)

    def _paint_card(
        self,
        painter: QPainter,
        row: RowView,
        parts: RowLayout,
        tokens: Tokens,
        selected: bool,
        focused: bool,
        hovered: bool,
    ) -> None:
        background = tokens.raised if row.kind == LAYER else tokens.panel
        if hovered:
            background = blend(tokens.text, background, 0.03)
        if selected:
            # The thicker line tells the row with the keyboard focus from those that are only selected.
            background = blend(tokens.accent, background, 0.06)
            fill(painter, parts.card, _RADIUS, background, tokens.accent, 2.0 if focused else 1.5)
            return
        border = tokens.wrong if row.problem is not None else tokens.line
        if focused:
            border = tokens.text  # the keyboard is here, but the row is not selected
        fill(painter, parts.card, _RADIUS, background, border if row.kind == LAYER or focused else "")
        if row.kind != LAYER:
            pen = QPen(QColor(blend(tokens.dim, tokens.panel, 0.5) if row.problem is None else tokens.wrong), 1.0)
            pen.setDashPattern([3.0, 3.0])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(parts.card.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)

    @staticmethod
    def _paint_grip(painter: QPainter, parts: RowLayout, tokens: Tokens) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(blend(tokens.dim, tokens.raised, 0.8)))
        left, middle = parts.card.left() + (parts.tile.left() - parts.card.left()) / 2, parts.card.center().y()
        for column in (-2.5, 2.5):
            for line in (-5.0, 0.0, 5.0):
                painter.drawEllipse(QPointF(left + column, middle + line), 1.2, 1.2)

    def _paint_text(
        self, painter: QPainter, row: RowView, parts: RowLayout, tokens: Tokens, edited: bool = False
    ) -> None:
        px = fonts.scale()
        left, right = parts.text_left, parts.card.right() - EDGE * px
        bold, plain, small = fonts.font(bold=True), fonts.font(), fonts.font(fonts.CAPTION)
        bar = row.share is not None
        line = first_line(row, parts)
        first = line.title
        bold.setStrikeOut(row.disabled)
        _write(painter, row.title, bold, tokens.dim if row.disabled else tokens.text, first)
        _write(painter, line.detail, small if line.narrow else plain, tokens.dim, line.behind)
        if not edited:
            second = QRectF(left, first.bottom() + 1, right - left, 16 * px)
            # A row too narrow for both keeps the shape whole and shortens the rest; the tooltip has it all.
            wording = self.wording()
            count = words_at_right(row, wording, second.width())
            _write(painter, count, small, tokens.dim, second, Qt.AlignmentFlag.AlignRight)
            _write(painter, tightened(row.left, wording), small, tokens.dim if row.disabled else tokens.text, second)
        if bar:
            groove = QRectF(left, parts.card.bottom() - 9 * px, right - left, 3 * px)
            fill(painter, groove, 1.5 * px, tokens.line)
            if row.share:
                done = QRectF(groove.topLeft(), groove.size())
                done.setWidth(max(3 * px, groove.width() * row.share))
                fill(painter, done, 1.5 * px, tokens.accent)

    def _paint_error(self, painter: QPainter, row: RowView, parts: RowLayout, tokens: Tokens, number: int) -> None:
        """Paint the sign of an error and its words on a tint; those of a hint stand on nothing, as it stops nobody."""
        assert parts.error is not None
        assert parts.words is not None
        wrong = row.problem is not None
        ink = tokens.wrong if wrong else tokens.warning
        icons.icon("alert" if wrong else "warning", ink).paint(painter, parts.badge.toAlignedRect())
        edge = QRectF(parts.error.topLeft(), parts.error.size())
        edge.setWidth(3 if wrong else 2)
        if wrong:
            fill(painter, parts.error, 6, blend(ink, tokens.panel, 0.1))
        painter.fillRect(edge, QColor(ink))
        painter.save()
        painter.translate(parts.words_rect.topLeft())
        context = QAbstractTextDocumentLayout.PaintContext()
        text_palette = QPalette()
        text_palette.setColor(QPalette.ColorRole.Text, QColor(tokens.text))
        context.palette = text_palette
        parts.words.documentLayout().draw(painter, context)
        painter.restore()
        font = fonts.font(fonts.CAPTION, bold=True)
        first = mend_key() if self._view.hasFocus() and self._is_keyed(number) else ""
        for place, (rect, mend) in enumerate(parts.buttons):
            here = (number, mend.label)
            share = 0.3 if here == self.pressed else 0.18 if here == self.hovered else 0.0
            fill(painter, rect, 6, blend(ink, tokens.panel, share), ink if wrong or share else tokens.line)
            inside = rect.adjusted(8, 0, -8, 0)
            colour = ink if share == 0.0 else tokens.text
            words = mend.label if place else f"{mend.label}{first}"
            if QFontMetricsF(font).horizontalAdvance(words) > inside.width():
                words = mend.label
            _write(painter, words, font, colour, inside, Qt.AlignmentFlag.AlignHCenter)


def _write(
    painter: QPainter,
    text: str,
    font: QFont,
    colour: str,
    rect: QRectF,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> float:
    """Write one line, shortened with dots where it does not fit; return the width it takes."""
    if not text or rect.width() <= 0:
        return 0.0
    metrics = QFontMetricsF(font)
    shown = text
    if metrics.horizontalAdvance(text) > rect.width():
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(rect, int(align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), shown)
    return metrics.horizontalAdvance(shown)


def _plain_size(kind: str) -> QSize:
    """Return the size of a row of this kind without words; it is as wide as the list, whatever is said here."""
    return QSize(0, round(plain_height(kind)))
