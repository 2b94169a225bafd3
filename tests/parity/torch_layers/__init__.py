"""References of the layers on torch tensors, by family; importing them fills the table."""

from __future__ import annotations

from tests.parity.torch_layers import convolution, core, pooling, random, recurrent
from tests.parity.torch_layers.references import REFERENCES, Nested, Reference, Variant

__all__ = [
    "REFERENCES",
    "Nested",
    "Reference",
    "Variant",
    "convolution",
    "core",
    "pooling",
    "random",
    "recurrent",
]
