"""Gradient clipping and weight decay, which every optimizer has."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.errors import FieldError
from nncore.optimizers import OPTIMIZERS, SGD, AdamW, Optimizer
from nncore.optimizers.clipping import clip, limit_norm
from tests.nncore.optimizer_cases import Reference, bound, follow, gradients

SEGMENTS = [(0, 7), (7, 1), (8, 12)]
ALL = list(OPTIMIZERS)

each_optimizer = pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)


@each_optimizer
@pytest.mark.parametrize("limit", [{"clipnorm": 0.8}, {"clipvalue": 0.3}, {"global_clipnorm": 1.2}], ids=str)
def test_that_each_optimizer_steps_along_the_clipped_gradient(cls: type[Optimizer], limit: dict[str, float]) -> None:
    spec = cls(0.1, **limit)  # type: ignore[arg-type]  # all are numbers
    parameters, gradient, updater = bound(spec, 20, segments=SEGMENTS)
    reference = Reference(parameters.copy())
    source = gradients(20)
    for _ in range(5):
        gradient[...] = next(source)
        follow(reference, spec, gradient, SEGMENTS)
        updater.step()
        np.testing.assert_allclose(parameters, reference.w, rtol=1e-10)


def test_that_clipnorm_limits_each_weight_array_and_global_clipnorm_all_together() -> None:
    for limit, segments, expected in (
        ({"clipnorm": 1.0}, [(0, 2), (2, 2)], [0.6, 0.8, 0.3, 0.4]),
        ({"clipnorm": 1.0}, None, np.array([3, 4, 0.3, 0.4]) / np.sqrt(25.25)),
        ({"global_clipnorm": 1.0}, [(0, 2), (2, 2)], np.array([3, 4, 0.3, 0.4]) / np.sqrt(25.25)),
        ({"clipvalue": 0.35}, [(0, 2), (2, 2)], [0.35, 0.35, 0.3, 0.35]),
    ):
        _, gradient, updater = bound(SGD(**limit), 4, segments=segments)  # type: ignore[arg-type]
        gradient[...] = [3, 4, 0.3, 0.4]
        clip(updater.spec, gradient, updater.segments)
        np.testing.assert_allclose(gradient, expected, rtol=1e-15)


def test_that_a_gradient_within_the_limit_is_left_alone_to_the_last_bit() -> None:
    vector = np.random.default_rng(0).normal(size=100)
    before = vector.copy()
    limit_norm(vector, 1000.0)
    np.testing.assert_array_equal(vector, before)
    zeros = np.zeros(3, np.float32)
    limit_norm(zeros, 1e-30)
    assert not zeros.any()


def test_that_a_gradient_whose_square_overflows_keeps_its_direction() -> None:
    vector = np.array([3e30, -4e30, 0], np.float32)
    limit_norm(vector, 5.0)
    np.testing.assert_allclose(vector, [3, -4, 0], rtol=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("limit", ["clipnorm", "global_clipnorm"])
def test_that_clipping_does_not_hide_what_is_not_finite(bad: float, limit: str) -> None:
    parameters, gradient, updater = bound(SGD(**{limit: 1.0}), 4)  # type: ignore[arg-type]
    gradient[1] = bad
    with np.errstate(all="ignore"):
        updater.step()
    assert np.isnan(parameters[1])


@each_optimizer
def test_that_two_kinds_of_clipping_are_refused(cls: type[Optimizer]) -> None:
    with pytest.raises(FieldError) as caught:
        cls(clipnorm=1.0, clipvalue=2.0)
    assert caught.value.sentence == f"{cls.__name__} takes only one kind of clipping, but has clipnorm and clipvalue."
    with pytest.raises(FieldError, match="clipvalue and global_clipnorm"):
        cls(clipvalue=1.0, global_clipnorm=2.0)


@each_optimizer
def test_that_weight_decay_shrinks_a_weight_without_gradient(cls: type[Optimizer]) -> None:
    parameters, _, updater = bound(cls(0.1, weight_decay=0.5), 10)
    before = parameters.copy()
    updater.step()
    np.testing.assert_allclose(parameters, 0.95 * before, rtol=1e-15)


def test_that_adamw_always_has_a_weight_decay() -> None:
    with pytest.raises(FieldError, match="weight_decay"):
        AdamW(weight_decay=None)  # type: ignore[arg-type]
