"""What keeps a loss from an output and a target, said before training."""

from __future__ import annotations

import pytest

from nncore.losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    Hinge,
    Huber,
    KLDivergence,
    Loss,
    SparseCategoricalCrossentropy,
    Target,
)
from nncore.types import Shape
from tests.nncore.losses.settings import ALL


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_that_an_output_of_another_width_is_told_with_both(cls: type[Loss]) -> None:
    for target in (Target(0, (3,), unit_interval=True), Target(3)):
        found = cls().problem((4,), cls.fuses or "tanh", target)
        assert found is not None
        assert "4" in found.sentence or "numbers" in found.sentence
        assert found.remedy


@pytest.mark.parametrize(
    ("loss", "output", "activation", "target", "word"),
    [
        (Hinge(), (1,), "sigmoid", Target(2), "both sides of 0"),
        (Hinge(), (3,), "linear", Target(3), "3 classes and 3 outputs"),
        (Hinge(), (2,), "linear", Target(2), "2 classes and 2 outputs"),
        (KLDivergence(), (3,), "linear", Target(3), "probabilities"),
        (BinaryCrossentropy(), (3,), "sigmoid", Target(0, (3,)), "numbers from 0 to 1"),
        (BinaryCrossentropy(), (3,), "relu", Target(0, (3,), unit_interval=True), "probabilities"),
        (SparseCategoricalCrossentropy(), (3,), "softmax", Target(0, (3,)), "needs classes"),
        (CategoricalCrossentropy(), (1,), "softmax", Target(2), "single number"),
        (SparseCategoricalCrossentropy(), (5, 3), "softmax", Target(3), "5 × 3"),
        (SparseCategoricalCrossentropy(), (3,), "softmax", Target(3, (5,)), "5 × 3"),
    ],
)
def test_that_what_does_not_fit_is_said(loss: Loss, output: Shape, activation: str, target: Target, word: str) -> None:
    found = loss.problem(output, activation, target)
    assert found is not None
    assert word in found.sentence
    assert found.remedy.endswith(".")


@pytest.mark.parametrize(
    ("loss", "output", "activation", "target"),
    [
        (Hinge(), (1,), "linear", Target(2)),
        (Hinge(), (1,), "tanh", Target(2)),
        (Hinge(), (2,), "tanh", Target(0, (2,))),
        (KLDivergence(), (3,), "softmax", Target(3)),
        (BinaryCrossentropy(), (28, 28), "sigmoid", Target(0, (28, 28), unit_interval=True)),
        (BinaryCrossentropy(), (1,), "sigmoid", Target(2)),
        (BinaryCrossentropy(), (7, 1), "sigmoid", Target(2, (7,))),
        (SparseCategoricalCrossentropy(), (5, 3), "softmax", Target(3, (5,))),
        (CategoricalCrossentropy(), (5, 3), "softmax", Target(3, (5,))),
        (Huber(), (3,), "softmax", Target(3)),
    ],
)
def test_that_what_fits_is_not_refused(loss: Loss, output: Shape, activation: str, target: Target) -> None:
    assert loss.problem(output, activation, target) is None
