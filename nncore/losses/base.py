"""What every loss is: settings, the targets it fits, and the operation it compiles to.

Every loss is the mean over the batch, and over the outputs of a sample where there are several, as in Keras.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import DTypeLike

from nncore.errors import DataError
from nncore.fields import Declared
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
    """

    classes: int = 0
    shape: Shape = ()
    unit_interval: bool = False

    @property
    def output_shape(self) -> Shape:
        """The output that fits: one number per class, at each place; or the target's own shape."""
        return (*self.shape, self.classes) if self.classes else (self.shape or (1,))


@dataclass(frozen=True)
class Problem:
    """What is wrong and what would mend it: two sentences."""

    sentence: str
    remedy: str


class LossOp:
    """A loss bound to the output buffer of a network.

    Attributes:
        target: buffer for the encoded targets, filled before each ``forward``.
        output: what the network predicts: the activated output, also where the activation is fused with the loss.
        weights: (rows,) the weight of each sample, filled before each ``forward``; None when all count the same.
        mask: (rows, time), True where a time step counts; None when all of them do.
    """

    target: Array
    output: Array
    weights: Array | None = None
    mask: Array | None = None

    def forward(self) -> float:
        """Return the mean loss of the batch."""
        raise NotImplementedError

    def backward(self) -> None:
        """Write the gradient of the mean loss into the output gradient that the loss was bound to."""
        raise NotImplementedError


@dataclass(frozen=True)
class Loss(Declared):
    """Base of every loss.

    Attributes:
        fuses: name of the activation that the loss absorbs when it comes last.
        target_kind: ``"index"`` for class numbers, ``"same"`` for targets in the shape of the output.
        needs_classes: whether plain numbers cannot be its targets.
    """

    registry: ClassVar = LOSSES
    fuses: ClassVar[str] = ""
    target_kind: ClassVar[str] = "same"
    needs_classes: ClassVar[bool] = False
    equation: ClassVar[str] = ""

    def problem(self, output: Shape, activation: str, target: Target) -> Problem | None:
        """Return what keeps an output of this shape and activation from this loss and target, or None."""
        needed = target.output_shape
        if output == needed or (target.classes == 2 and output == (1,) and self.target_kind == "same"):
            if activation == "softmax" and output[-1] == 1:
                return Problem(
                    "The output is a single number, and softmax of a single number is always 1.",
                    f"Use {self.fuses or 'linear'} in the last layer.",
                )
            return None
        what = f"{target.classes} classes" if target.classes else f"targets of {shape_words(needed)}"
        return Problem(
            f"The output has {shape_words(output)}, but {what} need {shape_words(needed)}.",
            f"Make the last layer a Dense with {math.prod(needed)} units." if len(needed) == 1 else "Reshape it.",
        )

    def encode(self, y: Array, output: Shape, classes: int, dtype: DTypeLike) -> Array:
        """Return targets as this loss needs them: class numbers become one-hot rows for losses of kind ``"same"``.

        Args:
            y: (rows,) class numbers, or (rows, ...) numbers.
            output: output shape of the network.
            classes: number of classes, 0 for numbers.
            dtype: floating type of the network.

        Raises:
            DataError: a class number is negative or too large.
        """
        if classes:
            _check_class_numbers(y, classes)
        if self.target_kind == "index":
            return np.ascontiguousarray(y, dtype=np.int64).reshape(len(y), *output[:-1])
        if classes and output != (1,) and y.shape[1:] != output:
            rows = np.zeros((len(y), classes), dtype=dtype)
            rows[np.arange(len(y)), y.astype(np.int64)] = 1
            return rows
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

    def __call__(self, y_true: object, y_pred: object) -> float:
        """Return the mean loss for arrays, in float64; ``y_pred`` is an activated output, as in Keras.

        Raises:
            DataError: the targets do not have the size that the output asks for.
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
        return self.compile(prediction, None, target.reshape(needed), fused=False).forward()


def register(*aliases: str) -> Callable[[type[Loss]], type[Loss]]:
    """Class decorator: make a loss known under its snake-case name, its class name and ``aliases``."""

    def add(loss: type[Loss]) -> type[Loss]:
        return LOSSES.add(loss.type_name, loss, loss.__name__, *aliases)

    return add


def _check_class_numbers(y: Array, classes: int) -> None:
    wrong = np.flatnonzero((y < 0) | (y >= classes))
    if len(wrong):
        first = wrong[0]
        raise DataError(
            f"Classes are numbered from 0 to {classes - 1}, but sample {first + 1:,} has the class {y.flat[first]}.",
            "Number the classes from 0 on, or give the last layer more units.",
        )


def shape_words(shape: Shape) -> str:
    """Return a shape as a sentence says it: ``10 numbers``, ``28 × 28``."""
    if len(shape) > 1:
        return " × ".join(map(str, shape))
    count = math.prod(shape)
    return f"{count} {'number' if count == 1 else 'numbers'}"
