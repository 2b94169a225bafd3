"""A screen for the tests that need one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.virtual_screen.screen import Screen


@pytest.fixture
def screen() -> Iterator[Callable[..., Screen]]:
    """Make a screen with the application, which opens the preset that is named; all are closed at the end."""
    made: list[Screen] = []

    def make(*preset: str) -> Screen:
        made.append(Screen(*preset))
        return made[-1]

    yield make
    for one in made:
        one.close()
