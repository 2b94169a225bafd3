"""The project: network, data choice and training settings, as one immutable description.

The project knows nothing of weights. What training made of it is a ``Checkpoint``; ``nncore.project_file`` keeps both
in one ``.nnw`` file.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from nncore.callbacks.early_stopping import EarlyStopping
from nncore.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau
from nncore.callbacks.stop_at import StopAt
from nncore.editing.grey import input_forms, with_fitting_input
from nncore.errors import InputError
from nncore.fields import Declared, Json, from_json, hyper
from nncore.losses import BinaryCrossentropy, Loss, MeanSquaredError, SparseCategoricalCrossentropy, Target
from nncore.metrics import Accuracy, Metric, default_metric
from nncore.network import Network
from nncore.optimizers import Adam, Optimizer
from nncore.registry import Registry, did_you_mean
from nncore.resources import asset
from nncore.types import Shape

DEFAULT_PRESET = "mnist-mlp"
"""What opens when nothing else is asked for."""

SETTINGS: Registry[type[Declared]] = Registry("group of settings")


def _is_table(source: str) -> bool:
    from nncore.datasets.tables import SUFFIXES

    return source.lower().endswith(SUFFIXES)


class DataSettings(Declared):
    """Which data the network learns from, and how they are scaled."""

    registry: ClassVar = SETTINGS

    source: str = hyper("mnist-5k", label="Data set", help="A built-in data set, or a file or folder of your own.")
    target_column: str | None = hyper(
        None,
        label="Target",
        applies=lambda data: _is_table(data.source),
        help="For tables: the column to predict; the last one when empty.",
    )
    test_source: str | None = hyper(
        None, label="Test data", help="A file or folder that is only used to test; empty for the data set's own part."
    )
    task: str = hyper(
        "auto",
        choices=lambda: ("auto", "classification", "regression", "reconstruction"),
        help="What is to be learned: classes, numbers, or the input itself, as an autoencoder does; auto looks at the "
        "data.",
    )
    scaling: str = hyper(
        "auto",
        choices=lambda: ("auto", "none"),
        help="auto: pixels from 0 to 1, columns of a table to mean 0 and deviation 1; none: as they are.",
    )


class TrainingSettings(Declared):
    """How the network is trained; the names are those of Keras's ``compile`` and ``fit``."""

    registry: ClassVar = SETTINGS

    loss: Loss = hyper(
        MeanSquaredError(), help="What the training makes small: the distance between prediction and truth."
    )
    optimizer: Optimizer = hyper(Adam(), help="How the gradient changes the weights.")
    metric: Metric = hyper(Accuracy(), help="The number that is shown beside the loss.")
    batch_size: int | str = hyper(
        32,
        ge=1,
        le=1_000_000,
        log=True,
        live=True,
        unit="samples",
        special=("full",),
        help="Samples per step; full takes the whole training part, which is plain gradient descent.",
    )
    epochs: int = hyper(
        10, ge=1, le=1_000_000, log=True, live=True, help="How often the training goes through all samples."
    )
    validation_split: float = hyper(
        0.1, ge=0, lt=1, help="The share of the samples, the last ones, that is kept from training to check on it."
    )
    early_stopping: EarlyStopping | None = hyper(
        None, help="End the training when the network no longer gets better on the validation part."
    )
    stop_at: StopAt | None = hyper(
        None,
        label="Stop at value",
        help="End the training when the metric, or the loss, has reached a value, such as an accuracy of 0.95.",
    )
    reduce_lr_on_plateau: ReduceLROnPlateau | None = hyper(
        None, label="Reduce on plateau", help="Make the learning rate smaller when the network no longer gets better."
    )
    class_weight: str = hyper(
        "none",
        choices=lambda: ("none", "balanced"),
        advanced=True,
        help="balanced: samples of rare classes count more, so that all classes weigh the same in the loss.",
    )
    shuffle: bool = hyper(True, help="Take the samples in a new random order in every epoch.")
    seed: int = hyper(0, ge=0, le=2**31 - 1, help="The start of all random numbers: same seed, same result.")


SETTINGS.add("DataSettings", DataSettings)
SETTINGS.add("TrainingSettings", TrainingSettings)


