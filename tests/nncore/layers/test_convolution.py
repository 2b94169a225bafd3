"""The convolutions against explicit loops, against each other, and against inputs that they cannot take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.errors import FieldError, ShapeError
from nncore.layers import Conv1D, Conv2D, Conv2DTranspose, DepthwiseConv2D, Layer, windows
from nncore.network import Network
from nncore.plan import layout
from nncore.types import Array, Shape
from tests.nncore.harness import QUICK, Case, describe

PAIRS = st.tuples(st.integers(1, 3), st.integers(1, 3))
SIZES = st.tuples(st.integers(7, 9), st.integers(7, 10))


def output_of(layer: Layer, x: Array, **weights: Array) -> Array:
    """Return what one layer makes of ``x`` with these weights."""
    case = Case(Network(x.shape[1:], (layer,)), len(x), x=x)
    for slot in layout(case.network):
        slot.view(case.parameters)[...] = weights[slot.weight.name]
    return case.results()["output"]


def looped(x: Array, kernel: Array, strides: tuple[int, int], dilation: tuple[int, int], padding: str) -> Array:
    """Return the convolution of Conv2D's docstring, number by number."""
    rows, *size, _ = x.shape
    counts, befores = [], []
    for n, k, s, d in zip(size, kernel.shape, strides, dilation, strict=False):
        extent = d * (k - 1) + 1
        counts.append((n - extent) // s + 1 if padding == "valid" else -(-n // s))
        befores.append(0 if padding == "valid" else max((counts[-1] - 1) * s + extent - n, 0) // 2)
    z = np.zeros((rows, *counts, kernel.shape[-1]))
    for h, w, i, j in np.ndindex(*counts, *kernel.shape[:2]):
        down = h * strides[0] + i * dilation[0] - befores[0]
        across = w * strides[1] + j * dilation[1] - befores[1]
        if 0 <= down < size[0] and 0 <= across < size[1]:
            z[:, h, w] += x[:, down, across] @ kernel[i, j]
    return z


def random_numbers(*shape: int, seed: int = 5) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


# --- What they compute ------------------------------------------------------------------------------------------


@QUICK
@given(
    size=SIZES,
    channels=st.sampled_from([2, 6]),
    kernel=PAIRS,
    steps=PAIRS,
    dilated=st.booleans(),
    padding=st.sampled_from(["valid", "same"]),
)
def test_that_conv2d_is_the_explicit_loop(
    size: tuple[int, int], channels: int, kernel: tuple[int, int], steps: tuple[int, int], dilated: bool, padding: str
) -> None:
    strides, dilation = ((1, 1), steps) if dilated else (steps, (1, 1))
    layer = Conv2D(4, kernel, strides, padding, dilation, use_bias=False)
    x, weights = random_numbers(3, *size, channels), random_numbers(*kernel, channels, 4, seed=6)
    expected = looped(x, weights, strides, dilation, padding)
    np.testing.assert_allclose(output_of(layer, x, kernel=weights), expected, rtol=1e-12, atol=1e-12)


@QUICK
@given(size=SIZES, kernel=PAIRS, steps=PAIRS, dilated=st.booleans(), padding=st.sampled_from(["valid", "same"]))
def test_that_a_depthwise_convolution_is_a_convolution_of_each_channel_by_itself(
    size: tuple[int, int], kernel: tuple[int, int], steps: tuple[int, int], dilated: bool, padding: str
) -> None:
    strides, dilation = ((1, 1), steps) if dilated else (steps, (1, 1))
    layer = DepthwiseConv2D(kernel, strides, padding, 2, dilation, use_bias=False)
    x, weights = random_numbers(3, *size, 3), random_numbers(*kernel, 3, 2, seed=6)
    y = output_of(layer, x, kernel=weights)
    for channel in range(3):
        alone = looped(x[..., [channel]], weights[:, :, [channel]], strides, dilation, padding)
        np.testing.assert_allclose(y[..., 2 * channel : 2 * channel + 2], alone, rtol=1e-12, atol=1e-12)


def test_that_a_kernel_of_one_in_the_middle_changes_nothing() -> None:
    kernel = np.zeros((3, 3, 2, 2))
    kernel[1, 1] = np.eye(2)
    x = random_numbers(2, 5, 6, 2)
    np.testing.assert_array_equal(output_of(Conv2D(2, 3, padding="same", use_bias=False), x, kernel=kernel), x)


def test_that_a_kernel_of_one_beside_the_middle_shifts_the_picture() -> None:
    kernel = np.zeros((3, 3, 1, 1))
    kernel[2, 0] = 1
    x = random_numbers(2, 5, 6, 1)
    y = output_of(Conv2D(1, 3, padding="same", use_bias=False), x, kernel=kernel)
    np.testing.assert_array_equal(y[:, :-1, 1:], x[:, 1:, :-1])
    assert not y[:, -1].any()
    assert not y[:, :, 0].any()


def test_that_a_kernel_of_one_place_is_dense_at_every_place() -> None:
    x, kernel, bias = random_numbers(2, 5, 6, 7), random_numbers(1, 1, 7, 3), random_numbers(3)
    y = output_of(Conv2D(3, 1, activation="tanh"), x, kernel=kernel, bias=bias)
    np.testing.assert_allclose(y, np.tanh(x @ kernel[0, 0] + bias), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("strides", "dilation"), [(1, 1), (2, 1), (1, 3)])
def test_that_a_sequence_is_a_picture_of_height_one(padding: str, strides: int, dilation: int) -> None:
    x, kernel, bias = random_numbers(3, 11, 5), random_numbers(4, 5, 2, seed=6), random_numbers(2, seed=7)
    flat = output_of(Conv1D(2, 4, strides, padding, dilation, "silu"), x, kernel=kernel, bias=bias)
    layer = Conv2D(2, (1, 4), (1, strides), padding, (1, dilation), "silu")
    tall = output_of(layer, x[:, None], kernel=kernel[None], bias=bias)
    np.testing.assert_allclose(flat, tall[:, 0], rtol=1e-12)


@pytest.mark.parametrize("dilation", [1, 2])
def test_that_a_causal_convolution_never_looks_ahead(dilation: int) -> None:
    layer = Conv1D(3, 3, padding="causal", dilation_rate=dilation)
    case = Case(Network((9, 2), (layer,)), 2)
    before = case.results()["output"]
    case.x[:, 5:] += 1
    after = case.results()["output"]
    np.testing.assert_array_equal(after[:, :5], before[:, :5])
    assert (after[:, 5] != before[:, 5]).any()
    assert layer.output_shape((9, 2)) == (9, 3)


@QUICK
@given(
    size=st.tuples(st.integers(1, 5), st.integers(1, 6)),
    kernel=PAIRS,
    steps=PAIRS,
    dilated=st.booleans(),
    padding=st.sampled_from(["valid", "same"]),
)
def test_that_a_transposed_convolution_is_the_adjoint_of_the_convolution(
    size: tuple[int, int], kernel: tuple[int, int], steps: tuple[int, int], dilated: bool, padding: str
) -> None:
    """<conv(u), x> = <u, transposed(x)> for every u and x."""
    strides, dilation = ((1, 1), steps) if dilated else (steps, (1, 1))
    x, weights = random_numbers(2, *size, 3), random_numbers(*kernel, 4, 3, seed=6)
    transposed = output_of(
        Conv2DTranspose(4, kernel, strides, padding, None, dilation, use_bias=False), x, kernel=weights
    )
    u = random_numbers(*transposed.shape, seed=7)
    forward = output_of(Conv2D(3, kernel, strides, padding, dilation, use_bias=False), u, kernel=weights)
    assert forward.shape == x.shape
    assert np.vdot(forward, x) == pytest.approx(np.vdot(u, transposed), rel=1e-10)


def test_that_a_transposed_convolution_paints_its_kernel_at_each_number() -> None:
    x = np.array([[1.0, 0.0], [0.0, -2.0]]).reshape(1, 2, 2, 1)
    kernel = random_numbers(2, 2, 1, 1)
    y = output_of(Conv2DTranspose(1, 2, 2, use_bias=False), x, kernel=kernel)[0, :, :, 0]
    expected = np.zeros((4, 4))
    expected[:2, :2], expected[2:, 2:] = kernel[..., 0, 0], -2 * kernel[..., 0, 0]
    np.testing.assert_allclose(y, expected)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (Conv2DTranspose(2, 3, 2, "same"), (14, 10, 2)),
        (Conv2DTranspose(2, 3, 2, "valid"), (15, 11, 2)),
        (Conv2DTranspose(2, 2, 3, "valid"), (21, 15, 2)),
        (Conv2DTranspose(2, 3, 2, "same", (0, 1)), (13, 10, 2)),
        (Conv2DTranspose(2, 3, 2, "valid", 1), (16, 12, 2)),
        (Conv2DTranspose(2, 3, dilation_rate=2), (11, 9, 2)),
        (Conv2D(2, 3, 2, "same"), (4, 3, 2)),
        (Conv2D(2, 3, 2), (3, 2, 2)),
        (Conv2D(2, 3, dilation_rate=(3, 2)), (1, 1, 2)),
        (DepthwiseConv2D(3, depth_multiplier=2), (5, 3, 8)),
    ],
)
def test_that_shapes_are_those_of_keras(layer: Layer, shape: Shape) -> None:
    assert layer.output_shape((7, 5, 4)) == shape


