"""What stands in a network in the place of a layer that is switched off."""

from __future__ import annotations

from nncore.layers.base import Binding, Layer, Op
from nncore.layers.regularisation.dropout import IdentityOp


class Bypass(Layer):
    """Hands its input on, in the same memory: y = x, and dx = dy.

    It is no layer that people choose, so it is not registered: a disabled layer keeps its own place, name and settings
    in ``Network.layers``, and only what computes, counts or checks shapes meets this one instead.
    """

    supports_masking = True

    def keeps_numbers(self) -> bool:
        return True

    def compile(self, bind: Binding) -> Op:
        return IdentityOp(bind)


BYPASS = Bypass()
