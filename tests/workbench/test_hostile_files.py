"""Files made to do harm, opened in the window: a sentence above the plots, and the open project as it was."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl

from nncore.layers import Dense
from nncore.project_file import FORMAT
from tests.nncore.project_files import content, described, packed, parts, write
from tests.workbench.driving import Wait, drop
from workbench.main_window import MainWindow


def newer(path: Path) -> None:
    described(path, lambda data: data.update(format=FORMAT + 1))


def unknown_layer(path: Path) -> None:
    described(path, lambda data: data["network"]["layers"][0].update(type="Attention"))


def cut(path: Path) -> None:
    path.write_bytes(content()[:-200])


def climbing(path: Path) -> None:
    path.write_bytes(packed({**parts(content()), "../../outside": b"harm"}))


def nested(path: Path) -> None:
    text = json.dumps({**json.loads(parts(content())["project.json"]), "network": "HERE"})
    write(path, project_json=text.replace('"HERE"', "[" * 10_000 + "]" * 10_000).encode())


def huge(path: Path) -> None:
    header = json.dumps({"layers.0.kernel": {"dtype": "F32", "shape": [10**12], "data_offsets": [0, 4 * 10**12]}})
    write(path, weights_safetensors=len(header).to_bytes(8, "little") + header.encode())


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("project.json", "w") as part:
        for _ in range(200):
            part.write(b" " * 2**20)


FILES = [
    (newer, "this version reads formats up to", "Update the workbench"),
    (unknown_layer, 'There is no layer called "Attention"', ""),
    (cut, "is not a complete project file", "Open another copy"),
    (climbing, "would lie outside", "Open another copy"),
    (nested, "nested more than 64 levels deep", "Open another copy"),
    (huge, "The weights in", "Open another copy"),
    (bomb, "would need 209,715,200 bytes", "Open another copy"),
]


@pytest.mark.parametrize(("make", "sentence", "remedy"), FILES, ids=[make.__name__ for make, _, _ in FILES])
def test_that_a_hostile_file_is_refused_in_the_window_and_the_open_project_stays(
    window: MainWindow, until: Wait, tmp_path: Path, make: Callable[[Path], None], sentence: str, remedy: str
) -> None:
    path = tmp_path / "hostile.nnw"
    make(path)
    window.actions_by_name["stepAction"].trigger()
    until(lambda: window.state == "paused")
    window.controller.stop_and_wait()
    before, learned = window.document.project, window.controller.checkpoint
    drop(window, QUrl.fromLocalFile(str(path)))
    until(window.watching.banner.isVisible)
    assert sentence in window.watching.banner.sentence.text()
    assert remedy in window.watching.banner.remedy.text()
    assert window.watching.banner.remedy.text()
    assert window.document.project is before
    assert window.controller.checkpoint is learned
    assert window.life.preferences.recent == ()


def test_that_a_hostile_file_does_not_cost_unsaved_changes(window: MainWindow, tmp_path: Path) -> None:
    cut(tmp_path / "hostile.nnw")
    window.document.insert(0, Dense(5))
    with pytest.raises(ValueError, match="not a complete project file"):
        window.open_project(str(tmp_path / "hostile.nnw"))
    assert window.document.network.layers[0] == Dense(5)
    assert not window.document.clean
    assert window.document.stack.canUndo()


@pytest.mark.parametrize("source", ["a\0b", "../../etc", "/dev/zero", "x" * 19_000, "con:", "~"])
def test_that_a_project_with_a_strange_source_of_data_is_told_so(
    window: MainWindow, until: Wait, tmp_path: Path, source: str
) -> None:
    path = described(tmp_path / "strange.nnw", lambda data: data["data"].update(source=source))
    window.open_project(str(path))
    until(lambda: not window.controller.loading and window.controller.data_error is not None)
    error = window.controller.data_error
    assert error is not None
    assert "inside the program" not in error.sentence
    assert error.remedy
