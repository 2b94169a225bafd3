"""What the first painted window waits for, and what comes after it."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.workbench.cli_runs import environment
from tests.workbench.conftest import close
from workbench.__main__ import main
from workbench.app import build

LATER = {
    "pyqtgraph": "the curves, which the welcome page covers",
    "numpy.random": "weights, batches and generated data",
    "numpy.polynomial": "one activation",
    "pandas": "files of tables",
    "sklearn": "data sets",
    "safetensors": "files of weights",
    "qtawesome": "all icons of a dozen fonts",
    "rich": "the terminal",
    "asyncio": "nothing",
    "importlib.metadata": "nothing",
}
"""Modules that take long to import, and what they are for."""

OPENING = """
import json, os, sys
from workbench import display
def show_modules(*_):
    print(json.dumps(sorted(sys.modules)), flush=True)
    os._exit(0)
display.require_libraries = lambda: None
from PySide6.QtWidgets import QApplication
QApplication.exec = show_modules
from workbench.__main__ import main
main([])
"""


def test_that_the_first_window_imports_nothing_that_it_does_not_show(tmp_path: Path) -> None:
    there = environment(QT_QPA_PLATFORM="offscreen", HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", OPENING], cwd=tmp_path, env=there, capture_output=True, text=True, check=True
    )
    imported = set(json.loads(done.stdout))
    assert {"workbench.main_window", "workbench.life.welcome.page"} <= imported
    assert imported.isdisjoint(LATER), imported & set(LATER)


def test_that_the_curves_under_the_welcome_page_come_after_the_window(qtbot: QtBot) -> None:
    _, window = build(["workbench"], data_at_once=False)
    qtbot.addWidget(window)
    window.show()
    assert window.life.welcome is not None
    assert window.life.welcome.isVisible()
    assert not window.watching.plots.built
    qtbot.waitUntil(lambda: window.watching.plots.built)
    close(window)


def test_that_curves_in_view_come_with_the_window(qtbot: QtBot) -> None:
    _, window = build(["workbench", "xor"], data_at_once=False)
    qtbot.addWidget(window)
    assert not window.watching.plots.built
    window.show()
    assert window.watching.plots.built
    assert window.watching.loss_curve.isVisible()
    assert window.watching.metric_curve.isVisible()
    close(window)


def test_that_a_metric_named_before_the_curves_are_built_is_theirs(qtbot: QtBot) -> None:
    _, window = build(["workbench", "mlp-regression"], data_at_once=False)
    qtbot.addWidget(window)
    named = window.document.project.training.metric.label
    assert not window.watching.plots.built
    assert window.watching.metric_curve.accessibleName() == named
    close(window)


def test_that_only_the_window_collects_garbage_from_its_first_picture_to_its_end(qtbot: QtBot) -> None:
    gc.unfreeze()
    _, window = build(["workbench", "xor"], data_at_once=False)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: gc.get_freeze_count() > 0)
    assert not gc.isenabled()  # it would collect in the training thread, too
    close(window)
    assert gc.isenabled()


@pytest.mark.parametrize(
    ("arguments", "expected"), [(["presets"], [True]), (["summary", "xor"], [True]), (["--version"], []), (["no"], [])]
)
def test_that_garbage_is_collected_while_a_command_works_and_after_it(
    arguments: list[str], expected: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    working: list[bool] = []

    def note(_: object) -> int:
        working.append(gc.isenabled())
        return 0

    for module in ("catalogue", "summary"):
        monkeypatch.setattr(f"workbench.cli.{module}.run", note)
    main(arguments)
    assert working == expected
    assert gc.isenabled()
