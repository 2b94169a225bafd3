"""Sequences with an answer at each of their steps."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from nncore.datasets.base import TEXT, TrainingData
from nncore.predictor import Predictor
from nncore.snapshot import Snapshot
from workbench.results import StepAnswers
from workbench.training.views.samples import Shown, shown_samples

MOST_SEQUENCES = 200


def unpredicted_steps(data: TrainingData) -> StepAnswers:
    """Return the sequences as they are before the first training."""
    shown = shown_samples(data)
    return _unpredicted(data, shown, min(MOST_SEQUENCES, len(shown)))


def _unpredicted(data: TrainingData, shown: Shown, most: int) -> StepAnswers:
    raw = data.data
    if raw.kind == TEXT:
        words = tuple(tuple(raw.vocabulary[int(token)] for token in row) for row in shown.x[:most])
    else:
        # Of several features the first one is shown.
        steps = shown.x[:most].reshape(most, shown.x.shape[1], -1)[:, :, 0]
        words = tuple(tuple(f"{value:g}" for value in row) for row in steps)
    truth = np.asarray(shown.y[:most]).reshape(most, -1)
    return StepAnswers(words, truth, None, raw.class_names, shown.part, 0, 0.0)


def step_answers(data: TrainingData) -> Callable[[Predictor, Snapshot], StepAnswers]:
    """Return the question for the answers at each step."""
    shown = shown_samples(data)
    most = min(MOST_SEQUENCES, len(shown))
    before, x = _unpredicted(data, shown, most), shown.samples.x[:most]

    def ask(predictor: Predictor, snapshot: Snapshot) -> StepAnswers:
        output = predictor.predict(x)
        return dataclasses.replace(before, output=output, step=snapshot.step, epoch=snapshot.epoch)

    return ask
