"""The rows of a file with predictions: a heading, and one row for each sample in the form that its task asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from nncore.datasets import RECONSTRUCTION, Data
from nncore.datasets.text import is_characters
from nncore.snapshot import Checkpoint
from nncore.types import Array
from workbench.results import Predictions

_LINE_BREAK = "↵"


def answer_rows(data: Data, inputs: Array, output: Array, checkpoint: Checkpoint) -> Iterator[list[object]]:
    """Return the rows; numbers are in the unit of the data.

    Args:
        data: the samples as they were found.
        inputs: the same, scaled.
        output: (rows, *output_shape) activated.
        checkpoint: what the network learned.
    """
    if checkpoint.task == RECONSTRUCTION:
        return _reconstruction_rows(data, inputs, output, checkpoint)
    if not data.target.classes:
        return _number_rows(data, output, checkpoint)
    return (_step_rows if data.target.shape else _class_rows)(data, output, _class_names(checkpoint))


def _class_names(checkpoint: Checkpoint) -> tuple[str, ...]:
    return checkpoint.class_names or tuple(str(number) for number in range(checkpoint.classes))


def _answers(data: Data, output: Array, names: tuple[str, ...]) -> Predictions:
    """Return the answers for all places, one below the other: one of each sample, or one of each of its steps."""
    places = output.reshape(-1, output.shape[-1])
    truth = data.y.reshape(-1) if data.has_targets else np.full(len(places), -1)
    return Predictions(data.x, truth, places, names, data.feature_names, 0, 0)


def _class_rows(data: Data, output: Array, names: tuple[str, ...]) -> Iterator[list[object]]:
    answers, known = _answers(data, output, names), data.has_targets
    yield ["class", "probability", *(f"p_{name}" for name in names), *(["truth"] if known else [])]
    for row in range(len(output)):
        number = int(answers.predicted[row])
        name = names[number] if number >= 0 else ""
        scores = [float(score) for score in answers.scores[row]]
        yield [name, float(answers.confidence[row]), *scores, *([names[int(data.y[row])]] if known else [])]


def _step_rows(data: Data, output: Array, names: tuple[str, ...]) -> Iterator[list[object]]:
    """Yield the classes of all steps of a sample in one cell, and the mean of their probabilities."""
    answers, join = _answers(data, output, names), _joined(data, names)
    predicted = answers.predicted.reshape(len(output), -1)
    probability = answers.confidence.reshape(len(output), -1).mean(axis=1)
    yield ["classes", "probability", *(["truth"] if data.has_targets else [])]
    for row in range(len(output)):
        truth = [join(data.y[row].reshape(-1))] if data.has_targets else []
        yield [join(predicted[row]), float(probability[row]), *truth]


def _joined(data: Data, names: tuple[str, ...]) -> Callable[[Array], str]:
    """Return a function that writes class numbers as one text: characters without anything between them.

    A line break among them becomes a sign of its own, so that a sample stays one line of the file.
    """
    words, between = names, ", " if any(" " in name for name in names) else " "
    if len(data.vocabulary) == len(names) and is_characters(data.vocabulary):
        words, between = tuple(entry.replace("\n", _LINE_BREAK) for entry in data.vocabulary), ""
    return lambda numbers: between.join(words[int(number)] for number in numbers if number >= 0)


def _number_rows(data: Data, output: Array, checkpoint: Checkpoint) -> Iterator[list[object]]:
    numbers = checkpoint.scaling.restore_targets(output.astype(np.float64)).reshape(len(output), -1)
    width = numbers.shape[1]
    truth = data.y.reshape(len(output), -1) if data.has_targets else np.empty((len(output), 0))
    times = _times(data)
    yield [*(["time"] if times else []), *_headings("prediction", width), *_headings("truth", truth.shape[1])]
    for row, (predicted, true) in enumerate(zip(numbers, truth, strict=True)):
        yield [*times[row : row + 1], *map(float, predicted), *map(float, true)]


def _times(data: Data) -> Sequence[str]:
    """Return for each sample of a series the name of the step that follows it; nothing where steps have no names."""
    following = data.times[data.input_shape[0] :]
    return following if len(following) >= len(data.x) else ()


def _reconstruction_rows(data: Data, inputs: Array, output: Array, checkpoint: Checkpoint) -> Iterator[list[object]]:
    """Yield the mean squared error of each sample as the network gets it, its label if known, and all its numbers."""
    errors = np.square(output.astype(np.float64) - inputs).reshape(len(output), -1).mean(axis=1)
    numbers = checkpoint.scaling.restore_inputs(output.astype(np.float64)).reshape(len(output), -1)
    labels = _labels(data, checkpoint)
    names = data.feature_names if len(data.feature_names) == numbers.shape[1] else ()
    headings = [f"reconstruction_{name}" for name in names] or _headings("reconstruction", numbers.shape[1])
    yield ["error", *(["label"] if labels else []), *headings]
    for row, rebuilt in enumerate(numbers):
        yield [float(errors[row]), *labels[row : row + 1], *map(float, rebuilt)]


def _labels(data: Data, checkpoint: Checkpoint) -> Sequence[object]:
    """Return what the data say of each sample besides; nothing where they do not."""
    if not data.has_targets:
        return ()
    if data.target.classes:
        join = _joined(data, _class_names(checkpoint))
        return [join(np.atleast_1d(label)) for label in data.y]
    return [float(label) for label in data.y] if data.y.ndim == 1 else ()


def _headings(word: str, width: int) -> list[str]:
    return [word] if width == 1 else [f"{word}_{number}" for number in range(1, width + 1)]
