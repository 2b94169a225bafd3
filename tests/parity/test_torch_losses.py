"""Every loss against PyTorch: value and gradient, with sample weights, masks, and fused with its activation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import DTypeLike

from nncore.losses import LOSSES, Loss
from nncore.types import Array
from tests.parity.comparing import assert_same
from tests.parity.engine import DTYPES, ROWS
from tests.parity.torch_activations import activate
from tests.parity.torch_losses import LossVariant, draw, loss_variants, mean_loss

SHAPES = ((3,), (1,), (4, 3))


def fusing_variants() -> list[Any]:
    return [
        parameter
        for parameter in loss_variants()
        if LOSSES.get(parameter.values[0]).fuses and parameter.values[1].keywords.get("from_logits") is True
    ]


def compare(
    name: str,
    variant: LossVariant,
    shape: tuple[int, ...],
    dtype: DTypeLike,
    *,
    fused: bool = False,
    weights: Array | None = None,
    mask: Array | None = None,
) -> None:
    """Compare value and gradient of one batch."""
    keywords = dict(variant.keywords)
    if fused:  # the loss then gets logits as well, from the layer whose activation it absorbs
        del keywords["from_logits"]
    rng = np.random.default_rng(5)
    target = draw(variant.targets, shape, rng)
    target = target if variant.targets == "index" else target.astype(dtype)
    output = draw(variant.outputs, shape, rng).astype(dtype)
    gradient = np.full(shape, np.nan, dtype)
    spec: Loss = LOSSES.get(name)(**keywords)
    op = spec.compile(output.copy(), gradient, target.copy(), fused)
    op.weights = None if weights is None else weights.astype(dtype)
    op.mask = mask
    value = op.forward()
    op.backward()

    y = torch.tensor(output, dtype=torch.float64, requires_grad=True)
    t = torch.tensor(target, dtype=torch.int64 if variant.targets == "index" else torch.float64)
    w = None if weights is None else torch.tensor(weights.astype(dtype), dtype=torch.float64)
    m = None if mask is None else torch.tensor(mask)
    expected = mean_loss(name, t, y, w, m, **variant.keywords)
    expected.backward()
    assert y.grad is not None
    what = f"{name}({variant}), {shape}, {np.dtype(dtype)}"
    assert_same(value, float(expected.detach()), dtype, f"{what}: value")
    # The gradient of a mean over n numbers is n times smaller than what is of magnitude 1.
    scale = len(output) * (output.shape[1] if output.ndim > 2 else 1)
    assert_same(gradient * scale, y.grad.numpy() * scale, dtype, f"{what}: gradient")
    if fused:
        assert_same(op.output, activate(spec.fuses, y).detach().numpy(), dtype, f"{what}: activated output")


@pytest.mark.parametrize(("name", "variant"), loss_variants())
def test_that_value_and_gradient_are_those_of_pytorch(name: str, variant: LossVariant) -> None:
    for rows in ROWS:
        for shape in SHAPES:
            if shape == (1,) and (variant.targets == "one-hot" or variant.outputs == "distribution"):
                continue  # one class: nothing to compare
            for dtype in DTYPES:
                compare(name, variant, (rows, *shape), dtype)


@pytest.mark.parametrize(("name", "variant"), loss_variants())
def test_that_sample_weights_count_as_in_keras(name: str, variant: LossVariant) -> None:
    weights = np.array([2.0, 0.0, 0.5, 1.0, 3.0])
    for shape in ((5, 3), (5, 4, 3)):
        for dtype in DTYPES:
            compare(name, variant, shape, dtype, weights=weights)


@pytest.mark.parametrize(("name", "variant"), loss_variants())
def test_that_masked_time_steps_count_as_in_keras(name: str, variant: LossVariant) -> None:
    mask = np.array([[True, True, False, False], [True, True, True, True], [True, False, True, False]])
    for dtype in DTYPES:
        compare(name, variant, (3, 4, 3), dtype, mask=mask)
        compare(name, variant, (3, 4, 3), dtype, mask=mask, weights=np.array([2.0, 0.5, 0.0]))


@pytest.mark.parametrize(("name", "variant"), fusing_variants())
def test_that_a_fused_loss_is_activation_and_loss(name: str, variant: LossVariant) -> None:
    mask = np.array([[True, True, False, False], [True, True, True, True], [True, False, True, False]])
    for dtype in DTYPES:
        for rows in ROWS:
            compare(name, variant, (rows, 3), dtype, fused=True)
        compare(name, variant, (3, 4, 3), dtype, fused=True, mask=mask, weights=np.array([2.0, 0.5, 1.0]))
