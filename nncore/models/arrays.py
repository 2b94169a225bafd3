"""From the arrays that a script gives to the samples that a session takes; what does not fit is told in a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from nncore.datasets.base import TABLE, Data, Samples, Scaling, TrainingData
from nncore.datasets.prepare import check_finite
from nncore.errors import InputError
from nncore.losses import Loss, Target
from nncore.network import Network, conformed, same_numbers, shape_text
from nncore.types import FLOAT32, Array


def numbers(values: ArrayLike, what: str) -> Array:
    """Return the values as float32; raise ``InputError`` for words, and for rows of different lengths."""
    try:
        return np.asarray(values, dtype=FLOAT32)
    except (TypeError, ValueError) as error:
        reason = str(error).rstrip(".")
        raise InputError(
            f"The {what} are not an array of numbers: {reason}.", "Give numbers, and rows of the same length."
        ) from error


def checked_inputs(network: Network, x: Array) -> Array:
    """Return inputs that the network can take; raise ``InputError`` for another shape, or numbers it has no use for."""
    if not same_numbers(x.shape[1:], network.input_shape):
        raise InputError(
            f"The model expects samples of shape {shape_text(network.input_shape)}, but got {shape_text(x.shape[1:])}.",
            "Reshape the samples, or change the input_shape.",
        )
    check_finite(x, "x", "input")
    x = conformed(x, network.input_shape)
    if network.layers:
        network.layers[0].check_samples(x)
    return x


def samples(
    network: Network,
    loss: Loss,
    x: Array,
    y: ArrayLike,
    sample_weight: ArrayLike | None = None,
    class_weight: Mapping[int, float] | None = None,
) -> Samples:
    """Return inputs and targets as the loss needs them.

    Args:
        network: whose output the targets are compared with.
        loss: tells whether targets are class numbers.
        x: (rows, *input_shape), checked already.
        y: class numbers, one-hot rows, or numbers.
        sample_weight: (rows,) how much each sample counts in the loss.
        class_weight: class number -> how much its samples count; 1 for those that are not named.

    Raises:
        InputError: there are none, or they do not pair up or fit the loss.
    """
    targets = np.asarray(y)
    if not len(x):
        raise InputError("There are no samples.", "Give at least one.")
    if not targets.ndim:
        raise InputError(f"The targets are {y!r:.60}, but must be one for each sample.", "Give an array or a list.")
    if len(x) != len(targets):
        raise InputError(f"There are {len(x):,} inputs, but {len(targets):,} targets.", "Give one for each.")
    values = numbers(targets, "targets")
    check_finite(values, "y", "target")
    weights = _weights(values, sample_weight, class_weight)
    output = network.shapes()[-1]
    if loss.target_kind == "index":
        if values.size != math.prod((len(values), *output[:-1])):
            raise InputError(
                f"The loss {loss.type_name} needs one class number for each sample, but the targets have the shape "
                f"{values.shape}.",
                "For one-hot rows, use categorical_crossentropy.",
            )
        return Samples(x, targets.astype(np.int64).reshape(len(targets), *output[:-1]), weights=weights)
    if loss.needs_classes and loss.fuses == "softmax" and math.prod(values.shape[1:]) == 1 < output[-1]:
        raise InputError(
            f"The loss {loss.type_name} needs one-hot rows, but the targets have the shape {values.shape}.",
            "For class numbers, use sparse_categorical_crossentropy, or utils.to_categorical(y).",
        )
    return Samples(x, values, weights=weights)


def _weights(y: Array, sample_weight: ArrayLike | None, class_weight: Mapping[int, float] | None) -> Array | None:
    weights: Array | None = None
    if sample_weight is not None:
        weights = numbers(sample_weight, "sample weights")
        if weights.shape != (len(y),) or not np.isfinite(weights).all():
            raise InputError(
                f"sample_weight has the shape {weights.shape}, but must have one finite number for each of the "
                f"{len(y):,} samples.",
                "Give one weight for each sample.",
            )
    if class_weight:
        own = [float(class_weight.get(int(number), 1.0)) for number in _class_numbers(y)]
        weights = np.asarray(own, FLOAT32) * (1.0 if weights is None else weights)
    return weights


def _class_numbers(y: Array) -> Array:
    """Return the class of each sample: of one number the number itself, of a one-hot row the largest."""
    flat = y.reshape(len(y), -1)
    if y.ndim > 2:
        raise InputError(
            f"class_weight needs one class for each sample, but the targets have the shape {y.shape}.",
            "Use sample_weight instead.",
        )
    return flat[:, 0] if flat.shape[1] == 1 else flat.argmax(axis=1)


def described(network: Network, loss: Loss, train: Samples, validation: Samples | None) -> TrainingData:
    """Return samples with a description of what they ask for, as a session takes them."""
    output = network.shapes()[-1]
    index = loss.target_kind == "index"
    shares = bool(train.y.size and train.y.min() >= 0 and train.y.max() <= 1)
    target = Target(output[-1], output[:-1]) if index else Target(0, tuple(train.y.shape[1:]), unit_interval=shares)
    data = Data("arrays", TABLE, train.x, train.y, target)
    return TrainingData(data, train, validation, None, Scaling())
