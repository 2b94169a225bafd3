"""The small collections that come with scikit-learn, with names that people can read.

scikit-learn is imported when the first of them is loaded; its import takes a second, the loading next to nothing.
"""

from __future__ import annotations

import functools
import importlib
from typing import Any

import numpy as np

from nncore.datasets.base import IMAGE, TABLE, Data, dataset
from nncore.datasets.shuffle import frozen, shuffled
from nncore.losses import Target
from nncore.types import Array


def _bunch(name: str, **options: Any) -> Any:
    return getattr(importlib.import_module("sklearn.datasets"), f"load_{name}")(**options)


def _table(
    name: str,
    x: Array,
    y: Array,
    features: tuple[str, ...],
    target_name: str,
    class_names: tuple[str, ...] = (),
) -> Data:
    x, y = shuffled(x.astype(np.float64), y.astype(np.int64 if class_names else np.float64))
    return Data(
        name=name,
        kind=TABLE,
        x=frozen(x),
        y=frozen(y),
        target=Target(classes=len(class_names)),
        class_names=class_names,
        feature_names=features,
        target_name=target_name,
        source="scikit-learn",
    )


@dataset(
    name="iris",
    title="Iris",
    kind=TABLE,
    input_shape=(4,),
    target=Target(classes=3),
    samples=150,
    offline=True,
    help="Three kinds of iris flowers, told by length and width of their leaves (Fisher, 1936).",
)
@functools.cache
def load_iris() -> Data:
    """Return x (150, 4) in cm and the kind of flower."""
    bunch = _bunch("iris")
    features = tuple(bunch.feature_names)
    return _table("iris", bunch.data, bunch.target, features, "species", tuple(map(str, bunch.target_names)))


@dataset(
    name="wine",
    title="Wine",
    kind=TABLE,
    input_shape=(13,),
    target=Target(classes=3),
    samples=178,
    offline=True,
    help="Italian wines from three cultivars, told by what a chemist measures in them.",
)
@functools.cache
def load_wine() -> Data:
    """Return x (178, 13) and the cultivar."""
    bunch = _bunch("wine")
    features = tuple(name.replace("_", " ") for name in bunch.feature_names)
    return _table("wine", bunch.data, bunch.target, features, "cultivar", ("cultivar 1", "cultivar 2", "cultivar 3"))


@dataset(
    name="breast-cancer",
    title="Breast cancer",
    kind=TABLE,
    input_shape=(30,),
    target=Target(classes=2),
    samples=569,
    offline=True,
    help="Tumours, benign or malignant, told by the shape of their cell nuclei (Wisconsin).",
)
@functools.cache
def load_breast_cancer() -> Data:
    """Return x (569, 30) and whether the tumour is malignant or benign."""
    bunch = _bunch("breast_cancer")
    features = tuple(map(str, bunch.feature_names))
    return _table("breast-cancer", bunch.data, bunch.target, features, "diagnosis", ("malignant", "benign"))


@dataset(
    name="diabetes",
    title="Diabetes",
    kind=TABLE,
    input_shape=(10,),
    target=Target(),
    samples=442,
    offline=True,
    help="How far diabetes has advanced after a year: a number to predict from ten measurements (Efron, 2004).",
)
@functools.cache
def load_diabetes() -> Data:
    """Return x (442, 10) in the units of the clinic and the progression, a number from 25 to 346."""
    bunch = _bunch("diabetes", scaled=False)
    features = (
        "age",
        "sex",
        "body mass index",
        "blood pressure",
        "total cholesterol",
        "LDL",
        "HDL",
        "cholesterol / HDL",
        "log triglycerides",
        "blood sugar",
    )
    return _table("diabetes", bunch.data, bunch.target, features, "progression")


@dataset(
    name="digits",
    title="Digits 8×8",
    kind=IMAGE,
    input_shape=(8, 8),
    target=Target(classes=10),
    samples=1797,
    offline=True,
    help="Handwritten digits in 8×8 pixels: small, and learned within seconds.",
)
@functools.cache
def load_digits() -> Data:
    """Return x (1797, 8, 8) uint8 from 0 to 16 and the digit."""
    bunch = _bunch("digits")
    x, y = shuffled(bunch.images.astype(np.uint8), bunch.target.astype(np.int64))
    return Data(
        name="digits",
        kind=IMAGE,
        x=frozen(x),
        y=frozen(y),
        target=Target(classes=10),
        class_names=tuple("0123456789"),
        target_name="digit",
        source="scikit-learn",
        pixel_max=16.0,
    )
