"""What a network says everywhere on a rectangle of the plane."""

from __future__ import annotations

from collections.abc import Callable

from nncore.datasets.base import TrainingData
from nncore.predictor import Predictor
from nncore.snapshot import Snapshot
from workbench.results import Grid, GridRequest


def boundary(data: TrainingData, request: GridRequest) -> Callable[[Predictor, Snapshot], Grid]:
    """Return the question for the decision boundary."""
    points = data.scaling.inputs(request.points())

    def ask(predictor: Predictor, snapshot: Snapshot) -> Grid:
        output = predictor.predict(points)
        values = output.reshape(request.height, request.width, -1)
        return Grid(values, request.x_range, request.y_range, snapshot.step, snapshot.epoch)

    return ask
