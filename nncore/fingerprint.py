"""What must be the same for a training to go on from a checkpoint."""

from __future__ import annotations

from typing import Any

from nncore.datasets.base import TrainingData
from nncore.fields import Json
from nncore.network import Network
from nncore.project import TrainingSettings
from nncore.snapshot import Checkpoint


def fingerprint(network: Network, settings: TrainingSettings, data: TrainingData) -> dict[str, Json]:
    """Return all that decides the course of a training but for what may change on the way.

    That is the number of epochs, the optimizer, and the rules that act between epochs.
    """
    chosen = settings.to_json()
    kept = {name: chosen[name] for name in ("loss", "metric", "batch_size", "class_weight", "shuffle", "seed")}
    return {
        "network": network.to_json(),
        **kept,
        "data": data.data.name,
        "task": data.task,
        "scaling": data.scaling.to_json(),
        "samples": len(data.train),
    }


def changes(checkpoint: Checkpoint, wanted: dict[str, Any]) -> list[str]:
    """Return which entries of the fingerprint ``wanted`` are not those that the checkpoint was made with."""
    return [name for name, value in wanted.items() if checkpoint.settings.get(name) != value]


def can_continue(checkpoint: Checkpoint, wanted: dict[str, Any]) -> bool:
    """Return whether a training with the fingerprint ``wanted`` can go on from the checkpoint."""
    return not changes(checkpoint, wanted)
