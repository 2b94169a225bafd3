"""Connects a window with what outlives it: preferences, recent files, recovery, and the welcome page.

Invariant: nothing here asks before it is asked: what was left by an earlier window is a notice in the window, and the
person decides when to read it.
"""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, QStandardPaths, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QBoxLayout, QWidget

from nncore.errors import InputError
from nncore.project_file import Loaded, load_file
from workbench.actions import Actions
from workbench.document import Document
from workbench.life import association, place, windows
from workbench.life.autosave import Autosave
from workbench.life.discarded import origin, put_away
from workbench.life.keeping_notice import KeepingNotice
from workbench.life.kept_menu import KeptMenu
from workbench.life.kept_trainings import kept_trainings
from workbench.life.notice import RecoveryNotice, moment
from workbench.life.opening_notice import OpeningNotice
from workbench.life.recent_menu import RecentMenu
from workbench.life.recovery import About, Kept, abandoned
from workbench.preferences import PreferencesFile
from workbench.project_files import ProjectFiles
from workbench.theme.theme import MODES
from workbench.training.controller import RUNNING, TrainingController
from workbench.window import layout
from workbench.window.menus import Menus

if TYPE_CHECKING:
    from workbench.life.welcome import WelcomePage

_MOST_SEED = 2**31 - 1


