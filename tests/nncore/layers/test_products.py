"""Matrix products in pieces: of the size that the library is fast with, and the same numbers as at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from nncore.computing.threads import Team
from nncore.layers import products
from nncore.layers.products import SHARED_FROM, SMALL, product
from nncore.types import Array

SHAPES = [
    (32, 784, 128),
    (32, 784, 100),
    (10, 784, 256),
    (10, 784, 400),
    (100, 256, 64),
    (33, 401, 132),
    (640, 16, 256),
    (8, 509, 500),
]


@pytest.fixture(autouse=True)
def small_products(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a processor with AVX-512, whatever the one that tests."""
    monkeypatch.setattr(products, "has_small_products", lambda: True)


def matrices(rows: int, inner: int, columns: int, transposed: bool = False) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(0)
    a = rng.standard_normal((inner, rows)).T if transposed else rng.standard_normal((rows, inner))
    return a, rng.standard_normal((inner, columns)), np.full((rows, columns), np.nan)


def pieces(a: Array, b: Array, out: Array) -> list[tuple[int, int]]:
    return [part.shape for _, _, part in products._pieces(a, b, out)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("transposed", [False, True])
def test_that_pieces_make_the_whole_product(shape: tuple[int, int, int], transposed: bool) -> None:
    a, b, out = matrices(*shape, transposed)
    assert len(pieces(a, b, out)) > 1
    product(Team(), a, b, out)()
    np.testing.assert_allclose(out, np.einsum("ij,jk->ik", a, b, optimize=False), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("transposed", [False, True])
def test_that_no_piece_is_too_large_and_all_but_the_last_are_alike(
    shape: tuple[int, int, int], transposed: bool
) -> None:
    found = pieces(*matrices(*shape, transposed))
    assert all(rows * columns * shape[1] <= SMALL for rows, columns in found)
    assert len(set(found[:-1])) == 1
    rows, columns, whole = *found[0], (shape[0], shape[2])
    assert columns == whole[1] if not transposed else rows == whole[0]


def test_that_pieces_follow_the_side_that_measured_faster() -> None:
    assert pieces(*matrices(32, 784, 128)) == [(8, 128)] * 4
    assert pieces(*matrices(784, 32, 128, transposed=True)) == [(784, 32)] * 4


@pytest.mark.parametrize(
    "given",
    [
        lambda: matrices(10, 10, 10),
        lambda: matrices(2, SHARED_FROM // 4, 2),
        lambda: matrices(1, 1250, 1000),
        lambda: matrices(1250, 1000, 1, transposed=True),
        lambda: matrices(34, 580, 153),
        lambda: matrices(32, 1000, 32, transposed=True),
        lambda: matrices(229, 1260, 12, transposed=True),
        lambda: (np.ones((32, 128)), np.ones((784, 128)).T, np.ones((32, 784))),
    ],
)
def test_that_what_gains_nothing_is_made_at_once(given: Callable[[], tuple[Array, Array, Array]]) -> None:
    a, b, out = given()
    assert pieces(a, b, out) == [out.shape]


def test_that_another_library_makes_every_product_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "has_small_products", lambda: False)
    assert pieces(*matrices(32, 784, 128)) == [(32, 128)]


def test_that_the_halves_of_two_hands_are_made_in_pieces_too() -> None:
    a, b, out = matrices(32, 1600, 128)
    made: list[object] = []
    team = Team()
    team.run = lambda *jobs: made.extend(job() for job in jobs)  # type: ignore[method-assign]
    product(team, a, b, out)()
    assert len(made) == 2
    np.testing.assert_allclose(out, a @ b, rtol=1e-9, atol=1e-9)
    assert len(pieces(a, b[:, :64], out[:, :64])) == 4


@pytest.mark.parametrize("transposed", [False, True])
def test_that_the_numbers_of_each_call_are_those_that_are_then_there(transposed: bool) -> None:
    a, b, out = matrices(32, 784, 128, transposed)
    multiply = product(Team(), a, b, out)
    for factor in (1.0, -2.0):
        a *= factor
        multiply()
        np.testing.assert_allclose(out, np.einsum("ij,jk->ik", a, b), rtol=1e-9, atol=1e-9)
