"""The colours of the two themes, each with one meaning everywhere.

Invariant: text in any of these colours on ``panel`` or ``raised`` has a contrast of at least 4.5:1, and so has
``on_accent`` on ``accent``; a test computes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from nncore.layers import FAMILIES


@dataclass(frozen=True)
class Tokens:
    """The colours of one theme as ``#rrggbb``.

    Attributes:
        window, panel, raised: backgrounds, from the back to the front.
        line: thin lines and borders.
        text, dim: what is read first, and second.
        accent: the primary action, selection and focus; on_accent: text on it.
        training, validation, held_out: the parts of the data, in every plot and number; the last is neither learned
            from nor used to choose anything.
        right, wrong: answers, and whatever needs mending.
        warning: what can stay as it is, but is hardly meant so.
        families: one hue for each entry of ``nncore.layers.FAMILIES``.
        classes: colours for up to ten classes of data; the safe ones are told apart also by people who see few colours.
    """

    dark: bool
    window: str
    panel: str
    raised: str
    line: str
    text: str
    dim: str
    accent: str
    on_accent: str
    training: str
    validation: str
    held_out: str
    right: str
    wrong: str
    warning: str
    families: Mapping[str, str]
    classes: tuple[str, ...]


def _families(*hues: str) -> Mapping[str, str]:
    return MappingProxyType(dict(zip(FAMILIES, hues, strict=True)))


DARK = Tokens(
    dark=True,
    window="#14171c",
    panel="#1b1f26",
    raised="#222731",
    line="#2e3541",
    text="#e6eaf0",
    dim="#93a0b2",
    accent="#4fa3ff",
    on_accent="#0b1220",
    training="#4fa3ff",
    validation="#ffb454",
    held_out="#b38cff",
    right="#5cc689",
    wrong="#ff6b6b",
    warning="#ead27a",
    families=_families(
        "#b38cff", "#4fa3ff", "#7bc86c", "#ffb454", "#f2777a", "#5cc8c8", "#9aa4b2", "#f08bd0", "#d3c463",
    ),
    classes=(
        "#4fa3ff", "#ffb454", "#5cc689", "#ff8fb1", "#b38cff", "#5cc8c8", "#e6d75a", "#c98f6b", "#9aa4b2", "#ff6b6b",
    ),
)  # fmt: skip

LIGHT = Tokens(
    dark=False,
    window="#eef1f5",
    panel="#ffffff",
    raised="#f6f8fa",
    line="#d8dee6",
    text="#1b2430",
    dim="#5d6b7d",
    accent="#1f6fd0",
    on_accent="#ffffff",
    training="#1f6fd0",
    validation="#b8530b",
    held_out="#7c4ddb",
    right="#19804a",
    wrong="#cd2f2f",
    warning="#866a00",
    families=_families(
        "#7c4ddb", "#1f6fd0", "#3c7e2f", "#a85e00", "#c43d50", "#217a7a", "#5f6b7b", "#b02e8f", "#766600",
    ),
    classes=(
        "#1f6fd0", "#b8530b", "#19804a", "#b83280", "#7c4ddb", "#217a7a", "#7a6a00", "#8a4b2a", "#5f6b7b", "#cd2f2f",
    ),
)  # fmt: skip


DARK_SAFE = replace(
    DARK,
    validation="#f0c244",
    held_out="#ff73ab",
    right="#2fbf94",
    wrong="#f0762b",
    classes=(
        "#56b4e9", "#e69f00", "#90d5b4", "#8a61a4", "#f2eb24", "#cc5f09", "#b7c6dc", "#23ef8e", "#4c7067", "#7c9871",
    ),
)  # fmt: skip
LIGHT_SAFE = replace(
    LIGHT,
    validation="#6b5000",
    held_out="#a0307a",
    right="#00795a",
    wrong="#b84a00",
    classes=(
        "#0072b2", "#d55e00", "#39a86a", "#87147c", "#372216", "#ae7a96", "#924b1f", "#4c44d4", "#5d575a", "#2d0893",
    ),
)  # fmt: skip
"""For people who do not tell green from red: the hues of Okabe and Ito, "Color universal design" (2008), lightened or
darkened until they can be read. Right and wrong then differ for them as well, and so do the parts of the data and any
two of the ten classes."""


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.1, relative luminance)."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def blend(colour: str, background: str, share: float) -> str:
    """Return ``#rrggbb``: ``share`` of a colour, the rest of the background; for tints that need no transparency."""
    pairs = zip(_channels(colour), _channels(background), strict=True)
    return "#" + "".join(f"{round(255 * (share * top + (1 - share) * bottom)):02x}" for top, bottom in pairs)


def _channels(colour: str) -> list[float]:
    return [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]


def _luminance(colour: str) -> float:
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
