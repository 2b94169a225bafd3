"""The ways in which convolutions and pools are computed: divided in halves, in blocks, in different orders.

Which one is taken depends on shapes alone, and all must find the same numbers.
"""

from __future__ import annotations

import numpy as np
import pytest

from nncore.computing import threads
from nncore.layers import (
    AveragePooling2D,
    Conv1D,
    Conv2D,
    Conv2DTranspose,
    DepthwiseConv2D,
    Layer,
    MaxPooling1D,
    MaxPooling2D,
    windows,
)
from nncore.layers.convolution import conv_op, overlay
from nncore.layers.pooling import max_pooling
from nncore.network import Network
from nncore.types import Array, Shape
from tests.nncore.harness import Case, check_gradients, describe

ROWS = 7
PICTURES: Shape = (9, 8, 5)
CONVOLUTIONS: list[tuple[Layer, Shape]] = [
    (Conv2D(3, 3, activation="relu"), PICTURES),
    (Conv2D(3, 3, activation="relu"), (9, 8, 1)),
    (Conv2D(3, 3, padding="same", activation="silu"), (9, 8, 2)),
    (Conv2D(3, (2, 3), 2, "same", activation="tanh"), PICTURES),
    (Conv2D(3, 3, padding="same", dilation_rate=2, use_bias=False), PICTURES),
    (Conv2D(3, 1, activation="relu"), PICTURES),
    (Conv1D(4, 3, padding="causal", activation="tanh"), (12, 3)),
    (Conv2DTranspose(3, 3, 2, "same", activation="relu"), PICTURES),
    (Conv2DTranspose(3, 3, activation="relu"), PICTURES),
    (DepthwiseConv2D(3, padding="same", depth_multiplier=2, activation="relu"), PICTURES),
]
POOLS: list[tuple[Layer, Shape]] = [
    (MaxPooling2D(), PICTURES),
    (MaxPooling2D(3, 2, "same"), PICTURES),
    (MaxPooling1D(3), (12, 3)),
    (AveragePooling2D(2), PICTURES),
]
EVERY = pytest.mark.parametrize(("layer", "shape"), CONVOLUTIONS + POOLS, ids=lambda value: _name(value))
ONLY_CONVOLUTIONS = pytest.mark.parametrize(("layer", "shape"), CONVOLUTIONS, ids=lambda value: _name(value))


def _name(value: Layer | Shape) -> str:
    return describe(value) if isinstance(value, Layer) else str(value)


def case_of(layer: Layer, shape: Shape) -> Case:
    return Case(Network(shape, (layer,)), ROWS)


def check_same_numbers(layer: Layer, shape: Shape, expected: dict[str, Array]) -> None:
    for name, array in case_of(layer, shape).results().items():
        np.testing.assert_allclose(array, expected[name], rtol=1e-12, atol=1e-12, err_msg=name)


@EVERY
def test_that_two_halves_give_the_numbers_of_the_whole_batch(
    layer: Layer, shape: Shape, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "WORTH_SHARING", 2**60)
    whole = case_of(layer, shape)
    expected = whole.results()
    monkeypatch.setattr(windows, "WORTH_SHARING", 1)
    assert [len(windows.shares(rows, 1)) for rows in (1, 2, ROWS)] == [1, 2, 2]
    for numbers in (windows.BLOCK, 1):
        monkeypatch.setattr(windows, "BLOCK", numbers)
        check_same_numbers(layer, shape, expected)


LARGE = [
    (layer, (21, 20, 16) if isinstance(layer, Conv2D | Conv2DTranspose | DepthwiseConv2D | MaxPooling2D) else shape)
    for layer, shape in CONVOLUTIONS + POOLS
]
"""So large that two threads are at work at the same time, and would be found in each other's memory."""


@pytest.mark.parametrize(("layer", "shape"), LARGE, ids=lambda value: _name(value))
def test_that_a_second_thread_changes_no_bit(layer: Layer, shape: Shape, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "WORTH_SHARING", 1)
    monkeypatch.setattr(threads, "processors", lambda: 2)
    case = Case(Network(shape, (layer,)), 32, dtype=np.float32)
    alone = {name: array.copy() for name, array in case.results().items()}
    jobs: list[threads.Job] = []
    run = case.plan.team.run
    monkeypatch.setattr(case.plan.team, "run", lambda *both: (jobs.extend(both), run(*both)))
    with case.plan.team.at_work():
        for _ in range(5):
            for name, array in case.results().items():
                np.testing.assert_array_equal(array, alone[name], err_msg=name)
    assert len(jobs) >= 5 * 2 * 2  # forward and backward, both halves


