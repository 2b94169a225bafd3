"""The network as a description: layers in a row, with their shapes, weights and names.

Invariant: nothing here holds weights or computes; a ``Network`` is a value, and an edit gives a new one.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from nncore.errors import InputError
from nncore.fields import Json, from_json
from nncore.layers.base import Layer, Weight
from nncore.layers.bypass import BYPASS
from nncore.types import Array, Shape

PARAMETER_LIMIT = 200_000_000
"""More parameters than this are refused: with gradients and Adam's two moments they would take over 3 GB."""


@dataclass(frozen=True)
class Network:
    """Layers in a row.

    Args:
        input_shape: shape of one sample, without the batch axis.
        layers: the layers from input to output, those that are disabled included.
    """

    input_shape: Shape
    layers: tuple[Layer, ...] = ()

    def __len__(self) -> int:
        return len(self.layers)

    @functools.cached_property
    def effective(self) -> tuple[Layer, ...]:
        """The layers as they take part: in the place of each disabled one stands a layer that changes nothing.

        So every other layer keeps its position, by which its weights, rows and operations are known.
        """
        return tuple(BYPASS if layer.disabled else layer for layer in self.layers)

    def without_disabled(self) -> Network:
        """Return the network that remains when its disabled layers are taken out; its flat parameters are the same."""
        return Network(self.input_shape, tuple(layer for layer in self.layers if not layer.disabled))

    def shapes(self) -> list[Shape]:
        """Return the input shape of each layer, and last the output shape; raise ``ShapeError`` if one does not fit."""
        shapes = [self.input_shape]
        for layer in self.effective:
            shapes.append(layer.output_shape(shapes[-1]))
        return shapes

    def weights(self) -> list[tuple[int, Weight]]:
        """Return (layer index, weight) for every array that is kept, in order; raise ``ShapeError`` on a misfit."""
        pairs = zip(self.effective, self.shapes(), strict=False)
        return [(index, weight) for index, (layer, shape) in enumerate(pairs) for weight in layer.weights(shape)]

    def count_params(self) -> int:
        """Return the number of parameters, those that are not trainable included."""
        return sum(weight.size for _, weight in self.weights())

    def names(self) -> list[str]:
        """Return one name for each layer: its own, or Keras's style ``dense``, ``dense_1``, ...

        A disabled layer counts, so that switching one off gives no other a new name.
        """
        counts: dict[str, int] = {}
        names = []
        for layer in self.layers:
            base = layer.name or snake_case(layer.type_name)
            count = counts.get(base, 0)
            counts[base] = count + 1
            names.append(f"{base}_{count}" if count else base)
        return names

    def to_json(self) -> dict[str, Json]:
        """Return the network as JSON data."""
        return {"input_shape": list(self.input_shape), "layers": [layer.to_json() for layer in self.layers]}

    @staticmethod
    def from_json(data: Json) -> Network:
        """Return the network that ``to_json`` wrote; raise ``InputError`` when the data do not describe one."""
        if not isinstance(data, Mapping) or not isinstance(data.get("layers"), list):
            raise InputError("The network must be an object with a list of layers.", "Check the project file.")
        shape = Layer.field("input_shape").check(data.get("input_shape"))
        if shape is None:
            raise InputError("The network does not say its input shape.", "Check the project file.")
        return Network(shape, tuple(from_json(Layer, item) for item in data["layers"]))


def snake_case(name: str) -> str:
    """Return ``MaxPooling2D`` as ``max_pooling2d`` and ``SimpleRNN`` as ``simple_rnn``: Keras's way to name layers."""
    return re.sub(r"(?<=.)(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])", "_", name).lower()


def same_numbers(shape: Shape, other: Shape) -> bool:
    """Tell whether two shapes differ at most in a last axis of size 1: pictures with and without an axis for grey."""
    return shape == other or (*shape, 1) == other or shape == (*other, 1)


def conformed(x: Array, input_shape: Shape) -> Array:
    """Return samples (rows, ...) in the shape that a network asks for, as far as ``same_numbers`` allows it.

    Raises:
        InputError: they have another shape.
    """
    if not same_numbers(tuple(x.shape[1:]), input_shape):
        raise InputError(
            f"The network expects samples of shape {shape_text(input_shape)}, but got {shape_text(x.shape[1:])}.",
            "Give samples of that shape.",
        )
    return x.reshape(len(x), *input_shape)


def layer_words(network: Network, index: int) -> str:
    """Return how a layer is called in a sentence: ``layer 2 (Dense)``, if named ``layer 2, middle (Dense)``."""
    layer = network.layers[index]
    name = f", {layer.name}" if layer.name else ""  # one that was made up stands nowhere in the window
    return f"layer {index + 1}{name} ({layer.type_name})"


def check_inputs(network: Network, x: Array) -> None:
    """Raise ``DataError`` when samples (rows, *input_shape) hold numbers that the network cannot take.

    Only a layer that sees the numbers of the samples themselves can say so.
    """
    for layer in network.effective:
        layer.check_samples(x)
        if not layer.keeps_numbers():
            return
        x = x.reshape(len(x), *layer.output_shape(x.shape[1:]))


def last_activation(network: Network) -> str:
    """Return the name of the activation that the network's output has passed, ``"linear"`` if none."""
    for layer in reversed(network.effective):
        activation = layer.output_activation()
        if activation is not None:
            return activation
    return "linear"


def shape_text(shape: Shape | None) -> str:
    """Return a shape as it is shown everywhere: ``28 × 28 × 1``."""
    return "?" if shape is None else " × ".join(f"{size:,}" for size in shape) or "1"
