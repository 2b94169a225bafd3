"""Layers that make pictures larger: UpSampling2D and ZeroPadding2D."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.errors import ShapeError
from nncore.layers import Layer, UpSampling2D, ZeroPadding2D
from nncore.network import Network
from nncore.types import Array
from tests.nncore.harness import Case, describe


def driven(layer: Layer, x: Array, target: Array | None = None) -> dict[str, Array]:
    """Return output and gradients of one layer; ``target`` is the gradient of its output."""
    return Case(Network(x.shape[1:], (layer,)), len(x), x=x, target=target).results()


def test_that_nearest_repeats_each_place() -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 2))
    expected = x.repeat(2, axis=1).repeat(3, axis=2)
    np.testing.assert_array_equal(driven(UpSampling2D((2, 3)), x)["output"], expected)


def test_that_a_repeated_place_gets_the_sum_of_the_gradients() -> None:
    dy = np.arange(8.0).reshape(1, 2, 4, 1)
    dx = driven(UpSampling2D(), np.zeros((1, 1, 2, 1)), dy)["input gradient"]
    np.testing.assert_array_equal(dx.ravel(), [0 + 1 + 4 + 5, 2 + 3 + 6 + 7])


def test_that_bilinear_blends_by_nearness_and_goes_on_at_the_edge() -> None:
    x = np.array([0.0, 4.0]).reshape(1, 1, 2, 1)
    y = driven(UpSampling2D((1, 4), "bilinear"), x)["output"]
    np.testing.assert_allclose(y.ravel(), [0, 0, 0.5, 1.5, 2.5, 3.5, 4, 4])


def test_that_bilinear_keeps_a_slope_away_from_the_edges() -> None:
    down, across = np.meshgrid(np.arange(5.0), np.arange(6.0), indexing="ij")
    x = (2 * down - 3 * across).reshape(1, 5, 6, 1)
    y = driven(UpSampling2D((3, 2), "bilinear"), x)["output"][0, 3:-3, 2:-2, 0]
    np.testing.assert_allclose(np.diff(y, axis=0), 2 / 3)
    np.testing.assert_allclose(np.diff(y, axis=1), -3 / 2)


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear"])
def test_that_a_flat_picture_stays_flat_and_no_gradient_is_lost(interpolation: str) -> None:
    results = driven(UpSampling2D((3, 2), interpolation), np.full((2, 4, 5, 3), 7.0), np.ones((2, 12, 10, 3)))
    np.testing.assert_allclose(results["output"], 7)
    assert results["input gradient"].sum() == pytest.approx(2 * 12 * 10 * 3)


def test_that_zeros_are_put_above_below_left_and_right() -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 2))
    layer = ZeroPadding2D(((1, 2), (0, 3)))
    dy = np.random.default_rng(1).normal(size=(2, 6, 7, 2))
    results = driven(layer, x, dy)
    np.testing.assert_array_equal(results["output"], np.pad(x, ((0, 0), (1, 2), (0, 3), (0, 0))))
    np.testing.assert_array_equal(results["input gradient"], dy[:, 1:4, :4])


def test_that_padding_is_understood_as_keras_does() -> None:
    assert ZeroPadding2D() == ZeroPadding2D(1) == ZeroPadding2D(((1, 1), (1, 1)))
    assert ZeroPadding2D((2, 3)).padding == ((2, 2), (3, 3))  # type: ignore[arg-type]
    assert UpSampling2D(3).size == (3, 3)


@pytest.mark.parametrize("layer", [UpSampling2D(), ZeroPadding2D()], ids=describe)
def test_that_what_is_no_picture_is_refused(layer: Layer) -> None:
    with pytest.raises(ShapeError, match=r"needs pictures.*gets 28 × 28\. Insert Reshape to 28 × 28 × 1"):
        layer.output_shape((28, 28))
