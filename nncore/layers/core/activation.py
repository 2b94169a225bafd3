"""The layer Activation."""

from __future__ import annotations

from typing import ClassVar

from nncore import activations
from nncore.activations import ACTIVATIONS
from nncore.errors import ShapeError
from nncore.fields import hyper
from nncore.layers.base import Binding, Layer, Op, register
from nncore.layers.common import ACTIVATION_HELP, OTHER_NAMES
from nncore.types import Shape


@register
class Activation(Layer):
    """Applies an activation function to each number.

    y = f(x)

    Shapes: any; softmax works along the last axis. Backward: dx = dy * f'(x).
    Source: Goodfellow, Bengio and Courville, "Deep learning" (2016), section 6.3.
    """

    equation: ClassVar[str] = "y = f(x)"
    supports_masking: ClassVar[bool] = True

    activation: str = hyper(
        suggested="relu", choices=ACTIVATIONS.names, aliases=OTHER_NAMES, key=True, help=ACTIVATION_HELP
    )

    def output_shape(self, shape: Shape) -> Shape:
        # Without an axis of its own, a sample would be mixed with the other samples of the batch.
        if not shape and self.activation == "softmax":
            raise ShapeError("softmax needs several numbers per sample, but gets one.", "Check the input shape.")
        return shape

    def compile(self, bind: Binding) -> Op:
        return ActivationOp(ACTIVATIONS.get(self.activation), bind)


class ActivationOp(Op):
    """An activation function with buffers of its own: the layer below still needs its output."""

    def __init__(self, activation: activations.Activation, bind: Binding) -> None:
        self.activation = activation
        self.x, self.dx = bind.x, bind.dx
        self.y = bind.buffer("y", bind.x.shape)
        self.dy = bind.buffer("dy", bind.x.shape) if bind.dx is not None else None

    def forward(self) -> None:
        self.activation.forward(self.x, self.y)

    def backward(self) -> None:
        if self.dx is not None and self.dy is not None:
            self.activation.backward(self.x, self.y, self.dy, self.dx)
