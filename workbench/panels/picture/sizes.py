"""How large glyphs and letters are seen: plain numbers without a widget.

Invariant: letters that are shown can be read, whatever the size of text and however small the glyphs; glyphs have the
room that the letters leave.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nncore.drawing import Draft, Letters
from workbench.panels.picture.camera import MARGIN, MOST_FITTED

READABLE = 0.85
"""Letters are at least so large, as a share of the design's: 12 pixels for names and 10 for notes, times the user's."""
LEAST, ROOMY = 0.4, 0.6
"""Scales of glyphs: below the one nothing is written, or the letters would push them far apart; below the other, glyphs
need the room of the notes."""
_PART = 0.72  # scale of glyphs where a network is shown in part
_CHOICES = ((3, True), (3, False), (1, False))  # lines of a name, and whether there are notes: the best first
_STEPS = 12


class Sizes:
    """Chooses scale and letters for a network in a view.

    Args:
        draft: the network.
        view: width and height in pixels.
        text: how much larger than usual the user's text is.
        width: of a text in letters of a size, measured in the font of the screen.
        all_of_it: whether words give way also where the network would not be seen whole beside them.
    """

    def __init__(
        self,
        draft: Draft,
        view: tuple[float, float],
        text: float,
        width: Callable[[str, float], float],
        *,
        all_of_it: bool = False,
    ) -> None:
        self._draft, self._text = draft, text
        self._room = tuple(max(1.0, pixels - 2 * MARGIN) for pixels in view)
        self._letters = Letters(width=width)
        for lines, notes in _CHOICES:
            self._letters = replace(self._letters, lines=lines, notes=notes)
            enough = self._by_height() >= (ROOMY if notes else LEAST)
            if enough and (not all_of_it or self._fits(LEAST)):
                return
        self._letters = replace(self._letters, lines=0)

    def _by_height(self) -> float:
        """Return the largest scale at which glyphs and letters stand one above the other."""
        bare, lettered = (self._draft.height(replace(self._letters, factor=factor)) for factor in (0.0, 1.0))
        least = READABLE * self._text
        scale = self._room[1] / lettered
        # Below the scale at which the letters keep their size, only the glyphs become smaller.
        return min(MOST_FITTED, scale if scale >= least else (self._room[1] - least * (lettered - bare)) / bare)

    def letters(self, scale: float) -> Letters:
        """Return letters that can be read at a scale; below ``LEAST``, none."""
        if scale < LEAST:
            return replace(self._letters, lines=0, notes=False)
        return replace(self._letters, factor=max(1.0, READABLE * self._text / scale))

    def letters_by_hand(self, scale: float) -> Letters:
        """Return the same for a view that a person pushes and zooms, so that all of it has room."""
        lines, notes = _CHOICES[0] if scale >= LEAST else (0, False)
        return replace(self.letters(scale), lines=lines, notes=notes)

    def whole(self) -> float:
        """Return the largest scale at which the whole network is seen."""
        high = max(0.01, self._by_height())
        if self._fits(high):
            return high
        low = min(LEAST, high)
        if not self._fits(low):
            return self._room[0] / self._draft.width(self.letters(low))
        for _ in range(_STEPS):
            middle = (low + high) / 2
            low, high = (middle, high) if self._fits(middle) else (low, middle)
        return low

    def legible(self) -> float:
        """Return the scale at which the network is seen whole, or else in part, with letters that can be read."""
        high = max(0.01, self._by_height())
        whole = self.whole()
        return whole if whole >= min(LEAST, high) else min(_PART, high)

    def _fits(self, scale: float) -> bool:
        return self._draft.width(self.letters(scale)) * scale <= self._room[0]
