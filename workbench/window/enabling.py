"""Which commands can be used now, and what undo and redo would do."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from workbench.actions import Actions
from workbench.document import Document
from workbench.training.controller import IDLE, PAUSED, RUNNING, TrainingController


class Enabling(QObject):
    """Follows the document and the training with the actions of a window."""

    def __init__(
        self, document: Document, controller: TrainingController, actions: Actions, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._controller, self._actions = document, controller, actions
        stack = document.stack
        stack.canUndoChanged.connect(actions["undoAction"].setEnabled)
        stack.canRedoChanged.connect(actions["redoAction"].setEnabled)
        stack.undoTextChanged.connect(self._name_undo)
        stack.redoTextChanged.connect(self._name_redo)
        document.settled.connect(self._follow)
        controller.state_changed.connect(self._follow)
        controller.result_changed.connect(self._follow)
        actions["undoAction"].setEnabled(stack.canUndo())
        actions["redoAction"].setEnabled(stack.canRedo())
        self._follow()

    @Slot(str)
    def _name_undo(self, text: str) -> None:
        words = self.tr("&Undo {text}").format(text=text) if text else self.tr("&Undo")
        self._actions["undoAction"].setText(words)

    @Slot(str)
    def _name_redo(self, text: str) -> None:
        words = self.tr("&Redo {text}").format(text=text) if text else self.tr("&Redo")
        self._actions["redoAction"].setText(words)

    @Slot()
    def _follow(self) -> None:
        actions, controller = self._actions, self._controller
        ready = not self._document.trace.problems and self._document.batch_problem is None
        startable = (controller.state == IDLE and ready) or controller.state == PAUSED
        for name in ("trainAction", "stepAction", "epochAction"):
            actions[name].setEnabled(startable)
        actions["pauseAction"].setEnabled(controller.state == RUNNING)
        actions["stopAction"].setEnabled(controller.state in (RUNNING, PAUSED))
        learned = controller.snapshot is not None
        actions["resetAction"].setEnabled(learned)
        actions["exportAction"].setEnabled(learned)