# --- In blocks --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channels", [1, 6])
@pytest.mark.parametrize(
    "layer",
    [
        Conv2D(3, 3, padding="same", activation="relu"),
        Conv2D(3, 2, 2, activation="silu"),
        Conv2D(3, 1, activation="tanh"),
        Conv2DTranspose(3, 3, 2, "same", activation="tanh"),
        Conv2DTranspose(3, 1, activation="tanh"),
        DepthwiseConv2D(3, padding="same", depth_multiplier=2, activation="relu"),
    ],
    ids=describe,
)
def test_that_blocks_of_rows_give_the_result_of_the_whole_batch(
    layer: Layer, channels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = (6, 5, channels)
    whole = Case(Network(shape, (layer,)), 7)
    expected = whole.results()
    for numbers in (1, 2_000):
        monkeypatch.setattr(windows, "BLOCK", numbers)
        for name, array in Case(Network(shape, (layer,)), 7).results().items():
            np.testing.assert_allclose(array, expected[name], rtol=1e-11, atol=1e-12, err_msg=name)


def test_that_blocks_cover_all_rows_and_the_last_may_be_smaller() -> None:
    per_row = windows.BLOCK // 3
    assert windows.blocks(slice(0, 7), per_row) == [slice(0, 3), slice(3, 6), slice(6, 7)]
    assert windows.blocks(slice(3, 5), 1) == [slice(3, 5)]
    assert windows.blocks(slice(0, 2), 10 * windows.BLOCK) == [slice(0, 1), slice(1, 2)]


# --- Declarations -----------------------------------------------------------------------------------------------


def test_that_weights_have_keras_names_and_shapes() -> None:
    shapes = {
        Conv1D(8, 5): ((20, 3), [("kernel", (5, 3, 8)), ("bias", (8,))]),
        Conv2D(8, (5, 4)): ((20, 20, 3), [("kernel", (5, 4, 3, 8)), ("bias", (8,))]),
        Conv2DTranspose(8, (5, 4)): ((20, 20, 3), [("kernel", (5, 4, 8, 3)), ("bias", (8,))]),
        DepthwiseConv2D((5, 4), depth_multiplier=2): ((20, 20, 3), [("kernel", (5, 4, 3, 2)), ("bias", (6,))]),
        Conv2D(8, 5, use_bias=False): ((20, 20, 3), [("kernel", (5, 5, 3, 8))]),
    }
    for layer, (shape, expected) in shapes.items():
        assert [(weight.name, weight.shape) for weight in layer.weights(shape)] == expected


def test_that_work_is_counted_in_multiply_adds() -> None:
    assert Conv2D(32, 3).multiply_adds((28, 28, 1)) == 26 * 26 * 32 * 9
    assert Conv1D(4, 3, padding="same").multiply_adds((10, 5)) == 10 * 4 * 3 * 5
    assert DepthwiseConv2D(3).multiply_adds((28, 28, 4)) == 26 * 26 * 4 * 9
    assert Conv2DTranspose(8, 2, 2).multiply_adds((7, 7, 4)) == 7 * 7 * 4 * 2 * 2 * 8


def test_that_one_number_stands_for_height_and_width() -> None:
    assert Conv2D(4, 3, 2) == Conv2D(4, (3, 3), (2, 2))
    assert Conv2D(4, 3).replace(activation="linear") == Conv2D(4, 3, activation=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("cls", [Conv1D, Conv2D, Conv2DTranspose])
def test_that_strides_and_dilation_do_not_go_together(cls: Any) -> None:
    with pytest.raises(FieldError, match=r"dilation_rate of .*2.* does not go together with strides of .*3") as found:
        cls(4, 3, strides=3, dilation_rate=2)
    assert found.value.field == "dilation_rate"
    with pytest.raises(FieldError, match="DepthwiseConv2D"):
        DepthwiseConv2D(3, strides=2, padding="same", dilation_rate=2)


def test_that_output_padding_must_be_less_than_the_strides() -> None:
    with pytest.raises(FieldError, match="less than the strides, but is 2 with strides of 2"):
        Conv2DTranspose(4, 3, 2, output_padding=2)


# --- Inputs that do not fit -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layer", "shape", "sentence", "remedy"),
    [
        (
            Conv2D(4, 5),
            (3, 9, 1),
            "Conv2D: a kernel of 5 × 5 does not fit into an input of 3 × 9.",
            'Choose a smaller kernel, or the padding "same".',
        ),
        (
            Conv1D(4, 3, dilation_rate=4),
            (8, 1),
            "Conv1D: a kernel of 3, which spreads over 9 with its dilation, does not fit into an input of 8.",
            'Choose a smaller kernel, or the padding "same".',
        ),
        (
            Conv2D(4, 3),
            (784,),
            "Conv2D needs pictures: height × width × channels, but gets 784.",
            "Remove it, put it above a Flatten, or insert Reshape to 28 × 28 × 1 above it.",
        ),
        (
            Conv2D(4, 3),
            (1_000,),
            "Conv2D needs pictures: height × width × channels, but gets 1,000.",
            "Remove it, put it above a Flatten, or insert Reshape to height × width × channels above it.",
        ),
        (
            Conv2DTranspose(4, 3),
            (28, 28),
            "Conv2DTranspose needs pictures: height × width × channels, but gets 28 × 28.",
            "Insert Reshape to 28 × 28 × 1 above it.",
        ),
        (
            DepthwiseConv2D(3),
            (4, 5, 2, 3),
            "DepthwiseConv2D needs pictures: height × width × channels, but gets 4 × 5 × 2 × 3.",
            "Insert Reshape to 4 × 5 × 6 above it.",
        ),
        (
            Conv1D(4, 3),
            (100,),
            "Conv1D needs sequences: time steps × features, but gets 100.",
            "Insert Reshape to 100 × 1 above it.",
        ),
        (
            Conv1D(4, 3),
            (28, 28, 3),
            "Conv1D needs sequences: time steps × features, but gets 28 × 28 × 3.",
            "Use Conv2D for pictures, or insert Reshape to 28 × 84 above it.",
        ),
        (
            Conv2D(4, 3),
            (),
            "Conv2D needs pictures: height × width × channels, but gets a single number.",
            "Check the input shape.",
        ),
        (
            Conv1D(4, 3),
            (),
            "Conv1D needs sequences: time steps × features, but gets a single number.",
            "Check the input shape.",
        ),
        (
            Conv2DTranspose(4, 2, 2, "same", 0),
            (1, 5, 1),
            "Conv2DTranspose: output_padding of 0 × 0 leaves nothing of an input of 1 × 5.",
            "Leave output_padding empty, or make it larger.",
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
        (Conv2D(4, (3, 3)), "x_{h+i,w+j,c}"),
        (Conv2D(4, (3, 3), strides=(2, 1)), "x_{2h+i,w+j,c}"),
        (Conv2D(4, (3, 3), dilation_rate=(1, 3)), "x_{h+i,w+3j,c}"),
        (Conv1D(4, 3), "x_{t+k,c}"),
        (Conv1D(4, 3, strides=2), "x_{2t+k,c}"),
        (Conv1D(4, 3, dilation_rate=4), "x_{t+4k,c}"),
        (DepthwiseConv2D((3, 3), strides=(2, 2)), "x_{2h+i,2w+j,c}"),
        (Conv2DTranspose(4, (3, 3), strides=(2, 3)), "y_{2h+i,3w+j,f}"),
    ],
)
def test_that_the_equation_steps_as_the_kernel_does(layer: Layer, place: str) -> None:
    assert place in layer.typeset()
