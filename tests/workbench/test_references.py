"""PySide must not lose references to None and True: one of its releases does, and the process aborts after a while."""

from __future__ import annotations

import sys

import numpy as np
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from workbench.panels.curves import CurvePanel

REPAINTS, EMITS = 200, 600
NOISE = 150
"""References that come and go by themselves: far fewer than the one for each repaint or emit that would be lost."""


class Sender(QObject):
    """Emits what it is told to."""

    flag = Signal(bool)
    thing = Signal(object)


class Receiver(QObject):
    """Counts what it gets."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def take(self, _: object) -> None:
        """Count one more."""
        self.count += 1


def test_that_repaints_and_signals_keep_the_references_to_none_and_true(qtbot: QtBot) -> None:
    panel = CurvePanel("Loss", False)
    qtbot.addWidget(panel)
    panel.resize(400, 300)
    panel.show()
    values = np.linspace(2, 1, 500)
    epochs = np.array([1.0, 2.0])
    panel.show_history(values, 100, epochs, 2 - epochs / 2, 2 - epochs / 3, 5)
    sender, receiver = Sender(), Receiver()
    sender.flag.connect(receiver.take)
    sender.thing.connect(receiver.take)
    panel.repaint()
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(REPAINTS):
        panel.plot.widget.viewport().repaint()
    for _ in range(EMITS):
        sender.flag.emit(True)
        sender.thing.emit(None)
    after = sys.getrefcount(None), sys.getrefcount(True)
    assert receiver.count == 2 * EMITS
    assert after[0] > before[0] - NOISE
    assert after[1] > before[1] - NOISE