class ProjectLife(QObject):
    """Everything around the open project of one window.

    Args:
        preferences: the file that all windows share.
        middle: the part of the window above which the notice stands, and ``covered`` its part that the page covers.

    Attributes:
        message: carries (sentence, remedy, whether it is an error).
        autosave, notice, keeping_notice, opening_notice, recent_menu, kept_menu: its parts.
    """

    message = Signal(str, str, bool)

    def __init__(
        self,
        document: Document,
        controller: TrainingController,
        files: ProjectFiles,
        actions: Actions,
        preferences: PreferencesFile,
        middle: QWidget,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._document, self._files, self._actions = document, files, actions
        self._middle, self._covered = middle, middle.findChild(QWidget, "watchingSplitter")
        self.preferences = preferences
        self._window = parent
        self._page: WelcomePage | None = None
        self._found: list[Kept] = []
        self._placed = False
        self.root = recovery_folder()
        self.autosave = Autosave(document, controller, self.root, self)
        self.recent_menu = RecentMenu(preferences, parent)
        self.recent_menu.chosen.connect(files.open)
        self.recent_menu.cleared.connect(self._clear_recent)
        self.kept_menu = KeptMenu(parent)
        self.kept_menu.chosen.connect(files.reopen)
        self.kept_menu.discarded_chosen.connect(self.bring_back)
        self.notice = RecoveryNotice(middle)
        self.notice.restore_wanted.connect(self.restore)
        self.notice.discard_wanted.connect(self.discard)
        layout = middle.layout()
        if isinstance(layout, QBoxLayout):
            layout.insertWidget(0, self.notice)
        self.keeping_notice = KeepingNotice(self.autosave, middle)
        self.opening_notice = OpeningNotice(files.opening, middle)
        if isinstance(layout, QBoxLayout):
            layout.insertWidget(0, self.keeping_notice)
            layout.insertWidget(0, self.opening_notice)
        files.last.changed.connect(self._look_for_kept)
        self._look_for_kept()
        files.opened.connect(self._follow_opened)
        files.saved.connect(self._follow_saved)
        document.project_changed.connect(self._follow_edit)
        controller.state_changed.connect(self._follow_state)
        for name, slot in {
            "newWindowAction": self._open_window,
            "welcomeAction": self.show_welcome,
            "newSeedAction": self.new_seed,
            "registerAction": self._register,
        }.items():
            actions[name].triggered.connect(slot)
        actions["registerAction"].setVisible(association.available())

    def fill(self, menus: Menus) -> None:
        """Put the list of files into its menu, and remember what is chosen in another."""
        menus.file.insertMenu(menus.examples.menuAction(), self.recent_menu)
        entries = menus.file.actions()
        after = entries[entries.index(self._actions["reopenAction"]) + 1]
        menus.file.insertMenu(after, self.kept_menu)
        menus.file.aboutToShow.connect(self._look_for_kept)
        menus.view.triggered.connect(self._note_theme)

    # --- The beginning and the end ---

    def begin(self, *, named: bool) -> None:
        """Offer what earlier windows left; without a project that was asked for by name, show the welcome page.

        Args:
            named: whether a project was asked for.
        """
        self._found = abandoned(self.root)
        self._show_found()
        values = self.preferences.values
        if self.preferences.problem:
            self.message.emit(self.preferences.problem, "", False)
        if not named and values.show_welcome:
            self.show_welcome()
            self.notice.take_keyboard()

    def close(self) -> None:
        """The window is closed: what others left stays for the next time, and so do edits that nobody could decide on.

        What it kept besides goes: the person has decided.
        """
        if self._placed:
            self._keep_place()
        self.autosave.close(remove=self._document.clean or not self._files.closing.urgent)
        for kept in self._found:
            kept.release()
        self._found = []

    def put_window(self) -> None:
        """Put the window where it was the last time, and remember where it is when it closes."""
        self._placed = True
        place.put(self._window, self.preferences.values.window_place)  # type: ignore[arg-type]  # a main window

    def _keep_place(self) -> None:
        kept = {"window_place": place.written(self._window), "window_layout": layout.written(self._window)}  # type: ignore[arg-type]
        self._try(functools.partial(self.preferences.change, **kept))

    def note(self, name: str, value: str) -> None:
        """Remember a preference that was chosen in a menu."""
        self._try(functools.partial(self.preferences.change, **{name: value}))

    # --- The welcome page ---

    def show_welcome(self) -> None:
        """Show the page over the middle of the window."""
        if self._covered is None:
            return
        if self._page is None:
            from workbench.life.welcome import WelcomePage

            names = ("newAction", "openAction", "ownFileAction")
            self._page = WelcomePage([self._actions[name] for name in names], self._covered)
            self._page.preset_chosen.connect(self._files.open)
            self._page.file_chosen.connect(self._files.open)
            self._page.file_removed.connect(self._remove_recent)
            self._page.kept_chosen.connect(self._files.reopen)
            self._page.start_changed.connect(self._note_start)
        self.preferences.read()
        self._middle.show()  # in a narrow window the panels may have its room
        self._page.show_page(self.preferences.recent, self.preferences.values.show_welcome, kept_trainings())

    @property
    def welcome(self) -> WelcomePage | None:
        """The page, once it was shown."""
        return self._page

    def _dismiss(self) -> None:
        if self._page is not None:
            self._page.dismiss()

    def _note_start(self, shown: bool) -> None:
        self._try(functools.partial(self.preferences.change, show_welcome=shown))

    def _note_theme(self, action: QAction) -> None:
        """Remember a theme that was chosen in a menu."""
        if action.data() in MODES:
            self._try(functools.partial(self.preferences.change, theme=action.data()))

    # --- Recent files ---

    def _follow_opened(self) -> None:
        self.autosave.note_saved()
        self._look_for_kept()
        self._dismiss()
        self._add_recent(self._document.path)

    def _follow_saved(self, path: object) -> None:
        self.autosave.note_saved()
        self._add_recent(path)

    def _add_recent(self, path: object) -> None:
        if isinstance(path, Path):
            self._try(functools.partial(self.preferences.add_recent, path))

    def _remove_recent(self, path: str) -> None:
        self._try(functools.partial(self.preferences.remove_recent, path))
        if self._page is not None:
            self._page.show_recent(self.preferences.recent)

    def _clear_recent(self) -> None:
        self._try(self.preferences.clear_recent)
        if self._page is not None:
            self._page.show_recent(())

    # --- Recovery ---

    def restore(self, number: int) -> None:
        """Open a kept project in the place of the present one, after asking about unsaved changes."""
        kept = self._found[number]
        self._files.read(kept.path, kept.load, functools.partial(self._show_restored, kept, kept.about()))

    def _show_restored(self, kept: Kept, about: About | None, loaded: Loaded) -> None:
        if kept not in self._found:
            return  # it was discarded while it was being read
        self._files.show(loaded, None)
        self._document.stack.resetClean()  # it lies in no file of the person's
        self._found.remove(kept)
        self.autosave.adopt(kept)
        self._show_found()
        if about is not None:
            if about.path:
                self._files.origin = Path(about.path)
            words = self.tr('Restored "{name}" as it was at {time}.').format(name=about.name, time=moment(about.time))
            self.message.emit(words, self.tr("Save it to keep it."), False)

    def discard(self, number: int) -> None:
        """Put a kept project away; File > Unsaved work has the few that were discarded last."""
        kept = self._found[number]
        about = kept.about()
        try:
            put_away(kept)
        except InputError as error:
            self.message.emit(error.sentence, error.remedy, True)
            return
        self._found.remove(kept)
        self._show_found()
        if about is not None:
            words = self.tr('Discarded "{name}".').format(name=about.name)
            self.message.emit(words, self.tr("File > Unsaved work brings it back."), False)

    def bring_back(self, path: str) -> None:
        """Open what was discarded, after asking about unsaved changes."""
        show = functools.partial(self._show_brought_back, origin(Path(path)))
        self._files.read(Path(path), functools.partial(load_file, Path(path)), show)

    def _show_brought_back(self, came_from: Path | None, loaded: Loaded) -> None:
        self._files.show(loaded, None)
        self._files.origin = came_from
        self._document.stack.resetClean()  # it lies in no file of the person's
        words = self.tr('Brought back "{name}".').format(name=loaded.project.name)
        self.message.emit(words, self.tr("Save it to keep it."), False)

    def _show_found(self) -> None:
        self.notice.show_kept([about for kept in self._found if (about := kept.about()) is not None])

    # --- Commands ---

    def new_seed(self) -> None:
        """Take the next seed, so that the next training starts with other weights; an edit like any other."""
        training = self._document.project.training
        seed = 0 if training.seed >= _MOST_SEED else training.seed + 1
        self._document.set_training(training.replace(seed=seed))
        words = self.tr("Seed {seed}: the next training starts with other weights.")
        self.message.emit(words.format(seed=seed), "", False)

    def _open_window(self) -> None:
        self._try(windows.open_window)

    def _register(self) -> None:
        self._try(self._register_now)

    def _register_now(self) -> None:
        for command in association.register(association.data_home()):
            program = shutil.which(command[0])
            if program is not None:
                QProcess.startDetached(program, command[1:])
        self.message.emit(self.tr("Files that end in .nnw are opened with this program from now on."), "", False)

    # --- Following ---

    @Slot()
    def _look_for_kept(self) -> None:
        """Offer the last training where there is one: other windows keep theirs in the same folder."""
        self._actions["reopenAction"].setEnabled(self._files.last.there)

    def _follow_edit(self, change: object) -> None:
        if change is not None:
            self._dismiss()

    def _follow_state(self, state: str) -> None:
        if state == RUNNING:
            self._dismiss()

    def _try(self, function: Callable[[], None]) -> None:
        try:
            function()
        except InputError as error:
            self.message.emit(error.sentence, error.remedy, False)


def recovery_folder() -> Path:
    """Return the folder in which windows keep what is not saved."""
    local = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(local) / "recovery"


def preferences_path() -> Path:
    """Return where the preferences of this user are."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation)
    return Path(folder) / "preferences.json"
