"""Layers by family, one file each. Adding one is its file and a name in its family's list."""

from __future__ import annotations

# isort: off
# The order of registration is the order in which people see them.
from nncore.layers import core, convolution, pooling, recurrent, regularisation, normalisation, shape
from nncore.layers.base import FAMILIES, LAYERS, Binding, Layer, Op, Weight
from nncore.layers.core import *
from nncore.layers.convolution import *
from nncore.layers.pooling import *
from nncore.layers.recurrent import *
from nncore.layers.regularisation import *
from nncore.layers.normalisation import *
from nncore.layers.shape import *
from nncore.layers.input import Input

# isort: on

__all__ = [
    "FAMILIES",
    "LAYERS",
    "Binding",
    "Input",
    "Layer",
    "Op",
    "Weight",
    *core.__all__,
    *convolution.__all__,
    *pooling.__all__,
    *recurrent.__all__,
    *regularisation.__all__,
    *normalisation.__all__,
    *shape.__all__,
]
