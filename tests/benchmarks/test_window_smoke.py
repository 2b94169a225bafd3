"""The benchmark of the window runs at its smallest size; what it measures is not judged here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def measured() -> dict[str, object]:
    """Return what one round of the smallest network and one start print as JSON."""
    small = ["--rows", "playground", "--rounds", "1", "--seconds", "0.1", "--starts", "1", "--closings", "1", "--json"]
    command = [sys.executable, "-m", "tests.benchmarks.window", *small]
    root = Path(__file__).parents[2]
    ended = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True, timeout=120)
    answer: dict[str, object] = json.loads(ended.stdout)
    return answer


def test_that_a_training_is_measured_with_and_without_the_window(measured: dict[str, object]) -> None:
    rows = measured["training"]
    assert isinstance(rows, list)
    assert [row["network"] for row in rows] == ["playground"]
    assert rows[0]["samples_per_second"] > 0
    assert rows[0]["in_window"] > 0


def test_that_a_start_is_measured_against_a_bare_script(measured: dict[str, object]) -> None:
    start = measured["start"]
    assert isinstance(start, dict)
    assert start["program_processor"] > 0
    assert start["bare_processor"] > 0


def test_that_closing_is_measured_while_it_trains_and_with_much_unsaved(measured: dict[str, object]) -> None:
    closing = measured["closing"]
    assert isinstance(closing, dict)
    assert closing["closing_while_training"] > 0
    assert closing["closing_with_much_unsaved"] > 0
    assert closing["longest_by_promised"] > 0
