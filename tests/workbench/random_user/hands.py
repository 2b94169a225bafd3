"""What a hand does with mouse and keyboard, by the events that the window would get."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QWidget

LEFT, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
PLAIN = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
_TYPES = {
    "press": QEvent.Type.MouseButtonPress,
    "move": QEvent.Type.MouseMove,
    "release": QEvent.Type.MouseButtonRelease,
}


def wait(milliseconds: int = 1) -> None:
    """Let the window work for a moment."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def accept(dialog: QDialog) -> list[str]:
    """Take what a dialog has; return the questions that it asked first, each of them answered with Cancel.

    It asks in a loop of its own, in which a test would wait for ever.
    """
    questions: list[str] = []

    def refuse() -> None:
        for box in dialog.findChildren(QMessageBox):
            if box.isVisible():
                questions.append(box.text())
                box.reject()

    timer = QTimer(interval=0)
    timer.timeout.connect(refuse)
    timer.start()
    dialog.accept()
    timer.stop()
    return questions


def mouse(widget: QWidget, what: str, place: QPoint, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    """Send one event of the left button: ``"press"``, ``"move"`` with the button held, or ``"release"``."""
    button = NO_BUTTON if what == "move" else LEFT
    held = NO_BUTTON if what == "release" else LEFT
    at, on_screen = QPointF(place), QPointF(widget.mapToGlobal(place))
    QApplication.sendEvent(widget, QMouseEvent(_TYPES[what], at, on_screen, button, held, modifiers))


def click(widget: QWidget, place: QPoint | None = None, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    """Press and release the left button."""
    at = widget.rect().center() if place is None else place
    mouse(widget, "press", at, modifiers)
    mouse(widget, "release", at, modifiers)


def double_click(widget: QWidget, place: QPoint) -> None:
    """Click twice, quickly."""
    QTest.mouseDClick(widget, LEFT, PLAIN, place)


def drag(
    source: QWidget, start: QPoint, target: QWidget, way: Sequence[QPoint], held: Qt.KeyboardModifier, *, drop: bool
) -> bool:
    """Take what lies at ``start`` with the mouse and carry it over places of another widget; return whether it moved.

    Args:
        source, target: where it is taken, and where it goes to.
        start: a place in ``source``. way: places in ``target``, the last one that of the drop.
        held: keys that are held while it is in the air.
        drop: let it go at the end; otherwise it leaves the target and is let go elsewhere.
    """
    mouse(source, "press", start)
    with _carrying(target, way, held, drop) as carried:
        far = 2 * QApplication.startDragDistance()
        for step in (QPoint(1, 1), QPoint(far, 0), QPoint(2 * far, 2)):
            mouse(source, "move", start + step)
            if carried:
                break
    mouse(source, "release", start)
    return bool(carried)


@contextmanager
def _carrying(
    target: QWidget, way: Sequence[QPoint], held: Qt.KeyboardModifier, drop: bool
) -> Iterator[list[Qt.DropAction]]:
    """Stand in for the loop of the desktop in which a drag lives, which no test can steer."""
    done: list[Qt.DropAction] = []

    def carry(carried: QDrag, *_: Any) -> Qt.DropAction:
        carried.deleteLater()  # as Qt does when a drag has ended
        mime, actions = carried.mimeData(), Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
        QApplication.sendEvent(target, QDragEnterEvent(way[0], actions, mime, LEFT, held))
        for place in way:
            QApplication.sendEvent(target, QDragMoveEvent(place, actions, mime, LEFT, held))
        if not drop:
            QApplication.sendEvent(target, QDragLeaveEvent())
            done.append(Qt.DropAction.IgnoreAction)
        else:
            event = QDropEvent(QPointF(way[-1]), actions, mime, LEFT, held)
            QApplication.sendEvent(target, event)
            done.append(event.dropAction() if event.isAccepted() else Qt.DropAction.IgnoreAction)
        return done[-1]

    original = QDrag.exec
    QDrag.exec = carry  # type: ignore[method-assign,assignment]  # put back below
    try:
        yield done
    finally:
        QDrag.exec = original  # type: ignore[method-assign]  # the original again
