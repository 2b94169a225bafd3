"""Calling the command line from tests: in this process, or as a real program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from workbench.__main__ import main

CHECKOUT = Path(__file__).parents[2]
Capture = pytest.CaptureFixture[str]


def succeed(capsys: Capture, *arguments: object) -> str:
    """Run a command that must succeed and return its standard output."""
    capsys.readouterr()
    status = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    assert status == 0, captured.err
    return captured.out


def as_json(capsys: Capture, *arguments: object) -> Any:
    """Run a command with --json and return the object on the last line of its standard output."""
    return json.loads(succeed(capsys, *arguments, "--json").splitlines()[-1], parse_constant=_refuse)


def fail(capsys: Capture, *arguments: object) -> str:
    """Run a command that must be refused and return what it says: one line, exit status 2, no result."""
    capsys.readouterr()
    status = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    complaints = [line for line in captured.err.splitlines() if line.startswith("workbench: ")]
    assert status == 2
    assert len(complaints) == 1, captured.err
    assert "Traceback" not in captured.err
    return complaints[0]


def environment(**changes: str) -> dict[str, str]:
    """Return the environment for a program of its own: no display, and the changes."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "COLUMNS", "PYTHONIOENCODING")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return {**kept, "PYTHONPATH": str(CHECKOUT), "PYTHONUTF8": "1", **changes}


def start(*arguments: object, cwd: Path, **environment_changes: str) -> subprocess.Popen[str]:
    """Start the program; standard output and standard error are pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", "workbench", *map(str, arguments)],
        cwd=cwd,
        env=environment(**environment_changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Return exit status, standard output and standard error of a program that ends by itself."""
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
