"""What is said at the end of a training."""

from __future__ import annotations

import pytest

from nncore.events import Failed, Finished
from workbench.training.outcome import words


@pytest.mark.parametrize(
    ("stopped", "epoch", "told"),
    [
        (False, 1.0, "Training is finished after 1 epoch."),
        (False, 12_000.0, "Training is finished after 12,000 epochs."),
        (True, 1_234.56, "Stopped in epoch 1,235; what was learned is kept."),
        (True, 1_234.0, "Stopped after epoch 1,234; what was learned is kept."),
    ],
)
def test_that_the_end_of_a_training_is_told_in_grouped_numbers(stopped: bool, epoch: float, told: str) -> None:
    assert words(Finished(stopped), epoch, 20_000) == (told, "", False)


@pytest.mark.parametrize(
    ("outcome", "wanted", "told"),
    [
        (Finished(stopped=False), 1_200, ("Ended after epoch 1,234: epochs were set to 1,200.", "", False)),
        (
            Finished(False, "The best are back."),
            3,
            ("Ended after epoch 1,234: epochs were set to 3.", "The best are back.", False),
        ),
        (Finished(stopped=False), 1_234, ("Training is finished after 1,234 epochs.", "", False)),
        (Finished(stopped=True), 3, ("Stopped after epoch 1,234; what was learned is kept.", "", False)),
    ],
)
def test_that_an_end_that_was_moved_to_an_epoch_that_has_passed_is_told_as_that(
    outcome: Finished, wanted: int, told: tuple[str, str, bool]
) -> None:
    assert words(outcome, 1_234.0, wanted) == told


def test_that_reset_is_named_after_a_breakdown_whose_kept_weights_are_not_the_first() -> None:
    told = ("It broke down.", "Try this. Reset brings the first weights back.", True)
    assert words(Failed("It broke down.", "Try this.", 3), 1.0, 3) == told
    assert words(Failed("It broke down.", "Try this.", 0), 1.0, 3) == ("It broke down.", "Try this.", True)
