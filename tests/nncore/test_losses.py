"""Every registered loss against the harness, against formulas written out here, and against scikit-learn."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import DTypeLike

from nncore import losses
from nncore.activations import ACTIVATIONS
from nncore.errors import DataError
from nncore.fields import from_json
from nncore.layers import Activation, Flatten
from nncore.losses import (
    LOSSES,
    BinaryCrossentropy,
    CategoricalCrossentropy,
    Loss,
    LossOp,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
    Target,
)
from nncore.losses.regression import MeanSquaredErrorOp
from nncore.network import Network
from nncore.types import Array
from tests.nncore import harness
from tests.nncore.harness import QUICK, Case

ALL = list(LOSSES)
VARIANTS = [variant for loss in ALL for variant in harness.variants(loss)]
WIDTH = 4


@dataclass(frozen=True)
class Setting:
    """A loss with an activation before it and targets that it accepts."""

    loss: Loss
    activation: str
    target: Target

    def __str__(self) -> str:
        kind = "classes" if self.target.classes else "numbers"
        return f"{harness.describe(self.loss)}-{self.activation}-{kind}"

    @property
    def fusible(self) -> bool:
        return self.activation == self.loss.fuses

    def case(self, rows: int = 5, *, x: Array | None = None, fused: bool = True, dtype: DTypeLike = np.float64) -> Case:
        """Return a case whose network is the activation alone; a Flatten behind it keeps the loss from fusing."""
        layers = (Activation(self.activation),) if fused else (Activation(self.activation), Flatten())
        network = Network((WIDTH,), layers)
        target = self.loss.encode(self.raw_targets(rows), (WIDTH,), self.target.classes, dtype)
        case = Case(network, rows, loss=self.loss, x=x, target=target, dtype=dtype)
        assert case.plan.fused == (fused and self.fusible)
        return case

    def raw_targets(self, rows: int) -> Array:
        rng = np.random.default_rng(5)
        if self.target.classes:
            return rng.integers(0, self.target.classes, rows)
        return rng.uniform(0.05, 0.95, (rows, WIDTH))


SETTINGS = [
    Setting(loss, activation, target)
    for loss in VARIANTS
    for activation in ACTIVATIONS.names()
    for target in (Target(0, (WIDTH,)), Target(WIDTH))
    if loss.problem((WIDTH,), activation, target) is None
]
FUSIBLE = [setting for setting in SETTINGS if setting.fusible]
each_setting = pytest.mark.parametrize("setting", SETTINGS, ids=str)


# --- The declaration --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_that_a_loss_fits_some_output_and_target(cls: type[Loss]) -> None:
    assert any(type(setting.loss) is cls for setting in SETTINGS)
    assert cls.equation
    assert cls.help().endswith(".")


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_that_a_loss_is_known_by_both_of_keras_names(cls: type[Loss]) -> None:
    assert LOSSES.get(cls.type_name) is LOSSES.get(cls.__name__) is cls
    assert getattr(losses, cls.__name__) is cls


@QUICK
@given(st.one_of([harness.declared(cls) for cls in ALL]))
def test_that_any_loss_survives_json(loss: Loss) -> None:
    restored = from_json(Loss, json.loads(json.dumps(loss.to_json())))
    assert restored == loss
    assert type(restored) is type(loss)


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_that_values_beyond_a_rule_are_refused_by_name(cls: type[Loss]) -> None:
    harness.check_bounds(cls)


# --- The computation --------------------------------------------------------------------------------------------


@each_setting
@pytest.mark.parametrize("rows", [1, 5])
def test_that_gradients_are_those_of_the_loss(setting: Setting, rows: int) -> None:
    harness.check_gradients(setting.case(rows))
    harness.check_gradients(setting.case(rows, fused=False))


@pytest.mark.parametrize("setting", FUSIBLE, ids=str)
@QUICK
@given(seed=st.integers(0, 1000), scale=st.floats(0.01, 3.0))
def test_that_fused_and_unfused_agree_for_moderate_logits(setting: Setting, seed: int, scale: float) -> None:
    x = np.random.default_rng(seed).normal(0.0, scale, (5, WIDTH))
    fused, unfused = setting.case(x=x), setting.case(x=x, fused=False)
    assert fused.loss() == pytest.approx(unfused.loss(), rel=1e-8, abs=1e-12)
    a, b = fused.results(), unfused.results()
    np.testing.assert_allclose(a["output"], b["output"], rtol=1e-12)
    np.testing.assert_allclose(a["input gradient"], b["input gradient"], rtol=1e-7, atol=1e-12)


@each_setting
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("sign", ["mixed", "positive", "negative"])
def test_that_value_and_gradient_stay_finite_for_huge_logits(
    setting: Setting, dtype: type[np.floating], fused: bool, sign: str
) -> None:
    signs = {"mixed": np.random.default_rng(2).choice([-1.0, 1.0], (5, WIDTH)), "positive": 1.0, "negative": -1.0}
    x = (np.full((5, WIDTH), 1e4) * signs[sign]).astype(dtype)
    case = setting.case(x=x, fused=fused, dtype=dtype)
    assert math.isfinite(case.loss())
    for name, array in case.results().items():
        assert np.isfinite(array).all(), name


@each_setting
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("fused", [True, False])
def test_that_the_dtype_is_kept(setting: Setting, dtype: type[np.floating], fused: bool) -> None:
    case = setting.case(fused=fused, dtype=dtype)
    value = case.loss()
    assert type(value) is float
    for name, array in case.results().items():
        assert array.dtype == dtype, name
    assert case.bound.loss is not None
    for name, value in vars(case.bound.loss).items():
        if isinstance(value, np.ndarray) and np.issubdtype(value.dtype, np.floating):
            assert value.dtype == dtype, name


@each_setting
def test_that_a_short_last_batch_is_the_mean_over_its_own_rows(setting: Setting) -> None:
    few = setting.case(3)
    wide = Case(few.network, 3, capacity=8, loss=setting.loss, target=few.target)
    assert wide.loss() == few.loss()
    np.testing.assert_array_equal(wide.results()["input gradient"], few.results()["input gradient"])


@each_setting
def test_that_the_loss_is_the_mean_over_the_batch(setting: Setting) -> None:
    whole = setting.case(4)
    parts = []
    for row in range(4):
        one = Case(whole.network, 1, loss=setting.loss, x=whole.x[[row]], target=whole.target[[row]])
        parts.append(one.loss())
    assert whole.loss() == pytest.approx(np.mean(parts), rel=1e-12)


@each_setting
def test_that_a_hundred_steps_leave_no_memory_behind(setting: Setting) -> None:
    harness.check_no_growth(setting.case(16).backward)
    harness.check_no_growth(setting.case(16, fused=False).backward)


@each_setting
def test_that_calling_a_loss_like_in_keras_gives_the_value_of_training(setting: Setting) -> None:
    case = setting.case(5, fused=False)
    expected = case.loss()
    output = case.bound.output.copy()
    assert setting.loss(case.target, output) == pytest.approx(expected, rel=1e-12)
    assert setting.loss(case.target.tolist(), output.tolist()) == pytest.approx(expected, rel=1e-12)


# --- Known values -----------------------------------------------------------------------------------------------


def test_that_mean_squared_error_is_the_mean_of_squares() -> None:
    assert MeanSquaredError()([[1.0, 2.0], [3.0, 4.0]], [[2.0, 2.0], [3.0, 0.0]]) == (1 + 0 + 0 + 16) / 4


def test_that_binary_crossentropy_has_its_known_value() -> None:
    expected = -(math.log(0.9) + math.log(0.8)) / 2
    assert BinaryCrossentropy()([[1.0], [0.0]], [[0.9], [0.2]]) == pytest.approx(expected, rel=1e-12)
    assert BinaryCrossentropy(from_logits=True)([[1.0]], [[0.0]]) == pytest.approx(math.log(2), rel=1e-12)


def test_that_the_categorical_crossentropies_have_their_known_value() -> None:
    p = [[0.05, 0.95, 0.0], [0.1, 0.8, 0.1]]
    expected = -(math.log(0.95) + math.log(0.1)) / 2
    assert CategoricalCrossentropy()([[0, 1, 0], [0, 0, 1]], p) == pytest.approx(expected, rel=1e-6)
    assert SparseCategoricalCrossentropy()([1, 2], p) == pytest.approx(expected, rel=1e-6)
    assert SparseCategoricalCrossentropy()([[1], [2]], p) == pytest.approx(expected, rel=1e-6)
    logits = [[0.0, 0.0, 0.0, 0.0]]
    assert SparseCategoricalCrossentropy(from_logits=True)([2], logits) == pytest.approx(math.log(4), rel=1e-12)


def test_that_a_sure_wrong_answer_costs_the_distance_of_the_logits() -> None:
    z = np.array([[1e4, -1e4]])
    assert SparseCategoricalCrossentropy(from_logits=True)([1], z) == pytest.approx(2e4)
    assert CategoricalCrossentropy(from_logits=True)([[0, 1]], z) == pytest.approx(2e4)
    assert BinaryCrossentropy(from_logits=True)([[0, 1]], z) == pytest.approx(1e4)


def test_that_targets_in_one_row_meet_outputs_in_one_column() -> None:
    targets, outputs = [1.0, 0.0, 1.0], [[0.9], [0.2], [0.6]]
    expected = -(math.log(0.9) + math.log(0.8) + math.log(0.6)) / 3
    assert BinaryCrossentropy()(targets, outputs) == pytest.approx(expected, rel=1e-12)
    assert MeanSquaredError()(targets, outputs) == pytest.approx((0.01 + 0.04 + 0.16) / 3, rel=1e-12)


def test_that_targets_of_another_size_are_refused() -> None:
    for loss in (MeanSquaredError(), BinaryCrossentropy(), CategoricalCrossentropy()):
        with pytest.raises(DataError, match="2 × 3"):
            loss(np.zeros((2, 3)), np.full((2, 4), 0.25))
    with pytest.raises(DataError, match="3"):
        SparseCategoricalCrossentropy()([0, 1, 2], np.full((2, 4), 0.25))


def probabilities(rows: int, classes: int) -> Array:
    raw = np.random.default_rng(1).uniform(0.01, 1.0, (rows, classes))
    shares: Array = raw / raw.sum(axis=1, keepdims=True)
    return shares


def test_that_the_cross_entropies_agree_with_scikit_learn() -> None:
    from sklearn.metrics import log_loss  # type: ignore[import-untyped]  # it ships no types

    p = probabilities(60, 7)
    y = np.random.default_rng(2).integers(0, 7, 60)
    expected = log_loss(y, p, labels=list(range(7)))
    assert SparseCategoricalCrossentropy()(y, p) == pytest.approx(expected, rel=1e-12)
    assert SparseCategoricalCrossentropy(from_logits=True)(y, np.log(p) + 3.0) == pytest.approx(expected, rel=1e-12)
    assert CategoricalCrossentropy()(np.eye(7)[y], p) == pytest.approx(expected, rel=1e-12)
    assert CategoricalCrossentropy(from_logits=True)(np.eye(7)[y], np.log(p)) == pytest.approx(expected, rel=1e-12)
    yes, q = y % 2, p[:, :1]
    expected = log_loss(yes, np.hstack([1 - q, q]))
    assert BinaryCrossentropy()(yes[:, None], q) == pytest.approx(expected, rel=1e-12)
    logits = np.log(q / (1 - q))
    assert BinaryCrossentropy(from_logits=True)(yes[:, None], logits) == pytest.approx(expected, rel=1e-12)


def test_that_probabilities_need_not_sum_to_one() -> None:
    p = probabilities(6, 3)
    y = np.array([0, 1, 2, 0, 1, 2])
    assert SparseCategoricalCrossentropy()(y, p * 5) == pytest.approx(SparseCategoricalCrossentropy()(y, p), rel=1e-12)


def test_that_shares_as_targets_are_weighed() -> None:
    t, p = np.array([[0.3, 0.7], [0.5, 0.25]]), np.array([[0.6, 0.4], [0.2, 0.8]])
    expected = -float((t * np.log(p)).sum(axis=1).mean())
    assert CategoricalCrossentropy()(t, p) == pytest.approx(expected, rel=1e-12)
    assert CategoricalCrossentropy(from_logits=True)(t, np.log(p)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("cls", [CategoricalCrossentropy, SparseCategoricalCrossentropy])
@pytest.mark.parametrize("fused", [True, False])
def test_that_a_loss_over_places_is_the_mean_over_rows_and_places(cls: type[Loss], fused: bool) -> None:
    loss = cls()
    layers = (Activation("softmax"),) if fused else (Activation("softmax"), Activation("linear"))
    y = np.random.default_rng(0).integers(0, 3, (5, 6))
    target = y if loss.target_kind == "index" else np.eye(3)[y]
    case = Case(Network((6, 3), layers), 5, loss=loss, target=target)
    p = np.exp(case.x) / np.exp(case.x).sum(axis=-1, keepdims=True)
    expected = -np.log(np.take_along_axis(p, y[..., None], axis=-1)).mean()
    assert case.loss() == pytest.approx(expected, rel=1e-10)
    harness.check_gradients(case)


# --- Targets ----------------------------------------------------------------------------------------------------


def test_that_class_numbers_become_one_hot_rows_where_the_loss_needs_them() -> None:
    encoded = CategoricalCrossentropy().encode(np.array([2, 0]), (3,), 3, np.float32)
    np.testing.assert_array_equal(encoded, [[0, 0, 1], [1, 0, 0]])
    assert encoded.dtype == np.float32
    same = SparseCategoricalCrossentropy().encode(np.array([2, 0]), (3,), 3, np.float32)
    np.testing.assert_array_equal(same, [2, 0])
    assert same.dtype == np.int64
    one = BinaryCrossentropy().encode(np.array([1, 0]), (1,), 2, np.float64)
    np.testing.assert_array_equal(one, [[1.0], [0.0]])


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("number", [-1, 3])
def test_that_a_class_number_out_of_range_is_refused_with_its_place(cls: type[Loss], number: int) -> None:
    with pytest.raises(DataError, match=rf"from 0 to 2, but sample 2 has the class {number}\."):
        cls().encode(np.array([0, number, 1]), (3,), 3, np.float32)


# --- The harness finds what is wrong ----------------------------------------------------------------------------


class HalfGradientOp(MeanSquaredErrorOp):
    def backward(self) -> None:
        super().backward()
        assert self.gradient is not None
        self.gradient *= 0.5


@dataclass(frozen=True)
class HalfSquare(Loss):
    """A squared error that forgets the factor 2 in its gradient; never registered."""

    type_name: ClassVar[str] = "half_square"

    def compile(self, output: Array, gradient: Array | None, target: Array, fused: bool) -> LossOp:
        return HalfGradientOp(output, gradient, target)


def test_that_the_harness_finds_a_loss_with_a_wrong_gradient() -> None:
    with pytest.raises(AssertionError, match="gradient of input"):
        harness.check_gradients(Setting(HalfSquare(), "tanh", Target(0, (WIDTH,))).case())
