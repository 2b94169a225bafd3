"""Where the words in the first line of a row stand: the same for painting and for the mouse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRectF, QSizeF
from PySide6.QtGui import QFontMetricsF

from workbench.editor.count_words import Wording, count_words, fitting, room_beside, tightened
from workbench.editor.row_layout import EDGE, RowLayout
from workbench.editor.rows import LAYER, LOSS, RowView
from workbench.editor.summary import BETWEEN, Path
from workbench.theme import fonts

translate = QCoreApplication.translate


@dataclass(frozen=True)
class FirstLine:
    """The first line of a row.

    Attributes:
        title: where the name stands, and what is behind it.
        behind: where the settings stand.
        detail: as many of the settings as fit.
        narrow: whether they are set in the small font.
    """

    title: QRectF
    behind: QRectF
    detail: str
    narrow: bool


def first_line(row: RowView, parts: RowLayout) -> FirstLine:
    """Return where name and settings of a row stand."""
    px = fonts.scale()
    left, right = parts.text_left, parts.card.right() - EDGE * px
    if row.told is not None:
        right = parts.badge.left() - 4 * px
    top = parts.card.top() + (7 if row.share is not None else 6) * px
    plain, small = QFontMetricsF(fonts.font()), QFontMetricsF(fonts.font(fonts.CAPTION))
    whole = QRectF(left, top, right - left, 18 * px)
    used = min(whole.width(), QFontMetricsF(fonts.font(bold=True)).horizontalAdvance(row.title))
    if row.kind == LAYER and row.title != row.icon:  # a name may be long; the type behind it stays in sight
        kind = small.horizontalAdvance(row.detail.split(BETWEEN)[0] + "…") + 5 * px
        used = min(used, max(whole.width() / 2, whole.width() - kind))
    title = QRectF(whole.topLeft(), QSizeF(used, whole.height()))
    behind = whole.adjusted(used + 5 * px, 0, 0, 0)
    detail, narrow = shortened(row.detail, plain, small, behind.width())
    return FirstLine(title, behind, detail, narrow)


def words_places(row: RowView, parts: RowLayout) -> list[tuple[QRectF, Path]]:
    """Return where each of the settings that are shown stands, with the field that it stands for."""
    line = first_line(row, parts)
    metrics = QFontMetricsF(fonts.font(fonts.CAPTION) if line.narrow else fonts.font())
    left, between = line.behind.left(), metrics.horizontalAdvance(BETWEEN)
    places = []
    for word, path in zip(line.detail.split(BETWEEN), row.paths, strict=False):
        wide = metrics.horizontalAdvance(word)
        if path:
            places.append((QRectF(left, line.behind.top(), wide, line.behind.height()), path))
        left += wide + between
    return places


def words_at_right(row: RowView, wording: Wording, width: float) -> str:
    """Return what stands at the right of the second line, ``width`` pixels wide, or as much of it as fits.

    Args:
        wording: of the number of parameters, the same in all rows of the list.
    """
    room = room_beside(tightened(row.left, wording), width)
    if row.parameters is not None:
        # Where bare numbers are all there is room for, their sum says what they count.
        summed = (
            row.kind == LOSS and wording == Wording.BARE and fitting(count_words(row.parameters, Wording.ROUNDED), room)
        )
        return summed or fitting(count_words(row.parameters, wording), room)
    return next(filter(None, (fitting(words, room) for words in _ever_shorter(row.right))), "")


def _ever_shorter(words: str) -> Iterator[str]:
    """Yield ``4,500 train · 500 validation``, the same with ``val``, and its first part alone."""
    yield words
    validation, short = translate("LayerList", "validation"), translate("LayerList", "val")
    yield words.replace(validation, short)
    yield words.split(BETWEEN)[0]


def shortened(detail: str, plain: QFontMetricsF, small: QFontMetricsF, width: float) -> tuple[str, bool]:
    """Return as many of the settings as fit, and whether they do in the small font only; the first ones matter most."""
    parts = detail.split(BETWEEN)
    for count in range(len(parts), 0, -1):
        text = BETWEEN.join(parts[:count]) + ("" if count == len(parts) else "…")
        for narrow, metrics in ((False, plain), (True, small)):
            if metrics.horizontalAdvance(text) <= width:
                return text, narrow
    return parts[0] + ("…" if len(parts) > 1 else ""), True
