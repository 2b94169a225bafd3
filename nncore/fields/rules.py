"""What is said of one field beside its name, type and default, and the kinds of fields there are."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Json = Any  # what json.loads returns: dict, list, str, int, float, bool or None

INTEGER, NUMBER, BOOLEAN, CHOICE, TEXT, SPEC = "integer", "number", "boolean", "choice", "text", "spec"
SHAPE, PAIR, PAIRS, RANGE, NUMBERS = "shape", "pair", "pairs", "range", "numbers"
"""Kinds of fields. A shape has any number of positive whole numbers; a pair two, for height and width, and one number
stands for both; pairs are two of them, before and after; a range goes from one number to another, and a single number
x stands for -x to x; numbers are a list."""


@dataclass(frozen=True)
class Rule:
    """The metadata of one field: everything about it but its name, type and default.

    Attributes:
        label: what the form calls it; the name with spaces when empty.
        help: one sentence for the tooltip and the reference.
        ge, gt, le, lt: bounds of a number (at least, more than, at most, less than).
        choices: returns the allowed names of a choice; a function, because registries fill up after import.
        open: scripts may use other names than the choices, such as that of a metric under a name of its own.
        suggested: the value a new layer starts with where the constructor has no default (Keras's ``units``), or
            where another one serves a beginner better (``relu`` in a dense layer).
        unit: physical or counting unit for display, for example ``"px"``.
        log: a slider moves through this number on a logarithmic scale.
        near_one: useful values come ever closer to 1, such as the decay of a mean: a slider moves through what is
            missing to 1 on a logarithmic scale.
        slider: from where to where a slider moves, where that is not what the bounds or the usual value suggest; any
            valid number can be typed.
        live: a change acts on a running training at once.
        special: names accepted beside the type, for example ``("full",)`` for a batch size.
        key: shown in the one-line summary of the layer row.
        hidden: not shown in forms (it serves scripts only).
        advanced: shown in forms only when a person asks for more.
        none_as: the value that None stands for, as in Keras's ``activation=None``.
        aliases: other words for names of a choice: (word, name) pairs.
        wildcard: one entry of a shape may be -1, for whatever is left.
        short: what the layer row says of a yes or no that is not the default, where the label's last word could be
            misread.
        empty: what holds where there is no value, in a word or two; "none" when empty.
        applies: whether the field has a meaning beside the values of the others; takes the declaration. Forms hide a
            field that has none, files keep its value.
    """

    label: str = ""
    help: str = ""
    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    lt: float | None = None
    choices: Callable[[], Sequence[str]] | None = None
    open: bool = False
    suggested: Any = None
    unit: str = ""
    log: bool = False
    near_one: bool = False
    slider: tuple[float, float] | None = None
    live: bool = False
    special: tuple[str, ...] = ()
    key: bool = False
    hidden: bool = False
    advanced: bool = False
    none_as: Any = None
    aliases: tuple[tuple[str, str], ...] = ()
    wildcard: bool = False
    short: str = ""
    empty: str = ""
    applies: Callable[[Any], object] | None = None


def hyper(default: Any = dataclasses.MISSING, **rule: Any) -> Any:
    """Declare a field of a ``Declared`` dataclass; the keywords are those of ``Rule``."""
    return dataclasses.field(default=default, metadata={"rule": Rule(**rule)})


LISTS = {
    SHAPE: "a list of positive whole numbers",
    PAIR: "one or two whole numbers",
    PAIRS: "a whole number, or two pairs of them",
    RANGE: "a number, or two in ascending order",
    NUMBERS: "a list of numbers",
}
"""The kinds whose values have several entries, in words."""
