"""``Sequential.summary``: columns as wide as what stands in them, and which parameters no gradient changes."""

from __future__ import annotations

import nncore as keras


def summary(*layers: keras.layers.Layer) -> list[str]:
    """Return the lines of the summary of a model for sequences (12, 2)."""
    printed: list[str] = []
    keras.Sequential([keras.Input((12, 2)), *layers]).summary(print_fn=printed.append)
    return printed[0].splitlines()


def test_that_long_names_do_not_push_numbers_out_of_their_columns() -> None:
    lines = summary(keras.layers.GlobalAveragePooling1D(), keras.layers.Dense(3, name="a_name_of_ones_own" * 3))
    assert len({len(line) for line in lines[1:]}) == 1
    assert lines[3].split() == ["global_average_pooling1d", "(GlobalAveragePooling1D)", "2", "0"]
    assert lines[4].split() == ["a_name_of_ones_own" * 3, "(Dense)", "3", "9"]


def test_that_parameters_are_divided_only_where_some_are_not_trainable() -> None:
    assert [line.split() for line in summary(keras.layers.Dense(3))[-1:]] == [["Trainable", "parameters", "9"]]
    lines = summary(keras.layers.LSTM(3), keras.layers.BatchNormalization())
    assert [line.split() for line in lines[-3:]] == [
        ["Parameters", "84"],
        ["Trainable", "parameters", "78"],
        ["Not", "trainable", "6"],
    ]
