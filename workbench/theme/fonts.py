"""The two bundled typefaces: Inter for the interface, STIX for equations.

Invariant: sizes are pixels of the design, 13 for body text, times one factor that follows the user's own font size and
the size of text that was chosen.
"""

from __future__ import annotations

import functools
import sys

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from nncore.resources import asset

BODY, CAPTION, SMALL, TITLE, EQUATION = 13, 12, 11, 14, 17
FAMILY, SERIF = "Inter", "STIX"
_FILES = (
    "Inter-Regular.otf",
    "Inter-Medium.otf",
    "Inter-SemiBold.otf",
    "Inter-Italic.otf",
    "STIX-Regular.otf",
    "STIX-Italic.otf",
)
TEXT_SIZES = {"normal": 1.0, "large": 1.25, "largest": 1.5}
"""What a person may choose, beside the size that the system has; as factors."""
_USUAL_POINTS = {"darwin": 13.0, "win32": 9.0}


@functools.cache
def load() -> tuple[str, ...]:
    """Make the bundled fonts known to Qt; return the names of their families. Needs a QGuiApplication."""
    families: list[str] = []
    for name in _FILES:
        number = QFontDatabase.addApplicationFont(str(asset("fonts", name)))
        families += QFontDatabase.applicationFontFamilies(number)
    return tuple(dict.fromkeys(families))


def strong(words: str, colour: str = "") -> str:
    """Return rich text in the bold that is bundled; for ``<b>`` Qt would make a bolder one by smearing the letters.

    Args:
        words: rich text.
        colour: of it; that of the text around it when empty.
    """
    style = f"font-weight:600;color:{colour}" if colour else "font-weight:600"
    return f'<span style="{style}">{words}</span>'


_chosen = 1.0


def scale() -> float:
    """Return how much larger than usual text is: the system's font times what was chosen."""
    return _system_scale() * _chosen


def choose_size(name: str) -> None:
    """Set one of ``TEXT_SIZES``; the theme makes what is on the screen follow."""
    global _chosen
    _chosen = TEXT_SIZES[name]


@functools.cache
def _system_scale() -> float:
    """Return how much larger than usual the user's system font is: 1 to 2.5."""
    if QGuiApplication.platformName() in ("offscreen", "minimal"):
        return 1.0
    points = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).pointSizeF()
    return min(2.5, max(1.0, points / _USUAL_POINTS.get(sys.platform, 11.0)))


def pixels(size: float) -> int:
    """Return a length of the design in the pixels of this user."""
    return round(size * scale())


def font(size: float = BODY, *, medium: bool = False, bold: bool = False, italic: bool = False) -> QFont:
    """Return the interface font with figures of equal width, so that changing numbers do not dance."""
    return QFont(_made(pixels(size), medium, bold, italic))


@functools.cache
def _made(height: int, medium: bool, bold: bool, italic: bool) -> QFont:
    """Return the font; made once, because what is painted several times a second asks for it each time."""
    load()
    made = QFont(FAMILY)
    made.setPixelSize(height)
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Medium if medium else QFont.Weight.Normal)
    made.setItalic(italic)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def equation(size: float = EQUATION) -> QFont:
    """Return the serif for equations; rich text sets its variables in italics."""
    load()
    made = QFont(SERIF)
    made.setPixelSize(pixels(size))
    return made
