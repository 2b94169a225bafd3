"""Activation functions, each with the derivative that backpropagation needs.

``ACTIVATIONS`` holds what layers work with. The functions of the same names take an array and return a new one.
"""

from __future__ import annotations

# The order of registration is the order in which people see them.
# isort: off
from nncore.activations.base import ACTIVATIONS, Activation
from nncore.activations.rectifiers import elu, leaky_relu, linear, relu, relu6, selu
from nncore.activations.sigmoids import exponential, hard_sigmoid, sigmoid, softsign, tanh
from nncore.activations.softmax import softmax
from nncore.activations.gates import gelu, mish, silu, softplus
# isort: on

swish = silu

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "elu",
    "exponential",
    "gelu",
    "hard_sigmoid",
    "leaky_relu",
    "linear",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "softsign",
    "swish",
    "tanh",
]
