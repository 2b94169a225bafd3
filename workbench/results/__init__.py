"""What the watching half of the window is given to show: plain, immutable values without Qt.

Invariant: nothing here refers to a training or to a thread; the arrays are read-only for whoever receives them. An
inspector makes these values from a snapshot and a question, a panel shows them, at any later time.
"""

from __future__ import annotations

from workbench.results.forecast import Forecast
from workbench.results.grid import Grid, GridRequest
from workbench.results.pairs import Pairs
from workbench.results.predictions import Predictions
from workbench.results.reconstructions import Reconstructions
from workbench.results.steps import StepAnswers
from workbench.results.texts import TriedText, WriteRequest, Written

__all__ = [
    "Forecast",
    "Grid",
    "GridRequest",
    "Pairs",
    "Predictions",
    "Reconstructions",
    "StepAnswers",
    "TriedText",
    "WriteRequest",
    "Written",
]
