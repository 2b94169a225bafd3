"""Pictures and numbers of a panel as files or on the clipboard.

Invariant: a file appears whole or not at all, and nothing on the screen moves while it is made.
"""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from nncore.storage.files import atomic_write
from workbench.theme import current

SHARPNESS = 2.0
"""Pixels of a saved picture for each pixel of the screen: sharp on a slide, too."""


@contextlib.contextmanager
def written(path: Path) -> Iterator[QBuffer]:
    """Give a buffer to draw into, and write it to a file at the end; raise ``InputError`` as ``atomic_write`` does."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    yield buffer
    with atomic_write(path) as stream:
        stream.write(buffer.data().data())


def picture_of(widget: QWidget) -> QPixmap:
    """Return what a widget shows, in twice the screen's resolution, on the panel's background."""
    picture = QPixmap(widget.size() * SHARPNESS)
    picture.setDevicePixelRatio(SHARPNESS)
    picture.fill(QColor(current().tokens.panel))
    widget.render(picture)
    return picture


def copy_picture(widget: QWidget) -> None:
    """Put what a widget shows on the clipboard."""
    QGuiApplication.clipboard().setPixmap(picture_of(widget))


def save_png(widget: QWidget, path: Path) -> None:
    """Write what a widget shows; raise ``InputError`` when the folder does not allow it."""
    with written(path) as buffer:
        picture_of(widget).save(buffer, "PNG")


def save_svg(widget: QWidget, path: Path, title: str) -> None:
    """Write what a widget shows as lines and letters; raise ``InputError`` when the folder does not allow it."""
    with written(path) as buffer:
        drawing = QSvgGenerator()
        drawing.setOutputDevice(buffer)
        drawing.setSize(widget.size())
        drawing.setViewBox(QRect(QPoint(0, 0), widget.size()))
        drawing.setTitle(title)
        painter = QPainter(drawing)
        painter.fillRect(widget.rect(), QColor(current().tokens.panel))
        widget.render(painter, QPoint(0, 0))
        painter.end()


def save_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table in UTF-8; raise ``InputError`` when the folder does not allow it."""
    with atomic_write(path) as stream:
        text = io.TextIOWrapper(stream, "utf-8", newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
        # The file belongs to atomic_write: without this, the wrapper would close it.
        text.detach()
