"""The area under the receiver operating characteristic."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from nncore.fields import hyper
from nncore.metrics.base import Metric, places, ratio, register, rows_of
from nncore.types import Array, Shape


@register()
class AUC(Metric):
    """The area under the curve of the share of found yeses over the share of false alarms.

    It is the probability that a true yes gets a larger output than a true no: 1 is perfect, 0.5 as good as chance.
    As in Keras, the curve is drawn through a fixed number of thresholds, evenly from 0 to 1, and trapezia are added up.
    Several outputs are taken together, each as a yes or no of its own.

    Source: Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC) curve"
    (1982).
    """

    type_name: ClassVar[str] = "auc"
    title: ClassVar[str] = "AUC"
    label: ClassVar[str] = "AUC"
    for_classes: ClassVar[bool] = True
    higher_is_better: ClassVar[bool] = True
    equation: ClassVar[str] = "∫ found yeses d (false alarms)"

    num_thresholds: int = hyper(200, ge=2, le=10_000, label="Thresholds", help="Points of the curve.")

    def size(self, output: Shape) -> int:
        return 2 * self.num_thresholds

    def totals(self, target: Array, output: Array, mask: Array | None = None) -> Array:
        """Return how many true yeses, then how many true noes, lie above each threshold but not above the next."""
        wanted, flat = places(target, output, mask)
        yes = rows_of(wanted, flat).reshape(-1) > 0.5
        share = np.fmin(np.fmax(flat.reshape(-1), 0), 1)
        above = np.maximum(np.ceil(share * (self.num_thresholds - 1)).astype(np.intp) - 1, 0)
        counts = np.bincount(above + self.num_thresholds * ~yes, minlength=2 * self.num_thresholds)
        return counts.astype(np.float64)

    def result(self, totals: Array) -> float:
        yes, no = totals.reshape(2, -1)[:, ::-1].cumsum(axis=1)  # from the highest threshold down
        area = ((yes[1:] + yes[:-1]) * np.diff(no)).sum() / 2
        return ratio(area, yes[-1] * no[-1])
