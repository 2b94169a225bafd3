"""What a field goes back to, in the field's own type."""

from __future__ import annotations

from nncore.errors import FieldError
from nncore.fields import Declared, Field


def reset_value(field: Field) -> object:
    """Return the value that a field is reset to: a declaration may give 3 for (3, 3), or a name for what it names."""
    try:
        return field.check(field.reset)
    except FieldError:  # a field that must be given and suggests nothing
        return field.reset


def differs(declared: Declared, field: Field) -> bool:
    """Whether a declaration's field holds something else than it would be reset to."""
    return bool(getattr(declared, field.name) != reset_value(field))
