"""Predicted numbers beside the true ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from nncore.datasets.base import TrainingData
from nncore.predictor import Predictor
from nncore.snapshot import Snapshot
from nncore.types import Array
from workbench.results import Pairs

MOST_PAIRS = 2000


@dataclass(frozen=True, eq=False)
class _Samples:
    """Scaled inputs (n, ...) and targets (n, outputs), and the part that each sample belongs to."""

    x: Array
    y: Array
    part: Array


def _samples(data: TrainingData) -> _Samples:
    """Return the last samples of each part, in all at most ``MOST_PAIRS`` numbers of it."""
    parts = [(number, part) for number, part in enumerate((data.train, data.validation, data.test)) if part is not None]
    kept = [(number, part, slice(max(0, len(part) - _rows(part.y)), len(part))) for number, part in parts]
    return _Samples(
        np.concatenate([part.x[rows] for _, part, rows in kept]),
        np.concatenate([part.y[rows].reshape(rows.stop - rows.start, -1) for _, part, rows in kept]),
        np.concatenate([np.full(rows.stop - rows.start, number) for number, _, rows in kept]),
    )


def _rows(y: Array) -> int:
    width = max(1, y.size // max(1, len(y)))
    return max(1, MOST_PAIRS // width)


def unpredicted_pairs(data: TrainingData) -> Pairs:
    """Return the truth as it is before the first training; the predictions are NaN."""
    return _unpredicted(data, _samples(data))


def _unpredicted(data: TrainingData, samples: _Samples) -> Pairs:
    width = samples.y.shape[1]
    truth = data.scaling.restore_targets(samples.y.astype(np.float64)).reshape(-1)
    part = np.repeat(samples.part, width)
    return Pairs(truth, np.full(len(truth), np.nan), part, data.data.target_name, 0, width)


def pairs(data: TrainingData) -> Callable[[Predictor, Snapshot], Pairs]:
    """Return the question for prediction against truth."""
    samples = _samples(data)
    before = _unpredicted(data, samples)

    def ask(predictor: Predictor, snapshot: Snapshot) -> Pairs:
        output = predictor.predict(samples.x).reshape(len(before.truth))
        prediction = data.scaling.restore_targets(output.astype(np.float64))
        return replace(before, prediction=prediction, step=snapshot.step)

    return ask
