"""Notices that the open project's file is not the one that this window read or wrote: another window has saved to it.

Invariant: what somebody else has written is replaced only when the person has decided so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from workbench.dialogs.question_box import QuestionBox


@dataclass(frozen=True)
class Stamp:
    """What tells one state of a file from another without reading it: each write makes a new file."""

    inode: int
    size: int
    nanoseconds: int

    @staticmethod
    def of(path: Path | None) -> Stamp | None:
        """Return the stamp of a file as it is now; None where there is none."""
        if path is None:
            return None
        try:
            found = path.stat()
        except (OSError, ValueError):
            return None
        return Stamp(found.st_ino, found.st_size, found.st_mtime_ns)


def question(path: Path, parent: QWidget) -> QuestionBox:
    """Return the question whether to replace the file; its buttons are Save, for a name of its own, Yes and Cancel."""
    words = _tr('"{name}" was saved by another window or program since it was opened here.').format(name=path.name)
    more = _tr("Replacing it loses what was saved there.")
    box = QuestionBox("overwriteQuestion", _tr("The file has changed"), words, more, "warning", "warning", parent)
    button = QMessageBox.StandardButton
    box.offer(button.Save | button.Yes | button.Cancel, button.Save)
    box.button(button.Save).setText(_tr("Save &as…"))
    box.button(button.Yes).setText(_tr("&Replace"))
    return box


def _tr(text: str) -> str:
    return QCoreApplication.translate("Overwriting", text)
