"""How weights start: the initializers of Keras, by their Keras names.

``fan_in`` and ``fan_out`` are the numbers of inputs and outputs that one weight array connects.

Sources: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks" (2010);
He et al., "Delving deep into rectifiers" (2015); LeCun et al., "Efficient backprop" (1998); Saxe et al., "Exact
solutions to the nonlinear dynamics of learning in deep linear neural networks" (2013).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import KW_ONLY
from typing import ClassVar

import numpy as np

from nncore.errors import FieldError, ShapeError
from nncore.fields import Declared, hyper
from nncore.registry import Registry
from nncore.types import Array, Shape

INITIALIZERS: Registry[type[Initializer]] = Registry("initializer")


class Initializer(Declared):
    """Base of every initializer: a rule by which a weight array is filled before training."""

    registry: ClassVar = INITIALIZERS
    name_suffices: ClassVar[bool] = True

    _: KW_ONLY
    seed: int | None = hyper(
        None, ge=0, le=2**31 - 1, hidden=True, help="In scripts: the start of its own random numbers."
    )

    def __call__(self, shape: Shape, rng: np.random.Generator) -> Array:
        """Return a new array of ``shape``, drawn from ``rng``, or from the initializer's own seed if it has one."""
        return self.draw(shape, rng if self.seed is None else np.random.default_rng(self.seed))

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        """Return a new array of ``shape``."""
        raise NotImplementedError

    def check_shape(self, shape: Shape) -> None:
        """Raise ``ShapeError`` when an array of ``shape`` cannot be filled by this rule."""


def register(name: str, *aliases: str) -> Callable[[type[Initializer]], type[Initializer]]:
    """Class decorator: make an initializer known under ``name``, its class name and Keras's other names."""

    def add(initializer: type[Initializer]) -> type[Initializer]:
        initializer.type_name = name
        return INITIALIZERS.add(name, initializer, initializer.__name__, *aliases)

    return add


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


def truncated_normal(shape: Shape, rng: np.random.Generator, deviation: float, mean: float = 0.0) -> Array:
    """Draw from a normal distribution, redrawing whatever lies beyond two standard deviations."""
    values = rng.standard_normal(size=shape)
    while (outside := np.abs(values) > 2.0).any():
        values[outside] = rng.standard_normal(size=int(outside.sum()))
    return values * deviation + mean


def scaled(shape: Shape, rng: np.random.Generator, scale: float, mode: str, distribution: str) -> Array:
    """Draw numbers whose variance is scale / fan.

    Args:
        shape: of the weight array; it tells the fan.
        rng: source of randomness.
        scale: the factor.
        mode: which fan: ``"fan_in"``, ``"fan_out"`` or their mean, ``"fan_avg"``.
        distribution: ``"truncated_normal"``, ``"untruncated_normal"`` or ``"uniform"``.
    """
    fan_in, fan_out = fans(shape)
    fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[mode]
    variance = scale / max(1.0, fan)
    if distribution == "uniform":
        limit = math.sqrt(3.0 * variance)
        return rng.uniform(-limit, limit, size=shape)
    if distribution == "untruncated_normal":
        return rng.normal(0.0, math.sqrt(variance), size=shape)
    # A normal distribution cut at two standard deviations keeps 0.8796... of its standard deviation.
    return truncated_normal(shape, rng, math.sqrt(variance) / 0.87962566103423978)


@register("glorot_uniform")
class GlorotUniform(Initializer):
    """Uniform, with the variance 2 / (fan_in + fan_out): for sigmoid, tanh and softmax."""

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return scaled(shape, rng, 1.0, "fan_avg", "uniform")


@register("glorot_normal")
class GlorotNormal(Initializer):
    """Truncated normal, with the variance 2 / (fan_in + fan_out)."""

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return scaled(shape, rng, 1.0, "fan_avg", "truncated_normal")


@register("he_uniform")
class HeUniform(Initializer):
    """Uniform, with the variance 2 / fan_in: for ReLU, which lets half of the signal through."""

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return scaled(shape, rng, 2.0, "fan_in", "uniform")


@register("he_normal")
class HeNormal(Initializer):
    """Truncated normal, with the variance 2 / fan_in: for ReLU."""

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return scaled(shape, rng, 2.0, "fan_in", "truncated_normal")


