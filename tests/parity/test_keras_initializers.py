"""Every initializer against Keras: the same distribution within the same bounds over 200,000 draws."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from nncore.initializers import INITIALIZERS, Initializer
from nncore.types import Array, Shape
from tests.parity.statistics import assert_same_distribution

MATRIX, CONVOLUTION, BIAS = (400, 500), (5, 4, 100, 100), (200_000,)

VARIANTS: dict[str, tuple[dict[str, Any], ...]] = {
    "glorot_uniform": ({},),
    "glorot_normal": ({},),
    "he_uniform": ({},),
    "he_normal": ({},),
    "lecun_uniform": ({},),
    "lecun_normal": ({},),
    "variance_scaling": (
        {},
        {"scale": 2.0, "mode": "fan_out", "distribution": "uniform"},
        {"scale": 0.5, "mode": "fan_avg", "distribution": "untruncated_normal"},
    ),
    "random_normal": ({}, {"mean": 1.0, "stddev": 2.0}),
    "truncated_normal": ({}, {"mean": 1.0, "stddev": 2.0}),
    "random_uniform": ({}, {"minval": -1.0, "maxval": 3.0}),
    "orthogonal": ({}, {"gain": 2.0}),
    "identity": ({}, {"gain": 0.5}),
    "zeros": ({},),
    "ones": ({},),
    "constant": ({}, {"value": 0.3}),
}
CASES = [
    pytest.param(name, keywords, id=f"{name}-{keywords}")
    for name in INITIALIZERS.names()
    for keywords in VARIANTS.get(name, ())
]


def draws(name: str, keywords: dict[str, Any], shape: Shape) -> tuple[Array, Array]:
    """Return what the engine and what Keras draws."""
    spec: type[Initializer] = INITIALIZERS.get(name)
    ours = spec(**keywords)(shape, np.random.default_rng(8))
    theirs = getattr(keras.initializers, spec.__name__)(**keywords)
    keras.utils.set_random_seed(9)
    return ours, np.asarray(theirs(shape).numpy(), dtype=np.float64)


@pytest.mark.parametrize(("name", "keywords"), CASES)
def test_that_the_distribution_is_that_of_keras(name: str, keywords: dict[str, Any]) -> None:
    for shape in (MATRIX, CONVOLUTION, BIAS):
        if name in ("orthogonal", "identity"):
            continue  # not independent draws; below
        ours, theirs = draws(name, keywords, shape)
        what = f"{name}({keywords}) for {shape}"
        assert ours.shape == shape
        spread = float(theirs.std())
        if spread == 0:
            np.testing.assert_allclose(ours, theirs, rtol=1e-7)
            continue
        assert_same_distribution(ours.ravel(), theirs.ravel(), what)
        assert abs(ours.mean() - theirs.mean()) < 0.02 * spread, what
        assert abs(ours.std() / spread - 1) < 0.01, what
        if name != "random_normal" and keywords.get("distribution") != "untruncated_normal":
            # Bounded: the outermost of so many draws lie at the bound.
            for outermost in (np.min, np.max):
                assert abs(outermost(ours) - outermost(theirs)) < 0.01 * spread, what


@pytest.mark.parametrize("keywords", VARIANTS["orthogonal"])
@pytest.mark.parametrize("shape", [(5, 5), (7, 4), (4, 7), (3, 3, 2, 6), (2, 2, 1, 9)])
def test_that_orthogonal_is_orthogonal_along_the_axis_of_keras(keywords: dict[str, Any], shape: Shape) -> None:
    for drawn in draws("orthogonal", keywords, shape):
        matrix = drawn.reshape(-1, shape[-1])
        small = matrix.T @ matrix if len(matrix) >= shape[-1] else matrix @ matrix.T
        np.testing.assert_allclose(small, keywords.get("gain", 1.0) ** 2 * np.eye(len(small)), atol=1e-5)


def test_that_orthogonal_matrices_are_spread_over_all_rotations_as_in_keras() -> None:
    seeds = range(500)
    ours = [INITIALIZERS.get("orthogonal")()((6, 6), np.random.default_rng(seed)) for seed in seeds]
    theirs = [keras.initializers.Orthogonal(seed=seed)((6, 6)).numpy() for seed in seeds]
    for row in range(6):
        for column in range(6):
            mine, other = (np.array([matrix[row, column] for matrix in drawn]) for drawn in (ours, theirs))
            assert_same_distribution(mine, other, f"entry {row}, {column}")


@pytest.mark.parametrize("keywords", VARIANTS["identity"])
def test_that_identity_is_that_of_keras(keywords: dict[str, Any]) -> None:
    for shape in ((4, 4), (3, 5)):
        ours, theirs = draws("identity", keywords, shape)
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", INITIALIZERS.names())
def test_that_keras_finds_the_initializer_by_the_same_name(name: str) -> None:
    assert issubclass(getattr(keras.initializers, name), getattr(keras.initializers, INITIALIZERS.get(name).__name__))
