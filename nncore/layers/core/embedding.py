"""The layer Embedding."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from nncore.errors import DataError
from nncore.fields import hyper
from nncore.initializers import Initializer, RandomUniform
from nncore.layers.base import Binding, Layer, Op, Weight, register
from nncore.regularizers import Regularizer
from nncore.types import Array, Shape

LARGEST_VOCABULARY = 2**24
"""Token numbers arrive in single precision, which holds whole numbers exactly up to this one."""


@register
class Embedding(Layer):
    """Gives each token a row of numbers of its own, which is learned.

    y_t = row x_t of E

    Shapes: x (rows, time) or (rows, ...), whole numbers from 0 to ``input_dim`` - 1; E = ``embeddings`` (input_dim,
    output_dim); y (rows, time, output_dim). With ``mask_zero``, steps with x_t = 0 are masked: the layers above that
    know masks pass over them.

    Backward: row k of dE is the sum of all dy_t with x_t = k. A token number has no gradient: dx = 0.
    Source: Bengio, Ducharme, Vincent and Jauvin, "A neural probabilistic language model" (2003).
    """

    family: ClassVar[str] = "text"
    equation: ClassVar[str] = "y_t = E[x_t]"

    input_dim: int = hyper(
        ge=1,
        le=LARGEST_VOCABULARY,
        suggested=1000,
        log=True,
        key=True,
        unit="tokens",
        label="Vocabulary",
        help="How many tokens there are: one more than the largest token number.",
    )
    output_dim: int = hyper(
        ge=1,
        le=100_000,
        suggested=16,
        log=True,
        key=True,
        unit="dim",
        label="Vector",
        help="How many numbers stand for one token.",
    )
    embeddings_initializer: Initializer = hyper(
        RandomUniform(), label="Initial embeddings", advanced=True, help="How the numbers are drawn before training."
    )
    embeddings_regularizer: Regularizer | None = hyper(
        None, label="Regularizer", advanced=True, help="A penalty on large embeddings."
    )
    mask_zero: bool = hyper(
        False,
        label="Skip padding",
        short="skips padding",
        help="Token number 0 only fills up short texts; recurrent layers above pass over it.",
    )

    @classmethod
    def known_arguments(cls, keywords: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments that are declared; ``input_length``, of older listings, is the ``input_shape``."""
        known = dict(keywords)
        length = known.pop("input_length", None)
        if isinstance(length, int):
            known["input_shape"] = (length,)
        own = {"input_dim": known.pop("input_dim")} if "input_dim" in known else {}  # no shape, as in other layers
        return {**super().known_arguments(known), **own}

    @classmethod
    def for_tokens(cls, vocabulary: int) -> Embedding:
        """Return a layer as it is suggested for so many tokens; 0 where their number is not known."""
        made = cls.suggested()
        return made.replace(input_dim=min(vocabulary, LARGEST_VOCABULARY)) if vocabulary else made

    def output_shape(self, shape: Shape) -> Shape:
        return (*shape, self.output_dim)

    def weights(self, shape: Shape) -> tuple[Weight, ...]:
        size = (self.input_dim, self.output_dim)
        return (Weight("embeddings", size, self.embeddings_initializer, self.embeddings_regularizer),)

    def reads_tokens(self) -> bool:
        return True

    def check_samples(self, x: Array) -> None:
        known = (x >= 0) & (x < self.input_dim) & (x == np.floor(x))
        if known.all():
            return
        where = np.unravel_index(int(np.argmin(known)), x.shape)
        value = float(x[where])
        place = f" at position {', '.join(str(int(index) + 1) for index in where[1:])}" if len(where) > 1 else ""
        largest = float(x.max())
        if value >= 0 and value.is_integer() and largest < LARGEST_VOCABULARY:
            remedy = f"Set input_dim to at least {math.floor(largest) + 1:,}."
        else:
            remedy = "Feed token numbers, as a text data set gives them, or remove this layer."
        raise DataError(
            f"Embedding reads whole numbers from 0 to {self.input_dim - 1:,}, but sample {int(where[0]) + 1:,} holds "
            f"{value:,.10g}{place}.",
            remedy,
        )

    def kept(self, shape: Shape, rows: int) -> int:
        # A token number is kept twice, rounded and as an index; each output has its place in the gradient beside it.
        return 3 * super().kept(shape, rows) + 3 * rows * math.prod(shape)

    def compile(self, bind: Binding) -> Op:
        return EmbeddingOp(self, bind)


class EmbeddingOp(Op):
    """Rows taken out of the weights; their gradients added up where they came from."""

    def __init__(self, layer: Embedding, bind: Binding) -> None:
        self.x, self.dx = bind.x, bind.dx
        self.embeddings = bind.weight("embeddings")
        shape = (*bind.x.shape, layer.output_dim)
        self.rounded = bind.buffer("rounded", bind.x.shape)
        self.index = bind.buffer("index", bind.x.shape, np.intp)
        self.mask = bind.buffer("mask", bind.x.shape, np.bool_) if layer.mask_zero else None
        self.y = bind.buffer("y", shape)
        self.dy = bind.buffer("dy", shape) if bind.training else None
        if self.dy is not None:
            self.gradient = bind.gradient("embeddings")
            self.columns = np.arange(layer.output_dim)
            self.places = bind.buffer("places", shape, np.intp)

    def forward(self) -> None:
        np.rint(self.x, out=self.rounded)
        np.copyto(self.index, self.rounded, casting="unsafe")
        np.take(self.embeddings, self.index, axis=0, out=self.y, mode="clip")  # samples are checked before training
        if self.mask is not None:
            np.not_equal(self.index, 0, out=self.mask)

    def backward(self) -> None:
        assert self.dy is not None
        self.gradient.fill(0)
        # Indexing single numbers is what NumPy adds up fastest: no sorting, and no table of the whole vocabulary.
        np.clip(self.index, 0, len(self.embeddings) - 1, out=self.index)
        np.multiply(self.index[..., np.newaxis], len(self.columns), out=self.places)
        self.places += self.columns
        np.add.at(self.gradient.reshape(-1), self.places.reshape(-1), self.dy.reshape(-1))
        if self.dx is not None:
            self.dx.fill(0)
