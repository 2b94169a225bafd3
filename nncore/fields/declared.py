"""A field with its type resolved, and the base of all that is declared with fields."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import sys
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from nncore.errors import FieldError, InputError
from nncore.fields.conversions import convert_list, convert_number, convert_shape, plain
from nncore.fields.record import Record, signature
from nncore.fields.rules import (
    BOOLEAN,
    CHOICE,
    INTEGER,
    LISTS,
    NUMBER,
    NUMBERS,
    PAIR,
    PAIRS,
    RANGE,
    SHAPE,
    SPEC,
    TEXT,
    Json,
    Rule,
)
from nncore.registry import Registry, did_you_mean


@dataclass(frozen=True)
class Field:
    """One declared field with its type resolved: checks, describes and serialises its values."""

    owner: str
    name: str
    kind: str
    rule: Rule
    default: Any
    optional: bool
    spec: type[Declared] | None = None

    @property
    def required(self) -> bool:
        """Whether a constructor call must give it."""
        return self.default is dataclasses.MISSING

    @property
    def reset(self) -> Any:
        """The value a form resets to: the default, or the suggestion where the constructor has none."""
        return self.rule.suggested if self.required else self.default

    @property
    def start(self) -> Any:
        """The value a palette starts with: the suggestion, or else the default."""
        return self.default if self.rule.suggested is None else self.rule.suggested

    @property
    def label(self) -> str:
        """What a form calls the field."""
        return self.rule.label or self.name.replace("_", " ").capitalize()

    def applies(self, declared: Declared) -> bool:
        """Whether the field has a meaning in a declaration, beside the values of its other fields."""
        return self.rule.applies is None or bool(self.rule.applies(declared))

    def choices(self) -> list[str]:
        """The names a choice, or a nested specification, accepts."""
        if self.spec is not None:  # a registry may hold more kinds than the field takes
            return [name for name, entry in self.spec.registry.items() if issubclass(entry, self.spec)]
        return list(self.rule.choices()) if self.rule.choices else []

    def describe(self) -> str:
        """The rule in words, fit for "must be ..."."""
        if self.kind == CHOICE:
            text = "one of " + ", ".join(self.choices())
        elif self.kind in LISTS:
            text = LISTS[self.kind] + self._bounds() + (", one of them -1" if self.rule.wildcard else "")
        elif self.kind == SPEC:
            text = f"one of {', '.join(self.choices())}"
        else:
            words = {INTEGER: "a whole number", NUMBER: "a number", BOOLEAN: "true or false", TEXT: "text"}
            text = words[self.kind] + self._bounds()
        for word in self.rule.special:
            text += f' or "{word}"'
        return text + (" or empty" if self.optional else "")

    def _bounds(self) -> str:
        rule = self.rule
        low = rule.ge if rule.ge is not None else rule.gt
        high = rule.le if rule.le is not None else rule.lt
        if low is not None and high is not None and rule.gt is None and rule.lt is None:
            return f" from {plain(low)} to {plain(high)}"
        words = {"of at least": rule.ge, "above": rule.gt, "of at most": rule.le, "below": rule.lt}
        return " and".join(f" {word} {plain(bound)}" for word, bound in words.items() if bound is not None)

    def check(self, value: Any) -> Any:
        """Return ``value`` in the field's own type; raise ``FieldError`` when it breaks the rule."""
        if value is None and self.rule.none_as is not None:
            value = self.rule.none_as
        if value is None and self.optional:
            return None
        if isinstance(value, str) and value in self.rule.special:
            return value
        checked = self._convert(value)
        if checked is None:
            shown = f'"{value}"' if isinstance(value, str) else plain(value)
            raise FieldError(
                self.owner,
                self.name,
                f"{self.owner}: {self.name} must be {self.describe()}, but is {shown}.",
                self._advice(value),
            )
        return checked

    def _convert(self, value: Any) -> Any:
        """Return the value in its own type, or None when it breaks the rule."""
        if self.kind == BOOLEAN:
            return bool(value) if isinstance(value, (bool, _numpy_bool())) else None
        if self.kind in (INTEGER, NUMBER):
            return convert_number(self.kind, self.rule, value)
        if self.kind == SHAPE:
            return convert_shape(value, self.rule.wildcard)
        if self.kind in LISTS:
            return convert_list(self.kind, self.rule, value)
        if self.kind == SPEC:
            return self._convert_spec(value)
        if self.kind == CHOICE and not isinstance(value, str):  # scripts may pass the function of that name
            value = getattr(value, "__name__", value)
        if not isinstance(value, str):
            return None
        value = dict(self.rule.aliases).get(value, value)
        return value if self.kind == TEXT or self.rule.open or value in self.choices() else None

    def _convert_spec(self, value: Any) -> Declared | None:
        assert self.spec is not None
        if isinstance(value, self.spec):
            return value
        if isinstance(value, str) and value in self.spec.registry:
            entry = self.spec.registry.get(value)
            return typing.cast("Declared", entry.suggested()) if issubclass(entry, self.spec) else None
        return None

    def _advice(self, value: Any) -> str:
        if isinstance(value, str) and self.choices():
            return did_you_mean(value, self.choices(), "Choose one of these names.")
        if self.start is not None and self.kind != SPEC:
            return f"Try {plain(self.start)}."
        return "Choose a value that fits."

    def invalid_values(self) -> list[Any]:
        """Values that the rule must refuse, for tests: one beyond each bound, and wrong types."""
        rule = self.rule
        step = 1 if self.kind == INTEGER else 0.5
        values: list[Any] = [object()]
        if rule.ge is not None:
            values.append(type(step)(rule.ge) - step)
        if rule.gt is not None:
            values.append(type(step)(rule.gt))
        if rule.le is not None:
            values.append(type(step)(rule.le) + step)
        if rule.lt is not None:
            values.append(type(step)(rule.lt))
        if self.kind in (INTEGER, NUMBER):
            values += [True, "many", float("nan")]
        if self.kind in (CHOICE, SPEC, BOOLEAN) and not rule.open:
            values.append("no such name")
        if self.kind == SHAPE:
            values += [(0, 3), (-1, -1) if rule.wildcard else (-1,), ("a",), 1.5]
        if self.kind in (PAIR, PAIRS):
            values += [(1, 2, 3), (1,), ("a", 1), 1.5, True]
        if self.kind == RANGE:
            values += [(0.5, 0.25), (0.1,), ("a", 1), "many", float("nan")]
        if self.kind == NUMBERS:
            values += [(), ("a",), (float("nan"),), "many"]
        return values

    def to_json(self, value: Any) -> Json:
        """Return the value as JSON data."""
        if isinstance(value, Declared):
            named = value.name_suffices and value == type(value).suggested()
            return value.type_name if named else value.to_json()
        return [self.to_json(entry) for entry in value] if isinstance(value, tuple) else value

    def from_json(self, data: Json) -> Any:
        """Return the value that ``to_json`` wrote; ``check`` sees it when the declaration is made."""
        if self.kind == SPEC and self.spec is not None and isinstance(data, Mapping):
            return from_json(self.spec, data)
        return data

    def reference(self) -> dict[str, Json]:
        """Everything about the field as JSON data, for the reference documentation."""
        rule = self.rule
        bounds = {key: getattr(rule, key) for key in ("ge", "gt", "le", "lt") if getattr(rule, key) is not None}
        return {
            "name": self.name,
            "label": self.label,
            "type": self.kind,
            "required": self.required,
            "optional": self.optional,
            "default": None if self.required else self.to_json(self.default),
            "suggested": self.to_json(self.start),
            "bounds": bounds,
            "choices": self.choices(),
            "special": list(rule.special),
            "unit": rule.unit,
            "live": rule.live,
            "advanced": rule.advanced,
            "help": rule.help,
        }


