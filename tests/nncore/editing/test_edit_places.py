"""Where layers go in an edit agrees with what the edit does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nncore.editing.edit_places import Place, places_after, places_between
from nncore.editing.edits import Insert, Move, Remove, Replace, insert_all, move_all, remove_all
from nncore.layers import Dense
from nncore.network import Network
from tests.nncore.edit_lists import edits

NETWORK = Network((3,), tuple(Dense(units) for units in range(1, 8)))


@given(st.data())
def test_that_a_place_names_the_layer_that_was_there(data: st.DataObject) -> None:
    edit = data.draw(edits(NETWORK.layers))
    after = edit.apply(NETWORK)
    places = places_after(edit, len(NETWORK))
    assert len(places) == len(after)
    for place, layer in zip(places, after.layers, strict=True):
        if not place.touched:
            assert place.origin is not None
            assert NETWORK.layers[place.origin] is layer
        elif place.origin is None:
            assert layer not in NETWORK.layers


def test_that_each_edit_touches_its_own_layers() -> None:
    touched = {
        Insert(2, Dense(9)): [2],
        Remove(2, NETWORK.layers[2]): [],
        Move(5, 1): [1],
        Replace(3, NETWORK.layers[3], Dense(9)): [3],
        insert_all(1, [Dense(8), Dense(9)]): [1, 2],
        move_all([0, 4], 3): [2, 3],
        remove_all(NETWORK, [1, 2]): [],
    }
    for edit, positions in touched.items():
        places = places_after(edit, len(NETWORK))
        assert [position for position, place in enumerate(places) if place.touched] == positions


@given(st.data())
def test_that_between_two_networks_the_ends_that_are_alike_stay(data: st.DataObject) -> None:
    after = data.draw(edits(NETWORK.layers)).apply(NETWORK)
    places = places_between(NETWORK, after)
    assert len(places) == len(after)
    for place, layer in zip(places, after.layers, strict=True):
        if not place.touched:
            assert place.origin is not None
            assert NETWORK.layers[place.origin] == layer
    assert places_between(NETWORK, NETWORK) == [Place(at, False) for at in range(7)]
