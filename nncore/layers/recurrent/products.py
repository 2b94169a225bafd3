"""The matrix products of a recurrent layer: one per step forward, one per step backward, and one for all weights.

What a step multiplies lies side by side in one row for each sample, the stacked state

    S_t = (x_t, 1, h_{t-1}),

and what it is multiplied with lies one below the other in the stacked kernel W = (K, b, R). So a step needs one
product instead of two and two sums,

    a_t = x_t K + b + h_{t-1} R = S_t W,

the output h_t is written to its place in S_{t+1}, and the gradients of K, b and R are parts of one sum of products,
dW = sum over t of S_t^T da_t: a single product where the steps lie one below the other. W is filled from the weights
once for each batch, which costs little beside what all the steps save. It has a matrix for each gate,
(gates, width of S, units), so that what a gate puts out lies together in memory, whatever the batch is; ``order`` is
the order that suits the layer, not always that of Keras's weights.

Dropout draws its zeros once for a sequence and uses them at every step, as in Gal and Ghahramani, "A theoretically
grounded application of dropout in recurrent neural networks" (2016). Gates may have zeros of their own: then there are
as many ``groups``, and each gate sees its own copy of S.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from nncore.computing.threads import halves
from nncore.layers.base import Binding
from nncore.types import Array

ALL = slice(None)


def runs(order: Sequence[int]) -> Iterator[tuple[slice, slice]]:
    """Yield which gates of Keras's order lie together in ``order`` too: where they are there, and where here."""
    start = 0
    for place in range(1, len(order) + 1):
        if place == len(order) or order[place] != order[place - 1] + 1:
            yield slice(order[start], order[place - 1] + 1), slice(start, place)
            start = place


