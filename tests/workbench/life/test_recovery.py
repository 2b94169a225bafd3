"""What is kept for recovery: found by one window, never by two, and never while its own window is open."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nncore.errors import InputError
from nncore.project import load_preset
from tests.nncore.project_files import trained
from tests.workbench.cli_runs import environment
from workbench.life.lock import HeldFile
from workbench.life.recovery import Kept, abandoned


def test_that_what_was_kept_comes_back_with_its_name_and_time(tmp_path: Path) -> None:
    project, checkpoint = trained()
    kept = Kept.new(tmp_path / "recovery")
    assert kept.about() is None
    kept.keep(project, checkpoint, Path("/home/me/circles.nnw"))
    kept.release()
    (found,) = abandoned(tmp_path / "recovery")
    about = found.about()
    assert about is not None
    assert (about.name, about.path) == ("circles", "/home/me/circles.nnw")
    assert about.time > 1e9
    loaded = found.load()
    assert loaded.project == project
    assert loaded.checkpoint is not None
    assert np.array_equal(loaded.checkpoint.snapshot.parameters, checkpoint.snapshot.parameters)
    found.remove()
    assert list((tmp_path / "recovery").iterdir()) == []


def test_that_what_an_open_window_keeps_is_not_offered(tmp_path: Path) -> None:
    kept = Kept.new(tmp_path)
    kept.keep(load_preset("xor"), None, None)
    assert abandoned(tmp_path) == []
    kept.release()
    (found,) = abandoned(tmp_path)
    assert abandoned(tmp_path) == [], "it was offered to two windows"
    found.release()
    (again,) = abandoned(tmp_path)
    again.remove()


def test_that_the_newest_is_offered_first_and_empty_folders_go(tmp_path: Path) -> None:
    for name in ("xor", "spiral"):
        kept = Kept.new(tmp_path)
        kept.keep(load_preset(name), None, None)
        kept.release()
    Kept.new(tmp_path).release()
    found = abandoned(tmp_path)
    assert [kept.load().project.name for kept in found] == ["spiral", "xor"]
    assert len(list(tmp_path.iterdir())) == 2
    for kept in found:
        kept.remove()


def test_that_damage_is_told_and_can_still_be_discarded(tmp_path: Path) -> None:
    kept = Kept.new(tmp_path)
    kept.keep(load_preset("xor"), None, None)
    folder = next(tmp_path.iterdir())
    (folder / "project.nnw").write_bytes(b"half")
    (folder / "about.json").write_bytes(b'{"name": 5')
    kept.release()
    (found,) = abandoned(tmp_path)
    about = found.about()
    assert about is not None
    assert about.name == "untitled"
    with pytest.raises(InputError, match="damaged"):
        found.load()
    found.remove()


def test_that_other_folders_and_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "window-file").touch()
    assert abandoned(tmp_path) == []
    assert abandoned(tmp_path / "missing") == []
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["mine", "window-file"]


def test_that_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be made"):
        Kept.new(tmp_path / "file")


def test_that_the_end_of_a_program_lets_go_of_what_it_held(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    program = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom workbench.life.lock import HeldFile\n"
        "held = HeldFile(Path(sys.argv[1]))\nprint('held', flush=True)\nsys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(BlockingIOError):
            HeldFile(path)
        other.kill()
        other.wait()
        HeldFile(path).release()
