"""How a layer travels while it is dragged: as JSON, with the place it came from if it lies in a network already."""

from __future__ import annotations

import json
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QMimeData

from nncore.errors import InputError
from nncore.fields import from_json
from nncore.layers import Layer

LAYER_FORMAT = "application/x-workbench-layer"
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
        data = {"layer": self.layer.to_json(), "home": self.home, "position": self.position}
        mime = QMimeData()
        mime.setData(LAYER_FORMAT, QByteArray(json.dumps(data).encode()))
        mime.setText(self.layer.type_name)
        return mime


def from_mime(mime: QMimeData) -> DraggedLayer | None:
    """Return the layer that is dragged; None for anything else, also from a foreign program that lies about it."""
    if not mime.hasFormat(LAYER_FORMAT):
        return None
    raw = mime.data(LAYER_FORMAT).data()
    if len(raw) > _TOO_LARGE:
        return None
    try:
        data = json.loads(bytes(raw))
        return DraggedLayer(from_json(Layer, data["layer"]), str(data["home"]), int(data["position"]))
    except (InputError, ValueError, KeyError, TypeError, RecursionError):
        return None
