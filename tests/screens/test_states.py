"""No dialog and no panel is forgotten, and the pictures are drawn."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QWidget

import workbench.dialogs
import workbench.panels
from tests.screens.looks import LOOKS
from tests.screens.states import STATES
from workbench.plotting import Panel

ROOT = Path(__file__).parents[2]


def widgets(package: ModuleType, base: type[QWidget]) -> Iterator[type[QWidget]]:
    """Yield the widgets of a kind that the modules of a package define."""
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        for _, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(found, base) and found.__module__ == module.name:
                yield found


FOUND = {*widgets(workbench.dialogs, QDialog), *widgets(workbench.panels, Panel)}


@pytest.mark.parametrize("kind", sorted(FOUND, key=str), ids=lambda kind: kind.__name__)
def test_that_a_state_shows_each_dialog_and_each_panel(kind: type[QWidget]) -> None:
    assert any(issubclass(shown, kind) for state in STATES for shown in state.shows)


def test_that_states_and_looks_have_names_of_their_own() -> None:
    for named in (STATES, LOOKS):
        names = [item.name for item in named]
        assert len(names) == len(set(names))


def test_that_states_are_drawn_with_what_stands_over_them_and_on_one_sheet(tmp_path: Path) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    asked = [sys.executable, "-m", "tests.screens", str(tmp_path), "--smallest", "--states", "about", "drop"]
    done = subprocess.run(asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"about-light-1440x900.png", "drop-light-1440x900.png", "sheet-light-1440x900-01.png"}
    about = QImage(str(tmp_path / "about-light-1440x900.png"))
    assert about.size().toTuple() == (1440, 900)
    assert done.stdout.count(".png") == 3
