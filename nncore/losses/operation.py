"""The operation that every loss compiles to: the loss of each place, and how they become one number."""

from __future__ import annotations

import math

import numpy as np

from nncore.types import Array


class LossOp:
    """A loss bound to the output buffer of a network.

    A place is one sample, or one time step of a sequence. With a loss l for each place, the batch has the loss

    L = sum(w l) / n,  n = number of places,

    as in Keras, where w is the weight of the sample, and with a mask n / (number of places that count) times that where
    a place counts, and 0 elsewhere.

    Args:
        output: (rows, *places, width): the activated output, or the logits.
        gradient: receives dL/doutput; None if it is not needed.
        target: buffer of encoded targets.

    Attributes:
        target: buffer for the encoded targets, filled before each ``forward``.
        output: what the network predicts: the activated output, also where the activation is fused with the loss.
        weights: (rows,) the weight of each sample, filled before each ``forward``; None when all count the same.
        mask: (rows, time), True where a time step counts; None when all of them do.
        share: 1 / n, what each place counts. An array without axes, because NumPy turns a Python float into one in each
            call, which takes as long as the arithmetic on a small batch.
    """

    weights: Array | None = None
    mask: Array | None = None

    def __init__(self, output: Array, gradient: Array | None, target: Array) -> None:
        self.output, self.gradient, self.target = output, gradient, target
        self.places = math.prod(output.shape[:-1])
        self.share = np.array(1.0 / self.places, output.dtype)

    def losses(self) -> Array:
        """Return the loss of each place, (rows, *places); lent until the next call."""
        raise NotImplementedError

    def slopes(self) -> None:
        """Write ``share`` times the gradient of the sum of ``losses`` into ``gradient``, after ``losses``."""
        raise NotImplementedError

    def mean(self) -> float:
        """Return the mean of ``losses``, where all places count the same."""
        return float(np.add.reduce(self.losses(), axis=None)) / self.places

    def forward(self) -> float:
        """Return the loss of the batch."""
        if self.weights is None and self.mask is None:
            return self.mean()
        losses = self.losses()
        return float((losses * self._shares(losses)).sum()) / self.places

    def backward(self) -> None:
        """Write the gradient of the batch's loss into the output gradient that the loss was bound to."""
        if self.gradient is None:
            return
        self.slopes()
        if self.weights is not None or self.mask is not None:
            self.gradient *= self._shares(self.gradient[..., 0])[..., None]

    def _shares(self, like: Array) -> Array:
        """Return w for each place, from weights and mask, in the dtype of ``like``; it broadcasts to its shape."""
        shares = np.ones(1, like.dtype).reshape((1,) * like.ndim)
        if self.mask is not None:
            valid = np.count_nonzero(self.mask)
            factor = like.dtype.type(self.mask.size / valid if valid else 0)
            shares = _as_prefix(self.mask * factor, like.ndim)
        if self.weights is not None:
            shares = shares * _as_prefix(self.weights, like.ndim)
        return shares


def _as_prefix(array: Array, ndim: int) -> Array:
    """Return the array with axes of length 1 at its end, so that it belongs to the first axes of a larger one."""
    return array.reshape(array.shape + (1,) * (ndim - array.ndim))
