"""The task: whole numbers become classes or numbers as is asked, and inputs can be their own targets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nncore.datasets import Samples, Schema, TrainingData, load_training_data, open_inputs, open_test, prepare_samples
from nncore.errors import DataError
from nncore.losses import Target


def put(tmp_path: Path, text: str, name: str = "mine.csv") -> str:
    (tmp_path / name).write_text(text)
    return str(tmp_path / name)


def load(source: str, task: str = "auto", **options: str) -> TrainingData:
    return load_training_data(source, validation_split=0.25, task=task, **options)


MARKS = "hours,mark\n" + "".join(f"{number}.5,{number % 4 + 2}\n" for number in range(16))
PRICES = "size,rooms,price\n" + "".join(f"{number}.5,{number},{number * 1000}\n" for number in range(8))


def test_that_whole_numbers_are_classes_or_numbers_as_is_asked(tmp_path: Path) -> None:
    classes, numbers = load(put(tmp_path, MARKS)), load(put(tmp_path, MARKS), "regression")
    assert (classes.target.classes, classes.data.class_names) == (4, ("2", "3", "4", "5"))
    assert (numbers.target, numbers.data.class_names) == (Target(), ())
    np.testing.assert_array_equal(numbers.data.y, classes.data.y + 2)
    assert numbers.train.y.dtype == np.float32
    assert load(put(tmp_path, MARKS), "classification").data.class_names == classes.data.class_names


def test_that_numbers_that_look_like_measurements_can_be_classes(tmp_path: Path) -> None:
    source = put(tmp_path, PRICES)
    assert load(source).target == Target()
    data = load(source, "classification")
    assert (data.data.kind, data.target.classes, data.data.class_names[1]) == ("points", 8, "1000")
    assert data.train.y.dtype == np.int64


@pytest.mark.parametrize(
    ("source", "task", "words"),
    [
        ("a,b\n1,2.5\n2,3\n3,4\n", "classification", '"b" of "mine.csv" has numbers .* such as 2.5.*regression'),
        ("a,b\n1,yes\n2,no\n3,no\n", "regression", '"b" of "mine.csv" has classes, such as "no".*classification'),
        ("a,b\n1,yes\n2,no\n3,no\n", "regresion", 'no task called "regresion".*Did you mean "regression"'),
    ],
)
def test_that_a_task_that_the_targets_do_not_allow_gets_a_sentence(
    tmp_path: Path, source: str, task: str, words: str
) -> None:
    with pytest.raises(DataError, match=words):
        load(put(tmp_path, source), task)


def test_that_several_numbers_are_no_classes(tmp_path: Path) -> None:
    np.savez(tmp_path / "two.npz", x=np.ones((4, 3)), y=np.ones((4, 2)))
    with pytest.raises(DataError, match="several numbers to predict"):
        load(str(tmp_path / "two.npz"), "classification")


def test_that_the_test_data_follow_the_task(tmp_path: Path) -> None:
    source, other = put(tmp_path, MARKS), put(tmp_path, "hours,mark\n1.5,9\n2.5,9\n3.5,8\n4.5,8\n", "test.csv")
    data = load(source, "regression", test_source=other)
    assert data.test is not None
    np.testing.assert_allclose(data.scaling.restore_targets(data.test.y), [9, 9, 8, 8], rtol=1e-5)
    with pytest.raises(DataError, match='has the class "9"'):
        load(source, "classification", test_source=other)


def test_that_the_own_test_part_of_an_archive_follows_the_task(tmp_path: Path) -> None:
    x = np.arange(24.0).reshape(8, 3)
    y = np.array([1000.0, 4000.0] * 4)
    np.savez(tmp_path / "both.npz", x_train=x, y_train=y, x_test=x, y_test=y[::-1])
    data = load(str(tmp_path / "both.npz"), "classification")
    assert data.test is not None
    assert data.data.class_names == ("1000", "4000")
    assert data.test.y.tolist() == [1, 0] * 4
    marks = np.array([3, 4] * 4)
    np.savez(tmp_path / "marks.npz", x_train=x, y_train=marks, x_test=x, y_test=marks[::-1])
    assert load(str(tmp_path / "marks.npz")).target.classes == 2
    numbers = load(str(tmp_path / "marks.npz"), "regression")
    np.testing.assert_array_equal(numbers.data.y_test, marks[::-1])


# --- Reconstruction ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["digits", "mnist-5k", "diabetes", "iris", "airline-passengers", "spirals"])
def test_that_the_targets_of_a_reconstruction_are_the_scaled_inputs(source: str) -> None:
    data = load(source, "reconstruction")
    auto = load(source)
    assert data.target == Target(0, data.data.input_shape, unit_interval=data.data.kind == "image")
    assert data.target.output_shape == data.data.input_shape
    assert (data.scaling.target_shift, data.scaling.target_scale) == (0.0, 1.0)
    assert data.validation is not None
    end = len(data.train)
    for part, same, labels in (
        (data.train, auto.train, auto.data.y[:end]),
        (data.validation, auto.validation, auto.data.y[end:]),
    ):
        assert isinstance(same, Samples)
        assert part.y is part.x
        np.testing.assert_array_equal(part.x, same.x)
        np.testing.assert_array_equal(part.labels, labels)
    np.testing.assert_allclose(data.scaling.restore_inputs(data.train.y), data.data.x[:end], rtol=1e-4, atol=1e-4)


def test_that_pixels_as_they_are_do_not_lie_from_0_to_1() -> None:
    assert not load("digits", "reconstruction", scaling="none").target.unit_interval


def test_that_labels_are_there_only_beside_a_reconstruction() -> None:
    assert load("digits").train.labels is None


def test_that_a_text_is_not_reconstructed() -> None:
    with pytest.raises(DataError, match=r'"reviews" is a text.*Choose images'):
        load("reviews", "reconstruction")


def test_that_no_answers_are_needed_to_reconstruct(tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (8, 5, 5)).astype(np.uint8)
    np.savez(tmp_path / "images.npz", x=images)
    source = str(tmp_path / "images.npz")
    data = load(source, "reconstruction")
    assert data.train.labels is None
    assert (len(data.train), data.target.output_shape) == (6, (5, 5))
    with pytest.raises(DataError, match="no array with the targets"):
        load(source)
    schema = Schema.of(data.data, task="reconstruction")
    samples = prepare_samples(open_test(source, schema), data.scaling, "reconstruction")
    np.testing.assert_array_equal(samples.y[:6], data.train.x)


def test_that_one_class_is_enough_to_reconstruct(tmp_path: Path) -> None:
    data = load(put(tmp_path, "a,b,kind\n" + "".join(f"{n},{n * n},x\n" for n in range(8))), "reconstruction")
    assert data.train.y.shape == (6, 2)


def test_that_classes_never_seen_are_no_hindrance_to_a_reconstruction(tmp_path: Path) -> None:
    source = put(tmp_path, "a,b,kind\n1,2,x\n3,4,y\n5,6,x\n7,9,y\n")
    schema = Schema.of(load(source, "reconstruction").data, task="reconstruction")
    for text in ("b,a\n4,3\n", "b,a,kind\n4,3,z\n"):
        inputs = open_inputs(put(tmp_path, text, "new.csv"), schema)
        assert inputs.x.tolist() == [[3, 4]]
    np.savez(tmp_path / "new.npz", x=[[3.0, 4.0]], y=["z"])
    data = load(source, "reconstruction", test_source=str(tmp_path / "new.npz"))
    assert data.test is not None
    assert data.test.labels is None
    np.testing.assert_array_equal(data.test.x, data.scaling.inputs(np.array([[3.0, 4.0]])))


def test_that_the_own_test_part_keeps_its_labels() -> None:
    data = load("airline-passengers", "reconstruction")
    assert data.test is not None
    np.testing.assert_array_equal(data.test.labels, data.data.y_test)
