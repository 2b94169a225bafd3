"""Numbers too small to matter count as 0 while a network learns, and only then."""

from __future__ import annotations

import platform
import sys

import numpy as np

from nncore.computing.subnormals import as_zero
from nncore.computing.threads import Team

KNOWN = sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64") and platform.libc_ver()[0] == "glibc"


def product(size: float = 1e-20) -> float:
    """Return a product that is subnormal in single precision."""
    factors = np.full(1000, size, np.float32)
    return float((factors * factors).max())


def test_that_tiny_products_are_zero_inside_where_the_system_is_known_and_as_before_outside() -> None:
    before = product()
    assert before > 0
    with as_zero():
        inside = product()
        with as_zero():
            assert product() == inside
        assert product() == inside
    assert inside == (0 if KNOWN else before)
    assert product() == before


def test_that_normal_numbers_are_what_they_were() -> None:
    x = np.random.default_rng(0).standard_normal(1000)
    with as_zero():
        inside = np.exp(x) / 3
    np.testing.assert_array_equal(inside, np.exp(x) / 3)


def test_that_both_hands_of_a_team_compute_alike() -> None:
    found: list[float] = []
    team = Team()
    with team.at_work():
        team.run(lambda: found.append(product()), lambda: found.append(product()))
    assert found[0] == found[1]
    assert product() > 0
