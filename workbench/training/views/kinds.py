"""Which view shows which data."""

from __future__ import annotations

from nncore.datasets.base import POINTS, RECONSTRUCTION, SERIES, TEXT, TrainingData
from workbench.training.views.forecast import is_one_series

GALLERY, BOUNDARY, PAIRS = "gallery", "boundary", "pairs"
FORECAST, WRITING, STEPS = "forecast", "writing", "steps"


def view_kind(data: TrainingData) -> str:
    """Return which view shows these data best."""
    raw, target = data.data, data.target
    if data.task == RECONSTRUCTION:
        return GALLERY
    if target.classes and target.shape:
        next_tokens = raw.kind == TEXT and target.classes == len(raw.vocabulary) and target.shape == raw.input_shape
        return WRITING if next_tokens else STEPS
    if raw.kind == POINTS:
        return BOUNDARY
    if raw.kind == SERIES and not target.classes and is_one_series(raw):
        return FORECAST
    return GALLERY if target.classes else PAIRS
