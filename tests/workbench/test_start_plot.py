"""The plot in text."""

from __future__ import annotations

import math

from nncore.history import History
from workbench import terminal


def history(losses: list[float], validation: list[float] | None = None) -> History:
    course = History("accuracy")
    for index, loss in enumerate(losses):
        logs = {"loss": loss, "accuracy": 1 - loss}
        if validation is not None:
            logs["val_loss"] = validation[index]
        course.add_epoch(logs)
    return course


def body(lines: list[str], axis: str) -> list[str]:
    return [line.split(axis, 1)[1] for line in lines[1 : 1 + terminal.ROWS]]


def test_that_a_falling_loss_runs_from_top_left_to_bottom_right() -> None:
    lines = terminal.plot(history([1.0, 0.75, 0.5, 0.25, 0.0]), "loss", 40, fancy=False)
    rows = body(lines, "|")
    assert rows[0].startswith("*")
    assert rows[-1].endswith("*")
    starts = [row.index("*") for row in rows]
    assert starts == sorted(starts)
    assert all(len(line) <= 40 for line in lines)


def test_that_the_axes_are_labelled_with_values_and_epochs() -> None:
    lines = terminal.plot(history([2.0, 1.0, 0.5]), "loss", 40, fancy=False)
    assert lines[0].strip() == "loss"
    assert lines[1].startswith("2.0000|")
    assert lines[terminal.ROWS].startswith("0.5000|")
    assert lines[-1].split() == ["1", "epoch", "3"]
    assert "100.00 %" in terminal.plot(history([0.5, 0.0]), "accuracy", 40, fancy=False)[1]


def test_that_training_and_validation_are_told_apart() -> None:
    lines = terminal.plot(history([1.0, 0.5, 0.0], [0.5, 0.5, 0.5]), "loss", 40, fancy=False)
    rows = body(lines, "|")
    assert [number for number, row in enumerate(rows) if "o" in row] == [3]
    fancy = "\n".join(terminal.plot(history([1.0, 0.5, 0.0], [0.5, 0.5, 0.5]), "loss", 40, fancy=True))
    assert "○" in fancy
    assert any(0x2800 < ord(letter) <= 0x28FF for letter in fancy)


def test_that_many_validation_marks_leave_the_training_line_visible() -> None:
    losses = [1 / epoch for epoch in range(1, 201)]
    rows = body(terminal.plot(history(losses, losses), "loss", 60, fancy=False), "|")
    assert sum(row.count("o") for row in rows) > 10
    assert sum(row.count("*") for row in rows) > 20


def test_that_no_epoch_one_epoch_equal_and_infinite_values_can_be_drawn() -> None:
    for losses in ([], [0.5], [0.5, 0.5, 0.5], [math.nan, 0.5, math.inf, 0.25], [1e30, 1e-30]):
        for fancy in (True, False):
            lines = terminal.plot(history(losses, losses), "loss", 30, fancy)
            assert len(lines) == terminal.ROWS + 3
            assert all(len(line) <= 30 for line in lines)


def test_that_plain_terminals_get_plain_letters_and_narrow_ones_a_stack() -> None:
    course = history([1.0, 0.5], [1.0, 0.6])
    wide, narrow = (terminal.draw(course, width, fancy=False) for width in (80, 50))
    assert wide.isascii()
    assert len(wide.splitlines()) == terminal.ROWS + 4
    assert len(narrow.splitlines()) == 2 * (terminal.ROWS + 3) + 1
    assert all(len(line) <= 80 for line in wide.splitlines())
    assert all(len(line) <= 50 for line in narrow.splitlines())
    assert "training" in narrow
    assert "validation" in narrow