class _Refusing(type):
    """Answers an argument that a declaration has not with a sentence instead of a ``TypeError``."""

    def __call__(cls, *args: Any, **keywords: Any) -> Any:
        if keywords.keys() - cls.__dict__.get("__dataclass_fields__", keywords).keys():
            keywords = typing.cast("type[Declared]", cls).known_arguments(keywords)
        return super().__call__(*args, **keywords)

    @property
    def __signature__(cls) -> inspect.Signature:
        """The arguments of the constructor, for ``help`` and editors, which would else see those above."""
        return signature(typing.cast("type[Declared]", cls))


class Declared(Record, metaclass=_Refusing):
    """Base of every record whose fields are made by ``hyper()``.

    Constructing one checks every field and raises ``FieldError`` for a value outside its rule.

    Attributes:
        registry: where declarations of this kind are found by name.
        type_name: the name of this one.
        name_suffices: in JSON, the name alone stands for the declaration with its usual values.
    """

    registry: ClassVar[Registry[Any]]
    type_name: ClassVar[str] = ""
    name_suffices: ClassVar[bool] = False

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)  # makes it a dataclass
        if "type_name" not in cls.__dict__:
            cls.type_name = cls.__name__

    @classmethod
    def known_arguments(cls, keywords: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments of a constructor call that are declared; raise ``FieldError`` for any other."""
        for name in keywords:
            cls.field(name)
        return keywords

    def __post_init__(self) -> None:
        for field in self.fields():
            object.__setattr__(self, field.name, field.check(getattr(self, field.name)))

    @classmethod
    def fields(cls) -> tuple[Field, ...]:
        """Return the declared fields in the order of the constructor."""
        return _fields_of(typing.cast("Any", cls))

    @classmethod
    def field(cls, name: str) -> Field:
        """Return the field called ``name``; raise ``FieldError`` when there is none."""
        for field in cls.fields():
            if field.name == name:
                return field
        known = [field.name for field in cls.fields()]
        raise FieldError(cls.type_name, name, f'{cls.type_name} has no field "{name}".', did_you_mean(name, known))

    @classmethod
    def suggested(cls) -> Self:
        """Return the declaration a palette starts with: defaults, and suggestions where there is no default."""
        return cls(**{field.name: field.start for field in cls.fields()})

    @classmethod
    def help(cls) -> str:
        """Return the first line of the docstring: what it does, in one sentence."""
        return (cls.__doc__ or "").strip().split("\n")[0]

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some fields changed; raise ``FieldError`` for a field or value it cannot have."""
        for name in changes:
            self.field(name)
        return typing.cast("Self", dataclasses.replace(typing.cast("Any", self), **changes))

    def to_json(self) -> dict[str, Json]:
        """Return ``{"type": name, field: value, ...}``; ``from_json`` restores an equal object."""
        data: dict[str, Json] = {"type": self.type_name}
        for field in self.fields():
            value = getattr(self, field.name)
            if not (field.rule.hidden and value == field.default):
                data[field.name] = field.to_json(value)
        return data


DeclaredT = typing.TypeVar("DeclaredT", bound=Declared)


def build(cls: type[DeclaredT], values: Mapping[str, Any]) -> DeclaredT:
    """Construct ``cls`` from named values; raise ``FieldError`` for unknown or missing names."""
    for name in values:
        cls.field(str(name))
    for field in cls.fields():
        if field.required and field.name not in values:
            raise FieldError(
                cls.type_name,
                field.name,
                f"{cls.type_name} needs a value for {field.name}: {field.describe()}.",
                f"Add it, for example {plain(field.start)}.",
            )
    return cls(**values)


def from_json(base: type[DeclaredT], data: Json) -> DeclaredT:
    """Return the declaration that ``to_json`` wrote.

    Args:
        base: the kind that is expected, for example ``Layer``; its registry knows the types.
        data: ``{"type": name, field: value, ...}``; fields left out take their defaults.

    Raises:
        InputError: unknown type or field, or a value outside its rule.
    """
    noun = base.registry.noun
    if not isinstance(data, Mapping) or not isinstance(data.get("type"), str):
        raise InputError(f"A {noun} must be an object with a type, but is {plain(data)[:80]}.", "Check the file.")
    cls: type[DeclaredT] = base.registry.get(data["type"])
    if not issubclass(cls, base):  # a registry may hold more than one kind
        raise InputError(f"{base.type_name} was expected, but {cls.type_name} was found.", "Check the file.")
    values = {str(name): cls.field(str(name)).from_json(value) for name, value in data.items() if name != "type"}
    return build(cls, values)


@functools.cache
def _fields_of(cls: type[Declared]) -> tuple[Field, ...]:
    found = []
    for item in dataclasses.fields(typing.cast("Any", cls)):
        rule = item.metadata.get("rule")
        if rule is not None:
            kind, optional, spec = _kind(_hint(cls, item.name), rule)
            found.append(Field(cls.type_name, item.name, kind, rule, item.default, optional, spec))
    return tuple(found)


def _hint(cls: type[Declared], name: str) -> Any:
    """Return the type of a field; ``typing.get_type_hints`` would work out those of all base classes each time."""
    owner = next(base for base in cls.__mro__ if name in inspect.get_annotations(base))
    return _evaluated(owner.__annotations__[name], owner.__module__)


@functools.cache
def _evaluated(hint: str, module: str) -> Any:
    return eval(hint, vars(sys.modules[module]))


def _kind(hint: Any, rule: Rule) -> tuple[str, bool, type[Declared] | None]:
    """Return (kind, whether None is allowed, nested base) for a type hint."""
    parts = list(typing.get_args(hint)) if isinstance(hint, types.UnionType) else [hint]
    optional = type(None) in parts
    parts = [part for part in parts if part is not type(None)]
    if rule.special:
        parts = [part for part in parts if part is not str]
    (main,) = parts
    if typing.get_origin(main) is tuple:
        return _TUPLES[main], optional, None
    if isinstance(main, type) and issubclass(main, Declared):
        return SPEC, optional, main
    if main is str:
        return (CHOICE if rule.choices else TEXT), optional, None
    return {bool: BOOLEAN, int: INTEGER, float: NUMBER}[main], optional, None


_TUPLES = {
    tuple[int, ...]: SHAPE,
    tuple[int, int]: PAIR,
    tuple[tuple[int, int], tuple[int, int]]: PAIRS,
    tuple[float, float]: RANGE,
    tuple[float, ...]: NUMBERS,
}


def _numpy_bool() -> type:
    import numpy

    return numpy.bool_
