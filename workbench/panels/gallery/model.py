"""The samples as rows of a list: which ones, in which order, and in which words.

Invariant: a row is a tile; everything a tile says comes from ``Tile``, for the eye and for screen readers alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from nncore.types import Array
from workbench.panels.gallery.thumbnails import Thumbnails
from workbench.results import Predictions, Reconstructions
from workbench.theme import numbers

Index = QModelIndex | QPersistentModelIndex
TILE = int(Qt.ItemDataRole.UserRole)
_FEATURES, _REBUILT = 6, 6
_MOST_CLASSES, _MOST_FEATURES = 12, 20


@dataclass(frozen=True)
class Tile:
    """What one tile says.

    Attributes:
        sample: number of the sample.
        answer: what the network says; before the training, the truth.
        correction: "not 5" where the answer is wrong; empty otherwise.
        caption: how sure the network is, or what the true number is.
        share: how sure, from 0 to 1 in whole hundredths; None where that makes no sense.
        state: ``"right"``, ``"wrong"``, ``"number"`` or ``"open"``: not predicted yet.
        lines: (name, value) of a table's first features; empty for pictures.
        text: of a text; empty otherwise.
        step: of a reconstruction, the moment it is from; 0 otherwise.
        truth: the score of the right class where the answer is wrong, as "5: 2 %"; empty otherwise.
    """

    sample: int
    answer: str
    correction: str
    caption: str
    share: float | None
    state: str
    lines: tuple[tuple[str, str], ...]
    text: str = ""
    step: int = 0
    truth: str = ""


class GalleryModel(QAbstractListModel):
    """Rows of a list view."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.predictions: Predictions | None = None
        self.thumbnails: Thumbnails | None = None
        self.rebuilt: Thumbnails | None = None
        self.only_class: int | None = None
        self.wrong_only = False
        self.worst_first = False
        self._order: Array = np.empty(0, dtype=np.int64)

    def show_predictions(self, predictions: Predictions) -> None:
        """Exchange the predictions; pictures of the same samples are kept."""
        self.predictions = predictions
        if not predictions.are_images:
            self.thumbnails = None
        elif self.thumbnails is None or not self.thumbnails.are_of(predictions.images_or_rows):
            self.thumbnails = Thumbnails(predictions.images_or_rows)
        pictures = predictions.rebuilt if isinstance(predictions, Reconstructions) else None
        drawn = self.thumbnails is not None and pictures is not None
        self.rebuilt = Thumbnails(pictures, self.thumbnails) if drawn and pictures is not None else None
        self.arrange()

    def forget(self) -> None:
        """Have no samples any more."""
        self.predictions, self.thumbnails, self.rebuilt = None, None, None
        self.arrange()

    def arrange(self) -> None:
        """Choose and sort the samples anew, keeping as many rows as there are samples."""
        order = self._chosen()
        before, after = len(self._order), len(order)
        if after > before:
            self.beginInsertRows(QModelIndex(), before, after - 1)
            self._order = order
            self.endInsertRows()
        elif after < before:
            self.beginRemoveRows(QModelIndex(), after, before - 1)
            self._order = order
            self.endRemoveRows()
        self._order = order
        if after:
            self.dataChanged.emit(self.index(0), self.index(after - 1))

    def _chosen(self) -> Array:
        shown = self.predictions
        if shown is None:
            return np.empty(0, dtype=np.int64)
        keep = np.ones(len(shown), dtype=bool)
        if shown.are_classes and self.only_class is not None:
            keep &= shown.truth.reshape(-1) == self.only_class
        if shown.are_judged and self.wrong_only:
            keep &= shown.answered & ~shown.right
        order = np.flatnonzero(keep)
        return order[np.argsort(-shown.badness[order], kind="stable")] if self.worst_first else order

    def tile_sample(self, row: int) -> int:
        """Return the number of the sample in a row."""
        return int(self._order[row])

    def row_of(self, sample: int) -> int:
        """Return the row of a sample, or -1 when it is filtered out."""
        found = np.flatnonzero(self._order == sample)
        return int(found[0]) if len(found) else -1

    # --- Qt's questions -----------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default, which is immutable
        return 0 if parent.isValid() else len(self._order)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._order):
            return None
        sample = int(self._order[index.row()])
        if role == TILE:
            return self.tile(sample)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.sentence(sample)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return self.details(sample)
        return None

    # --- Words --------------------------------------------------------------------------------------------------

    def tile(self, sample: int) -> Tile:
        """Return what the tile of a sample says."""
        shown = self._given()
        truth = self.truth(sample)
        if isinstance(shown, Reconstructions):
            return self._rebuilt_tile(shown, sample, truth, self._features(sample, _REBUILT))
        lines = self._features(sample, _FEATURES)
        text = shown.texts[sample] if shown.are_texts else ""
        if not shown.answered[sample]:
            return Tile(sample, truth, "", self.tr("truth"), None, "open", lines, text)
        if not shown.are_classes:
            answer = numbers.significant(float(shown.predicted[sample]))
            return Tile(sample, answer, "", self.tr("truth {value}").format(value=truth), None, "number", lines)
        answer = self._class(int(shown.predicted[sample]))
        confidence = float(shown.confidence[sample])
        caption = self._score(confidence, 0)
        share = round(min(1.0, max(0.0, confidence)), 2) if shown.are_shares else None
        if shown.right[sample]:
            return Tile(sample, answer, "", caption, share, "right", lines, text)
        correction = self.tr("not {truth}").format(truth=truth)
        return Tile(sample, answer, correction, caption, share, "wrong", lines, text, truth=self._truth_score(sample))

    def _truth_score(self, sample: int) -> str:
        """Return what the network gives for the right class: by that, the worst answers are found."""
        shown = self._given()
        number = int(shown.truth.reshape(-1)[sample])
        return f"{self._class(number)}: {self._score(float(shown.scores[sample, number]), 0)}"

    def _score(self, score: float, decimals: int = 1) -> str:
        return numbers.percent(score, decimals) if self._given().are_shares else numbers.significant(score)

    def _rebuilt_tile(
        self, shown: Reconstructions, sample: int, truth: str, lines: tuple[tuple[str, str], ...]
    ) -> Tile:
        if not shown.answered[sample]:
            return Tile(sample, truth, "", self.tr("original"), None, "open", lines)
        caption = self.tr("error {value}").format(value=numbers.significant(float(shown.errors[sample])))
        return Tile(sample, truth, "", caption, None, "number", lines, step=shown.step)

    def truth(self, sample: int) -> str:
        """Return the true class or number of a sample; where neither is known, its own number."""
        shown = self._given()
        value = shown.truth.reshape(len(shown), -1)[sample, 0]
        if shown.are_classes:
            return self._class(int(value))
        known = np.isfinite(value)
        return numbers.significant(float(value)) if known else self.tr("no. {n}").format(n=numbers.count(sample + 1))

    def sentence(self, sample: int) -> str:
        """Return the tile in one sentence, for people who hear it."""
        tile, truth, number = self.tile(sample), self.truth(sample), numbers.count(sample + 1)
        if isinstance(self._given(), Reconstructions):
            words = self.tr("Sample {number}: {truth}, reconstruction: {caption}")
            if tile.state == "open":
                words = self.tr("Sample {number}: {truth}, not reconstructed yet")
            return words.format(number=number, truth=truth, caption=tile.caption)
        if tile.state == "open":
            return self.tr("Sample {number}: {truth}, not predicted yet").format(number=number, truth=truth)
        if tile.state == "number":
            return self.tr("Sample {number}: predicted {answer}, truth {truth}").format(
                number=number, answer=tile.answer, truth=truth
            )
        words = self.tr("right") if tile.state == "right" else self.tr("wrong, it is {truth}").format(truth=truth)
        return self.tr("Sample {number}: {answer}, {words}, {sure}").format(
            number=number, answer=tile.answer, words=words, sure=tile.caption
        )

    def details(self, sample: int) -> str:
        """Return the sentence and what the network gives for each class, the largest first."""
        shown = self._given()
        lines = [self.sentence(sample)]
        if shown.are_texts:
            lines.append(shown.texts[sample])
        if shown.are_judged and shown.answered[sample]:
            scores = shown.scores[sample]
            largest = np.argsort(-scores, kind="stable")
            first = [int(number) for number in largest[:_MOST_CLASSES]]
            lines += [f"{self._class(number)}: {self._score(float(scores[number]))}" for number in first]
            if len(scores) > _MOST_CLASSES:
                lines.append(self.tr("and {count} more classes").format(count=len(scores) - _MOST_CLASSES))
        features = self._features(sample, _MOST_FEATURES)
        lines += [f"{name} = {value}" for name, value in features]
        more = shown.images_or_rows[sample].size - len(features)
        if features and more > 0:
            lines.append(self.tr("and {count} more values").format(count=numbers.count(more)))
        return "\n".join(lines)

    def _class(self, number: int) -> str:
        names = self._given().class_names
        return names[number] if 0 <= number < len(names) else str(number)

    def _features(self, sample: int, most: int) -> tuple[tuple[str, str], ...]:
        """Return names and values of the first columns of a table, with what became of them if they are rebuilt."""
        shown = self._given()
        if shown.are_images or shown.are_texts or shown.are_curves:
            return ()
        row = shown.images_or_rows[sample].reshape(-1)[:most]
        values = [numbers.significant(float(value)) for value in row]
        if isinstance(shown, Reconstructions) and shown.rebuilt is not None:
            rebuilt = shown.rebuilt[sample].reshape(-1)[:most]
            values = [
                f"{value} → {numbers.significant(float(made))}" for value, made in zip(values, rebuilt, strict=True)
            ]
        names = shown.feature_names or tuple(f"x{number + 1}" for number in range(len(row)))
        return tuple(zip(names, values, strict=False))

    def _given(self) -> Predictions:
        if self.predictions is None:
            raise LookupError("There are no samples, so there is nothing to tell of one.")
        return self.predictions
