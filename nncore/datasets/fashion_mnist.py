"""Fashion-MNIST: articles of clothing in the form of MNIST, looked for in folders called ``fashion-mnist``."""

from __future__ import annotations

from nncore.datasets.base import IMAGE, Data, dataset
from nncore.datasets.mnist import Pair, as_data, load_files
from nncore.losses import Target

CLASS_NAMES = (
    "T-shirt",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


def load_data() -> tuple[Pair, Pair]:
    """Return ``(x_train, y_train), (x_test, y_test)``: (60000, 28, 28), (60000,), (10000, 28, 28), (10000,), uint8.

    Raises:
        DataError: the files are not there.
    """
    return load_files("fashion-mnist", "Fashion-MNIST")


@dataset(
    name="fashion-mnist",
    title="Fashion-MNIST",
    kind=IMAGE,
    input_shape=(28, 28),
    target=Target(classes=10),
    samples=60_000,
    offline=False,
    help="Clothes in 28×28 pixels, ten kinds: harder than digits (Zalando, 2017).",
)
def load() -> Data:
    """Return all images, with the test part."""
    return as_data("fashion-mnist", "Fashion-MNIST", CLASS_NAMES, "article")
