"""What the project was at each place of the undo list, noted while it came about."""

from __future__ import annotations

from nncore.project import Project
from workbench.document import Document


class Timeline:
    """Compares every step through the undo list with what was there when the change was made."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.states: dict[int, Project] = {0: document.project}
        document.stack.indexChanged.connect(self._follow)
        document.project_changed.connect(self._follow_change)
        self.travelling = False
        self._last = 0

    def forget(self) -> None:
        """Listen no more."""
        self._document.stack.indexChanged.disconnect(self._follow)
        self._document.project_changed.disconnect(self._follow_change)

    def _follow_change(self, change: object) -> None:
        if change is None:  # another project
            self.states, self._last = {0: self._document.project}, 0

    def _follow(self, index: int) -> None:
        before, self._last = self._last, index
        if self.travelling:
            return
        if not self._document.stack.count():
            self.states = {0: self.states[0]}  # cleared, with another project to be told of, or as below
        elif index < before:
            self.check()  # two quick changes of one field have cancelled each other
        else:
            self.states = {at: state for at, state in self.states.items() if at < index}
            self.states[index] = self._document.project

    def go(self, step: object, index: int) -> bool:
        """Call ``step``, which is to go to ``index``; return whether there was such a place."""
        stack = self._document.stack
        if not 0 <= index <= stack.count():
            return False
        self.travelling = True
        try:
            step()  # type: ignore[operator]  # a bound method
        finally:
            self.travelling = False
        assert stack.index() == index, f"at {stack.index()} of the undo list, not at {index}"
        self.check()
        return True

    def check(self) -> None:
        """Compare what is there with what was there."""
        stack, known = self._document.stack, self.states.get(self._document.stack.index())
        words = f"place {stack.index()} of {stack.count()}, after {stack.undoText()!r}, is another project than it was"
        assert known is None or known == self._document.project, words
