"""What a trained project is good for: ``workbench evaluate``, ``predict`` and ``export``."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from nncore.activations import ACTIVATIONS
from nncore.datasets import Data, Schema, TrainingData, open_inputs, open_test, prepare_samples
from nncore.errors import InputError
from nncore.evaluator import Evaluator
from nncore.export import export
from nncore.fields import from_json
from nncore.files import atomic_write
from nncore.losses import CrossEntropy, Loss, Target
from nncore.metrics import METRICS
from nncore.network import trace
from nncore.predictor import Predictor
from nncore.project_file import load_project
from nncore.snapshot import Checkpoint
from nncore.threads import one_blas_thread
from nncore.types import Array
from workbench.cli.text import measure, say, show, show_json
from workbench.results import Predictions


def run(options: argparse.Namespace) -> int:
    """Evaluate, predict or export a project that has been trained."""
    loaded = load_project(options.project)
    if loaded.checkpoint is None:
        raise InputError(
            f'"{options.project}" has not been trained yet, so it has no weights.',
            f"Train it with: workbench train {options.project} --output DIR, and use DIR/project.nnw.",
        )
    if not np.isfinite(loaded.checkpoint.snapshot.parameters).all():
        raise InputError(
            f'"{options.project}" has weights that are no finite numbers, so nothing can be computed with them.',
            "Train it again, with a smaller learning rate.",
        )
    if options.command == "evaluate":
        _evaluate(options, loaded.checkpoint)
    elif options.command == "predict":
        _predict(options, loaded.checkpoint)
    else:
        _export(options, loaded.checkpoint)
    return 0


def schema_of(checkpoint: Checkpoint) -> Schema:
    """Return the form of the data that the weights were learned from."""
    output = checkpoint.snapshot.network.shapes()[-1]
    return Schema(
        input_shape=checkpoint.snapshot.network.input_shape,
        target=Target(checkpoint.classes) if checkpoint.classes else Target(0, () if output == (1,) else output),
        class_names=checkpoint.class_names,
        feature_names=checkpoint.feature_names,
        target_name=checkpoint.target_name,
        pixel_max=checkpoint.scaling.pixel_max,
    )


def loss_of(checkpoint: Checkpoint) -> Loss:
    """Return the loss that the weights were learned with; the project may have been edited since."""
    return from_json(Loss, checkpoint.settings.get("loss"))


def _evaluate(options: argparse.Namespace, checkpoint: Checkpoint) -> None:
    snapshot, loss = checkpoint.snapshot, loss_of(checkpoint)
    data = open_test(options.data, schema_of(checkpoint))
    trace(snapshot.network, loss, data.target, data.input_shape).require()
    samples = prepare_samples(data, checkpoint.scaling)
    described = TrainingData(data, samples, None, None, checkpoint.scaling)
    metrics = [METRICS.get(checkpoint.history.metric)]
    with one_blas_thread():
        values = Evaluator(snapshot.network, snapshot.parameters.copy(), loss, metrics, described).evaluate(samples)
    if options.json:
        show_json({**values, "samples": len(samples)})
    else:
        shown = "  ".join(f"{name} {measure(name, value)}" for name, value in values.items())
        show(f"{shown}  ({len(samples):,} samples of {data.name})")


def _predict(options: argparse.Namespace, checkpoint: Checkpoint) -> None:
    path = Path(options.output).expanduser()
    data = open_inputs(options.data, schema_of(checkpoint))
    with one_blas_thread():
        output = Predictor.of(checkpoint.snapshot).predict(checkpoint.scaling.inputs(data.x))
    loss = loss_of(checkpoint)
    if isinstance(loss, CrossEntropy) and loss.from_logits:
        ACTIVATIONS.get(loss.fuses).forward(output.copy(), output)
    text = io.StringIO()
    rows = _class_rows(data, output, checkpoint) if data.target.classes else _number_rows(data, output, checkpoint)
    csv.writer(text, lineterminator="\n").writerows(rows)
    with atomic_write(path) as stream:
        stream.write(text.getvalue().encode())
    say(f"Predicted {len(output):,} samples of {data.name}: {path}")


def _class_rows(data: Data, output: Array, checkpoint: Checkpoint) -> Iterator[list[object]]:
    names = checkpoint.class_names or tuple(str(number) for number in range(checkpoint.classes))
    known = data.has_targets
    truth = data.y if known else np.full(len(output), -1)
    answers = Predictions(data.x, truth, output, names, data.feature_names, 0, 0)
    yield ["class", "probability", *(f"p_{name}" for name in names), *(["truth"] if known else [])]
    for row in range(len(output)):
        number = int(answers.predicted[row])
        name = names[number] if number >= 0 else ""
        scores = [float(score) for score in answers.scores[row]]
        yield [name, float(answers.confidence[row]), *scores, *([names[int(truth[row])]] if known else [])]


def _number_rows(data: Data, output: Array, checkpoint: Checkpoint) -> Iterator[list[object]]:
    numbers = checkpoint.scaling.restore_targets(output.astype(np.float64)).reshape(len(output), -1)
    width = numbers.shape[1]
    truth = data.y.reshape(len(output), -1) if data.has_targets else np.empty((len(output), 0))
    yield [*_headings("prediction", width), *_headings("truth", truth.shape[1])]
    for predicted, true in zip(numbers, truth, strict=True):
        yield [*map(float, predicted), *map(float, true)]


def _headings(word: str, width: int) -> list[str]:
    return [word] if width == 1 else [f"{word}_{number}" for number in range(1, width + 1)]


def _export(options: argparse.Namespace, checkpoint: Checkpoint) -> None:
    path = Path(options.output).expanduser()
    export(checkpoint.snapshot, options.format, path)
    say(f"Exported and read back: {path}")
