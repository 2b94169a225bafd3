"""Random edits of a network with layers that can be told apart."""

from __future__ import annotations

from hypothesis import strategies as st

from nncore.editing.edits import Edit, Insert, Move, Remove, Replace, Several
from nncore.layers import Dense, Layer


@st.composite
def edits(draw: st.DrawFn, layers: tuple[Layer, ...], most: int = 6) -> Edit:
    """Return an edit, or several after each other, that can be made in a network with these layers."""
    now, made = list(layers), list[Edit]()
    for number in range(draw(st.integers(1, most))):
        edit: Edit = Insert(draw(st.integers(0, len(now))), Dense(1000 + number))
        if now:
            place, other = draw(st.integers(0, len(now) - 1)), draw(st.integers(0, len(now) - 1))
            changed = Replace(place, now[place], Dense(2000 + number))
            edit = draw(st.sampled_from([edit, Remove(place, now[place]), Move(place, other), changed]))
        edit.change(now)
        made.append(edit)
    return made[0] if len(made) == 1 else Several(tuple(made))
