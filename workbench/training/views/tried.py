"""A sentence of a person's own, and what the network makes of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from nncore.datasets.base import TrainingData
from nncore.datasets.text import encode, is_characters, words
from nncore.predictor import Predictor
from nncore.snapshot import Snapshot
from workbench.results import Predictions, TriedText


def tried(data: TrainingData, text: str) -> Callable[[Predictor, Snapshot], TriedText]:
    """Return the question for one sentence."""
    vocabulary, length = data.data.vocabulary, data.data.input_shape[0]
    x = encode(text, vocabulary, length)[None]
    known = set(vocabulary)
    if is_characters(vocabulary):
        parts = list(text)
        unknown = [part for part in parts if not {part, part.lower(), part.upper()} & known]
    else:
        parts = words(text)
        unknown = [part for part in parts if part not in known]
    left_out = max(0, len(parts) - length)
    names = data.data.class_names

    def ask(predictor: Predictor, snapshot: Snapshot) -> TriedText:
        output = predictor.predict(x)
        scores = Predictions(x, np.zeros(1), output, names, (), snapshot.step, snapshot.epoch).scores[0]
        return TriedText(text, tuple(dict.fromkeys(unknown)), left_out, scores, names, snapshot.step)

    return ask