def test_that_halves_meet_all_rows_once_and_small_batches_stay_whole() -> None:
    assert windows.shares(7, windows.WORTH_SHARING) == [slice(0, 4), slice(4, 7)]
    assert windows.shares(1, windows.WORTH_SHARING) == [slice(0, 1)]
    assert windows.shares(8, windows.WORTH_SHARING // 8 - 1) == [slice(0, 8)]


@ONLY_CONVOLUTIONS
@pytest.mark.parametrize("worth", [0.0, 100.0])
def test_that_windows_unrolled_down_the_picture_give_the_same_as_laid_over_each_other(
    layer: Layer, shape: Shape, worth: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = case_of(layer, shape).results()
    monkeypatch.setattr(overlay, "_WORTH_UNROLLING", worth)
    check_same_numbers(layer, shape, expected)


@ONLY_CONVOLUTIONS
def test_that_a_product_for_each_row_gives_the_same_as_one_for_all(
    layer: Layer, shape: Shape, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = case_of(layer, shape).results()
    monkeypatch.setattr(conv_op, "_SMALL", (1, 2**60))
    for numbers in (windows.BLOCK, 2_000):
        monkeypatch.setattr(windows, "BLOCK", numbers)
        check_same_numbers(layer, shape, expected)


MANY_CHANNELS = [
    Conv2D(6, 3, padding="same", activation="tanh"),
    Conv2D(6, (3, 2), padding="same", dilation_rate=(1, 2)),
    Conv2D(6, 2, dilation_rate=(2, 1)),
    Conv2D(6, 3, 2),
    Conv2DTranspose(6, 3, activation="tanh"),
    Conv2DTranspose(6, 2, padding="same", dilation_rate=2),
]
"""So many channels and filters that windows are rows of a matrix, as in most networks."""


@pytest.mark.parametrize("layer", MANY_CHANNELS, ids=describe)
def test_that_many_channels_have_the_gradients_of_the_forward_computation(layer: Layer) -> None:
    check_gradients(case_of(layer, (7, 6, 5)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@ONLY_CONVOLUTIONS
def test_that_places_gathered_before_they_are_added_change_no_bit(
    layer: Layer, shape: Shape, dtype: type[np.floating], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for short in (0, 2**30):
        monkeypatch.setattr(overlay, "_SHORT", short)
        found.append(Case(Network(shape, (layer,)), ROWS, dtype=dtype).results())
    for name, array in found[0].items():
        np.testing.assert_array_equal(array, found[1][name], err_msg=name)


@pytest.mark.parametrize("layer", [AveragePooling2D(2), MaxPooling2D(), MaxPooling2D(3, 2, "same")], ids=describe)
def test_that_the_second_half_of_a_batch_may_have_the_larger_blocks(
    layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = Network((4, 4, 2), (layer,))
    expected = Case(network, 21).results()
    monkeypatch.setattr(windows, "WORTH_SHARING", 1)
    monkeypatch.setattr(windows, "BLOCK", 10 * 2 * 4 * 4 * 2)  # halves of 11 and 10 rows, in blocks of 10 at most
    for name, array in Case(network, 21).results().items():
        np.testing.assert_allclose(array, expected[name], rtol=1e-12, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("layer", [MaxPooling2D(), MaxPooling2D((3, 2)), MaxPooling1D(3)], ids=describe)
def test_that_pools_side_by_side_are_those_that_may_lie_anywhere(layer: Layer, monkeypatch: pytest.MonkeyPatch) -> None:
    """With numbers that are often equal, so that the first of them counts."""
    shape = (9, 8, 5) if isinstance(layer, MaxPooling2D) else (10, 5)
    x = np.random.default_rng(3).integers(0, 3, (ROWS, *shape)).astype(np.float64)
    expected = Case(Network(shape, (layer,)), ROWS, x=x).results()
    monkeypatch.setattr(max_pooling, "TiledMaxPoolingOp", max_pooling.MaxPoolingOp)
    for name, array in Case(Network(shape, (layer,)), ROWS, x=x).results().items():
        np.testing.assert_array_equal(array, expected[name], err_msg=name)
