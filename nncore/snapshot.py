"""Weights at one moment, read-only, so that any thread may look at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nncore.datasets.base import Scaling
from nncore.history import History
from nncore.network import Network
from nncore.optimizers import OptimizerState
from nncore.types import Array


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The parameters of a network after ``step`` steps; the flat array is marked read-only."""

    network: Network
    parameters: Array
    step: int
    epoch: float

    @staticmethod
    def of(network: Network, parameters: Array, step: int, epoch: float) -> Snapshot:
        """Return a snapshot with its own copy of ``parameters``."""
        copy = parameters.copy()
        copy.flags.writeable = False
        return Snapshot(network, copy, step, epoch)


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """Everything that is needed to go on exactly where a training stopped.

    Attributes:
        snapshot: network and weights.
        optimizer: what the optimizer remembers.
        epoch: number of finished epochs; ``position``: samples learned of the epoch under way.
        sums: running sums of the epoch under way.
        rules: what early stopping and the like remember, by their names; see ``Supervisor.state``.
        best: weights of the best epoch, where the training is to end with them.
        random_state: state of the generator that the layers draw from.
        history: course of the training so far.
        settings: what must be the same for the training to go on; see ``Session.fingerprint``.
        training: the training settings as JSON data, so that a training that goes on can tell what was changed; empty
            where an older version made the checkpoint.
        scaling, class_names, feature_names, target_name, classes: what turns raw data into inputs and outputs into
            words.
        vocabulary: the words or characters behind token numbers; empty for all data but texts.
        task: what the data were for, as in ``DataSettings``.
    """

    snapshot: Snapshot
    optimizer: OptimizerState
    epoch: int
    position: int
    sums: tuple[float, ...]
    random_state: Mapping[str, Any]
    history: History
    settings: Mapping[str, Any]
    training: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    best: Snapshot | None = None
    scaling: Scaling = field(default_factory=Scaling)
    class_names: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()
    target_name: str = ""
    classes: int = 0
    vocabulary: tuple[str, ...] = ()
    task: str = "auto"
