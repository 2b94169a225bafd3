"""What changes how the window looks, and must change nothing else."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.workbench.random_user.chance import anywhere, between, one_of, yes_or_no
from tests.workbench.random_user.desk import Desk, action
from tests.workbench.random_user.hands import PLAIN, click
from workbench.theme import current
from workbench.theme.theme import COLOURS, MODES


class ViewRules:
    """Mixed into the random person."""

    desk: Desk

    def choose(self, name: str) -> None:
        """Choose an action of the window's menus by its name."""
        action = self.desk.window.findChild(QAction, name)
        assert action is not None, name
        assert action.isEnabled(), name
        action.trigger()

    @action(mode=one_of(*MODES))
    def switch_theme(self, mode: str) -> None:
        """Switch between light, dark and as the system has it."""
        before = self.desk.project
        self.choose(f"theme.{mode}")
        theme = current()
        assert theme.mode == mode
        window = QApplication.palette().color(QPalette.ColorRole.Window)
        assert window.name() == theme.tokens.window.lower()
        assert theme.dark == (mode == "dark") or mode == "system"
        assert self.desk.project == before
        self.desk.did("switch theme")

    @action(colours=one_of(*COLOURS))
    def switch_colours(self, colours: str) -> None:
        """Switch to colours that all can tell apart, or back."""
        self.choose(f"colours.{colours}")
        assert current().colours == colours
        self.desk.did("switch colours")

    @action(size=one_of("normal", "normal", "large", "largest"))
    def choose_text_size(self, size: str) -> None:
        """Have larger text."""
        self.choose(f"text_size.{size}")
        assert current().text_size == size
        self.desk.did("text size")

    @action(size=one_of((1440, 900), (1440, 900), (1024, 640), (720, 480)))
    def resize(self, size: tuple[int, int]) -> None:
        """Pull the window to another size."""
        self.desk.window.resize(*size)
        self.desk.did("resize")

    @action(which=between(0, 2))
    def toggle_panel(self, which: int) -> None:
        """Show or hide a panel."""
        dock = self.desk.window.docks.lasting[which]
        hidden = dock.isHidden()
        dock.toggleViewAction().trigger()
        assert dock.isHidden() != hidden
        self.desk.did("panel")

    @action(which=between(0, 3))
    def float_panel(self, which: int) -> None:
        """Put a panel into a window of its own, or back."""
        dock = self.desk.window.docks.every[which]
        floated = dock.isFloating()
        self.desk.trigger(f"float{('Palette', 'Network', 'Properties', 'History')[which]}Action")
        assert dock.isFloating() != floated
        assert not dock.isHidden()
        self.desk.did("float panel")

    @action()
    def reset_layout(self) -> None:
        """Put every panel back."""
        self.desk.trigger("layoutAction")
        assert not self.desk.window.network_dock.isHidden()
        assert not any(dock.isFloating() for dock in self.desk.window.docks.every)
        self.desk.did("reset layout")

    @action(name=one_of("historyAction", "pictureAction", "welcomeAction"))
    def show(self, name: str) -> None:
        """Show the undo history, the network's picture or the welcome page."""
        window = self.desk.window
        self.desk.trigger(name)
        if name == "welcomeAction":
            page = window.life.welcome
            assert page is not None
            assert page.isVisible()
            QTest.keyClick(page, Qt.Key.Key_Escape)
            assert not page.isVisible()
        self.desk.did("panel")

    @action(tab=between(0, 1), whole=yes_or_no)
    def look(self, tab: int, whole: bool) -> None:
        """Look at predictions or at the picture, and give them all the room or not."""
        watching = self.desk.window.watching
        bar = watching.views.tabBar()
        click(bar, bar.tabRect(tab).center())
        assert watching.views.currentIndex() == tab
        if whole:
            click(watching.enlarge_button)
        self.desk.did("look")

    @action(name=one_of("keysAction", "aboutAction"))
    def ask_for_help(self, name: str) -> None:
        """Look at the keys or at what this is, and close it again."""
        self.desk.trigger(name)
        (dialog,) = self.desk.dialogs()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
        self.desk.did("help")

    @action(place=anywhere)
    def open_menu(self, place: float) -> None:
        """Open the menu of a row, and close it again."""
        view = self.desk.shown_list
        row = min(view.rows.rowCount() - 1, int(place * view.rows.rowCount()))
        view.scrollTo(view.rows.index(row))
        at = view.visualRect(view.rows.index(row)).topLeft() + QPoint(12, 20)
        where = view.viewport().mapToGlobal(at)
        reason = QContextMenuEvent.Reason.Mouse
        QApplication.sendEvent(view.viewport(), QContextMenuEvent(reason, at, where, PLAIN))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu), f"row {row} of {view.rows.rowCount()} has no menu"
        assert menu.actions()
        menu.close()
        self.desk.did("menu")
