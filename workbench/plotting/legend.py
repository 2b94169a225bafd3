"""What the marks of a plot mean, and what they say now, in one line of any width.

Invariant: an entry is painted whole or not at all; where the room is short, the entries move together, and then words
go before numbers and marks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.plotting.marks import draw_mark
from workbench.theme import current, fonts

_RAMP = 64.0
_DASH_GAP = 2.0


class _Spacing(NamedTuple):
    """Pixels from entry to entry, of a mark, from it to its words, and between these."""

    gap: float
    mark: float
    space: float
    between: float


_WIDE, _TIGHT = _Spacing(12, 14, 5, 4), _Spacing(6, 9, 3, 3)


@dataclass(frozen=True)
class Entry:
    """One mark and its words.

    Attributes:
        name: what it stands for: "train".
        value: what it says now: "0.118"; may be empty.
        colours: one colour, or the colours of a ramp from low to high.
        mark: ``"line"``, ``"dashes"``, ``"ramp"``, or the name of a point's shape.
        filled: whether the shape of the point is filled.
        meaning: what exactly the value is, for the tooltip: "mean of the last 15 steps".
    """

    name: str
    value: str
    colours: tuple[str, ...]
    mark: str = "line"
    filled: bool = True
    meaning: str = ""

    def words(self) -> str:
        """Return name and value."""
        return f"{self.name} {self.value}".strip()


_Parts: TypeAlias = list[tuple[str, str, Entry]]


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
            self.setAccessibleDescription(", ".join(entry.words() for entry in entries))
            told = [f"{entry.words()}: {entry.meaning}" for entry in entries if entry.meaning]
            self.setToolTip("\n".join(told) or self.accessibleDescription())
            self.update()
            self._measure()

    @Slot()
    def _measure(self) -> None:
        wanted = math.ceil(_width(self._full(), _WIDE))
        # A number that gains or loses a hair's breadth must not set the layout in motion ten times a second.
        if wanted > self._hint or wanted < self._hint - 6:
            self._hint = wanted + 3
            self.updateGeometry()

    def visible_texts(self) -> list[str]:
        """Return what is painted at the present width, entry by entry."""
        return [f"{name} {value}".strip() for name, value, _ in self._fitting()[0]]

    def sizeHint(self) -> QSize:
        return QSize(self._hint, fonts.pixels(20))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._hint, math.ceil(_width(self._short()[:2], _TIGHT))), fonts.pixels(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(fonts.font(fonts.SMALL))
        metrics = QFontMetricsF(painter.font())
        tokens = current().tokens
        left = 0.0
        parts, spacing = self._fitting()
        for name, value, entry in parts:
            width = _RAMP if entry.mark == "ramp" else spacing.mark
            self._paint_mark(painter, QRectF(left, 0, width, self.height()), entry)
            left += width + spacing.space
            for text, colour in ((name, tokens.dim if value else tokens.text), (value, tokens.text)):
                if text:
                    painter.setPen(QColor(colour))
                    box = QRectF(left, 0, metrics.horizontalAdvance(text) + 2, self.height())
                    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)
                    left += metrics.horizontalAdvance(text) + (spacing.between if text is name and value else 0)
            left += spacing.gap

    def _fitting(self) -> tuple[_Parts, _Spacing]:
        """Return (name, value, entry) of what fits: all words, or only values, or only the first entries."""
        full = self._full()
        for spacing in (_WIDE, _TIGHT):
            if _width(full, spacing) <= self.width():
                return full, spacing
        short = self._short()
        while short and _width(short, _TIGHT) > self.width():
            short.pop()
        return short, _TIGHT

    def _full(self) -> _Parts:
        return [(entry.name, entry.value, entry) for entry in self.entries]

    def _short(self) -> _Parts:
        return [("" if entry.value else entry.name, entry.value, entry) for entry in self.entries]

    def _paint_mark(self, painter: QPainter, box: QRectF, entry: Entry) -> None:
        middle = box.center().y()
        colour = QColor(entry.colours[0])
        if entry.mark in ("line", "dashes"):
            pen = QPen(colour, 2.5)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if entry.mark == "dashes":  # two, however long the mark is
                dash = (box.width() - 1 - _DASH_GAP) / 2
                pen.setDashPattern([dash / pen.widthF(), _DASH_GAP / pen.widthF()])
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


def _width(parts: _Parts, spacing: _Spacing) -> float:
    """Return the pixels that entries take side by side."""
    metrics = QFontMetricsF(fonts.font(fonts.SMALL))
    width = -spacing.gap
    for name, value, entry in parts:
        width += (_RAMP if entry.mark == "ramp" else spacing.mark) + spacing.space + spacing.gap
        width += metrics.horizontalAdvance(name) + metrics.horizontalAdvance(value)
        width += spacing.between if name and value else 0
    return width
