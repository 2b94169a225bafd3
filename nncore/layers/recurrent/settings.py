"""Fields that the recurrent layers share, declared once.

Each function returns a new field for the body of a layer's dataclass.
"""

from __future__ import annotations

from typing import Any

from nncore.activations import ACTIVATIONS
from nncore.fields import hyper
from nncore.initializers import Orthogonal
from nncore.layers.common import OTHER_NAMES


def activation(default: str, **rule: Any) -> Any:
    """Return a field for the function of a gate: any that works on each number by itself."""
    return hyper(default, none_as="linear", choices=elementwise, aliases=OTHER_NAMES, advanced=True, **rule)


def elementwise() -> list[str]:
    """Return the activations that work on each number by itself: all but softmax."""
    return [name for name in ACTIVATIONS.names() if name != "softmax"]


def units() -> Any:
    """Return the field ``units``."""
    return hyper(
        ge=1,
        le=100_000,
        suggested=64,
        log=True,
        key=True,
        help="How many numbers it remembers, and so how many outputs.",
    )


def recurrent_initializer() -> Any:
    """Return the field ``recurrent_initializer``."""
    return hyper(
        Orthogonal(),
        label="Initial recurrent weights",
        advanced=True,
        help="How the weights between one step and the next are drawn before training.",
    )


def recurrent_regularizer() -> Any:
    """Return the field ``recurrent_regularizer``."""
    return hyper(None, label="Recurrent regularizer", advanced=True, help="A penalty on large recurrent weights.")


def dropout() -> Any:
    """Return the field ``dropout``."""
    return hyper(
        0.0,
        ge=0,
        lt=1,
        advanced=True,
        live=True,
        help="The share of inputs that is switched off, the same at every step.",
    )


def recurrent_dropout() -> Any:
    """Return the field ``recurrent_dropout``."""
    return hyper(
        0.0,
        ge=0,
        lt=1,
        advanced=True,
        live=True,
        help="The share of remembered numbers that is switched off, the same at every step.",
    )


def return_sequences() -> Any:
    """Return the field ``return_sequences``."""
    return hyper(False, key=True, help="Put out the result of every step, not only that of the last one.")


def go_backwards() -> Any:
    """Return the field ``go_backwards``."""
    return hyper(False, advanced=True, help="Read the sequence from its end; the outputs come in that order too.")
