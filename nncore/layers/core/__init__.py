"""Layers that every network is made of."""

from __future__ import annotations

# The order of the palette.
# isort: off
from nncore.layers.core.dense import Dense
from nncore.layers.core.activation import Activation
from nncore.layers.core.leaky_relu import LeakyReLU
from nncore.layers.core.elu import ELU
from nncore.layers.core.prelu import PReLU
from nncore.layers.core.softmax import Softmax
from nncore.layers.core.embedding import Embedding
# isort: on

__all__ = ["ELU", "Activation", "Dense", "Embedding", "LeakyReLU", "PReLU", "Softmax"]
