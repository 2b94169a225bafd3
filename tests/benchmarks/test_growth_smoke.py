"""The benchmark of growth runs; how long anything takes is not asserted."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.benchmarks.growth.__main__ import PARTS, table


@pytest.mark.parametrize("part", PARTS)
def test_that_each_part_of_the_growth_benchmark_measures_something(part: str) -> None:
    asked = [sys.executable, "-m", "tests.benchmarks.growth", "--quick", "--json", "--parts", part]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    rows = json.loads(answer.stdout)[part]
    assert rows
    for row in rows:
        assert row["measured"] > 0
        assert row["ratio"] == pytest.approx(row["measured"] / row["allowed"], abs=0.006)


def test_that_the_table_stands_in_columns() -> None:
    lines = table([{"what": "a", "measured": 1.5}, {"what": "longer", "measured": 10}]).splitlines()
    assert lines == ["what    measured", "a            1.5", "longer        10"]
