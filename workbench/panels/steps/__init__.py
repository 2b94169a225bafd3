"""Sequences with a class at each step: what goes in, what should come out, and what does."""

from __future__ import annotations

from workbench.panels.steps.panel import StepsPanel

__all__ = ["StepsPanel"]
