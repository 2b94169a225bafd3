"""Hints for numbers that stand for words or characters."""

from __future__ import annotations

from collections.abc import Iterator

from nncore.editing.edits import Insert, Replace, insert_all
from nncore.editing.mends import Mend
from nncore.hints.hint import Found, Hint, learns, taking_part
from nncore.layers import Embedding, Flatten, Layer
from nncore.losses import Loss, Problem, Target
from nncore.network import Network
from nncore.trace import Trace, trace

_FEW = 2  # tokens: yes or no can be learned from as it is
_BELOW: tuple[tuple[Layer, ...], ...] = ((), (Flatten(),))
"""What may have to follow an Embedding, so that the rest still fits."""


def raw_tokens(network: Network, traced: Trace, loss: Loss, target: Target, vocabulary: int) -> Iterator[Found]:
    """Find a layer that takes numbers that stand for words, or characters, for amounts."""
    first = next(((index, layer) for index, layer in taking_part(network) if learns(layer)), None)
    if vocabulary <= _FEW or first is None or any(layer.reads_tokens() for layer in network.effective):
        return
    index, layer = first
    words = Problem(
        f"Each number of a sample stands for a word or a character, but {layer.type_name} takes it for an amount.",
        "Insert Embedding above: it learns what each of them means.",
    )
    # Behind a Reshape, what fits would fit by chance.
    plain = traced.rows[index].input_shape == network.input_shape
    yield index, Hint(words, tuple(_embedded(network, loss, target, vocabulary)) if plain else ())


def _embedded(network: Network, loss: Loss, target: Target, vocabulary: int) -> Iterator[Mend]:
    """Yield the first way that fits to embed the numbers of the samples."""
    for below in _BELOW:
        layers = (Embedding.for_tokens(vocabulary), *below)
        edit = insert_all(0, layers) if below else Insert(0, layers[0])
        if not trace(edit.apply(network), loss, target).problems:
            yield Mend(f"Insert {' and '.join(layer.type_name for layer in layers)} above", edit)
            return


def small_vocabulary(network: Network, vocabulary: int) -> Iterator[Found]:
    """Find an Embedding that has no numbers for some words, or characters, of the data."""
    for index, layer in taking_part(network):
        if isinstance(layer, Embedding) and layer.input_dim < vocabulary:
            words = Problem(
                f"The vocabulary of the data has {vocabulary:,} entries, but Embedding has only {layer.input_dim:,}.",
                f"Set Vocabulary to {vocabulary:,}.",
            )
            change = Replace(index, layer, layer.replace(input_dim=vocabulary))
            yield index, Hint(words, (Mend(f"Set Vocabulary to {vocabulary:,}", change),))
