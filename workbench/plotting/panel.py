"""What all watching panels share: a header, a menu, pictures for files and clipboard, the theme.

Invariant: a panel shows what it was given and computes nothing heavy; while hidden it paints nothing, and when it is
shown again it has caught up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from nncore.errors import InputError
from workbench.dialogs.folders import PROJECTS
from workbench.plotting import pictures
from workbench.theme import current, fonts, icons

Table = tuple[Sequence[str], Iterable[Sequence[object]]]


class Panel(QFrame):
    """A header line above a body.

    Subclasses put widgets into ``header`` and ``body``, actions in front of ``menu``, and override ``table``,
    ``refresh`` and ``apply_theme``.

    Args:
        name: the panel's accessible name, and the beginning of names of files.
        drawing: whether the panel may be saved as SVG.
        numbers: whether the panel has a table to be saved as CSV.

    Attributes:
        message: what came of saving a file: a sentence, what to do, and whether it is an error.
    """

    message = Signal(str, str, bool)

    def __init__(self, name: str, parent: QWidget | None = None, *, drawing: bool = True, numbers: bool = True) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMinimumSize(140, 88)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 8, 12, 8)
        outer.setSpacing(6)
        top = QHBoxLayout()
        top.setSpacing(2)
        self.header = QGridLayout()
        self.header.setHorizontalSpacing(8)
        self.header.setVerticalSpacing(4)
        self.body = QGridLayout()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.menu = QMenu(self)
        self.menu.setObjectName("panelMenu")
        self.menu_button = self._make_menu_button()
        top.addLayout(self.header, 1)
        top.addWidget(self.menu_button, 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(top)
        outer.addLayout(self.body, 1)
        self._note: QLabel | None = None
        self._wide = 0
        self._add_actions(drawing, numbers)
        current().changed.connect(self._change_theme)

    def _make_menu_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("panelMenuButton")
        button.setProperty("flat", True)
        button.setAccessibleName(self.tr("Menu: {name}").format(name=self.accessibleName()))
        button.setToolTip(self.tr("What this panel can do: save, copy and more"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(self.menu)
        button.setIconSize(QSize(fonts.pixels(16), fonts.pixels(16)))
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        button.setSizePolicy(policy)
        icons.bind(button, "more")
        return button

    def _add_actions(self, drawing: bool, numbers: bool) -> None:
        self._add_action("copyPictureAction", self.tr("Copy picture"), "copy", self.copy_picture)
        self._add_action("savePngAction", self.tr("Save picture (PNG)…"), "picture", self.ask_png)
        if drawing:
            self._add_action("saveSvgAction", self.tr("Save drawing (SVG)…"), "picture", self.ask_svg)
        if numbers:
            self._add_action("saveCsvAction", self.tr("Save numbers (CSV)…"), "export", self.ask_csv)

    def _add_action(self, name: str, text: str, icon: str, slot: object) -> None:
        action = QAction(text, self)
        action.setObjectName(name)
        icons.bind(action, icon)
        action.triggered.connect(slot)
        self.menu.addAction(action)

    def add_choice(self, name: str, text: str, checked: bool) -> QAction:
        """Return a new action at the top of the menu that is on or off."""
        action = QAction(text, self)
        action.setObjectName(name)
        action.setCheckable(True)
        action.setChecked(checked)
        first = next(action for action in self.menu.actions() if action.objectName() == "copyPictureAction")
        if not any(known.isSeparator() for known in self.menu.actions()):
            first = self.menu.insertSeparator(first)
        else:
            first = next(known for known in self.menu.actions() if known.isSeparator())
        self.menu.insertAction(first, action)
        return action

    def sizeHint(self) -> QSize:
        # Neighbours share the room evenly, whatever their titles are.
        return QSize(320, 220)

    def set_note(self, note: QLabel, wide: int) -> None:
        """Place a line of text at the right of the header; below it where the panel is narrower than ``wide``.

        ``wide`` is in pixels of the design.
        """
        self._note, self._wide = note, wide
        note.setProperty("role", "caption")
        note.setMinimumWidth(0)
        self.header.setColumnStretch(1, 1)
        self._place_note()

    def _place_note(self) -> None:
        if self._note is not None:
            place = (0, 2, 1, 1) if self.width() >= fonts.pixels(self._wide) else (1, 0, 1, 3)
            self.header.addWidget(self._note, *place, Qt.AlignmentFlag.AlignVCenter)

    # --- For subclasses -----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Paint what was given while the panel was hidden."""

    def apply_theme(self) -> None:
        """Take the colours of the theme in force."""

    def fit_text(self) -> None:
        """Place anew what depends on the size of text."""
        self._place_note()

    def table(self) -> Table:
        """Return header and rows of the numbers that are shown."""
        return (), ()

    # --- Events -------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_note()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu.popup(event.globalPos())
        event.accept()

    @Slot()
    def _change_theme(self) -> None:
        self.fit_text()
        self.apply_theme()
        self.update()

    # --- Files and clipboard ------------------------------------------------------------------------------------

    @Slot()
    def copy_picture(self) -> None:
        """Put a picture of the panel on the clipboard."""
        with _WithoutButton(self.menu_button):
            pictures.copy_picture(self)

    def save_png(self, path: Path) -> None:
        """Write a picture; raise ``InputError`` when the folder does not allow it."""
        with _WithoutButton(self.menu_button):
            pictures.save_png(self, path)

    def save_svg(self, path: Path) -> None:
        """Write a drawing; raise ``InputError`` when the folder does not allow it."""
        with _WithoutButton(self.menu_button):
            pictures.save_svg(self, path, self.accessibleName())

    def save_csv(self, path: Path) -> None:
        """Write the numbers; raise ``InputError`` when the folder does not allow it."""
        pictures.save_csv(path, *self.table())

    @Slot()
    def ask_png(self) -> None:
        """Ask for a file name and write a picture."""
        self._ask("png", self.tr("Picture (*.png)"))

    @Slot()
    def ask_svg(self) -> None:
        """Ask for a file name and write a drawing."""
        self._ask("svg", self.tr("Drawing (*.svg)"))

    @Slot()
    def ask_csv(self) -> None:
        """Ask for a file name and write the numbers."""
        self._ask("csv", self.tr("Numbers (*.csv)"))

    def _ask(self, suffix: str, kind: str) -> None:
        title = self.tr("Save {name}").format(name=self.accessibleName())
        dialog = QFileDialog(self, title, str(PROJECTS.path))
        dialog.setObjectName("savePanelDialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(kind)
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(f"{self.accessibleName().lower().replace(' ', '-')}.{suffix}")
        dialog.fileSelected.connect(self._save)
        dialog.fileSelected.connect(PROJECTS.note)
        dialog.open()

    @Slot(str)
    def _save(self, chosen: str) -> None:
        path = Path(chosen)
        save = {".png": self.save_png, ".svg": self.save_svg, ".csv": self.save_csv}.get(path.suffix.lower())
        try:
            if save is None:
                raise InputError(
                    self.tr("A file called {name} cannot be written: its ending says nothing of its kind.").format(
                        name=path.name
                    ),
                    self.tr("Let the name end in .png, .svg or .csv."),
                )
            save(path)
        except InputError as error:
            self.message.emit(error.sentence, error.remedy, True)
        else:
            self.message.emit(self.tr("Saved {name}.").format(name=path.name), "", False)


class TitleLabel(QLabel):
    """The bold name of a panel; where the room is short, another name that is shorter, or dots.

    Attributes:
        short: the shorter name; empty where there is none.
    """

    short = ""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.setObjectName("panelTitle")
        self.setProperty("role", "title")

    def minimumSizeHint(self) -> QSize:
        full, least = super().minimumSizeHint(), self.short or "Mean absolut…"
        return QSize(min(full.width(), self.fontMetrics().horizontalAdvance(least) + 2), full.height())

    def words(self) -> str:
        """Return what has room."""
        whole = self.fontMetrics().horizontalAdvance(self.text()) <= self.width()
        text = self.text() if whole or not self.short else self.short
        return self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, self.width())

    def paintEvent(self, event: QPaintEvent) -> None:
        words = self.words()
        self.setToolTip(self.text() if words != self.text() else "")
        painter = QPainter(self)
        self.style().drawItemText(painter, self.rect(), Qt.AlignmentFlag.AlignVCenter, self.palette(), True, words)


class _WithoutButton:
    """Keeps the menu button out of a picture; its room stays, so nothing moves."""

    def __init__(self, button: QToolButton) -> None:
        self._button = button

    def __enter__(self) -> None:
        self._button.setVisible(False)

    def __exit__(self, *error: object) -> None:
        self._button.setVisible(True)


def initials(title: str) -> str:
    """Return the short name of a title of three words and more: MAE for the mean absolute error; else nothing."""
    words = title.split()
    return "".join(word[0] for word in words).upper() if len(words) > 2 else ""
