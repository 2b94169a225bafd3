"""The preferences: one readable file that nothing in it can make dangerous."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nncore.errors import InputError
from workbench.preferences import MOST_RECENT, Preferences, PreferencesFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file in a folder that is still to be made."""
    return tmp_path / "config" / "preferences.json"


def test_that_without_a_file_all_is_as_usual_and_nothing_is_written(path: Path) -> None:
    file = PreferencesFile(path)
    assert file.values == Preferences()
    assert file.recent == ()
    assert file.problem == ""
    assert not path.parent.exists()


def test_that_a_change_is_there_for_the_next_program(path: Path) -> None:
    PreferencesFile(path).change(theme="dark")
    PreferencesFile(path).change(show_welcome=False)
    assert PreferencesFile(path).values == Preferences(theme="dark", show_welcome=False)
    assert '\n  "theme": "dark",\n' in path.read_text("utf-8")


def test_that_programs_side_by_side_do_not_take_back_each_others_changes(path: Path) -> None:
    first, second = PreferencesFile(path), PreferencesFile(path)
    assert first.values == second.values
    first.change(theme="light")
    second.add_recent(path.parent / "a.nnw")
    assert PreferencesFile(path).values.theme == "light"
    assert PreferencesFile(path).recent == (str(path.parent / "a.nnw"),)


def test_that_the_newest_file_comes_first_and_once(path: Path, tmp_path: Path) -> None:
    file = PreferencesFile(path)
    for number in [*range(MOST_RECENT + 3), 5]:
        file.add_recent(tmp_path / f"{number}.nnw")
    names = [Path(entry).stem for entry in PreferencesFile(path).recent]
    assert names == ["5", "12", "11", "10", "9", "8", "7", "6", "4", "3"]
    file.remove_recent(str(tmp_path / "12.nnw"))
    assert Path(PreferencesFile(path).recent[1]).stem == "11"
    file.clear_recent()
    assert PreferencesFile(path).recent == ()


@pytest.mark.parametrize("data", [b"", b"{", b"[1, 2]", b"\xff\xfe", b"[" * 100_000, b'"' + b"a" * 2_000_000 + b'"'])
def test_that_a_damaged_file_is_kept_aside_and_told(path: Path, data: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(data)
    file = PreferencesFile(path)
    assert file.values == Preferences()
    aside = path.with_name("preferences-damaged.json")
    assert aside.read_bytes() == data
    assert file.problem == f"The preferences were damaged and start anew; the damaged file is kept as {aside}."
    file.change(theme="dark")
    assert PreferencesFile(path).problem == ""


def test_that_a_wrong_value_gives_way_and_the_others_stay(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"theme": "pink", "show_welcome": False, "recent": [1], "later": {"x": 1}}), "utf-8")
    file = PreferencesFile(path)
    assert file.values == Preferences(show_welcome=False)
    assert file.problem == f"The preferences in {path} have no usable value for theme, recent: the usual one is taken."
    file.change(theme="dark")
    assert json.loads(path.read_text("utf-8"))["later"] == {"x": 1}


def test_that_a_folder_that_refuses_writing_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    file = PreferencesFile(tmp_path / "file" / "preferences.json")
    assert file.values == Preferences()
    with pytest.raises(InputError, match="cannot be made"):
        file.change(theme="dark")
