"""Numbers beside their predictions."""

from __future__ import annotations

from dataclasses import dataclass

from nncore.types import Array


@dataclass(frozen=True, eq=False)
class Pairs:
    """Numbers and their predictions, in the unit of the data.

    Attributes:
        truth, prediction: (n,) numbers; where a sample has several, they follow each other. Predictions are NaN before
            the first training.
        part: (n,) 0 for the training part, 1 for the validation part, 2 for the test part.
        target_name: what is predicted.
        step: the moment the weights are from.
        outputs: how many numbers a sample has.
    """

    truth: Array
    prediction: Array
    part: Array
    target_name: str
    step: int
    outputs: int = 1
