"""What is alive: the objects of the window by name, and those of engine and forms by kind."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

from nncore.plan import Plan
from nncore.session import Session
from workbench.editor.in_place import InPlaceEditor
from workbench.forms.form import SpecForm
from workbench.main_window import MainWindow
from workbench.training.worker import TrainingThread

KINDS = (Plan, Session, TrainingThread, InPlaceEditor, SpecForm)


def settle() -> None:
    """Have everything deleted that waits for it."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
        gc.collect()


def unfold(form: SpecForm) -> None:
    """Have every field of a form built that is otherwise built when a person asks for more."""
    form.show_more(True)
    for nested in form.nested.values():
        unfold(nested)


def alive(window: MainWindow) -> Counter[str]:
    """Count the objects of the window by kind and name, the windows, and what engine and forms have made."""
    settle()
    found: Counter[str] = Counter()
    for child in window.findChildren(QObject):
        found[f"{child.metaObject().className()} {child.objectName()}".strip()] += 1
    for widget in QApplication.topLevelWidgets():
        found[f"window {type(widget).__name__} {widget.objectName()}".strip()] += 1
    for item in gc.get_objects():
        if isinstance(item, KINDS):
            found[f"kept {type(item).__name__}"] += 1
    return found


def grown(found: Sequence[Counter[str]]) -> dict[str, tuple[int, int]]:
    """Return the kinds of which there were ever more, with how many there were half way, at most, and at the end.

    What is made once, when it is first asked for, is none of them: only growth by more than one each time is.
    """
    half = len(found) // 2
    if not half:
        return {}
    before = {kind: max(count[kind] for count in found[:half]) for count in found for kind in count}
    least = len(found) - half
    return {kind: (most, found[-1][kind]) for kind, most in before.items() if found[-1][kind] - most > least}
