"""Models in files: what was built, how it learns, and what it has learned."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nncore.errors import InputError
from nncore.fields import from_json
from nncore.history import History
from nncore.metrics import Metric
from nncore.optimizers import OptimizerState
from nncore.plan import layout, trainable_size
from nncore.project import DataSettings, Project, TrainingSettings
from nncore.snapshot import Checkpoint, Snapshot
from nncore.types import FLOAT32

if TYPE_CHECKING:
    from nncore.models.sequential import Sequential

SUFFIX = ".nnw"


def save_model(model: Sequential, filepath: str | Path, overwrite: bool) -> None:
    """Write a model to a ``.nnw`` file, which the window opens too.

    Raises:
        InputError: another kind of file, one that exists and may not be overwritten, or a folder that cannot be
            written to.
    """
    from nncore.project_file import save_project

    path = Path(filepath)
    if path.suffix.lower() != SUFFIX:
        raise InputError(
            f'Models are saved in files that end in {SUFFIX}, but "{path.name}" ends in '
            f"{path.suffix or 'no suffix at all'}.",
            f'Call it "{path.stem}{SUFFIX}".',
        )
    if path.exists() and not overwrite:
        raise InputError(f"There is a file {path} already.", "Choose another name, or overwrite=True.")
    settings = model.settings or TrainingSettings()
    network = model.network
    optimizer = model.optimizer_state() if model.settings else _fresh(settings, trainable_size(layout(network)))
    metrics = [metric.to_json() for metric in model.metrics]
    checkpoint = Checkpoint(
        snapshot=Snapshot.of(network, model.parameters, optimizer.iterations, 0.0),
        optimizer=optimizer,
        epoch=0,
        position=0,
        sums=(0.0,),
        random_state=np.random.default_rng(0).bit_generator.state,
        history=History(model.metrics[0].name if model.metrics else "accuracy"),
        settings={"samples": 1, "metrics": metrics, "compiled": model.settings is not None},
    )
    if model.metrics:
        settings = settings.replace(metric=model.metrics[0])
    project = Project(model.name, network, DataSettings(source=""), settings)
    save_project(path, project, checkpoint)


def _fresh(settings: TrainingSettings, size: int) -> OptimizerState:
    """Return what an optimizer remembers before its first step."""
    nothing = np.zeros(size, FLOAT32)
    return settings.optimizer.bind(nothing, nothing).state()


def load_model(filepath: str | Path) -> Sequential:
    """Return the model in a ``.nnw`` file: one that ``save`` wrote, or a project that was trained in the window.

    Raises:
        InputError: no such file, not a project file, or one without weights.
    """
    from nncore.models.sequential import Sequential
    from nncore.project_file import load_file

    path = Path(filepath)
    loaded = load_file(path)
    checkpoint, project = loaded.checkpoint, loaded.project
    if checkpoint is None:
        raise InputError(f"{path} has no weights, because its network was never trained.", "Train it, and save it.")
    network = checkpoint.snapshot.network
    model = Sequential(network.layers, name=project.name)
    model.build((None, *network.input_shape))
    np.copyto(model.parameters, checkpoint.snapshot.parameters)
    if checkpoint.settings.get("compiled", True):
        stored = checkpoint.settings.get("metrics")
        metrics = [project.training.metric] if stored is None else [from_json(Metric, item) for item in stored]
        model.compile(project.training.optimizer, project.training.loss, metrics=metrics)
        model.restore_optimizer(checkpoint.optimizer)
    return model
