"""Records: what ``dataclass(frozen=True)`` makes, without the decorator."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.fields.record import Record, signature


class Place(Record):
    """A point with a label."""

    x: int
    y: int = 0
    _: KW_ONLY
    label: str = ""


class Deep(Place):
    """A point with a third number, which comes before the label because that is given by name only."""

    z: int = 1


@dataclass(frozen=True)
class PlainPlace:
    """The same with the decorator."""

    x: int
    y: int = 0
    _: KW_ONLY
    label: str = ""


@dataclass(frozen=True)
class PlainDeep(PlainPlace):
    """The same with the decorator."""

    z: int = 1


CALLS = st.tuples(
    st.lists(st.integers(0, 2), max_size=5),
    st.dictionaries(st.sampled_from(("x", "y", "z", "label", "other")), st.integers(0, 2), max_size=4),
)


def outcome(cls: Callable[..., Any], arguments: list[int], keywords: dict[str, int]) -> object:
    """Return the fields that a call sets, or the kind of error."""
    try:
        return dataclasses.astuple(cls(*arguments, **keywords))
    except TypeError as error:
        return type(error)


@pytest.mark.parametrize(("ours", "plain"), [(Place, PlainPlace), (Deep, PlainDeep)])
@given(call=CALLS)
def test_that_every_call_ends_as_that_of_a_frozen_dataclass(
    ours: type[Record], plain: type, call: tuple[list[int], dict[str, int]]
) -> None:
    assert outcome(ours, *call) == outcome(plain, *call)


@given(CALLS, CALLS)
def test_that_equality_and_hash_are_those_of_the_fields(
    first: tuple[list[int], dict[str, int]], second: tuple[list[int], dict[str, int]]
) -> None:
    values = [outcome(Deep, *call) for call in (first, second)]
    if TypeError in values:
        return
    one, other = (Deep(*call[0], **call[1]) for call in (first, second))  # type: ignore[arg-type]  # any values
    assert (one == other) == (values[0] == values[1])
    if one == other:
        assert hash(one) == hash(other)
    assert one != Place(one.x, one.y, label=one.label)


def test_that_a_wrong_call_names_the_class_and_the_argument() -> None:
    with pytest.raises(TypeError, match="Place: missing a required argument: 'x'"):
        Place()  # type: ignore[call-arg]  # the point of the test
    with pytest.raises(TypeError, match="Place: multiple values for argument 'x'"):
        Place(1, x=2)  # type: ignore[misc]  # the point of the test


def test_that_nothing_can_be_assigned_or_deleted() -> None:
    place = Place(1)
    for name in ("x", "other"):
        with pytest.raises(dataclasses.FrozenInstanceError, match=f"cannot assign to field '{name}'"):
            setattr(place, name, 2)
        with pytest.raises(dataclasses.FrozenInstanceError, match=f"cannot delete field '{name}'"):
            delattr(place, name)


def test_that_the_text_of_a_record_makes_it_again() -> None:
    deep = Deep(1, 2, 3, label="a")
    assert repr(deep) == "Deep(x=1, y=2, label='a', z=3)"
    assert eval(repr(deep)) == deep


def test_that_copies_and_pickles_are_equal() -> None:
    deep = Deep(1, 2, 3, label="a")
    for other in (copy.copy(deep), copy.deepcopy(deep), pickle.loads(pickle.dumps(deep))):
        assert other == deep
    assert dataclasses.replace(deep, z=7) == Deep(1, 2, 7, label="a")


def test_that_the_signature_is_that_of_a_frozen_dataclass() -> None:
    assert signature(Deep) == inspect.signature(PlainDeep)


def test_that_a_class_may_take_all_its_fields_by_name_only() -> None:
    class Named(Record, kw_only=True):
        x: int

    assert Named(x=1).x == 1
    with pytest.raises(TypeError, match="Named: too many positional arguments"):
        Named(1)  # type: ignore[misc]  # the point of the test
