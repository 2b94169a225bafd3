"""Where the parts of one row lie: the same numbers for painting, for the mouse and for the height.

All lengths are of the design, times the user's scale of fonts.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QKeySequence, QTextDocument, QTextOption

from nncore.editing.mends import Mend
from workbench.editor.rows import LAYER, RowView
from workbench.theme import fonts
from workbench.theme.theme import current

MOST_MENDS = 3
"""More buttons than this would bury the row; all of them are in the menu."""


_GAP = 6
_TILE, _TO_TEXT = 30, 9
BADGE, EDGE = 18, 10


@dataclass(frozen=True)
class RowLayout:
    """The rectangles of one row, in the coordinates of the rectangle it was made for.

    Attributes:
        card: the row itself, without the error or hint under it; badge: the sign for these in it.
        tile: behind the icon; text_left: where both lines of text begin.
        error: the box under the row; None without an error.
        words: the error's text, laid out; words_rect: where it stands.
        buttons: one rectangle for each of the first mends.
        height: of everything, with the distance to the next row.
    """

    card: QRectF
    tile: QRectF
    text_left: float
    error: QRectF | None
    words: QTextDocument | None
    words_rect: QRectF
    buttons: tuple[tuple[QRectF, Mend], ...]
    height: float = field(default=0.0)

    @property
    def badge(self) -> QRectF:
        """Where the sign of an error or hint stands: at the end of the first line."""
        side = BADGE * fonts.scale()
        return QRectF(self.card.right() - side - 8 * fonts.scale(), self.card.top() + 7 * fonts.scale(), side, side)


def plain_height(kind: str) -> float:
    """Return the height of a row of this kind without an error, with the distance to the next row."""
    return _card_height(kind) + _GAP * fonts.scale()


def second_line_width(kind: str, width: float) -> float:
    """Return how wide the second line of a row of this kind is where the list is so wide."""
    return width - (_tile_left(kind) + _TILE + _TO_TEXT + EDGE) * fonts.scale()


def _tile_left(kind: str) -> float:
    return 28 if kind == LAYER else 12


def _card_height(kind: str) -> float:
    return (56 if kind == LAYER else 48) * fonts.scale()


def lay_out(row: RowView, rect: QRectF, *, keyed: bool = False, said: bool = True) -> RowLayout:
    """Return the parts of ``row`` for the width and corner of ``rect``; its height does not matter.

    Args:
        row: what it says.
        rect: where it is.
        keyed: whether the key of the mends presses its first button, which then has the room to say so.
        said: whether it says so: the keyboard is in the list.
    """
    px = fonts.scale()
    gap = _GAP * px
    tall = _card_height(row.kind)
    card = QRectF(rect.left(), rect.top() + gap / 2, rect.width(), tall)
    side = _TILE * px
    tile = QRectF(card.left() + _tile_left(row.kind) * px, card.center().y() - side / 2, side, side)
    text_left = tile.right() + _TO_TEXT * px
    if row.told is None:
        return RowLayout(card, tile, text_left, None, None, QRectF(), (), plain_height(row.kind))

    pad = 12 * px
    wide = card.width() - 2 * pad
    words = _words(row, wide)
    words_rect = QRectF(card.left() + pad, card.bottom() + 3 * px + pad * 0.75, wide, words.size().height())
    buttons, bottom = _place_buttons(row, words_rect, px, keyed, said)
    error = QRectF(card.left(), card.bottom() + 3 * px, card.width(), bottom + pad * 0.75 - card.bottom() - 3 * px)
    height = error.bottom() - rect.top() + gap / 2
    return RowLayout(card, tile, text_left, error, words, words_rect, buttons, height)


def _words(row: RowView, width: float) -> QTextDocument:
    assert row.told is not None
    sentence = row.told.sentence
    if not row.mends:
        sentence = f"{sentence} {row.told.remedy}"
    text = html.escape(sentence)
    if sentence.startswith(row.icon):  # the type of the layer
        text = f"{fonts.strong(html.escape(row.icon))}{html.escape(sentence[len(row.icon) :])}"
    document = QTextDocument()
    document.setDocumentMargin(0)
    document.setDefaultFont(fonts.font(fonts.CAPTION))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    document.setDefaultTextOption(option)
    tokens = current().tokens
    colour = QColor(tokens.dim if row.problem is None else tokens.text).name()
    document.setHtml(f'<div style="color:{colour}; line-height:120%">{text}</div>')
    document.setTextWidth(width)
    return document


def mend_key() -> str:
    """Return what the first button says behind its words while the keyboard is in the list: the key that presses it."""
    return "  " + QKeySequence("Ctrl+Return").toString(QKeySequence.SequenceFormat.NativeText)


def button_font_metrics() -> QFontMetricsF:
    """Return the metrics of the mend buttons' font."""
    return QFontMetricsF(fonts.font(fonts.CAPTION, bold=True))


def _place_buttons(
    row: RowView, above: QRectF, px: float, keyed: bool, said: bool
) -> tuple[tuple[tuple[QRectF, Mend], ...], float]:
    """Return the buttons, flowing from left to right under ``above``, and the lower edge of everything.

    They break into lines as with the key, or all rows below would move with the selection. A button that has no room
    for it never says it. Beside one that will say it when the keyboard comes, the next one stands where it stands then.
    """
    metrics = button_font_metrics()
    tall, gap = 26 * px, 6 * px
    left, top, bottom = above.left(), above.bottom() + 8 * px, above.bottom()
    kept = 0.0  # for the key, where it is not shown
    placed: list[tuple[QRectF, Mend]] = []
    for number, mend in enumerate(row.mends[:MOST_MENDS]):
        bare = wide = min(above.width(), metrics.horizontalAdvance(mend.label) + 20 * px)
        if not number and bare + metrics.horizontalAdvance(mend_key()) <= above.width():
            wide = bare + metrics.horizontalAdvance(mend_key())
        if left > above.left() and left + kept + wide > above.right():
            left, top, kept = above.left(), top + tall + gap, 0.0
        taken = wide if keyed or number else bare
        placed.append((QRectF(left, top, taken if said else bare, tall), mend))
        left, bottom, kept = left + taken + gap, top + tall, kept + wide - taken
    return tuple(placed), bottom
