"""Reading numbers and shapes as people write them.

Invariant: what cannot be read is returned as it was typed, so that the field itself says what is wrong with it.
"""

from __future__ import annotations

import re

from nncore.fields import INTEGER, NUMBER, Field


def parse_number(text: str, field: Field) -> object:
    """Return what a person typed as a number, with the signs that people use; the text itself if it is none."""
    plain = text.strip().replace("−", "-").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if not plain and field.optional:
        return None
    if plain.lower() in field.rule.special:
        return plain.lower()
    # A comma before three digits separates thousands, as everywhere in the program; any other is a decimal point.
    grouped = re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", plain)
    plain = plain.replace(",", "") if grouped else plain.replace(",", ".")
    share = plain.endswith("%") and field.kind == NUMBER
    try:
        number = float(plain.rstrip("%") if share else plain)
    except ValueError:
        return text
    if share:
        number = float(f"{number / 100:.12g}")
    # Beyond 2**53 a float has no exact whole number, but any such number breaks the bounds anyway.
    return int(number) if field.kind == INTEGER and number.is_integer() else number


def parse_shape(text: str, field: Field) -> object:
    """Return what a person typed as a shape; the text itself if it is none."""
    plain = text.strip().strip("()[]").strip()
    if not plain:
        return None if field.optional else text
    parts = re.split(r"\s*[,;x×*]\s*|\s+", plain.rstrip(", "))
    return tuple(int(part) for part in parts) if all(part.isdecimal() for part in parts) else text
