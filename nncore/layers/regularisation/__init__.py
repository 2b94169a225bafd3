"""Layers against overfitting: noise, and training pictures that are never twice the same."""

from __future__ import annotations

# The order of the palette.
# isort: off
from nncore.layers.regularisation.dropout import Dropout
from nncore.layers.regularisation.spatial_dropout2d import SpatialDropout2D
from nncore.layers.regularisation.gaussian_noise import GaussianNoise
from nncore.layers.regularisation.random_flip import RandomFlip
from nncore.layers.regularisation.random_translation import RandomTranslation
from nncore.layers.regularisation.random_rotation import RandomRotation
from nncore.layers.regularisation.random_zoom import RandomZoom
# isort: on

__all__ = [
    "Dropout",
    "GaussianNoise",
    "RandomFlip",
    "RandomRotation",
    "RandomTranslation",
    "RandomZoom",
    "SpatialDropout2D",
]
