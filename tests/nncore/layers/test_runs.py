"""Numbers that lie side by side, moved as one item."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.layers.convolution.runs import as_items


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_items_are_views_that_copy_all_their_numbers(dtype: type[np.floating]) -> None:
    source = np.random.default_rng(0).normal(size=(4, 5, 3)).astype(dtype)
    source[0, 0, 0] = np.nan
    target = np.zeros((5, 4, 3), dtype)
    items = as_items(target)
    assert items.shape == (5, 4)
    assert np.shares_memory(items, target)
    np.copyto(items, as_items(source).T)
    np.testing.assert_array_equal(target, source.transpose(1, 0, 2))


def test_that_numbers_with_gaps_between_them_are_no_item() -> None:
    with pytest.raises(ValueError, match="contiguous"):
        as_items(np.zeros((4, 6))[:, ::2])
