"""How a layer travels while it is dragged: as its JSON, and beside it the place it lies at in a network already."""

from __future__ import annotations

import json
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QMimeData

from nncore.errors import InputError
from nncore.fields import from_json
from nncore.layers import Layer

LAYER_FORMAT = "application/x-workbench-layer"
_PLACE_FORMAT = "application/x-workbench-row"
_TOO_LARGE = 100_000


@dataclass(frozen=True)
class DraggedLayer:
    """A layer on its way.

    Attributes:
        layer: what is dragged.
        home: names the list it comes from; empty when it comes from the palette.
        position: where it lies in that list's network; -1 when it comes from the palette.
    """

    layer: Layer
    home: str = ""
    position: int = -1

    def to_mime(self) -> QMimeData:
        """Return what Qt carries."""
        mime = QMimeData()
        mime.setData(LAYER_FORMAT, QByteArray(json.dumps(self.layer.to_json()).encode()))
        if self.home:
            place = {"home": self.home, "position": self.position}
            mime.setData(_PLACE_FORMAT, QByteArray(json.dumps(place).encode()))
        mime.setText(self.layer.type_name)
        return mime


def from_mime(mime: QMimeData) -> DraggedLayer | None:
    """Return the layer that is dragged; None for anything else, also from a foreign program that lies about it."""
    if not mime.hasFormat(LAYER_FORMAT):
        return None
    raw, place = bytes(mime.data(LAYER_FORMAT).data()), bytes(mime.data(_PLACE_FORMAT).data())
    if len(raw) + len(place) > _TOO_LARGE:
        return None
    try:
        layer = from_json(Layer, json.loads(raw))
        if not place:
            return DraggedLayer(layer)
        data = json.loads(place)
        return DraggedLayer(layer, str(data["home"]), int(data["position"]))
    except (InputError, ValueError, KeyError, TypeError, RecursionError):
        return None
