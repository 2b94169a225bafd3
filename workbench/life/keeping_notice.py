"""Says that unsaved work cannot be kept for recovery, as long as that is so.

Invariant: one problem is told once: a notice that the person has closed comes back only for another problem, or after
keeping went well in between.
"""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from workbench.life.autosave import Autosave
from workbench.window.banner import Banner


class KeepingNotice(Banner):
    """Follows an ``Autosave``."""

    def __init__(self, autosave: Autosave, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("keepingNotice")
        self.setAccessibleName(self.tr("Keeping unsaved work"))
        self.sentence.setObjectName("keepingSentence")
        self.remedy.setObjectName("keepingRemedy")
        self.close_button.setObjectName("closeKeepingButton")
        self._autosave = autosave
        autosave.problem_changed.connect(self._follow)

    @Slot()
    def _follow(self) -> None:
        problem = self._autosave.problem
        if problem is None:
            self.hide()
        else:
            self.show_message(problem.sentence, problem.remedy)
