"""What the BLAS does beyond matrix products, against NumPy."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from nncore.computing import blas
from nncore.computing.blas import Axpby, has_small_products
from nncore.types import Array


@pytest.fixture
def _asked_anew() -> Iterator[None]:
    """Forget what is known of the library, and forget what is found without it."""
    for known in (has_small_products, blas._axpby):
        known.cache_clear()
    yield
    for known in (has_small_products, blas._axpby):
        known.cache_clear()


def arrays(size: int, dtype: type[np.floating]) -> tuple[Array, Array]:
    x, y = np.random.default_rng(size).standard_normal((2, size)).astype(dtype)
    return x, y


def has_axpby() -> bool:
    return blas._axpby("f") is not None


def test_that_the_library_of_numpys_wheels_is_found() -> None:
    libraries = blas._open_blas().info()
    assert has_axpby() == (blas._axpby("d") is not None)
    assert has_axpby() or not any("libscipy_openblas64_" in library["filepath"] for library in libraries)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1, 7, 100, 100_003])
@pytest.mark.parametrize(("a", "b"), [(1.0, 0.9), (-0.3, 1.0), (2.5, 0.0), (0.0, 0.7), (0.0, 1.0), (1.0, 1.0)])
def test_that_a_sum_in_one_pass_is_that_of_numpy(a: float, b: float, size: int, dtype: type[np.floating]) -> None:
    x, y = arrays(size, dtype)
    expected = dtype(a) * x + dtype(b) * y
    before = x.copy()
    if not has_axpby():
        with pytest.raises(NotImplementedError):
            Axpby([x, y])
        return
    Axpby([x, y])(a, x, b, y)
    np.testing.assert_allclose(y, expected, rtol=0, atol=8 * np.finfo(dtype).eps)
    np.testing.assert_array_equal(x, before)


@pytest.mark.usefixtures("_asked_anew")
def test_that_without_openblas_nothing_is_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = blas._open_blas().select(internal_api="another")
    monkeypatch.setattr(blas, "_open_blas", lambda: nothing)
    assert not has_small_products()
    with pytest.raises(NotImplementedError):
        Axpby(arrays(10, np.float32))


def test_that_other_dtypes_are_left_to_numpy() -> None:
    with pytest.raises(NotImplementedError):
        Axpby([np.ones(3, np.float16)])
