"""Tables: CSV as schools save it, Excel, Parquet; and for every bad cell its column, row and value."""

from __future__ import annotations

import importlib
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nncore.datasets import Data, open_source
from nncore.errors import DataError

PLAIN = "age,size,kind\n1,2.5,cat\n3,4,dog\n5,6,cat\n"


def opened(tmp_path: Path, content: str | bytes, target: str | None = None, name: str = "pets.csv") -> Data:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_source(str(path), target)


def test_that_words_in_the_last_column_are_classes(tmp_path: Path) -> None:
    data = opened(tmp_path, PLAIN)
    assert (data.name, data.kind, data.target.classes) == ("pets.csv", "points", 2)
    assert (data.feature_names, data.target_name, data.class_names) == (("age", "size"), "kind", ("cat", "dog"))
    assert data.x.tolist() == [[1, 2.5], [3, 4], [5, 6]]
    assert data.y.tolist() == [0, 1, 0]


def test_that_the_target_may_be_any_column(tmp_path: Path) -> None:
    data = opened(tmp_path, "price,a,b\n10.5,1,2\n20.5,3,4\n", "price")
    assert (data.feature_names, data.kind, data.target.classes) == (("a", "b"), "table", 0)
    assert data.y.tolist() == [10.5, 20.5]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", ", "),
        PLAIN.replace(",", ";").replace("2.5", "2,5"),
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\n\n"),
        "\n\n" + PLAIN + ",,\n,,\n",
        PLAIN.replace("\n", ",\n"),
        PLAIN.replace("cat", '"cat"').replace("2.5", '"2.5"'),
        PLAIN.removesuffix("\n"),
        "\ufeff" + PLAIN,
        PLAIN.encode("utf-16"),
    ],
    ids=[
        "semicolons",
        "tabs",
        "spaces after commas",
        "decimal commas",
        "windows line ends",
        "blank lines between",
        "blank rows around",
        "a column without anything",
        "quotes",
        "no last line end",
        "byte order mark",
        "utf-16",
    ],
)
def test_that_every_usual_way_of_writing_a_table_gives_the_same_data(tmp_path: Path, content: str | bytes) -> None:
    data = opened(tmp_path, content)
    assert data.feature_names == ("age", "size")
    assert data.class_names == ("cat", "dog")
    assert data.x.tolist() == [[1, 2.5], [3, 4], [5, 6]]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_that_umlauts_survive(tmp_path: Path, encoding: str) -> None:
    data = opened(tmp_path, "größe,b,kind\n1,2,bär\n3,4,möwe\n".encode(encoding))
    assert (data.feature_names[0], data.class_names) == ("größe", ("bär", "möwe"))


def test_that_the_euro_sign_of_a_german_spreadsheet_survives(tmp_path: Path) -> None:
    data = opened(tmp_path, "m²;Preis (€)\n1,5;2,5\n3,5;4,5\n".encode("cp1252"))
    assert (data.feature_names, data.target_name) == (("m²",), "Preis (€)")


def test_that_a_byte_that_windows_does_not_know_is_no_reason_to_refuse_a_table(tmp_path: Path) -> None:
    assert opened(tmp_path, b"\x81\xe4;b\n1,5;2,5\n").feature_names == ("\x81ä",)


@pytest.mark.parametrize(
    "content",
    ["1,2,0\n3,4,1\n5,6,0\n7,8,1\n", "5.1,3.5,setosa\n4.9,3.0,setosa\n6.3,3.3,virginica\n5.8,2.7,virginica\n"],
)
def test_that_a_missing_header_is_noticed(tmp_path: Path, content: str) -> None:
    data = opened(tmp_path, content)
    assert len(data.x) == 4
    assert (data.feature_names, data.target_name) == (("column 1", "column 2"), "column 3")


def test_that_years_in_a_header_are_names(tmp_path: Path) -> None:
    assert opened(tmp_path, "2019,2020,kind\n1,2,a\n3,4,b\n").feature_names == ("2019", "2020")


