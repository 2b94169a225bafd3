"""Schedules under the name that scripts written for Keras import."""

from __future__ import annotations

from nncore.schedules import *  # noqa: F403  # its __all__ says what
