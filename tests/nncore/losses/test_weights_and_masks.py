"""Sample weights and masks, against Keras's rule written out: a mean over all places, weighted.

With a mask, a place that counts weighs (places) / (places that count), and another nothing.
"""

from __future__ import annotations

import numpy as np
import pytest

from nncore.activations import ACTIVATIONS
from nncore.errors import DataError
from nncore.losses import BinaryCrossentropy, LossOp, MeanSquaredError, SparseCategoricalCrossentropy
from nncore.types import Array
from tests.nncore.losses.settings import SETTINGS, WIDTH, Setting, each_setting

ROWS, TIME = 5, 3
MASK = np.array([[1, 1, 0], [1, 0, 0], [1, 1, 1], [0, 0, 0], [1, 1, 1]], dtype=bool)
WEIGHTS = np.array([0.5, 2.0, 0.0, 1.0, 3.0])

fused_or_not = pytest.mark.parametrize("fused", [True, False])


def logits() -> Array:
    return np.random.default_rng(3).normal(0, 1.5, (ROWS, TIME, WIDTH))


def activated(setting: Setting) -> Array:
    output = logits()
    ACTIVATIONS.get(setting.activation).forward(output.copy(), output)
    return output


def targets(setting: Setting) -> Array:
    raw = setting.raw_targets(ROWS * TIME)
    raw = raw.reshape(ROWS, TIME, *raw.shape[1:])
    return setting.loss.encode(raw, (TIME, WIDTH), setting.target.classes, np.float64)


def operation(setting: Setting, fused: bool = False) -> LossOp:
    output = logits() if fused else activated(setting)
    return setting.loss.compile(output, np.full_like(output, np.nan), targets(setting), fused)


def each_place(setting: Setting) -> Array:
    """Return the loss of each place, measured alone."""
    output, target = activated(setting), targets(setting)
    return np.array(
        [
            [setting.loss(target[row, step][None], output[row, step][None]) for step in range(TIME)]
            for row in range(ROWS)
        ]
    )


def cases() -> list[tuple[Setting, bool]]:
    return [(setting, fused) for setting in SETTINGS for fused in ((True, False) if setting.fusible else (False,))]


each_case = pytest.mark.parametrize(
    ("setting", "fused"), cases(), ids=lambda value: str(value) if isinstance(value, Setting) else f"fused={value}"
)


@each_case
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["alike", "weighted"])
@pytest.mark.parametrize("mask", [None, MASK], ids=["whole", "masked"])
def test_that_a_loss_is_weighted_like_in_keras(
    setting: Setting, fused: bool, weights: Array | None, mask: Array | None
) -> None:
    op = operation(setting, fused)
    op.weights, op.mask = weights, mask
    shares = np.ones((ROWS, TIME))
    if mask is not None:
        shares = mask * (mask.size / mask.sum())
    if weights is not None:
        shares = shares * weights[:, None]
    expected = float((each_place(setting) * shares).sum()) / (ROWS * TIME)
    assert op.forward() == pytest.approx(expected, rel=1e-6 if fused else 1e-12)
    op.backward()
    assert op.gradient is not None
    plain = operation(setting, fused)
    plain.forward()
    plain.backward()
    assert plain.gradient is not None
    np.testing.assert_allclose(op.gradient, plain.gradient * shares[..., None], rtol=1e-12, atol=1e-300)


@each_case
def test_that_the_weighted_gradient_is_that_of_the_weighted_loss(setting: Setting, fused: bool) -> None:
    op = operation(setting, fused)
    op.weights, op.mask = WEIGHTS, MASK
    values = op.logits if fused else op.output  # type: ignore[attr-defined]  # every fused operation has logits
    op.forward()
    op.backward()
    assert op.gradient is not None
    direction = np.random.default_rng(4).normal(size=values.shape)
    analytic = float((op.gradient.reshape(values.shape) * direction).sum())
    kept = values.copy()
    found = {}
    for step in (-2e-5, -1e-5, 1e-5, 2e-5):
        values[...] = kept + step * direction
        found[step] = op.forward()
    numeric = (8 * (found[1e-5] - found[-1e-5]) - (found[2e-5] - found[-2e-5])) / 12e-5
    assert analytic == pytest.approx(numeric, rel=1e-6, abs=1e-10)


@each_setting
def test_that_what_is_masked_has_no_influence(setting: Setting) -> None:
    op = operation(setting)
    op.mask = MASK
    before = op.forward()
    op.output[~MASK] = activated(setting)[::-1, ::-1][~MASK]
    assert op.forward() == pytest.approx(before, rel=1e-12)
    op.backward()
    assert op.gradient is not None
    assert not op.gradient[~MASK].any()


@each_setting
def test_that_a_batch_in_which_nothing_counts_has_no_loss(setting: Setting) -> None:
    op = operation(setting)
    op.mask = np.zeros_like(MASK)
    assert op.forward() == 0
    op.backward()
    assert op.gradient is not None
    assert not op.gradient.any()


@each_case
def test_that_weights_do_not_widen_the_floating_type(setting: Setting, fused: bool) -> None:
    output = (logits() if fused else activated(setting)).astype(np.float32)
    target = targets(setting)
    if target.dtype == np.float64:
        target = target.astype(np.float32)
    op = setting.loss.compile(output, np.zeros_like(output), target, fused)
    op.weights, op.mask = WEIGHTS.astype(np.float32), MASK
    losses = op.losses()
    assert losses.dtype == np.float32
    assert losses.shape == (ROWS, TIME)
    assert (losses * op._shares(losses)).dtype == np.float32
    op.backward()


def test_that_calling_a_loss_takes_sample_weights_like_in_keras() -> None:
    loss = MeanSquaredError()
    y, p = [[1.0], [2.0], [4.0]], [[2.0], [2.0], [2.0]]
    for weights in ([1, 2, 0.5], [[1], [2], [0.5]]):
        assert loss(y, p, sample_weight=weights) == pytest.approx((1 * 1 + 0.5 * 4) / 3)
    assert loss(y, p, sample_weight=2) == pytest.approx(2 * (1 + 4) / 3)
    steps = SparseCategoricalCrossentropy()([[0, 1]], [[[0.5, 0.5], [0.75, 0.25]]], sample_weight=[[0.0, 1.0]])
    assert steps == pytest.approx(-np.log(0.25) / 2)


def test_that_sample_weights_of_another_number_are_refused() -> None:
    with pytest.raises(DataError, match=r"sample weights are 2 numbers, but this output needs 3 numbers"):
        BinaryCrossentropy()([[1.0]] * 3, [[0.5]] * 3, sample_weight=[1.0, 2.0])
