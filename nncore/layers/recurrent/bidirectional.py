"""The layer Bidirectional."""

from __future__ import annotations

import dataclasses
import math
from typing import ClassVar

import numpy as np

from nncore.errors import FieldError
from nncore.fields import hyper
from nncore.layers.base import Binding, Layer, Op, Weight, register
from nncore.layers.recurrent.base import Recurrent, check_sequence
from nncore.layers.recurrent.inner import InnerBinding
from nncore.layers.recurrent.lstm import LSTM
from nncore.types import Shape

MERGE_MODES = ("concat", "sum", "mul", "ave")


@register
class Bidirectional(Layer):
    """Reads a sequence from both ends with two layers of the same kind, and merges what they put out.

    y_t = (forward_t, backward_t),  or with ``merge_mode``  sum: their sum,  mul: their product,  ave: their mean

    Shapes: x (rows, time, features); each of the two puts out (rows, time, units) with ``return_sequences``, the second
    turned round so that both stand at the same step, or else (rows, units), each after its last step. "concat" lays
    them side by side, (..., 2 units). Weights: those of the wrapped layer, with ``forward_`` and with ``backward_``
    before their names. With ``return_sequences``, steps where the mask is False put out zeros, as in Keras.

    Backward: dy goes to both (its two halves for "concat", dy / 2 for "ave", dy times the output of the other for
    "mul"), and dx is the sum of what both give.
    Source: Schuster and Paliwal, "Bidirectional recurrent neural networks" (1997).
    """

    family: ClassVar[str] = "recurrent"
    equation: ClassVar[str] = "y_t = (forward_t, backward_t)"
    supports_masking: ClassVar[bool] = True

    layer: Recurrent = hyper(suggested=LSTM(64), key=True, help="The layer that reads in each direction.")
    merge_mode: str = hyper("concat", choices=lambda: MERGE_MODES, help="How the two outputs become one.")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.layer.go_backwards:
            raise FieldError(
                self.type_name,
                "layer",
                f"Bidirectional: layer must read forwards, but this {self.layer.type_name} has go_backwards.",
                "Switch go_backwards off: the other direction is added by itself.",
            )

    def output_shape(self, shape: Shape) -> Shape:
        check_sequence(self.type_name, shape)
        *before, units = self.layer.output_shape(shape)
        return (*before, 2 * units if self.merge_mode == "concat" else units)

    def passes_mask(self) -> bool:
        return self.layer.passes_mask()

    def weights(self, shape: Shape) -> tuple[Weight, ...]:
        inner = self.layer.weights(shape)
        return tuple(
            dataclasses.replace(weight, name=f"{direction}_{weight.name}")
            for direction in ("forward", "backward")
            for weight in inner
        )

    def multiply_adds(self, shape: Shape) -> int:
        return 2 * self.layer.multiply_adds(shape)

    def kept(self, shape: Shape, rows: int) -> int:
        # Each of the two also has an output gradient of its own, and the second a gradient of the input.
        gradients = 2 * math.prod(self.layer.output_shape(shape)) + math.prod(shape)
        return super().kept(shape, rows) + 2 * self.layer.kept(shape, rows) + rows * gradients

    def compile(self, bind: Binding) -> Op:
        return BidirectionalOp(self, bind)


class BidirectionalOp(Op):
    """Two recurrent operations with a copy between them and the layer above."""

    def __init__(self, layer: Bidirectional, bind: Binding) -> None:
        self.mode = layer.merge_mode
        sequences, units = layer.layer.return_sequences, layer.layer.units
        self.dx = bind.dx
        self.backward_dx = None if bind.dx is None else bind.buffer("backward dx", bind.x.shape)
        ops = []
        for direction, dx in (("forward", self.dx), ("backward", self.backward_dx)):
            inner = layer.layer.replace(go_backwards=direction == "backward")
            prefix = {"weights": f"{direction}_", "buffers": f"{direction} "}
            op = inner.compile(InnerBinding(bind, bind.x, dx, bind.mask, **prefix))
            op.zero_output_for_mask = sequences
            ops.append(op)
        self.ops = ops
        turned = slice(None, None, -1 if sequences else 1)  # the second is put out in the order in which it is read
        rows = slice(None)
        self.parts = (ops[0].y, ops[1].y[:, turned] if sequences else ops[1].y)
        shape = self.parts[0].shape
        self.y = bind.buffer("y", (*shape[:-1], 2 * units) if self.mode == "concat" else shape)
        self.dy = bind.buffer("dy", self.y.shape) if bind.training else None
        self.halves = (slice(0, units), slice(units, None)) if self.mode == "concat" else (rows, rows)
        if ops[0].dy is not None and ops[1].dy is not None:
            self.part_gradients = (ops[0].dy, ops[1].dy[:, turned] if sequences else ops[1].dy)

    def forward(self) -> None:
        for op in self.ops:
            op.forward()
        first, second = self.parts
        if self.mode == "concat":
            for part, half in zip(self.parts, self.halves, strict=True):
                np.copyto(self.y[..., half], part)
        elif self.mode == "mul":
            np.multiply(first, second, out=self.y)
        else:
            np.add(first, second, out=self.y)
            if self.mode == "ave":
                self.y *= 0.5

    def backward(self) -> None:
        assert self.dy is not None
        others = self.parts[::-1]
        for gradient, half, other in zip(self.part_gradients, self.halves, others, strict=True):
            np.copyto(gradient, self.dy[..., half])
            if self.mode == "mul":
                gradient *= other
            elif self.mode == "ave":
                gradient *= 0.5
        for op in self.ops:
            op.backward()
        if self.dx is not None and self.backward_dx is not None:
            self.dx += self.backward_dx
