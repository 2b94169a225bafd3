"""What is said of a training before it begins."""

from __future__ import annotations

import dataclasses
import itertools
import math
import types

import numpy as np
import pytest

from nncore.callbacks import EarlyStopping, ReduceLROnPlateau, StopAt
from nncore.datasets.base import Samples, TrainingData
from nncore.editing.edits import Replace
from nncore.errors import InputError
from nncore.layers import Dense
from nncore.network import Network
from nncore.optimizers import SGD
from nncore.trace import trace
from nncore.training import estimate
from nncore.types import Shape
from tests.nncore.examples import class_data, class_network, class_settings, finish, same_course, session


def never() -> bool:
    return False


def test_that_parameters_and_memory_follow_from_the_description() -> None:
    network = Network((4,), (Dense(1000, "tanh"), Dense(3, "softmax")))
    small = estimate.expected(network, trace(network), class_settings(optimizer=SGD()), 50)
    assert small.parameters == network.count_params()
    assert small.memory >= 4 * 4 * network.count_params()
    assert small.seconds_per_epoch is None
    with_memory = estimate.expected(network, trace(network), class_settings(), 50)
    assert with_memory.memory == small.memory + 4 * network.count_params()
    larger = estimate.expected(network, trace(network), class_settings(optimizer=SGD(), batch_size=16), 50)
    kept, in_turns = 4 + 1000 + 3, 2 * 1000  # the gradients of all layers take turns in two memories
    for_loss = 3 * 3  # the targets, and what it computes with
    assert larger.memory - small.memory == 8 * 4 * (kept + in_turns + for_loss)


def test_that_after_an_edit_of_a_long_network_only_what_changed_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Dense] = []
    kept = Dense.kept

    def noted(layer: Dense, shape: Shape, rows: int) -> int:
        asked.append(layer)
        return kept(layer, shape, rows)

    monkeypatch.setattr(Dense, "kept", noted)
    network = Network((4,), tuple(Dense(8, name=f"layer {number}") for number in range(200)))
    estimate.expected(network, trace(network), class_settings(), 50)
    assert len(asked) == 200
    asked.clear()
    changed = Replace(50, network.layers[50], Dense(9, name="other")).apply(network)
    estimate.expected(changed, trace(changed), class_settings(), 50)
    assert asked == [changed.layers[50], changed.layers[51]]  # the one below it gets another shape


def test_that_a_batch_larger_than_the_data_is_told() -> None:
    with pytest.raises(InputError, match="51"):
        estimate.expected(class_network(), trace(class_network()), class_settings(batch_size=51), 50)


def test_that_an_epoch_is_as_many_measured_steps_as_it_has_and_a_share_for_the_validation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticks = itertools.count()
    clock = types.SimpleNamespace(perf_counter=lambda: 0.01 * next(ticks))  # so long from one look to the next
    monkeypatch.setattr(estimate, "time", clock)
    data = class_data(400, 50)
    assert data.validation is not None
    found = estimate.measured(class_network(), class_settings(batch_size=32), data, never).seconds_per_epoch
    checking = estimate._FORWARD_SHARE * 0.01 / 32 * len(data.validation)
    assert found == pytest.approx(0.01 * math.ceil(len(data.train) / 32) + checking)


def test_that_it_disturbs_no_training_and_needs_few_samples() -> None:
    trained, whole = session(), session()
    data = class_data()
    touched = dataclasses.replace(data, train=Samples(np.array(data.train.x), np.array(data.train.y)))
    estimate.measured(class_network(), class_settings(), touched, never)
    np.testing.assert_array_equal(touched.train.x, data.train.x)
    finish(trained)
    finish(whole)
    same_course(trained, whole)


def test_that_weights_of_samples_go_along() -> None:
    data = class_data()
    weighted = Samples(data.train.x, data.train.y, weights=np.linspace(0.5, 1.5, len(data.train)))
    given = TrainingData(data.data, weighted, None, None, data.scaling)
    assert estimate.measured(class_network(), class_settings(), given, never).seconds_per_epoch


@pytest.mark.parametrize(
    "rule",
    [{"early_stopping": EarlyStopping()}, {"stop_at": StopAt()}, {"reduce_lr_on_plateau": ReduceLROnPlateau()}],
    ids=lambda rule: next(iter(rule)),
)
def test_that_rules_that_watch_the_validation_part_do_not_stand_in_its_way(rule: dict[str, object]) -> None:
    assert estimate.measured(class_network(), class_settings(**rule), class_data(), never).seconds_per_epoch


def test_that_it_ends_when_it_is_cancelled_and_tries_nothing_enormous(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def at_once() -> bool:
        asked.append(1)
        return True

    assert estimate.measured(class_network(), class_settings(), class_data(), at_once).seconds_per_epoch is None
    assert len(asked) == 1
    huge = Network((4,), (Dense(30_000, "relu"), Dense(5_000, "relu"), Dense(3, "softmax")))
    monkeypatch.setattr(estimate, "Session", None)  # none is made
    assert estimate.measured(huge, class_settings(), class_data(), never).seconds_per_epoch is None
