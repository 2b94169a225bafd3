"""Models in files, and their layers with weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import nncore as keras
from nncore.errors import InputError
from nncore.project_file import load_project
from tests.nncore.models.points import classifier, points


def test_that_a_model_comes_back_with_weights_memory_and_metrics(tmp_path: Path) -> None:
    keras.utils.set_random_seed(5)
    x, y = points()
    made = classifier(keras.optimizers.Adam(0.01), metrics=("accuracy", keras.metrics.SparseTopKCategoricalAccuracy(2)))
    made.fit(x, y, epochs=2, verbose=0)
    made.save(tmp_path / "model.nnw")
    again = keras.models.load_model(tmp_path / "model.nnw")
    np.testing.assert_array_equal(made.predict(x), again.predict(x))
    assert made.evaluate(x, y, verbose=0, return_dict=True) == again.evaluate(x, y, verbose=0, return_dict=True)
    for model in (made, again):
        keras.utils.set_random_seed(8)
        model.fit(x, y, verbose=0)
    for a, b in zip(made.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_that_a_model_without_compile_can_be_kept(tmp_path: Path) -> None:
    made = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.BatchNormalization()], name="mine")
    made.save(tmp_path / "m.nnw")
    again = keras.models.load_model(tmp_path / "m.nnw")
    assert again.name == "mine"
    assert [array.shape for array in again.get_weights()] == [(3, 2), (2,), (2,), (2,), (2,), (2,)]
    with pytest.raises(InputError, match="compile"):
        again.fit(np.ones((2, 3)), np.ones((2, 2)))


def test_that_the_window_can_open_a_saved_model(tmp_path: Path) -> None:
    made = classifier()
    made.save(tmp_path / "model.nnw")
    loaded = load_project(str(tmp_path / "model.nnw"))
    assert loaded.project.network == made.network
    assert loaded.checkpoint is not None


def test_that_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r'end in .nnw, but "m.keras" ends in .keras'):
        classifier().save(tmp_path / "m.keras")
    classifier().save(tmp_path / "m.nnw")
    with pytest.raises(InputError, match="already"):
        classifier().save(tmp_path / "m.nnw", overwrite=False)
    with pytest.raises(InputError, match="There is no file"):
        keras.models.load_model(tmp_path / "none.nnw")


# --- Layers -----------------------------------------------------------------------------------------------------


def test_that_a_layer_of_a_model_knows_its_weights_and_its_settings() -> None:
    made = classifier()
    first, second = made.layers
    assert isinstance(second, keras.layers.Dense)
    assert not isinstance(second, keras.layers.Flatten)
    assert (first.units, first.activation, first.name, second.name) == (8, "tanh", "dense", "dense_1")
    assert (first.input_shape, first.output_shape, second.count_params()) == ((4,), (8,), 27)
    kernel, bias = second.get_weights()
    second.set_weights([kernel + 1, bias + 2])
    np.testing.assert_array_equal(made.get_weights()[2], kernel + 1)
    np.testing.assert_array_equal(made.get_weights()[3], bias + 2)
    assert made.get_layer("dense_1") == second == made.get_layer(index=-1)
    with pytest.raises(InputError, match="2 weights to be set, but 1 were given"):
        second.set_weights([kernel])


def test_that_a_layer_that_is_not_there_is_answered_with_those_that_are() -> None:
    made = classifier()
    with pytest.raises(InputError, match=r'no layer called "dense_2"\. Choose one of: dense, dense_1'):
        made.get_layer("dense_2")
    with pytest.raises(InputError, match="no layer number 2"):
        made.get_layer(index=2)
    with pytest.raises(InputError, match="name or an index"):
        made.get_layer()


def test_that_layers_of_one_model_can_build_another() -> None:
    made = classifier()
    again = keras.Sequential([keras.Input((4,)), *made.layers])
    again.set_weights(made.get_weights())
    x, _ = points(5)
    np.testing.assert_array_equal(made.predict(x), again.predict_on_batch(x))


# --- Weights of samples and classes -----------------------------------------------------------------------------


def test_that_a_sample_that_counts_twice_is_a_sample_that_is_there_twice() -> None:
    x, y = points(30)
    weights = np.where(np.arange(30) < 10, 2.0, 1.0)
    doubled_x, doubled_y = np.concatenate([x, x[:10]]), np.concatenate([y, y[:10]])
    losses = []
    for inputs, targets, given in ((x, y, weights), (doubled_x, doubled_y, None)):
        keras.utils.set_random_seed(2)
        made = classifier(keras.optimizers.SGD(0.1 * len(inputs)))  # a mean is divided by the number of samples
        made.fit(inputs, targets, batch_size=40, epochs=3, sample_weight=given, verbose=0)
        losses.append(made.get_weights())
    for a, b in zip(*losses, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def test_that_weights_of_classes_are_weights_of_their_samples() -> None:
    x, y = points()
    found = []
    for arguments in ({"class_weight": {0: 3.0, 2: 0.5}}, {"sample_weight": np.array([3.0, 1.0, 0.5])[y]}):
        keras.utils.set_random_seed(4)
        made = classifier()
        made.fit(x, y, epochs=2, verbose=0, **arguments)
        found.append(made.get_weights())
    for a, b in zip(*found, strict=True):
        np.testing.assert_array_equal(a, b)


def test_that_weights_count_in_one_step_and_in_evaluation() -> None:
    x, y = points(12)
    made = classifier()
    weights = np.linspace(0, 2, 12)
    plain = np.array([made.evaluate(x[i : i + 1], y[i : i + 1], verbose=0)[0] for i in range(12)])
    assert made.evaluate(x, y, verbose=0, sample_weight=weights)[0] == pytest.approx((plain * weights).mean(), rel=1e-5)
    assert made.train_on_batch(x, y, sample_weight=weights) == pytest.approx((plain * weights).mean(), rel=1e-5)
    assert made.train_on_batch(x, y) != made.train_on_batch(x, y, class_weight={0: 5.0})


def test_that_weights_of_another_number_are_refused() -> None:
    x, y = points(12)
    with pytest.raises(InputError, match="sample_weight has the shape"):
        classifier().fit(x, y, sample_weight=[1.0, 2.0])
    with pytest.raises(InputError, match="sample_weight has nan for sample 1"):
        classifier().fit(x, y, sample_weight=np.full(12, np.nan))
