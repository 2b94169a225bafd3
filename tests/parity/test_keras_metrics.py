"""Every metric against Keras: the value over several batches of different sizes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import pytest

from nncore.metrics import METRICS
from nncore.types import Array
from tests.parity.comparing import assert_same
from tests.parity.torch_losses import draw

BATCHES = (7, 1, 4)


@dataclass(frozen=True)
class MetricVariant:
    """One way to use a metric; targets and outputs are as in ``torch_losses``."""

    targets: str
    outputs: str
    shape: tuple[int, ...]
    keywords: dict[str, Any]
    keras_name: str = ""

    def __str__(self) -> str:
        return f"{self.targets}-{self.outputs}-{'x'.join(map(str, self.shape))}-{self.keywords}"


def variant(targets: str, outputs: str, *shape: int, keras_name: str = "", **keywords: Any) -> MetricVariant:
    return MetricVariant(targets, outputs, shape, keywords, keras_name)


NUMBERS = (variant("numbers", "numbers", 3), variant("numbers", "numbers", 1), variant("numbers", "numbers", 4, 2))
BITS = (variant("bits", "shares", 1), variant("bits", "shares", 3))
VARIANTS: dict[str, tuple[MetricVariant, ...]] = {
    # Keras decides by the shapes what the name "accuracy" means.
    "accuracy": (
        variant("bits", "shares", 1, keras_name="BinaryAccuracy"),
        variant("one-hot", "distribution", 5, keras_name="CategoricalAccuracy"),
        variant("index", "distribution", 5, keras_name="SparseCategoricalAccuracy"),
        variant("index", "distribution", 3, 5, keras_name="SparseCategoricalAccuracy"),
    ),
    "binary_accuracy": (*BITS, variant("bits", "shares", 3, threshold=0.3)),
    "categorical_accuracy": (variant("one-hot", "distribution", 5), variant("one-hot", "distribution", 3, 4)),
    "sparse_categorical_accuracy": (variant("index", "distribution", 5), variant("index", "distribution", 3, 4)),
    "top_k_categorical_accuracy": (variant("one-hot", "distribution", 9), variant("one-hot", "distribution", 5, k=2)),
    "sparse_top_k_categorical_accuracy": (
        variant("index", "distribution", 9),
        variant("index", "distribution", 5, k=2),
    ),
    "mae": NUMBERS,
    "mse": NUMBERS,
    "root_mean_squared_error": NUMBERS,
    "r2_score": NUMBERS[:2],
    "precision": (*BITS, variant("bits", "shares", 3, thresholds=0.7)),
    "recall": (*BITS, variant("bits", "shares", 3, thresholds=0.7)),
    "f1_score": (
        variant("one-hot", "distribution", 4),
        variant("one-hot", "distribution", 4, average="macro"),
        variant("one-hot", "distribution", 4, average="micro"),
        variant("one-hot", "distribution", 4, average="weighted"),
        variant("bits", "shares", 3, average="macro", threshold=0.4),
        variant("bits", "shares", 1, average="micro", threshold=0.5),
    ),
    "auc": (*BITS[:1], variant("bits", "shares", 1, num_thresholds=11)),
}
CASES = [pytest.param(name, case, id=f"{name}-{case}") for name in METRICS.names() for case in VARIANTS.get(name, ())]


def batches(case: MetricVariant) -> list[tuple[Array, Array]]:
    rng = np.random.default_rng(12)
    drawn = []
    for rows in BATCHES:
        shape = (rows, *case.shape)
        target, output = draw(case.targets, shape, rng), draw(case.outputs, shape, rng).astype(np.float32)
        drawn.append((target if case.targets == "index" else target.astype(np.float32), output))
    return drawn


@pytest.mark.parametrize(("name", "case"), CASES)
def test_that_the_value_over_batches_is_that_of_keras(name: str, case: MetricVariant) -> None:
    spec = METRICS.get(name)
    ours = spec(**case.keywords)
    theirs = getattr(keras.metrics, case.keras_name or spec.__name__)(**case.keywords)
    totals = np.zeros(ours.size(case.shape))
    for target, output in batches(case):
        totals += ours.totals(target, output)
        theirs.update_state(target, output)
    expected = np.asarray(theirs.result().cpu().numpy())
    assert_same(np.mean(ours.result(totals)), expected.mean(), np.float32, f"{name}({case})")


@pytest.mark.parametrize("name", METRICS.names())
def test_that_values_stand_under_keras_names(name: str) -> None:
    spec = METRICS.get(name)
    keras.utils.clear_session()  # it numbers the names
    theirs = getattr(keras.metrics, spec.__name__)()
    assert (spec.object_name or spec.type_name) == theirs.name
