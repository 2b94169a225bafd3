"""The sequences as rows of a list, in the words that screen readers say."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from workbench.results import StepAnswers
from workbench.theme import numbers

Index = QModelIndex | QPersistentModelIndex


class StepsModel(QAbstractListModel):
    """One row for each sequence."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.answers: StepAnswers | None = None

    def show_answers(self, answers: StepAnswers) -> None:
        """Exchange the answers; rows of the same sequences stay where they are."""
        before = self.rowCount()
        if len(answers) != before:
            self.beginResetModel()
            self.answers = answers
            self.endResetModel()
            return
        self.answers = answers
        if before:
            self.dataChanged.emit(self.index(0), self.index(before - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default, which is immutable
        return 0 if parent.isValid() or self.answers is None else len(self.answers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self.answers is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.sentence(index.row())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.details(index.row())
        return None

    def sentence(self, row: int) -> str:
        """Return in a sentence how many places of a sequence are right."""
        assert self.answers is not None
        number, places = numbers.count(row + 1), self.answers.truth.shape[1]
        if not self.answers.answered:
            return self.tr("Sequence {number}: {places} places, not predicted yet").format(number=number, places=places)
        right = int(np.count_nonzero(self.answers.right[row]))
        return self.tr("Sequence {number}: {right} of {places} places right").format(
            number=number, right=right, places=places
        )

    def details(self, row: int) -> str:
        """Return the sentence, and input, truth and answers of all places."""
        assert self.answers is not None
        given = self.answers
        lines = [
            self.sentence(row),
            self.tr("input: {words}").format(words=" ".join(given.inputs[row])),
            self.tr("truth: {words}").format(words=" ".join(given.name(int(each)) for each in given.truth[row])),
        ]
        if given.answered:
            words = " ".join(given.name(int(each)) for each in given.predicted[row])
            lines.append(self.tr("network: {words}").format(words=words))
        return "\n".join(lines)
