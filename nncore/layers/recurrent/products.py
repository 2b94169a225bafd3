"""The two matrix products of a recurrent layer: with its inputs, and with its own last output.

Inside a recurrent layer one step is a matrix with a row for each number and a column for each sample, (numbers, rows):
then the numbers of one gate lie together in memory, whatever the batch is.

Dropout draws its zeros once for a sequence and uses them at every step, as in Gal and Ghahramani, "A theoretically
grounded application of dropout in recurrent neural networks" (2016). Gates may have zeros of their own: the kernel's
columns then fall into as many ``groups``, and each group sees its own copy of what it multiplies.
"""

from __future__ import annotations

import numpy as np

from nncore.layers.base import Binding
from nncore.types import Array, Shape


class DropoutZeros:
    """Factors of ``shape``: 0 with probability ``rate``, else 1 / (1 - rate)."""

    def __init__(self, bind: Binding, name: str, rate: float, shape: Shape) -> None:
        self.rng, self.rate, self.scale = bind.rng, rate, 1.0 / (1.0 - rate)
        self.drawn = bind.buffer(f"{name} drawn", shape, np.float32)
        self.factors = bind.buffer(f"{name} factors", shape)

    def draw(self) -> Array:
        """Draw and return new factors."""
        self.rng.random(out=self.drawn, dtype=np.float32)
        np.greater_equal(self.drawn, self.rate, out=self.factors, casting="unsafe")
        self.factors *= self.scale
        return self.factors


def zeros(bind: Binding, name: str, rate: float, shape: Shape) -> DropoutZeros | None:
    """Return the zeros of dropout; None when nothing is dropped."""
    return DropoutZeros(bind, name, rate, shape) if bind.training and rate > 0 else None


class InputProduct:
    """a_t = x_t K + b for all steps at once.

    The bias is one more row of the kernel, and a 1 one more feature, so that it costs no sums of its own.

    Args:
        bind: where x is (rows, time, features) and K is ``kernel`` (features, width).
        out: a, (time, width, rows); in the order in which the steps are read.
        bias, bias_gradient: (width,), or None without a bias.
        backwards: whether the last step is read first.
        rate: share of inputs that dropout switches off.
        groups: how many parts of the kernel's columns have zeros of their own.
    """

    def __init__(
        self,
        bind: Binding,
        out: Array,
        bias: Array | None,
        bias_gradient: Array | None,
        *,
        backwards: bool,
        rate: float,
        groups: int,
    ) -> None:
        rows, time, features = bind.x.shape
        self.zeros = zeros(bind, "input", rate, (groups, 1, rows, features))
        groups = groups if self.zeros else 1
        width = out.shape[1] // groups
        order = slice(None, None, -1 if backwards else 1)
        self.x = bind.x.swapaxes(0, 1)[order]
        self.dx = None if bind.dx is None else bind.dx.swapaxes(0, 1)[order]
        self.seen = bind.buffer("seen", (groups, time, rows, features + 1))
        self.kernel = bind.weight("kernel").reshape(features, groups, width).swapaxes(0, 1)
        self.bias, self.bias_gradient = bias, bias_gradient
        self.stacked = np.zeros((groups, features + 1, width), out.dtype)
        self.out = out.reshape(time, groups, width, rows)
        if bind.training:
            self.kernel_gradient = bind.gradient("kernel").reshape(features, groups, width).swapaxes(0, 1)
            self.stacked_gradient = np.zeros((groups, width, features + 1), out.dtype)
            self.transposed = np.zeros((width, features), out.dtype)

    def forward(self) -> None:
        """Fill ``out``."""
        self.seen[..., -1] = 1
        if self.zeros is None:
            np.copyto(self.seen[0, ..., :-1], self.x)
        else:
            np.multiply(self.x, self.zeros.draw(), out=self.seen[..., :-1])
        np.copyto(self.stacked[:, :-1], self.kernel)
        if self.bias is not None:
            np.copyto(self.stacked[:, -1], self.bias.reshape(len(self.stacked), -1))
        np.matmul(self.stacked.swapaxes(1, 2), self.seen.transpose(1, 0, 3, 2), out=self.out)

    def backward(self, da: Array, by_number: Array) -> None:
        """Fill the gradients of kernel and bias, and that of x if it is wanted.

        Args:
            da: gradient of a, (time, width, rows).
            by_number: the same numbers as (width, time * rows).
        """
        groups, time, rows, _ = self.seen.shape
        steps = self.seen.reshape(groups, time * rows, -1)
        np.matmul(by_number.reshape(groups, -1, time * rows), steps, out=self.stacked_gradient)
        np.copyto(self.kernel_gradient, self.stacked_gradient[..., :-1].swapaxes(1, 2))
        if self.bias_gradient is not None:
            np.copyto(self.bias_gradient.reshape(groups, -1), self.stacked_gradient[..., -1])
        if self.dx is None:
            return
        if self.zeros is None:
            np.copyto(self.transposed, self.kernel[0].T)  # so many products with it are faster when it is in order
            np.matmul(da.swapaxes(1, 2), self.transposed, out=self.dx)
            return
        upward = da.reshape(self.out.shape).transpose(1, 0, 3, 2)
        inputs = self.seen[..., :-1]  # not needed any more
        np.matmul(upward, self.kernel.swapaxes(1, 2)[:, np.newaxis], out=inputs)
        inputs *= self.zeros.factors
        np.sum(inputs, axis=0, out=self.dx)


