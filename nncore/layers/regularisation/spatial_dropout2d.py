"""The layer SpatialDropout2D."""

from __future__ import annotations

from typing import ClassVar

from nncore.errors import ShapeError
from nncore.fields import hyper
from nncore.layers.base import Binding, Layer, Op, register
from nncore.layers.regularisation.dropout import DropoutOp, IdentityOp
from nncore.layers.sample_kinds import product
from nncore.types import Shape


@register
class SpatialDropout2D(Layer):
    """Switches whole feature maps off at random in every training step.

    y_ijc = x_ijc m_c / (1 - rate),  m_c = 0 with probability ``rate``, else 1

    Neighbouring places of a feature map say nearly the same, so that dropping single ones hides little.

    Shapes: x and y (rows, height, width, channels); one m for each row and channel. In prediction y = x.
    Backward: dx = dy m / (1 - rate).
    Source: Tompson et al., "Efficient object localization using convolutional networks" (2015).
    """

    family: ClassVar[str] = "regularisation"
    equation: ClassVar[str] = "y_c = x_c m_c / (1 − rate)"
    supports_masking: ClassVar[bool] = True

    rate: float = hyper(
        ge=0,
        lt=1,
        suggested=0.25,
        key=True,
        live=True,
        help="The share of feature maps that is switched off in each step.",
    )

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 3:
            raise ShapeError(
                f"SpatialDropout2D needs feature maps (height, width, channels), but gets {product(shape)}.",
                "Use Dropout here, or put this layer behind a Conv2D.",
            )
        return shape

    def compile(self, bind: Binding) -> Op:
        if not bind.training or self.rate == 0:
            return IdentityOp(bind)
        return DropoutOp(self.rate, bind, (bind.rows, 1, 1, bind.x.shape[-1]))
