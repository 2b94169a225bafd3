"""Layers by family. Adding one is a class in its family's file and a name in this list."""

from __future__ import annotations

from nncore.layers.base import FAMILIES, LAYERS, Binding, Layer, Op, Weight
from nncore.layers.core import Activation, Dense
from nncore.layers.input import Input
from nncore.layers.regularisation import Dropout
from nncore.layers.shape import Flatten

__all__ = [
    "FAMILIES",
    "LAYERS",
    "Activation",
    "Binding",
    "Dense",
    "Dropout",
    "Flatten",
    "Input",
    "Layer",
    "Op",
    "Weight",
]
