"""The layers of the family core, and Flatten and Reshape, against what they are meant to compute."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nncore.errors import FieldError, ShapeError
from nncore.fields import from_json
from nncore.initializers import Constant, GlorotUniform, Zeros
from nncore.layers import Dense, Flatten, Layer, PReLU, Reshape, Softmax
from nncore.losses import Loss
from nncore.network import Network, last_activation
from nncore.plan import initial_parameters
from nncore.types import Array, Shape
from tests.nncore import harness
from tests.nncore.harness import Case
from tests.nncore.layers.masked import Masked


def test_that_dense_is_the_product_with_the_kernel_plus_the_bias() -> None:
    case = Case(Network((4,), (Dense(3, "tanh"),)), 6)
    kernel, bias = case.parameters[:12].reshape(4, 3), case.parameters[12:]
    np.testing.assert_allclose(case.results()["output"], np.tanh(case.x @ kernel + bias), rtol=1e-13)


def test_that_dense_works_along_the_last_axis_of_a_picture() -> None:
    case = Case(Network((2, 5, 4), (Dense(3, use_bias=False),)), 3)
    kernel = case.parameters.reshape(4, 3)
    np.testing.assert_allclose(case.results()["output"], np.einsum("rabi,io->rabo", case.x, kernel), rtol=1e-12)


def test_that_dense_has_keras_arguments_and_defaults() -> None:
    layer = Dense(7)
    assert (layer.units, layer.activation, layer.use_bias) == (7, "linear", True)
    assert (layer.kernel_initializer, layer.bias_initializer) == (GlorotUniform(), Zeros())
    assert Dense(7, None) == layer  # type: ignore[arg-type]  # Keras's way to say linear
    assert [weight.name for weight in layer.weights((3,))] == ["kernel", "bias"]
    assert layer.multiply_adds((3,)) == 21


def test_that_flatten_keeps_the_order_of_the_numbers() -> None:
    case = Case(Network((2, 3, 4), (Flatten(),)), 2)
    np.testing.assert_array_equal(case.results()["output"], case.x.reshape(2, 24))


def test_that_dense_refuses_samples_without_an_axis() -> None:
    with pytest.raises(ShapeError, match="Dense"):
        Dense(3).output_shape(())


# --- PReLU ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shared", "expected"), [(None, (4, 5, 3)), ((1, 2), (1, 1, 3)), ((3,), (4, 5, 1)), ((1, 2, 3), (1, 1, 1))]
)
def test_that_prelu_has_a_slope_for_each_place_that_shares_none(shared: Shape | None, expected: Shape) -> None:
    layer = PReLU(shared_axes=shared)
    (weight,) = layer.weights((4, 5, 3))
    assert (weight.name, weight.shape) == ("alpha", expected)
    case = Case(Network((4, 5, 3), (layer,)), 6)
    slopes = case.parameters.reshape(expected)
    np.testing.assert_allclose(case.results()["output"], np.where(case.x > 0, case.x, slopes * case.x), rtol=1e-14)
    harness.check_gradients(case)


def test_that_prelu_starts_as_relu_and_with_the_slope_it_is_given() -> None:
    assert initial_parameters(Network((3,), (PReLU(),)), 0).tolist() == [0, 0, 0]
    assert initial_parameters(Network((3,), (PReLU(Constant(0.25)),)), 0).tolist() == [0.25] * 3


def test_that_prelu_refuses_an_axis_that_samples_do_not_have() -> None:
    with pytest.raises(ShapeError, match="shared_axes names axis 3") as caught:
        PReLU(shared_axes=(1, 3)).output_shape((4, 5))
    assert "axis 1 is the first" in caught.value.remedy


# --- Softmax ----------------------------------------------------------------------------------------------------


def softmax(x: Array) -> Array:
    return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("axis", [-1, 3])
def test_that_softmax_works_along_the_last_axis_however_it_is_named(axis: int) -> None:
    case = Case(Network((2, 5, 4), (Softmax(axis),)), 3)
    np.testing.assert_allclose(case.results()["output"], softmax(case.x), rtol=1e-12)


@pytest.mark.parametrize("axis", [0, 1, 2, -2, 4])
def test_that_softmax_refuses_every_other_axis(axis: int) -> None:
    with pytest.raises(ShapeError, match=f"its axis is {axis}") as caught:
        Softmax(axis).output_shape((2, 5, 4))
    assert caught.value.remedy == "Set axis to -1."


def test_that_softmax_refuses_samples_without_an_axis() -> None:
    with pytest.raises(ShapeError, match="Softmax"):
        Softmax().output_shape(())


def test_that_softmax_gives_zeros_where_a_time_step_does_not_count() -> None:
    case = Case(Network((6, 4), (Masked(), Softmax())), 5)
    found = case.results()
    counts = case.x[..., 0] > 0
    np.testing.assert_allclose(found["output"], softmax(case.x) * counts[..., None], rtol=1e-12)
    assert not found["input gradient"][~counts].any()
    harness.check_gradients(case)


def test_that_a_softmax_layer_serves_a_cross_entropy_like_the_activation() -> None:
    loss = Loss.registry.get("categorical_crossentropy")()
    apart = Network((4,), (Dense(3), Softmax()))
    assert last_activation(apart) == "softmax"
    target = np.eye(3)[[0, 2, 1, 1, 0]]
    one = Case(Network((4,), (Dense(3, "softmax"),)), 5, loss=loss, target=target)
    two = Case(apart, 5, loss=loss, target=target)
    two.parameters[...] = one.parameters
    assert two.loss() == pytest.approx(one.loss(), rel=1e-6)
    np.testing.assert_allclose(two.results()["gradients"], one.results()["gradients"], rtol=1e-5, atol=1e-7)


# --- Reshape ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "expected"),
    [((6, 4), (6, 4)), ((-1, 4), (6, 4)), ((2, -1, 3), (2, 4, 3)), ((-1,), (24,)), ((24, 1, 1), (24, 1, 1))],
)
def test_that_reshape_keeps_the_order_of_the_numbers(target: Shape, expected: Shape) -> None:
    case = Case(Network((2, 3, 4), (Reshape(target),)), 5)
    np.testing.assert_array_equal(case.results()["output"], case.x.reshape(5, *expected))


@pytest.mark.parametrize("target", [(5, 5), (7, -1), (-1, 5, 2), (10,), (2, 2, 2), (25, 1)])
def test_that_reshape_names_a_shape_that_fits_where_its_own_does_not(target: Shape) -> None:
    with pytest.raises(ShapeError, match="cannot put the 24 numbers") as caught:
        Reshape(target).output_shape((2, 3, 4))
    named = caught.value.remedy.split("(")[1].split(")")[0].strip(",")
    assert math.prod(Reshape(tuple(map(int, named.split(",")))).output_shape((2, 3, 4))) == 24


@pytest.mark.parametrize("target", [(-1, -1), (0, 3), (-2, 3), ("a",), 3.5, "28"])
def test_that_reshape_refuses_what_is_no_shape(target: object) -> None:
    with pytest.raises(FieldError, match="target_shape must be"):
        Reshape(target)  # type: ignore[arg-type]


def test_that_a_shape_with_a_wildcard_survives_json() -> None:
    assert from_json(Layer, Reshape((-1, 4)).to_json()) == Reshape((-1, 4))


def test_that_only_fields_that_say_so_take_a_wildcard() -> None:
    with pytest.raises(FieldError, match="input_shape"):
        Dense(3, input_shape=(-1, 4))
