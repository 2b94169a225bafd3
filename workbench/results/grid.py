"""A question about a rectangle of the plane, and its answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncore.types import Array


@dataclass(frozen=True)
class GridRequest:
    """A question to an inspector: the outputs at ``height`` x ``width`` points spread evenly over a rectangle.

    Attributes:
        x_range, y_range: the first and the last coordinate of the grid, in the unit of the points.
        width, height: numbers of points, both ends included.
    """

    x_range: tuple[float, float]
    y_range: tuple[float, float]
    width: int
    height: int

    def points(self) -> Array:
        """Return the (height * width, 2) points, the lowest row first."""
        x, y = np.meshgrid(np.linspace(*self.x_range, self.width), np.linspace(*self.y_range, self.height))
        return np.column_stack([x.ravel(), y.ravel()])


@dataclass(frozen=True, eq=False)
class Grid:
    """The answer to a ``GridRequest``.

    Attributes:
        values: (height, width, classes or 1) outputs, the lowest row first.
        x_range, y_range: those of the request.
        step, epoch: the moment the weights are from.
    """

    values: Array
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    step: int
    epoch: float
