"""A part of what ``python -m tests.crash.kill`` does, in every run of the tests."""

from __future__ import annotations

from tests.crash.kill import run


def test_that_a_kill_loses_no_file_and_little_work() -> None:
    report = run(4, 7)
    assert report.kills == [3, 1]
    assert not report.failures
    assert report.opened >= 3
    assert report.recovered >= 2
    assert report.oldest < 10
