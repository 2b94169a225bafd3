"""Field declarations: checking, describing, and the way to JSON and back."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.errors import FieldError, InputError
from nncore.fields import Declared, Field, build, from_json, hyper
from nncore.layers import LAYERS, Dense, Dropout, Layer
from nncore.losses import LOSSES, Loss, MeanSquaredError, SparseCategoricalCrossentropy
from nncore.optimizers import OPTIMIZERS, SGD, Adam, Optimizer
from nncore.project import SETTINGS, DataSettings, TrainingSettings
from nncore.registry import Registry
from tests.nncore import harness
from tests.nncore.harness import QUICK

FRUIT: Registry[type[Declared]] = Registry("fruit")
EVERYTHING: list[type[Declared]] = [*LAYERS, *LOSSES, *OPTIMIZERS, *SETTINGS]
BASES: list[type[Declared]] = [Layer, Loss, Optimizer]


class Basket(Declared):
    """One field of each kind.

    The second line is no help text.
    """

    registry: ClassVar = FRUIT

    count: int = hyper(ge=1, le=1_000, suggested=12, help="How many.")
    weight: float = hyper(0.5, gt=0, lt=10, unit="kg", live=True)
    ripe: bool = hyper(True)
    kind: str = hyper("apple", choices=lambda: ("apple", "pear"), none_as="apple")
    note: str = hyper("")
    size: tuple[int, ...] = hyper((2, 3))
    share: int | str = hyper(4, ge=1, special=("full",))
    owner: str | None = hyper(None)
    limit: float | None = hyper(None, ge=0)
    optimizer: Optimizer = hyper(Adam())


FRUIT.add("Basket", Basket)
WITH_FIELDS = [cls for cls in EVERYTHING if cls.fields()]


@pytest.mark.parametrize(
    ("name", "given_value", "kept"),
    [
        ("count", np.int64(3), 3),
        ("count", 1_000, 1_000),
        ("weight", 2, 2.0),
        ("weight", np.float32(0.5), 0.5),
        ("weight", Fraction(1, 4), 0.25),
        ("ripe", np.bool_(False), False),
        ("kind", None, "apple"),
        ("size", [4, np.int32(5)], (4, 5)),
        ("size", (), ()),
        ("share", "full", "full"),
        ("owner", None, None),
        ("limit", 3, 3.0),
        ("optimizer", "sgd", SGD()),
    ],
)
def test_that_a_value_is_kept_in_the_fields_own_type(name: str, given_value: Any, kept: Any) -> None:
    value = getattr(Basket(count=1).replace(**{name: given_value}), name)
    assert value == kept
    assert type(value) is type(kept)


@pytest.mark.parametrize(
    ("name", "value", "sentence", "remedy"),
    [
        ("count", 0, "Basket: count must be a whole number from 1 to 1,000, but is 0.", "Try 12."),
        ("count", 2_000, "Basket: count must be a whole number from 1 to 1,000, but is 2,000.", "Try 12."),
        ("count", 1.0, "Basket: count must be a whole number from 1 to 1,000, but is 1.", "Try 12."),
        ("count", True, "Basket: count must be a whole number from 1 to 1,000, but is true.", "Try 12."),
        ("count", None, "Basket: count must be a whole number from 1 to 1,000, but is none.", "Try 12."),
        ("weight", 10, "Basket: weight must be a number above 0 and below 10, but is 10.", "Try 0.5."),
        ("weight", "a lot", 'Basket: weight must be a number above 0 and below 10, but is "a lot".', "Try 0.5."),
        ("ripe", 1, "Basket: ripe must be true or false, but is 1.", "Try true."),
        ("kind", "peer", 'Basket: kind must be one of apple, pear, but is "peer".', 'Did you mean "pear"?'),
        ("size", (2, 0), "Basket: size must be a list of positive whole numbers, but is (2, 0).", "Try (2, 3)."),
        ("share", "half", 'Basket: share must be a whole number of at least 1 or "full", but is "half".', "Try 4."),
        ("limit", -1, "Basket: limit must be a number of at least 0 or empty, but is -1.", "Choose a value that fits."),
    ],
)
def test_that_a_wrong_value_gets_a_sentence_and_a_remedy(name: str, value: Any, sentence: str, remedy: str) -> None:
    with pytest.raises(FieldError) as caught:
        Basket(count=1).replace(**{name: value})
    assert (caught.value.owner, caught.value.field) == ("Basket", name)
    assert caught.value.sentence == sentence
    assert caught.value.remedy == remedy
    assert str(caught.value) == f"{sentence} {remedy}"


@pytest.mark.parametrize("name", ["count", "weight", "limit"])
@pytest.mark.parametrize("sign", [1, -1])
def test_that_numbers_beyond_all_bounds_are_refused(name: str, sign: int) -> None:
    for value in (float("nan"), sign * float("inf"), sign * 10**400, sign * 10**6000):
        with pytest.raises(FieldError, match=f"Basket: {name} must be"):
            Basket(count=1).replace(**{name: value})


def test_that_a_number_too_long_to_write_is_told_by_its_length() -> None:
    with pytest.raises(FieldError, match="but is a number of about 6000 digits"):
        Basket(count=10**6000)


def test_that_a_shape_has_no_more_axes_than_an_array_can_have() -> None:
    assert Basket.field("size").check([1] * 32) == (1,) * 32
    with pytest.raises(FieldError, match="size"):
        Basket.field("size").check([1] * 33)


def test_that_a_declaration_starts_with_suggestions_and_resets_to_defaults() -> None:
    assert Basket.suggested() == Basket(count=12)
    assert Dense.suggested() == Dense(64, activation="relu")
    assert Dense.field("activation").start == "relu"
    assert Dense.field("activation").reset == "linear"
    assert Dense.field("units").reset == 64
    assert Dense.field("units").required


def test_that_help_is_the_first_line() -> None:
    assert Basket.help() == "One field of each kind."
    assert Basket.field("count").label == "Count"
    assert Dense.field("kernel_initializer").label == "Initial weights"


def test_that_an_unknown_field_is_answered_with_the_nearest_name() -> None:
    for ask in (lambda: Dense.field("unit"), lambda: Dense(3).replace(unit=4), lambda: build(Dense, {"unit": 4})):
        with pytest.raises(FieldError, match=r'Dense has no field "unit"\..*Did you mean "units"'):
            ask()


def test_that_a_missing_value_is_named_with_its_rule() -> None:
    with pytest.raises(FieldError, match="Dense needs a value for units: a whole number from 1 to 1,000,000"):
        from_json(Layer, {"type": "Dense"})


def test_that_a_declaration_is_a_value() -> None:
    assert Dense(3) == Dense(3)
    assert hash(Dense(3)) == hash(Dense(3))
    assert Dense(3) != Dense(4)
    with pytest.raises(AttributeError):
        Dense(3).units = 4  # type: ignore[misc]  # the point


# --- JSON -------------------------------------------------------------------------------------------------------


@QUICK
@given(st.one_of([harness.declared(cls) for cls in [*EVERYTHING, Basket]]))
def test_that_json_restores_an_equal_declaration(spec: Declared) -> None:
    text = json.dumps(spec.to_json(), allow_nan=False)
    restored = from_json(type(spec), json.loads(text))
    assert restored == spec
    assert json.dumps(restored.to_json()) == text


@pytest.mark.parametrize("cls", EVERYTHING, ids=lambda cls: cls.__name__)
def test_that_defaults_may_be_left_out_of_the_json(cls: type[Declared]) -> None:
    needed = {field.name: field.to_json(field.start) for field in cls.fields() if field.required}
    restored = from_json(cls, {"type": cls.type_name, **needed})
    assert restored == build(cls, {name: cls.field(name).from_json(value) for name, value in needed.items()})


@pytest.mark.parametrize("cls", [*EVERYTHING, Basket], ids=lambda cls: cls.__name__)
def test_that_every_value_beyond_a_rule_is_refused(cls: type[Declared]) -> None:
    harness.check_bounds(cls)


@pytest.mark.parametrize("cls", EVERYTHING, ids=lambda cls: cls.__name__)
def test_that_the_reference_of_each_field_is_json(cls: type[Declared]) -> None:
    for field in cls.fields():
        data = json.loads(json.dumps(field.reference(), allow_nan=False))
        assert data["name"] == field.name
        assert data["label"]
        assert data["help"]
        assert data["type"]
        assert set(data["bounds"]) <= {"ge", "gt", "le", "lt"}


def test_that_hidden_fields_stay_out_of_the_json_until_they_are_set() -> None:
    assert "name" not in Dense(3).to_json()
    assert Dense(3, name="head").to_json()["name"] == "head"
    assert from_json(Layer, Dense(3, name="head", input_shape=(4,)).to_json()) == Dense(
        3, name="head", input_shape=(4,)
    )


def test_that_the_kind_asked_for_is_the_kind_returned() -> None:
    with pytest.raises(InputError, match="TrainingSettings"):
        from_json(DataSettings, {"type": "TrainingSettings"})
    assert from_json(TrainingSettings, {"type": "TrainingSettings"}) == TrainingSettings()


def test_that_a_nested_declaration_may_be_given_by_name() -> None:
    settings = from_json(TrainingSettings, {"type": "TrainingSettings", "loss": "mse", "optimizer": {"type": "sgd"}})
    assert settings.loss == MeanSquaredError()
    assert settings.optimizer == SGD()


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**300, 10**400)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["Dense", "SGD", "mse", "relu"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@QUICK
@given(JSON)
def test_that_any_other_json_is_an_input_error(data: Any) -> None:
    for base in BASES:
        with pytest.raises(InputError) as caught:
            from_json(base, data)
        assert caught.value.sentence.endswith(".")


@QUICK
@given(st.data())
def test_that_any_value_in_any_field_is_taken_or_refused_by_name(data: st.DataObject) -> None:
    cls = data.draw(st.sampled_from(WITH_FIELDS))
    field = data.draw(st.sampled_from(cls.fields()))
    value = data.draw(JSON)
    stored = {**cls.suggested().to_json(), field.name: value}
    try:
        spec = from_json(cls, stored)
    except InputError:
        return
    assert from_json(cls, spec.to_json()) == spec


def test_that_the_generated_wrong_values_break_every_bound() -> None:
    field = Basket.field("weight")
    wrong = field.invalid_values()
    assert 0.0 in wrong
    assert 10.0 in wrong
    assert 0 in Basket.field("count").invalid_values()
    assert 1001 in Basket.field("count").invalid_values()


@QUICK
@given(st.data())
def test_that_the_generated_right_values_are_taken(data: st.DataObject) -> None:
    cls = data.draw(st.sampled_from(WITH_FIELDS))
    field: Field = data.draw(st.sampled_from(cls.fields()))
    value = data.draw(harness.values(field))
    assert field.check(value) == (field.rule.none_as if value is None and not field.optional else value)


def test_that_a_rate_of_one_is_refused_with_the_rule() -> None:
    with pytest.raises(FieldError, match="rate must be a number of at least 0 and below 1, but is 1"):
        Dropout(1)


def test_that_a_crossentropy_is_no_optimizer() -> None:
    with pytest.raises(FieldError, match="optimizer must be one of SGD, RMSprop"):
        TrainingSettings().replace(optimizer=SparseCategoricalCrossentropy())
