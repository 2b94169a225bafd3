"""Colours, fonts, icons and numbers: how everything in the window looks."""

from __future__ import annotations

from workbench.theme.theme import MODES, Theme, current, fill, install
from workbench.theme.tokens import DARK, LIGHT, Tokens, blend, contrast

__all__ = ["DARK", "LIGHT", "MODES", "Theme", "Tokens", "blend", "contrast", "current", "fill", "install"]
