"""The network as a description: layers in a row, the four edits that change it, and the trace that explains it.

Invariant: nothing here holds weights or computes; a ``Network`` is a value, and an edit gives a new one.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from nncore.advice import changing_layer, switched_sequences
from nncore.errors import InputError, ShapeError
from nncore.fields import Json, from_json
from nncore.initializers import Initializer
from nncore.layers.base import Layer, Weight
from nncore.losses import Loss, Problem, Target
from nncore.types import Array, Shape

PARAMETER_LIMIT = 200_000_000
"""More parameters than this are refused: with gradients and Adam's two moments they would take over 3 GB."""

BYTES = 4  # of one float32


@dataclass(frozen=True)
class Network:
    """Layers in a row.

    Args:
        input_shape: shape of one sample, without the batch axis.
        layers: the layers from input to output.
    """

    input_shape: Shape
    layers: tuple[Layer, ...] = ()

    def __len__(self) -> int:
        return len(self.layers)

    def shapes(self) -> list[Shape]:
        """Return the input shape of each layer, and last the output shape; raise ``ShapeError`` if one does not fit."""
        shapes = [self.input_shape]
        for layer in self.layers:
            shapes.append(layer.output_shape(shapes[-1]))
        return shapes

    def weights(self) -> list[tuple[int, Weight]]:
        """Return (layer index, weight) for every array that is kept, in order; raise ``ShapeError`` on a misfit."""
        pairs = zip(self.layers, self.shapes(), strict=False)
        return [(index, weight) for index, (layer, shape) in enumerate(pairs) for weight in layer.weights(shape)]

    def count_params(self) -> int:
        """Return the number of parameters, those that are not trainable included."""
        return sum(weight.size for _, weight in self.weights())

    def names(self) -> list[str]:
        """Return one name for each layer: its own, or Keras's style ``dense``, ``dense_1``, ..."""
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


# --- The four edits ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Insert:
    """Put ``layer`` at position ``index``."""

    index: int
    layer: Layer

    def apply(self, network: Network) -> Network:
        """Return the network with the layer in it."""
        _check_index(self.index, len(network) + 1)
        layers = network.layers
        return Network(network.input_shape, (*layers[: self.index], self.layer, *layers[self.index :]))

    def inverse(self) -> Edit:
        """Return the edit that undoes this one."""
        return Remove(self.index, self.layer)


@dataclass(frozen=True)
class Remove:
    """Take the layer at position ``index`` out; it must equal ``layer``, so that undoing restores it."""

    index: int
    layer: Layer

    def apply(self, network: Network) -> Network:
        """Return the network without the layer."""
        _check_layer(network, self.index, self.layer)
        return Network(network.input_shape, network.layers[: self.index] + network.layers[self.index + 1 :])

    def inverse(self) -> Edit:
        """Return the edit that undoes this one."""
        return Insert(self.index, self.layer)


@dataclass(frozen=True)
class Move:
    """Take the layer at position ``source`` and put it so that it ends up at position ``target``."""

    source: int
    target: int

    def apply(self, network: Network) -> Network:
        """Return the network with the layer moved."""
        _check_index(self.source, len(network))
        _check_index(self.target, len(network))
        layers = list(network.layers)
        layers.insert(self.target, layers.pop(self.source))
        return Network(network.input_shape, tuple(layers))

    def inverse(self) -> Edit:
        """Return the edit that undoes this one."""
        return Move(self.target, self.source)


@dataclass(frozen=True)
class Replace:
    """Put ``new`` in the place of ``old`` at position ``index``."""

    index: int
    old: Layer
    new: Layer

    def apply(self, network: Network) -> Network:
        """Return the network with the layer exchanged."""
        _check_layer(network, self.index, self.old)
        layers = network.layers
        return Network(network.input_shape, (*layers[: self.index], self.new, *layers[self.index + 1 :]))

    def inverse(self) -> Edit:
        """Return the edit that undoes this one."""
        return Replace(self.index, self.new, self.old)


Edit: TypeAlias = Insert | Remove | Move | Replace


def _check_index(index: int, size: int) -> None:
    if not 0 <= index < size:
        raise IndexError(f"layer position {index} is outside 0 to {size - 1}")


def _check_layer(network: Network, index: int, layer: Layer) -> None:
    _check_index(index, len(network))
    if network.layers[index] != layer:
        raise ValueError(f"position {index} holds {network.layers[index]}, not {layer}")


