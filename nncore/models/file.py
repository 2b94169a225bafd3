"""Models in files: what was built, how it learns, and what it has learned."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nncore.errors import InputError
from nncore.fields import from_json
from nncore.history import History
from nncore.metrics import Metric
from nncore.network import Network
from nncore.optimizers import OptimizerState
from nncore.plan import layout, trainable_size
from nncore.project import DataSettings, Project, TrainingSettings
from nncore.snapshot import Checkpoint, Snapshot
from nncore.types import FLOAT32, Array

SUFFIX = ".nnw"


@dataclass(frozen=True)
class Contents:
    """What a file keeps of a model.

    Attributes:
        parameters: all weights in one flat array.
        settings: what ``compile`` chose; None when it was not called.
        optimizer: what the optimizer remembers; likewise.
    """

    name: str
    network: Network
    parameters: Array
    settings: TrainingSettings | None
    metrics: tuple[Metric, ...]
    optimizer: OptimizerState | None


def model_path(filepath: str | Path, overwrite: bool) -> Path:
    """Return where a model is to be written to.

    Raises:
        InputError: another kind of file, or one that exists and may not be overwritten.
    """
    path = Path(filepath)
    if path.suffix.lower() != SUFFIX:
        raise InputError(
            f'Models are saved in files that end in {SUFFIX}, but "{path.name}" ends in '
            f"{path.suffix or 'no suffix at all'}.",
            f'Call it "{path.stem}{SUFFIX}".',
        )
    if path.exists() and not overwrite:
        raise InputError(f"There is a file {path} already.", "Choose another name, or overwrite=True.")
    return path


def write_model(path: Path, contents: Contents) -> None:
    """Write a model to a ``.nnw`` file; raise ``InputError`` for a folder that cannot be written to."""
    from nncore.project_file import save_project

    settings = contents.settings or TrainingSettings()
    network, metrics = contents.network, contents.metrics
    optimizer = contents.optimizer or _fresh(settings, trainable_size(layout(network)))
    checkpoint = Checkpoint(
        snapshot=Snapshot.of(network, contents.parameters, optimizer.iterations, 0.0),
        optimizer=optimizer,
        epoch=0,
        position=0,
        sums=(0.0,),
        random_state=np.random.default_rng(0).bit_generator.state,
        history=History(metrics[0].name if metrics else "accuracy"),
        settings={
            "samples": 1,
            "metrics": [metric.to_json() for metric in metrics],
            "compiled": contents.settings is not None,
        },
    )
    if metrics:
        settings = settings.replace(metric=metrics[0])
    project = Project(contents.name, network, DataSettings(source=""), settings)
    save_project(path, project, checkpoint)


def _fresh(settings: TrainingSettings, size: int) -> OptimizerState:
    """Return what an optimizer remembers before its first step."""
    nothing = np.zeros(size, FLOAT32)
    return settings.optimizer.bind(nothing, nothing).state()


def read_model(filepath: str | Path) -> Contents:
    """Return the model in a ``.nnw`` file: one that was saved as such, or a project that was trained in the window.

    Raises:
        InputError: no such file, not a project file, or one without weights.
    """
    from nncore.project_file import load_file

    path = Path(filepath)
    loaded = load_file(path)
    checkpoint, project = loaded.checkpoint, loaded.project
    if checkpoint is None:
        raise InputError(f"{path} has no weights, because its network was never trained.", "Train it, and save it.")
    compiled = checkpoint.settings.get("compiled", True)
    stored = checkpoint.settings.get("metrics")
    metrics = [project.training.metric] if stored is None else [from_json(Metric, item) for item in stored]
    return Contents(
        name=project.name,
        network=checkpoint.snapshot.network,
        parameters=checkpoint.snapshot.parameters,
        settings=project.training if compiled else None,
        metrics=tuple(metrics),
        optimizer=checkpoint.optimizer if compiled else None,
    )
