"""Layers that are random in training and hand their input on in prediction."""

from __future__ import annotations

from tests.parity.torch_layers.references import random_reference, variant

random_reference("Dropout", variant(5, rate=0.5), variant(4, 3, rate=0.2), variant(3, 5, 2, rate=0.75))
random_reference("SpatialDropout2D", variant(3, 4, 5, rate=0.5), variant(5, 2, 3, rate=0.2))
random_reference("GaussianNoise", variant(5, stddev=0.5), variant(4, 3, stddev=0.1))
random_reference(
    "RandomFlip",
    variant(5, 4, 3),
    variant(4, 5, 2, mode="horizontal"),
    variant(5, 3, 1, mode="vertical"),
)
random_reference(
    "RandomTranslation",
    variant(7, 9, 3, height_factor=0.2, width_factor=0.3),
    variant(8, 7, 2, height_factor=(-0.1, 0.3), width_factor=0.1, fill_mode="nearest"),
    variant(9, 7, 2, height_factor=0.3, width_factor=(0.1, 0.2), fill_mode="constant", fill_value=0.5),
    variant(8, 9, 2, height_factor=0.2, width_factor=0.2, fill_mode="wrap"),
    variant(9, 8, 1, height_factor=0.2, width_factor=0.2, interpolation="nearest"),
)
random_reference(
    "RandomRotation",
    variant(7, 9, 3, factor=0.1),
    variant(8, 7, 2, factor=(-0.05, 0.2), fill_mode="nearest"),
    variant(9, 9, 2, factor=0.1, fill_mode="constant", fill_value=0.5),
    variant(8, 9, 2, factor=0.1, fill_mode="wrap"),
    variant(9, 8, 1, factor=0.2, interpolation="nearest"),
)
random_reference(
    "RandomZoom",
    variant(7, 9, 3, height_factor=0.2),
    variant(8, 7, 2, height_factor=(-0.2, 0.3), width_factor=0.1, fill_mode="nearest"),
    variant(9, 7, 2, height_factor=0.3, width_factor=(0.1, 0.2), fill_mode="constant", fill_value=0.5),
    variant(8, 9, 2, height_factor=(0.1, 0.2), fill_mode="wrap"),
    variant(9, 8, 1, height_factor=0.3, interpolation="nearest", fill_mode="constant"),
)
