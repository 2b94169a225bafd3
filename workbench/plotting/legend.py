"""What the marks of a plot mean, and what they say now, in one line of any width.

Invariant: an entry is painted whole or not at all; where the room is short, words go before numbers and marks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.plotting.marks import draw_mark
from workbench.theme import current, fonts

_GAP, _MARK, _SPACE = 12.0, 14.0, 5.0
_RAMP = 64.0


@dataclass(frozen=True)
class Entry:
    """One mark and its words.

    Attributes:
        name: what it stands for: "train".
        value: what it says now: "0.118"; may be empty.
        colours: one colour, or the colours of a ramp from low to high.
        mark: ``"line"``, ``"dashes"``, ``"ramp"``, or the name of a point's shape.
        filled: whether the shape of the point is filled.
    """

    name: str
    value: str
    colours: tuple[str, ...]
    mark: str = "line"
    filled: bool = True


class Legend(QWidget):
    """Entries side by side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("legend")
        self.setAccessibleName(self.tr("Legend"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.entries: tuple[Entry, ...] = ()
        self._hint = 0
        current().text_size_changed.connect(self._measure)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these entries; the same as before cost nothing."""
        if tuple(entries) != self.entries:
            self.entries = tuple(entries)
            words = ", ".join(f"{entry.name} {entry.value}".strip() for entry in entries)
            self.setAccessibleDescription(words)
            self.setToolTip(words)
            self.update()
            self._measure()

    @Slot()
    def _measure(self) -> None:
        wanted = math.ceil(self._width(self._full()))
        # A number that gains or loses a hair's breadth must not set the layout in motion ten times a second.
        if abs(wanted - self._hint) > 3:
            self._hint = wanted + 3
            self.updateGeometry()

    def visible_texts(self) -> list[str]:
        """Return what is painted at the present width, entry by entry."""
        return [f"{name} {value}".strip() for name, value, _ in self._fitting()]

    def sizeHint(self) -> QSize:
        return QSize(self._hint, fonts.pixels(20))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._hint, math.ceil(self._width(self._short()[:2]))), fonts.pixels(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(fonts.font(fonts.SMALL))
        metrics = QFontMetricsF(painter.font())
        tokens = current().tokens
        left = 0.0
        for name, value, entry in self._fitting():
            width = _RAMP if entry.mark == "ramp" else _MARK
            self._paint_mark(painter, QRectF(left, 0, width, self.height()), entry)
            left += width + _SPACE
            for text, colour in ((name, tokens.dim if value else tokens.text), (value, tokens.text)):
                if text:
                    painter.setPen(QColor(colour))
                    box = QRectF(left, 0, metrics.horizontalAdvance(text) + 2, self.height())
                    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)
                    left += metrics.horizontalAdvance(text) + (4 if text is name and value else 0)
            left += _GAP

    def _fitting(self) -> list[tuple[str, str, Entry]]:
        """Return (name, value, entry) of what fits: all words, or only values, or only the first entries."""
        full = self._full()
        if self._width(full) <= self.width():
            return full
        short = self._short()
        while short and self._width(short) > self.width():
            short.pop()
        return short

    def _full(self) -> list[tuple[str, str, Entry]]:
        return [(entry.name, entry.value, entry) for entry in self.entries]

    def _short(self) -> list[tuple[str, str, Entry]]:
        return [("" if entry.value else entry.name, entry.value, entry) for entry in self.entries]

    def _width(self, parts: list[tuple[str, str, Entry]]) -> float:
        metrics = QFontMetricsF(fonts.font(fonts.SMALL))
        width = -_GAP
        for name, value, entry in parts:
            width += (_RAMP if entry.mark == "ramp" else _MARK) + _SPACE + _GAP
            width += metrics.horizontalAdvance(name) + metrics.horizontalAdvance(value) + (4 if name and value else 0)
        return width

    def _paint_mark(self, painter: QPainter, box: QRectF, entry: Entry) -> None:
        middle = box.center().y()
        colour = QColor(entry.colours[0])
        if entry.mark in ("line", "dashes"):
            pen = QPen(colour, 2.5)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if entry.mark == "dashes":
                pen.setDashPattern([2.0, 0.8])
            painter.setPen(pen)
            painter.drawLine(QPointF(box.left(), middle), QPointF(box.right() - 1, middle))
        elif entry.mark == "ramp":
            ramp = QLinearGradient(box.topLeft(), box.topRight())
            for place, shade in enumerate(entry.colours):
                ramp.setColorAt(place / max(1, len(entry.colours) - 1), QColor(shade))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ramp)
            painter.drawRoundedRect(QRectF(box.left(), middle - 4, box.width(), 8), 4, 4)
        else:
            draw_mark(painter, box.center(), 9.0, entry.mark, colour, entry.filled)
