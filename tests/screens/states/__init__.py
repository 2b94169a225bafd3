"""The states of the window, by area."""

from __future__ import annotations

from tests.screens.states import dialogs, editing, forms, hinting, keeping, life, menus, training, views
from tests.screens.states.state import State

STATES: tuple[State, ...] = (
    *editing.STATES,
    *hinting.STATES,
    *forms.STATES,
    *training.STATES,
    *views.STATES,
    *dialogs.STATES,
    *life.STATES,
    *keeping.STATES,
    *menus.STATES,
)

__all__ = ["STATES", "State"]
