"""Whether a widget is gone from memory when it is closed, together with what belongs to it."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

_Widget = TypeVar("_Widget", bound=QWidget)


def is_freed(make: Callable[[], _Widget], *parts: Callable[[_Widget], object]) -> bool:
    """Make, show and close a widget; return whether it is collected.

    Args:
        make: returns the widget, filled, without keeping it.
        parts: return what must be collected with it.
    """
    widget = make()
    widget.show()
    QApplication.processEvents()
    references = [weakref.ref(widget), *(weakref.ref(part(widget)) for part in parts)]
    widget.close()
    widget.deleteLater()
    del widget
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    return all(reference() is None for reference in references)
