"""The running sums over the batches of an epoch."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.losses import LossOp
from nncore.metrics import AUC, METRICS, Accuracy, MeanSquaredError, Metric, RootMeanSquaredError, Tally
from nncore.types import Array


def batch(target: Array, output: Array, mask: Array | None = None) -> LossOp:
    op = LossOp(output, None, target)
    op.mask = mask
    return op


def data(rows: int = 23) -> tuple[Array, Array]:
    rng = np.random.default_rng(0)
    return rng.integers(0, 3, rows), rng.random((rows, 3))


@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_that_batches_come_to_the_values_of_all_samples(scale: float) -> None:
    target, output = data()
    metrics: list[Metric] = [cls() for cls in METRICS]
    tally = Tally(metrics, (3,), scale)
    for start in range(0, 23, 5):
        part = slice(start, start + 5)
        first = tally.add(float(start), batch(target[part], output[part]))
        assert first == metrics[0](target[part], output[part])
    found = tally.results(23)
    assert found.pop("loss") == pytest.approx((0 * 5 + 5 * 5 + 10 * 5 + 15 * 5 + 20 * 3) / 23)
    assert list(found) == METRICS.names()
    for metric in metrics:
        assert found[metric.name] == pytest.approx(metric(target, output) * scale**metric.unit_power, rel=1e-12)


def test_that_the_first_value_of_a_batch_is_in_the_unit_of_the_data() -> None:
    op = batch(np.zeros((2, 1)), np.array([[3.0], [1.0]]))
    assert Tally([MeanSquaredError()], (1,), 10.0).add(0.0, op) == 500.0
    assert Tally([RootMeanSquaredError()], (1,), 10.0).add(0.0, op) == pytest.approx(10 * 5**0.5)
    assert Tally([], (1,), 10.0).add(0.0, op) == 0.0


def test_that_masked_steps_do_not_count() -> None:
    output = np.zeros((2, 2, 3))
    output[..., 1] = 1.0
    tally = Tally([Accuracy()], (2, 3), 1.0)
    tally.add(0.0, batch(np.array([[1, 0], [1, 0]]), output, np.array([[True, False], [True, True]])))
    assert tally.results(2)["accuracy"] == pytest.approx(2 / 3)


def test_that_sums_are_taken_over_as_they_were_kept() -> None:
    target, output = data()
    first, second = Tally([AUC(), Accuracy()], (3,), 1.0), Tally([AUC(), Accuracy()], (3,), 1.0)
    first.add(0.5, batch(target, output))
    assert second.takes(tuple(first.sums))
    second.restore(tuple(first.sums))
    assert second.results(23) == first.results(23)
    second.clear()
    assert not second.sums.any()


def test_that_sums_of_the_first_version_give_their_loss() -> None:
    tally = Tally([Accuracy()], (3,), 1.0)
    assert tally.takes((46.0, 3.0))
    tally.restore((46.0, 3.0))
    assert tally.results(23) == {"loss": 2.0, "accuracy": 0.0}
    assert not tally.takes((46.0,))
    assert not tally.takes((46.0, 3.0, 1.0, 1.0))
