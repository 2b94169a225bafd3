"""What a layer says that a training step keeps, and so what is expected of a training, is what is really taken."""

from __future__ import annotations

import contextlib
import tracemalloc

import numpy as np
import pytest

from nncore.datasets.base import TABLE, Data, Samples, Scaling, TrainingData
from nncore.events import StepDone
from nncore.layers import (
    GRU,
    LAYERS,
    LSTM,
    Activation,
    Bidirectional,
    Conv1D,
    Conv2D,
    Conv2DTranspose,
    Dense,
    Dropout,
    Flatten,
    GaussianNoise,
    Layer,
    MaxPooling2D,
    SimpleRNN,
    TimeDistributed,
    UpSampling2D,
)
from nncore.losses import Target
from nncore.network import Network
from nncore.plan import _WHOLE_PLAN, Bound, Plan
from nncore.project import TrainingSettings
from nncore.session import Session
from nncore.trace import BYTES, trace
from nncore.training import estimate
from nncore.types import Shape
from tests.nncore import harness
from tests.nncore.examples import number_settings

ROWS = 32
SHAPES: tuple[Shape, ...] = ((32, 32, 8), (100, 16), (2000,))
"""Pictures, sequences and rows: large enough for the arrays to outweigh the objects around them."""

SMALL = 150_000
"""Bytes of views and other objects, which nobody counts."""

WAYS: tuple[Layer, ...] = (
    *(cls.suggested() for cls in LAYERS),
    Activation("gelu"),
    Dense(32, "gelu"),
    Dropout(0.0),
    GaussianNoise(0.0),
    Conv1D(64, 5, padding="causal", activation="gelu"),
    Conv2D(32, (3, 3), activation="gelu"),
    Conv2D(32, (1, 1)),
    Conv2D(64, (5, 5), strides=(2, 2), padding="same"),
    Conv2DTranspose(32, (3, 3), strides=(2, 2)),
    MaxPooling2D((3, 3), strides=(2, 2), padding="same"),
    UpSampling2D((2, 2), interpolation="bilinear"),
    LSTM(64, return_sequences=True),
    LSTM(64, "gelu"),
    LSTM(64, dropout=0.2),
    LSTM(64, recurrent_dropout=0.2),
    GRU(64, return_sequences=True),
    GRU(64, "gelu", "gelu"),
    GRU(64, reset_after=False),
    SimpleRNN(64, return_sequences=True),
    Bidirectional(LSTM(64, return_sequences=True)),
    Bidirectional(GRU(64)),
    Bidirectional(SimpleRNN(64), merge_mode="sum"),
    TimeDistributed(Dropout(0.2)),
    TimeDistributed(Flatten()),
)


@pytest.fixture(autouse=True, scope="module")
def _tables() -> None:
    """Let what is made once for all networks be there before anything is measured."""
    _kept(Network((2,), (Dense(2, "gelu"),)))


def _shape_for(layer: Layer) -> Shape:
    return next(shape for shape in SHAPES if not trace(Network(shape, (layer,))).problems)


def _kept(network: Network) -> int:
    """Return the bytes that are kept after one step, beside weights, gradients, input and output gradients."""
    parameters = np.full(network.count_params(), 0.01, np.float32)
    tracemalloc.start()
    try:
        plan = Plan(network, parameters, ROWS, training=True)
        bound = Bound(plan, ROWS, input_gradient=True)
        bound.forward()
        for op in bound.ops:
            op.backward()
        found, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    in_turns = sum(memory.nbytes for (layer, *_), memory in plan._memory.items() if layer == _WHOLE_PLAN)
    return found - in_turns - plan.gradients.nbytes


@pytest.mark.parametrize("layer", WAYS, ids=harness.describe)
def test_that_a_layer_keeps_within_a_tenth_what_it_says(layer: Layer) -> None:
    shape = _shape_for(layer)
    kept, lent = BYTES * layer.kept(shape, ROWS), BYTES * layer.lent(shape, ROWS)
    found = _kept(Network(shape, (layer,)))
    assert kept / 1.1 <= found <= 1.1 * kept + 1.5 * lent + SMALL, f"{found:,} bytes, but it says {kept:,} + {lent:,}"


def _peak(network: Network, settings: TrainingSettings, data: TrainingData) -> int:
    """Return the bytes that a training takes at most in its first step."""
    tracemalloc.start()
    try:
        session = Session(network, settings, data)
        with contextlib.closing(session.run()) as events:
            next(event for event in events if isinstance(event, StepDone))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("layer", WAYS, ids=harness.describe)
def test_that_a_training_takes_within_a_half_what_is_expected(layer: Layer) -> None:
    shape = _shape_for(layer)
    below = () if layer.reads_tokens() else (Dense(shape[-1]),)
    network = Network(shape, (*below, layer))
    x, y = (np.ones((ROWS, *sizes), np.float32) for sizes in (shape, network.shapes()[-1]))
    data = Data("ones", TABLE, x, y, Target(0, y.shape[1:]))
    settings = number_settings(batch_size=ROWS)
    told = estimate.expected(network, trace(network), settings, ROWS).memory
    found = _peak(network, settings, TrainingData(data, Samples(x, y), None, None, Scaling()))
    assert told / 1.5 <= found <= 1.5 * told + SMALL, f"{found:,} bytes instead of {told:,}"
