"""Every loss and every regularizer against Keras: values, also with sample weights and at the edges of the range."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from nncore.losses import LOSSES
from nncore.regularizers import REGULARIZERS
from nncore.types import Array
from tests.parity.comparing import assert_same
from tests.parity.torch_losses import LossVariant, draw, loss_variants

WEIGHTS = np.array([2.0, 0.0, 0.5, 1.0, 3.0], np.float32)
EDGES = {
    "shares": np.array([[0.0, 1.0, 0.5], [1.0, 0.0, 1e-8]]),
    "distribution": np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]),
    "numbers": np.array([[-60.0, 60.0, 0.0], [30.0, -90.0, 90.0]]),
}


def both(
    name: str, variant: LossVariant, target: Array, output: Array, weights: Array | None = None
) -> tuple[float, float]:
    """Return the engine's value in float32 and Keras's."""
    spec = LOSSES.get(name)(**variant.keywords)
    target = target if variant.targets == "index" else target.astype(np.float32)
    output = output.astype(np.float32)
    op = spec.compile(output.copy(), None, target.copy(), False)
    op.weights = weights
    theirs = getattr(keras.losses, type(spec).__name__)(**variant.keywords)
    return op.forward(), float(theirs(target, output, sample_weight=weights))


@pytest.mark.parametrize(("name", "variant"), loss_variants())
def test_that_the_value_is_that_of_keras(name: str, variant: LossVariant) -> None:
    rng = np.random.default_rng(7)
    for shape in ((1, 3), (5, 3), (5, 4, 3)):
        target, output = draw(variant.targets, shape, rng), draw(variant.outputs, shape, rng)
        ours, theirs = both(name, variant, target, output)
        assert_same(ours, theirs, np.float32, f"{name}({variant}), {shape}")
        if shape == (5, 3):
            ours, theirs = both(name, variant, target, output, WEIGHTS)
            assert_same(ours, theirs, np.float32, f"{name}({variant}), with weights")


@pytest.mark.parametrize(("name", "variant"), loss_variants())
def test_that_the_value_at_the_edges_is_that_of_keras(name: str, variant: LossVariant) -> None:
    output = EDGES[variant.outputs]
    for seed in range(5):
        target = draw(variant.targets, output.shape, np.random.default_rng(seed))
        ours, theirs = both(name, variant, target, output)
        assert_same(ours, theirs, np.float32, f"{name}({variant}) at {output.tolist()}")


@pytest.mark.parametrize("name", LOSSES.names())
def test_that_keras_finds_the_loss_by_the_same_name(name: str) -> None:
    found = keras.losses.get(name)
    assert (getattr(found, "__name__", None) or found.name) == name


@pytest.mark.parametrize(
    ("name", "keywords"),
    [("l1", {}), ("l2", {}), ("l1_l2", {}), ("l1", {"l1": 0.3}), ("l1_l2", {"l1": 0.1, "l2": 0.2})],
)
def test_that_a_penalty_is_that_of_keras(name: str, keywords: dict[str, float]) -> None:
    weights = np.random.default_rng(1).normal(size=(7, 5)).astype(np.float32)
    spec = REGULARIZERS.get(name)
    theirs = getattr(keras.regularizers, spec.__name__)(**keywords)(weights)
    assert_same(spec(**keywords)(weights), float(theirs), np.float32, f"{name}({keywords})")


@pytest.mark.parametrize("name", REGULARIZERS.names())
def test_that_every_regularizer_is_compared(name: str) -> None:
    assert name in ("l1", "l2", "l1_l2")
