"""Texts that the network writes: one after each epoch, and one whenever a person asks for it.

Invariant: a text grows by what is new and is never written anew, so that a person can read while it is being written.
"""

from __future__ import annotations

import html

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QShowEvent, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QTextEdit, QWidget

from workbench.panels.writing.controls import WritingControls
from workbench.plotting import EmptyState, Panel, Table
from workbench.results import WriteRequest, Written
from workbench.theme import current, fonts, numbers

_KEPT = 30
"""So many texts are kept, the last ones."""
_NEAR = 4


class WritingPanel(Panel):
    """Controls above the texts.

    Attributes:
        texts: those that are shown, the last one as far as it has come.
        write_wanted: a text is to be written as ``request`` says.
        stop_wanted: the text under way is to end.
        shown: the panel has come to be seen; what it missed may be asked for.
    """

    write_wanted = Signal()
    stop_wanted = Signal()
    shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("WritingPanel", "Written by the network"), parent, drawing=False)
        self.setObjectName("writingPanel")
        self.texts: list[Written] = []
        self._stale = False
        self.score = QLabel(self)
        self.score.setObjectName("writingScore")
        self.score.setTextFormat(Qt.TextFormat.RichText)
        self.score.setWordWrap(True)
        self._loss: tuple[float | None, float | None, bool] = (None, None, False)
        self._words = False
        self.header.addWidget(self.score, 0, 0)
        self.controls = WritingControls(self)
        self.controls.write_wanted.connect(self.write_wanted)
        self.controls.stop_wanted.connect(self.stop_wanted)
        self.page = QTextEdit(self)
        self.page.setObjectName("writtenText")
        self.page.setAccessibleName(self.tr("Texts written by the network"))
        self.page.setReadOnly(True)
        self.page.setTabChangesFocus(True)
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        self.page.setUndoRedoEnabled(False)
        # The panel's menu answers the right click; it can copy the texts, too.
        self.page.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._add_action("copyTextAction", self.tr("Copy texts"), "copy", self.copy_texts)
        self.body.addWidget(self.controls, 0, 0)
        # A grid of its own: beside a hidden widget, a grid leaves out the space above.
        stage = QGridLayout()
        stage.addWidget(self.page, 0, 0)
        self.body.addLayout(stage, 1, 0)
        self.body.setVerticalSpacing(8)
        self.body.setRowStretch(1, 1)
        self._following = True
        bar = self.page.verticalScrollBar()
        bar.rangeChanged.connect(self._follow_range)
        bar.valueChanged.connect(self._follow_value)
        self._invitation = self.tr("Press Train: while it learns, the network writes a few words here.")
        self._empty = EmptyState(self._invitation, self, stage)
        self._empty.raised = True
        self._first = ""
        self.apply_theme()

    def request(self) -> WriteRequest:
        """Return what a person has chosen."""
        return self.controls.request()

    def set_unit(self, words: bool) -> None:
        """Say whether the network writes word by word, and not character by character."""
        self._words = words
        self.controls.set_unit(words)
        self._show_score()

    # --- What is shown ------------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Forget all texts: network or data are others."""
        self.texts.clear()
        self._redraw()

    def show_first(self, words: str) -> None:
        """Say what has to be done before the network can be trained; empty when it can be."""
        self._first = words
        self._redraw_invitation()

    def _redraw_invitation(self) -> None:
        invitation = self._first or self._invitation
        self._empty.show_sentence("" if self.texts else invitation)

    def show_state(self, *, ready: bool, busy: bool) -> None:
        """Say whether there is a network that can write, and whether it is writing what a person asked for."""
        self.controls.set_state(ready=ready, busy=busy)

    def show_written(self, written: Written) -> None:
        """Show a text as far as it has come; a text with the number of the last one takes its place."""
        last = self.texts[-1] if self.texts else None
        if last is not None and last.number == written.number:
            self.texts[-1] = written
        else:
            self.texts = [*self.texts[1 - _KEPT :], written]
        if not self.isVisible():
            self._stale = True
        elif last is not None and last.number == written.number and written.text.startswith(last.text):
            self._append(written.text[len(last.text) :], written)
        else:
            self._redraw()

    def show_score(self, loss: float | None, rule: float | None, held_out: bool) -> None:
        """Show how surely the network knows the next character, and how surely a simple rule does.

        Args:
            loss: mean cross-entropy in nats for each character; None if it is not known.
            rule: the same of a bigram model on the same part; None if it is not known.
            held_out: whether the loss is that of the validation part, and not of what was learned.
        """
        if (loss, rule, held_out) != self._loss:
            self._loss = (loss, rule, held_out)
            self._show_score()

    @Slot()
    def copy_texts(self) -> None:
        """Put what is marked on the clipboard, or else all texts."""
        marked = self.page.textCursor().selection().toPlainText()
        QGuiApplication.clipboard().setText(marked or self.page.toPlainText())

    def refresh(self) -> None:
        if self._stale:
            self._stale = False
            self._redraw()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit()

    # --- Drawing ------------------------------------------------------------------------------------------------

    def _show_score(self) -> None:
        tokens = current().tokens
        loss, rule, held_out = self._loss
        known = loss is not None and np.isfinite(loss)
        parts: list[str] = []

        def score(value: float) -> str:
            return fonts.strong(numbers.significant(value), tokens.text)

        if known and loss is not None:
            where = self.tr("validation") if held_out else self.tr("training")
            words = self.tr("{loss}, {part}")
            parts.append(words.format(loss=self._nats().format(loss=score(loss)), part=html.escape(where)))
        if rule is not None:
            told = score(rule) if parts else self._nats().format(loss=score(rule))
            parts.append(self.tr("bigram model {loss}").format(loss=told))
        if known and rule is not None and loss is not None:
            better = loss < rule
            colour, sign = (tokens.right, "✓") if better else (tokens.wrong, "✗")
            words = self.tr("better") if better else self.tr("not yet better")
            parts.append(fonts.strong(f"{sign}&nbsp;{html.escape(words)}", colour))
        elif not known:
            parts.append(html.escape(self.tr("not trained yet")))
        self.score.setText(f"<span style='color:{tokens.dim}'>{' · '.join(parts)}</span>")
        self.score.setAccessibleName(_plain(parts))
        self.setAccessibleDescription(_plain(parts))
        surprise = (
            self.tr("Surprise per word: 0 means that each word was foreseen; less is better.")
            if self._words
            else self.tr("Surprise per character: 0 means that each letter was foreseen; less is better.")
        )
        rule_words = self.tr("It is the mean cross-entropy. The bigram model only counts what follows what.")
        self.score.setToolTip(f"{surprise}\n{rule_words}")

    def _nats(self) -> str:
        return self.tr("{loss} nats per word") if self._words else self.tr("{loss} nats per character")

    def _redraw(self) -> None:
        self._redraw_invitation()
        self.page.clear()
        for number, written in enumerate(self.texts):
            self._begin(written, first=number == 0)
            self._append(written.text, written)

    def _begin(self, written: Written, *, first: bool) -> None:
        cursor = self._end()
        if not first:
            cursor.insertBlock()
        block = QTextBlockFormat()
        block.setTopMargin(0 if first else fonts.pixels(12))
        cursor.setBlockFormat(block)
        cursor.insertText(self.heading(written), self._caption)
        block.setTopMargin(fonts.pixels(2))
        cursor.insertBlock(block)
        cursor.insertText(written.request.start, self._given)

    def _append(self, text: str, written: Written) -> None:
        cursor = self._end()
        cursor.insertText(text, self._made)
        if written.problem:
            cursor.insertText(f" {written.problem}", self._wrong)

    @Slot(int, int)
    def _follow_range(self, _: int, largest: int) -> None:
        """Keep the end in view while it is being written, unless a person has scrolled back to read."""
        if self._following:
            self.page.verticalScrollBar().setValue(largest)

    @Slot(int)
    def _follow_value(self, value: int) -> None:
        self._following = value >= self.page.verticalScrollBar().maximum() - _NEAR

    def _end(self) -> QTextCursor:
        cursor = QTextCursor(self.page.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        return cursor

    def heading(self, written: Written) -> str:
        """Return when a text was written, and how daring."""
        words = self.tr("epoch {epoch} · temperature {temperature}")
        epoch = f"{written.epoch:.1f}".removesuffix(".0")
        return words.format(epoch=epoch, temperature=f"{written.request.temperature:.1f}")

    # --- Theme, table -------------------------------------------------------------------------------------------

    def apply_theme(self) -> None:
        tokens = current().tokens
        self._caption = _format(tokens.dim, fonts.SMALL)
        self._given = _format(tokens.accent, fonts.BODY + 2)
        self._made = _format(tokens.text, fonts.BODY + 2)
        self._wrong = _format(tokens.wrong, fonts.BODY)
        self._show_score()
        self._redraw()

    def table(self) -> Table:
        """Return one row for each text: its moment, temperature, beginning and what the network added."""
        rows = (
            [f"{text.epoch:g}", text.step, f"{text.request.temperature:g}", text.request.start, text.text]
            for text in self.texts
        )
        return ("epoch", "step", "temperature", "start", "text"), rows


def _format(colour: str, size: float) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(colour))
    made.setFont(fonts.font(size))
    return made


def _plain(parts: list[str]) -> str:
    """Return the words of rich text."""
    text = " · ".join(parts)
    while "<" in text:
        text = text[: text.index("<")] + text[text.index(">") + 1 :]
    return html.unescape(text).replace("\N{NO-BREAK SPACE}", " ")
