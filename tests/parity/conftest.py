"""Asked for with ``-m parity``, everything here runs and nothing may skip; otherwise nothing here is even imported."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

OF_KERAS = ("__array__ implementation doesn't accept a copy keyword:DeprecationWarning",)
"""Warnings that Keras's own code provokes."""
HERE = Path(__file__).parent


def _asked(config: pytest.Config) -> bool:
    return re.search(r"(?<!not )\bparity\b", config.option.markexpr) is not None


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return None if _asked(config) else True


@pytest.hookimpl(tryfirst=True)  # before the markers choose
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("parity")
            for warning in OF_KERAS:
                item.add_marker(pytest.mark.filterwarnings(f"ignore:{warning}"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but nothing may skip here: {report.longrepr}"
    return report


def pytest_configure(config: pytest.Config) -> None:
    """Choose Keras's backend before anything imports Keras; a missing package is an error."""
    if _asked(config):
        os.environ["KERAS_BACKEND"] = "torch"
        import keras
        import torch

        assert torch.__version__.split("+")[0] == "2.13.0", f"torch is {torch.__version__}"
        assert keras.backend.backend() == "torch"
        torch.set_num_threads(1)  # the tensors are small
