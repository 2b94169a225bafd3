"""Every registered layer against the harness, and the harness against layers that are wrong on purpose."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.activations import ACTIVATIONS
from nncore.errors import FieldError, ShapeError
from nncore.fields import from_json
from nncore.initializers import GlorotUniform, Zeros
from nncore.layers import FAMILIES, LAYERS, Activation, Binding, Dense, Dropout, Flatten, Layer, Op, Weight
from nncore.layers.core.dense import DenseOp
from nncore.network import Network
from nncore.plan import Bound, Plan
from nncore.types import Array, Shape
from tests.nncore import harness
from tests.nncore.harness import QUICK, Case

ALL = list(LAYERS)
VARIANTS = [variant for layer in ALL for variant in harness.variants(layer)]
FORMULAS: dict[str, Callable[[Array], Array]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.where(x > 0, x, 0),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "tanh": lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True),
}
each_variant = pytest.mark.parametrize("layer", VARIANTS, ids=harness.describe)


# --- The declaration --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_that_a_layer_says_its_family_equation_and_purpose(cls: type[Layer]) -> None:
    assert cls.family in FAMILIES
    assert cls.equation
    assert cls.help().endswith(".")
    assert all(field.rule.help for field in cls.fields())


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_that_the_suggested_layer_survives_json(cls: type[Layer]) -> None:
    layer = cls.suggested()
    assert from_json(Layer, json.loads(json.dumps(layer.to_json()))) == layer


@QUICK
@given(st.one_of([harness.declared(cls) for cls in ALL]))
def test_that_any_layer_survives_json(layer: Layer) -> None:
    restored = from_json(Layer, json.loads(json.dumps(layer.to_json())))
    assert restored == layer
    assert type(restored) is type(layer)


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_that_values_beyond_a_rule_are_refused_by_name(cls: type[Layer]) -> None:
    harness.check_bounds(cls)


# --- The computation --------------------------------------------------------------------------------------------


@each_variant
def test_that_inferred_shapes_are_the_actual_ones(layer: Layer) -> None:
    for shape in harness.accepted_shapes(layer):
        for rows in (1, 4):
            harness.check_shapes(Case(Network(shape, (layer,)), rows))


@each_variant
def test_that_declared_weights_are_the_ones_used(layer: Layer) -> None:
    for shape in harness.accepted_shapes(layer):
        harness.check_weights_used(layer, shape)


@each_variant
def test_that_gradients_are_those_of_the_forward_computation(layer: Layer) -> None:
    for shape in harness.accepted_shapes(layer):
        for rows in (1, 5):
            harness.check_gradients(Case(Network(shape, (layer,)), rows))


@each_variant
def test_that_a_layer_leaves_its_neighbours_buffers_alone(layer: Layer) -> None:
    for shape in harness.accepted_shapes(layer):
        harness.check_gradients(Case(harness.surrounded(layer, shape), 3))


@each_variant
def test_that_a_short_last_batch_gives_the_result_of_a_plan_of_that_size(layer: Layer) -> None:
    for shape in harness.accepted_shapes(layer):
        harness.check_short_batch(Network(shape, (layer,)))
        harness.check_short_batch(harness.surrounded(layer, shape))


@each_variant
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_the_dtype_is_kept(layer: Layer, dtype: type[np.floating]) -> None:
    for shape in harness.accepted_shapes(layer):
        harness.check_dtype(Network(shape, (layer,)), dtype)


@each_variant
def test_that_single_precision_agrees_with_double_precision(layer: Layer) -> None:
    for shape in harness.accepted_shapes(layer):
        network = Network(shape, (layer,))
        double = Case(network, 3)
        single = Case(network, 3, x=double.x.astype(np.float32), target=double.target, dtype=np.float32)
        expected = double.results()
        for name, array in single.results().items():
            np.testing.assert_allclose(array, expected[name], rtol=2e-4, atol=2e-5, err_msg=name)


@each_variant
def test_that_prediction_has_no_gradients_and_is_repeatable(layer: Layer) -> None:
    for shape in harness.accepted_shapes(layer):
        network = Network(shape, (layer,))
        x = np.random.default_rng(3).normal(size=(4, *shape))
        plan = Plan(network, np.random.default_rng(4).normal(size=network.count_params()), 4)
        bound = plan.bind(4)
        bound.x[...] = x
        bound.forward()
        first = bound.output.copy()
        bound.forward()
        np.testing.assert_array_equal(bound.output, first)
        assert plan.gradients.size == 0
        assert bound.ops[0].dy is None


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_that_a_hundred_steps_leave_no_memory_behind(cls: type[Layer]) -> None:
    for layer in harness.variants(cls):
        case = Case(Network(harness.accepted_shapes(layer)[-1], (layer,)), 8)
        harness.check_no_growth(case.backward)


# --- What each layer computes -----------------------------------------------------------------------------------


def test_that_every_activation_has_a_formula_to_compare_with() -> None:
    assert set(FORMULAS) == set(ACTIVATIONS.names())


@pytest.mark.parametrize("name", ACTIVATIONS.names())
@pytest.mark.parametrize("shape", [(5,), (1,), (3, 4)])
def test_that_an_activation_computes_its_formula(name: str, shape: Shape) -> None:
    case = Case(Network(shape, (Activation(name),)), 6)
    np.testing.assert_allclose(case.results()["output"], FORMULAS[name](case.x), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", ACTIVATIONS.names())
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_an_activation_stays_finite_for_huge_numbers(name: str, dtype: type[np.floating]) -> None:
    x = np.array([[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4], [1e4, 1e4, 1e4]], dtype)
    case = Case(Network((3,), (Activation(name),)), 3, x=x, dtype=dtype)
    for array in case.results().values():
        assert np.isfinite(array).all()


@pytest.mark.parametrize("name", [entry.name for entry in ACTIVATIONS if entry.probabilities])
def test_that_a_probability_lies_between_zero_and_one(name: str) -> None:
    y = Case(Network((7,), (Activation(name),)), 50).results()["output"]
    assert (y >= 0).all()
    assert (y <= 1).all()


@pytest.mark.parametrize("name", ACTIVATIONS.names())
def test_that_an_activation_may_work_in_place(name: str) -> None:
    entry = ACTIVATIONS.get(name)
    x = np.random.default_rng(0).normal(size=(4, 5))
    dy = np.random.default_rng(1).normal(size=(4, 5))
    y, dx = np.empty_like(x), np.empty_like(x)
    entry.forward(x.copy(), y)
    entry.backward(x, y, dy.copy(), dx)
    over = x.copy()
    entry.forward(over, over)
    np.testing.assert_array_equal(over, y)
    seen = x if entry.keeps_input else over
    gradient = dy.copy()
    entry.backward(seen, over, gradient, gradient)
    np.testing.assert_array_equal(gradient, dx)


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


def test_that_softmax_refuses_samples_without_an_axis() -> None:
    with pytest.raises(ShapeError, match="softmax"):
        Activation("softmax").output_shape(())


def dropped(rate: float, rows: int = 200, *, training: bool = True, seed: int = 0) -> tuple[Array, Array]:
    """Return (input, output) of one Dropout layer."""
    network = Network((500,), (Dropout(rate),))
    plan = Plan(network, np.empty(0), rows, loss=harness.Probe(), training=training, rng=np.random.default_rng(seed))
    bound = Bound(plan, rows)
    bound.x[...] = np.random.default_rng(9).uniform(1.0, 2.0, bound.x.shape)
    bound.forward()
    return bound.x.copy(), bound.output.copy()


@pytest.mark.parametrize("rate", [0.1, 0.25, 0.5, 0.9])
def test_that_dropout_drops_its_share_and_keeps_the_mean(rate: float) -> None:
    x, y = dropped(rate)
    assert np.mean(y == 0) == pytest.approx(rate, abs=0.01)
    np.testing.assert_allclose(y[y != 0], x[y != 0] / (1 - rate), rtol=1e-14)
    assert y.mean() == pytest.approx(x.mean(), rel=0.02)


def test_that_dropout_changes_nothing_while_predicting() -> None:
    x, y = dropped(0.5, training=False)
    np.testing.assert_array_equal(x, y)


def test_that_a_rate_of_zero_changes_nothing_in_training() -> None:
    x, y = dropped(0.0)
    np.testing.assert_array_equal(x, y)


def test_that_dropout_draws_anew_in_each_step_and_follows_its_seed() -> None:
    network = Network((500,), (Dropout(0.5),))
    masks = []
    for seed in (1, 1, 2):
        plan = Plan(network, np.empty(0), 4, loss=harness.Probe(), training=True, rng=np.random.default_rng(seed))
        bound = plan.bind(4)
        bound.x[...] = 1.0
        for _ in range(2):
            bound.forward()
            masks.append(bound.output.copy())
    np.testing.assert_array_equal(masks[0], masks[2])
    np.testing.assert_array_equal(masks[1], masks[3])
    assert (masks[0] != masks[1]).any()
    assert (masks[0] != masks[4]).any()


# --- The harness finds what is wrong ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Wrong(Dense):
    """A Dense whose operation can be given a defect; never registered."""

    defect: str = ""

    def weights(self, shape: Shape) -> tuple[Weight, ...]:
        extra = (Weight("gamma", (2,), "ones"),) if self.defect == "unused weight" else ()
        return (*super().weights(shape), *extra)

    def output_shape(self, shape: Shape) -> Shape:
        right = super().output_shape(shape)
        return (*right[:-1], right[-1] + 1) if self.defect == "shape" else right

    def compile(self, bind: Binding) -> Op:
        return WrongOp(self, bind)


class WrongOp(DenseOp):
    def __init__(self, layer: Wrong, bind: Binding) -> None:
        super().__init__(layer, bind)
        self.defect = layer.defect
        self.kept: list[Array] = []
        self.started = 0
        if self.defect == "dtype":
            self.wide = np.zeros(3)

    def forward(self) -> None:
        super().forward()
        if self.defect == "reads beyond the batch":
            base = self.y.base
            assert isinstance(base, np.ndarray)
            self.y += base[-1]
        if self.defect == "leak":
            self.kept.append(self.y.copy())

    def backward(self) -> None:
        before = self.kernel_gradient.copy()
        super().backward()
        assert self.bias_gradient is not None
        if self.defect == "kernel":
            self.kernel_gradient *= 1.0001
        if self.defect == "bias":
            self.bias_gradient[0] *= 1.0001
        if self.defect == "input" and self.dx is not None:
            self.dx[-1] *= 0.999
        if self.defect == "accumulates":
            self.kernel_gradient += before
        if self.defect == "writes over its input":
            self.x[...] = 0


def wrong(defect: str) -> Network:
    return Network((4,), (Wrong(3, "tanh", defect=defect),))


def test_that_the_right_twin_of_the_wrong_layer_passes() -> None:
    harness.check_gradients(Case(wrong(""), 3))
    harness.check_gradients(Case(harness.surrounded(wrong("").layers[0], (4,)), 3))
    harness.check_shapes(Case(wrong(""), 3))
    harness.check_weights_used(wrong("").layers[0], (4,))
    harness.check_short_batch(wrong(""))
    harness.check_dtype(wrong(""), np.float32)
    harness.check_no_growth(Case(wrong(""), 3).backward)


@pytest.mark.parametrize("defect", ["kernel", "bias", "input", "accumulates"])
def test_that_the_harness_finds_a_wrong_gradient(defect: str) -> None:
    with pytest.raises(AssertionError, match="gradient of"):
        harness.check_gradients(Case(wrong(defect), 3))


def test_that_the_harness_finds_a_layer_that_writes_over_its_input() -> None:
    with pytest.raises(AssertionError, match="gradient of input"):
        harness.check_gradients(Case(harness.surrounded(wrong("writes over its input").layers[0], (4,)), 3))


def test_that_the_harness_finds_a_weight_that_is_not_used() -> None:
    with pytest.raises(AssertionError, match="gamma"):
        harness.check_weights_used(wrong("unused weight").layers[0], (4,))


def test_that_the_harness_finds_a_wrong_shape_rule() -> None:
    with pytest.raises((AssertionError, ValueError)):
        harness.check_shapes(Case(wrong("shape"), 3))


def test_that_the_harness_finds_a_layer_that_reads_rows_of_another_batch() -> None:
    with pytest.raises(AssertionError, match="short batch"):
        harness.check_short_batch(wrong("reads beyond the batch"))


def test_that_the_harness_finds_a_buffer_of_another_dtype() -> None:
    with pytest.raises(AssertionError, match="wide"):
        harness.check_dtype(wrong("dtype"), np.float32)


def test_that_the_harness_finds_memory_left_behind() -> None:
    with pytest.raises(AssertionError, match="left"):
        harness.check_no_growth(Case(wrong("leak"), 3).backward)


def test_that_the_harness_finds_a_rule_that_is_not_enforced() -> None:
    class Lenient(Dense):
        def __post_init__(self) -> None:
            """Check nothing."""

    with pytest.raises(AssertionError, match="takes"):
        harness.check_bounds(Lenient)


def test_that_an_unknown_activation_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(FieldError, match='Did you mean "relu"'):
        Dense(3, "rellu")
