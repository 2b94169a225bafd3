"""Icons that are letters of a font: Material Design Icons, from the files that QtAwesome brings.

QtAwesome itself is not imported: with it come all of Qt's names and a dozen fonts, which costs a quarter of the time in
which the window opens. The font is read when the first icon is painted.
"""

from __future__ import annotations

import functools
import importlib.util
import json
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache

_FILL = 0.875
"""Height of the letter as a share of the icon's; the rest is the font's own margin."""


class Glyph(QIconEngine):
    """Paints one letter of the icon font.

    Args:
        name: of the icon in the font, for example ``"plus"``.
        colour, disabled: of the letter, and of the letter of something that cannot be used.
    """

    def __init__(self, name: str, colour: QColor, disabled: QColor) -> None:
        super().__init__()
        self._name, self._colour, self._disabled = name, colour, disabled

    def clone(self) -> QIconEngine:
        return Glyph(self._name, self._colour, self._disabled)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        font = QFont(_family())
        font.setPixelSize(max(1, round(_FILL * rect.height())))
        painter.save()
        painter.setPen(self._disabled if mode == QIcon.Mode.Disabled else self._colour)
        painter.setFont(font)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, chr(int(_codes()[self._name], 16)))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        if size.isEmpty():
            return QPixmap(size)  # of a button that has no room yet
        colour = self._disabled if mode == QIcon.Mode.Disabled else self._colour
        key = f"glyph {self._name} {colour.rgba():x} {size.width()} {size.height()}"
        pixmap = QPixmap(size)
        if QPixmapCache.find(key, pixmap):
            return pixmap
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        QPixmapCache.insert(key, pixmap)
        return pixmap


@functools.cache
def _family() -> str:
    number = QFontDatabase.addApplicationFont(str(_file("*.ttf")))
    return QFontDatabase.applicationFontFamilies(number)[0]


@functools.cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = json.loads(_file("*charmap*.json").read_text("utf-8"))
    return codes


def _file(pattern: str) -> Path:
    """Return one of the font's two files; its version is part of its name."""
    spec = importlib.util.find_spec("qtawesome")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("The icons need QtAwesome: pip install 'qtawesome>=1.4,<2'", name="qtawesome")
    return next((Path(spec.origin).parent / "fonts").glob(f"materialdesignicons6-{pattern}"))
