"""What every layer is: a frozen specification, and the operation it compiles to.

A layer is written on one page: its fields, the shape rule, the weights and, side by side, the forward and the
backward computation. The specification never holds numbers; ``compile`` turns it into an ``Op`` that is bound to
buffers of a fixed number of rows and only moves numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import DTypeLike

from nncore.computing.threads import Team
from nncore.fields import Declared, hyper
from nncore.registry import Registry
from nncore.regularizers import Regularizer
from nncore.types import Array, Shape

USUAL: dict[str, object] = {
    "data_format": "channels_last",
    "dtype": "float32",
    "trainable": True,
    "activity_regularizer": None,
    "kernel_constraint": None,
    "bias_constraint": None,
    "recurrent_constraint": None,
    "seed": None,
    "stateful": False,
    "return_state": False,
    "unroll": False,
}
"""Arguments of Keras's layers that exist here only with the value that Keras takes when they are not given."""

FAMILIES = (
    "core",
    "convolution",
    "pooling",
    "recurrent",
    "regularisation",
    "normalisation",
    "shape",
    "augmentation",
    "text",
)


@dataclass(frozen=True)
class Weight:
    """One array of a layer that is kept and saved.

    Attributes:
        name: Keras's name.
        initializer: how it starts.
        regularizer: the penalty on it, or None.
        trainable: whether gradients change it; if not, the layer itself does, as it does a running mean.
    """

    name: str
    shape: Shape
    initializer: Callable[[Shape, np.random.Generator], Array]
    regularizer: Regularizer | None = None
    trainable: bool = True

    @property
    def size(self) -> int:
        """Number of parameters."""
        return math.prod(self.shape)


class Binding(Protocol):
    """What a layer is given when it is compiled for a fixed number of rows.

    Attributes:
        x: input buffer, (rows, *input_shape); filled before each ``forward``.
        dx: where ``backward`` writes the gradient of the input, same shape; None when nobody needs it.
        rows: number of samples in a batch.
        training: False for prediction: no gradients, and dropout is off.
        rng: source of all randomness of this layer during training.
        team: does two jobs side by side; for what is large.
        mask: (rows, time), True where a time step counts; None when all of them do. Filled before each ``forward``.
    """

    x: Array
    dx: Array | None
    rows: int
    training: bool
    rng: np.random.Generator
    team: Team
    mask: Array | None

    def weight(self, name: str) -> Array:
        """Return the weight array called ``name``."""

    def gradient(self, name: str) -> Array:
        """Return the array that receives the gradient of the trainable weight called ``name``."""

    def buffer(self, name: str, shape: Sequence[int], dtype: DTypeLike | None = None) -> Array:
        """Return a C-contiguous work array of ``shape``, batch axis included; the same memory for the same name.

        What is called ``dy`` is lent from the moment the layer above writes it to the end of this layer's ``backward``.
        """


class Op:
    """One compiled layer: moves numbers between the buffers it was bound to, and allocates nothing lasting.

    Attributes:
        y: output buffer, (rows, *output_shape); lent until the next ``forward``.
        dy: gradient of the output, same shape; the operation above writes it, ``backward`` reads it and may
            overwrite it. None when no gradient is needed.
        mask: the mask that this layer makes itself, (rows, time), filled by ``forward``; None when it makes none.
    """

    y: Array
    dy: Array | None
    mask: Array | None = None

    def forward(self) -> None:
        """Compute ``y`` from ``x``."""
        raise NotImplementedError

    def backward(self) -> None:
        """Compute the weight gradients, and ``dx`` unless it is None, from ``dy``.

        The gradients of a layer that leaves them to ``Team.begin`` are there after ``Team.settle``.
        """
        raise NotImplementedError


LAYERS: Registry[type[Layer]] = Registry("layer")


class Layer(Declared):
    """Base of every layer specification."""

    registry: ClassVar = LAYERS
    family: ClassVar[str] = "core"
    equation: ClassVar[str] = ""
    supports_masking: ClassVar[bool] = False
    """Whether a mask from below also holds for the output, as in Keras; else it ends here."""
    ends_in_activation: ClassVar[bool] = True
    """Whether ``activation``, in a layer that has one, comes last of all, so that a loss may take it over."""

    _: KW_ONLY
    name: str | None = hyper(None, hidden=True, help="A name of your own for this layer.")
    input_shape: tuple[int, ...] | None = hyper(
        None, hidden=True, help="In scripts, the first layer may say the shape of one sample."
    )
    disabled: bool = hyper(
        False, hidden=True, help="Whether the network works as if this layer were not there; see ``Network.effective``."
    )

    @classmethod
    def known_arguments(cls, keywords: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments that are declared.

        Keras's ``input_dim`` becomes an ``input_shape``; what Keras's layers take besides asks for nothing as long as
        it is what this library does anyway. Raises ``FieldError`` for all else.
        """
        known = {name: value for name, value in keywords.items() if USUAL.get(name, cls) != value}
        declared = {field.name for field in cls.fields()}
        if "input_dim" not in declared and isinstance(known.get("input_dim"), int):
            known["input_shape"] = (known.pop("input_dim"),)
        return super().known_arguments(known)

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of one output sample for an input sample of ``shape``.

        Raises:
            ShapeError: the layer cannot work on this shape; the message says what would mend it.
        """
        return shape

    def weights(self, shape: Shape) -> tuple[Weight, ...]:
        """Return the arrays for input samples of ``shape``, in Keras's order: trainable ones first."""
        return ()

    def output_activation(self) -> str | None:
        """Return the name of the activation that the output has passed; None if that is for the layer below to say."""
        activation: str | None = getattr(self, "activation", None)
        if activation is not None:
            return activation
        return "linear" if type(self).weights is not Layer.weights else None

    def passes_mask(self) -> bool:
        """Return whether a mask from below also holds for the output of this layer, with its present settings."""
        return self.supports_masking

    def reads_tokens(self) -> bool:
        """Return whether the input must be the token numbers of the samples themselves."""
        return False

    def keeps_numbers(self) -> bool:
        """Return whether the output is the numbers of the input as they are, in whatever shape."""
        return False

    def check_samples(self, x: Array) -> None:
        """Raise ``DataError`` when samples (rows, *input_shape) hold numbers that this layer cannot take."""

    def multiply_adds(self, shape: Shape) -> int:
        """Return the multiply-add operations that one sample costs in the forward direction."""
        return 0

    def kept(self, shape: Shape, rows: int) -> int:
        """Return how many numbers a training step on ``rows`` samples keeps, its output included.

        Not counted are weights and their gradients, what the layers take in turns, such as the gradient of the output
        and what is ``lent``, and what lasts no longer than one operation of NumPy. A number of 64 bits counts as two,
        four truth values count as one.
        """
        return 0 if self.keeps_numbers() else rows * math.prod(self.output_shape(shape))

    def lent(self, shape: Shape, rows: int) -> int:
        """Return how many numbers at most a training step on ``rows`` samples takes from ``Team.scratch``, about."""
        return 0

    def compile(self, bind: Binding) -> Op:
        """Return the operation bound to the buffers of ``bind``."""
        raise NotImplementedError

    def typeset(self) -> str:
        """Return the equation with the chosen activation filled in, for display."""
        return self.equation.replace("f(", f"{getattr(self, 'activation', 'f')}(")


def register(layer: type[Layer]) -> type[Layer]:
    """Class decorator: make a layer known under its class name."""
    return LAYERS.add(layer.__name__, layer)
