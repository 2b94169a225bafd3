"""A line in which a person types a sentence, and what the network makes of it while it is being typed."""

from __future__ import annotations

import html

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from workbench.results import TriedText
from workbench.theme import current, fill, fonts, numbers

_PAUSE = 120
"""Milliseconds without a key after which the network is asked."""
_LONGEST = 2000


class TryLine(QWidget):
    """A text field, an answer beside it, and below what of the sentence the network does not know.

    Attributes:
        sentence_changed: another sentence is to be answered.
    """

    sentence_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("tryLine")
        self.edit = SentenceEdit(self)
        self.edit.setObjectName("trySentence")
        self.edit.setAccessibleName(self.tr("Try a sentence"))
        self.edit.setPlaceholderText(self.tr("Try a sentence"))
        self.edit.setToolTip(self.tr("Type a sentence of your own: the network answers at once"))
        self.edit.setClearButtonEnabled(False)
        self.edit.setMaxLength(_LONGEST)
        self.answer = Answer(self)
        self.note = QLabel(self)
        self.note.setObjectName("tryNote")
        self.note.setProperty("role", "small")
        self.note.setTextFormat(Qt.TextFormat.RichText)
        self.note.setWordWrap(True)
        self.note.hide()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setHorizontalSpacing(12)
        layout.setVerticalSpacing(2)
        layout.addWidget(self.edit, 0, 0)
        layout.addWidget(self.answer, 0, 1)
        layout.addWidget(self.note, 1, 0, 1, 2)
        layout.setColumnStretch(0, 1)
        self._ready = False
        self._first = ""
        self._given: TriedText | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self.sentence_changed)
        self.edit.textChanged.connect(self._follow_typing)
        self.edit.returnPressed.connect(self.sentence_changed)

    def sentence(self) -> str:
        """Return what is to be answered; empty if nothing is."""
        return self.edit.text().strip() if not self.isHidden() else ""

    def set_ready(self, ready: bool) -> None:
        """Say whether there is a network that could answer."""
        self._ready = ready
        if not ready:
            self.show_answer(None)

    def show_first(self, words: str) -> None:
        """Say what has to be done before the network can be trained, and so can come to answer; empty when it can."""
        self._first = words
        self._show_note()

    def show_answer(self, given: TriedText | None) -> None:
        """Show what the network makes of the sentence; an answer to a former sentence is left out."""
        if given is not None and given.text != self.sentence():
            return
        self._given = given
        self.answer.show_scores(given)
        self._show_note()

    @Slot()
    def _follow_typing(self) -> None:
        if not self.sentence():
            self.show_answer(None)
        self._show_note()
        self._timer.start()

    def _show_note(self) -> None:
        given = self._given
        parts = []
        if self.sentence() and not self._ready:
            before = self.tr("{first} The network has learned nothing yet.").format(first=self._first)
            train = self.tr("Press Train first: the network has learned nothing yet.")
            parts.append(html.escape(before if self._first else train))
        if given is not None and given.unknown:
            colour = current().tokens.wrong
            marked = ", ".join(fonts.strong(html.escape(word), colour) for word in given.unknown)
            parts.append(self.tr("unknown: {words}").format(words=marked))
        if given is not None and given.left_out:
            parts.append(self.tr("the last {count} are not read").format(count=numbers.count(given.left_out)))
        self.note.setText(" · ".join(parts))
        self.note.setVisible(bool(parts))

    def apply_theme(self) -> None:
        """Take the colours of the theme in force."""
        self._show_note()
        self.answer.update()


class SentenceEdit(QLineEdit):
    """Shows the beginning of what is too long for it while nobody writes in it, as a sentence is read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left_at = 0
        self.textChanged.connect(self._show_beginning)

    @Slot()
    def _show_beginning(self) -> None:
        if not self.hasFocus() and not self.isModified():  # a key may come without the focus
            self._left_at = len(self.text())
            self.home(False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.setCursorPosition(self._left_at)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:  # its own menu copies what is marked
            self._left_at = self.cursorPosition()
            self.home(False)


class Answer(QWidget):
    """The likeliest class, how sure the network is, and a bar for it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tryAnswer")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._name, self._share = "", ""
        self._part: float | None = None

    def show_scores(self, given: TriedText | None) -> None:
        """Show an answer, or none."""
        self._name, self._share, self._part = "", "", None
        lines = []
        if given is not None and len(given.scores) and np.isfinite(given.scores).all():
            order = np.argsort(-given.scores, kind="stable")
            best = float(given.scores[order[0]])
            shares = bool((given.scores >= 0).all() and (given.scores <= 1.001).all())
            self._name = _name(given, int(order[0]))
            self._share = numbers.percent(best, 0) if shares else numbers.significant(best)
            self._part = min(1.0, best) if shares else None
            for number in order[:12]:
                score = float(given.scores[number])
                value = numbers.percent(score) if shares else numbers.significant(score)
                lines.append(f"{_name(given, int(number))}: {value}")
        words = f"{self._name} {self._share}".strip()
        self.setAccessibleName(self.tr("Answer: {words}").format(words=words) if words else self.tr("No answer yet"))
        self.setToolTip("\n".join(lines))
        self.update()

    def text(self) -> str:
        """Return what is painted, without the bar."""
        return f"{self._name} {self._share}".strip()

    def sizeHint(self) -> QSize:
        return QSize(fonts.pixels(160), fonts.pixels(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(fonts.pixels(100), fonts.pixels(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = current().tokens
        bold, plain = fonts.font(fonts.BODY, bold=True), fonts.font(fonts.CAPTION)
        area = QRectF(self.rect()).adjusted(0, 0, 0, -6)
        painter.setFont(plain)
        painter.setPen(QColor(tokens.dim))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._share or numbers.NONE)
        room = area.width() - QFontMetricsF(plain).horizontalAdvance(self._share) - 8
        painter.setFont(bold)
        painter.setPen(QColor(tokens.text))
        name = QFontMetricsF(bold).elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        bar = QRectF(0, self.height() - 5, self.width(), 4)
        fill(painter, bar, 2, tokens.line)
        if self._part is not None and self._part > 0.01:
            fill(painter, QRectF(0, bar.top(), bar.width() * self._part, 4), 2, tokens.accent)
        painter.end()


def _name(given: TriedText, number: int) -> str:
    return given.class_names[number] if number < len(given.class_names) else str(number)
