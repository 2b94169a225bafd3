"""A layer is dragged from the palette into the network, moved, and the network trained: with the screen's own mouse."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.virtual_screen.screen import Screen

pytestmark = pytest.mark.virtual_screen


def test_that_a_layer_dragged_from_the_palette_lands_where_it_is_dropped(screen: Callable[..., Screen]) -> None:
    hands = screen("xor")
    hands.until(lambda seen: seen["ready"] and seen["active"])
    hands.drag("palette Softmax", 1)
    hands.layers("Dense", "Softmax", "Dense")

    # Inside the list it is dragged to the end.
    hands.drag("row 2", 3)
    hands.layers("Dense", "Dense", "Softmax")

    # And the keyboard takes it back twice, and trains.
    hands.press("ctrl+z")
    hands.layers("Dense", "Softmax", "Dense")
    hands.press("ctrl+z")
    hands.layers("Dense", "Dense")
    hands.press("F5")
    hands.until(lambda seen: seen["state"] == "idle" and seen["steps"] > 0)
