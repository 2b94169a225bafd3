"""What an activation function is, and how one becomes known.

An activation works on buffers it is given: ``forward`` may write over its input, ``backward`` over the incoming
gradient. Where the derivative can be told from the output alone, the input is not kept.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nncore.registry import Registry
from nncore.types import FLOAT32, Array


@dataclass(frozen=True)
class Activation:
    """One activation function y = f(x).

    Attributes:
        name: Keras's name.
        equation: the formula, as it is typeset beside a layer.
        forward: ``forward(x, y)`` fills ``y``; ``x`` and ``y`` may be the same array.
        backward: ``backward(x, y, dy, dx)`` fills ``dx`` with dy * f'(x); ``dy`` and ``dx`` may be the same array.
        keeps_input: whether ``backward`` reads ``x``; if not, x may have been overwritten by y.
        probabilities: whether every output lies between 0 and 1, so that a cross-entropy can use it.
    """

    name: str
    equation: str
    forward: Callable[..., None]
    backward: Callable[..., None]
    keeps_input: bool = False
    probabilities: bool = False

    def using(self, **settings: float) -> Activation:
        """Return the activation with other settings than the usual ones, such as ``negative_slope``."""
        return dataclasses.replace(
            self,
            forward=functools.partial(self.forward, **settings),
            backward=functools.partial(self.backward, **settings),
        )


ACTIVATIONS: Registry[Activation] = Registry("activation")

ZERO, HALF, ONE = (np.array(number, FLOAT32) for number in (0, 0.5, 1))
"""Numbers as arrays without axes. NumPy turns a Python float into one in each call, which takes as long as the
arithmetic on a small batch. These three are exact in 32 bits, so that they serve both dtypes."""


def activation(
    equation: str,
    backward: Callable[..., None],
    *aliases: str,
    keeps_input: bool = False,
    probabilities: bool = False,
) -> Callable[[Callable[..., None]], Callable[..., Array]]:
    """Decorator of a ``forward(x, y, ...)``: registers the activation under the name of the function.

    In its place stands the function as Keras has it, which takes ``x`` and further settings and returns a new array.
    """

    def add(forward: Callable[..., None]) -> Callable[..., Array]:
        name = forward.__name__
        entry = Activation(name, equation, forward, backward, keeps_input, probabilities)
        ACTIVATIONS.add(name, entry, *aliases)

        @functools.wraps(forward)
        def function(x: ArrayLike, *positional: Any, **settings: Any) -> Array:
            given = np.asarray(x)
            if not np.issubdtype(given.dtype, np.floating):
                given = given.astype(FLOAT32)
            y = np.empty_like(given)
            forward(given, y, *positional, **settings)
            return y

        return function

    return add
