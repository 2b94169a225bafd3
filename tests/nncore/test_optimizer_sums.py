"""The sums of optimizers: one pass or two, the same numbers."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.computing import blas
from nncore.optimizers import Optimizer, sums
from nncore.optimizers.sums import FUSED_FROM, FusedSums, Sums
from nncore.types import Array
from tests.nncore import harness
from tests.nncore.optimizer_cases import SETTINGS, advance, bound, gradients

DTYPES = [np.float32, np.float64]


def arrays(dtype: type[np.floating], size: int = FUSED_FROM) -> tuple[Array, Array]:
    x, y = np.random.default_rng(0).standard_normal((2, size)).astype(dtype)
    return x, y


def way(dtype: type[np.floating], *given: Array) -> Sums:
    return sums.sums(np.dtype(dtype), [given])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [FUSED_FROM, 3])
@pytest.mark.parametrize("keep", [0.0, 0.9, 1.0])
def test_that_a_decaying_sum_keeps_a_share_and_adds_the_rest(keep: float, size: int, dtype: type[np.floating]) -> None:
    x, y = arrays(dtype, size)
    expected = dtype(keep) * y.astype(np.float64) + x
    way(dtype, x, y).decay(keep)(y, x)
    np.testing.assert_allclose(y, expected, rtol=4 * np.finfo(dtype).eps, atol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [FUSED_FROM, 3])
def test_that_a_descent_takes_the_rate_of_its_own_step(size: int, dtype: type[np.floating]) -> None:
    x, y = arrays(dtype, size)
    summing = way(dtype, x, y)
    for rate in (0.5, 0.0, 1e-3):
        given = x.copy()
        expected = y - rate * x.astype(np.float64)
        summing.descent(rate)(y, x)
        np.testing.assert_allclose(y, expected, rtol=4 * np.finfo(dtype).eps, atol=4 * np.finfo(dtype).eps)
        x[...] = given  # it may be used up


def test_that_small_arrays_stay_with_numpy_and_large_ones_only_where_blas_has_no_such_sum(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert type(way(np.float32, *arrays(np.float32, FUSED_FROM - 1))) is Sums
    large = arrays(np.float32)
    assert isinstance(way(np.float32, *large), FusedSums) == (blas._axpby("f") is not None)
    monkeypatch.setattr(blas, "_axpby", lambda _: None)
    assert type(way(np.float32, *large)) is Sums


@pytest.mark.parametrize("spec", SETTINGS, ids=harness.describe)
@pytest.mark.parametrize("dtype", DTYPES)
def test_that_an_optimizer_learns_the_same_in_one_pass_and_in_two(
    spec: Optimizer, dtype: type[np.floating], monkeypatch: pytest.MonkeyPatch
) -> None:
    size, found = 2 * FUSED_FROM + 5, []
    for function in (blas._axpby, lambda _: None):  # where there is none, both are the second
        monkeypatch.setattr(blas, "_axpby", function)
        parameters, gradient, updater = bound(spec, size, dtype)
        advance(updater, gradient, gradients(size), 20)
        found.append(parameters)
    np.testing.assert_allclose(*found, rtol=100 * np.finfo(dtype).eps, atol=100 * np.finfo(dtype).eps)
