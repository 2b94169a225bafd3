"""Starting the program: with a display, without one, without Qt's libraries, from an installation."""

from __future__ import annotations

import json
import logging
import shlex
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from nncore.errors import InputError
from nncore.project import preset_names
from nncore.project_file import load_project
from tests.workbench.cli_runs import CHECKOUT, Capture, environment, fail, finish, start
from workbench import display
from workbench.__main__ import main
from workbench.cli.arguments import COMMANDS
from workbench.cli.failures import LogHandler, log_folders
from workbench.life import association

QT = ("PySide6", "shiboken6", "pyqtgraph", "qtawesome")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["train", "--help"],
        ["presets"],
        ["datasets", "--json"],
        ["layers"],
        ["summary", "mnist-mlp"],
        ["train", "xor", "--epochs", "1"],
        ["evaluate", "xor", "--data", "xor"],
    ],
)
def test_that_no_command_imports_qt(tmp_path: Path, arguments: list[str]) -> None:
    slow = ("numpy", "pandas", "sklearn", "rich") if "--help" in arguments else ("pandas", "sklearn")
    program = (
        "import sys; from workbench.__main__ import main\n"
        f"main({arguments!r})\n"
        f"print([name for name in {(*QT, *slow)!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_that_help_names_every_command(capsys: Capture) -> None:
    assert main(["--help"]) == 0
    overview = capsys.readouterr().out
    assert "\n  --window " in overview
    for command in COMMANDS:
        assert f"\n  {command} " in overview
        assert main([command, "--help"]) == 0
        assert f"usage: workbench {command}" in capsys.readouterr().out
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("workbench ")


def test_that_an_installation_finds_its_presets_from_any_folder(tmp_path: Path) -> None:
    installed = tmp_path / "site-packages"
    for package in ("nncore", "workbench"):
        shutil.copytree(CHECKOUT / package, installed / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(CHECKOUT / "assets" / "presets", installed / "nncore" / "assets" / "presets")
    program = (
        "import nncore, sys; from workbench.__main__ import main; print(nncore.__file__); sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "presets", "--json"],
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(installed)),
        capture_output=True,
        text=True,
        check=True,
    )
    where, listed = done.stdout.splitlines()
    assert where.startswith(str(installed))
    assert [item["name"] for item in json.loads(listed)["presets"]] == preset_names()


def test_that_without_a_display_the_default_preset_is_trained_in_the_terminal(tmp_path: Path) -> None:
    status, out, err = finish(start(cwd=tmp_path))
    assert status == 0
    assert "There is no display" in err.splitlines()[0]
    assert "Epoch 10/10" in err
    assert "loss" in out
    assert "accuracy" in out
    assert "└" in out
    assert "mnist-mlp-trained/project.nnw" in out
    assert load_project(str(tmp_path / "mnist-mlp-trained" / "project.nnw")).checkpoint is not None
    assert len((tmp_path / "mnist-mlp-trained" / "history.csv").read_text("utf-8").splitlines()) == 11


def test_that_the_terminal_mode_needs_no_library_of_qt_and_keeps_older_results(tmp_path: Path) -> None:
    for number in range(2):
        program = start("xor", cwd=tmp_path, LD_LIBRARY_PATH=str(hidden(tmp_path, f"hidden{number}")))
        assert finish(program)[0] == 0
    assert (tmp_path / "xor-trained" / "project.nnw").is_file()
    assert (tmp_path / "xor-trained-2" / "project.nnw").is_file()


def test_that_the_result_goes_home_from_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    status, out, _ = finish(start("xor", cwd=Path("/proc"), HOME=str(tmp_path)))
    assert status == 0
    assert str(tmp_path / "xor-trained" / "project.nnw") in out
    assert (tmp_path / "xor-trained" / "history.csv").is_file()


def test_that_a_mistyped_project_is_refused_before_anything_opens(capsys: Capture) -> None:
    assert 'Did you mean "spiral"?' in fail(capsys, "sprial")


def hidden(folder: Path, name: str = "hidden", library: str = "libEGL.so.1") -> Path:
    """Return a folder in which the system's loader finds an empty file in place of a library."""
    (folder / name).mkdir()
    (folder / name / library).touch()
    return folder / name


@pytest.mark.parametrize(
    ("library", "package"),
    [("libEGL.so.1", "libegl1"), ("libxkbcommon.so.0", "libxkbcommon0"), ("libGL.so.1", "libgl1")],
)
def test_that_a_missing_system_library_is_named_with_its_package(tmp_path: Path, library: str, package: str) -> None:
    changes = {"QT_QPA_PLATFORM": "offscreen", "LD_LIBRARY_PATH": str(hidden(tmp_path, library=library))}
    status, out, err = finish(start(cwd=tmp_path, **changes))
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert f"needs the system library {library}, which is missing" in err
    assert f"sudo apt install {package}\n" in err


def test_that_all_missing_libraries_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = ("libEGL.so.1", "libdbus-1.so.3", "libglib-2.0.so.0", "libgthread-2.0.so.0")

    def load(name: str) -> None:
        if name in lost or "libQt6" in name:
            raise OSError("libEGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr("ctypes.CDLL", load)
    with pytest.raises(InputError) as caught:
        display.require_libraries({"QT_QPA_PLATFORM": "offscreen"})
    assert "libEGL.so.1, libdbus-1.so.3, libglib-2.0.so.0, libgthread-2.0.so.0, which are missing" in str(caught.value)
    assert caught.value.remedy.endswith("sudo apt install libegl1 libdbus-1-3 libglib2.0-0")


def test_that_a_broken_qt_without_a_missing_library_is_said_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> None:
        if "libQt6" in name:
            raise OSError("version GLIBC_2.99 not found")

    monkeypatch.setattr("ctypes.CDLL", load)
    with pytest.raises(InputError, match=r"GLIBC_2\.99"):
        display.require_libraries({"QT_QPA_PLATFORM": "offscreen"})


def test_that_an_unknown_platform_of_qt_is_refused() -> None:
    with pytest.raises(InputError, match='no platform called "nonsense"'):
        display.require_libraries({"QT_QPA_PLATFORM": "nonsense"})


def test_that_nothing_is_missing_where_the_tests_run() -> None:
    display.require_libraries({"QT_QPA_PLATFORM": "offscreen"})


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"DISPLAY": ""},
        {"DISPLAY": ":4099"},
        {"DISPLAY": "localhost:4099.0"},
        {"DISPLAY": "no display"},
        {"DISPLAY": ":4099", "WAYLAND_DISPLAY": "wayland-99", "XDG_RUNTIME_DIR": "/nowhere"},
        {"QT_QPA_PLATFORM": "xcb"},
        {"QT_QPA_PLATFORM": "wayland;xcb", "DISPLAY": ":4099"},
    ],
)
def test_that_a_display_that_does_not_answer_is_none(variables: dict[str, str]) -> None:
    assert not display.available(variables, "linux")


