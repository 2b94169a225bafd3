"""What a person has to do before the network can be trained."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from nncore.trace import Trace


def to_do_first(found: Trace, *, batch_fits: bool) -> str:
    """Return it as a sentence; empty when the network can be trained.

    Args:
        found: what the engine says of the network.
        batch_fits: whether there are as many samples as a batch has.
    """
    if not found.problems:
        return "" if batch_fits else QCoreApplication.translate("Watching", "Choose a smaller batch first.")
    if found.input_problem is None and not found.rows:
        return QCoreApplication.translate("Watching", "Add a layer first.")
    if found.input_problem is None and all(row.disabled for row in found.rows):
        return QCoreApplication.translate("Watching", "Enable a layer first.")
    return QCoreApplication.translate("Watching", "Mend the marked row first.")
