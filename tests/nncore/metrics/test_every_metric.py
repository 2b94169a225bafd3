"""What every registered metric must hold, whatever it measures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore import metrics
from nncore.errors import DataError, InputError
from nncore.fields import from_json
from nncore.losses import LOSSES, Target
from nncore.metrics import METRICS, Metric, default_metric, named_as_asked
from nncore.project import TrainingSettings
from nncore.types import Array
from tests.nncore import harness
from tests.nncore.harness import QUICK

ALL = list(METRICS)
each_metric = pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.type_name)
each_variant = pytest.mark.parametrize(
    "metric", [variant for cls in ALL for variant in harness.variants(cls)], ids=harness.describe
)
KINDS = ["index", "one-hot", "numbers", "one number", "places"]
each_kind = pytest.mark.parametrize("kind", KINDS)


def example(kind: str, rows: int = 6, seed: int = 0) -> tuple[Array, Array]:
    """Return (target, output) as a loss of this kind has them."""
    rng = np.random.default_rng(seed)
    shape = {"places": (rows, 4, 3), "one number": (rows, 1)}.get(kind, (rows, 3))
    targets: dict[str, Array] = {
        "index": rng.integers(0, 3, rows),
        "one-hot": np.eye(3)[rng.integers(0, 3, rows)],
        "numbers": rng.random((rows, 3)),
        "one number": rng.random((rows, 1)),
        "places": rng.integers(0, 3, (rows, 4)),
    }
    return targets[kind], rng.random(shape)


@each_metric
def test_that_a_metric_says_what_it_is(cls: type[Metric]) -> None:
    assert cls.label
    assert cls.equation
    assert cls.help().endswith(".")
    assert METRICS.get(cls.type_name) is METRICS.get(cls.__name__) is getattr(metrics, cls.__name__) is cls
    assert cls().name == cls.type_name
    assert cls.percent <= cls.higher_is_better


@each_metric
def test_that_values_beyond_a_rule_are_refused_by_name(cls: type[Metric]) -> None:
    harness.check_bounds(cls)


@QUICK
@given(st.one_of([harness.declared(cls) for cls in ALL]))
def test_that_any_metric_survives_json(metric: Metric) -> None:
    harness.check_json(Metric, metric)


@each_metric
def test_that_a_project_keeps_a_metric_by_its_name(cls: type[Metric]) -> None:
    chosen = TrainingSettings(metric=cls.type_name)  # type: ignore[arg-type]  # a name stands for a declaration
    assert chosen.metric == cls()
    assert chosen.to_json()["metric"] == cls.type_name
    assert from_json(TrainingSettings, chosen.to_json()) == chosen


@each_variant
@each_kind
def test_that_every_metric_takes_the_targets_of_every_loss(metric: Metric, kind: str) -> None:
    target, output = example(kind)
    totals = metric.totals(target, output)
    assert totals.shape == (metric.size(output.shape[1:]),)
    assert totals.dtype == np.float64
    value = metric.result(totals)
    assert type(value) is float
    assert value <= 1
    assert value == metric(target, output)


@each_variant
@each_kind
def test_that_totals_of_batches_come_to_the_value_of_all_samples(metric: Metric, kind: str) -> None:
    target, output = example(kind, rows=23)
    parts = [metric.totals(target[start : start + 7], output[start : start + 7]) for start in range(0, 23, 7)]
    assert metric.result(np.sum(parts, axis=0)) == pytest.approx(metric(target, output), rel=1e-12)


@each_variant
def test_that_nothing_measured_comes_to_nothing(metric: Metric) -> None:
    assert metric.result(metric.totals(np.empty((0, 3)), np.empty((0, 3)))) == 0
    assert metric.result(np.zeros(metric.size((3,)))) == 0


@each_variant
def test_that_masked_steps_do_not_count(metric: Metric) -> None:
    target, output = example("places")
    mask = np.random.default_rng(1).random(target.shape) < 0.6
    expected = metric(target[mask], output[mask])
    assert metric(target, output, mask) == pytest.approx(expected, rel=1e-12)
    assert metric(np.eye(3)[target], output, mask) == pytest.approx(expected, rel=1e-12)


@each_variant
def test_that_class_numbers_and_one_hot_rows_are_measured_alike(metric: Metric) -> None:
    target, output = example("index", rows=20)
    assert metric(target, output) == pytest.approx(metric(np.eye(3)[target], output), rel=1e-12)


@each_variant
def test_that_the_floating_type_of_the_network_changes_nothing_but_the_last_digits(metric: Metric) -> None:
    target, output = example("one-hot", rows=20)
    narrow = metric.result(metric.totals(target.astype(np.float32), output.astype(np.float32)))
    assert narrow == pytest.approx(metric(target, output), rel=1e-5)


@each_metric
def test_that_a_perfect_answer_gets_the_best_value(cls: type[Metric]) -> None:
    target = np.eye(3)[[0, 1, 2, 1]]
    assert cls()(target, target.copy()) == (1.0 if cls.higher_is_better else 0.0)


@each_metric
def test_that_an_output_that_is_no_number_is_measured_without_a_failure(cls: type[Metric]) -> None:
    target, output = example("index")
    output[2] = np.nan
    with np.errstate(all="ignore"):
        assert isinstance(cls()(target, output), float)


@each_metric
def test_that_targets_of_another_size_are_refused(cls: type[Metric]) -> None:
    with pytest.raises(DataError, match=r"targets are 5 numbers, but this output needs 4 × 3"):
        cls()(np.zeros(5), np.zeros((4, 3)))


# --- By name and as an object -----------------------------------------------------------------------------------


def test_that_a_history_has_the_names_that_keras_gives() -> None:
    asked = ["acc", "mae", "MSE", metrics.MeanAbsoluteError(), metrics.AUC(), metrics.AUC(50), metrics.Recall(name="r")]
    assert [metric.name for metric in named_as_asked(asked)] == [
        *("acc", "mae", "MSE", "mean_absolute_error", "auc", "auc_1", "r")
    ]
    assert named_as_asked([metrics.AUC(50)])[0].replace(name="auc") == metrics.AUC(50)


def test_that_a_metric_is_got_by_name_or_as_it_is() -> None:
    assert metrics.get("accuracy") == metrics.Accuracy()
    assert metrics.get("mean_squared_error") == metrics.get("mse") == metrics.MeanSquaredError()
    auc = metrics.AUC(num_thresholds=20)
    assert metrics.get(auc) is auc
    with pytest.raises(InputError, match=r'no metric called "acuracy".*Did you mean "accuracy"'):
        metrics.get("acuracy")


def test_that_classes_are_judged_by_accuracy_and_numbers_by_their_error() -> None:
    loss = LOSSES.get("mse").suggested()
    assert default_metric(loss, Target(3)) == metrics.Accuracy()
    assert default_metric(loss, Target(0, (2,))) == metrics.MeanAbsoluteError()
