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
    ("rule", "name", "words"),
    [
        ({"value": 0.8}, "val_accuracy", "The validation accuracy reached 0.8 after epoch {}."),
        ({"monitor": "accuracy", "value": 0.8}, "accuracy", "The accuracy reached 0.8 after epoch {}."),
        ({"monitor": "loss", "value": 0.5}, "loss", "The loss reached 0.5 after epoch {}."),
        ({"monitor": "val_loss", "value": 0.5}, "val_loss", "The validation loss reached 0.5 after epoch {}."),
    ],
)
def test_that_the_training_ends_with_the_first_epoch_that_reaches_the_value(
    rule: dict[str, object], name: str, words: str
) -> None:
    trained, note = ended(**rule)
    expected = first_epoch(name, float(str(rule["value"])))
    assert 1 < expected < LONG
    assert trained.epoch == expected
    assert note == words.format(expected)


def test_that_the_metric_of_the_training_part_counts_where_there_is_no_other() -> None:
    settings = class_settings(epochs=LONG, stop_at=StopAt(value=0.8))
    trained = Session(class_network(), settings, class_data(validation=0))
    last = finish(trained)[-1]
    assert isinstance(last, Finished)
    assert last.note.startswith("The accuracy reached 0.8 after epoch")


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
    assert last.note.startswith("The validation accuracy reached 0.8 after epoch")
    assert last.note.endswith("the best one, are back.")


def test_that_watching_what_is_not_measured_is_said_before_the_start() -> None:
    with pytest.raises(InputError, match="StopAt watches auc"):
        session(stop_at=StopAt("auc"))
