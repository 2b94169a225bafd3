"""``workbench [PROJECT]``: the window or, where none can be shown, the training in the terminal."""

from __future__ import annotations

import argparse
import gc
from pathlib import Path

from nncore.errors import InputError
from nncore.project import preset_names
from nncore.project_file import load_project
from nncore.registry import did_you_mean
from workbench.cli.arguments import COMMANDS


def run(options: argparse.Namespace) -> int:
    """Open the window; without a display, train in the terminal instead.

    With ``--window``, the window itself says why a file cannot be opened: after a double click nobody sees a terminal.
    """
    if not options.window:
        _require_project(options.project)
    from workbench import display

    if not display.available():
        from workbench import terminal

        if options.window:
            _require_project(options.project)
        gc.enable()
        return terminal.run(options.project)
    display.require_libraries()
    from workbench import app

    argv = ["workbench"] if options.project is None else ["workbench", options.project]
    return app.run(argv, window_anyway=options.window)


def _require_project(name: str | None) -> None:
    """Raise ``InputError`` for a file that cannot be opened, before there is a window that would only vanish again, and
    for a word that is neither preset nor file: a mistyped command, most often."""
    presets = preset_names()
    if name is None:
        return
    if name in presets or Path(name).suffix.lower() == ".nnw" or Path(name).exists():
        load_project(name)
        return
    raise InputError(
        f'There is no command, preset or project file called "{name}".',
        did_you_mean(name, [*COMMANDS, *presets], 'See "workbench --help" and "workbench presets".'),
    )
