"""Gradients on their way lie in two memories, which all layers of a plan use in turns, and nobody notices."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence

import numpy as np
import pytest

from nncore.computing.memory import aligned_zeros
from nncore.computing.threads import Job, Team
from nncore.layers import (
    LAYERS,
    LSTM,
    Activation,
    BatchNormalization,
    Bidirectional,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPooling2D,
    Reshape,
    TimeDistributed,
)
from nncore.layers.recurrent import base
from nncore.losses import MeanSquaredError
from nncore.network import Network
from nncore.optimizers import SGD
from nncore.plan import Bound, Plan, initial_parameters
from nncore.types import Array, Shape
from tests.nncore import harness
from tests.nncore.harness import Case

CONV = Conv2D(8, 3, padding="same", activation="relu")
NETWORKS = {
    "alike": Network((5,), [Dense(7, "tanh")] * 6),
    "wider, then narrower": Network((5,), [Dense(units, "silu") for units in (3, 40, 2, 90, 1, 6)]),
    "pictures": Network(
        (8, 8, 2), (CONV, MaxPooling2D(), Dropout(0.3), CONV, BatchNormalization(), Flatten(), Dense(4))
    ),
    "views": Network((6,), (Dense(12), Reshape((3, 4)), Activation("tanh"), Flatten(), Flatten(), Dense(3))),
    "disabled": Network((6,), (Dense(5), Dense(9, disabled=True), Dropout(0.5, disabled=True), Dense(5), Dense(2))),
    "wrapped": Network(
        (7, 4), (TimeDistributed(Dense(5)), Bidirectional(LSTM(3, return_sequences=True)), LSTM(4), Dense(2))
    ),
}
each_network = pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
each_variant = pytest.mark.parametrize(
    "layer", [variant for cls in LAYERS for variant in harness.variants(cls)], ids=harness.describe
)


class Late(Team):
    """Leaves what may be done beside other things until the very end."""

    def __init__(self) -> None:
        super().__init__()
        self.left: list[Job] = []

    def begin(self, jobs: Sequence[Job], then: Job) -> None:
        self.left += (*jobs, then)

    def settle(self) -> None:
        for job in self.left:
            job()
        self.left.clear()


def gradients_of(bound: Bound) -> list[tuple[Array, Array | None]]:
    """Return dy and dx of each layer."""
    dys = [op.dy for op in bound.ops]
    return [(dy, dx) for dy, dx in zip(dys, [bound.dx, *dys], strict=False) if dy is not None]


def is_same(dy: Array, dx: Array | None) -> bool:
    """Whether a layer hands on what it is given, as Flatten does."""
    return dx is not None and dy.size == dx.size and dy.ctypes.data == dx.ctypes.data


def check_used_up(network: Network) -> None:
    """Compare with a way back on which each dy is destroyed as soon as the backward of its layer has ended."""
    expected = Case(network, 3).results()
    case = Case(network, 3)
    case.plan.team = Late()
    case.bound = case.bind(3)
    case.loss()
    assert case.bound.loss is not None
    case.bound.loss.backward()
    for op, (dy, dx) in zip(reversed(case.bound.ops), reversed(gradients_of(case.bound)), strict=True):
        op.backward()
        if not is_same(dy, dx):
            dy[...] = np.nan
    case.plan.team.settle()
    for regularizer, weights, gradient in case.plan.penalties:
        assert gradient is not None
        regularizer.add_gradient(weights, gradient)
    found = {"gradients": case.plan.gradients, "input gradient": case.bound.dx}
    for name, array in found.items():
        if array is not None:
            np.testing.assert_array_equal(array, expected[name], err_msg=f"{network}: {name}")


@each_variant
def test_that_no_layer_needs_the_gradient_of_its_output_after_its_backward(
    layer: Layer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "WORTH_SHARING", 1)
    for shape in harness.accepted_shapes(layer):
        check_used_up(harness.surrounded(layer, shape))


@each_network
def test_that_no_network_needs_them(network: Network) -> None:
    check_used_up(network)


@each_network
def test_that_a_layer_writes_where_it_does_not_read(network: Network) -> None:
    plan = Plan(network, initial_parameters(network, 0), 9, loss=MeanSquaredError(), training=True)
    for rows in (9, 2):
        bound = Bound(plan, rows, input_gradient=True)
        for dy, dx in gradients_of(bound):
            assert is_same(dy, dx) or not np.shares_memory(dy, dx)
        assert bound.dx is not None
        handed = [dy for dy, _ in gradients_of(bound) if not np.shares_memory(dy, bound.dx)]
        assert len(handed) >= 2
        assert len({dy.ctypes.data for dy in handed}) <= 2 + sum(
            isinstance(one, TimeDistributed) for one in plan.layers
        )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@each_network
def test_that_memory_of_its_own_for_each_layer_would_change_no_bit(
    network: Network, dtype: type[np.floating], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = learned(network, dtype)

    def own(plan: Plan, shape: Shape, rows: int, below: Array | None) -> Array:
        return aligned_zeros(int(np.prod(shape)), plan.dtype).reshape(shape)

    monkeypatch.setattr(Plan, "relay", own)
    np.testing.assert_array_equal(found, learned(network, dtype))


def learned(network: Network, dtype: type[np.floating]) -> Array:
    """Return the weights after some steps, with batches that are not of one size."""
    parameters = initial_parameters(network, 0, dtype)
    plan = Plan(network, parameters, 9, loss=MeanSquaredError(), training=True, rng=np.random.default_rng(1))
    updater = SGD(0.1).bind(plan.trainable, plan.gradients, plan.segments, plan.team)
    rng = np.random.default_rng(2)
    before = parameters.copy()
    for rows in (9, 4, 9, 1, 4):
        bound = plan.bind(rows)
        bound.x[...] = rng.normal(size=bound.x.shape)
        bound.target[...] = rng.normal(size=bound.target.shape)
        bound.forward()
        bound.loss_value()
        bound.backward()
        updater.step()
    assert np.isfinite(parameters).all()
    assert (parameters != before).any()
    return parameters


@pytest.mark.parametrize("layer", [Dense(500, "relu"), CONV], ids=["Dense", "Conv2D"])
def test_that_another_layer_takes_no_more_memory_than_its_output_and_weights(layer: Layer) -> None:
    shape: Shape = (500,) if isinstance(layer, Dense) else (16, 16, 8)
    taken = []
    for depth in (4, 14):
        network = Network(shape, [layer] * depth)
        parameters = initial_parameters(network, 0)
        tracemalloc.start()
        plan = Plan(network, parameters, 256, loss=MeanSquaredError(), training=True)
        bound = plan.bind(256)
        taken.append(tracemalloc.get_traced_memory()[0] - plan.gradients.nbytes)
        tracemalloc.stop()
    assert (taken[1] - taken[0]) / 10 < 1.1 * bound.output.nbytes
