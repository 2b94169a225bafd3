"""The rule that ends a training at a value."""

from __future__ import annotations

from pathlib import Path

import pytest

from nncore.callbacks import EarlyStopping, StopAt
from nncore.errors import InputError
from nncore.events import Finished
from nncore.project import Project
from nncore.project_file import load_file, save_project
from nncore.session import Session, start_or_continue
from tests.nncore.examples import class_data, class_network, class_settings, finish, same_course, session

LONG = 40


def ended(**rule: object) -> tuple[Session, str]:
    """Train with the rule; return the session and what it said at the end."""
    trained = session(epochs=LONG, stop_at=StopAt(**rule))  # type: ignore[arg-type]  # as the test gives them
    last = finish(trained)[-1]
    assert isinstance(last, Finished)
    return trained, last.note


def first_epoch(name: str, value: float) -> int:
    """Return the first epoch of an undisturbed training in which a measure is as good as a value."""
    whole = session(epochs=LONG)
    finish(whole)
    values = whole.history.epoch_values(name)
    good = values <= value if "loss" in name else values >= value
    return int(good.argmax()) + 1


@pytest.mark.parametrize(
    ("rule", "name", "measure", "wanted"),
    [
        ({"value": 0.8}, "val_accuracy", "validation accuracy", "80\N{NO-BREAK SPACE}%"),
        ({"monitor": "accuracy", "value": 0.8}, "accuracy", "accuracy", "80\N{NO-BREAK SPACE}%"),
        ({"monitor": "loss", "value": 0.5}, "loss", "loss", "0.5"),
        ({"monitor": "val_loss", "value": 0.5}, "val_loss", "validation loss", "0.5"),
    ],
)
def test_that_the_training_ends_with_the_first_epoch_that_reaches_the_value(
    rule: dict[str, object], name: str, measure: str, wanted: str
) -> None:
    trained, note = ended(**rule)
    expected = first_epoch(name, float(str(rule["value"])))
    assert 1 < expected < LONG
    assert trained.epoch == expected
    value = trained.history.epoch_values(name)[-1]
    reached = f"{value:.3g}" if "loss" in name else f"{100 * value:.3g}\N{NO-BREAK SPACE}%"
    assert note == f"Stopped after epoch {expected}: the {measure} is {reached}, and {wanted} was asked for."


def test_that_the_metric_of_the_training_part_counts_where_there_is_no_other() -> None:
    settings = class_settings(epochs=LONG, stop_at=StopAt(value=0.8))
    trained = Session(class_network(), settings, class_data(validation=0))
    last = finish(trained)[-1]
    assert isinstance(last, Finished)
    assert ": the accuracy is " in last.note


def test_that_a_value_that_is_never_reached_changes_nothing() -> None:
    trained, whole = session(epochs=2, stop_at=StopAt(value=1.1)), session(epochs=2)
    assert finish(trained)[-1] == Finished(stopped=False)
    finish(whole)
    same_course(trained, whole)


def test_that_a_training_that_is_continued_after_it_goes_on_to_the_end(tmp_path: Path) -> None:
    trained, _ = ended(value=0.8)
    save_project(tmp_path / "p.nnw", Project("p", trained.network), trained.checkpoint())
    checkpoint = load_file(tmp_path / "p.nnw").checkpoint
    continued = start_or_continue(trained.network, trained.settings, class_data(), checkpoint)
    assert finish(continued)[-1] == Finished(stopped=False)
    whole = session(epochs=LONG)
    finish(whole)
    same_course(continued, whole)


def test_that_another_value_is_waited_for_again() -> None:
    trained, _ = ended(monitor="loss", value=0.5)
    settings = trained.settings.replace(stop_at=StopAt("loss", 0.3))
    continued = start_or_continue(trained.network, settings, class_data(), trained.checkpoint())
    finish(continued)
    assert continued.epoch == first_epoch("loss", 0.3)


def test_that_it_stands_beside_early_stopping_with_its_best_weights() -> None:
    stopping = EarlyStopping("accuracy", patience=LONG, restore_best_weights=True, mode="min")
    trained = session(epochs=LONG, stop_at=StopAt(value=0.8), early_stopping=stopping)
    last = finish(trained)[-1]
    assert isinstance(last, Finished)
    assert last.note.startswith("Stopped after epoch")
    assert ": the validation accuracy is " in last.note
    assert last.note.endswith("the best one, are back.")


def test_that_watching_what_is_not_measured_is_said_before_the_start() -> None:
    with pytest.raises(InputError, match="StopAt watches auc"):
        session(stop_at=StopAt("auc"))


@pytest.mark.parametrize(
    ("rule", "logs", "told"),
    [
        (StopAt(value=0.6), {"val_accuracy": 0.7667}, "validation accuracy is 76.7 %, and 60 % was"),
        (StopAt(value=0.9995), {"accuracy": 1.0}, "accuracy is 100 %, and 99.95 % was"),
        (StopAt(value=5000), {"mean_absolute_error": 4321.5}, "mean absolute error is 4,322, and 5,000 was"),
        (StopAt(value=0.01), {"loss": 0.004567}, "loss is 0.00457, and 0.01 was"),
    ],
)
def test_that_what_was_reached_and_what_was_asked_for_are_told_in_the_unit_of_the_measure(
    rule: StopAt, logs: dict[str, float], told: str
) -> None:
    words = rule.words(logs, 1234).replace("\N{NO-BREAK SPACE}", " ")
    assert words == f"Stopped after epoch 1,234: the {told} asked for"