def by_gate(weight: Array, units: int) -> Array:
    """Return a weight (..., gates * units) as (gates, rows, units); a bias has one row."""
    return weight.reshape(-1, weight.shape[-1] // units, units).swapaxes(0, 1)


class StackedState:
    """S for all steps, in the order in which they are read, and what dropout leaves of it.

    Args:
        bind: where x is (rows, time, features).
        bias: whether there is a 1 for one.
        backwards: whether the last step is read first.
        rates: shares of inputs and of past outputs that dropout switches off.
        groups: how many gates have zeros of their own.

    Attributes:
        all: (time + 1, rows, width); the last one has only the output after the last step.
        units: numbers of one gate.
        h: the output before each step, and after the last one, (time + 1, rows, units); a part of ``all``.
        x_columns, one, h_columns: which columns are x_t, the 1 and h_{t-1}.
        factors: those of dropout, (groups, rows, width); None when nothing is dropped.
        seen: what the products see, (groups, time, rows, width): ``all`` itself when nothing is dropped.
    """

    def __init__(
        self, bind: Binding, units: int, *, bias: bool, backwards: bool, rates: tuple[float, float], groups: int
    ) -> None:
        rows, time, features = bind.x.shape
        width = features + bias + units
        self.units, self.width = units, width
        self.x = bind.x.swapaxes(0, 1)[:: -1 if backwards else 1]
        self.all = bind.buffer("states", (time + 1, rows, width))
        self.h = self.all[..., features + bias :]
        self.x_columns, self.one = slice(0, features), slice(features, features + bias)
        self.h_columns = slice(features + bias, width)
        self.drops = bind.training and max(rates) > 0
        self.groups = groups if self.drops else 1
        self.seen = self.all[np.newaxis, :-1]
        self.factors: Array | None = None
        if self.drops:
            columns = (features, bias, units)
            self.rng = bind.rng
            self.rates = np.repeat((rates[0], 0, rates[1]), columns).astype(np.float32)
            self.scales = np.repeat((1 / (1 - rates[0]), 1, 1 / (1 - rates[1])), columns).astype(self.all.dtype)
            self.drawn = bind.buffer("drawn", (self.groups, rows, width), np.float32)
            self.factors = bind.buffer("factors", self.drawn.shape)
            self.seen = bind.buffer("seen", (self.groups, time, rows, width))

    def start(self) -> None:
        """Take over the sequences, with h_0 = 0, and draw the zeros of dropout."""
        np.copyto(self.all[:-1, :, self.x_columns], self.x)
        self.all[:-1, :, self.one] = 1
        self.h[0] = 0
        if self.factors is not None:
            self.rng.random(out=self.drawn, dtype=np.float32)
            np.greater_equal(self.drawn, self.rates, self.factors, casting="unsafe")
            np.multiply(self.factors, self.scales, self.factors)

    def steps(self, part: slice, columns: slice = ALL, gates: slice | int = ALL) -> list[Array]:
        """Return what some samples and gates see at each step, (gates, rows, columns).

        It is (rows, columns) for one gate, and where all of them see the same.
        """
        seen = self.seen[:, :, part, columns]
        return list(seen[gates].swapaxes(0, -3)) if self.groups > 1 else list(seen[0])

    def dropping(self, part: slice) -> list[tuple[Array, Array, Array]] | None:
        """Return what ``np.multiply`` must be given before each step, once S_t is complete; None without dropout."""
        if self.factors is None:
            return None
        factors = self.factors[:, part]
        return [(state[part], factors, self.seen[:, t, part]) for t, state in enumerate(self.all[:-1])]


class StackedKernel:
    """W for some gates and some columns of S, (gates, columns, units), filled from the weights before each walk.

    Args:
        order: the gates, counted as in Keras's weights.
        scales: what each of them is multiplied with.
    """

    def __init__(
        self, state: StackedState, order: Sequence[int], columns: slice, scales: float | Sequence[float] = 1
    ) -> None:
        self.order, self.units, self.start = order, state.units, columns.start
        self.all = np.zeros((len(order), columns.stop - columns.start, self.units), state.all.dtype)
        self.scales = np.broadcast_to(scales, len(order)).astype(state.all.dtype).reshape(-1, 1, 1)
        self._parts: list[tuple[Array, Array]] = []

    def put(self, weight: Array, columns: slice) -> None:
        """Let these columns of S meet this weight."""
        place = slice(columns.start - self.start, columns.stop - self.start)
        for there, here in runs(self.order):
            self._parts.append((self.all[here, place], by_gate(weight, self.units)[there]))

    def fill(self) -> None:
        """Take over the weights as they are now."""
        for target, part in self._parts:
            np.copyto(target, part)
        np.multiply(self.all, self.scales, self.all)


class KernelGradient:
    """The sum over all steps and samples of S^T da, for some columns of S and some gates.

    Args:
        seen: what the products see, (groups, time, rows, width).
        order: the gates in da, counted as in Keras's weights.
        groups: which zeros of dropout each of them has met, where gates have zeros of their own.
        da: (stretch, rows, len(order) * units), or some columns of it; filled by the walk back.
    """

    def __init__(
        self, seen: Array, units: int, order: Sequence[int], columns: slice, groups: Sequence[int], da: Array
    ) -> None:
        self.order, self.units, self.start = order, units, columns.start
        self.rows = da.shape[1]
        several = len(da) < seen.shape[1]
        seen = seen.reshape(len(seen), -1, seen.shape[-1])[..., columns].swapaxes(1, 2)
        steps = da.reshape(-1, da.shape[-1])
        out = np.zeros((columns.stop - columns.start, da.shape[-1]), da.dtype)
        more = np.zeros_like(out) if several else out
        self.by_gate = by_gate(out, self.units)
        if len(seen) > 1:
            blocks = [slice(k * self.units, (k + 1) * self.units) for k in range(len(order))]
            self.products = [(seen[g], steps[:, k], out[:, k], more[:, k]) for g, k in zip(groups, blocks, strict=True)]
        else:
            self.products = [(seen[0], steps[:, k], out[:, k], more[:, k]) for k in halves(out.shape[1])]
        self._parts: list[tuple[Array, Array]] = []

    def put(self, gradient: Array, columns: slice) -> None:
        """Let ``finish`` fill the gradient of the weight that these columns of S meet."""
        place = slice(columns.start - self.start, columns.stop - self.start)
        for there, here in runs(self.order):
            self._parts.append((by_gate(gradient, self.units)[there], self.by_gate[here, place]))

    def multiply(self, half: int, steps: slice, first: bool) -> None:
        """Do the first (0) or the second (1) half of the products of these steps.

        They are added to those of other steps, unless they are the ``first`` for this batch.
        """
        start, stop = steps.start * self.rows, steps.stop * self.rows
        for seen, da, out, more in self.products[half::2]:
            target = out if first else more
            np.matmul(seen[:, start:stop], da[: stop - start], target)
            if not first:
                np.add(out, more, out)

    def finish(self) -> None:
        """Fill the gradients after both halves."""
        for gradient, part in self._parts:
            np.copyto(gradient, part)


class WayBack:
    """da W^T for one weight: the gradient of what the weight was multiplied with.

    Args:
        weight: ``kernel`` or ``recurrent_kernel``.
        columns: those of S that meet it.
        order, groups: as in ``KernelGradient``.
    """

    def __init__(
        self, state: StackedState, order: Sequence[int], columns: slice, groups: Sequence[int], weight: Array
    ) -> None:
        units = state.units
        self.all = np.zeros((len(order) * units, len(weight)), weight.dtype)  # in order: so many products are faster
        blocks = self.all.reshape(len(order), units, len(weight))
        self._parts = [(blocks[here], by_gate(weight, units)[there].swapaxes(1, 2)) for there, here in runs(order)]
        self.factors = None if state.factors is None else state.factors[..., columns]
        self.groups = [(0, slice(0, len(self.all)))]
        if state.groups > 1:
            self.groups = [(g, slice(k * units, (k + 1) * units)) for k, g in enumerate(groups)]

    def fill(self) -> None:
        """Take over the weight as it is now."""
        for target, part in self._parts:
            np.copyto(target, part)

    def multiply(self, da: Array, out: Array, part: slice) -> None:
        """Fill ``out`` (..., rows, columns) from da (..., rows, gates * units) of some samples."""
        if self.factors is None:
            np.matmul(da, self.all, out)
            return
        out.fill(0)
        for group, block in self.groups:
            product = np.matmul(da[..., block], self.all[block])
            product *= self.factors[group, part]
            out += product
