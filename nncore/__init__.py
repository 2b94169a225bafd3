"""A neural network engine in NumPy with the names of Keras 3.

``import nncore as keras`` runs a listing that was written for Keras, as far as its parts exist here. Libraries that are
slow to import (pandas, scikit-learn, safetensors) are loaded when something first needs them.
"""

from __future__ import annotations

from nncore import (
    activations,
    callbacks,
    datasets,
    initializers,
    layers,
    losses,
    metrics,
    models,
    optimizers,
    regularizers,
    utils,
)
from nncore.layers import Input
from nncore.models import Sequential

__version__ = "0.1.0"
__all__ = [
    "Input",
    "Sequential",
    "activations",
    "callbacks",
    "datasets",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "regularizers",
    "utils",
]
