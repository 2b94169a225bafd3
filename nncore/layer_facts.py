"""What one layer makes of one input shape, remembered: an edit changes one layer, and most others get the same shape.

Invariant: what is remembered is what would be found anew, because layers are values that do not change.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from nncore.errors import ShapeError
from nncore.initializers import Initializer
from nncore.layers.base import Layer, Weight
from nncore.losses import Problem
from nncore.types import Shape

MOST = 10_000
"""So many answers are remembered, some 3 MB; then all are forgotten at once."""


@dataclass(frozen=True)
class LayerFacts:
    """What a layer puts out and costs for one sample of a given shape.

    Attributes:
        output_shape: of one sample; None with a problem.
        parameters: numbers in its weights.
        multiply_adds: of one sample in the forward direction.
        numbers: in one sample of the output.
        problem: why the layer cannot work on this shape.
    """

    output_shape: Shape | None
    parameters: int = 0
    multiply_adds: int = 0
    numbers: int = 0
    problem: Problem | None = None


# By identity, which takes a twentieth of the time of a hash over all fields; the layer itself is kept beside what was
# found, so that no other can get its number.
_found: dict[tuple[int, Shape], tuple[Layer, LayerFacts]] = {}


def layer_facts(layer: Layer, shape: Shape) -> LayerFacts:
    """Return what a layer makes of samples of a shape; computes no numbers and never raises ``ShapeError``."""
    known = _found.get((id(layer), shape))
    if known is None:
        if len(_found) >= MOST:
            _found.clear()
        known = layer, _look(layer, shape)
        _found[id(layer), shape] = known
    return known[1]


def _look(layer: Layer, shape: Shape) -> LayerFacts:
    try:
        output = layer.output_shape(shape)
        weights = layer.weights(shape)
        for weight in weights:
            _check_start(layer, weight)
        multiply_adds = layer.multiply_adds(shape)
    except ShapeError as error:
        return LayerFacts(None, problem=Problem(error.sentence, error.remedy))
    return LayerFacts(output, sum(weight.size for weight in weights), multiply_adds, math.prod(output))


def _check_start(layer: Layer, weight: Weight) -> None:
    """Raise ``ShapeError`` when the initializer cannot fill the weight."""
    if not isinstance(weight.initializer, Initializer):
        return
    try:
        weight.initializer.check_shape(weight.shape)
    except ShapeError as error:
        sentence = f"The {weight.name} of {layer.type_name} cannot start like this: {error.sentence}"
        raise ShapeError(sentence, error.remedy) from error
