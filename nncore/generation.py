"""Texts that a network makes up: it is asked for the next token, is given its own answer, and is asked again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

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
    rng: np.random.Generator,
    *,
    from_logits: bool = False,
) -> Iterator[int]:
    """Yield ``length`` tokens that continue ``start_tokens``, each drawn from ``tempered`` probabilities.

    The network sees the last L tokens, L being the length of its input. While there are fewer, they stand at the front
    of the window and the answer behind the last of them counts, if the network answers at each place and only looks
    back: so it is in training, where a row may begin anywhere. For other networks what is missing is filled up with
    token 0 at the front, as ``nncore.datasets.text.encode`` does for characters. Source: Graves, Generating Sequences
    with Recurrent Neural Networks, 2013, section 2; Chollet, Deep Learning with Python, 2021, section 12.1.

    Args:
        predictor: of a network with input (L,) and output (L, V), the next token at each place, or (V,).
        start_tokens: what is to be continued; where it is empty, it is token 0.
        rng: one number of it is drawn for each token.
        from_logits: whether the outputs are logits.

    Raises:
        InputError: as ``tempered`` does, when the first token that is concerned is asked for.
    """
    (places,) = predictor.network.input_shape
    known = [int(token) for token in start_tokens][-places:] or [0]
    at_front = len(known) < places and only_looks_back(predictor)
    for _ in range(length):
        window = np.zeros((1, places), dtype=np.int64)
        start = 0 if at_front else places - len(known)
        window[0, start : start + len(known)] = known
        output = predictor.predict(window)
        last = output.reshape(-1, output.shape[-1])[len(known) - 1 if at_front else -1]
        shares = tempered(last, temperature, from_logits=from_logits)
        # Rounding may leave the sum of all shares a little below the number that was drawn.
        token = min(int(np.searchsorted(np.cumsum(shares), rng.random(), side="right")), len(shares) - 1)
        known = [*known, token][-places:]
        yield token


def only_looks_back(predictor: Predictor) -> bool:
    """Tell whether a network of tokens answers at each place, and its answers do not depend on what comes later.

    It is tried out: a recurrent layer passes, one that also reads backwards does not.
    """
    (places,) = predictor.network.input_shape
    half = places // 2
    windows = np.zeros((2, places), dtype=np.int64)
    windows[1, half:] = 1
    first, second = predictor.predict(windows)
    return first.ndim == 2 and len(first) == places and bool(np.allclose(first[:half], second[:half], atol=1e-6))
