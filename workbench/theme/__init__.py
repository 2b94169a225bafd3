"""Colours, fonts, icons and numbers: how everything in the window looks."""

from __future__ import annotations

from workbench.theme.theme import COLOURS, MODES, Theme, current, fill, install
from workbench.theme.tokens import DARK, DARK_SAFE, LIGHT, LIGHT_SAFE, Tokens, blend, contrast

__all__ = [
    "COLOURS",
    "DARK",
    "DARK_SAFE",
    "LIGHT",
    "LIGHT_SAFE",
    "MODES",
    "Theme",
    "Tokens",
    "blend",
    "contrast",
    "current",
    "fill",
    "install",
]
