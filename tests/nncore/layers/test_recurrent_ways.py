"""Whatever way a recurrent layer is computed, it gives what the explicit loop gives, with one thread and with two."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
import pytest

from nncore.computing import threads
from nncore.computing.threads import Team
from nncore.layers.recurrent import base
from nncore.layers.recurrent.base import Recurrent
from nncore.layers.recurrent.products import runs
from nncore.types import Array
from tests.nncore.layers.sequences import (
    CELLS,
    MASKS,
    cell_name,
    compiled,
    gradients,
    looped,
    looped_gradients,
    random_numbers,
    random_weights,
    run,
)

each_cell = pytest.mark.parametrize("layer", CELLS, ids=cell_name)


def same(found: dict[str, Array], expected: dict[str, Array]) -> None:
    """Compare arrays by name, to twelve digits."""
    for name, array in expected.items():
        np.testing.assert_allclose(found[name], array, rtol=1e-12, atol=1e-13, err_msg=name)


@each_cell
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"use_bias": False},
        {"return_sequences": True},
        {"go_backwards": True},
        {"activation": "sigmoid"},
        {"activation": "silu"},
        {"recurrent_activation": "tanh"},
        {"recurrent_activation": "silu"},
    ],
    ids=str,
)
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("divided", [False, True])
def test_that_outputs_and_gradients_are_those_of_the_explicit_loop(
    layer: Recurrent, fields: dict[str, Any], masked: bool, divided: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if divided:
        share_everything(monkeypatch)
    layer = layer.replace(**{name: value for name, value in fields.items() if hasattr(layer, name)})
    x, weights, mask = random_numbers(5, 5, 2), random_weights(layer, (5, 2)), MASKS if masked else None
    y = looped(layer, x, weights, mask)
    dy = random_numbers(*y.shape, seed=9)
    same(gradients(layer, x, weights, dy, mask), {"y": y, **looped_gradients(layer, x, weights, dy, mask)})


@each_cell
@pytest.mark.parametrize("piece", [1, 60, 2**20])
def test_that_it_does_not_matter_how_many_steps_are_prepared_at_once(
    layer: Recurrent, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer, x = layer.replace(return_sequences=True), random_numbers(4, 7, 2)
    weights, dy = random_weights(layer, (7, 2)), random_numbers(4, 7, 3, seed=9)
    expected = gradients(layer, x, weights, dy)
    monkeypatch.setattr(base, "PIECE", piece)
    for name, array in gradients(layer, x, weights, dy).items():
        np.testing.assert_array_equal(array, expected[name], err_msg=name)


@each_cell
@pytest.mark.parametrize("stretch", [1, 2, 3, 7])
@pytest.mark.parametrize("rate", [0.0, 0.4])
def test_that_it_does_not_matter_how_many_steps_are_summed_up_at_once(
    layer: Recurrent, stretch: int, rate: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = layer.replace(return_sequences=True, dropout=rate, recurrent_dropout=rate)
    x, weights, dy = random_numbers(4, 7, 2), random_weights(layer, (7, 2)), random_numbers(4, 7, 3, seed=9)
    op = compiled(layer, x, weights, training=True)[1]
    assert op.stretch == 7
    expected = gradients(layer, x, weights, dy)
    monkeypatch.setattr(base, "STRETCH", stretch * op.da[0].size)
    assert compiled(layer, x, weights, training=True)[1].stretch == stretch
    same(gradients(layer, x, weights, dy), expected)


@each_cell
def test_that_prediction_puts_out_what_training_does(layer: Recurrent) -> None:
    layer, x = layer.replace(return_sequences=True), random_numbers(5, 6, 2)
    weights = random_weights(layer, (6, 2))
    np.testing.assert_array_equal(run(layer, x, weights), run(layer, x, weights, training=True))


# --- Two threads ------------------------------------------------------------------------------------------------


def share_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Divide the smallest layer, on any machine."""
    monkeypatch.setattr(base, "DIVIDED", 1)
    monkeypatch.setattr(base, "WORTH_SHARING", 1)
    monkeypatch.setattr(threads, "processors", lambda: 2)


def alone(team: Team) -> AbstractContextManager[None]:
    """Stand in for ``Team.at_work``: nobody comes to help."""
    return nullcontext()


@each_cell
@pytest.mark.parametrize("rate", [0.0, 0.4])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("stretch", [1, 2**18])
def test_that_the_bits_are_the_same_with_one_thread_and_with_two(
    layer: Recurrent, rate: float, masked: bool, stretch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    share_everything(monkeypatch)
    monkeypatch.setattr(base, "STRETCH", stretch)
    layer = layer.replace(units=16, return_sequences=True, dropout=rate, recurrent_dropout=rate)
    x, mask = random_numbers(5, 5, 20).astype(np.float32), MASKS if masked else None
    weights, dy = random_weights(layer, (5, 20)), random_numbers(5, 5, 16, seed=9)
    with_two = gradients(layer, x, weights, dy, mask)
    monkeypatch.setattr(Team, "at_work", alone)
    for name, array in gradients(layer, x, weights, dy, mask).items():
        np.testing.assert_array_equal(array, with_two[name], err_msg=name)


@each_cell
def test_that_two_threads_walk_with_half_of_a_large_batch_each(layer: Recurrent) -> None:
    for rows, parts in ((4, [slice(0, 4)]), (257, [slice(0, 129), slice(129, 257)])):
        layer = layer.replace(units=128)
        x, weights = np.zeros((rows, 2, 1), np.float32), random_weights(layer, (2, 1))
        assert [walk.part for walk in compiled(layer, x, weights)[1].walks] == parts


# --- The order of gates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [(0,), (0, 1, 2, 3), (3, 0, 1, 2), (2, 0, 1), (2,), (1, 0), (3, 2, 1, 0)])
def test_that_the_runs_of_an_order_lead_from_every_gate_to_its_place(order: tuple[int, ...]) -> None:
    gates = np.arange(4)
    found = np.full(len(order), -1)
    for there, here in runs(order):
        found[here] = gates[there]
    np.testing.assert_array_equal(found, order)
