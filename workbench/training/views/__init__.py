"""What the panels ask of a snapshot: pure functions from a predictor and data to the values that panels show.

For each kind of view there is a function without a network, for what is shown before the first training, and one that
returns the question to be answered from a snapshot.
"""

from __future__ import annotations

from workbench.training.views.boundary import boundary
from workbench.training.views.forecast import forecast, is_one_series, unpredicted_forecast
from workbench.training.views.kinds import BOUNDARY, FORECAST, GALLERY, PAIRS, STEPS, WRITING, view_kind
from workbench.training.views.pairs import pairs, unpredicted_pairs
from workbench.training.views.reconstructions import reconstructions
from workbench.training.views.samples import as_seen, gallery, shown_samples, unpredicted
from workbench.training.views.steps import step_answers, unpredicted_steps
from workbench.training.views.tried import tried
from workbench.training.views.writing import Writing

__all__ = [
    "BOUNDARY",
    "FORECAST",
    "GALLERY",
    "PAIRS",
    "STEPS",
    "WRITING",
    "Writing",
    "as_seen",
    "boundary",
    "forecast",
    "gallery",
    "is_one_series",
    "pairs",
    "reconstructions",
    "shown_samples",
    "step_answers",
    "tried",
    "unpredicted",
    "unpredicted_forecast",
    "unpredicted_pairs",
    "unpredicted_steps",
    "view_kind",
]
