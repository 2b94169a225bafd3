"""Random networks that are valid, built layer by layer from the declarations: whatever is registered takes part."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
from hypothesis import strategies as st

from nncore.errors import FieldError, ShapeError
from nncore.fields import BOOLEAN, CHOICE, INTEGER, NUMBER, PAIR, PAIRS, RANGE, SHAPE, Declared, Field
from nncore.initializers import Initializer
from nncore.layers import LAYERS, Layer
from nncore.layers.recurrent.base import Recurrent
from nncore.losses import MeanSquaredError, Target
from nncore.network import Network
from nncore.trace import trace
from nncore.types import Shape
from tests.nncore import harness

MOST_NUMBERS = 2_000  # in the output of one layer, and parameters of it
INPUT_SHAPES: tuple[Shape, ...] = ((4,), (7, 3), (6,), (5, 5, 2), (8, 6, 1), (4, 4), (2, 3, 2, 2))
BOUNDED = ("tanh", "sigmoid", "hard_sigmoid", "softsign")  # without a bound, gates multiply step by step beyond all
EXPLOSIVE = ("exponential",)  # two of them in a row overflow, as they do on paper


def small(field: Field, usual: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for values of a field that keep a network small."""
    strategy = _small_values(field, usual)
    if field.rule.special:
        strategy = strategy | st.sampled_from(field.rule.special)
    return strategy | st.none() if field.optional else strategy


def _small_values(field: Field, usual: Any) -> st.SearchStrategy[Any]:
    few = st.sampled_from([value for value in (1, 2, 3, 4, usual) if harness._allows(field, value)] or [usual])
    if field.kind == INTEGER:
        return few
    if field.kind in (PAIR, PAIRS):
        return few | st.tuples(st.integers(1, 3), st.integers(1, 3)) if field.kind == PAIR else few
    if field.kind in (NUMBER, RANGE):
        return st.sampled_from([value for value in (0.0, 0.1, 0.5, usual) if harness._allows(field, value)])
    if field.kind == BOOLEAN:
        return st.booleans()
    if field.kind == CHOICE:
        return st.sampled_from([name for name in field.choices() if name not in EXPLOSIVE])
    if field.kind == SHAPE:
        return st.just(usual) | st.sampled_from([(-1,), (2, -1), (-1, 1), (-1, 2, 1)])
    if field.spec is not None and not issubclass(field.spec, Initializer):
        return st.one_of([_declared(field.spec.registry.get(name)) for name in field.choices()])
    return st.just(usual)


@st.composite
def _declared(draw: st.DrawFn, cls: type[Declared]) -> Declared:
    """Draw a small declaration; a change that breaks a rule together with the others is left out."""
    spec: Declared = harness.shrunk(cls.suggested())
    if any(inner.spec is not None and issubclass(inner.spec, Layer) and inner.spec is Layer for inner in cls.fields()):
        return spec  # a wrapper of any layer, itself included
    for field in cls.fields():
        if field.rule.hidden:
            continue
        bounded = issubclass(cls, Recurrent) and field.name.endswith("activation")
        usual = getattr(spec, field.name)
        value = draw(st.sampled_from(BOUNDED) if bounded else small(field, usual))
        try:
            spec = spec.replace(**{field.name: value})
        except FieldError:
            continue
    return spec


@st.composite
def networks(draw: st.DrawFn, most: int = 8, first: type[Layer] | None = None) -> Network:
    """Draw a valid network of 1 to ``most`` layers, which begins with a layer of the class ``first`` if it is given."""
    first = first or draw(st.sampled_from(list(LAYERS)))
    shape = draw(st.sampled_from([shape for shape in INPUT_SHAPES if first in fitting(shape, True)]))
    layers: list[Layer] = []
    wanted = draw(st.integers(1, most))
    current = shape
    for _ in range(3 * wanted):
        layer = draw(_declared(draw(st.sampled_from(fitting(current, False))) if layers else first))
        assert isinstance(layer, Layer)
        if fits(layer, current, first=not layers):
            layers.append(layer)
            current = layer.output_shape(current)
        if len(layers) == wanted:
            break
    network = Network(shape, tuple(layers or (LAYERS.get("Dense").suggested(),)))
    while trace(network, MeanSquaredError(), Target(0, network.shapes()[-1])).problems:
        network = Network(shape, network.layers[:-1] or (LAYERS.get("Dense").suggested(),))
    return network


@functools.cache
def fitting(shape: Shape, first: bool) -> list[type[Layer]]:
    """Return the layers that take the shape, as they are suggested."""
    return [cls for cls in LAYERS if fits(harness.shrunk(cls.suggested()), shape, first=first)]


def fits(layer: Layer, shape: Shape, *, first: bool) -> bool:
    """Tell whether a layer takes the shape, stays small, and gets numbers that it can use."""
    network = Network(shape, (layer,))
    if trace(network).problems:
        return False
    try:
        size = math.prod(layer.output_shape(shape)) + network.count_params()
    except ShapeError:
        return False
    # Indices come from the data; what a layer puts out are not indices.
    return 0 < size <= MOST_NUMBERS and (first or not harness.takes_indices(network))


def targets(network: Network, rows: int) -> np.ndarray:
    """Return random targets in the shape of the network's output."""
    return np.random.default_rng(1).uniform(0, 1, (rows, *network.shapes()[-1])).astype(np.float32)
