"""The trace: what every layer of a network puts out and costs, or what is wrong with it and what would mend it.

Invariant: a trace computes no numbers and never raises.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable
from dataclasses import dataclass, field

from nncore.editing.advice import changing_layer, switched_sequences
from nncore.errors import InputError, ShapeError
from nncore.layer_facts import layer_facts
from nncore.layers.base import Layer
from nncore.layers.bypass import BYPASS
from nncore.losses import Loss, Problem, Target
from nncore.network import PARAMETER_LIMIT, Network, last_activation, layer_words, same_numbers, shape_text
from nncore.types import Shape

BYTES = 4  # of one float32


@dataclass(frozen=True)
class Row:
    """What the trace knows about one layer; shapes are None from the first layer that does not fit.

    Attributes:
        multiply_adds: of one sample in the forward direction.
        memory: bytes of output for one sample, in float32.
        disabled: whether the layer is switched off: then it passes its input on, costs nothing and has no problem.
    """

    index: int
    input_shape: Shape | None
    output_shape: Shape | None
    parameters: int = 0
    multiply_adds: int = 0
    memory: int = 0
    problem: Problem | None = None
    disabled: bool = False


@dataclass(frozen=True)
class Trace:
    """The rows of a network, what is wrong with its input or its output, and the totals."""

    rows: tuple[Row, ...]
    input_shape: Shape
    input_problem: Problem | None = None
    loss_problem: Problem | None = None
    output_shape: Shape | None = field(default=None)

    @functools.cached_property
    def parameters(self) -> int:
        """Trainable parameters of all layers."""
        return sum(row.parameters for row in self.rows)

    @functools.cached_property
    def multiply_adds(self) -> int:
        """Multiply-adds of one sample through all layers, forward."""
        return sum(row.multiply_adds for row in self.rows)

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong, from input to loss; empty when the network can be trained."""
        return list(self._problems)

    @functools.cached_property
    def _problems(self) -> tuple[Problem, ...]:
        found = (self.input_problem, *(row.problem for row in self.rows), self.loss_problem)
        return tuple(problem for problem in found if problem is not None)

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
    for index, layer in enumerate(network.effective):
        row = _trace_row(index, layer, shape, total)
        if row.problem is not None and shape is not None:
            row = _advised(network, rows, row)
        elif (above := changing_layer(network.effective, index)) is not None and row.output_shape is not None:
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
        loss_problem = Problem("The network has no layers yet.", "Add a layer, for example Dense.")
    elif all(layer.disabled for layer in network.layers):
        loss_problem = Problem("All layers of the network are disabled.", "Enable one of them, or insert another.")
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


def _trace_row(index: int, layer: Layer, shape: Shape | None, parameters_before: int) -> Row:
    if layer is BYPASS:
        return Row(index, shape, shape, disabled=True)
    if shape is None:
        return Row(index, None, None)
    facts = layer_facts(layer, shape)
    if facts.problem is not None:
        return Row(index, shape, None, problem=facts.problem)
    if parameters_before + facts.parameters > PARAMETER_LIMIT or facts.numbers > PARAMETER_LIMIT:
        size = max(facts.parameters, facts.numbers)
        problem = Problem(
            f"{layer.type_name} would need {size:,} numbers; at most {PARAMETER_LIMIT:,} parameters fit in a network.",
            "Make this layer or its input smaller.",
        )
        return Row(index, shape, None, problem=problem)
    return Row(index, shape, facts.output_shape, facts.parameters, facts.multiply_adds, facts.numbers * BYTES)


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
    found = switched_sequences(network.effective, [row.input_shape for row in rows], end, fits)
    if found is None:
        return ""
    place, changed = found
    on = len(changed.output_shape(rows[place].input_shape or ())) > 1
    return f"Switch return_sequences {'on' if on else 'off'} in {layer_words(network, place)}"


def _spoilt_tokens(network: Network, index: int, above: int) -> Problem:
    return Problem(
        f"{network.layers[index].type_name} reads the token numbers of the samples, but {layer_words(network, above)} "
        "stands above it and changes them.",
        "Move it to the top of the network, or take it out.",
    )


def no_numbers(shape: Shape) -> Problem:
    """Return the problem of samples with an axis of size 0."""
    return Problem(
        f"Each sample has the shape {shape_text(shape)}, so there is no number in it.",
        "Choose data with at least one time step and one feature.",
    )


def _place_for_flatten(network: Network, rows: list[Row], shape: Shape, target: Target) -> int | None:
    """Return which Dense gets pictures where one row per sample is asked for, or None.

    Of several, it is the first that a Flatten above would mend; the first at all where that is not found.
    """
    if len(shape) < 2 or len(target.output_shape) != 1:
        return None
    flat = {
        row.index: math.prod(row.input_shape)
        for row, layer in zip(rows, network.effective, strict=True)
        if layer.type_name == "Dense" and row.input_shape is not None and len(row.input_shape) > 1
    }
    spoilt = -1
    for place, numbers in flat.items():
        if place > spoilt:
            spoilt = _last_with_axes(network, place, (numbers,))
            if spoilt < 0:
                return place
    return next(iter(flat), None)


def _last_with_axes(network: Network, place: int, shape: Shape) -> int:
    """Return the last layer that asks for more axes than one, or makes them, when ``shape`` reaches ``place``; or -1.

    Above it, a Flatten anywhere else would do no better.
    """
    found = -1
    for index, layer in enumerate(network.effective[place:], place):
        output = layer_facts(layer, shape).output_shape
        if output is None:
            return index
        if len(shape) == 1 < len(output):
            found = index
        shape = output
    return found if len(shape) > 1 else -1


def _blame(row: Row, target: Target, advice: str) -> Row:
    assert row.input_shape is not None
    asked = f"{target.classes} classes need" if target.classes else "the targets need"
    problem = Problem(
        f"Dense would work on each of the {shape_text(row.input_shape[:-1])} places separately, and {asked} one row of "
        "numbers per sample.",
        f"{advice}, or insert Flatten above it." if advice else "Insert Flatten above it.",
    )
    return dataclasses.replace(row, problem=problem)
