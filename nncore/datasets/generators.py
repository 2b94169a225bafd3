"""Two-dimensional data made by a formula: small enough to see every sample, and always the same samples."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from nncore.datasets.base import POINTS, Data, dataset
from nncore.datasets.shuffle import frozen, generator, shuffled
from nncore.losses import Target
from nncore.types import Array

Draw: TypeAlias = "Callable[[np.random.RandomState, int, int], Array]"
"""Draws the points (samples, 2) of one class from a generator, the class number and the number of samples."""


def points(name: str, title: str, class_names: tuple[str, ...], samples: int, about: str) -> Callable[[Draw], Draw]:
    """Function decorator: register what the function draws as a data set with equally many samples of each class."""
    classes = len(class_names)
    each = samples // classes

    def add(draw: Draw) -> Draw:
        @dataset(
            name=name,
            title=title,
            kind=POINTS,
            input_shape=(2,),
            target=Target(classes=classes),
            samples=samples,
            offline=True,
            help=about,
        )
        @functools.cache
        def load() -> Data:
            random = generator()
            x, y = shuffled(
                np.concatenate([draw(random, number, each) for number in range(classes)]),
                np.repeat(np.arange(classes, dtype=np.int64), each),
            )
            return Data(
                name=name,
                kind=POINTS,
                x=frozen(x),
                y=frozen(y),
                target=Target(classes=classes),
                class_names=class_names,
                feature_names=("x", "y"),
                target_name="class",
                source="made by a formula",
            )

        return draw

    return add


def _noise(random: np.random.RandomState, samples: int, spread: float) -> Array:
    return random.normal(0.0, spread, size=(samples, 2))


def _around(angle: Array, radius: Array | float) -> Array:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


@points(
    "xor",
    "XOR",
    ("same sign", "different signs"),
    400,
    "Four clouds in the corners of a square: opposite corners belong together, and no straight line divides them.",
)
def xor(random: np.random.RandomState, number: int, samples: int) -> Array:
    """Clouds around (0.75, 0.75) and (-0.75, -0.75), or around the two other corners."""
    corners = [(-0.75, 0.75), (0.75, -0.75)] if number else [(0.75, 0.75), (-0.75, -0.75)]
    return np.repeat(corners, samples // 2, axis=0) + _noise(random, samples, 0.22)


@points("circles", "Circles", ("outer", "inner"), 400, "A ring around another ring.")
def circles(random: np.random.RandomState, number: int, samples: int) -> Array:
    """A ring of radius 1.2 or 0.5."""
    return _around(random.uniform(0, 2 * np.pi, samples), (1.2, 0.5)[number]) + _noise(random, samples, 0.1)


@points("moons", "Moons", ("upper", "lower"), 400, "Two half-moons that reach into each other.")
def moons(random: np.random.RandomState, number: int, samples: int) -> Array:
    """Half a circle of radius 0.9: the upper half, or the lower half moved to the right and up."""
    start, centre = ((0.0, (-0.45, -0.2)), (np.pi, (0.45, 0.2)))[number]
    return _around(random.uniform(start, start + np.pi, samples), 0.9) + centre + _noise(random, samples, 0.1)


@points(
    "spirals",
    "Spirals",
    ("first arm", "second arm"),
    400,
    "Two arms that wind around each other: hard for a small network.",
)
def spirals(random: np.random.RandomState, number: int, samples: int) -> Array:
    """An arm of one and a half turns, from radius 0.1 to 1.3; the second starts on the other side."""
    # The arm gets longer per turn outwards; the square root spreads the points evenly along it.
    way = np.sqrt(random.uniform(0, 1, samples))
    return _around(3 * np.pi * way + np.pi * number, 0.1 + 1.2 * way) + _noise(random, samples, 0.04)


@points("blobs", "Blobs", ("left", "top", "right"), 300, "Three round clouds, one for each class: the easiest task.")
def blobs(random: np.random.RandomState, number: int, samples: int) -> Array:
    """A cloud around a corner of a triangle."""
    return np.asarray([(-0.8, -0.5), (0.0, 0.8), (0.8, -0.5)][number]) + _noise(random, samples, 0.25)
