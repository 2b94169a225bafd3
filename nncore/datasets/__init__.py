"""Data to learn from: built-in data sets, and readers for files and folders.

Importing this package registers every built-in data set in ``DATASETS`` but loads none, and imports neither pandas
nor scikit-learn.
"""

# isort: off
# The order of registration is the order in which people see them: points, tables, images, series, texts.
from nncore.datasets import generators, builtin, mnist_5k, mnist, fashion_mnist, time_series, corpora

# isort: on
from nncore.datasets.align import align, align_classes
from nncore.datasets.base import (
    AUTO,
    CLASSIFICATION,
    DATASETS,
    IMAGE,
    POINTS,
    RECONSTRUCTION,
    REGRESSION,
    SERIES,
    TABLE,
    TASKS,
    TEXT,
    Data,
    DatasetInfo,
    Samples,
    Scaling,
    TrainingData,
    dataset,
)
from nncore.datasets.baselines import baselines
from nncore.datasets.prepare import prepare, prepare_samples
from nncore.datasets.schema import Schema
from nncore.datasets.sources import (
    describe,
    load_training_data,
    open_inputs,
    open_source,
    open_test,
    prepare_with_test,
)
from nncore.datasets.text import decode, encode
from nncore.datasets.text_files import texts_as_data

__all__ = [
    "AUTO",
    "CLASSIFICATION",
    "DATASETS",
    "IMAGE",
    "POINTS",
    "RECONSTRUCTION",
    "REGRESSION",
    "SERIES",
    "TABLE",
    "TASKS",
    "TEXT",
    "Data",
    "DatasetInfo",
    "Samples",
    "Scaling",
    "Schema",
    "TrainingData",
    "align",
    "align_classes",
    "baselines",
    "builtin",
    "corpora",
    "dataset",
    "decode",
    "describe",
    "encode",
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
    "prepare_with_test",
    "texts_as_data",
    "time_series",
]
