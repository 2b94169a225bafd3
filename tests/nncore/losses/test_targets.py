"""What a loss makes of the targets, and which it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.errors import DataError
from nncore.losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    Hinge,
    KLDivergence,
    Loss,
    SparseCategoricalCrossentropy,
)
from tests.nncore.losses.settings import ALL


def test_that_class_numbers_become_one_hot_rows_where_the_loss_needs_them() -> None:
    encoded = CategoricalCrossentropy().encode(np.array([2, 0]), (3,), 3, np.float32)
    np.testing.assert_array_equal(encoded, [[0, 0, 1], [1, 0, 0]])
    assert encoded.dtype == np.float32
    same = SparseCategoricalCrossentropy().encode(np.array([2, 0]), (3,), 3, np.float32)
    np.testing.assert_array_equal(same, [2, 0])
    assert same.dtype == np.int64
    one = BinaryCrossentropy().encode(np.array([1, 0]), (1,), 2, np.float64)
    np.testing.assert_array_equal(one, [[1.0], [0.0]])


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("number", [-1, 3])
def test_that_a_class_number_out_of_range_is_refused_with_its_place(cls: type[Loss], number: int) -> None:
    with pytest.raises(DataError, match=rf"from 0 to 2, but sample 2 has the class {number}\."):
        cls().encode(np.array([0, number, 1]), (3,), 3, np.float32)


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_that_a_class_number_out_of_range_in_a_sequence_is_named_with_its_position(cls: type[Loss]) -> None:
    y = np.array([[0, 1, 2, 0], [1, 2, -3, 0]])
    with pytest.raises(DataError, match=r"sample 2 has the class -3 at position 3\."):
        cls().encode(y, (4, 3), 3, np.float32)


def test_that_a_class_number_that_is_no_number_is_refused() -> None:
    with pytest.raises(DataError, match="sample 1 has the class nan"):
        SparseCategoricalCrossentropy().encode(np.array([np.nan, 1.0]), (3,), 3, np.float32)


def test_that_class_numbers_at_each_step_are_encoded_for_both_kinds_of_loss() -> None:
    y = np.array([[0, 2], [1, 1], [2, 0]])
    np.testing.assert_array_equal(SparseCategoricalCrossentropy().encode(y, (2, 3), 3, np.float32), y)
    np.testing.assert_array_equal(CategoricalCrossentropy().encode(y, (2, 3), 3, np.float32), np.eye(3)[y])
    rows = np.eye(3)[y]
    np.testing.assert_array_equal(CategoricalCrossentropy().encode(rows, (2, 3), 3, np.float32), rows)
    yes = np.array([[0, 1], [1, 1]])
    np.testing.assert_array_equal(BinaryCrossentropy().encode(yes, (2, 1), 2, np.float32), yes[..., None])


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_that_targets_of_the_wrong_width_are_refused_with_both_widths(cls: type[Loss]) -> None:
    classes = 3 if cls.target_kind == "index" else 0
    with pytest.raises(DataError, match=r"have 2 numbers for each sample, but the loss needs (1 number|3 numbers)\."):
        cls().encode(np.zeros((4, 2)), (3,), classes, np.float32)


@pytest.mark.parametrize("cls", [BinaryCrossentropy, CategoricalCrossentropy, KLDivergence])
def test_that_targets_outside_zero_and_one_are_refused_where_shares_are_needed(cls: type[Loss]) -> None:
    with pytest.raises(DataError, match=rf"{cls.type_name} needs targets from 0 to 1, .* from -0\.5 to 2"):
        cls().encode(np.array([[-0.5, 2.0]]), (2,), 0, np.float32)


def test_that_hinge_takes_signs_and_yes_or_no_alike() -> None:
    output = np.array([[0.3], [-2.0], [0.5]])
    signs, yes = np.array([[1.0], [-1.0], [-1.0]]), np.array([[1.0], [0.0], [0.0]])
    assert Hinge()(signs, output) == Hinge()(yes, output) == pytest.approx((0.7 + 0 + 1.5) / 3)
    with pytest.raises(DataError, match=r"there is the target 0\.5"):
        Hinge().encode(np.array([0.5, 1.0]), (1,), 0, np.float32)
