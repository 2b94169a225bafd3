"""MNIST in full: 60,000 handwritten digits and 10,000 to test, from the four IDX files.

They are looked for in ``$NNCORE_DATA/mnist`` and then in the download cache, ``~/.cache/nncore/mnist``. The files' own
order is kept: it is mixed already, and a validation split then takes the same samples as Keras.
"""

from __future__ import annotations

import os
from pathlib import Path

from nncore.datasets.base import IMAGE, Data, dataset
from nncore.datasets.idx import TEST, TRAIN, has_idx_files, read_part
from nncore.errors import DataError
from nncore.losses import Target
from nncore.types import Array

Pair = tuple[Array, Array]

DATA_VARIABLE = "NNCORE_DATA"


def data_folders(name: str) -> list[Path]:
    """Return the folders in which the files of a larger data set are looked for, the first choice first."""
    own = os.environ.get(DATA_VARIABLE)
    cache = os.environ.get("XDG_CACHE_HOME")
    folders = [Path(own).expanduser() / name] if own else []
    return [*folders, (Path(cache) if cache else Path.home() / ".cache") / "nncore" / name]


def load_files(name: str, title: str) -> tuple[Pair, Pair]:
    """Return ``(x_train, y_train), (x_test, y_test)``, uint8, of a data set in the form of MNIST.

    Raises:
        DataError: no folder has its files, or they are damaged.
    """
    folders = data_folders(name)
    for folder in folders:
        if has_idx_files(folder):
            train, test = read_part(folder, TRAIN), read_part(folder, TEST)
            for images, labels in (train, test):
                if images.shape[1:] != (28, 28) or labels.max() > 9:
                    raise DataError(
                        f'The files in "{folder}" are not {title}, which has 28 × 28 pixels and the labels 0 to 9.',
                        "Open the folder itself as a data set, or put the right files there.",
                    )
            # Copies, because arrays on a file's bytes are read-only, and lessons scale them in place.
            return (train[0].copy(), train[1].copy()), (test[0].copy(), test[1].copy())
    where = f'"{folders[0]}"' if os.environ.get(DATA_VARIABLE) else f'"{folders[0]}" (or ${DATA_VARIABLE}/{name})'
    raise DataError(
        f"The files of {title} are not on this computer.",
        f"Put the four *-ubyte or *-ubyte.gz files into the folder {where}, "
        "or use mnist_5k, which is installed already and holds 5,000 digits.",
    )


def as_data(name: str, title: str, class_names: tuple[str, ...], target_name: str) -> Data:
    """Return the same as ``Data``, with its test part."""
    (x, y), (x_test, y_test) = load_files(name, title)
    return Data(
        name=name,
        kind=IMAGE,
        x=x,
        y=y.astype("int64"),
        target=Target(classes=10),
        class_names=class_names,
        target_name=target_name,
        x_test=x_test,
        y_test=y_test.astype("int64"),
        source="IDX files",
        pixel_max=255.0,
    )


def load_data() -> tuple[Pair, Pair]:
    """Return ``(x_train, y_train), (x_test, y_test)``: (60000, 28, 28), (60000,), (10000, 28, 28), (10000,), uint8.

    Raises:
        DataError: the files are not there; the message names ``mnist_5k`` and the folder to put them in.
    """
    return load_files("mnist", "MNIST")


@dataset(
    name="mnist",
    title="MNIST",
    kind=IMAGE,
    input_shape=(28, 28),
    target=Target(classes=10),
    samples=60_000,
    offline=False,
    help="Handwritten digits in 28×28 pixels: 60,000 to learn and 10,000 to test (LeCun, 1998).",
)
def load() -> Data:
    """Return all images, with the test part."""
    return as_data("mnist", "MNIST", tuple("0123456789"), "digit")
