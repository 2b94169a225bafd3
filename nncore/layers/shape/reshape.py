"""The layer Reshape."""

from __future__ import annotations

import math
from typing import ClassVar

from nncore.errors import ShapeError
from nncore.fields import hyper
from nncore.layers.base import Binding, Layer, Op, register
from nncore.layers.shape.flatten import FlattenOp
from nncore.types import Shape


@register
class Reshape(Layer):
    """Puts the numbers of a sample, in the order in which they lie, into another shape.

    y_ij... = x_k  with k counting row by row

    Shapes: x (rows, a, b, ...), y (rows, *target_shape) with as many numbers; one entry of ``target_shape`` may be -1
    and stands for whatever is left. Nothing is computed and nothing is copied.
    Source: Goodfellow, Bengio and Courville, "Deep learning" (2016), section 9.5, on the axes of pictures.
    """

    family: ClassVar[str] = "shape"
    equation: ClassVar[str] = "y = x in another shape"

    target_shape: tuple[int, ...] = hyper(
        suggested=(-1, 1), wildcard=True, key=True, help="The new shape of one sample; -1 stands for whatever is left."
    )

    def output_shape(self, shape: Shape) -> Shape:
        size = math.prod(shape)
        known = math.prod(entry for entry in self.target_shape if entry != -1)
        if -1 in self.target_shape and size % known == 0:
            return tuple(size // known if entry == -1 else entry for entry in self.target_shape)
        if size == known and -1 not in self.target_shape:
            return self.target_shape
        wanted = ", ".join(str(entry) for entry in self.target_shape)
        raise ShapeError(
            f"Reshape cannot put the {size:,} numbers of a sample into the shape ({wanted}), which "
            + (f"needs a multiple of {known:,}." if -1 in self.target_shape else f"has room for {known:,}."),
            f"Set target_shape to ({', '.join(str(entry) for entry in self.fitting(size))}), for example.",
        )

    def fitting(self, size: int) -> Shape:
        """Return the nearest shape for ``size`` numbers: one entry of the target, the first that can be, changed."""
        target = list(self.target_shape)
        for place in range(len(target)):
            others = math.prod(entry for index, entry in enumerate(target) if index != place and entry != -1)
            if size % others == 0 and target.count(-1) <= (target[place] == -1):
                return (*target[:place], size // others, *target[place + 1 :])
        return (size,)

    def keeps_numbers(self) -> bool:
        return True

    def compile(self, bind: Binding) -> Op:
        return FlattenOp(bind, self.output_shape(bind.x.shape[1:]))
