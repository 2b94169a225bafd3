"""Reading numbers, shapes, pairs and ranges as people write them.

Invariant: what cannot be read is returned as it was typed, so that the field itself says what is wrong with it.
"""

from __future__ import annotations

import re

from nncore.fields import INTEGER, PAIR, PAIRS, Field

_WHOLE = (INTEGER, PAIR, PAIRS)
_NONE = ("", "none")
_BETWEEN = re.compile(r"\s*[;x×*]\s*|\s*,\s+|\s+")


def parse_number(text: str, field: Field) -> object:
    """Return what a person typed as a number, with the signs that people use; the text itself if it is none."""
    plain = text.strip().replace("−", "-").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if field.optional and plain.lower() in _NONE:
        return None
    if plain.lower() in field.rule.special:
        return plain.lower()
    number = _number(plain, share=field.kind not in _WHOLE)
    if number is None:
        return text
    # Beyond 2**53 a float has no exact whole number, but any such number breaks the bounds anyway.
    return int(number) if field.kind in _WHOLE and number.is_integer() else number


def _number(plain: str, share: bool) -> float | None:
    """Return the number that a text without spaces is, or None; ``share`` allows a percentage."""
    # A comma before three digits separates thousands, as everywhere in the program; any other is a decimal point.
    grouped = re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", plain)
    plain = plain.replace(",", "") if grouped else plain.replace(",", ".")
    percent = share and plain.endswith("%")
    try:
        number = float(plain.rstrip("%") if percent else plain)
    except ValueError:
        return None
    return float(f"{number / 100:.12g}") if percent else number


def parse_shape(text: str, field: Field) -> object:
    """Return what a person typed as a shape; the text itself if it is none."""
    plain = text.strip().strip("()[]").strip().replace("−", "-")
    if field.optional and plain.lower() in _NONE:
        return None
    if re.search("[;x×*]", plain):  # then a comma between digits separates thousands
        plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain)
    parts = re.split(r"\s*[,;x×*]\s*|\s+", plain.rstrip(", "))
    whole = all(re.fullmatch(r"-?\d+", part) for part in parts)
    return tuple(int(part) for part in parts) if whole else text


def parse_pair(text: str, field: Field) -> object:
    """Return what a person typed as one whole number or two: ``3``, ``3 × 2``, ``3, 2``."""
    parsed = parse_shape(text, field)
    return parsed[0] if isinstance(parsed, tuple) and len(parsed) == 1 else parsed


def parse_range(text: str, field: Field) -> object:
    """Return what a person typed as one number or two: ``0.1``, ``± 0.1``, ``-0.1 to 0.2``, ``-0.1, 0.2``."""
    plain = re.sub(r"^\s*(±|\+-|\+/-)\s*", "", text)
    numbers = parse_numbers(re.sub(r"\s*(\bto\b|\.\.+|…)\s*", "; ", plain), field)
    if not isinstance(numbers, tuple):
        return text if numbers is not None else None
    # A range of one number goes to both sides, whichever sign it was given.
    return abs(numbers[0]) if len(numbers) == 1 else numbers


def parse_numbers(text: str, field: Field) -> object:
    """Return what a person typed as a list of numbers: ``1, 0.1, 0.01``, or with decimal commas ``1; 0,1; 0,01``."""
    plain = re.sub(r"\s+%", "%", text).strip().strip("()[]").strip().replace("−", "-")
    if field.optional and plain.lower() in _NONE:
        return None
    # A comma parts numbers unless something else does: then it is a decimal comma.
    parts = _BETWEEN.split(plain.rstrip(",; ")) if _BETWEEN.search(plain) else plain.rstrip(",; ").split(",")
    numbers = tuple(_number(part, share=True) for part in parts)
    return text if None in numbers else numbers
