"""What a training will cost on this computer: parameters, memory, and the seconds of an epoch, measured by some steps.

The steps are made by a session of its own on a few of the samples, so that everything a real step does is in the time.
Nothing of it is kept, and no more memory is taken than a training of the project would need.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncore.callbacks.rules import EpochRule
from nncore.computing.memory import aligned_zeros
from nncore.datasets.base import Samples, TrainingData
from nncore.events import StepDone
from nncore.layers.base import Layer
from nncore.network import Network
from nncore.project import TrainingSettings
from nncore.session import Session
from nncore.trace import BYTES, Trace, trace
from nncore.training.batches import batch_rows
from nncore.types import FLOAT32, Array, Shape

BUDGET = 0.25  # seconds
WARM_UP = 2
FEWEST, MOST = 3, 60
"""Steps that are measured: three, where each takes long, to sixty."""

TOO_MUCH = 2_000_000_000
"""Bytes beyond which nothing is tried out."""

_PER_STEP = 1_500_000_000
"""Multiply-adds, forward, of one step that is tried out: backward included they take about a tenth of a second. Of a
larger batch a part is learned, and the time is multiplied."""

_DRAWN = 2_000_000
"""Parameters up to which weights are drawn, all alike and quickly; the time of a step hardly depends on them."""

_AT_THE_OUTPUT = 3
"""Numbers for each output that the loss needs: the target, and two to compute with."""

_FORWARD_SHARE = 0.4
"""Of the time of a step, roughly, what it takes to measure as many samples."""


@dataclass(frozen=True)
class Estimate:
    """What to expect of a training.

    Attributes:
        parameters: trainable ones.
        memory: bytes of weights, gradients, the optimizer's memory and what the layers keep of a batch.
        seconds_per_epoch: None if it was not measured.
    """

    parameters: int
    memory: int
    seconds_per_epoch: float | None = None


def expected(network: Network, traced: Trace, settings: TrainingSettings, samples: int) -> Estimate:
    """Return what is known without trying it out; raise ``InputError`` when the batch is larger than the data.

    Args:
        network, traced: what would be trained, and its trace.
        settings: how.
        samples: how many there are to learn from.
    """
    rows = batch_rows(settings.batch_size, samples)
    copies = 4 + len(settings.optimizer.memory())  # weights, gradients, and two copies to look at and to fall back to
    sizes = [math.prod(traced.input_shape), *(row.memory // BYTES for row in traced.rows)]
    # The input, the two memories that the gradients of all outputs share, and what the loss needs.
    around = sizes[0] + 2 * max(sizes) + _AT_THE_OUTPUT * math.prod(traced.output_shape or ())
    layers = zip(network.effective, (row.input_shape for row in traced.rows), strict=True)
    taken = [_taken(layer, shape, rows) for layer, shape in layers if shape is not None]
    numbers = copies * traced.parameters + rows * around
    numbers += sum(kept for kept, _ in taken) + max((lent for _, lent in taken), default=0)
    return Estimate(traced.parameters, BYTES * numbers)


@functools.lru_cache(maxsize=10_000)  # an edit changes one layer, and the others take what they took
def _taken(layer: Layer, shape: Shape, rows: int) -> tuple[int, int]:
    return layer.kept(shape, rows), layer.lent(shape, rows)


def measured(
    network: Network, settings: TrainingSettings, data: TrainingData, cancelled: Callable[[], bool]
) -> Estimate:
    """Return the estimate with the seconds of an epoch; None of them when it was cancelled or would take too much.

    Args:
        network, settings, data: what would be trained.
        cancelled: asked before each step.

    Raises:
        InputError: the network cannot be trained like this.
    """
    traced = trace(network)
    known = expected(network, traced, settings, len(data.train))
    if known.memory > TOO_MUCH:
        return known
    whole = batch_rows(settings.batch_size, len(data.train))
    rows = max(1, min(whole, _PER_STEP // max(1, traced.multiply_adds)))
    # The rules may watch the validation part, which is not tried out.
    no_rules = {field.name: None for field in settings.fields() if isinstance(getattr(settings, field.name), EpochRule)}
    session = Session(
        network,
        settings.replace(batch_size=rows, epochs=1_000_000, class_weight="none", **no_rules),
        _few(data, min(len(data.train), rows * 4)),
        parameters=_weights(network.count_params()),
    )
    seconds = _time_steps(session, cancelled)
    if seconds is None:
        return known
    step = seconds * whole / rows
    checked = len(data.validation) if data.validation is not None else 0
    epoch = step * math.ceil(len(data.train) / whole) + _FORWARD_SHARE * seconds / rows * checked
    return dataclasses.replace(known, seconds_per_epoch=epoch)


def _weights(count: int) -> Array:
    if count > _DRAWN:
        return aligned_zeros(count, FLOAT32)
    drawn: Array = np.random.default_rng(0).standard_normal(count, np.float32)
    drawn *= 0.05
    return drawn


def _few(data: TrainingData, count: int) -> TrainingData:
    weights = data.train.weights
    some = None if weights is None else weights[:count]
    train = Samples(data.train.x[:count], data.train.y[:count], weights=some)
    return dataclasses.replace(data, train=train, validation=None, test=None)


def _time_steps(session: Session, cancelled: Callable[[], bool]) -> float | None:
    """Return the time of a step that nothing disturbs much, None if it was cancelled or failed."""
    times: list[float] = []
    began = last = time.perf_counter()
    with contextlib.closing(session.run()) as events:
        for event in events:
            now = time.perf_counter()
            if isinstance(event, StepDone):
                times.append(now - last)
                enough = len(times) >= WARM_UP + FEWEST and now - began > BUDGET
                long = now - began > 2 * BUDGET
                if enough or long or len(times) >= MOST:
                    break
            if cancelled():
                return None
            last = time.perf_counter()
    return float(np.quantile(times[min(WARM_UP, len(times) - 1) :], 0.25)) if times else None
