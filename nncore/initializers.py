"""How weights start: the initializers of Keras, by their Keras names.

``fan_in`` and ``fan_out`` are the numbers of inputs and outputs that one weight array connects.

Sources: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010);
He et al., "Delving deep into rectifiers" (2015); LeCun et al., "Efficient backprop" (1998).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from nncore.registry import Registry
from nncore.types import Array, Shape

Initializer = Callable[[Shape, Generator], Array]

INITIALIZERS: Registry[Initializer] = Registry("initializer")


def fans(shape: Shape) -> tuple[int, int]:
    """Return (fan_in, fan_out) of a weight array.

    A matrix connects shape[0] inputs with shape[1] outputs; a convolution kernel (*window, inputs, outputs) connects
    inputs x window size with outputs x window size.
    """
    if len(shape) < 2:
        size = shape[0] if shape else 1
        return size, size
    window = math.prod(shape[:-2])
    return shape[-2] * window, shape[-1] * window


def _scaled(mode: str, gain: float, uniform: bool) -> Initializer:
    """Return an initializer whose variance is gain / fan (variance scaling)."""

    def initialize(shape: Shape, rng: Generator) -> Array:
        fan_in, fan_out = fans(shape)
        fan = {"in": fan_in, "average": (fan_in + fan_out) / 2}[mode]
        variance = gain / max(1.0, fan)
        if uniform:
            limit = math.sqrt(3.0 * variance)
            return rng.uniform(-limit, limit, size=shape)
        # A normal distribution cut at two standard deviations keeps 0.8796... of its standard deviation.
        return truncated_normal(shape, rng, math.sqrt(variance) / 0.87962566103423978)

    return initialize


def truncated_normal(shape: Shape, rng: Generator, deviation: float) -> Array:
    """Draw from a normal distribution, redrawing whatever lies beyond two standard deviations."""
    values = rng.standard_normal(size=shape)
    while (outside := np.abs(values) > 2.0).any():
        values[outside] = rng.standard_normal(size=int(outside.sum()))
    return values * deviation


def zeros(shape: Shape, rng: Generator) -> Array:
    """All zeros: Keras's default for biases."""
    return np.zeros(shape)


def ones(shape: Shape, rng: Generator) -> Array:
    """All ones."""
    return np.ones(shape)


def random_normal(shape: Shape, rng: Generator) -> Array:
    """Normal distribution with standard deviation 0.05."""
    return rng.normal(0.0, 0.05, size=shape)


def random_uniform(shape: Shape, rng: Generator) -> Array:
    """Uniform distribution from -0.05 to 0.05."""
    return rng.uniform(-0.05, 0.05, size=shape)


INITIALIZERS.add("glorot_uniform", _scaled("average", 1.0, uniform=True))
INITIALIZERS.add("glorot_normal", _scaled("average", 1.0, uniform=False))
INITIALIZERS.add("he_uniform", _scaled("in", 2.0, uniform=True))
INITIALIZERS.add("he_normal", _scaled("in", 2.0, uniform=False))
INITIALIZERS.add("lecun_uniform", _scaled("in", 1.0, uniform=True))
INITIALIZERS.add("lecun_normal", _scaled("in", 1.0, uniform=False))
INITIALIZERS.add("random_normal", random_normal)
INITIALIZERS.add("random_uniform", random_uniform)
INITIALIZERS.add("zeros", zeros)
INITIALIZERS.add("ones", ones)
