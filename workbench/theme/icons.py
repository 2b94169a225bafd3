"""Icons by what they mean, in the colours of the theme in force.

Invariant: an icon set by ``bind`` is drawn anew when the theme changes.
"""

from __future__ import annotations

import functools

from PySide6.QtCore import QObject, QSize, Slot
from PySide6.QtGui import QAction, QColor, QIcon
from PySide6.QtWidgets import QAbstractButton

from workbench.theme import fonts
from workbench.theme.glyphs import Glyph
from workbench.theme.theme import current
from workbench.theme.tokens import Tokens

_GLYPHS = {
    # layers by type name
    "Dense": "graph-outline",
    "Activation": "chart-bell-curve-cumulative",
    "LeakyReLU": "chart-line-variant",
    "ELU": "chart-line-variant",
    "PReLU": "chart-line-variant",
    "Softmax": "chart-bar",
    "Embedding": "format-text",
    "Conv1D": "view-week-outline",
    "Conv2D": "grid",
    "DepthwiseConv2D": "layers-outline",
    "Conv2DTranspose": "grid-large",
    "MaxPooling1D": "filter-variant",
    "MaxPooling2D": "filter-outline",
    "AveragePooling1D": "filter-variant-minus",
    "AveragePooling2D": "filter-minus-outline",
    "GlobalMaxPooling1D": "earth",
    "GlobalMaxPooling2D": "earth",
    "GlobalAveragePooling1D": "earth-minus",
    "GlobalAveragePooling2D": "earth-minus",
    "SimpleRNN": "sync",
    "LSTM": "memory",
    "GRU": "gate",
    "Bidirectional": "swap-horizontal-bold",
    "TimeDistributed": "timeline-outline",
    "Dropout": "blur",
    "SpatialDropout2D": "blur-linear",
    "GaussianNoise": "chart-scatter-plot",
    "RandomFlip": "flip-horizontal",
    "RandomTranslation": "cursor-move",
    "RandomRotation": "rotate-right",
    "RandomZoom": "magnify-plus-outline",
    "BatchNormalization": "chart-bell-curve",
    "LayerNormalization": "chart-histogram",
    "Flatten": "arrow-collapse-vertical",
    "Reshape": "swap-horizontal",
    "RepeatVector": "repeat",
    "UpSampling2D": "arrow-expand-all",
    "ZeroPadding2D": "border-outside",
    # the first and last row of the network
    "input": "import",
    "loss": "target",
    # families
    "core": "graph-outline",
    "convolution": "grid",
    "pooling": "filter-variant",
    "recurrent": "sync",
    "regularisation": "blur",
    "normalisation": "chart-bell-curve",
    "shape": "rectangle-outline",
    "augmentation": "flip-horizontal",
    "text": "format-text",
    # actions
    "add": "plus",
    "alert": "alert-circle-outline",
    "branch": "source-branch",
    "check": "check",
    "close": "close",
    "columns": "view-column-outline",
    "copy": "content-copy",
    "data": "database-outline",
    "delete": "trash-can-outline",
    "dot": "circle",
    "down": "chevron-down",
    "duplicate": "content-duplicate",
    "epoch": "fast-forward",
    "export": "export-variant",
    "file": "file-outline",
    "folder": "folder-open-outline",
    "help": "help-circle-outline",
    "history": "history",
    "info": "information-outline",
    "live": "record-circle-outline",
    "maximize": "arrow-expand",
    "more": "dots-horizontal",
    "new": "file-plus-outline",
    "open": "folder-open-outline",
    "pause": "pause",
    "picture": "image-outline",
    "fold-all": "unfold-less-horizontal",
    "properties": "tune-variant",
    "quit": "exit-to-app",
    "redo": "redo",
    "reset": "restart",
    "resume": "play",
    "right": "chevron-right",
    "save": "content-save-outline",
    "save-as": "content-save-edit-outline",
    "fit": "fit-to-page-outline",
    "enlarge": "arrow-expand-vertical",
    "reduce": "arrow-collapse-vertical",
    "network": "family-tree",
    "search": "magnify",
    "step": "step-forward",
    "stop": "stop",
    "theme": "theme-light-dark",
    "train": "play",
    "undo": "undo",
    "unfold-all": "unfold-more-horizontal",
    "up": "chevron-up",
    "warning": "alert-outline",
    "write": "pencil-outline",
}


def colour(role: str, tokens: Tokens) -> str:
    """Return the colour of a token or of a layer family by name; ``#rrggbb`` passes through."""
    if role.startswith("#"):
        return role
    if role in tokens.families:
        return tokens.families[role]
    return str(getattr(tokens, role))


def icon(name: str, role: str = "dim", family: str = "") -> QIcon:
    """Return an icon in the colours of now.

    Args:
        name: an action, a layer's type name or a family.
        role: name of a token or a family, for the colour.
        family: whose icon to take when a layer has none of its own.
    """
    tokens = current().tokens
    glyph = _GLYPHS.get(name) or _GLYPHS.get(family) or _GLYPHS["core"]
    return _made(glyph, colour(role, tokens), tokens.dim)


@functools.cache
def _made(glyph: str, ink: str, dim: str) -> QIcon:
    disabled = QColor(dim)
    disabled.setAlphaF(0.45)
    return QIcon(Glyph(glyph, QColor(ink), disabled))


class _Binding(QObject):
    """A child of the thing that carries the icon, so that both end together."""

    def __init__(self, target: QAbstractButton | QAction, name: str, role: str) -> None:
        super().__init__(target)
        self.setObjectName("iconBinding")
        self.name, self.role = name, role
        if isinstance(target, QAbstractButton):
            target.setIconSize(QSize(fonts.pixels(16), fonts.pixels(16)))
        current().changed.connect(self.draw)
        self.draw()

    @Slot()
    def draw(self) -> None:
        target = self.parent()
        if isinstance(target, (QAbstractButton, QAction)):
            target.setIcon(icon(self.name, self.role))


def bind(target: QAbstractButton | QAction, name: str, role: str = "dim") -> None:
    """Give a button or an action an icon that follows the theme; a second call exchanges it."""
    known = target.findChild(_Binding)
    if known is None:
        _Binding(target, name, role)
    elif (known.name, known.role) != (name, role):
        known.name, known.role = name, role
        known.draw()
