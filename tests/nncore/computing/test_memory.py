"""Arrays that begin where the processor likes it."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.computing.memory import ALIGNMENT, aligned_copy, aligned_zeros
from nncore.layers import Dense
from nncore.losses import MeanSquaredError
from nncore.network import Network
from nncore.optimizers import Adam
from nncore.plan import Plan, initial_parameters


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.bool_])
@pytest.mark.parametrize("size", [0, 1, 7, 4096, 1_000_003])
def test_that_zeros_begin_on_a_multiple_of_the_alignment(size: int, dtype: type[np.generic]) -> None:
    flat = aligned_zeros(size, dtype)
    assert flat.shape == (size,)
    assert flat.dtype == dtype
    assert not flat.any()
    assert flat.flags.writeable
    assert size == 0 or flat.ctypes.data % ALIGNMENT == 0


def test_that_a_copy_has_the_numbers_in_memory_of_its_own() -> None:
    numbers = np.arange(9, dtype=np.float64)
    copy = aligned_copy(numbers, np.float32)
    numbers[:] = 0
    np.testing.assert_array_equal(copy, np.arange(9, dtype=np.float32))
    assert copy.ctypes.data % ALIGNMENT == 0


def test_that_what_a_training_passes_over_in_every_step_is_aligned() -> None:
    network = Network((5,), (Dense(7), Dense(3)))
    plan = Plan(network, initial_parameters(network, 0), 4, loss=MeanSquaredError(), training=True)
    updater = Adam().bind(plan.trainable, plan.gradients, plan.segments)
    bound = plan.bind(4)
    arrays = [plan.parameters, plan.gradients, *updater.slots.values(), bound.x, *(op.y for op in bound.ops)]
    assert {array.ctypes.data % ALIGNMENT for array in arrays} == {0}
