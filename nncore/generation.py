"""Texts that a network makes up: it is asked for the next token, is given its own answer, and is asked again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.random import Generator

from nncore.errors import InputError
from nncore.predictor import Predictor
from nncore.types import Array


def tempered(output: Array, temperature: float, *, from_logits: bool = False) -> Array:
    """Return the probabilities that the next token is drawn with, (V,) float64.

    q_i = p_i^(1/T) / sum_j p_j^(1/T), which for p = softmax(z) is softmax(z / T). T = 1 leaves the network's own
    probabilities; below 1 the likely tokens become likelier, towards always the likeliest one; above 1 all become more
    alike. Source: Hinton, Vinyals and Dean, Distilling the Knowledge in a Neural Network, 2015, equation 1.

    Args:
        output: (V,) probabilities, or logits.
        temperature: T, above 0.
        from_logits: whether ``output`` are logits z and not probabilities p.

    Raises:
        InputError: a temperature that is not above 0, or outputs that are not probabilities.
    """
    if not temperature > 0:
        raise InputError(f"A temperature must be above 0, not {temperature:g}.", "Choose one from 0.1 to 2.")
    values = np.asarray(output, dtype=np.float64)
    usable = np.isfinite(values).all() and (from_logits or (values.min() >= 0 and values.max() > 0))
    if not usable:
        raise InputError(
            "The network's last output is not a list of probabilities.",
            "Let it end in softmax, and reset it if its weights are no longer numbers.",
        )
    with np.errstate(divide="ignore"):
        scores = values if from_logits else np.log(values)
    powers = np.exp((scores - scores.max()) / temperature)
    shares: Array = powers / powers.sum()
    return shares


def generate(
    predictor: Predictor,
    start_tokens: Sequence[int],
    length: int,
    temperature: float,
    rng: Generator,
    *,
    from_logits: bool = False,
) -> Iterator[int]:
    """Yield ``length`` tokens that continue ``start_tokens``, each drawn from ``tempered`` probabilities.

    The network sees the last L tokens, L being the length of its input; what is missing is filled up with token 0 at
    the front, as ``nncore.datasets.text.encode`` does for characters. Source: Graves, Generating Sequences with
    Recurrent Neural Networks, 2013, section 2; Chollet, Deep Learning with Python, 2021, section 12.1.

    Args:
        predictor: of a network with input (L,) and output (L, V), the next token at each place, or (V,).
        start_tokens: what is to be continued; may be empty.
        rng: one number of it is drawn for each token.
        from_logits: whether the outputs are logits.

    Raises:
        InputError: as ``tempered`` does, when the first token that is concerned is asked for.
    """
    (places,) = predictor.network.input_shape
    window = np.zeros((1, places), dtype=np.int64)
    known = list(start_tokens)[-places:]
    window[0, places - len(known) :] = known
    for _ in range(length):
        output = predictor.predict(window)
        shares = tempered(output.reshape(-1, output.shape[-1])[-1], temperature, from_logits=from_logits)
        # Rounding may leave the sum of all shares a little below the number that was drawn.
        token = min(int(np.searchsorted(np.cumsum(shares), rng.random(), side="right")), len(shares) - 1)
        window[0, :-1] = window[0, 1:]
        window[0, -1] = token
        yield token
