"""Overfitting can be made, and each of its cures helps.

A large network learns 200 digits by heart: it is right on all of them and on four out of five others. The gap, the
difference between the two, is measured as accuracy and as loss, by ``evaluate`` on the same 200 digits, unmoved and
without Dropout, and on 4,600 digits that take no part otherwise; a mean over several splits and seeds. All 200 digits
are one batch, so that the networks compared go the same way but for the cure.

Early stopping needs 200 more digits, from which nothing is learned, to watch. It shrinks the gap because it ends before
the network is right on all of the 200 digits; it is as right on the others as the large network at most, but far less
sure of its errors, which the gap of the loss shows.

Sources: Srivastava and others, "Dropout" (2014); Krogh and Hertz, "A simple weight decay can improve generalization"
(1991); Simard, Steinkraus and Platt, "Best practices for convolutional neural networks applied to visual document
analysis" (2003); Prechelt, "Early stopping - but when?" (1998).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import pytest

from nncore.callbacks.early_stopping import EarlyStopping
from nncore.datasets import Samples, TrainingData, load_training_data
from nncore.layers import Dense, Dropout, Flatten, Layer, RandomRotation, RandomTranslation, RandomZoom
from nncore.losses import SparseCategoricalCrossentropy
from nncore.metrics import Accuracy
from nncore.network import Network
from nncore.optimizers import SGD
from nncore.project import TrainingSettings
from nncore.regularizers import L2
from nncore.session import Session
from tests.nncore.showcase.training import finish

SEEDS = range(4)
LEARNED, WATCHED = 200, 200


def digits(seed: int) -> TrainingData:
    """Return 200 digits to learn, 200 to watch and 4,600 to test."""
    whole = load_training_data("mnist-5k", validation_split=0.0)
    order = np.random.default_rng(seed).permutation(len(whole.train))
    parts = np.split(order, [LEARNED, LEARNED + WATCHED])
    train, validation, test = (Samples(whole.train.x[rows], whole.train.y[rows]) for rows in parts)
    return TrainingData(whole.data, train, validation, test, whole.scaling)


def large(*, dropout: bool = False, l2: float | None = None, augmentation: tuple[Layer, ...] = ()) -> Network:
    """Return a network with 3,300 weights for each digit to learn."""

    def dense(units: int, activation: str) -> Dense:
        return Dense(units, activation, kernel_regularizer=None if l2 is None else L2(l2))

    def drop(rate: float) -> tuple[Layer, ...]:
        return (Dropout(rate),) if dropout else ()

    hidden = (dense(512, "relu"), *drop(0.5))
    return Network((28, 28), (*augmentation, Flatten(), *drop(0.2), *hidden, *hidden, dense(10, "softmax")))


MOVED = (
    RandomTranslation((-0.08, 0.08), (-0.08, 0.08), fill_mode="constant"),
    RandomRotation((-0.03, 0.03), fill_mode="constant"),
    RandomZoom((-0.1, 0.1), fill_mode="constant"),
)
BY_HEART = TrainingSettings(
    loss=SparseCategoricalCrossentropy(),
    optimizer=SGD(0.15, momentum=0.9),
    metric=Accuracy(),
    batch_size="full",
    epochs=40,
)
WATCHING = BY_HEART.replace(early_stopping=EarlyStopping("val_loss", patience=2, restore_best_weights=True))

TRAININGS = {
    "nothing": (large(), BY_HEART),
    "dropout": (large(dropout=True), BY_HEART),
    "L2": (large(l2=0.008), BY_HEART),
    "augmentation": (large(augmentation=MOVED), BY_HEART),
    "early stopping": (large(), WATCHING),
}


@dataclass(frozen=True)
class Measured:
    """Means over all seeds; the penalty of L2 is in both losses alike."""

    train: float
    test: float
    loss_gap: float
    epochs: float
    least_train: float

    @property
    def gap(self) -> float:
        return self.train - self.test


@functools.cache
def measured(cure: str) -> Measured:
    """Train with each seed and measure."""
    network, settings = TRAININGS[cure]
    rows = []
    for seed in SEEDS:
        session = finish(Session(network, settings.replace(seed=seed), digits(seed)))
        assert session.data.test is not None
        train, test = session.evaluate(session.data.train), session.evaluate(session.data.test)
        rows.append((train["accuracy"], test["accuracy"], test["loss"] - train["loss"], session.epoch))
    table = np.array(rows)
    return Measured(*map(float, [*table.mean(axis=0), table[:, 0].min()]))


def test_that_a_large_network_learns_few_digits_by_heart() -> None:
    plain = measured("nothing")
    assert plain.least_train == 1.0
    assert plain.gap > 0.05


@pytest.mark.parametrize("cure", [cure for cure in TRAININGS if cure != "nothing"])
def test_that_a_cure_shrinks_the_gap(cure: str) -> None:
    assert measured(cure).gap < measured("nothing").gap
    assert measured(cure).loss_gap < 0.8 * measured("nothing").loss_gap


@pytest.mark.parametrize("cure", ["dropout", "L2", "augmentation"])
def test_that_the_gap_shrinks_because_unseen_digits_are_known_better(cure: str) -> None:
    assert measured(cure).test > measured("nothing").test
    assert measured(cure).least_train > 0.9


def test_that_early_stopping_ends_before_all_is_known_by_heart() -> None:
    stopped = measured("early stopping")
    assert stopped.epochs < BY_HEART.epochs / 2
    assert 0.8 < stopped.train < 1.0
    assert stopped.test > measured("nothing").test - 0.04
