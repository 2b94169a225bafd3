"""What a screen reader says: every control has a name, in every panel, dialog and page, also those opened later."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.workbench.driving import Wait, open_whole
from tests.workbench.keyboard import DIALOGS, KINDS, controls, opened, told
from workbench.main_window import MainWindow


def spoken(widget: QWidget) -> str:
    """Return the name that a screen reader says.

    On some systems Qt gives the chosen text as the name of a combo box, and the words beside it as its label.
    """
    told_by_qt = QAccessible.queryAccessibleInterface(widget)
    if told_by_qt is None:
        return ""
    if isinstance(widget, QComboBox):
        labels = [
            label.text(QAccessible.Text.Name) for label, _ in told_by_qt.relations(QAccessible.RelationFlag.Label)
        ]
        return " ".join(labels) if widget.accessibleName() else ""
    return told_by_qt.text(QAccessible.Text.Name).strip()


def nameless(root: QWidget) -> list[str]:
    return [told(widget) for widget in controls(root) if not spoken(widget)]


def called_alike(root: QWidget) -> list[str]:
    """Return what cannot be told apart by its name from another control of the same kind in the same panel."""
    found: dict[tuple[type, str, str], list[str]] = {}
    for widget in controls(root):
        found.setdefault((type(widget), spoken(widget), _panel(widget)), []).append(widget.objectName())
    return [f"{name!r}: {names}" for (_, name, _), names in found.items() if len(names) > 1]


def _panel(widget: QWidget) -> str:
    """Return the name of what a control stands in: its panel or section, which a screen reader says before it."""
    parent = widget.parentWidget()
    while parent is not None and not (parent.accessibleName() and not isinstance(parent, QAbstractScrollArea)):
        parent = parent.parentWidget()
    return "" if parent is None else parent.accessibleName()


@pytest.mark.parametrize("preset", KINDS)
def test_that_every_control_of_the_window_has_a_name(window: MainWindow, until: Wait, preset: str) -> None:
    open_whole(window, until, preset)
    window.actions_by_name["historyAction"].trigger()
    for position in range(len(window.document.network)):
        window.network.layers.select_position(position)
        for more in window.properties.findChildren(QWidget):
            if more.objectName().endswith(".more") and more.isVisible() and not more.property("checked"):
                more.click()  # type: ignore[attr-defined]  # a button
        QApplication.processEvents()
        assert nameless(window) == []
        assert called_alike(window) == []


def test_that_every_view_of_the_middle_has_named_controls(window: MainWindow, until: Wait) -> None:
    open_whole(window, until, "mnist-cnn")
    tabs = window.findChild(QTabWidget, "viewTabs")
    assert tabs is not None
    for place in range(tabs.count()):
        tabs.setCurrentIndex(place)
        QApplication.processEvents()
        assert tabs.tabText(place)
        assert nameless(window) == []


@pytest.mark.parametrize("name", DIALOGS)
def test_that_every_dialog_says_what_it_is_and_has_named_controls(window: MainWindow, until: Wait, name: str) -> None:
    dialog = opened(window, until, name)
    assert dialog.windowTitle()
    assert nameless(dialog) == []
    assert called_alike(dialog) == []
    dialog.reject()


def test_that_the_editor_in_a_row_and_the_welcome_page_have_named_controls(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    window.network.layers.setFocus()
    window.network.layers.edit_in_place()
    assert window.findChild(QWidget, "inPlaceEditor") is not None
    assert nameless(window) == []
    window.network.layers.close_editor()
    window.actions_by_name["welcomeAction"].trigger()
    page = window.life.welcome
    assert page is not None
    assert len([widget for widget in controls(window) if page.isAncestorOf(widget)]) > 10
    assert nameless(window) == []


@pytest.mark.parametrize("preset", KINDS)
def test_that_every_row_of_every_list_has_words(window: MainWindow, until: Wait, preset: str) -> None:
    open_whole(window, until, preset)
    window.actions_by_name["historyAction"].trigger()
    silent = []
    for view in window.findChildren(QAbstractItemView):
        model = view.model()
        if model is None or not view.isVisible():
            continue
        for row in range(min(model.rowCount(QModelIndex()), 20)):
            index = model.index(row, 0)
            words = index.data(Qt.ItemDataRole.AccessibleTextRole) or index.data(Qt.ItemDataRole.DisplayRole)
            if not words:
                silent.append(f"{told(view)} row {row}")
    assert silent == []


def test_that_a_row_with_an_error_says_it_and_how_it_is_mended(window: MainWindow, until: Wait) -> None:
    open_whole(window, until, "mnist-mlp")
    window.document.remove(0)
    words = window.network.layers.rows.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Flatten" in words
    status = window.findChild(QLabel, "statusMessage")
    assert status is not None
    window.show_message("It is so.", "Do that.", False)
    assert "It is so." in spoken(status)
    window.show_message("It is wrong.", "Mend it.", True)
    assert window.watching.banner.accessibleDescription() == "It is wrong. Mend it."