# --- The trace --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """What the trace knows about one layer; shapes are None from the first layer that does not fit.

    Attributes:
        multiply_adds: of one sample in the forward direction.
        memory: bytes of output for one sample, in float32.
    """

    index: int
    input_shape: Shape | None
    output_shape: Shape | None
    parameters: int = 0
    multiply_adds: int = 0
    memory: int = 0
    problem: Problem | None = None


@dataclass(frozen=True)
class Trace:
    """The rows of a network, what is wrong with its input or its output, and the totals."""

    rows: tuple[Row, ...]
    input_shape: Shape
    input_problem: Problem | None = None
    loss_problem: Problem | None = None
    output_shape: Shape | None = field(default=None)

    @property
    def parameters(self) -> int:
        """Trainable parameters of all layers."""
        return sum(row.parameters for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds of one sample through all layers, forward."""
        return sum(row.multiply_adds for row in self.rows)

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong, from input to loss; empty when the network can be trained."""
        found = [self.input_problem, *(row.problem for row in self.rows), self.loss_problem]
        return [problem for problem in found if problem is not None]

    def require(self) -> None:
        """Raise ``InputError`` with the first problem, if there is one; ``ShapeError`` if it is a layer's."""
        rows = [row.problem for row in self.rows]
        for problem in self.problems[:1]:
            raise (ShapeError if problem in rows else InputError)(problem.sentence, problem.remedy)


def trace(
    network: Network, loss: Loss | None = None, target: Target | None = None, data_shape: Shape | None = None
) -> Trace:
    """Walk through the network without computing anything; cheap, and total: it never raises.

    Args:
        network: the description.
        loss: the loss its output will meet; None to look at the layers only.
        target: what the data ask for; None when no data are chosen yet.
        data_shape: shape of one sample of the data; None when no data are chosen yet.
    """
    rows: list[Row] = []
    shape: Shape | None = network.input_shape
    total = 0
    for index, layer in enumerate(network.layers):
        row = _trace_row(index, layer, shape, total)
        if row.problem is not None and shape is not None:
            row = _advised(network, rows, row)
        elif (above := changing_layer(network.layers, index)) is not None and row.output_shape is not None:
            row = dataclasses.replace(row, problem=_spoilt_tokens(network, index, above))
        total += row.parameters
        rows.append(row)
        shape = row.output_shape
    input_problem = None
    if not all(network.input_shape):
        input_problem = no_numbers(network.input_shape)
    elif data_shape is not None and not same_numbers(data_shape, network.input_shape):
        input_problem = Problem(
            f"The network expects samples of shape {shape_text(network.input_shape)}, but the data have "
            f"{shape_text(data_shape)}.",
            "Choose the data set again, or other data.",
        )
    loss_problem = None
    if not network.layers:
        loss_problem = Problem("The network has no layers yet.", "Drag a layer into the list, for example Dense.")
    elif shape is not None and loss is not None and target is not None:
        loss_problem = loss.problem(shape, last_activation(network), target)
        if loss_problem is not None:
            place = _place_for_flatten(network, rows, shape, target)
            advice = _advice_for_steps(network, rows, len(target.output_shape))
            if place is not None:
                rows[place], loss_problem = _blame(rows[place], target, advice), None
            elif advice:
                loss_problem = dataclasses.replace(loss_problem, remedy=f"{advice}.")
    return Trace(tuple(rows), network.input_shape, input_problem, loss_problem, shape)


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


def _trace_row(index: int, layer: Layer, shape: Shape | None, parameters_before: int) -> Row:
    if shape is None:
        return Row(index, None, None)
    try:
        output = layer.output_shape(shape)
        weights = layer.weights(shape)
        parameters = sum(weight.size for weight in weights)
        for weight in weights:
            _check_start(layer, weight)
    except ShapeError as error:
        return Row(index, shape, None, problem=Problem(error.sentence, error.remedy))
    if parameters_before + parameters > PARAMETER_LIMIT or math.prod(output) > PARAMETER_LIMIT:
        size = max(parameters, math.prod(output))
        problem = Problem(
            f"{layer.type_name} would need {size:,} numbers; at most {PARAMETER_LIMIT:,} parameters fit in a network.",
            "Make this layer or its input smaller.",
        )
        return Row(index, shape, None, problem=problem)
    return Row(index, shape, output, parameters, layer.multiply_adds(shape), math.prod(output) * BYTES)


