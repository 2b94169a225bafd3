"""Series, texts, classes at each step, and reconstructions: trained, measured and predicted on the command line."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nncore.callbacks.early_stopping import EarlyStopping
from nncore.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau
from nncore.datasets import DATASETS, Data
from nncore.layers import Dense, Embedding, Flatten
from nncore.network import Network
from nncore.predictor import Predictor
from nncore.project import DataSettings, Project
from nncore.project_file import Loaded, load_project
from nncore.snapshot import Checkpoint
from nncore.types import Array
from tests.workbench.cli_projects import autoencoder, echo, flower_code, forecast, opinions, saved, writer
from tests.workbench.cli_runs import Capture, as_json, fail, succeed
from workbench.__main__ import main

PROJECTS = {
    "airline-passengers": forecast,
    "echo": echo,
    "stories": writer,
    "reviews": opinions,
    "digits": autoencoder,
    "iris": flower_code,
}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def train(capsys: Capture, folder: Path, project: Project) -> Path:
    succeed(capsys, "train", saved(folder, project), "--output", folder / "out")
    return folder / "out" / "project.nnw"


def predict(capsys: Capture, project: Path, source: object) -> list[dict[str, str]]:
    """Return the rows, after making sure that each of them is one line of the file."""
    path = project.with_name("said.csv")
    succeed(capsys, "predict", project, "--data", source, "--output", path)
    rows = rows_of(path)
    assert len(path.read_text("utf-8").splitlines()) == 1 + len(rows)
    return rows


def answers(project: Path, data: Data) -> tuple[Array, Checkpoint]:
    """Return what the trained network puts out for the data, without the command line."""
    loaded: Loaded = load_project(str(project))
    assert loaded.checkpoint is not None
    output = Predictor.of(loaded.checkpoint.snapshot).predict(loaded.checkpoint.scaling.inputs(data.x))
    return output, loaded.checkpoint


@pytest.mark.parametrize("source", PROJECTS)
def test_that_evaluate_measures_what_the_training_measured(capsys: Capture, tmp_path: Path, source: str) -> None:
    path = saved(tmp_path, PROJECTS[source]())
    trained = as_json(capsys, "train", path, "--test", source, "--output", tmp_path)
    measured = as_json(capsys, "evaluate", tmp_path / "project.nnw", "--data", source)
    data = DATASETS.get(source).load()
    assert measured.pop("samples") == len(data.x if data.x_test is None else data.x_test)
    assert measured == trained["test"]
    assert all(math.isfinite(value) for value in measured.values())
    assert "samples of " in succeed(capsys, "evaluate", tmp_path / "project.nnw", "--data", source)


@pytest.mark.parametrize("source", PROJECTS)
def test_that_a_prediction_has_one_row_for_each_sample(capsys: Capture, tmp_path: Path, source: str) -> None:
    data = DATASETS.get(source).load()
    rows = predict(capsys, train(capsys, tmp_path, PROJECTS[source](epochs=1)), source)
    assert len(rows) == len(data.x if data.x_test is None else data.x_test)


def test_that_forecasts_stand_beside_month_and_truth_in_passengers(capsys: Capture, tmp_path: Path) -> None:
    project = train(capsys, tmp_path, forecast(epochs=20))
    rows = predict(capsys, project, "airline-passengers")
    data = DATASETS.get("airline-passengers").load()
    assert data.y_test is not None
    assert list(rows[0]) == ["time", "prediction", "truth"]
    assert [rows[0]["time"], rows[-1]["time"]] == ["Jan 1960", "Dec 1960"]
    assert [float(row["truth"]) for row in rows] == data.y_test.tolist()
    predicted = np.array([float(row["prediction"]) for row in rows])
    mae = as_json(capsys, "evaluate", project, "--data", "airline-passengers")["mae"]
    assert np.abs(predicted - data.y_test).mean() == pytest.approx(mae, rel=1e-5)
    assert 200 < predicted.mean() < 700


def test_that_windows_of_ones_own_are_forecast_without_truth(capsys: Capture, tmp_path: Path) -> None:
    project = train(capsys, tmp_path, forecast(epochs=1))
    np.savez(tmp_path / "own.npz", x=np.linspace(300, 500, 36).reshape(3, 12))
    rows = predict(capsys, project, tmp_path / "own.npz")
    assert [list(row) for row in rows] == [["prediction"]] * 3
    assert all(100 < float(row["prediction"]) < 700 for row in rows)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (np.zeros((3, 7)), "has the shape 7, but the network was trained on 12 × 1"),
        (np.zeros((3, 12, 2)), "has the shape 12 × 2"),
    ],
)
def test_that_windows_of_another_length_get_a_sentence(
    capsys: Capture, tmp_path: Path, content: Array, words: str
) -> None:
    project = train(capsys, tmp_path, forecast(epochs=1))
    np.savez(tmp_path / "own.npz", x=content)
    assert words in fail(capsys, "predict", project, "--data", tmp_path / "own.npz", "--output", tmp_path / "x.csv")
    (tmp_path / "own.csv").write_text("passengers\n1\n2\n3\n", "utf-8")
    assert "12 × 1" in fail(capsys, "evaluate", project, "--data", tmp_path / "own.csv")


def test_that_training_on_a_series_shows_what_simple_rules_reach(capsys: Capture, tmp_path: Path) -> None:
    path = saved(tmp_path, forecast())
    found = as_json(capsys, "train", path)["baselines"]["test"]
    assert found["naive"]["mae"] == pytest.approx(45.25)
    assert found["seasonal_naive"]["mae"] == pytest.approx(47.8333, abs=1e-4)
    lines = succeed(capsys, "train", path).splitlines()
    assert [line.split()[-1] for line in lines if line.startswith("test, ")] == ["45.2500", "47.8333"]


def test_that_a_rule_is_shown_whichever_name_its_measure_goes_by(capsys: Capture, tmp_path: Path) -> None:
    named_otherwise = succeed(capsys, "train", saved(tmp_path, forecast(metric="rmse")))
    assert [line.split()[-1] for line in named_otherwise.splitlines() if "test, naive" in line] == ["53.1515"]
    without_such = succeed(capsys, "train", saved(tmp_path, forecast(metric="r2_score")))
    assert "naive" not in without_such


def test_that_training_on_characters_shows_what_pairs_of_them_reach(capsys: Capture, tmp_path: Path) -> None:
    out = succeed(capsys, "train", saved(tmp_path, writer(epochs=1)))
    assert [line.split()[-1] for line in out.splitlines() if "validation, bigram" in line] == ["2.2438"]


def test_that_the_classes_of_all_steps_stand_in_one_cell(capsys: Capture, tmp_path: Path) -> None:
    project = train(capsys, tmp_path, echo(epochs=3))
    rows = predict(capsys, project, "echo")
    data = DATASETS.get("echo").load()
    output, _ = answers(project, data)
    assert list(rows[0]) == ["classes", "probability", "truth"]
    for row, number in zip(rows[:20], range(20), strict=True):
        said = output[number, :, 0]
        assert row["truth"] == " ".join(map(str, data.y[number]))
        assert row["classes"] == " ".join(map(str, (said > 0.5).astype(int)))
        assert float(row["probability"]) == pytest.approx(np.maximum(said, 1 - said).mean())


def test_that_characters_stand_side_by_side_and_a_line_break_stays_in_its_line(capsys: Capture, tmp_path: Path) -> None:
    project = train(capsys, tmp_path, writer(epochs=1))
    data = DATASETS.get("stories").load()
    rows = predict(capsys, project, "stories")
    output, _ = answers(project, data)
    for number in range(20):
        truth = "".join(data.vocabulary[token] for token in data.y[number])
        said = "".join(data.vocabulary[token] for token in output[number].argmax(axis=1))
        assert rows[number]["truth"].replace("↵", "\n") == truth
        assert rows[number]["classes"].replace("↵", "\n") == said
    assert any("↵" in row["truth"] for row in rows)


def test_that_the_lines_of_a_text_are_continued_and_long_ones_are_told(capsys: Capture, tmp_path: Path) -> None:
    project = train(capsys, tmp_path, writer(epochs=1))
    (tmp_path / "own.txt").write_text("The fox\n\n" + "long " * 20 + "\n", "utf-8")
    capsys.readouterr()
    arguments = ["predict", str(project), "--data", str(tmp_path / "own.txt"), "--output", str(tmp_path / "said.csv")]
    assert main(arguments) == 0
    told = capsys.readouterr().err
    assert (
        "Of 2 texts, 1 is longer than the 40 characters that the network reads, so its beginning is left out." in told
    )
    rows = rows_of(tmp_path / "said.csv")
    assert [len(row["classes"]) for row in rows] == [40, 40]
    assert list(rows[0]) == ["classes", "probability"]
    assert '"next character"' in fail(capsys, "evaluate", project, "--data", tmp_path / "own.txt")


def test_that_sentences_of_ones_own_are_judged_with_unknown_words(capsys: Capture, tmp_path: Path) -> None:
    project = train(capsys, tmp_path, opinions(epochs=1))
    (tmp_path / "own.csv").write_text("text,opinion\nA wonderful zyxwv film,positive\nboring food,negative\n", "utf-8")
    (tmp_path / "own.txt").write_text("A wonderful qqq film\nboring food\n" + "a very long story " * 9, "utf-8")
    rows = predict(capsys, project, tmp_path / "own.csv")
    lines = predict(capsys, project, tmp_path / "own.txt")
    assert [row["truth"] for row in rows] == ["positive", "negative"]
    assert list(lines[0]) == ["class", "probability", "p_negative", "p_positive"]
    assert [row["p_positive"] for row in lines[:2]] == [row["p_positive"] for row in rows]
    assert as_json(capsys, "evaluate", project, "--data", tmp_path / "own.csv")["samples"] == 2


def test_that_words_beyond_the_window_are_told(capsys: Capture, tmp_path: Path) -> None:
    project = train(capsys, tmp_path, opinions(epochs=1))
    (tmp_path / "own.csv").write_text("text,opinion\n" + ("good " * 17 + ",positive\n") * 2 + "bad,negative\n", "utf-8")
    assert main(["evaluate", str(project), "--data", str(tmp_path / "own.csv")]) == 0
    told = capsys.readouterr().err
    assert "Of 3 texts, 2 are longer than the 16 words that the network reads, so their end is left out." in told


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("own.txt", "\n\n", "nothing but blank lines"),
        ("own.csv", "text,opinion\nfine,great\n", 'has the class "great", which the network has not learned'),
        ("own.csv", "opinion\npositive\n", "no column with texts"),
    ],
)
def test_that_bad_texts_get_a_sentence(capsys: Capture, tmp_path: Path, name: str, content: str, words: str) -> None:
    project = train(capsys, tmp_path, opinions(epochs=1))
    (tmp_path / name).write_text(content, "utf-8")
    assert words in fail(capsys, "evaluate", project, "--data", tmp_path / name)
    assert words in fail(capsys, "predict", project, "--data", tmp_path / name, "--output", tmp_path / "said.csv")


def test_that_tokens_beyond_the_vocabulary_get_a_sentence(capsys: Capture, tmp_path: Path) -> None:
    project = train(capsys, tmp_path, opinions(epochs=1))
    np.savez(tmp_path / "own.npz", x=np.full((2, 16), 9999))
    sentence = fail(capsys, "predict", project, "--data", tmp_path / "own.npz", "--output", tmp_path / "said.csv")
    assert "has 9999 at position 1" in sentence


def test_that_token_numbers_without_a_vocabulary_are_checked_by_the_layer_that_reads_them(
    capsys: Capture, tmp_path: Path
) -> None:
    for name, largest in (("learn", 9), ("ask", 12)):
        x = np.arange(300).reshape(60, 5) % largest
        np.savez(tmp_path / f"{name}.npz", x=x, y=x.sum(axis=1) / 2)
    data = DataSettings(source=str(tmp_path / "learn.npz"), scaling="none")
    network = Network((5,), (Embedding(9, 2), Flatten(), Dense(1)))
    project = train(capsys, tmp_path, forecast(epochs=1).replace(network=network, data=data))
    assert as_json(capsys, "evaluate", project, "--data", tmp_path / "learn.npz")["samples"] == 60
    for command in (["evaluate"], ["predict", "--output", tmp_path / "said.csv"]):
        sentence = fail(capsys, command[0], project, "--data", tmp_path / "ask.npz", *command[1:])
        assert "from 0 to 8, but sample 2 holds 9 at position 5" in sentence


def test_that_reconstructed_pixels_are_in_the_range_of_the_data(capsys: Capture, tmp_path: Path) -> None:
    project = train(capsys, tmp_path, autoencoder(epochs=3))
    rows = predict(capsys, project, "digits")
    data = DATASETS.get("digits").load()
    output, checkpoint = answers(project, data)
    assert list(rows[0]) == ["error", "label", *(f"reconstruction_{number}" for number in range(1, 65))]
    assert [row["label"] for row in rows] == [str(digit) for digit in data.y]
    for row, picture, rebuilt in zip(rows[:20], data.x, output, strict=False):
        pixels = [float(row[f"reconstruction_{number}"]) for number in range(1, 65)]
        np.testing.assert_allclose(pixels, 16 * rebuilt.reshape(-1), rtol=1e-5)
        assert float(row["error"]) == pytest.approx(np.square(rebuilt - picture / 16).mean(), rel=1e-4)
    assert checkpoint.task == "reconstruction"


def test_that_rows_of_a_table_are_rebuilt_in_their_units_and_need_no_label(capsys: Capture, tmp_path: Path) -> None:
    project = train(capsys, tmp_path, flower_code(epochs=60))
    data = DATASETS.get("iris").load()
    names = data.feature_names
    rows = predict(capsys, project, "iris")
    rebuilt = np.array([[float(row[f"reconstruction_{name}"]) for name in names] for row in rows])
    assert np.abs(rebuilt - data.x).mean() < 0.5
    assert rows[0]["label"] == data.class_names[data.y[0]]
    lines = [",".join(names[::-1]), *(",".join(map(str, row[::-1])) for row in data.x[:3])]
    (tmp_path / "own.csv").write_text("\n".join(lines), "utf-8")
    own = predict(capsys, project, tmp_path / "own.csv")
    assert "label" not in own[0]
    for name in names:
        assert float(own[0][f"reconstruction_{name}"]) == pytest.approx(float(rows[0][f"reconstruction_{name}"]))
    assert as_json(capsys, "evaluate", project, "--data", tmp_path / "own.csv")["samples"] == 3


def test_that_a_table_without_a_column_to_rebuild_gets_a_sentence(capsys: Capture, tmp_path: Path) -> None:
    project = train(capsys, tmp_path, flower_code(epochs=1))
    names = DATASETS.get("iris").load().feature_names
    (tmp_path / "own.csv").write_text(",".join(names[:3]) + "\n1,2,3\n", "utf-8")
    assert f'no column "{names[3]}"' in fail(capsys, "evaluate", project, "--data", tmp_path / "own.csv")


@pytest.mark.parametrize("make", [forecast, echo, autoencoder, flower_code])
def test_that_samples_of_another_form_get_a_sentence(
    capsys: Capture, tmp_path: Path, make: Callable[..., Project]
) -> None:
    project = train(capsys, tmp_path, make(epochs=1))
    assert "the network was trained on" in fail(capsys, "evaluate", project, "--data", "mnist-5k")


def early(**rules: object) -> Project:
    stopping = EarlyStopping(monitor="val_loss", patience=2, restore_best_weights=True)
    return forecast(epochs=100, early_stopping=stopping, **rules)


def test_that_an_early_end_is_told_and_the_numbers_are_those_of_the_weights_that_are_kept(
    capsys: Capture, tmp_path: Path
) -> None:
    assert main(["train", str(saved(tmp_path, early())), "--output", str(tmp_path)]) == 0
    captured = capsys.readouterr()
    rows = rows_of(tmp_path / "history.csv")
    best = int(np.argmin([float(row["val_loss"]) for row in rows]))
    assert len(rows) == best + 3
    assert captured.err.splitlines()[-2:-1] == [
        "Stopped early: the validation loss has not improved for 2 epochs; "
        f"the weights of epoch {best + 1}, the best one, are back."
    ]
    shown = next(line for line in captured.out.splitlines() if line.startswith("validation "))
    assert shown.split()[1] == f"{float(rows[best]['val_loss']):.4f}"


def test_that_the_json_of_an_early_end_has_the_losses_of_the_best_epoch(capsys: Capture, tmp_path: Path) -> None:
    found = as_json(capsys, "train", saved(tmp_path, early()), "--output", tmp_path)
    rows = rows_of(tmp_path / "history.csv")
    assert found["epochs"] == len(rows)
    assert found["validation"]["loss"] == min(float(row["val_loss"]) for row in rows)
    best = next(row for row in rows if float(row["val_loss"]) == found["validation"]["loss"])
    assert found["train"]["loss"] == float(best["loss"])
    measured = as_json(capsys, "evaluate", tmp_path / "project.nnw", "--data", "airline-passengers")
    assert measured["loss"] == found["test"]["loss"]


def test_that_the_learning_rate_is_told_only_where_it_changes(capsys: Capture, tmp_path: Path) -> None:
    plain, changing = saved(tmp_path, forecast()), tmp_path / "changing"
    assert main(["train", str(plain), "--output", str(tmp_path)]) == 0
    assert "learning_rate 0" not in capsys.readouterr().err
    assert "learning_rate" not in rows_of(tmp_path / "history.csv")[0]
    rule = ReduceLROnPlateau(monitor="val_loss", patience=1, factor=0.5)
    project = saved(tmp_path, forecast(epochs=60, reduce_lr_on_plateau=rule))
    assert main(["train", str(project), "--output", str(changing)]) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Epoch ")]
    rates = [float(row["learning_rate"]) for row in rows_of(changing / "history.csv")]
    assert rates[0] == pytest.approx(0.01)
    assert rates[-1] < 0.01
    assert all(f"learning_rate {rate:.3g} " in line for line, rate in zip(lines, rates, strict=True))
