"""Hints for what stands in front of the output, or behind the last layer that learns."""

from __future__ import annotations

import math
from collections.abc import Iterator

from nncore.editing.edits import Move, Remove
from nncore.editing.mends import Mend
from nncore.hints.hint import (
    DROPOUTS,
    Found,
    Hint,
    learns,
    passes_on,
    settles_activation,
    taking_part,
    without_activation,
)
from nncore.layers import Dense, Layer
from nncore.losses import Problem
from nncore.network import Network
from nncore.trace import Trace

_BOUNDS = {
    "relu": (0.0, math.inf),
    "relu6": (0.0, 6.0),
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
}
"""Between which numbers the scores lie behind these activations."""


def activation_before(network: Network, traced: Trace) -> Iterator[Found]:
    """Find a layer whose activation bends the scores that softmax, or sigmoid, at the output is to read.

    Source: Goodfellow, Bengio and Courville, "Deep learning" (2016), sections 6.2.2.2 and 6.2.2.3: the unnormalised log
    probabilities are linear in the features.
    """
    end = settles_activation(network)
    if end is None or learns(network.effective[end]):
        return
    last = network.effective[end].output_activation()
    above = next((index for index in reversed(range(end)) if not passes_on(network.effective[index])), None)
    shape = traced.rows[end].output_shape
    if above is None or not shape or last not in ("softmax", "sigmoid"):
        return
    layer = network.layers[above]
    activation = layer.output_activation() or ""
    if activation not in _BOUNDS or layer.family == "recurrent" or not layer.ends_in_activation:
        return
    sentence = _softmax_words(activation, shape[-1]) if last == "softmax" else _sigmoid_words(activation)
    mend = without_activation(network, above)
    if sentence and mend is not None:
        yield above, Hint(Problem(sentence, f"{mend.label}: the activation comes with {last}."), (mend,))


def _softmax_words(activation: str, classes: int) -> str:
    low, high = _BOUNDS[activation]
    if classes < 2:
        return ""
    if activation in ("relu", "relu6"):
        return f"{activation} throws away the negative scores that softmax compares."
    most = 1 / (1 + (classes - 1) * math.exp(low - high))
    return f"{activation} keeps the scores so close together that softmax gives no class more than {most:.0%}."


def _sigmoid_words(activation: str) -> str:
    low, high = _BOUNDS[activation]
    if low == 0:
        return f"{activation} leaves no score below 0, so sigmoid never says less than one half."
    ends = [1 / (1 + math.exp(-bound)) for bound in (low, high)]
    return (
        f"{activation} keeps the scores from {low:g} to {high:g}, so sigmoid stays from {ends[0]:.0%} to {ends[1]:.0%}."
    )


def late_dropout(network: Network) -> Iterator[Found]:
    """Find dropout behind the last layer that learns: it strikes out parts of the answer.

    Source: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting" (2014), section 4: it
    drops input and hidden units.
    """
    last = max((index for index, layer in taking_part(network) if learns(layer)), default=None)
    if last is None:
        return
    behind = list(taking_part(network, last + 1))
    if not all(passes_on(layer) or layer.output_activation() is not None for _, layer in behind):
        return
    for index, layer in behind:
        if layer.type_name not in DROPOUTS or not getattr(layer, "rate", 0):
            continue
        maker = network.layers[last]
        words = Problem(
            f"{layer.type_name} stands behind the last layer that learns, so it strikes out parts of the answer.",
            f"Take it out, or move it above {maker.type_name}.",
        )
        yield index, Hint(words, tuple(_ways_out(index, layer, last, maker)))


def _ways_out(index: int, layer: Layer, last: int, maker: Layer) -> Iterator[Mend]:
    yield Mend(f"Remove {layer.type_name}", Remove(index, layer))
    if layer.type_name == "Dropout" and isinstance(maker, Dense) and last > 0:
        yield Mend("Move it above Dense", Move(index, last))
