"""Every dialog, each over the window that opened it."""

from __future__ import annotations

import functools
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QRadioButton

from nncore.layers import Dense
from tests.screens.states.driving import finish, found, run, wait
from tests.screens.states.state import State
from workbench.dialogs.epochs import EpochsDialog
from workbench.dialogs.export import ExportDialog
from workbench.dialogs.help import TextDialog
from workbench.dialogs.keys import KeysTable
from workbench.dialogs.question_box import QuestionBox
from workbench.main_window import MainWindow


def trigger(window: MainWindow, action: str) -> None:
    """Give a command as its menu does."""
    window.actions_by_name[f"{action}Action"].trigger()


def act(action: str) -> functools.partial[None]:
    """Return the giving of a command."""
    return functools.partial(trigger, action=action)


def fail_to_export(window: MainWindow) -> None:
    """The export dialog says that there is no such folder."""
    trigger(window, "export")
    dialog = found(window, ExportDialog, "exportDialog")
    found(window, QRadioButton, "format.safetensors").click()
    dialog.path.setText(str(Path.home() / "no such folder" / "digits.safetensors"))
    dialog.path.setFocus()
    dialog.accept_button.click()
    wait(dialog.error.isVisible)


def search_keys(window: MainWindow) -> None:
    """Some keys are found."""
    trigger(window, "keys")
    found(window, KeysTable, "").search.setText("layer")


def search_keys_in_vain(window: MainWindow) -> None:
    """No key does that."""
    trigger(window, "keys")
    found(window, KeysTable, "").search.setText("teleport")


def wrong_number(window: MainWindow) -> None:
    """A number that cannot be."""
    trigger(window, "stopAt")
    found(window, EpochsDialog, "stopAtDialog").number.setText("12.5")


def change(window: MainWindow) -> None:
    """Something is to be lost."""
    run(window)
    window.document.insert(1, Dense(8))


def learn_more(window: MainWindow) -> None:
    """A saved project has learned since."""
    window.files.save_to(Path.home() / "digits.nnw")
    wait(lambda: window.document.path is not None)
    finish(window)


def close(window: MainWindow) -> None:
    """The window is to be closed while a training runs that nobody saved."""
    window.close()


def ask_for_file(window: MainWindow) -> None:
    """Where one's own data are."""
    window.actions_by_name["ownFileAction"].trigger()


STATES = (
    State("export", "mlp-classifier", finish, act("export"), (ExportDialog,)),
    State("export-error", "mlp-classifier", finish, fail_to_export, (ExportDialog,)),
    State("stop-at-epoch", "mlp-classifier", arrange=act("stopAt"), shows=(EpochsDialog,)),
    State("stop-at-wrong", "mlp-classifier", arrange=wrong_number, shows=(EpochsDialog,)),
    State("more-epochs", "mlp-classifier", finish, act("more"), (EpochsDialog,)),
    State("keys", arrange=act("keys"), shows=(TextDialog, KeysTable)),
    State("keys-search", arrange=search_keys, shows=(KeysTable,)),
    State("keys-in-vain", arrange=search_keys_in_vain, shows=(KeysTable,)),
    State("about", arrange=act("about"), shows=(TextDialog,)),
    State("unsaved", "mlp-classifier", change, close, (QuestionBox,)),
    State("unsaved-learned", "mlp-classifier", learn_more, close, (QuestionBox,)),
    State("open", arrange=act("open"), shows=(QFileDialog,)),
    State("save-as", arrange=act("saveAs"), shows=(QFileDialog,)),
    State("own-data", arrange=ask_for_file, shows=(QFileDialog,)),
)
