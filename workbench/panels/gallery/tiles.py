"""How a tile looks, and how many of them stand side by side.

Invariant: tiles divide the view evenly, so that none is ever cut off; scrolling goes by whole rows.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QObject, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QScrollBar,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from workbench.panels.gallery.drawing import paint_curves, paint_text
from workbench.panels.gallery.model import TILE, GalleryModel, Index, Tile
from workbench.panels.gallery.thumbnails import Thumbnails
from workbench.results import Reconstructions
from workbench.theme import blend, current, fill, fonts, numbers

_GAP, _PAD, _TIGHT = 8, 7, 3
_IMAGE = 56
_BETWEEN = 4
_ACROSS = 4
"""Tiles that stand side by side, if they fit, however large their pictures could be."""

_ONE_DIGIT = re.compile(r"(?<![\d.])\d(?=\s*%)")


class TileDelegate(QStyledItemDelegate):
    """Paints tiles; its fonts are made once, because making one takes longer than painting a word."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        current().text_size_changed.connect(self._make_fonts)
        self._make_fonts()

    def _make_fonts(self) -> None:
        self._bold, self._plain = fonts.font(fonts.BODY, bold=True), fonts.font(fonts.BODY - 1)
        self._caption, self._small = fonts.font(fonts.SMALL - 1), fonts.font(fonts.SMALL)
        self._bold_size, self._plain_size = QFontMetricsF(self._bold), QFontMetricsF(self._plain)
        self._caption_size, self._small_size = QFontMetricsF(self._caption), QFontMetricsF(self._small)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = option.widget
        return view.gridSize() if isinstance(view, QListView) else QSize(80, 110)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = option.widget
        if isinstance(view, TileView) and not view.dirty.intersects(option.rect):
            return
        model, tile = index.model(), index.data(TILE)
        if not (isinstance(model, GalleryModel) and isinstance(tile, Tile)):
            return
        tokens = current().tokens
        painter.save()
        # The whole gap lies to the right, so that the first column stands under the chips.
        box = QRectF(option.rect).adjusted(0, _GAP / 2, -_GAP, -_GAP / 2)
        wrong = tile.state == "wrong"
        fill(painter, box, 8, tokens.raised, tokens.wrong if wrong else tokens.line, 2 if wrong else 1)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus):
            ring = tokens.accent if option.state & QStyle.StateFlag.State_HasFocus else tokens.dim
            fill(painter, box.adjusted(3, 3, -3, -3), 6, "", ring, 2)
        pad = _TIGHT if isinstance(view, TileView) and view.tight else _PAD
        below = self._paint_words(painter, box.adjusted(_PAD, pad, -_PAD, -pad), tile)
        above = QRectF(box.left() + _PAD, box.top() + pad, box.width() - 2 * _PAD, below - box.top() - pad - 3)
        self._paint_sample(painter, above, model, tile)
        painter.restore()

    def _paint_sample(self, painter: QPainter, area: QRectF, model: GalleryModel, tile: Tile) -> None:
        """Paint what a sample is: a picture, a text, a curve or numbers; reconstructions beside their originals."""
        shown = model.predictions
        if model.thumbnails is not None and isinstance(shown, Reconstructions):
            self._paint_pair(painter, area, model, tile)
        elif model.thumbnails is not None:
            self._paint_picture(painter, area, model.thumbnails, tile)
        elif shown is not None and shown.are_curves:
            tokens = current().tokens
            rebuilt = shown.rebuilt if isinstance(shown, Reconstructions) else None
            curves = [(shown.images_or_rows[tile.sample][:, 0], tokens.text)]
            if rebuilt is not None:
                curves.append((rebuilt[tile.sample][:, 0], tokens.accent))
            paint_curves(painter, area.adjusted(4, 4, -4, -4), curves)
        elif tile.text:
            paint_text(painter, area.adjusted(2, 2, -2, 0), tile.text, self._plain)
        else:
            columns = shown.images_or_rows[tile.sample].size if shown is not None else 0
            self._paint_features(painter, area, tile, columns)

    def _paint_pair(self, painter: QPainter, area: QRectF, model: GalleryModel, tile: Tile) -> None:
        """Paint an original, and below it what became of it."""
        assert model.thumbnails is not None
        room = min(area.width(), (area.height() - _BETWEEN) / 2)
        height = model.thumbnails.height(int(room), painter.device().devicePixelRatioF())
        upper = QRectF(area.left(), area.center().y() - _BETWEEN / 2 - height, area.width(), height)
        self._paint_picture(painter, upper, model.thumbnails, tile, int(room))
        if model.rebuilt is not None:
            lower = upper.translated(0, height + _BETWEEN)
            self._paint_picture(painter, lower, model.rebuilt, tile, int(room))

    def _paint_picture(
        self, painter: QPainter, area: QRectF, thumbnails: Thumbnails, tile: Tile, room: int | None = None
    ) -> None:
        ratio = painter.device().devicePixelRatioF()
        room = int(min(area.width(), area.height())) if room is None else room
        picture = thumbnails.pixmap(tile.sample, max(8, room), ratio, current().tokens.dark)
        size = picture.deviceIndependentSize()
        # Whole pixels of the screen, or the picture would be blurred.
        left = round((area.center().x() - size.width() / 2) * ratio) / ratio
        top = round((area.center().y() - size.height() / 2) * ratio) / ratio
        painter.drawPixmap(QPointF(left, top), picture)

    def _paint_words(self, painter: QPainter, box: QRectF, tile: Tile) -> float:
        """Paint answer, bar and caption at the bottom of a tile; return where they begin."""
        tokens = current().tokens
        colours = {"right": tokens.right, "wrong": tokens.wrong, "number": tokens.text, "open": tokens.text}
        height = self._caption_size.height()
        low = QRectF(box.left(), box.bottom() - height, box.width(), height)
        painter.setFont(self._caption)
        painter.setPen(QColor(tokens.dim))
        text = f"{tile.caption} · {tile.truth}" if tile.truth else tile.caption
        # As if all shares had two digits, so that tiles side by side say the same.
        if self._caption_size.horizontalAdvance(_ONE_DIGIT.sub("88", text)) > low.width() - 4:
            text = self._caption_size.elidedText(tile.caption, Qt.TextElideMode.ElideRight, low.width())
        painter.drawText(low, Qt.AlignmentFlag.AlignCenter, text)
        edge = low.top() - 2
        if tile.state in ("right", "wrong") and tile.share is not None:
            bar = QRectF(box.left() + 4, edge - 4, box.width() - 8, 4)
            fill(painter, bar, 2, tokens.line)
            if tile.share > 0.01:
                fill(painter, QRectF(bar.left(), bar.top(), bar.width() * tile.share, 4), 2, colours[tile.state])
            edge = bar.top() - 2
        height = self._bold_size.height()
        line = QRectF(box.left(), edge - height, box.width(), height)
        self._paint_centred(painter, line, tile.answer, colours[tile.state], tile.correction)
        return line.top()

    def _paint_features(self, painter: QPainter, box: QRectF, tile: Tile, columns: int) -> None:
        metrics = self._small_size
        painter.setFont(self._small)
        lines = fitting_lines(tile.lines, columns, int((box.height() + 1) // metrics.height()))
        top = box.top() + max(0.0, (box.height() - len(lines) * metrics.height()) / 2)
        tokens = current().tokens
        for name, value in lines:
            line = QRectF(box.left() + 3, top, box.width() - 6, metrics.height())
            room = line.width() - metrics.horizontalAdvance(value) - 8
            painter.setPen(QColor(tokens.dim))
            painter.drawText(
                line, Qt.AlignmentFlag.AlignLeft, metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            )
            painter.setPen(QColor(tokens.text))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight, value)
            top += metrics.height()

    def _paint_centred(self, painter: QPainter, line: QRectF, answer: str, colour: str, correction: str) -> None:
        """Paint the answer in bold and the correction beside it, as one centred line; long names are shortened."""
        strong, soft = self._bold_size, self._plain_size
        space = 4 if correction else 0
        need_answer, need_rest = strong.horizontalAdvance(answer), soft.horizontalAdvance(correction)
        room = line.width() - space
        if need_answer + need_rest > room:
            half = max(room - need_rest, room / 2 if correction else room)
            answer = strong.elidedText(answer, Qt.TextElideMode.ElideRight, half)
            need_answer = strong.horizontalAdvance(answer)
            correction = soft.elidedText(correction, Qt.TextElideMode.ElideRight, room - need_answer)
            need_rest = soft.horizontalAdvance(correction)
        left = line.left() + (line.width() - need_answer - space - need_rest) / 2
        painter.setFont(self._bold)
        painter.setPen(QColor(colour))
        painter.drawText(
            QRectF(left, line.top(), need_answer + 1, line.height()), Qt.AlignmentFlag.AlignVCenter, answer
        )
        if correction:
            painter.setFont(self._plain)
            painter.setPen(QColor(blend(current().tokens.text, current().tokens.dim, 0.3)))
            rest = QRectF(left + need_answer + space, line.top(), need_rest + 2, line.height())
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, correction)


