"""The projects that are trained with and without a window."""

from __future__ import annotations

from nncore.losses import MeanSquaredError
from nncore.project import Project, load_preset, preset_names
from tests.benchmarks.peers.rows import ROWS

NAMES = ("playground", "mlp-classifier", "mnist-mlp", "mnist-cnn")


def project(name: str) -> Project:
    """Return a ready project, or the row ``playground``, which learns the data of the preset ``xor``."""
    if name in preset_names():
        return load_preset(name)
    row, ready = ROWS[name], load_preset("xor")
    training = ready.training.replace(loss=MeanSquaredError(), batch_size=row.batch)
    return ready.replace(name=name, title=name, network=row.network, training=training)
