"""Schedules: each curve against its formula, and their life inside an optimizer."""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nncore
from nncore import schedules
from nncore.errors import FieldError
from nncore.fields import Declared, from_json
from nncore.optimizers import SGD, Adam, Optimizer
from nncore.schedules import (
    SCHEDULES,
    CosineDecay,
    CosineDecayRestarts,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
    Schedule,
    StepDecay,
    Warmup,
)
from tests.nncore import harness
from tests.nncore.harness import QUICK
from tests.nncore.optimizer_cases import bound

ALL = list(SCHEDULES)
PI = math.pi
CURVES: dict[str, list[tuple[Schedule, Callable[[int], float]]]] = {
    "StepDecay": [(StepDecay(0.1, 7, 0.5), lambda t: 0.1 * 0.5 ** (t // 7))],
    "ExponentialDecay": [
        (ExponentialDecay(0.1, 7, 0.5), lambda t: 0.1 * 0.5 ** (t / 7)),
        (ExponentialDecay(0.1, 7, 1.2, True), lambda t: 0.1 * 1.2 ** (t // 7)),
    ],
    "InverseTimeDecay": [
        (InverseTimeDecay(0.1, 3, 0.7), lambda t: 0.1 / (1 + 0.7 * t / 3)),
        (InverseTimeDecay(0.1, 3, 0.7, staircase=True), lambda t: 0.1 / (1 + 0.7 * (t // 3))),
    ],
    "PolynomialDecay": [
        (PolynomialDecay(0.1, 10), lambda t: 0.0999 * (1 - min(t, 10) / 10) + 0.0001),
        (PolynomialDecay(0.1, 10, 0.02, 3.0), lambda t: 0.08 * (1 - min(t, 10) / 10) ** 3 + 0.02),
        (
            PolynomialDecay(0.1, 10, 0.02, 0.5, cycle=True),
            lambda t: 0.08 * (1 - t / (10 * max(1, -(-t // 10)))) ** 0.5 + 0.02,
        ),
    ],
    "CosineDecay": [
        (CosineDecay(0.1, 10), lambda t: 0.05 * (1 + math.cos(PI * min(t, 10) / 10))),
        (CosineDecay(0.1, 10, warmup_steps=4), lambda t: 0.05 * (1 + math.cos(PI * min(t, 10) / 10))),
        (
            CosineDecay(0.0, 10, 0.2, warmup_target=0.3, warmup_steps=4),
            lambda t: 0.3 * t / 4 if t < 4 else 0.3 * (0.4 * (1 + math.cos(PI * min(t - 4, 10) / 10)) + 0.2),
        ),
    ],
    "CosineDecayRestarts": [
        (CosineDecayRestarts(0.1, 5, 1.0), lambda t: 0.05 * (1 + math.cos(PI * (t % 5) / 5))),
        (CosineDecayRestarts(0.1, 5, alpha=0.2), lambda t: 0.1 * (0.4 * (1 + math.cos(PI * _share(t)[1])) + 0.2)),
        (
            CosineDecayRestarts(0.1, 5, 2.0, 0.5),
            lambda t: 0.05 * 0.5 ** _share(t)[0] * (1 + math.cos(PI * _share(t)[1])),
        ),
    ],
    "PiecewiseConstantDecay": [
        (
            PiecewiseConstantDecay((3, 9), (0.1, 0.05, 0.2)),
            lambda t: 0.1 if t <= 3 else 0.05 if t <= 9 else 0.2,
        )
    ],
    "Warmup": [(Warmup(0.1, 4), lambda t: 0.1 * min(t, 4) / 4)],
}
CASES = [case for cases in CURVES.values() for case in cases]


def _share(t: int) -> tuple[int, float]:
    """Return (number, done share) of the wave at step t, for waves of 5, 10, 20, ... steps."""
    wave, length = 0, 5
    while t >= length:
        t, wave, length = t - length, wave + 1, length * 2
    return wave, t / length


each_schedule = pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
each_curve = pytest.mark.parametrize(
    ("schedule", "curve"), CASES, ids=[harness.describe(schedule) for schedule, _ in CASES]
)


# --- The curves -------------------------------------------------------------------------------------------------


def test_that_every_schedule_has_a_curve() -> None:
    assert set(CURVES) == set(SCHEDULES.names())
    for cls in ALL:
        assert {type(schedule) for schedule, _ in CURVES[cls.__name__]} == {cls}
        assert getattr(schedules, cls.__name__) is cls
        assert getattr(nncore.optimizers.schedules, cls.__name__) is cls
        assert cls.equation
        assert cls.help().endswith(".")


@each_curve
def test_that_the_rate_follows_the_formula(schedule: Schedule, curve: Callable[[int], float]) -> None:
    for step in range(200):
        assert schedule.rate(step) == pytest.approx(curve(step), rel=1e-12, abs=1e-15)
        assert schedule(step) == schedule.rate(step)


@pytest.mark.parametrize("growth", [1.0, 1.1, 1.5, 2.0, 3.0, 10.0])
def test_that_a_wave_restarts_at_its_very_first_step(growth: float) -> None:
    restarts = CosineDecayRestarts(1.0, 100, growth)
    start = 0.0
    for wave in range(6):
        if start == round(start):
            assert restarts.rate(int(start)) == pytest.approx(1.0, abs=1e-9)
        start += 100 * growth**wave


def test_that_a_rate_that_grows_without_end_becomes_infinite() -> None:
    assert ExponentialDecay(0.1, 1, 10.0).rate(100_000) == math.inf


@pytest.mark.parametrize(
    ("cls", "expected"),
    [
        (StepDecay, "initial_learning_rate decay_steps decay_rate"),
        (ExponentialDecay, "initial_learning_rate decay_steps decay_rate staircase"),
        (InverseTimeDecay, "initial_learning_rate decay_steps decay_rate staircase"),
        (PolynomialDecay, "initial_learning_rate decay_steps end_learning_rate power cycle"),
        (CosineDecay, "initial_learning_rate decay_steps alpha warmup_target warmup_steps"),
        (CosineDecayRestarts, "initial_learning_rate first_decay_steps t_mul m_mul alpha"),
        (PiecewiseConstantDecay, "boundaries values"),
        (Warmup, "initial_learning_rate warmup_steps"),
    ],
)
def test_that_arguments_have_the_names_and_order_of_keras(cls: type[Schedule], expected: str) -> None:
    assert list(inspect.signature(cls).parameters) == expected.split()


# --- The declarations -------------------------------------------------------------------------------------------


@QUICK
@given(st.one_of([harness.declared(cls) for cls in ALL]))
def test_that_any_schedule_survives_json(schedule: Schedule) -> None:
    assert from_json(Schedule, json.loads(json.dumps(schedule.to_json()))) == schedule


@QUICK
@given(st.one_of([harness.declared(cls) for cls in ALL]), st.integers(0, 2**31))
def test_that_no_rate_is_negative(schedule: Schedule, step: int) -> None:
    assert schedule.rate(step) >= 0


@each_schedule
def test_that_values_beyond_a_rule_are_refused_by_name(cls: type[Declared]) -> None:
    harness.check_bounds(cls)


@each_schedule
def test_that_forms_name_what_an_optimizer_multiplies_its_rate_by_a_share_or_a_factor(cls: type[Schedule]) -> None:
    shown = [field for field in cls.fields() if field.name in cls.rates and not field.rule.hidden]
    assert all(field.label.endswith(("share", "Factors")) for field in shown)


@each_schedule
def test_that_a_schedule_with_no_steps_is_refused(cls: type[Schedule]) -> None:
    for name in ("decay_steps", "first_decay_steps"):
        if name in [field.name for field in cls.fields()]:
            with pytest.raises(FieldError, match=rf"{cls.__name__}: {name} must be .* from 1 to .*, but is 0"):
                cls.suggested().replace(**{name: 0})


def test_that_boundaries_that_do_not_ascend_and_missing_values_are_refused() -> None:
    with pytest.raises(FieldError, match=r"boundaries must ascend, but are \[9, 3\]. Try \[3, 9\]"):
        PiecewiseConstantDecay((9, 3), (1, 2, 3))
    with pytest.raises(FieldError, match="2 values and 2 boundaries"):
        PiecewiseConstantDecay((3, 9), (1, 2))


def test_that_a_rate_that_stays_zero_is_refused() -> None:
    for make in (lambda: CosineDecay(0.0, 10), lambda: PiecewiseConstantDecay((3,), (0.0, 1.0))):
        with pytest.raises(FieldError, match="the learning rate must be above 0"):
            make()


# --- In an optimizer --------------------------------------------------------------------------------------------


@each_curve
def test_that_a_schedule_given_as_learning_rate_is_followed(schedule: Schedule, curve: Callable[[int], float]) -> None:
    spec = SGD(schedule)  # type: ignore[arg-type]  # as scripts for Keras do
    assert spec.learning_rate == schedule.base
    assert spec.schedule is not None
    assert spec.schedule.base == 1.0
    parameters, gradient, updater = bound(spec, 1)
    gradient[...] = 1
    for step in range(30):
        assert updater.rate == pytest.approx(curve(step), rel=1e-12, abs=1e-15)
        before = parameters.copy()
        updater.step()
        np.testing.assert_allclose(before - parameters, updater.spec.rate(step), rtol=1e-9, atol=1e-15)


@each_schedule
def test_that_the_learning_rate_scales_the_whole_curve(cls: type[Schedule]) -> None:
    one = Adam(0.01, schedule=cls.suggested())
    two = one.replace(learning_rate=0.02)
    assert [two.rate(step) for step in range(0, 3000, 100)] == pytest.approx(
        [2 * one.rate(step) for step in range(0, 3000, 100)]
    )


@each_schedule
def test_that_the_first_or_highest_rate_of_a_suggested_schedule_is_the_learning_rate(cls: type[Schedule]) -> None:
    spec = Adam(0.02, schedule=cls.suggested())
    assert max(spec.rate(step) for step in range(2000)) == pytest.approx(0.02)


def test_that_a_learning_rate_beside_a_schedule_takes_its_shape_only() -> None:
    spec = Adam(0.5, schedule=ExponentialDecay(0.1, 10, 0.5))
    assert spec.rate(0) == 0.5
    assert spec.rate(10) == pytest.approx(0.25)
    assert spec == Adam(0.5, schedule=ExponentialDecay(1.0, 10, 0.5))


@each_schedule
def test_that_an_optimizer_with_a_schedule_survives_json(cls: type[Schedule]) -> None:
    spec = Adam(0.02, schedule=cls.suggested())
    assert from_json(Optimizer, json.loads(json.dumps(spec.to_json()))) == spec


def test_that_two_schedules_are_refused() -> None:
    schedule = ExponentialDecay(0.1, 10, 0.5)
    with pytest.raises(FieldError, match="two schedules"):
        SGD(schedule, schedule=schedule)  # type: ignore[arg-type]


def test_that_forms_show_the_learning_rate_once() -> None:
    for cls in ALL:
        for field in cls.fields():
            assert field.rule.hidden or field.name != "initial_learning_rate"


@each_schedule
def test_that_a_restored_updater_goes_on_along_the_curve(cls: type[Schedule]) -> None:
    spec = SGD(0.1, schedule=cls.suggested())
    _, _, updater = bound(spec, 3)
    for _ in range(5):
        updater.step()
    _, _, other = bound(spec, 3)
    other.restore(updater.state())
    assert other.rate == updater.rate == spec.rate(5)
