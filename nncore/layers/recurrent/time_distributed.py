"""The layer TimeDistributed."""

from __future__ import annotations

from typing import ClassVar

from nncore.errors import ShapeError
from nncore.fields import hyper
from nncore.layers.base import Binding, Layer, Op, Weight, register
from nncore.layers.core.dense import Dense
from nncore.layers.recurrent.inner import InnerBinding
from nncore.types import Array, Shape


@register
class TimeDistributed(Layer):
    """Applies one layer, with one set of weights, to every step of a sequence.

    y_t = layer(x_t)

    Shapes: x (rows, time, ...), each x_t (rows, ...); y (rows, time, ...). The steps are handed to the layer as if each
    were a sample, so a layer that takes statistics over a batch, such as BatchNormalization, takes them over all steps.
    Backward: that of the layer; the weight gradients are sums over all steps.
    Source: Chollet, "Deep learning with Python" (2017), chapter 6; weights shared over time: Elman (1990).
    """

    family: ClassVar[str] = "recurrent"
    equation: ClassVar[str] = "y_t = layer(x_t)"
    supports_masking: ClassVar[bool] = True

    layer: Layer = hyper(suggested=Dense(64, "relu"), key=True, help="The layer that is applied to each step.")

    def output_activation(self) -> str | None:
        return self.layer.output_activation()

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) < 2:
            got = " × ".join(str(size) for size in shape) or "a single number"
            raise ShapeError(
                f"TimeDistributed reads sequences of shape time × ..., but gets {got}.",
                f"Use {self.layer.type_name} without it, or insert Reshape above it.",
            )
        return (shape[0], *self.layer.output_shape(shape[1:]))

    def weights(self, shape: Shape) -> tuple[Weight, ...]:
        return self.layer.weights(shape[1:])

    def reads_tokens(self) -> bool:
        return self.layer.reads_tokens()

    def check_samples(self, x: Array) -> None:
        for step in range(x.shape[1]):
            self.layer.check_samples(x[:, step])

    def multiply_adds(self, shape: Shape) -> int:
        return shape[0] * self.layer.multiply_adds(shape[1:])

    def kept(self, shape: Shape, rows: int) -> int:
        inner = self.layer.kept(shape[1:], rows * shape[0])
        # The inner layer has an output gradient of its own, if that is not the one of its input.
        return inner if self.layer.keeps_numbers() else inner + super().kept(shape, rows)

    def lent(self, shape: Shape, rows: int) -> int:
        return self.layer.lent(shape[1:], rows * shape[0])

    def compile(self, bind: Binding) -> Op:
        return TimeDistributedOp(self, bind)


class TimeDistributedOp(Op):
    """The layer's own operation on views that count each step as a sample."""

    def __init__(self, layer: TimeDistributed, bind: Binding) -> None:
        rows, time = bind.x.shape[:2]
        steps = (rows * time, *bind.x.shape[2:])
        dx = None if bind.dx is None else bind.dx.reshape(steps)
        inner = layer.layer.compile(InnerBinding(bind, bind.x.reshape(steps), dx))
        self.y = inner.y.reshape(rows, time, *inner.y.shape[1:])
        self.dy = None if inner.dy is None else inner.dy.reshape(self.y.shape)
        self.forward, self.backward = inner.forward, inner.backward  # type: ignore[method-assign]
