"""The walk along a sequence, step by step, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from nncore.activations import Activation
from nncore.activations.base import ONE
from nncore.types import Array

if TYPE_CHECKING:
    from nncore.layers.recurrent.base import RecurrentOp


def slope(activation: Activation, x: Array, y: Array, out: Array) -> None:
    """Fill ``out`` with the derivative f'(x) of y = f(x)."""
    if activation.name == "sigmoid":
        np.multiply(y, y, out)
        np.subtract(y, out, out)
    elif activation.name == "tanh":
        np.multiply(y, y, out)
        np.subtract(ONE, out, out)
    else:
        out.fill(1)
        activation.backward(x, y, out, out)


class Walk:
    """The way along the sequence, and back, with some of the samples; see ``RecurrentOp``.

    All views of the buffers are made here, once, and kept in lists with one for each step.
    """

    def __init__(self, op: RecurrentOp, part: slice) -> None:
        self.part = part
        self.dropping = op.state.dropping(part)
        h = op.state.h[:, part]
        self.before, self.after = list(h[:-1]), list(h[1:])
        self.skip = None if op.skip is None else list(op.skip[:, part])
        self.skipped = None if op.skip is None else op.skip[:, np.newaxis, part]
        if op.training:
            assert op.dy is not None
            self.piece, self.past = op.piece, op.past
            self.dh, self.held = op.dh[part], op.held[part]
            dy = op.dy[part]
            self.dy: list[Array | None] = list(dy.swapaxes(0, 1)) if op.sequences else [None] * (op.time - 1) + [dy]

    def forward(self) -> None:
        """Fill h[1:], step by step."""
        raise NotImplementedError

    def prepare(self, steps: slice) -> None:
        """Compute for these steps, a piece, the factors of da that do not depend on dh."""
        raise NotImplementedError

    def turn(self) -> None:
        """Get ready for the way back."""
        self.dh.fill(0)

    def backward(self, steps: slice) -> None:
        """Fill da for these steps, from the last to the first, after all the later ones."""
        raise NotImplementedError

    def steps_back(self, steps: slice) -> Iterator[tuple[int, int]]:
        """Yield each of these steps, from the last to the first, and its place in the piece that was prepared.

        What comes from above is then added to dh.
        """
        dh = self.dh
        for end in range(steps.stop, steps.start, -self.piece):
            start = max(steps.start, end - self.piece)
            self.prepare(slice(start, end))
            for t in range(end - 1, start - 1, -1):
                dy = self.dy[t]
                if dy is not None:
                    np.add(dh, dy, dh)
                yield t, t - start

    def step_back(self, t: int, da: Array) -> None:
        """Fill dh from da, with what passes a step that does not count."""
        if self.skip is None:
            self.past.multiply(da, self.dh, self.part)
            return
        np.multiply(self.dh, self.skip[t], self.held)
        self.past.multiply(da, self.dh, self.part)
        np.add(self.dh, self.held, self.dh)
