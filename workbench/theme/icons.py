"""Icons by what they mean, in the colours of the theme in force.

Invariant: an icon set by ``bind`` is drawn anew when the theme changes.
"""

from __future__ import annotations

import qtawesome  # type: ignore[import-untyped]  # it ships no type hints
from PySide6.QtCore import QObject, QSize, Slot
from PySide6.QtGui import QAction, QColor, QIcon
from PySide6.QtWidgets import QAbstractButton

from workbench.theme import fonts
from workbench.theme.theme import current
from workbench.theme.tokens import Tokens

_GLYPHS = {
    # layers by type name
    "Dense": "mdi6.graph-outline",
    "Activation": "mdi6.chart-bell-curve-cumulative",
    "LeakyReLU": "mdi6.chart-line-variant",
    "ELU": "mdi6.chart-line-variant",
    "PReLU": "mdi6.chart-line-variant",
    "Softmax": "mdi6.chart-bar",
    "Embedding": "mdi6.format-text",
    "Conv1D": "mdi6.view-week-outline",
    "Conv2D": "mdi6.grid",
    "DepthwiseConv2D": "mdi6.layers-outline",
    "Conv2DTranspose": "mdi6.grid-large",
    "MaxPooling1D": "mdi6.filter-variant",
    "MaxPooling2D": "mdi6.filter-outline",
    "AveragePooling1D": "mdi6.filter-variant-minus",
    "AveragePooling2D": "mdi6.filter-minus-outline",
    "GlobalMaxPooling1D": "mdi6.earth",
    "GlobalMaxPooling2D": "mdi6.earth",
    "GlobalAveragePooling1D": "mdi6.earth-minus",
    "GlobalAveragePooling2D": "mdi6.earth-minus",
    "SimpleRNN": "mdi6.sync",
    "LSTM": "mdi6.memory",
    "GRU": "mdi6.gate",
    "Bidirectional": "mdi6.swap-horizontal-bold",
    "TimeDistributed": "mdi6.timeline-outline",
    "Dropout": "mdi6.blur",
    "SpatialDropout2D": "mdi6.blur-linear",
    "GaussianNoise": "mdi6.chart-scatter-plot",
    "RandomFlip": "mdi6.flip-horizontal",
    "RandomTranslation": "mdi6.cursor-move",
    "RandomRotation": "mdi6.rotate-right",
    "RandomZoom": "mdi6.magnify-plus-outline",
    "BatchNormalization": "mdi6.chart-bell-curve",
    "LayerNormalization": "mdi6.chart-histogram",
    "Flatten": "mdi6.arrow-collapse-vertical",
    "Reshape": "mdi6.swap-horizontal",
    "RepeatVector": "mdi6.repeat",
    "UpSampling2D": "mdi6.arrow-expand-all",
    "ZeroPadding2D": "mdi6.border-outside",
    # the first and last row of the network
    "input": "mdi6.import",
    "loss": "mdi6.target",
    # families
    "core": "mdi6.graph-outline",
    "convolution": "mdi6.grid",
    "pooling": "mdi6.filter-variant",
    "recurrent": "mdi6.sync",
    "regularisation": "mdi6.blur",
    "normalisation": "mdi6.chart-bell-curve",
    "shape": "mdi6.rectangle-outline",
    # actions
    "add": "mdi6.plus",
    "alert": "mdi6.alert-circle-outline",
    "branch": "mdi6.source-branch",
    "check": "mdi6.check",
    "close": "mdi6.close",
    "columns": "mdi6.view-column-outline",
    "copy": "mdi6.content-copy",
    "data": "mdi6.database-outline",
    "delete": "mdi6.trash-can-outline",
    "dot": "mdi6.circle",
    "down": "mdi6.chevron-down",
    "duplicate": "mdi6.content-duplicate",
    "epoch": "mdi6.fast-forward",
    "export": "mdi6.export-variant",
    "file": "mdi6.file-outline",
    "folder": "mdi6.folder-open-outline",
    "help": "mdi6.help-circle-outline",
    "info": "mdi6.information-outline",
    "live": "mdi6.record-circle-outline",
    "maximize": "mdi6.arrow-expand",
    "more": "mdi6.dots-horizontal",
    "new": "mdi6.file-plus-outline",
    "open": "mdi6.folder-open-outline",
    "pause": "mdi6.pause",
    "picture": "mdi6.image-outline",
    "fold-all": "mdi6.unfold-less-horizontal",
    "properties": "mdi6.tune-variant",
    "quit": "mdi6.exit-to-app",
    "redo": "mdi6.redo",
    "reset": "mdi6.restart",
    "resume": "mdi6.play",
    "right": "mdi6.chevron-right",
    "save": "mdi6.content-save-outline",
    "save-as": "mdi6.content-save-edit-outline",
    "search": "mdi6.magnify",
    "step": "mdi6.step-forward",
    "stop": "mdi6.stop",
    "theme": "mdi6.theme-light-dark",
    "train": "mdi6.play",
    "undo": "mdi6.undo",
    "unfold-all": "mdi6.unfold-more-horizontal",
    "up": "mdi6.chevron-up",
    "write": "mdi6.pencil-outline",
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
    disabled = QColor(tokens.dim)
    disabled.setAlphaF(0.45)
    made: QIcon = qtawesome.icon(glyph, color=QColor(colour(role, tokens)), color_disabled=disabled)
    return made


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
