"""From the arrays that a script gives to the samples that a session takes; what does not fit is told in a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike

from nncore.datasets.base import TABLE, Data, Samples, Scaling, TrainingData
from nncore.datasets.prepare import check_finite
from nncore.errors import DataError, InputError
from nncore.losses import Loss, Target
from nncore.network import Network, check_inputs, conformed, same_numbers, shape_text
from nncore.project import TrainingSettings
from nncore.trace import steps_advice
from nncore.types import FLOAT32, Array


def numbers(values: ArrayLike, what: str) -> Array:
    """Return the values as float32.

    Raises:
        InputError: words, complex numbers, or rows of different lengths.
    """
    try:
        found = np.asarray(values)
        if not np.iscomplexobj(found):
            with np.errstate(over="ignore"):  # what is too large for 32 bits is told with its place
                return found.astype(FLOAT32, copy=False)
        reason = "some are complex"
    except (TypeError, ValueError) as error:
        if "inhomogeneous" in str(error):
            reason = "the rows have different lengths"
        else:
            reason = "there are words among them" if "could not convert" in str(error) else f"{error}".rstrip(".")
    raise InputError(f"The {what} are not an array of numbers: {reason}.", "Give numbers, and rows of the same length.")


def checked_inputs(network: Network, x: Array) -> Array:
    """Return inputs that the network can take; raise ``InputError`` for another shape, or numbers it has no use for."""
    if not same_numbers(x.shape[1:], network.input_shape):
        if same_numbers(x.shape, network.input_shape):
            raise InputError(
                f"The model expects a batch of samples of shape {shape_text(network.input_shape)}, but got only one.",
                "Put it in a list: [x].",
            )
        raise InputError(
            f"The model expects samples of shape {shape_text(network.input_shape)}, but got {shape_text(x.shape[1:])}.",
            "Reshape the samples, or change the input_shape.",
        )
    check_finite(x, "x", "input")
    x = conformed(x, network.input_shape)
    check_inputs(network, x)
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
    values = numbers(y, "targets")
    if not len(x):
        raise InputError("There are no samples.", "Give at least one.")
    if not values.ndim:
        raise InputError(f"The targets are {y!r:.60}, but must be one for each sample.", "Give an array or a list.")
    if len(x) != len(values):
        raise InputError(f"There are {len(x):,} inputs, but {len(values):,} targets.", "Give one for each.")
    check_finite(values, "y", "target")
    weights = _weights(values, sample_weight, class_weight)
    output = network.shapes()[-1]
    if loss.target_kind == "index":
        return Samples(x, _class_targets(network, loss, values, np.asarray(y)), weights=weights)
    if loss.needs_classes and loss.fuses == "softmax" and math.prod(values.shape[1:]) == 1 < output[-1]:
        raise InputError(
            f"The loss {loss.type_name} needs one-hot rows, but the targets have the shape {values.shape}.",
            "For class numbers, use sparse_categorical_crossentropy, or utils.to_categorical(y).",
        )
    if values.shape[1:] in (output[:-1], (*output, 1)) and values[0].size == math.prod(output) > 1:
        values = values.reshape(len(values), *output)  # as in Keras, an axis of size 1 at the end may be left out
    return Samples(x, values, weights=weights)


def _class_targets(network: Network, loss: Loss, values: Array, given: Array) -> Array:
    """Return class numbers (rows, *places), int64; raise ``InputError`` for another number of them, and for halves."""
    output = network.shapes()[-1]
    if values.size != math.prod((len(values), *output[:-1])):
        asked = f"at each of {output[0]} steps of a sample" if len(output) == 2 else "for each sample"
        remedy = "Give one for each."
        if values.shape[1:] == output:
            remedy = "For one-hot rows, use categorical_crossentropy."
        elif advice := steps_advice(network, values.ndim):
            remedy = f"{advice}."
        raise InputError(
            f"The loss {loss.type_name} needs one class number {asked}, but the targets have the shape {values.shape}.",
            remedy,
        )
    strange = np.argwhere(values != np.floor(values))
    if len(strange):
        raise DataError(
            f"Classes are whole numbers, but sample {strange[0][0] + 1:,} has the class {values[tuple(strange[0])]:g}.",
            "Number the classes from 0 on, or use a loss for numbers, such as mean_squared_error.",
        )
    return given.astype(np.int64).reshape(len(values), *output[:-1])


def _weights(y: Array, sample_weight: ArrayLike | None, class_weight: Mapping[int, float] | None) -> Array | None:
    weights: Array | None = None
    if sample_weight is not None:
        weights = numbers(sample_weight, "sample weights")
        if weights.shape != (len(y),):
            raise InputError(
                f"sample_weight has the shape {weights.shape}, but must have one number for each of the {len(y):,} "
                "samples.",
                "Give one weight for each sample.",
            )
        if not np.isfinite(weights).all():
            place = int(np.flatnonzero(~np.isfinite(weights))[0])
            raise InputError(
                f"sample_weight has {weights[place]} for sample {place + 1:,}, but weights are finite numbers.",
                "Correct the weight.",
            )
    if class_weight is not None:
        factors = _class_factors(class_weight)
        own = [factors.get(int(number), 1.0) for number in _class_numbers(y)]
        weights = np.asarray(own, FLOAT32) * (1.0 if weights is None else weights)
    return weights


def _class_factors(class_weight: object) -> dict[int, float]:
    """Return how much the samples of each class count; raise ``InputError`` for anything but such a dictionary."""
    if not isinstance(class_weight, Mapping):
        raise InputError(
            f"class_weight must be a dictionary from class numbers to weights, but is {class_weight!r:.40}.",
            "Write, for example, {0: 1.0, 1: 5.0}.",
        )
    factors = {}
    for number, weight in class_weight.items():
        if not isinstance(weight, Real) or not math.isfinite(weight) or weight < 0:
            raise InputError(
                f"class_weight gives class {number!r:.20} the weight {weight!r:.20}, but weights are numbers of at "
                "least 0.",
                "Choose 1 for what counts as usual.",
            )
        factors[int(number)] = float(weight)
    return factors


def _class_numbers(y: Array) -> Array:
    """Return the class of each sample: of one number the number itself, of a one-hot row the largest."""
    flat = y.reshape(len(y), -1)
    if y.ndim > 2:
        raise InputError(
            f"class_weight needs one class for each sample, but the targets have the shape {y.shape}.",
            "Use sample_weight instead.",
        )
    classes = flat[:, 0] if flat.shape[1] == 1 else flat.argmax(axis=1)
    strange = classes[classes != np.floor(classes)]
    if len(strange):
        raise InputError(
            f"class_weight needs classes, but there is the target {strange[0]:g}.", "Use sample_weight for numbers."
        )
    return classes


def described(network: Network, loss: Loss, train: Samples, validation: Samples | None) -> TrainingData:
    """Return samples with a description of what they ask for, as a session takes them."""
    output = network.shapes()[-1]
    index = loss.target_kind == "index"
    shares = bool(train.y.size and train.y.min() >= 0 and train.y.max() <= 1)
    target = Target(output[-1], output[:-1]) if index else Target(0, tuple(train.y.shape[1:]), unit_interval=shares)
    data = Data("arrays", TABLE, train.x, train.y, target)
    return TrainingData(data, train, validation, None, Scaling())


def divided(samples: Samples, share: float) -> tuple[Samples, Samples | None]:
    """Return the first samples to learn from, and the last ones, whose share is given, to check."""
    if share != 1:  # all samples: the session says better what is missing then
        TrainingSettings.field("validation_split").check(share)
    end = math.floor(len(samples) * (1 - share))

    def part(chosen: slice) -> Samples:
        weights = None if samples.weights is None else samples.weights[chosen]
        return Samples(samples.x[chosen], samples.y[chosen], weights=weights)

    return part(slice(end)), part(slice(end, None)) if end < len(samples) else None
