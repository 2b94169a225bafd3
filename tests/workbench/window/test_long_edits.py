"""After an edit of a long list the window around it follows as soon as the list is painted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from nncore.layers import Conv2D, Dense
from workbench.main_window import MainWindow
from workbench.open_project import LONG


def test_that_the_window_follows_an_edit_of_a_long_list_once_it_is_painted(
    window: MainWindow, until: Callable[..., None]
) -> None:
    document, train = window.document, window.actions_by_name["trainAction"]
    document.insert_layers(len(document.network) - 1, [Dense(4, "relu")] * LONG)
    until(lambda: train.isEnabled() and window.monitor.preview.estimate is not None)
    document.insert(len(document.network) - 1, Conv2D(2, (3, 3)))
    assert document.trace.problems
    QApplication.processEvents()
    assert not train.isEnabled()
    assert window.bar.hint.text() == "1 layer does not fit yet"
    assert window.monitor.preview.estimate is None
    document.stack.undo()
    QApplication.processEvents()
    assert train.isEnabled()
    assert window.bar.hint.text() == ""
    assert window.monitor.preview.estimate is not None