@pytest.mark.parametrize(
    ("cells", "class_names"),
    [
        ([0, 1, 0, 1], ("0", "1")),
        ([-1, 1, -1, 1], ("-1", "1")),
        ([3, 4, 5, 3, 4, 5], ("3", "4", "5")),
        (["0.0", "1.0", "0.0", "1.0"], ("0", "1")),
        ([True, False, True], ("False", "True")),
        ([1, 2, 3, 4], ()),
        ([10, 250, 4000, 10, 250, 4000], ()),
        (["0.5", "1.5", "0.5", "1.5"], ()),
        (["3.0", "5.0", "3.0", "5.0"], ()),
        (list(range(21)) * 3, ()),
        (list(range(20)) * 3, tuple(map(str, range(20)))),
    ],
)
def test_that_classes_and_measurements_are_told_apart(
    tmp_path: Path, cells: list[object], class_names: tuple[str, ...]
) -> None:
    data = opened(tmp_path, "a,b\n" + "".join(f"{row * 0.1},{cell}\n" for row, cell in enumerate(cells)))
    assert data.class_names == class_names
    assert data.target.classes == len(class_names)


def test_that_decimal_commas_may_have_points_between_the_thousands(tmp_path: Path) -> None:
    content = 'price;size;old\n1.162.682,30;52,8;True\n-950,00;1.046,5;False\n"1,5";7;True\n'
    data = opened(tmp_path, content, "price")
    assert data.y.tolist() == [1162682.3, -950, 1.5]
    assert data.x.tolist() == [[52.8, 1], [1046.5, 0], [7, 1]]


def test_that_a_header_is_told_from_numbers_with_points_between_the_thousands(tmp_path: Path) -> None:
    assert opened(tmp_path, "1.162,30;52,8\n2.950,25;46,5\n").x.tolist() == [[1162.3], [2950.25]]


def test_that_all_cells_without_a_value_are_counted(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r'Row 2 and 2 others of "pets\.csv" have no value in the column "a"'
    ) as refused:
        opened(tmp_path, "a,b\n,1.5\n2,2.5\nNA,3.5\n?,4.5\n5,0.5\n6,0.5\n7,0.5\n")
    assert refused.value.remedy == "Fill in the cells, or remove the rows."


def test_that_too_many_words_as_targets_are_not_taken_for_measurements(tmp_path: Path) -> None:
    rows = "".join(f"{number}.5,street {number}\n" for number in range(10_001))
    with pytest.raises(DataError, match="too many for classes") as refused:
        opened(tmp_path, f"a,b\n{rows}")
    assert refused.value.remedy.startswith("Choose another column as the target")


