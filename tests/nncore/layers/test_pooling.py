"""The pooling layers against explicit windows, with ties, overlaps and edges."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.errors import ShapeError
from nncore.layers import (
    AveragePooling1D,
    AveragePooling2D,
    Embedding,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    Layer,
    MaxPooling1D,
    MaxPooling2D,
    windows,
)
from nncore.network import Network
from nncore.types import Array, Shape
from tests.nncore.harness import QUICK, Case, describe

PAIRS = st.tuples(st.integers(1, 4), st.integers(1, 4))


def driven(layer: Layer, x: Array, target: Array | None = None) -> dict[str, Array]:
    """Return output and gradients of one layer; ``target`` is the gradient of its output."""
    return Case(Network(x.shape[1:], (layer,)), len(x), x=x, target=target).results()


def pools(layer: MaxPooling2D | AveragePooling2D, x: Array, reduce: Callable[[Array], Array]) -> Array:
    """Return what ``reduce`` makes of the places of each pool that lie inside the picture, pool by pool."""
    strides = layer.strides or layer.pool_size
    spans = []
    for n, k, s in zip(x.shape[1:3], layer.pool_size, strides, strict=True):
        count = (n - k) // s + 1 if layer.padding == "valid" else -(-n // s)
        before = 0 if layer.padding == "valid" else max((count - 1) * s + k - n, 0) // 2
        spans.append([slice(max(o * s - before, 0), o * s - before + k) for o in range(count)])
    return np.stack(
        [np.stack([reduce(x[:, down, across].reshape(len(x), -1, x.shape[-1])) for across in spans[1]], 1)
         for down in spans[0]], 1
    )  # fmt: skip


@QUICK
@given(
    size=st.tuples(st.integers(4, 8), st.integers(4, 9)),
    pool=PAIRS,
    strides=PAIRS | st.none(),
    padding=st.sampled_from(["valid", "same"]),
)
def test_that_a_pool_sees_its_places_inside_the_picture(
    size: tuple[int, int], pool: tuple[int, int], strides: tuple[int, int] | None, padding: str
) -> None:
    x = np.random.default_rng(1).normal(size=(2, *size, 3))
    largest, mean = MaxPooling2D(pool, strides, padding), AveragePooling2D(pool, strides, padding)
    np.testing.assert_array_equal(driven(largest, x)["output"], pools(largest, x, lambda found: found.max(axis=1)))
    expected = pools(mean, x, lambda found: found.mean(axis=1))
    np.testing.assert_allclose(driven(mean, x)["output"], expected, rtol=1e-12, atol=1e-14)


def test_that_the_first_of_equal_maxima_gets_the_gradient() -> None:
    x = np.array([[0.0, 0.0, 1.0, 3.0], [0.0, 0.0, 3.0, 3.0]]).reshape(1, 2, 4, 1)
    results = driven(MaxPooling2D(), x, np.array([5.0, 7.0]).reshape(1, 1, 2, 1))
    np.testing.assert_array_equal(results["output"].ravel(), [0, 3])
    np.testing.assert_array_equal(results["input gradient"][0, :, :, 0], [[5, 0, 0, 7], [0, 0, 0, 0]])


def test_that_gradients_of_overlapping_pools_add_up() -> None:
    x = np.array([1.0, 4.0, 2.0, 3.0, 3.0]).reshape(1, 5, 1)
    results = driven(MaxPooling1D(3, 1), x, np.array([1.0, 10.0, 100.0]).reshape(1, 3, 1))
    np.testing.assert_array_equal(results["output"].ravel(), [4, 4, 3])
    np.testing.assert_array_equal(results["input gradient"].ravel(), [0, 11, 0, 100, 0])


def test_that_places_between_and_behind_the_pools_get_no_gradient() -> None:
    x = np.arange(8.0).reshape(1, 8, 1)
    results = driven(MaxPooling1D(2, 3), x, np.array([1.0, 2.0, 3.0]).reshape(1, 3, 1))
    np.testing.assert_array_equal(results["input gradient"].ravel(), [0, 1, 0, 0, 2, 0, 0, 3])
    results = driven(AveragePooling1D(3), x, np.array([3.0, 6.0]).reshape(1, 2, 1))
    np.testing.assert_array_equal(results["input gradient"].ravel(), [1, 1, 1, 2, 2, 2, 0, 0])


def test_that_padding_neither_wins_a_maximum_nor_dilutes_a_mean() -> None:
    x = np.full((1, 5, 5, 1), -2.0)
    for layer in (MaxPooling2D(3, 2, "same"), AveragePooling2D(3, 2, "same")):
        results = driven(layer, x, np.ones((1, 3, 3, 1)))
        np.testing.assert_allclose(results["output"], -2.0)
        assert results["input gradient"].sum() == pytest.approx(9)


def test_that_the_maximum_of_a_pool_may_be_minus_infinity() -> None:
    x = np.full((1, 2, 2, 1), -np.inf)
    assert driven(MaxPooling2D(), x)["output"].item() == -np.inf


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("cls", [(MaxPooling1D, MaxPooling2D), (AveragePooling1D, AveragePooling2D)])
def test_that_a_sequence_is_a_picture_of_height_one(
    cls: tuple[type[MaxPooling1D], type[MaxPooling2D]], padding: str
) -> None:
    x = np.random.default_rng(2).normal(size=(3, 9, 2))
    flat = driven(cls[0](3, 2, padding), x)["output"]
    np.testing.assert_array_equal(flat, driven(cls[1]((1, 3), (1, 2), padding), x[:, None])["output"][:, 0])


@pytest.mark.parametrize("layer", [MaxPooling2D(3, 2, "same"), AveragePooling2D((2, 3)), MaxPooling2D()], ids=describe)
def test_that_blocks_of_rows_give_the_result_of_the_whole_batch(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network((6, 6, 2), (layer,))
    expected = Case(network, 7).results()
    monkeypatch.setattr(windows, "BLOCK", 2 * 72)
    for name, array in Case(network, 7).results().items():
        np.testing.assert_array_equal(array, expected[name])


# --- Global -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("shape", [(9, 4), (3, 3, 4)])
def test_that_global_pooling_is_the_maximum_or_mean_of_each_channel(shape: Shape, keepdims: bool) -> None:
    x = np.random.default_rng(3).normal(size=(2, *shape))
    axes = tuple(range(1, x.ndim - 1))
    flat = len(shape) == 2
    largest = (GlobalMaxPooling1D if flat else GlobalMaxPooling2D)(keepdims)
    mean = (GlobalAveragePooling1D if flat else GlobalAveragePooling2D)(keepdims)
    np.testing.assert_array_equal(driven(largest, x)["output"], x.max(axis=axes, keepdims=keepdims))
    np.testing.assert_allclose(driven(mean, x)["output"], x.mean(axis=axes, keepdims=keepdims), rtol=1e-12)


def test_that_equal_global_maxima_share_the_gradient() -> None:
    x = np.array([2.0, 5.0, 5.0, 1.0]).reshape(1, 4, 1)
    results = driven(GlobalMaxPooling1D(), x, np.array([[3.0]]))
    np.testing.assert_array_equal(results["input gradient"].ravel(), [0, 1.5, 1.5, 0])


def test_that_a_global_mean_is_taken_over_the_steps_that_the_mask_counts() -> None:
    network = Network((4,), (Embedding(5, 2, mask_zero=True), GlobalAveragePooling1D()))
    x = np.array([[1, 2, 3, 0], [4, 0, 0, 0], [0, 0, 0, 0]])
    case = Case(network, 3, x=x.astype(float))
    output = case.results()["output"]
    table = case.parameters.reshape(5, 2)
    np.testing.assert_allclose(output, [table[1:4].mean(axis=0), table[4], [0, 0]], rtol=1e-12)
    shares = case.plan.gradients.reshape(5, 2)
    np.testing.assert_allclose(shares[4], case.target[1], rtol=1e-12)
    np.testing.assert_allclose(shares[1:4], np.tile(case.target[0] / 3, (3, 1)), rtol=1e-12)
    assert not shares[0].any()


# --- Declarations and inputs that do not fit ----------------------------------------------------------------------


def test_that_defaults_are_those_of_keras() -> None:
    assert MaxPooling2D() == MaxPooling2D((2, 2), None, "valid")
    assert MaxPooling1D() == MaxPooling1D(2, None, "valid")
    with pytest.raises(TypeError, match="pool_size"):
        AveragePooling2D()  # type: ignore[call-arg]
    assert MaxPooling2D(3, 2, "same").output_shape((28, 27, 5)) == (14, 14, 5)
    assert MaxPooling2D((3, 2)).output_shape((28, 27, 5)) == (9, 13, 5)
    assert MaxPooling2D().multiply_adds((4, 4, 3)) == 4 * 4 * 3
    assert not MaxPooling2D().weights((4, 4, 3))


@pytest.mark.parametrize(
    ("layer", "shape", "sentence", "remedy"),
    [
        (
            MaxPooling2D(3),
            (2, 8, 1),
            "MaxPooling2D: a pool of 3 × 3 does not fit into an input of 2 × 8.",
            'Choose a smaller pool, or the padding "same".',
        ),
        (
            AveragePooling1D(3),
            (2, 8),
            "AveragePooling1D: a pool of 3 does not fit into an input of 2.",
            'Choose a smaller pool, or the padding "same".',
        ),
        (
            MaxPooling2D(),
            (28, 28),
            "MaxPooling2D needs pictures: height × width × channels, but gets 28 × 28.",
            "Insert Reshape to 28 × 28 × 1 above it; for sequences, use MaxPooling1D.",
        ),
        (
            GlobalAveragePooling2D(),
            (64,),
            "GlobalAveragePooling2D needs pictures: height × width × channels, but gets 64.",
            "Remove it, put it above a Flatten, or insert Reshape to 8 × 8 × 1 above it.",
        ),
        (
            GlobalMaxPooling1D(),
            (4, 4, 2),
            "GlobalMaxPooling1D needs sequences: time steps × features, but gets 4 × 4 × 2.",
            "Use GlobalMaxPooling2D for pictures, or insert Reshape to 4 × 8 above it.",
        ),
    ],
)
def test_that_an_input_that_does_not_fit_is_answered_with_a_remedy(
    layer: Layer, shape: Shape, sentence: str, remedy: str
) -> None:
    with pytest.raises(ShapeError) as found:
        layer.output_shape(shape)
    assert (found.value.sentence, found.value.remedy) == (sentence, remedy)


@pytest.mark.parametrize(
    ("layer", "place"),
    [
        (MaxPooling2D((3, 2)), "x_{3h+i,2w+j,c}"),
        (AveragePooling2D((3, 3), strides=(1, 2)), "x_{h+i,2w+j,c}"),
        (MaxPooling1D(4), "x_{4t+k,c}"),
        (AveragePooling1D(4, strides=1), "x_{t+k,c}"),
    ],
)
def test_that_the_equation_steps_as_the_pools_do(layer: Layer, place: str) -> None:
    assert place in layer.typeset()
