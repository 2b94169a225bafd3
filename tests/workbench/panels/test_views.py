"""What the panels are given: the right view for the data, and the network's answers in the unit of the data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nncore.datasets import TrainingData, load_training_data
from nncore.datasets.base import SERIES, TABLE, Data, Samples
from nncore.datasets.prepare import prepare
from nncore.layers import Dense, Flatten
from nncore.losses import Target
from nncore.network import Network
from nncore.plan import initial_parameters
from nncore.predictor import Predictor
from nncore.project import Project
from nncore.snapshot import Snapshot
from tests.workbench.panels import projects
from workbench.results import Reconstructions, WriteRequest
from workbench.training import views
from workbench.training.views.reconstructions import codes


def loaded(project: Project) -> TrainingData:
    data = project.data
    return load_training_data(data.source, validation_split=project.training.validation_split, task=data.task)


def untrained(network: Network) -> tuple[Predictor, Snapshot]:
    """Return a network with the weights of seed 0."""
    snapshot = Snapshot.of(network, initial_parameters(network, 0), 7, 0.5)
    return Predictor.of(snapshot), snapshot


@pytest.mark.parametrize(
    ("project", "kind"),
    [
        (projects.forecast(), views.FORECAST),
        (projects.opinions(), views.GALLERY),
        (projects.stories(), views.WRITING),
        (projects.echo(), views.STEPS),
        (projects.autoencoder(), views.GALLERY),
        (projects.table_autoencoder(), views.GALLERY),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_that_each_kind_of_data_has_its_view(project: Project, kind: str) -> None:
    assert views.view_kind(loaded(project)) == kind


def test_that_windows_that_do_not_follow_each_other_are_shown_as_pairs() -> None:
    data = load_training_data("airline-passengers", validation_split=0.1)
    order = np.random.default_rng(0).permutation(len(data.data.x))
    mixed = replace(data.data, x=data.data.x[order], y=data.data.y[order])
    assert views.view_kind(replace(data, data=mixed)) == views.PAIRS


def test_that_forecasts_are_in_the_unit_of_the_series_and_in_their_month() -> None:
    project = projects.forecast()
    data = loaded(project)
    predictor, snapshot = untrained(project.network)
    shown = views.forecast(data)(predictor, snapshot)
    assert len(shown) == 144
    assert (shown.first, shown.validation, shown.test) == (12, 12 + len(data.train), 132)
    assert data.test is not None
    expected = data.scaling.restore_targets(predictor.predict(data.test.x)[:, 0].astype(np.float64))
    np.testing.assert_allclose(shown.network[132:], expected, rtol=1e-6)
    expected = data.scaling.restore_targets(predictor.predict(data.train.x[:1])[:, 0].astype(np.float64))
    np.testing.assert_allclose(shown.network[12], expected[0], rtol=1e-6)
    assert np.isnan(shown.network[:12]).all()
    assert (shown.step, shown.epoch) == (7, 0.5)


def series(rows: int, window: int, ahead: int) -> Data:
    """A series 0, 1, 2, ... of which ``ahead`` values are to be forecast from ``window`` of them."""
    x = np.array([np.arange(row, row + window) for row in range(rows)], dtype=np.float64)[:, :, None]
    y = np.array([np.arange(row + window, row + window + ahead) for row in range(rows)], dtype=np.float64)
    return Data("count", SERIES, x, y, Target(shape=(ahead,)))


def test_that_of_several_steps_ahead_the_first_is_shown() -> None:
    data = prepare(series(30, 4, 3), validation_split=0.2)
    before = views.unpredicted_forecast(data)
    np.testing.assert_array_equal(before.values, np.arange(36))
    predictor, snapshot = untrained(Network((4, 1), (Flatten(), Dense(3))))
    shown = views.forecast(data)(predictor, snapshot)
    known = np.flatnonzero(np.isfinite(shown.network))
    assert (known[0], known[-1]) == (4, 33)


def test_that_of_a_long_series_the_end_is_shown() -> None:
    data = prepare(series(5000, 4, 1), validation_split=0.1)
    predictor, snapshot = untrained(Network((4, 1), (Flatten(), Dense(1))))
    shown = views.forecast(data)(predictor, snapshot)
    assert len(shown) == 3000
    assert shown.values[-1] == 5003
    assert np.isfinite(shown.network).all()
    assert shown.part(shown.validation) == "validation"
    assert shown.values[shown.validation] == 4 + len(data.train)


def test_that_a_test_part_of_another_file_is_not_drawn_as_the_end_of_the_series() -> None:
    data = load_training_data("airline-passengers", validation_split=0.1)
    assert data.test is not None
    other = replace(data, test=Samples(data.test.x + 1, data.test.y))
    assert views.unpredicted_forecast(other).test == len(views.unpredicted_forecast(other)) == 132


def test_that_all_outputs_and_the_test_part_are_paired() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20, 3)), rng.normal(5, 2, (20, 2))
    raw = Data("two", TABLE, x[:16], y[:16], Target(shape=(2,)), x_test=x[16:], y_test=y[16:])
    data = prepare(raw, validation_split=0.25)
    predictor, snapshot = untrained(Network((3,), (Dense(2),)))
    shown = views.pairs(data)(predictor, snapshot)
    assert shown.outputs == 2
    np.testing.assert_allclose(shown.truth.reshape(-1, 2), y, rtol=1e-5)
    assert list(np.bincount(shown.part)) == [24, 8, 8]
    assert np.isfinite(shown.prediction).all()
    assert np.isnan(views.unpredicted_pairs(data).prediction).all()


def test_that_answers_at_each_step_are_asked_of_the_validation_part() -> None:
    project = projects.echo()
    data = loaded(project)
    before = views.unpredicted_steps(data)
    assert before.part == "validation"
    assert before.inputs[0] == tuple(f"{value:g}" for value in data.data.x[len(data.train), :, 0])
    shown = views.step_answers(data)(*untrained(project.network))
    assert shown.output is not None
    assert shown.output.shape == (100, 20, 2)
    np.testing.assert_array_equal(shown.truth[:, 3:], data.data.x[len(data.train) :, :-3, 0])


def test_that_texts_come_as_people_read_them() -> None:
    project = projects.opinions()
    data = loaded(project)
    shown = views.gallery(data)(*untrained(project.network))
    assert shown.are_texts
    assert all(text and "  " not in text for text in shown.texts)
    assert shown.scores.shape == (100, 2)


def test_that_a_tried_sentence_is_answered_and_its_unknown_words_are_named() -> None:
    project = projects.opinions()
    data = loaded(project)
    shown = views.tried(data, "The zorble film was a Zorble")(*untrained(project.network))
    assert shown.unknown == ("zorble",)
    assert shown.left_out == 0
    assert shown.scores.sum() == pytest.approx(1, abs=1e-5)
    assert views.tried(data, "good " * 20)(*untrained(project.network)).left_out == 4


def test_that_reconstructions_are_pictures_with_labels_and_errors() -> None:
    project = projects.autoencoder()
    data = loaded(project)
    predictor, snapshot = untrained(project.network)
    shown = views.gallery(data)(predictor, snapshot)
    assert isinstance(shown, Reconstructions)
    assert shown.rebuilt is not None
    assert shown.rebuilt.shape == shown.images_or_rows.shape
    assert shown.rebuilt.dtype == np.uint8
    assert data.validation is not None
    np.testing.assert_array_equal(shown.truth, data.validation.labels)
    expected = np.square(predictor.predict(data.validation.x) - data.validation.x).mean(axis=(1, 2))
    np.testing.assert_allclose(shown.errors, expected, rtol=1e-4)
    assert shown.class_names == tuple("0123456789")


def test_that_reconstructions_of_a_table_are_in_its_unit() -> None:
    project = projects.table_autoencoder()
    data = loaded(project)
    predictor, snapshot = untrained(project.network)
    shown = views.gallery(data)(predictor, snapshot)
    assert isinstance(shown, Reconstructions)
    assert data.validation is not None
    assert shown.rebuilt is not None
    expected = data.scaling.restore_inputs(predictor.predict(data.validation.x))
    np.testing.assert_allclose(shown.rebuilt, expected, rtol=1e-5)
    assert shown.codes is not None


def test_that_codes_are_the_outputs_of_the_layer_of_two_numbers() -> None:
    network = projects.autoencoder().network
    _, snapshot = untrained(network)
    x = np.random.default_rng(0).random((5, 28, 28), dtype=np.float32)
    found = codes(snapshot, x)
    kernel, bias = snapshot.parameters[: 784 * 64].reshape(784, 64), snapshot.parameters[784 * 64 : 784 * 64 + 64]
    rest = snapshot.parameters[784 * 64 + 64 :]
    hidden = np.maximum(x.reshape(5, 784) @ kernel + bias, 0)
    np.testing.assert_allclose(found, hidden @ rest[:128].reshape(64, 2) + rest[128:130], rtol=1e-4, atol=1e-5)
    _, other = untrained(projects.autoencoder(code=16).network)
    assert codes(other, x) is None


def test_that_no_disabled_layer_is_taken_for_the_one_of_two_numbers() -> None:
    coder = (Dense(4, "tanh"), Dense(2), Dense(2))
    network = Network((2,), (Flatten(disabled=True), *coder, Dense(9, disabled=True)))
    parameters = initial_parameters(network, 0)
    x = np.random.default_rng(0).normal(size=(5, 2)).astype(np.float32)
    expected = Predictor(Network((2,), coder[:2]), parameters[:22]).predict(x)
    np.testing.assert_array_equal(codes(Snapshot.of(network, parameters, 0, 0.0), x), expected)


def test_that_the_part_that_is_shown_keeps_its_labels() -> None:
    shown = views.shown_samples(loaded(projects.autoencoder()))
    assert shown.samples.labels is not None
    np.testing.assert_array_equal(shown.samples.labels, shown.y)


def test_that_a_test_file_is_shown_as_it_is_and_not_the_part_the_data_had(tmp_path: Path) -> None:
    lines = [f"{row},{row * 2},{'no' if row % 2 else 'yes'}" for row in range(30)]
    for name, rows in (("all.csv", lines), ("test.csv", lines[::-1])):
        (tmp_path / name).write_text("\n".join(["a,b,sport", *rows]), "utf-8")
    data = load_training_data(str(tmp_path / "all.csv"), validation_split=0, test_source=str(tmp_path / "test.csv"))
    shown = views.shown_samples(data)
    assert shown.part == "test"
    np.testing.assert_allclose(shown.x[0], [29, 58], rtol=1e-5)


def test_that_a_text_is_written_in_turns_and_is_the_same_at_once() -> None:
    project = projects.stories(units=8)
    data = loaded(project)
    predictor, snapshot = untrained(project.network)
    request = WriteRequest("Once ", 60, 1.0)

    def write(number: int = 1) -> tuple[str, int]:
        writing = views.Writing(number, snapshot, data.data.vocabulary, request, asked=True)
        turns, piece = 0, writing.go_on(predictor, snapshot)
        while not piece.done:
            longer = writing.go_on(predictor, snapshot)
            assert longer.text.startswith(piece.text)
            turns, piece = turns + 1, longer
        return piece.text, turns

    first, _ = write()
    assert len(first) == 60
    assert write()[0] == first
    assert write(2)[0] != first


def test_that_a_network_without_numbers_ends_the_text_with_a_sentence() -> None:
    project = projects.stories(units=8)
    data = loaded(project)
    parameters = initial_parameters(project.network, 0)
    parameters[:] = np.nan
    snapshot = Snapshot.of(project.network, parameters, 7, 0.5)
    writing = views.Writing(1, snapshot, data.data.vocabulary, WriteRequest("A", 9, 1.0), asked=True)
    piece = writing.go_on(Predictor.of(snapshot), snapshot)
    assert piece.done
    assert "probabilities" in piece.problem
