"""The training samples, handed out batch by batch.

Invariant: the order of an epoch follows from seed and epoch alone, so nothing of it has to be kept.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import DTypeLike

from nncore.datasets.base import TrainingData
from nncore.errors import DataError, InputError
from nncore.network import Network, check_inputs, conformed
from nncore.plan import Bound
from nncore.project import TrainingSettings
from nncore.types import FLOAT32, Array, Shape


class Batches:
    """Encoded samples in the order of each epoch.

    Args:
        data: the training part is handed out.
        settings: loss, batch size, order and class weights.
        input_shape, output_shape: of the network.
        dtype: floating type of the network.

    Attributes:
        inputs, targets: of all training samples, as the network and the loss need them.
        weights: (samples,) what each counts in the loss; None when all count the same.
        size: rows of a full batch.
    """

    def __init__(
        self,
        data: TrainingData,
        settings: TrainingSettings,
        input_shape: Shape,
        output_shape: Shape,
        dtype: DTypeLike,
    ) -> None:
        samples, classes = data.train, data.target.classes
        self.size = batch_rows(settings.batch_size, len(samples))
        self.inputs = conformed(samples.x.astype(dtype, copy=False), input_shape)
        self.targets = settings.loss.encode(samples.y, output_shape, classes, dtype)
        self.weights = None if samples.weights is None else samples.weights.astype(dtype)
        if settings.class_weight == "balanced":
            _require_classes(samples.y, classes)
            balanced = balanced_weights(samples.y, classes).astype(dtype)
            self.weights = balanced if self.weights is None else self.weights * balanced
        self._seed, self._shuffle = settings.seed, settings.shuffle
        self._epoch = -1
        self._order: Array = np.empty(0, np.int64)

    def __len__(self) -> int:
        return len(self.inputs)

    def resize(self, batch_size: int | str) -> None:
        """Hand out batches of another size from now on; raise ``InputError`` for more rows than there are."""
        self.size = batch_rows(batch_size, len(self.inputs))

    def steps(self, position: int = 0) -> int:
        """Return how many batches are left of an epoch from ``position`` on."""
        return math.ceil((len(self.inputs) - position) / self.size)

    def rows(self, position: int) -> int:
        """Return the number of samples in the batch that begins at ``position`` of an epoch."""
        return min(self.size, len(self.inputs) - position)

    def fill(self, bound: Bound, epoch: int, position: int) -> None:
        """Put the batch at ``position`` of an epoch into the buffers of ``bound``."""
        if epoch != self._epoch:
            self._epoch, self._order = epoch, self._draw_order(epoch)
        chosen = self._order[position : position + len(bound.x)]
        self.inputs.take(chosen, axis=0, out=bound.x, mode="clip")
        self.targets.take(chosen, axis=0, out=bound.target, mode="clip")
        if self.weights is not None and bound.weights is not None:
            self.weights.take(chosen, out=bound.weights, mode="clip")

    def _draw_order(self, epoch: int) -> Array:
        if not self._shuffle:
            return np.arange(len(self.inputs))
        order: Array = np.random.default_rng([self._seed, 2, epoch]).permutation(len(self.inputs))
        return order


def balanced_weights(y: Array, classes: int) -> Array:
    """Return the weight of each sample, so that all classes that occur weigh the same and the mean weight is 1.

    Args:
        y: (rows,) class numbers.
        classes: number of classes.
    """
    counts = np.bincount(y, minlength=classes)
    present = np.count_nonzero(counts)
    weights: Array = (len(y) / (present * np.maximum(counts, 1)))[y]
    return weights


def _require_classes(y: Array, classes: int) -> None:
    """Raise ``InputError`` unless each sample has a class, by which it can be weighed."""
    if classes and y.ndim == 1:
        return
    found = "each time step has a class of its own" if classes else "the targets are numbers"
    raise InputError(
        f"The class weight is balanced, which needs one class for each sample, but {found}.",
        "Set the class weight to none.",
    )


def batch_rows(batch_size: int | str, samples: int) -> int:
    """Return the rows of a full batch; raise ``InputError`` when there are fewer samples than that, or none."""
    if samples < 1:
        raise InputError("There are no training samples.", "Make the validation split smaller, or choose other data.")
    if batch_size == "full":
        return samples
    rows = int(batch_size)
    if rows > samples:
        raise InputError(
            f"The batch size is {rows:,}, but there are only {samples:,} training samples.",
            f'Choose at most {samples:,}, or "full".',
        )
    return rows


def check_samples(network: Network, data: TrainingData) -> None:
    """Raise ``DataError`` when samples hold numbers that the network cannot take, such as unknown words."""
    for part in (data.train, data.validation, data.test):
        if part is None:
            continue
        try:
            check_inputs(network, conformed(part.x, network.input_shape))
        except DataError as error:
            whole = np.issubdtype(data.data.x.dtype, np.number) and bool((data.data.x == np.floor(data.data.x)).all())
            if not whole or (set(data.scaling.scale) == {1.0} and not any(data.scaling.shift)):
                raise
            remedy = 'Set the scaling of the data to "none", so that token numbers stay whole.'
            raise DataError(error.sentence, remedy) from error


def check_targets(network: Network, settings: TrainingSettings, data: TrainingData) -> None:
    """Raise ``DataError`` when the loss cannot take the targets of a part that is only measured, which comes later."""
    output = network.shapes()[-1]
    for part in (data.validation, data.test):
        if part is not None:
            settings.loss.encode(part.y, output, data.target.classes, FLOAT32)
