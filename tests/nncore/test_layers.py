"""Every registered layer against the harness, and the harness against layers that are wrong on purpose."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.computing.memory import ALIGNMENT
from nncore.errors import FieldError
from nncore.fields import from_json
from nncore.layers import FAMILIES, LAYERS, Binding, Dense, Layer, Op, Weight
from nncore.layers.core.dense import DenseOp
from nncore.network import Network
from nncore.plan import Plan
from nncore.types import Array, Shape
from tests.nncore import harness
from tests.nncore.harness import QUICK, Case

ALL = list(LAYERS)
VARIANTS = [variant for layer in ALL for variant in harness.variants(layer)]
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
    harness.check_json(Layer, layer)


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
        rng = np.random.default_rng(3)
        x = harness.samples(network, 4, rng)
        plan = Plan(network, harness.random_parameters(network, rng), 4)
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
    found = harness.variants(cls)
    for layer in {found[0], found[-1]}:
        case = Case(Network(harness.accepted_shapes(layer)[-1], (layer,)), 8)
        harness.check_no_growth(case.backward)


# --- The harness finds what is wrong ----------------------------------------------------------------------------


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
            memory = self.y.base  # bytes, among which the numbers begin at a multiple of the alignment
            assert isinstance(memory, np.ndarray)
            start = -memory.ctypes.data % ALIGNMENT
            self.y += memory[start : start + memory.size - ALIGNMENT].view(self.y.dtype)[-1]
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


# --- What a reader finds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_that_a_layer_explains_itself_with_equation_shapes_and_source(cls: type[Layer]) -> None:
    text = cls.__doc__ or ""
    assert "Shapes: x" in text or "Shapes: any" in text
    assert "Source" in text
    assert any("=" in line and line.startswith("    ") for line in text.splitlines()[1:])
