"""Palette and list: the network is put together here."""

from __future__ import annotations

from workbench.editor.layer_model import ROW_ROLE, LayerModel
from workbench.editor.layer_view import LayerView
from workbench.editor.mime import LAYER_FORMAT
from workbench.editor.network_panel import NetworkPanel
from workbench.editor.palette import Palette
from workbench.editor.rows import RowView

__all__ = ["LAYER_FORMAT", "ROW_ROLE", "LayerModel", "LayerView", "NetworkPanel", "Palette", "RowView"]