@dataclass(frozen=True)
class Project:
    """A complete description of an experiment.

    Attributes:
        name: what the window's title and the files call it.
        title, description: for the list of presets.
    """

    name: str
    network: Network
    data: DataSettings = field(default_factory=DataSettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    title: str = ""
    description: str = ""

    def replace(self, **changes: object) -> Project:
        """Return a copy with some parts changed."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]

    def to_json(self) -> dict[str, Json]:
        """Return the project as JSON data."""
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "network": self.network.to_json(),
            "data": self.data.to_json(),
            "training": self.training.to_json(),
        }

    @staticmethod
    def from_json(data: Json) -> Project:
        """Return the project that ``to_json`` wrote; raise ``InputError`` when the data do not describe one."""
        if not isinstance(data, Mapping):
            raise InputError("A project must be a JSON object.", "Check the project file.")
        known = [item.name for item in dataclasses.fields(Project)]
        for key in data:
            if key not in known:
                raise InputError(f'A project has no part called "{key}".', did_you_mean(str(key), known))
        if "network" not in data:
            raise InputError("The project has no network.", "Check the project file.")
        words = {key: str(data.get(key, "")) for key in ("name", "title", "description")}
        return Project(
            network=Network.from_json(data["network"]),
            data=from_json(DataSettings, data.get("data", {"type": "DataSettings"})),
            training=from_json(TrainingSettings, data.get("training", {"type": "TrainingSettings"})),
            **words,
        )


def adapted(project: Project, input_shape: Shape, target: Target) -> Project:
    """Return the project with what the data decide: the input shape, and loss and metric where they cannot suit.

    The layers stay as they are; what they lack is the trace's to say.
    """
    settings = project.training
    loss, metric = settings.loss, settings.metric
    if target.classes:
        suits = metric.for_classes or loss.needs_classes
    else:
        suits = not loss.needs_classes or (loss.takes_shares and target.unit_interval)
    if not suits:
        loss = usual_loss(target)
    if not target.classes or target.shape:
        settings = settings.replace(class_weight="none")
    if metric.for_classes != bool(target.classes):
        settings = settings.replace(metric=default_metric(loss, target))
    network = project.network
    if network.input_shape not in input_forms(input_shape):
        network = Network(input_shape, network.layers)
    network = with_fitting_input(network, input_shape, keep=True)
    return project.replace(network=network, training=settings.replace(loss=loss))


def usual_loss(target: Target, output: Shape | None = None) -> Loss:
    """Return the loss that a task is usually learned with.

    Args:
        target: what the data ask for.
        output: of the network, if it is known: a single number for two classes goes with another cross-entropy.
    """
    if not target.classes:
        return MeanSquaredError()
    if target.classes == 2 and output == (*target.shape, 1):
        return BinaryCrossentropy()
    return SparseCategoricalCrossentropy()


def preset_names() -> list[str]:
    """Return the names of the ready projects, in the order of a course."""
    listed: list[str] = json.loads(asset("presets", "index.json").read_text("utf-8"))
    return listed


def preset_titles() -> list[tuple[str, str, str]]:
    """Return name, title and description of the ready projects, without building the projects themselves."""
    files = {name: json.loads(asset("presets", f"{name}.json").read_text("utf-8")) for name in preset_names()}
    return [(name, read["title"], read["description"]) for name, read in files.items()]


def load_preset(name: str) -> Project:
    """Return a ready project; raise ``InputError`` when there is none of this name."""
    names = preset_names()
    if name not in names:
        raise InputError(f'There is no preset called "{name}".', did_you_mean(name, names))
    return Project.from_json(json.loads(asset("presets", f"{name}.json").read_text("utf-8")))


# --- Edits of a project -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """Exchange parts of a project; the network's own edits become a change of its network.

    Attributes:
        text: what the edit does, for the undo list: "Move Dense".
        before, after: the project on both sides; projects share what did not change, so this costs nothing.
    """

    text: str
    before: Project
    after: Project

    def inverse(self) -> Change:
        """Return the change that undoes this one."""
        return Change(self.text, self.after, self.before)
