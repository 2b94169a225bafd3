"""The layers that can be added, grouped by family, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from nncore.layers import FAMILIES, LAYERS, Layer


def family_title(family: str) -> str:
    """Return what a family is called in palette and menus."""
    titles = {
        "core": QCoreApplication.translate("families", "Core"),
        "convolution": QCoreApplication.translate("families", "Convolution"),
        "pooling": QCoreApplication.translate("families", "Pooling"),
        "recurrent": QCoreApplication.translate("families", "Recurrent"),
        "regularisation": QCoreApplication.translate("families", "Regularisation"),
        "normalisation": QCoreApplication.translate("families", "Normalisation"),
        "shape": QCoreApplication.translate("families", "Shape"),
        "augmentation": QCoreApplication.translate("families", "Augmentation"),
        "text": QCoreApplication.translate("families", "Text"),
    }
    return titles.get(family, family.capitalize())


def layers_by_family() -> list[tuple[str, list[type[Layer]]]]:
    """Return (family, its layers) for every family that has any, in the order of ``FAMILIES``."""
    groups = [(family, [layer for layer in LAYERS if layer.family == family]) for family in FAMILIES]
    return [(family, layers) for family, layers in groups if layers]
