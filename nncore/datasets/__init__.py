"""Data to learn from: built-in data sets, and readers for files and folders.

Importing this package registers every built-in data set in ``DATASETS`` but loads none, and imports neither pandas
nor scikit-learn.
"""

# isort: off
# The order of registration is the order in which people see them: points, tables, images.
from nncore.datasets import generators, builtin, mnist_5k, mnist, fashion_mnist

# isort: on
from nncore.datasets.base import (
    DATASETS,
    IMAGE,
    POINTS,
    TABLE,
    Data,
    DatasetInfo,
    Samples,
    Scaling,
    TrainingData,
    dataset,
)
from nncore.datasets.prepare import prepare, prepare_samples
from nncore.datasets.schema import Schema, align, align_classes
from nncore.datasets.sources import describe, load_training_data, open_inputs, open_source, open_test

__all__ = [
    "DATASETS",
    "IMAGE",
    "POINTS",
    "TABLE",
    "Data",
    "DatasetInfo",
    "Samples",
    "Scaling",
    "Schema",
    "TrainingData",
    "align",
    "align_classes",
    "builtin",
    "dataset",
    "describe",
    "fashion_mnist",
    "generators",
    "load_training_data",
    "mnist",
    "mnist_5k",
    "open_inputs",
    "open_source",
    "open_test",
    "prepare",
    "prepare_samples",
]
