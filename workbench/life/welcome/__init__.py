"""The page that a person meets first: what can be opened, and the examples as pictures."""

from __future__ import annotations

from workbench.life.welcome.page import WelcomePage

__all__ = ["WelcomePage"]
