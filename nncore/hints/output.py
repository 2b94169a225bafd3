"""Hints for the output: what its activation can say, what the data ask for, and what the loss makes of both."""

from __future__ import annotations

import math
from collections.abc import Iterator

from nncore.editing.mends import Mend
from nncore.editing.mends_of_output import append_dense
from nncore.hints.hint import Found, Hint, settles_activation, uses, without_activation
from nncore.layers import Dense
from nncore.losses import Loss, Problem, Target
from nncore.network import Network, last_activation
from nncore.trace import Trace

_FOR_NUMBERS = ("mean_squared_error", "mean_absolute_error", "huber", "log_cosh")
_ONE_CLASS = ("categorical_crossentropy", "sparse_categorical_crossentropy", "kl_divergence")
_SEPARATE = ("sigmoid", "hard_sigmoid")
_RANGES = {
    "relu": (0.0, math.inf),
    "relu6": (0.0, 6.0),
    "exponential": (0.0, math.inf),
    "softplus": (0.0, math.inf),
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
}
"""Between which numbers the output lies behind these activations."""
_ROUNDING = 1e-5


def separate_answers(network: Network, traced: Trace, loss: Loss, target: Target) -> Iterator[Found]:
    """Find outputs that know nothing of each other where exactly one class is right."""
    place, activation = settles_activation(network), last_activation(network)
    if place is None or target.classes < 2 or activation not in _SEPARATE or loss.type_name not in _ONE_CLASS:
        return
    if traced.output_shape == (*target.shape, 1):
        yield len(network), _single_answer(loss)
        return
    words = Problem(
        f"With {activation} each of the {target.classes:,} classes is answered for itself, but exactly one is right.",
        "Use softmax: it divides one whole among the classes.",
    )
    mend = uses(network, place, "softmax")
    yield place, Hint(words, (mend,) if mend else ())


def _single_answer(loss: Loss) -> Hint:
    """Return the hint for one number that says yes or no, with a loss that only asks how sure the right class is.

    categorical_crossentropy divides it by itself; kl_divergence asks nothing where the answer is no.
    """
    words = Problem(
        f"The output is a single number, and {_in_words(loss.type_name)} is made for one number for each class: here "
        "it does not tell the two classes apart.",
        f"{_use('binary_crossentropy')}.",
    )
    return Hint(words, (Mend(_use("binary_crossentropy"), None, "binary_crossentropy"),))


def shared_whole(network: Network, loss: Loss, target: Target) -> Iterator[Found]:
    """Find classes that share one whole, but are learned as if each were asked for itself.

    Two that share a whole are one yes or no, told twice: then the loss is the same as the one that is meant.
    """
    if target.classes < 3 or loss.type_name != "binary_crossentropy" or last_activation(network) != "softmax":
        return
    other = "sparse_categorical_crossentropy"
    words = Problem(
        f"The loss binary crossentropy asks for a yes or no to each of the {target.classes:,} classes, but softmax "
        "divides one whole among them: exactly one is right.",
        f"{_use(other)}.",
    )
    yield len(network), Hint(words, (Mend(_use(other), None, other),))


def _in_words(name: str) -> str:
    return name.replace("_", " ")


def _use(loss: str) -> str:
    return f"Use {_in_words(loss)}"


def narrow_range(network: Network, traced: Trace, loss: Loss, target: Target) -> Iterator[Found]:
    """Find an output that cannot reach the numbers of the data."""
    place, activation = settles_activation(network), last_activation(network)
    low, high = _RANGES.get(activation, (-math.inf, math.inf))
    if place is None or target.classes or target.lowest is None or target.highest is None:
        return
    if target.lowest < low - _ROUNDING:
        reach = f"puts out nothing below {low:g}, but the targets, as they are learned, go down to {target.lowest:.3g}"
    elif target.highest > high + _ROUNDING:
        reach = f"puts out nothing above {high:g}, but the targets, as they are learned, go up to {target.highest:.3g}"
    else:
        return
    if loss.type_name not in _FOR_NUMBERS:
        return
    layer = network.layers[place]
    if layer.family == "recurrent":
        mend: Mend | None = append_dense(network, Dense(target.output_shape[-1]))
        remedy = "Append a Dense without an activation."
    else:
        mend, remedy = without_activation(network, place), "Use linear at the output."
    if mend is not None and mend.edit is not None and traced.output_shape is not None:
        left = last_activation(mend.edit.apply(network))
        if loss.problem(traced.output_shape, left, target) is not None:
            mend = None
    yield place, Hint(Problem(f"{activation} {reach}.", remedy), (mend,) if mend else ())


def slow_loss(network: Network, traced: Trace, loss: Loss, target: Target) -> Iterator[Found]:
    """Find classes that are learned with a loss for numbers, whose slope vanishes where the network is sure and wrong.

    Source: Goodfellow, Bengio and Courville, "Deep learning" (2016), section 6.2.2.
    """
    place, activation, shape = settles_activation(network), last_activation(network), traced.output_shape
    if place is None or not shape or not target.classes or loss.type_name not in _FOR_NUMBERS:
        return
    if activation not in ("softmax", *_SEPARATE):
        return
    other = "binary_crossentropy" if shape[-1] == 1 else "sparse_categorical_crossentropy"
    label = _use(other)
    mend: Mend | None = Mend(label, None, other)
    if shape[-1] > 1 and activation != "softmax":
        change = uses(network, place, "softmax")
        mend = change and Mend(f"{label} and softmax", change.edit, other)
    words = Problem(
        f"The loss {_in_words(loss.type_name)} learns slowly on classes: where {activation} is sure of a wrong "
        "one, the slope is almost 0.",
        f"{label}.",
    )
    yield len(network), Hint(words, (mend,) if mend else ())
