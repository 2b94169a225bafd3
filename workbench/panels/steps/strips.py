"""How a sequence looks: three strips of cells, one above the other, a cell for each step."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.panels.steps.model import Index, StepsModel
from workbench.results import StepAnswers
from workbench.theme import blend, current, fill, fonts

_CELL, _GAP, _PAD = 20, 2, 8
_WIDEST = 44
_FOLD = 8  # pixels of the corner that marks a wrong answer


class StripDelegate(QStyledItemDelegate):
    """Paints input, truth and the network's answers; what is wrong is red and struck through."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        current().text_size_changed.connect(self._make_fonts)
        self._make_fonts()
        self._titles = [
            QCoreApplication.translate("StripDelegate", "input"),
            QCoreApplication.translate("StripDelegate", "truth"),
            QCoreApplication.translate("StripDelegate", "network"),
        ]

    @Slot()
    def _make_fonts(self) -> None:
        self._font, self._bold = fonts.font(fonts.SMALL), fonts.font(fonts.SMALL, bold=True)
        self._metrics = QFontMetricsF(self._font)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = option.widget
        return QSize(200, view.row_height() if isinstance(view, StripView) else self.least())

    def least(self) -> int:
        """Return the least height of a sequence."""
        return 3 * (fonts.pixels(_CELL) + _GAP) + 2 * _PAD

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, StepsModel) or model.answers is None:
            return
        tokens = current().tokens
        painter.save()
        box = QRectF(option.rect).adjusted(0, 4, -8, -2)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus):
            ring = tokens.accent if option.state & QStyle.StateFlag.State_HasFocus else tokens.dim
            fill(painter, box, 6, "", ring, 2)
        spare = max(0.0, (option.rect.height() - self.least()) / 2)
        self._paint_strips(painter, box.adjusted(6, 2 + spare, -6, -2), model.answers, index.row())
        painter.restore()

    def _paint_strips(self, painter: QPainter, box: QRectF, given: StepAnswers, row: int) -> None:
        tokens = current().tokens
        height = fonts.pixels(_CELL)
        title_room = max(self._metrics.horizontalAdvance(title) for title in self._titles) + 12
        steps = max(len(given.inputs[row]), given.truth.shape[1])
        width = min(float(fonts.pixels(_WIDEST)), (box.width() - title_room) / max(1, steps))
        for strip, title in enumerate(self._titles):
            top = box.top() + strip * (height + _GAP)
            painter.setFont(self._font)
            painter.setPen(QColor(tokens.dim))
            area = QRectF(box.left(), top, title_room - 8, height)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, title)
            count = len(given.inputs[row]) if strip == 0 else given.truth.shape[1]
            for step in range(count):
                cell = QRectF(box.left() + title_room + step * width, top, max(1.0, width - _GAP), height)
                self._paint_cell(painter, cell, given, row, step, strip)

    def _paint_cell(self, painter: QPainter, cell: QRectF, given: StepAnswers, row: int, step: int, strip: int) -> None:
        tokens = current().tokens
        text, wrong = given.inputs[row][step] if strip == 0 else "", False
        background, border = tokens.raised, tokens.line
        if strip:
            number = int((given.truth if strip == 1 else given.predicted)[row, step])
            text = given.name(number) if number >= 0 else ""
            hue = tokens.classes[number % len(tokens.classes)]
            background = blend(hue, tokens.panel, 0.22) if number >= 0 else tokens.panel
            border = blend(hue, tokens.panel, 0.5) if number >= 0 else tokens.line
            wrong = strip == 2 and number >= 0 and not given.right[row, step]
            if wrong:
                background, border = tokens.panel, tokens.wrong
        fill(painter, cell, 4, background, border, 2 if wrong else 1)
        painter.setFont(self._bold if wrong else self._font)
        painter.setPen(QColor(tokens.text))
        if self._metrics.horizontalAdvance(text) <= cell.width():
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)
        if wrong:  # a folded corner besides: not everybody sees red
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.wrong))
            corner = cell.topRight()
            painter.drawPolygon([corner, corner - QPointF(_FOLD, 0), corner + QPointF(0, _FOLD)])


class StripView(QListView):
    """The sequences, one below the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stepsView")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # In steps of sequences; in pixels, a wheel would leave a part of one at the top.
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerItem)
        self._delegate = StripDelegate(self)
        self.setItemDelegate(self._delegate)

    def row_height(self) -> int:
        """Return the height of a sequence: whole ones fill the view."""
        height = self.viewport().height()
        return max(1, height) // max(1, height // self._delegate.least())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.scheduleDelayedItemsLayout()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            event.ignore()  # in the window the key steers the training
        else:
            super().keyPressEvent(event)
