"""What a trace remembers of layers saves work and never changes what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore import layer_facts
from nncore.editing.edits import Insert, Remove, Replace
from nncore.editing.switching import switched
from nncore.layers import LSTM, Conv2D, Dense, Dropout, Flatten, Layer, MaxPooling2D
from nncore.losses import SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.trace import trace

LAYERS = st.sampled_from(
    [Conv2D(4, (3, 3)), MaxPooling2D((2, 2)), Flatten(), Dense(8), Dense(10, "softmax"), LSTM(3), Dropout(0.2)]
)


@given(st.lists(st.lists(LAYERS, max_size=6), min_size=2, max_size=4))
def test_that_what_is_remembered_is_what_would_be_found_anew(networks: list[list[Layer]]) -> None:
    for layers in networks:
        network = Network((12, 12, 1), tuple(layers))
        remembered = trace(network, SparseCategoricalCrossentropy(), Target(10))
        layer_facts._found.clear()
        assert trace(network, SparseCategoricalCrossentropy(), Target(10)) == remembered


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[Layer]:
    """The layers that are looked at, in order."""
    seen: list[Layer] = []
    look = layer_facts._look

    def noted(layer: Layer, shape: tuple[int, ...]) -> layer_facts.LayerFacts:
        seen.append(layer)
        return look(layer, shape)

    monkeypatch.setattr(layer_facts, "_look", noted)
    return seen


def test_that_an_edit_of_a_long_network_looks_at_what_it_changed_only(looks: list[Layer]) -> None:
    network = Network((4,), tuple(Dense(8, "relu") for _ in range(200)))
    trace(network)
    assert len(looks) == 200
    looks.clear()
    dropout, other = Dropout(0.5), Dense(9)
    network = Insert(100, dropout).apply(network)
    trace(network)
    assert looks == [dropout]
    network = Remove(100, dropout).apply(network)
    trace(network)
    assert looks == [dropout]
    looks.clear()
    trace(Replace(50, network.layers[50], other).apply(network))
    assert looks == [other, network.layers[51]]  # the one below it gets another shape


def test_that_the_memory_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_facts, "MOST", 10)
    layer_facts._found.clear()
    for units in range(1, 50):
        trace(Network((4,), (Dense(units), Dense(units))))
        assert len(layer_facts._found) <= 10


def test_that_a_switched_layer_equals_one_that_was_made_so() -> None:
    layer = LSTM(4, name="mine")
    assert switched(layer, "return_sequences", True) == LSTM(4, return_sequences=True, name="mine")
    assert switched(layer, "disabled", True) == layer.replace(disabled=True)
    assert layer == LSTM(4, name="mine")
