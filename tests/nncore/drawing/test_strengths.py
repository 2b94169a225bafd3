"""The strengths of links, read from flat parameters."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from nncore.drawing import NOT_A_NUMBER, STRONGEST, WeightReader, arrange, levels
from nncore.layers import Conv2D, Dense, Embedding, Flatten
from nncore.network import Network
from nncore.plan import initial_parameters, tensors
from nncore.trace import trace


def numbers(found: bytes) -> list[int]:
    return list(struct.unpack(f"{len(found)}b", found))


def test_that_sign_and_size_make_the_level() -> None:
    found = numbers(levels(np.array([[-2.0, 2.0], [0.0, 0.5]])))
    assert found[:3] == [-STRONGEST, STRONGEST, 0]
    assert 0 < found[3] < STRONGEST


def test_that_the_measure_is_the_largest_number() -> None:
    values = np.random.default_rng(0).normal(size=50)
    assert levels(values) == levels(values * 1e-12) == levels((values * 1e12).astype(np.float32).astype(np.float64))
    assert numbers(levels(-values)) == [-level for level in numbers(levels(values))]


def test_that_all_zeros_are_all_zero() -> None:
    assert numbers(levels(np.zeros(3))) == [0, 0, 0]
    assert levels(np.zeros(0)) == b""


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_that_what_is_no_number_is_marked_and_leaves_the_others_as_they_are(value: float) -> None:
    assert numbers(levels(np.array([1.0, value, -1.0]))) == [STRONGEST, NOT_A_NUMBER, -STRONGEST]


def test_that_a_line_between_two_neurons_is_the_weight_between_them() -> None:
    network = Network((30,), (Dense(20), Dense(3)))
    flat = np.zeros_like(initial_parameters(network, 0))
    drawing = arrange(network, trace(network))
    kernel = tensors(network, flat)["layers.0.kernel"]
    kernel[29, 0] = -1.0  # from the last input to the first neuron, both of which are shown
    found = numbers(WeightReader(network).read(drawing, flat)[0, "kernel"])
    (strong,) = [place for place, level in enumerate(found) if level]
    assert found[strong] == -STRONGEST
    _, y, _, last = drawing.joints[0].lines[strong]
    assert y == drawing.nodes[0].glyph.ports[-1][1]
    assert last == drawing.nodes[1].glyph.ports[0][1]


def test_that_numbers_that_are_not_shown_change_nothing() -> None:
    network = Network((30,), (Dense(20),))
    flat = initial_parameters(network, 0)
    drawing, reader = arrange(network, trace(network)), WeightReader(network)
    before = reader.read(drawing, flat)
    tensors(network, flat)["layers.0.kernel"][15, 10] = 1e6
    assert reader.read(drawing, flat) == before


def test_that_tables_and_windows_show_their_numbers() -> None:
    network = Network((6,), (Embedding(100, 4),))
    flat = initial_parameters(network, 0)
    found = WeightReader(network).read(arrange(network, trace(network)), flat)
    assert found[0, "embeddings"] == levels(flat.reshape(100, 4)[[*range(6), *range(94, 100)]])
    network = Network((9, 9, 2), (Conv2D(5, (3, 2)), Flatten()))
    flat = initial_parameters(network, 0)
    found = WeightReader(network).read(arrange(network, trace(network)), flat)
    kernel = tensors(network, flat)["layers.0.kernel"]
    assert found == {(0, "kernel"): levels(kernel[:, :, 0, 0])}