def test_that_truth_values_are_numbers_in_a_feature(tmp_path: Path) -> None:
    assert opened(tmp_path, "a,b\nTrue,0.5\nFalse,1.5\n").x.tolist() == [[1], [0]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (PLAIN.replace("4,dog", "young,dog"), 'column "size" of "pets.csv" should hold numbers, but row 3 has "young"'),
        (PLAIN.replace("4,dog", ",dog"), 'Row 3 of "pets.csv" has no value in the column "size"'),
        (PLAIN.replace("4,dog", "NA,dog"), 'Row 3 of "pets.csv" has no value in the column "size"'),
        (PLAIN.replace("4,dog", "nan,dog"), 'Row 3 of "pets.csv" has no value in the column "size"'),
        (PLAIN.replace("4,dog", "4, "), 'Row 3 of "pets.csv" has no value in the column "kind"'),
        (PLAIN.replace("3,4,dog", "3,4"), 'Row 3 of "pets.csv" has no value in the column "kind"'),
        (PLAIN.replace("4,dog", "-inf,dog"), 'column "size" of "pets.csv" has an infinite number in row 3: -inf'),
        (PLAIN.replace("4,dog", "1e999,dog"), "infinite number in row 3"),
        (PLAIN.replace("3,4", "\n\n3,x"), 'row 5 has "x"'),
        ("\n\n" + PLAIN.replace("3,4", "3,x"), 'row 5 has "x"'),
        ("1,2,a\n3,x,b\n5,6,a\n7,8,b\n", 'row 2 has "x"'),
        ("a,b\n1,0.5\n2,high\n3,1.5\n", 'column "b" of "pets.csv" should hold numbers, but row 3 has "high"'),
        ("a,b\n1,0.5\n2,\n3,1.5\n", 'Row 3 of "pets.csv" has no value in the column "b"'),
        ("a,b\n" + "x" * 99 + ",1\n2,2\n", 'row 2 has "x{37}\\.\\.\\."'),
        (PLAIN.replace("3,4", "3,4,5"), 'Row 3 of "pets.csv" has 4 cells, but the first row has 3'),
        (PLAIN.replace("1,2.5", "1,2.5,9"), 'Row 2 of "pets.csv" has 4 cells, but the first row has 3'),
        ("", "is empty"),
        ("\n\n \n", "is empty"),
        ("a,b,c\n", "has no rows below its header"),
        ("a\n1\n2\n", 'has only one column, "a"'),
        ("a b\n1 2\n", "has only one column.*comma, semicolon or tab"),
        ("a,a,b\n1,2,3\n", 'two columns called "a"'),
        ('a,b\n1,"2\n3,4\n', "ends within a quoted cell"),
        (b"\x89PNG\r\n\0\0\0\rIHDR", "is not a text file"),
        (b"\xff\xfea\xd8", "is not a text file"),
    ],
)
def test_that_what_is_wrong_in_a_table_is_named(tmp_path: Path, content: str | bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        opened(tmp_path, content)


@pytest.mark.parametrize(
    ("cells", "advice"),
    [
        (["1", "2", "abc", "4"], "Correct the cell, or remove the row"),
        (["red", "blue", "red", "green"], 'one column of 0 and 1 for each of "blue", "green", "red", or remove it'),
        (["2024-01-01", "2024-01-02", "2024-02-01", "2024-03-01"], "write the dates as numbers"),
        (["1.2.2024", "2.2.2024", "3.2.2024", "4.2.2024"], "write the dates as numbers"),
        (['"1,000"', "12", '"1,500.5"', "20"], "without signs between the thousands"),
        (["12.345.678", "12", "2.000.000", "20"], "without signs between the thousands"),
        (["1 000", "2 000", "3 000", "4 000"], "without signs between the thousands"),
    ],
)
def test_that_the_advice_fits_what_is_in_the_column(tmp_path: Path, cells: list[str], advice: str) -> None:
    rows = "".join(f"{cell},1,{'ab'[number % 2]}\n" for number, cell in enumerate(cells))
    with pytest.raises(DataError, match=r'The column "first" of "pets\.csv" should hold numbers') as caught:
        opened(tmp_path, f"first,second,kind\n{rows}")
    assert advice in caught.value.remedy


def test_that_advice_about_many_words_does_not_list_them(tmp_path: Path) -> None:
    rows = "".join(f"word {number},1,{'ab'[number % 2]}\n" for number in range(50))
    with pytest.raises(DataError) as caught:
        opened(tmp_path, f"first,second,kind\n{rows}")
    assert caught.value.remedy.startswith("Remove the column, write its words as numbers")


def test_that_an_unknown_target_offers_the_nearest_column(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r'"pets.csv" has no column "knd". Did you mean "kind"'):
        opened(tmp_path, PLAIN, "knd")


@given(content=st.text(st.sampled_from('1.5ab,;\n"\t -é'), max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
def test_that_any_text_is_a_table_or_gets_a_sentence(tmp_path: Path, content: str) -> None:
    try:
        data = opened(tmp_path, content)
    except DataError:
        return
    assert data.x.shape == (len(data.y), len(data.feature_names))
    assert np.isfinite(data.x).all()


# --- Excel and Parquet ------------------------------------------------------------------------------------------

FRAME = pd.DataFrame({"age": [1, 3, 5], "size": [2.5, 4, 6], "kind": ["cat", "dog", "cat"]})


def written(tmp_path: Path, frame: pd.DataFrame, suffix: str) -> str:
    path = tmp_path / f"pets{suffix}"
    if suffix == ".xlsx":
        frame.to_excel(path, index=False)
    else:
        frame.to_parquet(path, index=False)
    return str(path)


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_that_other_tables_are_read_like_csv(tmp_path: Path, suffix: str) -> None:
    data, same = open_source(written(tmp_path, FRAME, suffix)), opened(tmp_path, PLAIN)
    assert (data.feature_names, data.class_names, data.kind) == (same.feature_names, same.class_names, same.kind)
    assert data.x.tolist() == same.x.tolist()
    assert data.y.tolist() == same.y.tolist()


@pytest.mark.parametrize("cell", ["", "n/a"])
def test_that_a_missing_cell_does_not_make_decimal_commas_words(tmp_path: Path, cell: str) -> None:
    with pytest.raises(DataError, match=r'Row 3 of "pets\.csv" has no value in the column "size"'):
        opened(tmp_path, f"age;size;price\n1;2,5;600,15\n3;{cell};700\n5;6,25;800,5\n")
    # Commas that are no decimal commas stay as they are.
    classes = opened(tmp_path, "age;size;kind\n1;2,5;1,2,3\n3;4;b\n5;6,25;b\n")
    assert classes.class_names == ("1,2,3", "b")


@pytest.mark.parametrize(("suffix", "row"), [(".xlsx", 3), (".parquet", 2)])
def test_that_bad_cells_of_other_tables_are_named(tmp_path: Path, suffix: str, row: int) -> None:
    # A Parquet file has no header row, so its first row of data is row 1.
    frame = FRAME.assign(size=["2.5", "young", "6"])
    with pytest.raises(DataError, match=f'column "size" of "pets{suffix}" .* row {row} has "young"'):
        open_source(written(tmp_path, frame, suffix))
    frame = FRAME.assign(size=[2.5, None, 6])
    with pytest.raises(DataError, match=f'Row {row} of "pets{suffix}" has no value in the column "size"'):
        open_source(written(tmp_path, frame, suffix))


def test_that_dates_are_no_numbers(tmp_path: Path) -> None:
    frame = FRAME.assign(age=pd.to_datetime(["2020-01-01"] * 3))
    for suffix in (".xlsx", ".parquet"):
        with pytest.raises(DataError, match='has "2020-01-01'):
            open_source(written(tmp_path, frame, suffix))


@pytest.mark.parametrize("suffix", [".xlsx", ".parquet"])
def test_that_damaged_files_get_a_sentence(tmp_path: Path, suffix: str) -> None:
    content = Path(written(tmp_path, FRAME, suffix)).read_bytes()
    for damaged in (b"no such format" * 20, content[: len(content) // 2], content[:-10]):
        with pytest.raises(DataError, match="is not a"):
            opened(tmp_path, damaged, name=f"pets{suffix}")


def test_that_an_empty_sheet_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"first sheet of .* is empty"):
        open_source(written(tmp_path, pd.DataFrame(), ".xlsx"))


def test_that_a_workbook_which_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = Path(written(tmp_path, FRAME, ".xlsx"))
    content = bytearray(path.read_bytes())
    place = content.find(b"PK\x01\x02") + 24
    content[place : place + 4] = (0xF0000000).to_bytes(4, "little")
    path.write_bytes(bytes(content))
    assert zipfile.is_zipfile(path)
    with pytest.raises(DataError, match="at most 2 GB"):
        open_source(str(path))


@pytest.mark.parametrize(("suffix", "library"), [(".xlsx", "openpyxl"), (".parquet", "pyarrow")])
def test_that_a_missing_library_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, library: str
) -> None:
    path = written(tmp_path, FRAME, suffix)
    importlib.import_module(library)
    for name in [name for name in sys.modules if name.split(".")[0] == library]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(DataError, match=rf"library {library}.*pip install {library}"):
        open_source(path)
