"""What must be the same for a training to go on from a checkpoint: all but what acts on a running one, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nncore.datasets.base import AUTO, Scaling, TrainingData
from nncore.errors import InputError
from nncore.fields import Json
from nncore.network import Network
from nncore.project import TrainingSettings
from nncore.snapshot import Checkpoint
from nncore.training.live import lasting

_SETTINGS = ("loss", "metric", "class_weight", "shuffle", "seed")


def fingerprint(network: Network, settings: TrainingSettings, data: TrainingData) -> dict[str, Json]:
    """Return all that decides the course of a training but for what may change on the way.

    That is the number of epochs, the optimizer, the rules that act between epochs, and every live field.
    """
    chosen = settings.to_json()
    return {
        "network": network.to_json(),
        **{name: chosen[name] for name in _SETTINGS},
        **_of_data(data),
    }


def _of_data(data: TrainingData) -> dict[str, Json]:
    return {
        "data": data.data.name,
        "task": data.task,
        "scaling": data.scaling.to_json(),
        "samples": len(data.train),
    }


def are_data_of(known: Mapping[str, Any], data: TrainingData) -> bool:
    """Return whether a training with the fingerprint ``known`` learned from these samples, whatever its task was."""
    wanted = _of_data(data)
    return all(known.get(name) == wanted[name] for name in ("data", "scaling", "samples"))


def changes(checkpoint: Checkpoint, wanted: dict[str, Any]) -> list[str]:
    """Return which entries of the fingerprint ``wanted`` are not those that the checkpoint was made with.

    An older version may have written fewer settings, or with fewer fields: what is missing had its default then.
    """
    stored = {"task": AUTO, "class_weight": TrainingSettings.field("class_weight").default, **checkpoint.settings}
    return [name for name, value in wanted.items() if _complete(name, stored.get(name)) != _complete(name, value)]


def can_continue(checkpoint: Checkpoint, wanted: dict[str, Any]) -> bool:
    """Return whether a training with the fingerprint ``wanted`` can go on from the checkpoint."""
    return not changes(checkpoint, wanted)


def _complete(name: str, value: Json) -> Json:
    """Return an entry as this version writes it; what it cannot read is returned as it is."""
    try:
        if name == "network":
            network = Network.from_json(value)  # what a layer is called changes nothing that it learns
            return [list(network.input_shape), *(lasting(layer.replace(name=None)) for layer in network.layers)]
        if name == "scaling":
            return Scaling.from_json(value).to_json()
        if name in _SETTINGS:
            field = TrainingSettings.field(name)
            return field.to_json(field.check(field.from_json(value)))
    except InputError:
        pass
    return value
