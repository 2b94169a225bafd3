"""What is done with the project as a whole: undo and redo, files, examples, data sets, closing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox

from nncore.project_file import load_file
from tests.workbench.random_user.chance import anywhere, between, one_of, yes_or_no
from tests.workbench.random_user.desk import Desk, action
from tests.workbench.random_user.hands import CTRL, LEFT, PLAIN, SHIFT, accept, click, wait
from workbench.training.controller import IDLE

PRESETS = ("xor", "spiral", "mlp-regression")
DATASETS = ("xor", "circles", "iris")
_BUTTON = QMessageBox.StandardButton
ANSWERS = one_of(_BUTTON.Discard, _BUTTON.Discard, _BUTTON.Save, _BUTTON.Cancel)


class ProjectRules:
    """Mixed into the random person."""

    desk: Desk

    # --- Through time ---

    @action(weight=5, times=between(1, 4), redo=yes_or_no, by_key=yes_or_no)
    def go_through_time(self, times: int, redo: bool, by_key: bool) -> None:
        """Undo or redo, some times in a row."""
        desk, stack = self.desk, self.desk.document.stack
        self.desk.take_typing()  # it is the newest change
        desk.activate()
        for _ in range(times if redo and not stack.canRedo() else 0):
            if stack.canUndo():  # there is nothing to make again that was not taken back
                desk.timeline.go(stack.undo, stack.index() - 1)
                desk.did("undo")
        for _ in range(times):
            target = stack.index() + (1 if redo else -1)
            if not 0 <= target <= stack.count():
                return
            if by_key:
                desk.timeline.go(lambda: self._press(redo), target)
            else:
                desk.timeline.go(lambda: desk.trigger("redoAction" if redo else "undoAction"), target)
            desk.did("redo" if redo else "undo")
            if desk.window.controller.busy:
                desk.did("undo while training")

    def _press(self, redo: bool) -> None:
        held = CTRL | SHIFT if redo else CTRL
        QTest.keyClick(self.desk.shown_list, Qt.Key.Key_Z, held)

    @action(place=anywhere)
    def choose_in_history(self, place: float) -> None:
        """Click a line of the undo history."""
        desk = self.desk
        if desk.window.history_dock.isHidden():
            desk.trigger("historyAction")
        view = desk.window.history.list
        row = min(desk.document.stack.count(), int(place * (desk.document.stack.count() + 1)))
        index = view.model().index(row, 0)
        view.scrollTo(index)
        wait()
        index = view.model().index(row, 0)
        desk.timeline.go(lambda: click(view.viewport(), view.visualRect(index).center()), row)
        desk.did("undo history")

    # --- Files ---

    @action(weight=2, patient=between(0, 3), anew=yes_or_no)
    def save(self, patient: int, anew: bool) -> None:
        """Save under the present name or another; what is read back is what is there."""
        desk, document = self.desk, self.desk.document
        idle = desk.window.state == IDLE
        name = None if document.path is not None and not anew else desk.new_path()
        desk.trigger("saveAction" if name is None else "saveAsAction")
        if name is not None:
            self.choose_file(name)
            desk.did("save as")
        desk.did("save")
        if not patient:
            return
        desk.until(lambda: desk.window.files._work is None)
        path = document.path
        assert path is not None
        assert document.clean
        loaded = load_file(path)
        assert loaded.project == desk.project.replace(name=path.stem)
        learned = desk.window.controller.checkpoint
        if idle and desk.window.state == IDLE and learned is not None:
            assert loaded.checkpoint is not None
            assert np.array_equal(loaded.checkpoint.snapshot.parameters, learned.snapshot.parameters)

    def choose_file(self, path: Path) -> None:
        """Type a path into the file dialog that is open."""
        (dialog,) = self.desk.dialogs()
        assert isinstance(dialog, QFileDialog)
        line = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(line, QLineEdit)
        self.desk.until(line.hasFocus)  # until then the name that the dialog proposes counts
        line.setText(str(path))
        questions = accept(dialog)
        assert not questions, f"for {path} the dialog asks {questions}"
        assert not dialog.isVisible()

    def answered(self, answer: QMessageBox.StandardButton) -> bool:
        """Answer the question about unsaved changes where it is asked; return whether the way is free then."""
        desk = self.desk
        if not desk.answer(answer):
            return True
        desk.did("unsaved changes asked about")
        if answer == _BUTTON.Save:
            if any(isinstance(dialog, QFileDialog) for dialog in desk.dialogs()):
                self.choose_file(desk.new_path())
                desk.did("save as")
            desk.until(lambda: desk.window.files._work is None)
        return answer != _BUTTON.Cancel

    def changed_hands(self, free: bool, action: str) -> None:
        """Note that another project was opened, after a look at it."""
        self.desk.wait_for_data()
        if free:
            stack = self.desk.document.stack
            assert stack.count() <= 1, "the undo list is another project's"
            assert not self.desk.window.controller.busy
            self.desk.did(action)

    @action(weight=2, name=one_of(*PRESETS), answer=ANSWERS)
    def open_example(self, name: str, answer: QMessageBox.StandardButton) -> None:
        """Choose an example in the menu."""
        (action,) = [found for found in self.desk.window.menus.examples.actions() if found.data() == name]
        self.desk.wait_for_data()  # the network is fitted to them when they are there
        before = self.desk.project
        action.trigger()
        free = self.answered(answer)
        self.changed_hands(free, "open an example")
        assert free or self.desk.project == before

    @action(answer=ANSWERS)
    def new(self, answer: QMessageBox.StandardButton) -> None:
        """Start with an empty list."""
        self.desk.trigger("newAction")
        free = self.answered(answer)
        self.changed_hands(free, "new")
        if free:
            assert not self.desk.layers

    def files(self) -> list[Path]:
        """Return the files that were written."""
        return sorted(self.desk.folder.glob("*.nnw"))

    @action(
        lambda self: bool(self.files()),
        weight=3,
        place=anywhere,
        way=one_of("dialog", "drop", "recent"),
        answer=ANSWERS,
    )
    def open_file(self, place: float, way: str, answer: QMessageBox.StandardButton) -> None:
        """Open a file that was saved: by the dialog, dropped on the window, or from the list of recent ones."""
        desk = self.desk
        desk.until(lambda: desk.window.files._work is None)
        desk.wait_for_data()  # the network is fitted to them when they are there, which would be asked about once more
        path = self.files()[min(len(self.files()) - 1, int(place * len(self.files())))]
        if way == "dialog":
            desk.trigger("openAction")
            self.choose_file(path)
        elif way == "drop":
            self.drop(path)
        else:
            menu = desk.window.life.recent_menu
            menu.fill()
            offered = [action for action in menu.actions() if action.data() == str(path)]
            if not offered:
                return
            offered[0].trigger()
        desk.until(lambda: not desk.window.files.opening.name or bool(desk.dialogs()))  # a large one takes a moment
        free = self.answered(answer)
        self.changed_hands(free, "open a file")
        if free:
            assert desk.document.path == path
            if not desk.document.stack.count():
                assert desk.project == load_file(path).project

    def drop(self, path: Path) -> None:
        """Drop a file on the window."""
        mime, copy, place = QMimeData(), Qt.DropAction.CopyAction, QPoint(700, 450)
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        QApplication.sendEvent(self.desk.window, QDragEnterEvent(place, copy, mime, LEFT, PLAIN))
        QApplication.sendEvent(self.desk.window, QDropEvent(QPointF(place), copy, mime, LEFT, PLAIN))

    @action(answer=ANSWERS)
    def open_broken_file(self, answer: QMessageBox.StandardButton) -> None:
        """Drop a file that is none: it is said in the window, and the open project stays."""
        path = self.desk.folder / "broken.txt.nnw.part"
        path = path.with_suffix(".NNW")
        path.write_bytes(b"PK\x03\x04 nothing")
        self.desk.wait_for_data()  # the network is fitted to them when they are there
        before, stack = self.desk.project, self.desk.document.stack
        saved = self.desk.done["save as"]
        self.drop(path)
        self.answered(answer)
        path.unlink()
        assert self.desk.project == before, f"changed by {stack.undoText()!r}"
        assert stack.count() or not stack.canUndo()
        assert not self.desk.dialogs()
        self.desk.did("broken file")
        assert saved <= self.desk.done["save as"]

    @action(name=one_of(*DATASETS), patient=yes_or_no)
    def choose_data(self, name: str, patient: bool) -> None:
        """Choose a data set in the menu."""
        (action,) = [found for found in self.desk.window.menus.data.actions() if found.data() == name]
        before = self.desk.project.data
        action.trigger()
        assert self.desk.project.data.source == name
        if patient:
            self.desk.wait_for_data()
        self.desk.did("choose data" if self.desk.project.data != before else "data read anew")

    @action(lambda self: not self.desk.document.clean)
    def nearly_close(self) -> None:
        """Close the window, and then rather not."""
        self.desk.take_typing()
        before = self.desk.project
        self.desk.window.close()
        assert self.desk.answer(_BUTTON.Cancel)
        assert self.desk.window.isVisible()
        assert self.desk.project == before
        self.desk.did("close given up")
