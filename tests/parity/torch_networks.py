"""Whole networks on torch tensors: layer after layer, each by its reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from nncore import layers
from nncore.network import Network
from nncore.plan import layout
from tests.parity.torch_layers.references import REFERENCES, Nested, Variant, nested

MASKED = ("SimpleRNN", "LSTM", "GRU", "Bidirectional", "BatchNormalization", "GlobalAveragePooling1D")
"""Layers that a mask makes compute something else."""


@dataclass(frozen=True)
class Stack:
    """Layers in a row, described without the engine.

    Attributes:
        shape: of one input sample.
        indices: inputs are whole numbers below this one; 0 for ordinary numbers.
    """

    shape: tuple[int, ...]
    layers: tuple[Nested, ...]
    indices: int = 0

    def variants(self) -> list[tuple[str, Variant]]:
        """Return each layer's name with what makes it."""
        return [(layer.name, Variant((), layer.keywords)) for layer in self.layers]

    def without_last_activation(self) -> Stack:
        """Return the layers that put out logits: what a loss that takes the last activation over computes from."""
        *below, last = self.layers
        return Stack(self.shape, (*below, Nested(last.name, {**last.keywords, "activation": None})), self.indices)

    def network(self) -> Network:
        """Return the engine's network."""
        return Network(self.shape, tuple(variant.make(layers, name) for name, variant in self.variants()))

    def forward(self, x: Tensor, weights: Sequence[Tensor]) -> Tensor:
        """Return the output in training for weights in Keras's order; an Embedding's mask reaches what knows masks."""
        slots = layout(self.network())
        mask: Tensor | None = None
        for index, layer in enumerate(self.layers):
            own = [weight for slot, weight in zip(slots, weights, strict=True) if slot.layer == index]
            reference = REFERENCES[layer.name]
            assert reference.forward is not None
            keywords = dict(layer.keywords)
            if layer.name in MASKED and mask is not None:
                keywords["mask"] = mask
            if keywords.get("mask_zero"):
                mask = x != 0
            x = reference.forward(x, own, **keywords)
        return x


def stack(shape: tuple[int, ...], *rows: Nested, indices: int = 0) -> Stack:
    """Return layers in a row."""
    return Stack(shape, rows, indices)


def tensors(arrays: Sequence[Any]) -> list[Tensor]:
    """Return copies in float64: the reference is the more exact one, whatever the engine computes in."""
    return [torch.tensor(array, dtype=torch.float64) for array in arrays]


FAMILIES = {
    "MLP": stack((6,), nested("Dense", units=7, activation="tanh"), nested("Dense", units=3)),
    "CNN": stack(
        (9, 8, 2),
        nested("Conv2D", filters=4, kernel_size=3, activation="relu", padding="same"),
        nested("MaxPooling2D", pool_size=2),
        nested("Flatten"),
        nested("Dense", units=3, activation="softmax"),
    ),
    "normalised CNN": stack(
        (8, 7, 2),
        nested("Conv2D", filters=3, kernel_size=3, strides=2, use_bias=False),
        nested("BatchNormalization"),
        nested("LeakyReLU"),
        nested("GlobalAveragePooling2D"),
        nested("Dense", units=3, activation="softmax"),
    ),
    "RNN": stack((5, 3), nested("SimpleRNN", units=6), nested("Dense", units=3)),
    "LSTM": stack(
        (6, 2), nested("LSTM", units=5, return_sequences=True), nested("LSTM", units=4), nested("Dense", units=1)
    ),
    "GRU": stack(
        (6, 2), nested("GRU", units=5, return_sequences=True), nested("GRU", units=4), nested("Dense", units=1)
    ),
    "text": stack(
        (6,),
        nested("Embedding", input_dim=11, output_dim=4),
        nested("Bidirectional", layer=nested("LSTM", units=3)),
        nested("Dense", units=1, activation="sigmoid"),
        indices=11,
    ),
}
