"""The colours can be read by everybody."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from nncore.layers import FAMILIES
from workbench.theme import DARK, DARK_SAFE, LIGHT, LIGHT_SAFE, Tokens, blend, contrast

THEMES = [
    pytest.param(DARK, id="dark"),
    pytest.param(LIGHT, id="light"),
    pytest.param(DARK_SAFE, id="dark-safe"),
    pytest.param(LIGHT_SAFE, id="light-safe"),
]
READABLE = 4.5
DICHROMATS = {
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""How linear colours look to them: Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of
color vision deficiency" (2009), severity 1."""


def distance(first: str, second: str, sight: str) -> float:
    """Return how far two colours lie apart for such a person, or in full sight, in CIE L*a*b* (1976)."""
    return float(np.linalg.norm(_lab(first, sight) - _lab(second, sight)))


def _lab(colour: str, sight: str) -> np.ndarray:
    shares = np.array([int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(DICHROMATS.get(sight, np.eye(3))) @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    x, y, z = np.cbrt(np.maximum(to_xyz @ seen / [0.9505, 1, 1.089], 0.008856))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("tokens", THEMES)
@pytest.mark.parametrize(
    "name", ["text", "dim", "accent", "training", "validation", "held_out", "right", "wrong", "warning"]
)
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


@pytest.mark.parametrize("tokens", [pytest.param(DARK_SAFE, id="dark"), pytest.param(LIGHT_SAFE, id="light")])
@pytest.mark.parametrize("sight", DICHROMATS)
def test_that_safe_colours_tell_right_from_wrong_for_people_who_see_few_colours(tokens: Tokens, sight: str) -> None:
    assert distance(tokens.right, tokens.wrong, sight) >= 30


@pytest.mark.parametrize("tokens", [pytest.param(DARK_SAFE, id="dark"), pytest.param(LIGHT_SAFE, id="light")])
@pytest.mark.parametrize("sight", DICHROMATS)
def test_that_safe_colours_tell_the_parts_of_the_data_apart(tokens: Tokens, sight: str) -> None:
    parts = (tokens.training, tokens.validation, tokens.held_out)
    for first, second in itertools.combinations(parts, 2):
        assert distance(first, second, sight) >= 30


@pytest.mark.parametrize("tokens", [pytest.param(DARK_SAFE, id="dark"), pytest.param(LIGHT_SAFE, id="light")])
@pytest.mark.parametrize("sight", [*DICHROMATS, "full"])
def test_that_safe_colours_tell_ten_classes_apart(tokens: Tokens, sight: str) -> None:
    assert len(tokens.classes) == 10
    assert min(contrast(colour, tokens.panel) for colour in tokens.classes) >= 3
    assert min(distance(first, second, sight) for first, second in itertools.combinations(tokens.classes, 2)) >= 16


def test_that_the_standard_colours_alone_would_not() -> None:
    assert min(distance(DARK.right, DARK.wrong, sight) for sight in DICHROMATS) < 30
