"""Sources: names, files and folders; and new files for a network that is trained already."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nncore.datasets import Schema, open_inputs, open_source, open_test
from nncore.errors import DataError
from nncore.losses import Target


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("spiral", 'called "spiral". Did you mean "spirals"'),
        ("mnist_5k", 'Did you mean "mnist-5k"'),
        ("qqqq", "Choose one of: xor, circles"),
        ("missing.csv", 'no file or folder "missing.csv"'),
        ("nowhere/at/all", "no file or folder"),
        ("", "No data are chosen"),
        ("x" * 5000, "cannot be the name of a file"),
    ],
)
def test_that_an_unknown_source_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=words):
        open_source(source)


def test_that_a_folder_that_may_not_be_looked_into_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", refused)
    with pytest.raises(DataError, match=r"The folder .* cannot be opened: permission denied\. Check the folder"):
        open_source(str(tmp_path))


@pytest.mark.parametrize("name", ["notes.docx", "project.nnw", "old.xls", "plain"])
def test_that_an_unknown_kind_of_file_gets_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("something")
    with pytest.raises(DataError, match=r"not a kind of file.*\.csv.*\.npz"):
        open_source(str(tmp_path / name))


@pytest.mark.parametrize("name", ["folder.csv", "folder.npz"])
def test_that_a_folder_with_the_name_of_a_file_is_a_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(DataError, match=r"The folder .* has no IDX files"):
        open_source(str(tmp_path / name))


TRAINED = "id,width,colour\n1,0.5,red\n2,1.5,blue\n3,2.5,green\n4,3.5,red\n"


@pytest.fixture
def schema(tmp_path: Path) -> Schema:
    (tmp_path / "trained.csv").write_text(TRAINED)
    return Schema.of(open_source(str(tmp_path / "trained.csv")))


def put(tmp_path: Path, text: str) -> str:
    path = tmp_path / "new.csv"
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize(
    "text",
    [
        "id,width\n7,8\n9,10\n",
        "width,id\n8,7\n10,9\n",
        "note,width,id\nhello,8,7\n,10,9\n",
        "id,width,colour\n7,8,\n9,10,\n",
        "7,8\n9,10\n",
    ],
    ids=["no target", "other order", "more columns", "blank target", "no header"],
)
def test_that_a_file_without_answers_can_be_predicted(tmp_path: Path, schema: Schema, text: str) -> None:
    inputs = open_inputs(put(tmp_path, text), schema)
    assert inputs.x.tolist() == [[7, 8], [9, 10]]
    assert not inputs.has_targets
    with pytest.raises(DataError, match=r'"new.csv" has no "colour" to compare'):
        open_test(put(tmp_path, text), schema)


@pytest.mark.parametrize(
    "text", ["id,width,colour\n7,8,red\n9,10,red\n", "colour,id,width\nred,7,8\nred,9,10\n", "7,8,red\n9,10,red\n"]
)
def test_that_answers_keep_the_numbers_of_their_classes(tmp_path: Path, schema: Schema, text: str) -> None:
    data = open_test(put(tmp_path, text), schema)
    assert schema.class_names == ("blue", "green", "red")
    assert data.x.tolist() == [[7, 8], [9, 10]]
    assert data.y.tolist() == [2, 2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,widht\n1,2\n", 'has no column "width".*Did you mean "widht"'),
        ("id,width,colour\n1,2,pink\n", 'class "pink", which the network has not learned. It knows: blue, green, red'),
        ("id,width\n1,wide\n", 'column "width" of "new.csv" should hold numbers, but row 2 has "wide"'),
        ("1,2,3,4\n5,6,7,8\n", "has 4 columns, but the network was trained on 2"),
    ],
)
def test_that_a_file_of_another_form_gets_a_sentence(tmp_path: Path, schema: Schema, text: str, words: str) -> None:
    with pytest.raises(DataError, match=words):
        open_inputs(put(tmp_path, text), schema)


def test_that_a_target_in_the_first_column_without_header_is_found(tmp_path: Path) -> None:
    path = put(tmp_path, "0,5,6\n1,7,8\n0,9,9\n1,5,5\n")
    schema = Schema.of(open_source(path, "column 1"))
    assert open_inputs(path, schema).x.tolist()[0] == [5, 6]
    assert open_inputs(put(tmp_path, "5,6\n7,8\n"), schema).x.tolist() == [[5, 6], [7, 8]]
    assert open_test(put(tmp_path, "label,a,b\n1,5,6\n1,7,8\n"), schema).y.tolist() == [1, 1]


def test_that_numbers_that_look_like_classes_stay_numbers(tmp_path: Path) -> None:
    schema = Schema.of(open_source(put(tmp_path, "a,price\n1,10.5\n2,20.5\n")))
    data = open_test(put(tmp_path, "a,price\n1,1\n2,1\n3,0\n4,0\n"), schema)
    assert data.y.dtype == np.float64
    assert data.y.tolist() == [1, 1, 0, 0]


def test_that_a_built_in_data_set_can_be_predicted() -> None:
    data = open_source("iris")
    inputs = open_inputs("iris", Schema.of(data))
    np.testing.assert_array_equal(inputs.x, data.x)
    np.testing.assert_array_equal(inputs.y, data.y)


def test_that_a_table_is_refused_by_a_network_for_images(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="28 × 28"):
        open_inputs(put(tmp_path, TRAINED), Schema.of(open_source("mnist-5k")))


def test_that_a_schema_made_from_words_reads_an_array_in_its_order(tmp_path: Path, schema: Schema) -> None:
    np.savez(tmp_path / "new.npz", x=[[7.0, 8.0]])
    assert open_inputs(str(tmp_path / "new.npz"), schema).x.tolist() == [[7, 8]]


def test_that_one_number_may_be_stored_with_or_without_an_axis(tmp_path: Path) -> None:
    np.savez(tmp_path / "new.npz", x=[[7.0, 8.0]], y=[0.5])
    schema = Schema((2,), Target(shape=(1,)), feature_names=("a", "b"))
    assert open_test(str(tmp_path / "new.npz"), schema).y.tolist() == [0.5]
