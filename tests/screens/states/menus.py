"""Every menu, open."""

from __future__ import annotations

import functools

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from tests.screens.states.driving import found
from tests.screens.states.state import State
from tests.workbench.driving import show_loss
from workbench.main_window import MainWindow

TITLES = ("file", "edit", "model", "data", "train", "view", "help")


def open_menu(window: MainWindow, title: str) -> QMenu:
    """Open a menu of the menu bar, as a click does."""
    menu: QMenu = getattr(window.menus, title)
    bar = window.menuBar()
    menu.popup(bar.mapToGlobal(bar.actionGeometry(menu.menuAction()).bottomLeft() + QPoint(0, 1)))
    return menu


def show_menu(window: MainWindow, title: str) -> None:
    """Open a menu."""
    open_menu(window, title)


def show_below(window: MainWindow, title: str, name: str) -> None:
    """Open a menu, and one within it."""
    menu = open_menu(window, title)
    menu.setActiveAction(_submenu(menu, name))


def _submenu(menu: QMenu, name: str) -> QAction:
    return next(action for action in menu.actions() if action.menu() and action.menu().objectName() == name)


def show_row_menu(window: MainWindow) -> None:
    """The menu of a row with an error: its mends come first."""
    layers = window.network.layers
    layers.select_position(0)
    menu = layers.make_menu(1)
    menu.popup(layers.viewport().mapToGlobal(layers.visualRect(layers.currentIndex()).center()))


def break_first(window: MainWindow) -> None:
    """The first layer does not fit."""
    window.document.remove(0)


def show_layer_menu(window: MainWindow) -> None:
    """The menu of a row that is as it should be."""
    layers = window.network.layers
    layers.select_position(1)
    menu = layers.make_menu(2)
    menu.popup(layers.viewport().mapToGlobal(layers.visualRect(layers.currentIndex()).center()))


def show_panel_menu(window: MainWindow) -> None:
    """What can be done with a curve."""
    show_loss(window)
    button = window.watching.loss_curve.menu_button
    window.watching.loss_curve.menu.popup(button.mapToGlobal(button.rect().bottomLeft()))


def show_picture_menu(window: MainWindow) -> None:
    """What can be done with the drawing of the network."""
    window.watching.show_picture()
    button = window.watching.picture.menu_button
    window.watching.picture.menu.popup(button.mapToGlobal(button.rect().bottomLeft()))


def show_classes(window: MainWindow) -> None:
    """The classes of which samples can be shown."""
    chip = found(window, QToolButton, "classChip")
    chip.menu().popup(chip.mapToGlobal(chip.rect().bottomLeft()))


def show_add_menu(window: MainWindow) -> None:
    """The layers to add, by family."""
    button = found(window, QToolButton, "addLayerButton")
    menu = button.menu()
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
    menu.setActiveAction(menu.actions()[2])


STATES = (
    *(
        State(f"menu-{title}", "mnist-mlp", arrange=functools.partial(show_menu, title=title), alike=True)
        for title in TITLES
    ),
    *(
        State(f"menu-{name}", "mnist-mlp", arrange=functools.partial(show_below, title=title, name=name), alike=True)
        for title, name in (("file", "examplesMenu"), ("view", "text_sizeMenu"), ("view", "coloursMenu"))
    ),
    State("menu-row", "mnist-mlp", break_first, show_row_menu),
    State("menu-layer", "mnist-mlp", arrange=show_layer_menu, alike=True),
    State("menu-picture", "mnist-mlp", arrange=show_picture_menu, alike=True),
    State("menu-classes", "mnist-mlp", arrange=show_classes, alike=True),
    State("menu-panel", "mnist-mlp", arrange=show_panel_menu),
    State("menu-add", "mnist-mlp", arrange=show_add_menu),
)
