"""A layer inside a model: its specification together with its weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike

from nncore.layers.base import Layer
from nncore.models.stack import Stack
from nncore.types import Array, Shape


class ModelLayer:
    """One layer of a model, as ``model.layers`` and ``model.get_layer`` give it.

    It has all fields of its specification (``units``, ``activation``, ...), is an instance of its class, as in
    ``isinstance(layer, Dense)``, and equals it. Besides, it knows its weights.

    Args:
        model: where it belongs to.
        index: its place in the model.
    """

    def __init__(self, model: Stack, index: int) -> None:
        self._model, self._index = model, index

    @property
    def spec(self) -> Layer:
        """The specification."""
        return self._model.specs[self._index]

    @property  # type: ignore[misc]  # isinstance() asks for it
    def __class__(self) -> type:
        return type(self.spec)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.spec, name)

    def __eq__(self, other: object) -> bool:
        return self.spec == (other.spec if type(other) is ModelLayer else other)

    def __hash__(self) -> int:
        return hash(self.spec)

    def __repr__(self) -> str:
        return repr(self.spec)

    @property
    def name(self) -> str:
        """The layer's name in the model: its own, or one like ``dense_1``."""
        return self._model.network.names()[self._index]

    @property
    def input_shape(self) -> Shape:
        """Shape of one input sample."""
        return self._model.network.shapes()[self._index]

    @property
    def output_shape(self) -> Shape:
        """Shape of one output sample."""
        return self._model.network.shapes()[self._index + 1]

    def count_params(self) -> int:
        """Return the number of parameters."""
        return sum(array.size for array in self.get_weights())

    def get_weights(self) -> list[Array]:
        """Return copies of the layer's weights, in Keras's order and shapes."""
        return [self._model.get_weights()[place] for place in self._places()]

    def set_weights(self, weights: Sequence[ArrayLike]) -> None:
        """Take over weights in the order and shapes of ``get_weights``; raise ``InputError`` if they do not fit."""
        self._model.set_some_weights(self._places(), weights)

    def _places(self) -> list[int]:
        return [place for place, (layer, _) in enumerate(self._model.network.weights()) if layer == self._index]
