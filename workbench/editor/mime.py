"""How layers travel while they are dragged: as JSON, and beside it the places they lie at in a network already."""

from __future__ import annotations

import json
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QMimeData

from nncore.editing.clipboard import MOST_CHARACTERS, layers_text
from nncore.errors import InputError
from nncore.fields import from_json
from nncore.layers import Layer

LAYER_FORMAT = "application/x-workbench-layer"
_PLACE_FORMAT = "application/x-workbench-row"


@dataclass(frozen=True)
class DraggedLayers:
    """Layers on their way.

    Attributes:
        layers: what is dragged, at least one.
        home: names the list they come from; empty when they come from the palette.
        positions: where each of them lies in that list's network; empty when they come from the palette.
    """

    layers: tuple[Layer, ...]
    home: str = ""
    positions: tuple[int, ...] = ()

    def to_mime(self) -> QMimeData:
        """Return what Qt carries; another program takes it as text."""
        mime, text = QMimeData(), layers_text(self.layers)
        mime.setData(LAYER_FORMAT, QByteArray(text.encode()))
        if self.home:
            place = {"home": self.home, "positions": self.positions}
            mime.setData(_PLACE_FORMAT, QByteArray(json.dumps(place).encode()))
        mime.setText(text)
        return mime


def from_mime(mime: QMimeData) -> DraggedLayers | None:
    """Return the layers that are dragged; None for anything else, also from a foreign program that lies about it."""
    if not mime.hasFormat(LAYER_FORMAT):
        return None
    raw, place = bytes(mime.data(LAYER_FORMAT).data()), bytes(mime.data(_PLACE_FORMAT).data())
    if len(raw) + len(place) > 2 * MOST_CHARACTERS:
        return None
    try:
        data = json.loads(raw)
        layers = tuple(from_json(Layer, item) for item in (data if isinstance(data, list) else [data]))
        if not layers:
            return None
        if not place:
            return DraggedLayers(layers)
        told = json.loads(place)
        return DraggedLayers(layers, str(told["home"]), tuple(int(position) for position in told["positions"]))
    except (InputError, ValueError, KeyError, TypeError, RecursionError):
        return None
