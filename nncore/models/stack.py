"""Layers in a row with their weights: what a model is before it is told how to learn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from nncore.errors import InputError
from nncore.layers.base import Layer
from nncore.layers.input import Input
from nncore.models import arrays
from nncore.network import Network
from nncore.plan import initial_parameters, layout
from nncore.trace import trace
from nncore.types import FLOAT32, Array, Shape
from nncore.utils import next_seed


class Stack:
    """Layers in a row; the network is built, and its weights are drawn, when they are first asked for.

    Args:
        layers: the layers; the first may be an ``Input``, or say its ``input_shape``.

    Attributes:
        specs: the layers without their weights.
        parameters: all weights in one flat array, which is lent: ``get_weights`` copies.
    """

    def __init__(self, layers: Iterable[Layer | Input]) -> None:
        self.specs: list[Layer] = []
        self.parameters: Array = np.empty(0, FLOAT32)
        self._input_shape: Shape | None = None
        self._network: Network | None = None
        for layer in layers:
            self.add(layer)

    def add(self, layer: Layer | Input, rebuild: bool = True) -> None:
        """Put a layer at the end; weights made before are lost, as the network is another one.

        ``rebuild`` changes nothing here: a network is built when it is needed.
        """
        layer = getattr(layer, "spec", layer)  # of another model: its settings are taken, not its weights
        if isinstance(layer, Input):
            self._input_shape = layer.shape
        elif isinstance(layer, Layer):
            if not self.specs and layer.input_shape is not None:
                self._input_shape = layer.input_shape
            self.specs.append(layer.replace(input_shape=None))
        else:
            raise InputError(f"A model is made of layers, but got {layer!r:.60}.", "Add a layer such as Dense(10).")
        self._forget_weights()

    def pop(self, rebuild: bool = True) -> Layer:
        """Take the last layer off and return it; ``rebuild`` is as in ``add``."""
        if not self.specs:
            raise InputError("The model has no layer to take off.", "Add one first.")
        layer = self.specs.pop()
        self._forget_weights()
        return layer

    def _forget_weights(self) -> None:
        self._network = None

    @property
    def network(self) -> Network:
        """The network; building it draws the weights. Raises ``InputError`` as long as the input shape is unknown."""
        if self._network is None:
            if self._input_shape is None:
                raise InputError(
                    "The model does not know the shape of its input yet.",
                    "Give the first layer an input_shape, or call fit.",
                )
            network = Network(self._input_shape, tuple(self.specs))
            trace(network).require()
            self.parameters = initial_parameters(network, next_seed())
            self._network = network
        return self._network

    @property
    def input_shape(self) -> tuple[int | None, ...]:
        """Shape of the input with the batch axis, which is None, as in Keras."""
        return (None, *self.network.input_shape)

    @property
    def output_shape(self) -> tuple[int | None, ...]:
        """Shape of the output with the batch axis, which is None, as in Keras."""
        return (None, *self.network.shapes()[-1])

    def build(self, input_shape: Sequence[int | None] | None = None) -> None:
        """Draw the weights; ``input_shape`` begins with the batch axis, as in Keras."""
        if input_shape is not None:
            self._input_shape = Layer.field("input_shape").check(tuple(input_shape[1:]))
            self._forget_weights()
        _ = self.network

    def count_params(self) -> int:
        """Return the number of parameters."""
        return self.network.count_params()

    def get_weights(self) -> list[Array]:
        """Return copies of all weights, in Keras's order and shapes."""
        slots = layout(self.network)
        return [slot.view(self.parameters).copy() for slot in slots]

    def set_weights(self, weights: Sequence[ArrayLike]) -> None:
        """Take over weights in the order and shapes of ``get_weights``; raise ``InputError`` if they do not fit."""
        self.set_some_weights(range(len(layout(self.network))), weights)

    def set_some_weights(self, places: Sequence[int], weights: Sequence[ArrayLike]) -> None:
        """Take over the weights at these places of ``get_weights``."""
        slots = [layout(self.network)[place] for place in places]
        if len(weights) != len(slots):
            raise InputError(
                f"There are {len(slots)} weights to be set, but {len(weights)} were given.", "Give one for each."
            )
        given = [arrays.numbers(weight, "weights") for weight in weights]
        for slot, array in zip(slots, given, strict=True):
            if array.shape != slot.weight.shape:
                raise InputError(
                    f"The weight {slot.key} has the shape {slot.weight.shape}, but {array.shape} was given.",
                    "Give the weights in the order and shapes of get_weights().",
                )
        for slot, array in zip(slots, given, strict=True):
            slot.view(self.parameters)[...] = array

    def _inputs(self, x: ArrayLike) -> Array:
        inputs = np.ascontiguousarray(arrays.numbers(x, "inputs"))
        if self._input_shape is None:
            self._build_for(inputs.shape[1:])
        return arrays.checked_inputs(self.network, inputs)

    def _build_for(self, shape: Shape) -> None:
        """Draw the weights for samples of this shape; if the layers do not fit them, the next samples may."""
        self._input_shape = shape
        try:
            _ = self.network
        except InputError:
            self._input_shape = None
            raise
