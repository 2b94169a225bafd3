"""The theme in force: light or dark, as chosen or as the system has it, exchanged while the program runs.

Invariant: there is one ``Theme`` for one QApplication; whoever paints reads ``current().tokens`` while painting and
repaints on ``changed``.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTemporaryDir, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from workbench.theme import fonts
from workbench.theme.rescale import rescale
from workbench.theme.stylesheet import stylesheet
from workbench.theme.tokens import DARK, DARK_SAFE, LIGHT, LIGHT_SAFE, Tokens, blend

MODES = ("light", "dark", "system")
COLOURS = ("standard", "safe")
_SHAPES = {
    "down": ((2.5, 4.5), (6.0, 8.0), (9.5, 4.5)),
    "up": ((2.5, 7.5), (6.0, 4.0), (9.5, 7.5)),
    "right": ((4.5, 2.5), (8.0, 6.0), (4.5, 9.5)),
    "left": ((7.5, 2.5), (4.0, 6.0), (7.5, 9.5)),
    "check": ((2.5, 6.5), (5.0, 9.0), (9.5, 3.5)),
    "tick": ((2.5, 6.5), (5.0, 9.0), (9.5, 3.5)),
    "close": ((3.0, 3.0), (9.0, 9.0), (6.0, 6.0), (9.0, 3.0), (3.0, 9.0)),
    "dock": ((2.5, 3.0), (9.5, 3.0), (9.5, 9.5), (2.5, 9.5), (2.5, 3.0)),
}
_SIDE = 12  # pixels of the design that a shape is wide and high


class Theme(QObject):
    """Gives the application its fonts, palette and style sheet.

    Args:
        application: to be dressed.
        mode: ``"light"``, ``"dark"`` or ``"system"``.
        dressed: whether the style sheet comes at once; else with ``dress``, when a first window has been built. Qt
            looks up the rules of a widget, and of all that is in it, anew whenever it is put into another one.

    Attributes:
        changed: emitted after palette and style sheet were exchanged, for other colours or another size of text.
        text_size_changed: carries the name of the size; emitted after ``changed``.
    """

    changed = Signal()
    text_size_changed = Signal(str)

    def __init__(self, application: QApplication, mode: str = "system", *, dressed: bool = True) -> None:
        super().__init__(application)
        self._application = application
        self._folder = QTemporaryDir()
        self._mode = mode
        self._colours, self._text_size = "standard", "normal"
        fonts.choose_size(self._text_size)
        self._tokens: Tokens | None = None
        self._dressed = dressed
        # Fusion looks the same everywhere and follows the palette; native styles ignore much of a style sheet.
        application.setStyle("Fusion")
        application.setFont(fonts.font())
        application.styleHints().colorSchemeChanged.connect(self._follow_system)
        self.set_mode(mode)

    @property
    def mode(self) -> str:
        """What was asked for: ``"light"``, ``"dark"`` or ``"system"``."""
        return self._mode

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        return self._tokens or LIGHT

    @property
    def dark(self) -> bool:
        """Whether the dark colours are in force."""
        return self.tokens.dark

    def set_mode(self, mode: str) -> None:
        """Switch to ``"light"``, ``"dark"`` or ``"system"``; raise ``ValueError`` for anything else."""
        if mode not in MODES:
            raise ValueError(f"A theme is one of {', '.join(MODES)}, not {mode}.")
        self._mode = mode
        self._apply()

    @property
    def colours(self) -> str:
        """``"standard"``, or ``"safe"`` for people who do not tell green from red."""
        return self._colours

    def set_colours(self, colours: str) -> None:
        """Choose between ``"standard"`` and ``"safe"`` colours; raise ``ValueError`` for anything else."""
        if colours not in COLOURS:
            raise ValueError(f"The colours are one of {', '.join(COLOURS)}, not {colours}.")
        self._colours = colours
        self._apply()

    @property
    def text_size(self) -> str:
        """The name of the size of text: ``"normal"``, ``"large"`` or ``"largest"``."""
        return self._text_size

    def set_text_size(self, name: str) -> None:
        """Choose the size of text, live; raise ``ValueError`` for one that does not exist."""
        if name not in fonts.TEXT_SIZES:
            raise ValueError(f"Text is one of {', '.join(fonts.TEXT_SIZES)}, not {name}.")
        if name == self._text_size:
            return
        before = fonts.scale()
        self._text_size = name
        fonts.choose_size(name)
        rescale(self._application.allWidgets(), before, fonts.scale())
        self._application.setFont(fonts.font())
        self._apply(anew=True)
        self.text_size_changed.emit(name)

    def toggle(self) -> None:
        """Switch to the other one of light and dark."""
        self.set_mode("light" if self.dark else "dark")

    @Slot()
    def _follow_system(self) -> None:
        if self._mode == "system":
            self._apply()

    def _apply(self, anew: bool = False) -> None:
        system = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        dark, light = (DARK_SAFE, LIGHT_SAFE) if self._colours == "safe" else (DARK, LIGHT)
        tokens = dark if self._mode == "dark" or (self._mode == "system" and system) else light
        if tokens is self._tokens and not anew:
            return
        self._tokens = tokens
        self._application.setPalette(palette(tokens))
        if self._dressed:
            self._dress()
        self.changed.emit()

    def dress(self) -> None:
        """Give the application the style sheet of the theme, unless it has it."""
        if not self._dressed:
            self._dressed = True
            self._dress()

    def _dress(self) -> None:
        self._application.setStyleSheet(stylesheet(self.tokens, self._draw_images(self.tokens)))

    def _draw_images(self, tokens: Tokens) -> str:
        """Draw the arrows and check marks, which a style sheet takes from files only; return their folder."""
        side = fonts.pixels(_SIDE)
        folder = Path(self._folder.path()) / f"{'dark' if tokens.dark else 'light'}-{side}"
        if not folder.is_dir():
            folder.mkdir(parents=True)
            for name, points in _SHAPES.items():
                colour = tokens.on_accent if name == "check" else tokens.dim
                for ratio in (1, 2, 3):
                    suffix = f"@{ratio}x" if ratio > 1 else ""
                    _stroke(points, colour, side * ratio).save(str(folder / f"{name}{suffix}.png"))
        return folder.as_posix()


def _stroke(points: tuple[tuple[float, float], ...], colour: str, side: int) -> QImage:
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side / _SIDE, side / _SIDE)
    pen = QPen(QColor(colour), 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))
    painter.end()
    return image


def palette(tokens: Tokens) -> QPalette:
    """Return the Qt palette of a theme, for everything that the style sheet does not name."""
    made = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.panel,
        role.AlternateBase: tokens.raised,
        role.Text: tokens.text,
        role.Button: tokens.raised,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.wrong,
        role.PlaceholderText: tokens.dim,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.families["core"],
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.Light: tokens.raised,
        role.Midlight: tokens.line,
        role.Mid: tokens.line,
        role.Dark: tokens.dim,
        role.Shadow: tokens.window,
    }
    for key, colour in colours.items():
        made.setColor(key, QColor(colour))
    faint = QColor(blend(tokens.dim, tokens.panel, 0.55))
    for key in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, key, faint)
    return made


def fill(painter: QPainter, rect: QRectF, radius: float, background: str, border: str = "", width: float = 1.0) -> None:
    """Paint a rounded rectangle whose border lies inside ``rect``, sharp at every scale."""
    half = width / 2 if border else 0.0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(border), width) if border else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(background) if background else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius, radius)


_current: Theme | None = None


def install(application: QApplication, mode: str = "system", *, dressed: bool = True) -> Theme:
    """Give the application its theme, or switch the mode of the one it has; see ``Theme``."""
    global _current
    if _current is None or not isValid(_current):
        _current = Theme(application, mode, dressed=dressed)
    else:
        _current.set_mode(mode)
    return _current


def current() -> Theme:
    """Return the theme in force; a light one is made where there is none yet. Needs a QApplication."""
    if _current is None or not isValid(_current):
        application = QApplication.instance()
        if not isinstance(application, QApplication):
            raise RuntimeError("A theme needs a QApplication.")
        return install(application, "light")
    return _current
