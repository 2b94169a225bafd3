"""Which settings were changed while a training ran, as the curves tell it.

Invariant: changes stand in the order of their steps, and what is read from a file is a setting as this program has it:
a number, a word, a yes or no, or nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nncore.fields import Json

MOST_CHANGES = 48
"""Changes on the way that are kept, the newest ones."""

_ONE_GESTURE = 0.02
"""Epochs within which changes of one setting count as one: a slider is pulled, not set."""

_LONGEST = 200  # characters of a value; a name has that of a layer in it, which may be anything


@dataclass(frozen=True)
class Changed:
    """A setting that was changed while the training ran.

    Attributes:
        step: steps made before; ``epoch``: where that is on the axis of the epochs.
        name: of the setting, in words.
        before, after: its values.
    """

    step: int
    epoch: float
    name: str
    before: object
    after: object

    def to_json(self) -> Json:
        """Return the change as JSON data: step, epoch, name, before, after."""
        return [self.step, self.epoch, self.name, self.before, self.after]


def noted(changes: Sequence[Changed], new: Changed) -> tuple[Changed, ...]:
    """Return ``changes`` with another one; what one gesture does in many small steps is one change."""
    kept = list(changes)
    for place, known in reversed(list(enumerate(kept))):
        if known.name == new.name and new.epoch - known.epoch <= _ONE_GESTURE:
            kept[place] = replace(known, after=new.after)
            break
    else:
        kept.append(new)
    return tuple(change for change in kept if change.before != change.after)[-MOST_CHANGES:]


def read(stored: Json, steps: int, epochs: float) -> tuple[Changed, ...]:
    """Return the changes that ``to_json`` wrote.

    Args:
        stored: one entry for each change.
        steps, epochs: how many the training made; a change cannot come later.

    Raises:
        ValueError: they are not what ``to_json`` writes; in words for the end of a sentence.
    """
    if not isinstance(stored, list) or len(stored) > MOST_CHANGES:
        raise ValueError(f"its changes of settings are no list of at most {MOST_CHANGES}")
    changes: list[Changed] = []
    for number, entry in enumerate(stored, 1):
        if not isinstance(entry, list) or len(entry) != 5:
            raise ValueError(f"change {number} of a setting has not its five parts")
        step, epoch, name, before, after = entry
        least = changes[-1].step if changes else 0
        if not _is_number(step, least, steps) or not isinstance(step, int) or not _is_number(epoch, 0, epochs):
            raise ValueError(f"change {number} of a setting lies outside the training")
        if not isinstance(name, str) or not name:
            raise ValueError(f"change {number} of a setting does not say which one it was")
        if not _is_value(before) or not _is_value(after):
            raise ValueError(f"change {number} of a setting has values that no setting has")
        changes.append(Changed(step, float(epoch), name, before, after))
    return tuple(changes)


def _is_number(value: object, least: float, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


def _is_value(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONGEST and value.isprintable()
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or (isinstance(value, int) and abs(value) <= 2**53)
