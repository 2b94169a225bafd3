"""Memory that layers take in turn: whoever comes back finds out whether its numbers are still there."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.computing.scratch import Scratch
from nncore.layers import Conv2D, Conv2DTranspose, DepthwiseConv2D, Flatten
from nncore.losses import MeanSquaredError
from nncore.network import Network
from nncore.plan import Plan, initial_parameters

CONV = Conv2D(6, (3, 3), padding="same", activation="tanh")
NETWORKS = {
    "alike": (CONV, CONV, CONV),
    "smaller and smaller": (Conv2D(7, (3, 3)), Conv2D(5, (2, 2)), Conv2D(6, (3, 3), strides=(2, 2))),
    "of every kind": (CONV, DepthwiseConv2D((3, 3), padding="same"), Conv2DTranspose(6, (3, 3)), CONV),
}


def test_that_the_last_user_is_known() -> None:
    scratch, first, second = Scratch(), object(), object()
    scratch.reserve("one", 4, np.float32)
    scratch.reserve("other", 4, np.float32)
    numbers = scratch.take("one", first, 4, np.float32)
    numbers[:] = 3
    scratch.take("other", second, 2, np.float32)[:] = 7
    assert scratch.is_kept("one", first)
    np.testing.assert_array_equal(numbers, 3)
    assert np.shares_memory(scratch.take("one", second, 2, np.float32), numbers)
    assert not scratch.is_kept("one", first)


def test_that_nobody_has_numbers_in_memory_that_grew() -> None:
    scratch, user = Scratch(), object()
    scratch.reserve("one", 4, np.float32)
    scratch.take("one", user, 4, np.float32)
    scratch.reserve("one", 3, np.float32)
    assert scratch.is_kept("one", user)
    scratch.reserve("one", 5, np.float32)
    assert not scratch.is_kept("one", user)
    assert scratch.take("one", user, 5, np.float32).shape == (5,)


def test_that_frames_of_one_size_are_one_and_others_are_not() -> None:
    scratch, inside = Scratch(), (slice(1, 3), slice(0, 4))
    frame = scratch.frame((6, 4, 4, 2), inside, np.float32)
    assert np.shares_memory(frame, scratch.frame((2, 4, 4, 2), inside, np.float32))
    for shape, other in (((6, 4, 4, 3), inside), ((6, 4, 4, 2), (slice(1, 4), slice(0, 4)))):
        assert not np.shares_memory(frame, scratch.frame(shape, other, np.float32))
    assert not np.shares_memory(frame, scratch.frame((6, 4, 4, 2), inside, np.float64))
    assert not scratch.frame((9, 4, 4, 2), inside, np.float32).any()


def test_that_ones_are_ones_for_all_and_of_one_kind() -> None:
    scratch = Scratch()
    few = scratch.ones(3, np.float32)
    many = scratch.ones(5, np.float32)
    np.testing.assert_array_equal(few, [1, 1, 1])
    np.testing.assert_array_equal(many, [1, 1, 1, 1, 1])
    assert np.shares_memory(many, scratch.ones(2, np.float32))
    assert scratch.ones(5, np.float64).dtype == np.float64
    assert scratch.ones(5, np.float32).dtype == np.float32


@pytest.mark.parametrize("kind", NETWORKS)
@pytest.mark.parametrize("rows", [5, 3])
def test_that_layers_with_shared_memory_have_the_gradients_of_the_loss(kind: str, rows: int) -> None:
    network = Network((9, 8, 5), (*NETWORKS[kind], Flatten()))
    rng = np.random.default_rng(3)
    parameters = initial_parameters(network, 0, np.float64)
    plan = Plan(network, parameters, 5, loss=MeanSquaredError(), training=True)
    plan.bind(5)  # memory for more rows is there, and of other sizes
    bound = plan.bind(rows)
    bound.x[...] = rng.standard_normal(bound.x.shape)
    bound.target[...] = rng.standard_normal(bound.target.shape)
    direction = rng.standard_normal(parameters.size)
    values = []
    for step in (1e-5, -1e-5):
        parameters += step * direction
        bound.forward()
        values.append(bound.loss_value())
        parameters -= step * direction
    bound.forward()
    bound.loss_value()
    bound.backward()
    assert plan.gradients @ direction == pytest.approx((values[0] - values[1]) / 2e-5, rel=1e-6)


def test_that_deep_networks_share_what_each_layer_needs_for_a_moment() -> None:
    plans = []
    for depth in (1, 4):
        network = Network((9, 8, 5), (*[CONV] * depth, Flatten()))
        plan = Plan(network, initial_parameters(network, 0), 64, loss=MeanSquaredError(), training=True)
        plan.bind(64)
        plans.append(sum(array.nbytes for one in plan.team.scratch for array in one._memory.values()))
    assert plans[0] < plans[1] < 2 * plans[0]
