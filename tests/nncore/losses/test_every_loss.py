"""Every registered loss against the harness: declaration, gradients, dtype, extremes."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore import losses
from nncore.losses import LOSSES, Loss, LossOp, Target
from nncore.losses.regression import MeanSquaredErrorOp
from nncore.types import Array
from tests.nncore import harness
from tests.nncore.harness import QUICK, Case
from tests.nncore.losses.settings import ALL, FUSIBLE, SETTINGS, WIDTH, Setting, each_setting

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
    harness.check_json(Loss, loss)


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


# --- The harness finds what is wrong --------------------------------------------------------------------------------


class HalfGradientOp(MeanSquaredErrorOp):
    def backward(self) -> None:
        super().backward()
        assert self.gradient is not None
        self.gradient *= 0.5


class HalfSquare(Loss):
    """A squared error that forgets the factor 2 in its gradient; never registered."""

    type_name: ClassVar[str] = "half_square"

    def compile(self, output: Array, gradient: Array | None, target: Array, fused: bool) -> LossOp:
        return HalfGradientOp(output, gradient, target)


def test_that_the_harness_finds_a_loss_with_a_wrong_gradient() -> None:
    with pytest.raises(AssertionError, match="gradient of input"):
        harness.check_gradients(Setting(HalfSquare(), "tanh", Target(0, (WIDTH,))).case())
