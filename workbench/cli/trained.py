"""What a trained project is good for: ``workbench evaluate``, ``predict`` and ``export``."""

from __future__ import annotations

import argparse
import csv
import io
from pathlib import Path

import numpy as np

from nncore.activations import ACTIVATIONS
from nncore.computing.threads import Team
from nncore.datasets import RECONSTRUCTION, Data, Schema, TrainingData, open_inputs, open_test, prepare_samples
from nncore.datasets.text import is_characters
from nncore.errors import InputError
from nncore.export import export
from nncore.fields import from_json
from nncore.losses import CrossEntropy, Loss, Target
from nncore.metrics import METRICS, Metric
from nncore.predictor import Predictor
from nncore.project import TrainingSettings
from nncore.project_file import load_project
from nncore.snapshot import Checkpoint
from nncore.storage.files import atomic_write
from nncore.trace import trace
from nncore.training.batches import check_samples
from nncore.training.evaluator import Evaluator
from workbench.cli.answers import answer_rows
from workbench.cli.text import counted, measure, say, show, show_json


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
    return Schema(
        input_shape=checkpoint.snapshot.network.input_shape,
        target=_target_of(checkpoint),
        class_names=checkpoint.class_names,
        feature_names=checkpoint.feature_names,
        target_name=checkpoint.target_name,
        pixel_max=checkpoint.scaling.pixel_max,
        vocabulary=checkpoint.vocabulary,
        task=checkpoint.task,
    )


def _target_of(checkpoint: Checkpoint) -> Target:
    """Return what the data asked for; to be reconstructed, they have labels besides, if anything."""
    output = checkpoint.snapshot.network.shapes()[-1]
    if checkpoint.task == RECONSTRUCTION:
        return Target(checkpoint.classes)
    if checkpoint.classes:
        return Target(checkpoint.classes, output[:-1])
    return Target(0, () if output == (1,) else output)


def loss_of(checkpoint: Checkpoint) -> Loss:
    """Return the loss that the weights were learned with; the project may have been edited since."""
    return from_json(Loss, checkpoint.settings.get("loss"))


def metric_of(checkpoint: Checkpoint) -> Metric:
    """Return the metric that was recorded while the weights were learned, with its settings."""
    field = TrainingSettings.field("metric")
    metric: Metric = field.check(field.from_json(checkpoint.settings.get("metric")))
    return metric if metric.name == checkpoint.history.metric else METRICS.get(checkpoint.history.metric).suggested()


def _evaluate(options: argparse.Namespace, checkpoint: Checkpoint) -> None:
    snapshot, loss = checkpoint.snapshot, loss_of(checkpoint)
    data = open_test(options.data, schema_of(checkpoint))
    _say_what_is_left_out(data)
    samples = prepare_samples(data, checkpoint.scaling, checkpoint.task)
    described = TrainingData(data, samples, None, None, checkpoint.scaling, checkpoint.task)
    trace(snapshot.network, loss, described.target, data.input_shape).require()
    check_samples(snapshot.network, described)
    metrics = [metric_of(checkpoint)]
    team = Team()
    with team.at_work():
        evaluator = Evaluator(snapshot.network, snapshot.parameters.copy(), loss, metrics, described, team)
        values = evaluator.evaluate(samples)
    if options.json:
        show_json({**values, "samples": len(samples)})
    else:
        shown = "  ".join(f"{name} {measure(name, value)}" for name, value in values.items())
        show(f"{shown}  ({counted(len(samples), 'sample')} of {data.name})")


def _predict(options: argparse.Namespace, checkpoint: Checkpoint) -> None:
    path = Path(options.output).expanduser()
    data = open_inputs(options.data, schema_of(checkpoint))
    _say_what_is_left_out(data)
    inputs = checkpoint.scaling.inputs(data.x)
    team = Team()
    with team.at_work():
        output = Predictor(checkpoint.snapshot.network, checkpoint.snapshot.parameters, team=team).predict(inputs)
    loss = loss_of(checkpoint)
    if isinstance(loss, CrossEntropy) and loss.from_logits:
        ACTIVATIONS.get(loss.fuses).forward(output.copy(), output)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(answer_rows(data, inputs, output, checkpoint))
    with atomic_write(path) as stream:
        stream.write(text.getvalue().encode())
    say(f"Predicted {counted(len(output), 'sample')} of {data.name}: {path}")


def _say_what_is_left_out(data: Data) -> None:
    """Say how many texts are longer than what the network reads of them."""
    if not data.shortened:
        return
    unit, part = ("character", "beginning") if is_characters(data.vocabulary) else ("word", "end")
    verb, whose = ("is", "its") if data.shortened == 1 else ("are", "their")
    say(
        f"Of {counted(len(data.x), 'text')}, {data.shortened:,} {verb} longer than the "
        f"{counted(data.input_shape[0], unit)} that the network reads, so {whose} {part} is left out."
    )


def _export(options: argparse.Namespace, checkpoint: Checkpoint) -> None:
    path = Path(options.output).expanduser()
    export(checkpoint.snapshot, options.format, path)
    say(f"Exported and read back: {path}")
