"""Fields that many layers share, declared once.

Each function returns a new field for the body of a layer's dataclass.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from nncore.activations import ACTIVATIONS
from nncore.fields import hyper
from nncore.initializers import GlorotUniform, Initializer, Zeros

ACTIVATION_HELP = "The function applied to each output; without one, stacked layers collapse into a single linear one."


OTHER_NAMES = (("swish", "silu"),)


def with_sums(activation: str, outputs: int) -> int:
    """Return how many numbers are kept of so many outputs: the sums below them, too, if the derivative needs them."""
    return 2 * outputs if ACTIVATIONS.get(activation).keeps_input else outputs


def activation(default: str = "linear", suggested: str | None = "relu") -> Any:
    """Return the field ``activation``: a name, or None for linear."""
    return hyper(
        default,
        suggested=suggested,
        none_as="linear",
        choices=ACTIVATIONS.names,
        aliases=OTHER_NAMES,
        key=True,
        help=ACTIVATION_HELP,
    )


def use_bias() -> Any:
    """Return the field ``use_bias``."""
    return hyper(True, label="Bias", help="Add a learned number to each output.")


def kernel_initializer(default: Initializer | None = None) -> Any:
    """Return the field ``kernel_initializer``."""
    return hyper(default or GlorotUniform(), label="Initial weights", help="How the weights are drawn before training.")


def bias_initializer() -> Any:
    """Return the field ``bias_initializer``."""
    return hyper(
        Zeros(),
        label="Initial bias",
        advanced=True,
        applies=attrgetter("use_bias"),
        help="How the biases are set before training.",
    )


def kernel_regularizer() -> Any:
    """Return the field ``kernel_regularizer``."""
    return hyper(None, label="Regularizer", help="A penalty on large weights, against overfitting.")


def bias_regularizer() -> Any:
    """Return the field ``bias_regularizer``."""
    return hyper(
        None,
        label="Bias regularizer",
        advanced=True,
        applies=attrgetter("use_bias"),
        help="A penalty on large biases.",
    )
