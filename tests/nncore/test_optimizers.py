"""Every registered optimizer against Keras's formulas, written out here array by array."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore import optimizers
from nncore.fields import from_json
from nncore.optimizers import CHUNK, OPTIMIZERS, SGD, Adam, Optimizer, Updater
from nncore.types import Array
from tests.nncore import harness
from tests.nncore.harness import QUICK

SIZE = 2 * CHUNK + 1237
ALL = list(OPTIMIZERS)


# --- Keras's formulas -------------------------------------------------------------------------------------------


@dataclass
class Reference:
    """One array of weights and what an optimizer remembers of it."""

    w: Array
    memory: dict[str, Array] = field(default_factory=dict)
    t: int = 0

    def slot(self, name: str) -> Array:
        return self.memory.setdefault(name, np.zeros_like(self.w))


def sgd(r: Reference, s: SGD, g: Array) -> None:
    if s.momentum == 0:
        r.w = r.w - s.learning_rate * g
        return
    m = s.momentum * r.slot("m") - s.learning_rate * g
    r.memory["m"] = m
    r.w = r.w + (s.momentum * m - s.learning_rate * g if s.nesterov else m)


def adam(r: Reference, s: Adam, g: Array) -> None:
    alpha = s.learning_rate * math.sqrt(1 - s.beta_2**r.t) / (1 - s.beta_1**r.t)
    m = r.memory["m"] = s.beta_1 * r.slot("m") + (1 - s.beta_1) * g
    v = r.memory["v"] = s.beta_2 * r.slot("v") + (1 - s.beta_2) * g * g
    r.w = r.w - m * alpha / (np.sqrt(v) + s.epsilon)


REFERENCES: dict[str, Callable[[Reference, Any, Array], None]] = {"SGD": sgd, "Adam": adam}
CASES: dict[str, list[Optimizer]] = {
    "SGD": [SGD(), SGD(0.1, 0.9), SGD(0.1, 0.9, nesterov=True), SGD(0.1, nesterov=True)],
    "Adam": [Adam(), Adam(0.1, 0.5, 0.6, 0.01), Adam(0.01, 0.0, 0.999), Adam(0.01, 0.0, 0.0)],
}
SETTINGS = [spec for specs in CASES.values() for spec in specs]


def gradients(size: int = SIZE, seed: int = 0) -> Iterator[Array]:
    """Yield different gradients, among them exact zeros."""
    rng = np.random.default_rng(seed)
    while True:
        g = rng.normal(size=size) * rng.choice([1e-4, 1.0, 30.0], size=size)
        g[rng.random(size) < 0.1] = 0.0
        yield g


def bound(spec: Optimizer, size: int = SIZE, dtype: type[np.floating] = np.float64) -> tuple[Array, Array, Updater]:
    """Return (parameters, gradients, updater) with random parameters."""
    parameters = np.random.default_rng(42).normal(size=size).astype(dtype)
    gradient = np.zeros_like(parameters)
    return parameters, gradient, spec.bind(parameters, gradient)


def advance(updater: Updater, gradient: Array, source: Iterator[Array], steps: int) -> None:
    for _ in range(steps):
        gradient[...] = next(source)
        updater.step()


each_setting = pytest.mark.parametrize("spec", SETTINGS, ids=harness.describe)


# --- The declaration --------------------------------------------------------------------------------------------


def test_that_every_optimizer_has_a_reference_and_cases() -> None:
    assert set(REFERENCES) == set(CASES) == set(OPTIMIZERS.names())
    for cls in ALL:
        assert {type(spec) for spec in CASES[cls.__name__]} == {cls}
        assert getattr(optimizers, cls.__name__) is cls
        assert cls.equation
        assert cls.help().endswith(".")


def test_that_the_defaults_are_those_of_keras() -> None:
    assert SGD() == SGD(learning_rate=0.01, momentum=0.0, nesterov=False)
    assert Adam() == Adam(learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7)
    assert OPTIMIZERS.get("sgd") is SGD
    assert OPTIMIZERS.get("adam") is Adam


@QUICK
@given(st.one_of([harness.declared(cls) for cls in ALL]))
def test_that_any_optimizer_survives_json(spec: Optimizer) -> None:
    restored = from_json(Optimizer, json.loads(json.dumps(spec.to_json())))
    assert restored == spec
    assert type(restored) is type(spec)


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
    for step in range(1, 7):
        gradient[...] = next(source)
        reference.t = step
        REFERENCES[spec.type_name](reference, spec, gradient.copy())
        before = gradient.copy()
        updater.step()
        np.testing.assert_allclose(parameters, reference.w, rtol=1e-10, atol=1e-12)
        np.testing.assert_array_equal(gradient, before)
    assert updater.iterations == 6


@QUICK
@given(spec=st.one_of([harness.declared(cls) for cls in ALL]))
def test_that_steps_follow_the_formula_for_any_setting(spec: Optimizer) -> None:
    parameters, gradient, updater = bound(spec, 50)
    reference = Reference(parameters.copy())
    source = gradients(50)
    for step in range(1, 5):
        gradient[...] = next(source)
        reference.t = step
        REFERENCES[spec.type_name](reference, spec, gradient.copy())
        updater.step()
    np.testing.assert_allclose(parameters, reference.w, rtol=1e-6, atol=1e-6 * max(1.0, np.abs(reference.w).max()))


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


def test_that_the_memory_of_another_optimizer_is_ignored() -> None:
    _, gradient, updater = bound(Adam(), 10)
    advance(updater, gradient, gradients(10), 2)
    _, _, other = bound(SGD(0.1, 0.9), 10)
    other.restore(updater.state())
    assert other.iterations == 0
    assert not other.slots["velocity"].any()


@each_setting
def test_that_a_new_learning_rate_acts_from_the_next_step_on(spec: Optimizer) -> None:
    parameters, gradient, updater = bound(spec)
    reference = Reference(parameters.copy())
    source = gradients()
    for step in range(1, 6):
        if step == 3:
            updater.spec = spec.replace(learning_rate=0.25)
        gradient[...] = next(source)
        reference.t = step
        REFERENCES[spec.type_name](reference, updater.spec, gradient.copy())
        updater.step()
    np.testing.assert_allclose(parameters, reference.w, rtol=1e-10, atol=1e-12)


@each_setting
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_the_dtype_is_kept(spec: Optimizer, dtype: type[np.floating]) -> None:
    parameters, gradient, updater = bound(spec, CHUNK + 5, dtype)
    advance(updater, gradient, gradients(CHUNK + 5), 2)
    arrays = [parameters, *updater.slots.values(), *updater.state().slots.values()]
    arrays += [array for chunk in updater.chunks for array in chunk]
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
    gradient[...] = 0.01
    harness.check_no_growth(updater.step)


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
    assert float(np.square(parameters).sum()) < 0.9 * first
