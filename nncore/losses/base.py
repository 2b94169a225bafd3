"""What every loss is: settings, the targets it fits, and the operation it compiles to.

Every loss is a mean over the batch, and over the places of a sample where there are several, as in Keras.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike

from nncore.errors import DataError
from nncore.fields import Declared
from nncore.losses.operation import LossOp
from nncore.losses.targets import check_class_numbers, require_size, shape_words, weights_for
from nncore.registry import Registry
from nncore.types import Array, Shape

LOSSES: Registry[type[Loss]] = Registry("loss")


@dataclass(frozen=True)
class Target:
    """What the data ask the network for.

    Attributes:
        classes: number of classes, 0 when the targets are numbers.
        shape: shape of one target as it is stored: ``()`` for a class index or a single number, ``(time,)`` for a class
            index at each time step.
        unit_interval: numbers that all lie from 0 to 1, such as pixels, so that a cross-entropy can take them too.
        lowest, highest: of the numbers as they are learned, scaled; None where that is not known. Two targets that ask
            for the same are equal all the same.
    """

    classes: int = 0
    shape: Shape = ()
    unit_interval: bool = False
    lowest: float | None = field(default=None, compare=False)
    highest: float | None = field(default=None, compare=False)

    @property
    def output_shape(self) -> Shape:
        """The output that fits: one number per class, at each place; or the target's own shape."""
        return (*self.shape, self.classes) if self.classes else (self.shape or (1,))


@dataclass(frozen=True)
class Problem:
    """What is wrong and what would mend it: two sentences."""

    sentence: str
    remedy: str


class Loss(Declared):
    """Base of every loss.

    Attributes:
        fuses: name of the activation that the loss absorbs when it comes last.
        target_kind: ``"index"`` for class numbers, ``"same"`` for targets in the shape of the output.
        needs_classes: whether plain numbers cannot be its targets.
        takes_shares: whether numbers from 0 to 1 can be its targets all the same.
    """

    registry: ClassVar = LOSSES
    fuses: ClassVar[str] = ""
    target_kind: ClassVar[str] = "same"
    needs_classes: ClassVar[bool] = False
    takes_shares: ClassVar[bool] = False
    equation: ClassVar[str] = ""

    def problem(self, output: Shape, activation: str, target: Target) -> Problem | None:
        """Return what keeps an output of this shape and activation from this loss and target, or None."""
        needed = target.output_shape
        yes_or_no = target.classes == 2 and self.target_kind == "same" and output == (*target.shape, 1)
        if output == needed or yes_or_no:
            if activation == "softmax" and output[-1] == 1:
                return Problem(
                    "The output is a single number, and softmax of a single number is always 1.",
                    f"Use {self.fuses or 'linear'} in the last layer.",
                )
            return None
        places = f" at each of {target.shape[0]} places" if len(target.shape) == 1 else ""
        asked = f"{target.classes} classes{places} need" if target.classes else "each target has"
        return Problem(
            f"The output has {shape_words(output)}, but {asked} {shape_words(needed)}.", _to_shape(output, needed)
        )

    def encode(self, y: Array, output: Shape, classes: int, dtype: DTypeLike) -> Array:
        """Return targets as this loss needs them: class numbers become one-hot rows for losses of kind ``"same"``.

        Args:
            y: (rows, *places) class numbers, (rows, *output) one-hot rows, or (rows, ...) numbers.
            output: output shape of the network: (*places, width).
            classes: number of classes, 0 for numbers.
            dtype: floating type of the network.

        Raises:
            DataError: a class number is negative or too large, or the targets do not have the size that the output
                asks for.
        """
        if classes:
            check_class_numbers(y, classes)
        numbers = y.size == len(y) * math.prod(output[:-1])  # one class number for each place
        if self.target_kind == "index":
            require_size(y, output[:-1])
            return np.ascontiguousarray(y, dtype=np.int64).reshape(len(y), *output[:-1])
        if classes and numbers and output[-1] > 1:
            rows = np.zeros((y.size, classes), dtype=dtype)
            rows[np.arange(y.size), y.reshape(-1).astype(np.int64)] = 1
            y = rows.reshape(len(y), *output[:-1], classes)
        require_size(y, output)
        return np.ascontiguousarray(y, dtype=dtype).reshape(len(y), *output)

    def compile(self, output: Array, gradient: Array | None, target: Array, fused: bool) -> LossOp:
        """Return the loss bound to buffers.

        Args:
            output: (rows, *output_shape): the activated output, or the logits if ``fused``.
            gradient: receives the gradient with respect to ``output``; None if it is not needed.
            target: buffer of encoded targets.
            fused: the activation named by ``fuses`` was taken off the last layer and is this loss's work.
        """
        raise NotImplementedError

    def __call__(self, y_true: object, y_pred: object, sample_weight: object = None) -> float:
        """Return the mean loss for arrays, in float64; ``y_pred`` is an activated output, as in Keras.

        Args:
            y_true: targets, one for each output; class numbers for losses of kind ``"index"``.
            y_pred: (rows, *places, width) outputs.
            sample_weight: a factor for the loss of each sample (rows,), or of each place (rows, *places).

        Raises:
            DataError: the targets or weights do not have the size that the output asks for, or a class number is
                negative or too large.
        """
        prediction = np.array(y_pred, dtype=np.float64)
        index = self.target_kind == "index"
        target = np.asarray(y_true, dtype=np.int64 if index else np.float64)
        needed = prediction.shape[:-1] if index else prediction.shape
        if target.size != math.prod(needed):
            raise DataError(
                f"The targets are {shape_words(target.shape)}, but this output needs {shape_words(needed)}.",
                "Give one target for each output.",
            )
        if index:
            check_class_numbers(target, prediction.shape[-1])
        op = self.compile(prediction, None, target.reshape(needed), fused=False)
        if sample_weight is not None:
            op.weights = weights_for(np.asarray(sample_weight, dtype=np.float64), prediction.shape[:-1])
        return op.forward()


def _to_shape(output: Shape, needed: Shape) -> str:
    """Return what would turn an output into the one that is needed."""
    if len(needed) == 1:
        return f"Let the network end in a Dense with {needed[0]} {'unit' if needed[0] == 1 else 'units'}."
    if math.prod(output) == math.prod(needed):
        return f"Append Reshape to {shape_words(needed)}."
    if output[:-1] == needed[:-1]:
        return f"Give the last layer {needed[-1]} instead of {output[-1]} units or filters."
    return f"Let the network end in a layer that puts out {shape_words(needed)}."


def register(*aliases: str) -> Callable[[type[Loss]], type[Loss]]:
    """Class decorator: make a loss known under its snake-case name, its class name and ``aliases``."""

    def add(loss: type[Loss]) -> type[Loss]:
        return LOSSES.add(loss.type_name, loss, loss.__name__, *aliases)

    return add
