"""Every registered optimizer against Keras's formulas: the declaration, and one step after another."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nncore import optimizers
from nncore.errors import InputError
from nncore.optimizers import (
    CHUNK,
    FLUSH_EVERY,
    OPTIMIZERS,
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    Nadam,
    Optimizer,
    OptimizerState,
    RMSprop,
)
from tests.nncore import harness
from tests.nncore.harness import QUICK
from tests.nncore.optimizer_cases import CASES, FORMULAS, SETTINGS, SIZE, Reference, advance, bound, follow, gradients

ALL = list(OPTIMIZERS)

each_setting = pytest.mark.parametrize("spec", SETTINGS, ids=harness.describe)


# --- The declaration --------------------------------------------------------------------------------------------


def test_that_every_optimizer_has_a_reference_and_cases() -> None:
    assert set(FORMULAS) == set(CASES) == set(OPTIMIZERS.names())
    for cls in ALL:
        assert {type(spec) for spec in CASES[cls.__name__]} == {cls}
        assert getattr(optimizers, cls.__name__) is cls
        assert cls.equation
        assert cls.help().endswith(".")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("SGD", {"learning_rate": 0.01, "momentum": 0.0, "nesterov": False}),
        ("RMSprop", {"learning_rate": 0.001, "rho": 0.9, "momentum": 0.0, "epsilon": 1e-7, "centered": False}),
        ("Adagrad", {"learning_rate": 0.001, "initial_accumulator_value": 0.1, "epsilon": 1e-7}),
        ("Adadelta", {"learning_rate": 0.001, "rho": 0.95, "epsilon": 1e-7}),
        ("Adam", {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "amsgrad": False}),
        (
            "AdamW",
            {
                "learning_rate": 0.001,
                "weight_decay": 0.004,
                "beta_1": 0.9,
                "beta_2": 0.999,
                "epsilon": 1e-7,
                "amsgrad": False,
            },
        ),
        ("Nadam", {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}),
    ],
)
def test_that_arguments_have_the_names_order_and_defaults_of_keras(name: str, expected: dict[str, object]) -> None:
    cls = OPTIMIZERS.get(name.lower())
    assert cls is OPTIMIZERS.get(name)
    parameters = list(inspect.signature(cls).parameters.values())
    positional = {p.name: p.default for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD}
    assert list(positional.items()) == list(expected.items())
    by_name = {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}
    base = ("schedule", "weight_decay", "clipnorm", "clipvalue", "global_clipnorm")
    assert by_name == {key: None for key in base if key not in expected}


def test_that_forms_list_the_simplest_optimizer_first() -> None:
    assert OPTIMIZERS.names() == ["SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "AdamW", "Nadam"]


@QUICK
@given(st.one_of([harness.declared(cls) for cls in ALL]))
def test_that_any_optimizer_survives_json(spec: Optimizer) -> None:
    harness.check_json(Optimizer, spec)


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_that_values_beyond_a_rule_are_refused_by_name(cls: type[Optimizer]) -> None:
    harness.check_bounds(cls)


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_that_the_learning_rate_may_be_changed_while_training(cls: type[Optimizer]) -> None:
    assert cls.field("learning_rate").rule.live


# --- The computation --------------------------------------------------------------------------------------------


@each_setting
@pytest.mark.parametrize("size", [1, 5, CHUNK, SIZE])
def test_that_steps_follow_the_formula_over_several_chunks(spec: Optimizer, size: int) -> None:
    parameters, gradient, updater = bound(spec, size)
    reference = Reference(parameters.copy())
    source = gradients(size)
    for _ in range(6):
        gradient[...] = next(source)
        follow(reference, spec, gradient)
        updater.step()
        np.testing.assert_allclose(parameters, reference.w, rtol=1e-10, atol=1e-12)
    assert updater.iterations == 6


@QUICK
@given(spec=st.one_of([harness.declared(cls) for cls in ALL]))
def test_that_steps_follow_the_formula_for_any_setting(spec: Optimizer) -> None:
    # A variance that rounding nearly makes 0 has no digits left to compare.
    assume(not isinstance(spec, RMSprop) or not spec.centered or 0.01 < spec.rho < 0.99)
    parameters, gradient, updater = bound(spec, 50)
    reference = Reference(parameters.copy())
    source = gradients(50)
    with np.errstate(all="ignore"):
        for _ in range(4):
            gradient[...] = next(source)
            follow(reference, spec, gradient)
            updater.step()
    largest = np.abs(reference.w).max()
    assume(np.isfinite(largest) and largest < 1e100)
    np.testing.assert_allclose(parameters, reference.w, rtol=1e-6, atol=1e-6 * max(1.0, largest))


@each_setting
def test_that_a_restored_state_goes_on_with_the_same_bits(spec: Optimizer) -> None:
    parameters, gradient, updater = bound(spec)
    source = gradients()
    advance(updater, gradient, source, 3)
    state, middle = updater.state(), parameters.copy()
    later = [next(source) for _ in range(3)]
    advance(updater, gradient, iter(later), 3)

    again, other_gradient, other = bound(spec)
    advance(other, other_gradient, gradients(seed=9), 2)
    again[...] = middle
    other.restore(state)
    assert other.iterations == 3
    advance(other, other_gradient, iter(later), 3)
    np.testing.assert_array_equal(again, parameters)


@each_setting
def test_that_a_state_is_a_copy_that_later_steps_leave_alone(spec: Optimizer) -> None:
    _, gradient, updater = bound(spec, 100)
    source = gradients(100)
    advance(updater, gradient, source, 2)
    state = updater.state()
    kept = {name: slot.copy() for name, slot in state.slots.items()}
    advance(updater, gradient, source, 2)
    assert state.iterations == 2
    for name, slot in state.slots.items():
        np.testing.assert_array_equal(slot, kept[name])


@each_setting
def test_that_forgetting_is_starting_anew(spec: Optimizer) -> None:
    parameters, gradient, updater = bound(spec, 100)
    advance(updater, gradient, gradients(100), 3)
    updater.forget()
    parameters[...] = np.random.default_rng(42).normal(size=100)
    advance(updater, gradient, gradients(100, seed=4), 3)
    fresh, other_gradient, other = bound(spec, 100)
    advance(other, other_gradient, gradients(100, seed=4), 3)
    np.testing.assert_array_equal(parameters, fresh)


def test_that_a_memory_of_other_parts_is_ignored() -> None:
    _, gradient, updater = bound(Adam(), 10)
    advance(updater, gradient, gradients(10), 2)
    _, _, other = bound(Adam(amsgrad=True), 10)
    other.restore(updater.state())
    assert other.iterations == 0
    assert not any(slot.any() for slot in other.slots.values())


def test_that_a_memory_of_another_size_is_refused() -> None:
    _, _, updater = bound(Adam(), 10)
    slots = {name: slot[:9] for name, slot in updater.slots.items()}
    with pytest.raises(InputError, match="does not fit the network"):
        updater.restore(OptimizerState("Adam", slots, 3))


def test_that_adagrad_forgets_to_its_initial_sum() -> None:
    _, gradient, updater = bound(Adagrad(initial_accumulator_value=0.3), 10)
    advance(updater, gradient, gradients(10), 2)
    updater.forget()
    assert (updater.slots["sum"] == 0.3).all()


@each_setting
def test_that_a_rate_factor_scales_the_learning_rate_and_is_kept(spec: Optimizer) -> None:
    one, g1, scaled = bound(spec, 50)
    two, g2, plain = bound(spec.replace(learning_rate=spec.learning_rate * 0.25), 50)
    scaled.rate_factor = 0.25
    assert scaled.rate == plain.rate
    advance(scaled, g1, gradients(50), 3)
    advance(plain, g2, gradients(50), 3)
    np.testing.assert_array_equal(one, two)
    _, _, later = bound(spec, 50)
    later.restore(scaled.state())
    assert later.rate_factor == 0.25
    later.forget()
    assert later.rate_factor == 1.0


def test_that_the_memory_of_another_optimizer_is_ignored() -> None:
    _, gradient, updater = bound(Adam(), 10)
    advance(updater, gradient, gradients(10), 2)
    _, _, other = bound(SGD(0.1, 0.9), 10)
    other.restore(updater.state())
    assert other.iterations == 0
    assert not other.slots["velocity"].any()


LIVE = {"learning_rate": 0.25, "momentum": 0.7, "nesterov": True, "weight_decay": 0.3, "clipnorm": 0.9}


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("name", LIVE)
def test_that_a_live_change_acts_as_the_formula_says_from_the_next_step_on(cls: type[Optimizer], name: str) -> None:
    live = {field.name for field in cls.fields() if field.rule.live}
    assert live <= {*LIVE, "clipvalue", "global_clipnorm"}
    if name not in live:
        assert name in {"momentum", "nesterov"}
        return
    spec = cls()
    parameters, gradient, updater = bound(spec, 100)
    reference = Reference(parameters.copy())
    source = gradients(100)
    for changed in (spec, spec, spec.replace(**{name: LIVE[name]}), spec.replace(**{name: LIVE[name]}), spec, spec):
        updater.spec = changed
        gradient[...] = next(source)
        follow(reference, changed, gradient)
        updater.step()
        np.testing.assert_allclose(parameters, reference.w, rtol=1e-10, atol=1e-12)


def test_that_a_momentum_given_up_is_not_remembered() -> None:
    parameters, gradient, updater = bound(SGD(0.1, 0.9), 10)
    advance(updater, gradient, gradients(10), 5)
    updater.spec = SGD(0.1)
    gradient[...] = 0
    updater.step()
    updater.spec = SGD(0.1, 0.9)
    before = parameters.copy()
    gradient[...] = 0
    updater.step()
    np.testing.assert_array_equal(parameters, before)


@pytest.mark.parametrize(
    "spec",
    [
        SGD(1.0, 0.5),
        RMSprop(0.1, 0.5, 0.5, centered=True),
        Adadelta(1.0, 0.5),
        Adam(0.1, 0.5, 0.5),
        Nadam(0.1, 0.5, 0.5),
    ],
    ids=harness.describe,
)
def test_that_what_fades_away_becomes_zero_before_it_makes_the_processor_slow(spec: Optimizer) -> None:
    _, gradient, updater = bound(spec, 4, np.float32)
    gradient[...] = [1, -1, 2, 0.5]
    updater.step()
    assert all(slot.any() for slot in updater.slots.values())
    for _ in range(2 * FLUSH_EVERY - 1):
        gradient[...] = 0
        updater.step()
    for slot in updater.slots.values():
        assert ((slot == 0) | (np.abs(slot) > np.finfo(np.float32).tiny)).all()


def test_that_a_variance_lost_to_rounding_makes_no_nan() -> None:
    parameters, gradient, updater = bound(RMSprop(centered=True), 1000, np.float32)
    gradient[...] = np.random.default_rng(0).normal(size=1000) * 1000
    for _ in range(300):
        updater.step()
    assert np.isfinite(parameters).all()


@each_setting
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_the_dtype_is_kept(spec: Optimizer, dtype: type[np.floating]) -> None:
    parameters, gradient, updater = bound(spec, CHUNK + 5, dtype)
    advance(updater, gradient, gradients(CHUNK + 5), 2)
    arrays = [parameters, *updater.slots.values(), *updater.state().slots.values()]
    arrays += [array for share in updater.shares for chunk in share for array in chunk]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}
    assert np.isfinite(parameters).all()


@each_setting
def test_that_single_precision_agrees_with_double_precision(spec: Optimizer) -> None:
    single, g32, a = bound(spec, 1000, np.float32)
    double, g64, b = bound(spec, 1000)
    source = gradients(1000)
    for _ in range(5):
        g = next(source)
        g32[...], g64[...] = g, g
        a.step()
        b.step()
    np.testing.assert_allclose(single, double, rtol=1e-4, atol=1e-4)


@each_setting
def test_that_a_hundred_steps_leave_no_memory_behind(spec: Optimizer) -> None:
    _, gradient, updater = bound(spec, CHUNK + 5)

    def step() -> None:
        gradient[...] = 0.01
        updater.step()

    harness.check_no_growth(step)


def test_that_the_smallest_epsilon_keeps_zero_gradients_harmless_in_single_precision() -> None:
    smallest = Adam().replace(epsilon=Adam.field("epsilon").rule.ge)
    parameters, _, updater = bound(smallest, 5, np.float32)
    before = parameters.copy()
    updater.step()
    np.testing.assert_array_equal(parameters, before)


@each_setting
def test_that_a_network_without_weights_can_be_stepped(spec: Optimizer) -> None:
    _, _, updater = bound(spec, 0)
    updater.step()
    assert updater.iterations == 1


@each_setting
def test_that_a_bowl_is_descended(spec: Optimizer) -> None:
    parameters, gradient, updater = bound(spec, 20)
    first = float(np.square(parameters).sum())
    for _ in range(200):
        gradient[...] = 2 * parameters
        updater.step()
    assert float(np.square(parameters).sum()) < 0.9995 * first
