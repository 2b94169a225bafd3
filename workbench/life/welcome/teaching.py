"""What there is to learn from each example, in a few words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

TEACHES: dict[str, str] = {
    "xor": "Why a hidden layer",
    "spiral": "Borders that bend",
    "mlp-regression": "Predicting a number",
    "mlp-classifier": "Classes and softmax",
    "mnist-mlp": "The first network of all",
    "cnn-small": "What a kernel sees",
    "mnist-cnn": "Convolution beats Dense",
    "lstm-forecast": "Memory, and a year held out",
    "gru-forecast": "Signal and noise",
    "autoencoder": "Squeezing, without any labels",
    "text-classifier": "Words as vectors",
    "text-generator": "One letter after the other",
}


def teaches(name: str) -> str:
    """Return what the ready project of this name teaches; empty for one that says nothing of itself."""
    return QCoreApplication.translate("teaching", TEACHES[name]) if name in TEACHES else ""
