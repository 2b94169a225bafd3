"""Where a number that is no longer finite came from."""

from __future__ import annotations

import math

import numpy as np

from nncore.network import Network, layer_words
from nncore.plan import Bound, layout
from nncore.types import Array


def all_finite(flat: Array) -> bool:
    """Tell whether an array holds neither NaN nor infinity."""
    # The sum of the squares is finite in nearly every case, and then all numbers are; it costs a fraction.
    with np.errstate(over="ignore", invalid="ignore"):
        return math.isfinite(np.dot(flat, flat)) or bool(np.isfinite(flat).all())


def worst(flat: Array) -> float:
    """Return NaN if it is in the array, else infinity."""
    return math.nan if np.isnan(flat).any() else math.inf


def first_not_finite(network: Network, bound: Bound, parameters: Array, gradients: Array) -> str:
    """Return in words where NaN or infinity appeared first in the batch that ``bound`` has just computed.

    Learned weights come before outputs, because they were there before this batch; what a layer notes of its outputs,
    such as a moving mean, comes after them.

    Args:
        network: what was computed.
        bound: after ``forward`` and ``loss_value``.
        parameters: flat, as they are now.
        gradients: flat, of the learned parameters; those of an earlier batch if the loss itself is not finite.

    Returns:
        For example ``"in the output of layer 2 (Dense)"``, or ``"in the loss itself"``.
    """
    return (
        _broken_weights(network, parameters, trainable=True)
        or ("" if np.isfinite(bound.x).all() else "in the samples")
        or _broken_output(network, bound)
        or _broken_weights(network, parameters, trainable=False)
        or _broken_penalty(network, parameters)
        or ("" if np.isfinite(bound.target).all() else "in the targets")
        or _broken_weights(network, gradients, trainable=True).replace("in the", "at the", 1)
        or "in the loss itself"
    )


def broken_weights(network: Network, parameters: Array) -> str:
    """Return in words which weights are no finite numbers; nothing when all are."""
    if all_finite(parameters):
        return ""
    return _broken_weights(network, parameters, trainable=True) or _broken_weights(network, parameters, trainable=False)


def _broken_weights(network: Network, flat: Array, *, trainable: bool) -> str:
    """Return in words which part of a flat array is broken; of several the last, which the gradient reaches first."""
    for slot in reversed(layout(network)):
        if slot.weight.trainable == trainable and not np.isfinite(slot.view(flat)).all():
            return f"in the {slot.weight.name} of {layer_words(network, slot.layer)}"
    return ""


def _broken_output(network: Network, bound: Bound) -> str:
    for index, op in enumerate(bound.ops):
        if not np.isfinite(op.y).all():
            return f"in the output of {layer_words(network, index)}"
    return ""


def _broken_penalty(network: Network, parameters: Array) -> str:
    """Return in words which weights are so large that a regularizer's sum over them has no end."""
    for slot in layout(network):
        regularizer = slot.weight.regularizer
        with np.errstate(all="ignore"):
            if regularizer is not None and not math.isfinite(regularizer.penalty(slot.view(parameters))):
                return f"in the penalty on the {slot.weight.name} of {layer_words(network, slot.layer)}"
    return ""