class RecurrentProduct:
    """h R for one step at a time, with the weight gradient for all of them at the end.

    Args:
        bind: where R is some columns of ``recurrent_kernel`` (units, ...).
        name: of its buffers.
        states: h before each step, (time, units, rows); filled by the layer as it walks.
        columns: which columns.
        rate: share of states that dropout switches off.
        groups: how many parts of these columns have zeros of their own.
    """

    def __init__(self, bind: Binding, name: str, states: Array, columns: slice, rate: float, groups: int) -> None:
        time, units, rows = states.shape
        kernel = bind.weight("recurrent_kernel")[:, columns]
        self.zeros = zeros(bind, name, rate, (groups, units, rows))
        groups = groups if self.zeros else 1
        width = kernel.shape[1] // groups
        self.states = states
        self.kernel = kernel.reshape(units, groups, width).swapaxes(0, 1)
        self.transposed = self.kernel.swapaxes(1, 2)
        self.product = bind.buffer(f"{name} product", (groups * width, rows))
        self.parts = self.product.reshape(groups, width, rows)
        self.all_seen = bind.buffer(f"{name} seen", (groups, units, rows))
        self.seen = self.all_seen
        if groups == 1:  # a plain matrix product starts faster than a stack of one
            self.kernel, self.transposed = self.kernel[0], self.transposed[0]
            self.parts, self.seen = self.product, self.all_seen[0]
        if bind.training:
            gradient = bind.gradient("recurrent_kernel")[:, columns]
            self.gradient = gradient.reshape(units, groups, width).swapaxes(0, 1)
            self.transposed_gradient = np.zeros((groups, width, units), states.dtype)
            self.by_number = bind.buffer(f"{name} by number", (groups, units, time, rows))

    def start(self) -> None:
        """Draw the zeros of this sequence."""
        if self.zeros is not None:
            self.zeros.draw()

    def forward(self, h: Array) -> Array:
        """Return h R, (columns, rows), for h (units, rows); lent until the next call."""
        if self.zeros is None:
            np.matmul(self.transposed, h, out=self.parts)
        else:
            np.multiply(h, self.zeros.factors, out=self.all_seen)
            np.matmul(self.transposed, self.seen, out=self.parts)
        return self.product

    def backward(self, dz: Array, dh: Array) -> None:
        """Fill dh, (units, rows), from the gradient of the product."""
        if self.zeros is None:
            np.matmul(self.kernel, dz, out=dh)
            return
        np.matmul(self.kernel, dz.reshape(self.parts.shape), out=self.seen)
        self.all_seen *= self.zeros.factors
        np.sum(self.all_seen, axis=0, out=dh)

    def finish(self, by_number: Array) -> None:
        """Fill the weight gradient from the gradients of all products, (columns, time * rows)."""
        groups, units, time, rows = self.by_number.shape
        states = self.states.swapaxes(0, 1)
        if self.zeros is None:
            np.copyto(self.by_number[0], states)
        else:
            np.multiply(states, self.zeros.factors[:, :, np.newaxis], out=self.by_number)
        seen = self.by_number.reshape(groups, units, time * rows)
        parts = by_number.reshape(groups, -1, time * rows)
        np.matmul(parts, seen.swapaxes(1, 2), out=self.transposed_gradient)
        np.copyto(self.gradient, self.transposed_gradient.swapaxes(1, 2))
