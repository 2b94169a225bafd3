"""A part of what ``python -m tests.fuzz.projects`` does, in every run of the tests."""

from __future__ import annotations

from pathlib import Path

from tests.fuzz.projects import run


def test_that_damaged_project_files_never_crash_hang_or_write_outside(tmp_path: Path) -> None:
    outcomes, failures = run(300, 1, tmp_path)
    assert not failures
    assert outcomes["refused"] > 100
    assert outcomes["opens"] > 10
