"""Edits of several layers do what they say, and their inverses undo them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nncore.editing.edits import insert_all, move_all, remove_all
from nncore.layers import Dense
from nncore.network import Network

NETWORK = Network((3,), tuple(Dense(units) for units in range(1, 8)))
PLACES = st.sets(st.integers(0, 6))


@given(PLACES, st.integers(0, 7))
def test_that_moved_layers_lie_side_by_side_at_the_gap(places: set[int], gap: int) -> None:
    edit = move_all(places, gap)
    moved = [NETWORK.layers[place] for place in sorted(places)]
    above = [NETWORK.layers[place] for place in range(gap) if place not in places]
    below = [NETWORK.layers[place] for place in range(gap, 7) if place not in places]
    after = edit.apply(NETWORK)
    assert list(after.layers) == above + moved + below
    assert edit.inverse().apply(after) == NETWORK
    assert bool(edit.edits) == (after != NETWORK)


@given(PLACES)
def test_that_removed_layers_come_back(places: set[int]) -> None:
    edit = remove_all(NETWORK, places)
    after = edit.apply(NETWORK)
    assert list(after.layers) == [layer for place, layer in enumerate(NETWORK.layers) if place not in places]
    assert edit.inverse().apply(after) == NETWORK


@given(st.integers(0, 7), st.lists(st.sampled_from([Dense(9), Dense(8)]), max_size=4))
def test_that_inserted_layers_stand_in_their_order(index: int, layers: list[Dense]) -> None:
    edit = insert_all(index, layers)
    after = edit.apply(NETWORK)
    assert after.layers == (*NETWORK.layers[:index], *layers, *NETWORK.layers[index:])
    assert edit.inverse().apply(after) == NETWORK
