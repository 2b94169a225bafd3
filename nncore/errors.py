"""What the library raises when a request or its input is at fault.

Every message has two halves: one sentence that names the thing, the rule and the value received, and one that
says what to do. Command line and window show both; a script sees them joined as ``str(error)``.
"""

from __future__ import annotations


class InputError(ValueError):
    """The request or its input is at fault, never the program.

    Args:
        sentence: names the thing, the rule and the value received.
        remedy: says what to do about it.
    """

    def __init__(self, sentence: str, remedy: str = "") -> None:
        super().__init__(f"{sentence} {remedy}".strip())
        self.sentence = sentence
        self.remedy = remedy


class FieldError(InputError):
    """A declared field was given a value outside its rule.

    Args:
        owner: name of the declaration, for example ``"Dense"``.
        field: name of the field, for example ``"units"``.
    """

    def __init__(self, owner: str, field: str, sentence: str, remedy: str = "") -> None:
        super().__init__(sentence, remedy)
        self.owner = owner
        self.field = field


class ShapeError(InputError):
    """A layer cannot work on the shape it is given."""


class DataError(InputError):
    """A file or data set cannot be used as it is."""
