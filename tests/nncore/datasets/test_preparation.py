"""Splitting and scaling: Keras's split, and statistics of nothing but the training part."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nncore.datasets import (
    IMAGE,
    TABLE,
    Data,
    Scaling,
    align_classes,
    load_training_data,
    open_source,
    prepare,
    prepare_samples,
)
from nncore.errors import DataError
from nncore.losses import Target
from nncore.types import Array


def table(x: Array, y: Array, **changes: object) -> Data:
    classes = int(y.max()) + 1 if y.dtype.kind == "i" else 0
    data = Data(
        name="mine",
        kind=TABLE,
        x=x,
        y=y,
        target=Target(classes, y.shape[1:]),
        class_names=tuple("abcdefgh"[:classes]),
        feature_names=tuple(f"f{number}" for number in range(x.shape[1])),
    )
    return dataclasses.replace(data, **changes)  # type: ignore[arg-type] # any field may be changed


RANDOM = np.random.default_rng(1)
X = RANDOM.normal(5, 3, (20, 3))
NUMBERS = RANDOM.normal(100, 50, 20)
CLASSES = np.arange(20) % 2


@pytest.mark.parametrize(("rows", "split", "learned"), [(20, 0.1, 18), (10, 0.25, 7), (20, 0.0, 20), (7, 0.5, 3)])
def test_that_the_last_samples_are_kept_for_validation(rows: int, split: float, learned: int) -> None:
    prepared = prepare(table(X[:rows], CLASSES[:rows]), validation_split=split, scaling="none")
    assert len(prepared.train) == learned
    np.testing.assert_allclose(prepared.train.x, X[:learned], rtol=1e-6)
    if split:
        assert prepared.validation is not None
        np.testing.assert_allclose(prepared.validation.x, X[learned:rows], rtol=1e-6)
    else:
        assert prepared.validation is None


@given(split=st.floats(0.0, 0.8), outlier=st.floats(-1e6, 1e6))
@settings(deadline=None, max_examples=50)
def test_that_only_the_training_part_decides_the_scaling(split: float, outlier: float) -> None:
    prepared = prepare(table(X, NUMBERS), validation_split=split)
    end = len(prepared.train)
    changed_x, changed_y = X.copy(), NUMBERS.copy()
    changed_x[end:], changed_y[end:] = outlier, outlier
    again = prepare(table(changed_x, changed_y), validation_split=split)
    assert again.scaling == prepared.scaling
    np.testing.assert_array_equal(again.train.x, prepared.train.x)
    np.testing.assert_allclose(prepared.train.x.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(prepared.train.x.std(axis=0), 1, atol=1e-4)
    np.testing.assert_allclose(prepared.train.y.mean(), 0, atol=1e-5)


def test_that_samples_are_float32_and_classes_whole_numbers() -> None:
    classes = prepare(table(X, CLASSES), validation_split=0.1).train
    numbers = prepare(table(X, NUMBERS), validation_split=0.1).train
    assert (classes.x.dtype, classes.y.dtype) == (np.float32, np.int64)
    assert (numbers.x.dtype, numbers.y.dtype) == (np.float32, np.float32)


def test_that_outputs_return_to_the_unit_of_the_data() -> None:
    prepared = prepare(table(X, NUMBERS), validation_split=0.0)
    np.testing.assert_allclose(prepared.scaling.restore_targets(prepared.train.y), NUMBERS, rtol=1e-4)


@pytest.mark.parametrize("value", [0.0, 7.0, 0.1, 1e9 + 0.1])
def test_that_a_constant_column_becomes_zero(value: float) -> None:
    x = np.column_stack([X[:, 0], np.full(20, value)])
    prepared = prepare(table(x, CLASSES), validation_split=0.1)
    np.testing.assert_array_equal(prepared.train.x[:, 1], 0)
    assert prepared.scaling.scale[1] == 1


def test_that_a_single_column_is_scaled_too() -> None:
    prepared = prepare(table(X[:, :1], NUMBERS), validation_split=0.0)
    assert prepared.train.x.std() == pytest.approx(1, abs=1e-4)


def test_that_pixels_go_from_zero_to_one() -> None:
    for name, rows in (("digits", 1617), ("mnist-5k", 4500)):
        prepared = prepare(open_source(name), validation_split=0.1)
        assert len(prepared.train) == rows
        assert (prepared.train.x.min(), prepared.train.x.max()) == (0.0, 1.0)


def test_that_nothing_is_scaled_unless_wanted() -> None:
    prepared = prepare(open_source("diabetes"), validation_split=0.1, scaling="none")
    np.testing.assert_allclose(prepared.train.x, prepared.data.x[: len(prepared.train)], rtol=1e-6)
    np.testing.assert_allclose(prepared.train.y, prepared.data.y[: len(prepared.train)], rtol=1e-6)
    with pytest.raises(DataError, match=r'no scaling called "standard".*auto, none'):
        prepare(open_source("diabetes"), validation_split=0.1, scaling="standard")


def test_that_a_scaling_survives_being_saved() -> None:
    for name in ("diabetes", "digits"):
        scaling = prepare(open_source(name), validation_split=0.1).scaling
        assert Scaling.from_json(scaling.to_json()) == scaling


@pytest.mark.parametrize("broken", [None, [], {}, {"shift": 1}, {"shift": ["x"], "scale": [1]}])
def test_that_a_broken_scaling_gets_a_sentence(broken: object) -> None:
    with pytest.raises(DataError, match="scaling in the project file"):
        Scaling.from_json(broken)


def test_that_a_saved_scaling_prepares_other_samples_alike() -> None:
    prepared = prepare(table(X, NUMBERS), validation_split=0.25)
    assert prepared.validation is not None
    samples = prepare_samples(table(X[15:], NUMBERS[15:]), prepared.scaling)
    np.testing.assert_array_equal(samples.x, prepared.validation.x)
    np.testing.assert_array_equal(samples.y, prepared.validation.y)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (table(X[:1], CLASSES[:1]), '"mine" has 1 sample, and a validation split of 0.5 leaves none'),
        (table(X, CLASSES * 0), '"target" has only one class, "a", in all samples of "mine"'),
        (table(X, np.repeat([0, 1], [18, 2])), "only one class.*in the training part.*Mix the order"),
        (table(X, CLASSES, target=Target(1)), "class number 1, but class numbers go from 0 to 0"),
        (table(X, CLASSES[:-1]), "20 inputs but 19 targets"),
        (table(X[:0], NUMBERS[:0]), "has no samples"),
        (table(np.where(X[3, 1] == X, np.nan, X), CLASSES), 'Sample 4 of "mine" has no number in "f1"'),
        (table(np.where(X[3, 1] == X, np.inf, X), CLASSES), 'Sample 4 of "mine" has an infinite number in "f1"'),
        (table(X, np.where(NUMBERS[2] == NUMBERS, np.nan, NUMBERS)), 'Sample 3 of "mine" has no number in "target"'),
        (table(np.where(X[3, 1] == X, 1e300, X), CLASSES), "too large"),
    ],
)
def test_that_data_which_cannot_be_learned_get_a_sentence(data: Data, words: str) -> None:
    with pytest.raises(DataError, match=words):
        prepare(data, validation_split=0.5)


def test_that_a_value_that_is_no_number_is_found_in_its_place() -> None:
    images = RANDOM.uniform(size=(20, 4, 5))
    images[6, 2, 4] = np.nan
    mine = Data("a", IMAGE, images, CLASSES, Target(2), ("0", "1"), pixel_max=1.0)
    with pytest.raises(DataError, match=r"Sample 7 .* no number at the pixel in row 3, column 5"):
        prepare(mine, validation_split=0.0)
    several = np.column_stack([NUMBERS, np.where(NUMBERS[2] == NUMBERS, np.nan, NUMBERS)])
    with pytest.raises(DataError, match=r"Sample 3 .* has no number in column 2 \(target nan\)"):
        prepare(table(X, several), validation_split=0.0)


# --- Test data of another source --------------------------------------------------------------------------------


def test_that_test_data_are_scaled_like_the_training_data() -> None:
    prepared = prepare(table(X, NUMBERS), validation_split=0.1, test=table(X[:4], NUMBERS[:4]))
    assert prepared.test is not None
    np.testing.assert_array_equal(prepared.test.x, prepared.train.x[:4])
    np.testing.assert_array_equal(prepared.test.y, prepared.train.y[:4])


def test_that_classes_are_matched_by_name() -> None:
    other = table(X[:2], np.array([0, 1]), class_names=("b", "a"))
    prepared = prepare(table(X, CLASSES), validation_split=0.1, test=other)
    assert prepared.test is not None
    assert prepared.test.y.tolist() == [1, 0]


def test_that_numbered_classes_stand_for_named_ones() -> None:
    numbered = table(X[:3], np.array([0, 1, 1]), class_names=("0", "1"))
    assert align_classes(numbered, ("setosa", "virginica")).y.tolist() == [0, 1, 1]
    measured = table(X[:3], np.array([3.0, 4.0, 4.0]))
    assert align_classes(measured, ("3", "4", "5")).y.tolist() == [0, 1, 1]


def test_that_columns_are_matched_by_name() -> None:
    other = table(X[:4, ::-1].copy(), CLASSES[:4], feature_names=("f2", "f1", "f0"))
    prepared = prepare(table(X, CLASSES), validation_split=0.1, test=other)
    assert prepared.test is not None
    np.testing.assert_array_equal(prepared.test.x, prepared.train.x[:4])


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (table(X, CLASSES, class_names=("a", "z")), 'class "z", which the network has not learned. It knows: a, b'),
        (table(X, NUMBERS), "measurements to predict, but the network was trained on classes"),
        (table(X[:, :2], CLASSES), 'has no column "f2"'),
        (table(X[:, :2], CLASSES, feature_names=()), "has the shape 2, but the network was trained on 3"),
        (table(np.where(X[3, 1] == X, np.nan, X), CLASSES), "Sample 4"),
    ],
)
def test_that_test_data_of_another_form_get_a_sentence(other: Data, words: str) -> None:
    with pytest.raises(DataError, match=words):
        prepare(table(X, CLASSES), validation_split=0.1, test=other)


def test_that_classes_do_not_serve_to_test_numbers() -> None:
    with pytest.raises(DataError, match='has classes, such as "a", but the network was trained on numbers'):
        prepare(table(X, NUMBERS), validation_split=0.1, test=table(X, CLASSES))


def test_that_images_of_another_range_or_axis_are_brought_into_form() -> None:
    images = RANDOM.integers(0, 256, (20, 4, 4)).astype(np.uint8)
    mine = Data("a", IMAGE, images, CLASSES, Target(2), ("0", "1"), pixel_max=255.0)
    other = dataclasses.replace(mine, x=images[..., None] / 255, pixel_max=1.0)
    for scaling in ("auto", "none"):
        prepared = prepare(mine, validation_split=0.0, scaling=scaling, test=other)
        assert prepared.test is not None
        np.testing.assert_allclose(prepared.test.x, prepared.train.x, rtol=1e-5)
    smaller = dataclasses.replace(mine, x=images[:, :3])
    with pytest.raises(DataError, match="has the shape 3 × 4, but the network was trained on 4 × 4"):
        prepare(mine, validation_split=0.0, test=smaller)


def test_that_one_call_opens_splits_scales_and_finds_the_test_data(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text("a,b,kind\n" + "1,2,x\n3,4,y\n" * 5)
    (tmp_path / "test.csv").write_text("kind,b,a\ny,4,3\n")
    prepared = load_training_data(
        str(tmp_path / "train.csv"), validation_split=0.2, test_source=str(tmp_path / "test.csv")
    )
    assert (len(prepared.train), len(prepared.validation or "")) == (8, 2)
    assert prepared.test is not None
    np.testing.assert_array_equal(prepared.test.x[0], prepared.train.x[1])
    assert prepared.test.y.tolist() == [1]
