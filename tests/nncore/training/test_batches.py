"""How the training samples are handed out, and what each of them weighs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.datasets.base import Samples, TrainingData
from nncore.errors import InputError
from nncore.events import EpochDone
from nncore.layers import Dense
from nncore.losses import CategoricalCrossentropy
from nncore.network import Network
from nncore.optimizers import SGD
from nncore.plan import Bound, Plan
from nncore.project import TrainingSettings
from nncore.session import Session
from nncore.training.batches import Batches, balanced_weights, batch_rows
from nncore.types import FLOAT32, Array
from tests.nncore.examples import class_data, class_network, class_settings, finish, number_data, number_settings
from tests.nncore.harness import QUICK


def batches(data: TrainingData | None = None, **changes: object) -> tuple[Batches, Plan]:
    """Return the samples of the classifier and a plan to put them into."""
    settings = class_settings(**changes)
    network = class_network()
    made = Batches(data or class_data(), settings, network.input_shape, network.shapes()[-1], FLOAT32)
    parameters = np.zeros(network.count_params(), FLOAT32)
    plan = Plan(network, parameters, made.size, loss=settings.loss, weighted=made.weights is not None)
    return made, plan


def handed_out(made: Batches, plan: Plan, epoch: int) -> list[tuple[Array, Array, Array | None]]:
    """Return copies of what one epoch hands out, batch by batch."""
    found = []
    position = 0
    while position < len(made):
        bound: Bound = plan.bind(made.rows(position))
        made.fill(bound, epoch, position)
        weights = None if bound.weights is None else bound.weights.copy()
        found.append((bound.x.copy(), bound.target.copy(), weights))
        position += len(bound.x)
    return found


def weighted(rows: int = 50) -> TrainingData:
    """Return samples of which each weighs as much as its first number, so that a mistake in the order shows."""
    data = class_data()
    train = Samples(data.train.x[:rows], data.train.y[:rows], weights=np.abs(data.train.x[:rows, 0]))
    return TrainingData(data.data, train, data.validation, None, data.scaling)


@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize("size", [1, 7, 8, 50, "full"])
def test_that_each_epoch_hands_out_each_sample_once_with_its_own_target_and_weight(
    size: int | str, shuffle: bool
) -> None:
    data = weighted()
    made, plan = batches(data, batch_size=size, shuffle=shuffle)
    rows = made.size
    assert rows == (50 if size == "full" else size)
    for epoch in (0, 1):
        parts = handed_out(made, plan, epoch)
        assert [len(x) for x, _, _ in parts] == [rows] * (50 // rows) + [50 % rows] * (50 % rows > 0)
        x, y = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
        w = np.concatenate([part[2] for part in parts if part[2] is not None])
        if not shuffle:
            np.testing.assert_array_equal(x, data.train.x)
            np.testing.assert_array_equal(y, data.train.y)
        np.testing.assert_array_equal(w, np.abs(x[:, 0]))
        places = [int(np.flatnonzero((data.train.x == row).all(axis=1))[0]) for row in x]
        assert sorted(places) == list(range(50))
        np.testing.assert_array_equal(y, data.train.y[places])


def test_that_the_order_follows_from_seed_and_epoch_alone() -> None:
    one, plan = batches()
    other, _ = batches()
    later = handed_out(one, plan, 3)
    handed_out(other, plan, 0)
    for (a, _, _), (b, _, _) in zip(later, handed_out(other, plan, 3), strict=True):
        np.testing.assert_array_equal(a, b)
    first = np.concatenate([part[0] for part in handed_out(one, plan, 0)])
    assert (first != np.concatenate([part[0] for part in later])).any()
    another, _ = batches(seed=6)
    assert (first != np.concatenate([part[0] for part in handed_out(another, plan, 0)])).any()


def test_that_targets_are_encoded_as_the_loss_needs_them() -> None:
    made, _ = batches(loss=CategoricalCrossentropy())
    np.testing.assert_array_equal(made.targets, np.eye(3)[class_data().train.y])
    assert made.targets.dtype == FLOAT32


@QUICK
@given(st.lists(st.integers(0, 4), min_size=1, max_size=40))
def test_that_balanced_classes_weigh_the_same_and_the_mean_weight_is_one(numbers: list[int]) -> None:
    y = np.array(numbers)
    weights = balanced_weights(y, 6)
    assert weights.mean() == pytest.approx(1)
    totals = [weights[y == number].sum() for number in set(numbers)]
    np.testing.assert_allclose(totals, len(y) / len(totals))


def test_that_balanced_weights_and_those_of_the_samples_are_multiplied() -> None:
    data = weighted()
    made, _ = batches(data, class_weight="balanced")
    assert data.train.weights is not None
    assert made.weights is not None
    expected = data.train.weights * balanced_weights(data.train.y, 3)
    np.testing.assert_allclose(made.weights, expected, rtol=1e-6)


def test_that_balanced_classes_move_the_loss_and_not_the_metric_nor_the_validation() -> None:
    data = class_data(60, 20, seed=3)
    rare = (data.train.y != 2) | (np.arange(60) % 7 == 0)
    few = Samples(data.train.x[rare], data.train.y[rare])
    uneven = TrainingData(data.data, few, data.validation, None, data.scaling)
    logs = {}
    for choice in ("none", "balanced"):
        settings = class_settings(optimizer=SGD(1e-20), class_weight=choice, epochs=1)
        trained = Session(Network((4,), (Dense(3, "softmax"),)), settings, uneven)
        logs[choice] = next(event.logs for event in finish(trained) if isinstance(event, EpochDone))
        output = trained.first_parameters[:12].reshape(4, 3)
        z = few.x @ output
        losses = np.log(np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1)) - (
            z[np.arange(len(z)), few.y] - z.max(axis=1)
        )
        weights = balanced_weights(few.y, 3) if choice == "balanced" else np.ones(len(z))
        assert logs[choice]["loss"] == pytest.approx((losses * weights).mean(), rel=1e-4)
    assert logs["none"]["loss"] != pytest.approx(logs["balanced"]["loss"], rel=1e-3)
    for name in ("accuracy", "val_loss", "val_accuracy"):
        assert logs["none"][name] == logs["balanced"][name]


def test_that_a_sample_of_weight_zero_teaches_nothing() -> None:
    data = number_data()
    half = np.arange(40) % 2
    spoilt = data.train.y + 100 * (1 - half)
    settings = number_settings(batch_size="full", shuffle=False, epochs=5, optimizer=SGD(0.05))
    ignoring = Samples(data.train.x, spoilt.astype(FLOAT32), weights=(2.0 * half).astype(FLOAT32))
    alone = Samples(data.train.x[half == 1], data.train.y[half == 1])
    found = []
    for samples in (ignoring, alone):
        trained = Session(
            Network((2,), (Dense(1),)), settings, TrainingData(data.data, samples, None, None, data.scaling)
        )
        finish(trained)
        found.append(trained.parameters.copy())
    np.testing.assert_allclose(*found, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("size", [51, 1000])
def test_that_a_batch_larger_than_the_data_is_told_with_both_numbers(size: int) -> None:
    with pytest.raises(InputError) as caught:
        batch_rows(size, 50)
    assert caught.value.sentence == f"The batch size is {size:,}, but there are only 50 training samples."
    assert caught.value.remedy == 'Choose at most 50, or "full".'
    assert batch_rows(50, 50) == batch_rows("full", 50) == 50


@pytest.mark.parametrize("size", [1, "full"])
def test_that_no_samples_are_told(size: int | str) -> None:
    with pytest.raises(InputError, match="There are no training samples"):
        batch_rows(size, 0)


def test_that_settings_out_of_a_range_cannot_reach_a_batch() -> None:
    for size in (0, -3, 1.5, "half"):
        with pytest.raises(InputError, match="batch_size must be a whole number"):
            TrainingSettings(batch_size=size)  # type: ignore[arg-type]  # what a script may give
