"""Running sums of loss and metrics over the batches of an epoch or of a data set."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nncore.losses import LossOp
from nncore.metrics.base import Metric
from nncore.types import Shape


class Tally:
    """Adds up what each batch says.

    Args:
        metrics: what is measured beside the loss.
        output: output shape of the network.
        scale: of the targets, to tell values in the unit of the data.

    Attributes:
        sums: the loss of each batch times its rows, then the totals of each metric; all that has to be kept.
    """

    def __init__(self, metrics: Sequence[Metric], output: Shape, scale: float) -> None:
        self.metrics = list(metrics)
        self._factors = [scale**metric.unit_power for metric in self.metrics]
        ends = np.cumsum([1, *(metric.size(output) for metric in self.metrics)])
        self.sums = np.zeros(ends[-1])
        self._parts = np.split(self.sums, ends[:-1])[1:]  # views

    def add(self, loss: float, op: LossOp) -> float:
        """Add a batch with its loss, and return its value of the first metric."""
        self.sums[0] += loss * len(op.target)
        first = 0.0
        for index, (metric, part) in enumerate(zip(self.metrics, self._parts, strict=True)):
            totals = metric.totals(op.target, op.output, op.mask)
            part += totals
            if not index:
                first = metric.result(totals) * self._factors[0]
        return first

    def results(self, rows: int) -> dict[str, float]:
        """Return ``loss`` and each metric by its name, over all batches, which had ``rows`` samples together."""
        found = {"loss": float(self.sums[0]) / max(1, rows)}
        for metric, part, factor in zip(self.metrics, self._parts, self._factors, strict=True):
            found[metric.name] = metric.result(part) * factor
        return found

    def clear(self) -> None:
        """Begin anew."""
        self.sums[:] = 0

    def restore(self, sums: Sequence[float]) -> None:
        """Take over ``sums`` that were kept.

        Files of the first version had another kind of sum for each metric; then the loss alone is taken over, and the
        metrics count from here.
        """
        self.clear()
        if len(sums) == len(self.sums):
            self.sums[:] = sums
        else:
            self.sums[0] = sums[0]

    def takes(self, sums: Sequence[float]) -> bool:
        """Tell whether ``restore`` can take over ``sums``."""
        return len(sums) in (len(self.sums), 1 + len(self.metrics))
