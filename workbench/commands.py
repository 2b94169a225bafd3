"""What lies on the undo stack: thin wrappers around the engine's edits, which know their own inverses.

Invariant: undo and redo give back the very project that was there before; a command decides nothing.
"""

from __future__ import annotations

import weakref

from PySide6.QtGui import QUndoCommand

from nncore.editing.edits import Edit, Replace
from nncore.project import Change
from workbench.open_project import OpenProject

BURST = 1.5
"""Seconds within which changes of one field count as one: a slider's drag, a held arrow key, a number being typed."""
UNDO, REDO = "undo", "redo"


class Command(QUndoCommand):
    """One step of the undo list.

    Args:
        document: whose project is edited; the command does not keep it alive.
        edit: an edit of the network, or a change of the whole project.
        text: what the undo list calls it.
        key: names the field that is edited; quick successors with the same key become one command. Empty: never.
        time: seconds on a steady clock.
        follows: the edit only follows from a choice of data, and is taken back together with that.
    """

    def __init__(
        self,
        document: OpenProject,
        edit: Edit | Change,
        text: str,
        key: str = "",
        time: float = 0.0,
        *,
        follows: bool = False,
    ) -> None:
        super().__init__(text)
        self._document = weakref.ref(document)
        self.edit = edit
        self.key = key
        self.time = time
        self.follows = follows
        self._made = False

    def redo(self) -> None:
        self._run(self.edit, REDO if self._made else "")
        self._made = True

    def undo(self) -> None:
        self._run(self.edit.inverse(), UNDO)

    def _run(self, edit: Edit | Change, way: str) -> None:
        document = self._document()
        if document is not None:
            document.way = way
            try:
                document.take(edit)
            finally:
                document.way = ""

    def id(self) -> int:
        return 1 if self.key or self.follows else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, Command):
            return False
        first, last = self.edit, other.edit
        if other.follows:
            if not isinstance(first, Change) or not isinstance(last, Change) or first.before.data == first.after.data:
                return False
            self.edit = Change(first.text, first.before, last.after)
            return True
        if other.key != self.key or other.time - self.time > BURST:
            return False
        if isinstance(first, Replace) and isinstance(last, Replace):
            self.edit = Replace(first.index, first.old, last.new)
            self.setObsolete(first.old == last.new)
        elif isinstance(first, Change) and isinstance(last, Change):
            self.edit = Change(last.text, first.before, last.after)
            self.setObsolete(first.before == last.after)
        else:
            return False
        self.time = other.time
        self.setText(other.text())
        return True