class _QuietBar(QScrollBar):
    """Keeps its room where there is nothing to scroll, but shows nothing there."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.minimum() < self.maximum():
            super().paintEvent(event)


class TileView(QListView):
    """As many whole tiles as the view holds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("galleryView")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        # In steps of rows; in pixels, a wheel would leave half a row at the top.
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBar(_QuietBar(self))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setItemDelegate(TileDelegate(self))
        self._least, self._growth, self._stacked = QSize(80, 110), 0, 1
        self._painted: dict[int, object] = {}
        self.dirty = QRegion()

    def set_least_tile(self, size: QSize, growth: int, stacked: int = 1) -> None:
        """Set how small a tile may become, and how its pictures grow where there is room.

        Args:
            size: of the smallest tile.
            growth: pixels by which a picture grows at a time; 0 for never.
            stacked: how many pictures stand one above the other.
        """
        self._least, self._growth, self._stacked = size, growth, stacked
        self.fit()

    def columns(self) -> int:
        """Return how many tiles stand side by side; tall tiles are wide, too."""
        few = self._grown()
        if few is not None:
            return self._width() // few.width()
        spare = self.viewport().height() // self.rows() - self._least.height()
        step = self._growth * self._stacked
        # A pair grows as soon as both fit; single pictures, which are many, only where much room would be left.
        steps = spare // step if step and spare > (1.4 if self._stacked == 1 else 1) * step else 0
        grown = self._growth * min(steps, self._most_steps())
        small = self._width() // self._least.width()
        # Some samples are more than one large one.
        return max(1, min(small, _ACROSS), self._width() // (self._least.width() + grown))

    def _most_steps(self) -> int:
        """Half as large again at most: in one high row, a few giants would take the place of many samples."""
        return max(1, fonts.pixels(_IMAGE) // 2 // self._growth) if self._growth else 0

    def _grown(self) -> QSize | None:
        """Return the largest tile of which all find room, if its pictures can be larger than the smallest."""
        count = self.model().rowCount() if self.model() is not None else 0
        for steps in range(self._most_steps(), 0, -1):
            grown = steps * self._growth
            size = self._least + QSize(grown, grown * self._stacked)
            if 0 < count <= (self._width() // size.width()) * (self.viewport().height() // size.height()):
                return size
        return None

    def _width(self) -> int:
        # A list wraps a row that fills its view to the last pixel.
        return self.viewport().width() - 1

    def rows(self) -> int:
        """Return how many tiles stand one above the other; two may stand closer to have room at all."""
        few = self._grown()
        if few is not None:
            return self.viewport().height() // few.height()
        rows = self.viewport().height() // self._least.height()
        close = 2 * (self._least.height() - 2 * (_PAD - _TIGHT))
        return 2 if rows < 2 and self.viewport().height() >= close else max(1, rows)

    @property
    def tight(self) -> bool:
        """Whether tiles are less high than they would like to be, and so keep less room at their edges."""
        return self.gridSize().height() < self._least.height()

    def fit(self) -> None:
        """Divide the room evenly among the tiles."""
        width, height = self._width(), self.viewport().height()
        size = QSize(max(1, width // self.columns()), max(1, height // self.rows()))
        if size != self.gridSize():
            self.setGridSize(size)

    def dataChanged(self, top_left: Index, bottom_right: Index, roles: Sequence[int] = ()) -> None:
        """Repaint the tiles in view that say something new; late in a training, those are few."""
        if QAccessible.isActive():
            super().dataChanged(top_left, bottom_right, roles)
        shown = {row: self.model().index(row, 0).data(TILE) for row in self._rows_in_view()}
        for row, tile in shown.items():
            if tile != self._painted.get(row):
                self.update(self.model().index(row, 0))
        self._painted = shown

    def paintEvent(self, event: QPaintEvent) -> None:
        # Qt paints every tile in the rectangle around those that changed; the delegate leaves out the others.
        self.dirty = event.region()
        super().paintEvent(event)

    def _rows_in_view(self) -> range:
        first = self.indexAt(QPoint(2, 2)).row()
        return range(max(0, first), min(self.model().rowCount(), max(0, first) + self.columns() * (self.rows() + 1)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            event.ignore()  # choosing a tile that is chosen does nothing; in the window the key steers the training
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit()
        super().resizeEvent(event)


def fitting_lines(lines: Sequence[tuple[str, str]], columns: int, room: int) -> list[tuple[str, str]]:
    """Return as many lines as there is room for; where these are not all columns, the last one says how many more."""
    if columns <= min(room, len(lines)):
        return list(lines)
    shown = list(lines[: max(0, room - 1)])
    more = QCoreApplication.translate("TileDelegate", "+ {count} more")
    return [*shown, (more.format(count=numbers.count(columns - len(shown))), "")]


def growth_of(model: GalleryModel) -> int:
    """Return by how many pixels the pictures of these samples grow at a time: whole multiples of their pixels."""
    shown = model.predictions
    if shown is None or not shown.are_images:
        return 0
    side = max(shown.images_or_rows.shape[1:3])
    return side if side <= _IMAGE else _IMAGE // 2


def least_tile(model: GalleryModel) -> QSize:
    """Return the smallest tile in which the words of these samples can be read."""
    shown = model.predictions
    metrics = QFontMetricsF(fonts.font(fonts.BODY, bold=True))
    words = 2 * metrics.height() + 8 + 2 * _PAD + _GAP
    if shown is None:
        return QSize(80, 110)
    longest = max((metrics.horizontalAdvance(name) for name in shown.class_names), default=60)
    width = 2 * longest + metrics.horizontalAdvance(" not ") + 2 * _PAD + _GAP + 6
    if shown.are_texts:
        lines = 2 * QFontMetricsF(fonts.font(fonts.BODY - 1)).height()
        return QSize(fonts.pixels(222), math.ceil(words + lines + 2))
    if not shown.are_images and not shown.are_curves:
        lines = 3 * QFontMetricsF(fonts.font(fonts.SMALL)).height()
        room = 180 if isinstance(shown, Reconstructions) else 150
        return QSize(round(min(200, max(fonts.pixels(room), width))), math.ceil(words + lines + 4))
    picture = fonts.pixels(_IMAGE)
    if shown.are_images and isinstance(shown, Reconstructions):
        caption = QFontMetricsF(fonts.font(fonts.SMALL - 1)).horizontalAdvance("error 0.00000")
        wide = max(picture + 4.0, caption + 2) + 2 * _PAD + _GAP
        return QSize(math.ceil(wide), math.ceil(words + 2 * picture + _BETWEEN))
    least = picture * 2 if shown.are_curves else picture
    return QSize(round(min(176, max(least + 2 * _PAD + _GAP + 4, width))), math.ceil(words + picture))
