"""Declarations: what a setting is, said once.

A layer, loss, optimizer or data set is a class that derives from ``Declared`` and whose fields are made by ``hyper()``:
a frozen dataclass without a decorator. Type, bounds, default, label and help stand in that one place; validation, the
property form, the JSON file, the command line, the reference documentation and the generated test cases all read it
from there.

Invariant: an existing ``Declared`` object holds only values that its fields allow, so nobody has to check them again.
"""

from __future__ import annotations

from nncore.fields.declared import Declared, Field, build, from_json
from nncore.fields.rules import (
    BOOLEAN,
    CHOICE,
    INTEGER,
    NUMBER,
    NUMBERS,
    PAIR,
    PAIRS,
    RANGE,
    SHAPE,
    SPEC,
    TEXT,
    Json,
    Rule,
    hyper,
)

__all__ = [
    "BOOLEAN",
    "CHOICE",
    "INTEGER",
    "NUMBER",
    "NUMBERS",
    "PAIR",
    "PAIRS",
    "RANGE",
    "SHAPE",
    "SPEC",
    "TEXT",
    "Declared",
    "Field",
    "Json",
    "Rule",
    "build",
    "from_json",
    "hyper",
]
