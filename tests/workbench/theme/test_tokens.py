"""The colours can be read by everybody."""

from __future__ import annotations

import pytest

from nncore.layers import FAMILIES
from workbench.theme import DARK, LIGHT, Tokens, blend, contrast

THEMES = [pytest.param(DARK, id="dark"), pytest.param(LIGHT, id="light")]
READABLE = 4.5


@pytest.mark.parametrize("tokens", THEMES)
@pytest.mark.parametrize("name", ["text", "dim", "accent", "training", "validation", "right", "wrong"])
@pytest.mark.parametrize("ground", ["panel", "raised"])
def test_that_text_in_every_colour_is_readable_on_every_panel(tokens: Tokens, name: str, ground: str) -> None:
    assert contrast(getattr(tokens, name), getattr(tokens, ground)) >= READABLE


@pytest.mark.parametrize("tokens", THEMES)
@pytest.mark.parametrize("name", ["text", "dim"])
def test_that_words_are_readable_on_the_window_itself(tokens: Tokens, name: str) -> None:
    assert contrast(getattr(tokens, name), tokens.window) >= READABLE


@pytest.mark.parametrize("tokens", THEMES)
@pytest.mark.parametrize("family", FAMILIES)
def test_that_every_family_has_a_readable_hue(tokens: Tokens, family: str) -> None:
    assert contrast(tokens.families[family], tokens.panel) >= READABLE


@pytest.mark.parametrize("tokens", THEMES)
def test_that_the_primary_button_is_readable(tokens: Tokens) -> None:
    assert contrast(tokens.on_accent, tokens.accent) >= READABLE


@pytest.mark.parametrize("tokens", THEMES)
def test_that_an_error_is_readable_in_its_box(tokens: Tokens) -> None:
    assert contrast(tokens.text, blend(tokens.wrong, tokens.panel, 0.1)) >= READABLE


def test_that_contrast_is_that_of_the_web_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_that_blending_ends_at_both_colours() -> None:
    assert blend("#ff0000", "#0000ff", 1) == "#ff0000"
    assert blend("#ff0000", "#0000ff", 0) == "#0000ff"
