"""The comparison with other engines runs; what it measures is for people to judge."""

from __future__ import annotations

import importlib.util
import json

import pytest

from tests.benchmarks.peers.__main__ import main
from tests.benchmarks.peers.rows import ROWS

SMALLEST = ["--rounds", "1", "--seconds", "0.001", "--rows", "playground"]


def test_that_the_smallest_comparison_prints_a_line_for_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SMALLEST, "--peers", ""]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:3] == ["us/step", "nncore", "nncore-fit"]
    name, step, fit, *ratios = lines[1].split()
    assert name == "playground"
    assert float(step) > 0
    assert float(fit) > 0
    assert ratios == ["-", "-"]


def test_that_a_peer_has_numbers_exactly_if_it_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SMALLEST, "--peers", "torch", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert ("torch" in found["rows"][0]["microseconds"]) == (importlib.util.find_spec("torch") is not None)


def test_that_an_unknown_peer_is_refused_with_those_that_are_known(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([*SMALLEST, "--peers", "abacus"])
    assert "'abacus' is not known; there are" in capsys.readouterr().err


def test_that_every_row_is_a_network_that_fits_its_loss_and_its_samples() -> None:
    for row in ROWS.values():
        x, y = row.samples(2)
        assert x.shape == (2 * row.batch, *row.network.input_shape)
        row.loss.encode(y, row.network.shapes()[-1], row.classes, x.dtype)
