"""What a mend is, and what it has to make a network fit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from nncore.editing.edits import Edit
from nncore.editing.grey import with_fitting_input
from nncore.errors import InputError
from nncore.fields import Field
from nncore.layers import Embedding, Layer
from nncore.losses import Loss, Target
from nncore.network import Network
from nncore.trace import Trace, trace
from nncore.types import Shape


@dataclass(frozen=True)
class Mend:
    """One change that the trace proved to help; ``edit`` is None when ``loss`` is to be chosen instead."""

    label: str
    edit: Edit | None
    loss: str = ""


Choice: TypeAlias = tuple[Mend, ...]
"""Changes of which the first that helps is offered."""


@dataclass(frozen=True)
class Aim:
    """What a network has to fit.

    Attributes:
        loss: the one that is chosen.
        target: what the data ask for.
        embedding: what may stand in front of the samples as they are; None where their numbers are no tokens.
        data_shape: of one sample of the data, which the input follows; None where it is not known.
    """

    loss: Loss
    target: Target
    embedding: Embedding | None = None
    data_shape: Shape | None = None

    @property
    def units(self) -> int:
        """How wide the output has to be."""
        return self.target.output_shape[-1]

    def traced(self, network: Network, loss: str = "") -> Trace:
        """Return what the trace says of a network as an edit would leave it, with another loss if one is named."""
        chosen = Loss.registry.get(loss).suggested() if loss else self.loss
        return trace(with_fitting_input(network, self.data_shape), chosen, self.target)


def changed(layer: Layer, name: str, value: object) -> Layer | None:
    """Return a layer with another value of a field; None where there is no such field or value, or no change."""
    if not any(field.name == name for field in layer.fields()):
        return None
    try:
        other = layer.replace(**{name: value})
    except InputError:
        return None
    return None if other == layer else other


def allows(field: Field, value: object) -> bool:
    """Tell whether a field takes a value."""
    try:
        field.check(value)
    except InputError:
        return False
    return True