def test_that_platforms_without_a_screen_and_other_systems_always_have_a_display() -> None:
    assert display.available({"QT_QPA_PLATFORM": "offscreen"}, "linux")
    assert display.available({"QT_QPA_PLATFORM": "xcb;minimal:option"}, "linux")
    assert display.available({}, "win32")
    assert display.available({}, "darwin")


def test_that_a_wayland_compositor_that_listens_is_a_display(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-5"))
        server.listen()
        variables = {"WAYLAND_DISPLAY": "wayland-5", "XDG_RUNTIME_DIR": str(tmp_path)}
        assert display.platforms(variables) == ["wayland"]


def test_that_an_x_server_that_turns_us_away_is_no_display() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1] - 6000
        closing = threading.Thread(target=_turn_away, args=(server, 2))
        closing.start()
        assert display.platforms({"DISPLAY": f"127.0.0.1:{number}"}) == []
        closing.join(timeout=30)


def _turn_away(server: socket.socket, callers: int) -> None:
    server.settimeout(20)
    for _ in range(callers):
        server.accept()[0].close()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Sequence[str], bool]]:
    """There is a display; what each window was asked for, and whether it opens whatever the file is."""
    found: list[tuple[Sequence[str], bool]] = []

    def run(given: Sequence[str], *, window_anyway: bool = False) -> int:
        found.append((given, window_anyway))
        return 0

    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr("workbench.app.run", run)
    return found


@pytest.mark.parametrize(
    ("arguments", "argv", "anyway"),
    [
        ([], ["workbench"], False),
        (["spiral"], ["workbench", "spiral"], False),
        (["--window"], ["workbench"], True),
        (["--window", "spiral"], ["workbench", "spiral"], True),
    ],
)
def test_that_a_display_gets_the_window(
    opened: list[tuple[Sequence[str], bool]], arguments: list[str], argv: list[str], anyway: bool
) -> None:
    assert main(arguments) == 0
    assert opened == [(argv, anyway)]


def test_that_a_damaged_file_is_told_in_the_terminal_but_after_a_double_click_in_the_window(
    opened: list[tuple[Sequence[str], bool]], capsys: Capture, tmp_path: Path
) -> None:
    path = tmp_path / "cut.nnw"
    path.write_bytes(b"PK cut")
    assert str(path) in fail(capsys, path)
    assert opened == []
    association.register(tmp_path)
    entry = (tmp_path / "applications" / "workbench.desktop").read_text("utf-8")
    (line,) = [line.removeprefix("Exec=") for line in entry.splitlines() if line.startswith("Exec=")]
    program, *command = shlex.split(line.replace("%f", shlex.quote(str(path))))
    assert (program, command[:2]) == (sys.executable, ["-m", "workbench"])
    assert main(command[2:]) == 0
    assert opened == [(["workbench", str(path)], True)]


def test_that_without_a_display_a_file_manager_gets_the_sentence_and_the_status(tmp_path: Path) -> None:
    path = tmp_path / "cut.nnw"
    path.write_bytes(b"PK cut")
    status, out, err = finish(start("--window", str(path), cwd=tmp_path))
    assert (status, out) == (2, "")
    assert err.startswith(f"workbench: {path} is not")
    assert err.count("\n") == 1


def test_that_what_the_window_logs_lands_in_the_log_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    handler = LogHandler()
    handler.handle(logging.LogRecord("workbench", logging.ERROR, "", 0, "training failed", (), None))
    assert "training failed" in log_folders()[0].joinpath("workbench.log").read_text("utf-8")