def _check_start(layer: Layer, weight: Weight) -> None:
    """Raise ``ShapeError`` when the initializer cannot fill the weight."""
    if not isinstance(weight.initializer, Initializer):
        return
    try:
        weight.initializer.check_shape(weight.shape)
    except ShapeError as error:
        sentence = f"The {weight.name} of {layer.type_name} cannot start like this: {error.sentence}"
        raise ShapeError(sentence, error.remedy) from error


def _advised(network: Network, above: list[Row], row: Row) -> Row:
    """Return the row with a better remedy, where a layer above it only has to switch ``return_sequences``."""
    layer = network.layers[row.index]

    def fits(shape: Shape) -> bool:
        return _trace_row(row.index, layer, shape, 0).problem is None

    advice = _advice(network, above, row.index, fits)
    if not advice or row.problem is None:
        return row
    return dataclasses.replace(row, problem=dataclasses.replace(row.problem, remedy=f"{advice}."))


def steps_advice(network: Network, axes: int) -> str:
    """Return the advice for an output of (time steps, ...) where it should have so many ``axes``; or nothing."""
    return _advice_for_steps(network, list(trace(network).rows), axes)


def _advice_for_steps(network: Network, rows: list[Row], axes: int) -> str:
    output = rows[-1].output_shape if rows else None
    if output is None or len(output) == axes:
        return ""
    return _advice(network, rows, len(rows), lambda found: len(found) == axes)


def _advice(network: Network, rows: list[Row], end: int, fits: Callable[[Shape], bool]) -> str:
    """Return which switch of ``return_sequences`` would help, as a sentence without its full stop; or nothing."""
    found = switched_sequences(network.layers, [row.input_shape for row in rows], end, fits)
    if found is None:
        return ""
    place, changed = found
    on = len(changed.output_shape(rows[place].input_shape or ())) > 1
    return f"Switch return_sequences {'on' if on else 'off'} in {layer_words(network, place)}"


def _spoilt_tokens(network: Network, index: int, above: int) -> Problem:
    return Problem(
        f"{network.layers[index].type_name} reads the token numbers of the samples, but {layer_words(network, above)}, "
        "stands above it and changes them.",
        "Move it to the top of the network, or take it out.",
    )


def no_numbers(shape: Shape) -> Problem:
    """Return the problem of samples with an axis of size 0."""
    return Problem(
        f"Each sample has the shape {shape_text(shape)}, so there is no number in it.",
        "Choose data with at least one time step and one feature.",
    )


def layer_words(network: Network, index: int) -> str:
    """Return how a layer is called in a sentence: ``layer 2, dense_1 (Dense)``."""
    return f"layer {index + 1}, {network.names()[index]} ({network.layers[index].type_name})"


def check_inputs(network: Network, x: Array) -> None:
    """Raise ``DataError`` when samples (rows, *input_shape) hold numbers that the network cannot take.

    Only a layer that sees the numbers of the samples themselves can say so.
    """
    for layer in network.layers:
        layer.check_samples(x)
        if not layer.keeps_numbers():
            return
        x = x.reshape(len(x), *layer.output_shape(x.shape[1:]))


def last_activation(network: Network) -> str:
    """Return the name of the activation that the network's output has passed, ``"linear"`` if none."""
    for layer in reversed(network.layers):
        activation = layer.output_activation()
        if activation is not None:
            return activation
    return "linear"


def _place_for_flatten(network: Network, rows: list[Row], shape: Shape, target: Target) -> int | None:
    """Return the first Dense that gets pictures where one row per sample is asked for, or None."""
    if len(shape) < 2 or len(target.output_shape) != 1:
        return None
    for row, layer in zip(rows, network.layers, strict=True):
        if layer.type_name == "Dense" and row.input_shape is not None and len(row.input_shape) > 1:
            return row.index
    return None


def _blame(row: Row, target: Target, advice: str) -> Row:
    assert row.input_shape is not None
    asked = f"{target.classes} classes need" if target.classes else "the targets need"
    problem = Problem(
        f"Dense would work on each of the {shape_text(row.input_shape[:-1])} places separately, and {asked} one row of "
        "numbers per sample.",
        f"{advice}, or insert Flatten above it." if advice else "Insert Flatten above it.",
    )
    return dataclasses.replace(row, problem=problem)


def shape_text(shape: Shape | None) -> str:
    """Return a shape as it is shown everywhere: ``28 × 28 × 1``."""
    return "?" if shape is None else " × ".join(f"{size:,}" for size in shape) or "1"