@register("lecun_uniform")
class LecunUniform(Initializer):
    """Uniform, with the variance 1 / fan_in."""

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return scaled(shape, rng, 1.0, "fan_in", "uniform")


@register("lecun_normal")
class LecunNormal(Initializer):
    """Truncated normal, with the variance 1 / fan_in: for SELU."""

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return scaled(shape, rng, 1.0, "fan_in", "truncated_normal")


@register("variance_scaling")
class VarianceScaling(Initializer):
    """Random numbers with the variance scale / fan: the rule behind Glorot, He and LeCun."""

    scale: float = hyper(1.0, gt=0, le=1000, log=True, help="The factor of the variance.")
    mode: str = hyper(
        "fan_in", choices=lambda: ("fan_in", "fan_out", "fan_avg"), help="Which number of connections divides it."
    )
    distribution: str = hyper(
        "truncated_normal",
        choices=lambda: ("truncated_normal", "untruncated_normal", "uniform"),
        help="The form of the distribution.",
    )

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return scaled(shape, rng, self.scale, self.mode, self.distribution)


@register("random_normal", "normal")
class RandomNormal(Initializer):
    """Normal distribution."""

    mean: float = hyper(0.0, help="The middle of the distribution.")
    stddev: float = hyper(0.05, ge=0, log=True, label="Deviation", help="Its standard deviation.")

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return rng.normal(self.mean, self.stddev, size=shape)


@register("truncated_normal")
class TruncatedNormal(Initializer):
    """Normal distribution without what lies beyond two standard deviations."""

    mean: float = hyper(0.0, help="The middle of the distribution.")
    stddev: float = hyper(0.05, ge=0, log=True, label="Deviation", help="Its standard deviation before it is cut.")

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return truncated_normal(shape, rng, self.stddev, self.mean)


@register("random_uniform", "uniform")
class RandomUniform(Initializer):
    """Every number between two bounds is equally likely."""

    minval: float = hyper(-0.05, label="Lowest", help="The lower bound.")
    maxval: float = hyper(0.05, label="Highest", help="The upper bound.")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.minval > self.maxval:
            raise FieldError(
                "random_uniform",
                "minval",
                f"random_uniform: minval is {self.minval:g}, but must be at most maxval, which is {self.maxval:g}.",
                "Exchange them.",
            )

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return rng.uniform(self.minval, self.maxval, size=shape)


@register("orthogonal", "OrthogonalInitializer")
class Orthogonal(Initializer):
    """Columns, or rows, of length 1 at right angles to each other: for recurrent kernels, which keep lengths then."""

    gain: float = hyper(1.0, help="The length.")

    def check_shape(self, shape: Shape) -> None:
        if len(shape) < 2:
            raise ShapeError(
                f"orthogonal needs a weight array with at least two axes, but this one has {len(shape)}.",
                "Choose another initializer, such as zeros.",
            )

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        rows, columns = math.prod(shape[:-1]), shape[-1]
        drawn = rng.standard_normal((max(rows, columns), min(rows, columns)))
        q, r = np.linalg.qr(drawn)
        # QR leaves the signs open; with those of the diagonal of R the result is spread evenly over all rotations.
        q *= np.sign(np.diag(r))
        return self.gain * (q.T if rows < columns else q).reshape(shape)


@register("identity", "IdentityInitializer")
class Identity(Initializer):
    """A matrix with ones on its diagonal, which hands its input on unchanged."""

    gain: float = hyper(1.0, help="The number on the diagonal.")

    def check_shape(self, shape: Shape) -> None:
        if len(shape) != 2:
            raise ShapeError(
                f"identity needs a matrix, but this weight array has {len(shape)} axes.",
                "Choose another initializer, such as glorot_uniform.",
            )

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return self.gain * np.eye(shape[0], shape[1])


@register("zeros", "zero")
class Zeros(Initializer):
    """All zeros: the usual start of biases."""

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return np.zeros(shape)


@register("ones", "one")
class Ones(Initializer):
    """All ones."""

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return np.ones(shape)


@register("constant")
class Constant(Initializer):
    """The same number everywhere."""

    value: float = hyper(0.0, help="The number.")

    def draw(self, shape: Shape, rng: np.random.Generator) -> Array:
        return np.full(shape, self.value)
