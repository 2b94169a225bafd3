"""A state of the window that is worth a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from workbench.main_window import MainWindow

Act = Callable[[MainWindow], None]


def nothing(window: MainWindow) -> None:
    """The window as it is."""


@dataclass(frozen=True)
class State:
    """What is done to a new window before its pictures are taken.

    Attributes:
        name: of the picture's file.
        preset: the ready project that is open.
        prepare: what takes time, such as a training; done once.
        arrange: what another size or theme may have undone, such as a menu; done before each picture.
        shows: the dialogs and panels that are to be seen in each picture.
        alike: it differs from others by a few rows only, so that it is drawn in a few looks, ``looks.FEW``.
    """

    name: str
    preset: str = "xor"
    prepare: Act = nothing
    arrange: Act = nothing
    shows: tuple[type[QWidget], ...] = ()
    alike: bool = False
