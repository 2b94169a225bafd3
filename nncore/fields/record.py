"""Immutable values with named fields: what ``dataclass(frozen=True)`` makes, without a decorator.

The decorator writes the source of six methods for each class and has it compiled. For more than a hundred layers,
losses, optimizers and other declarations that took longer than all else in the import of the engine; the methods here
are written once and read the names of the fields.
"""

from __future__ import annotations

import dataclasses
import inspect
import typing
from typing import Any, ClassVar, NoReturn, dataclass_transform


@dataclass_transform(frozen_default=True)
class Record:
    """Base of values whose annotated attributes are fields; every subclass is a dataclass.

    The constructor takes the fields in the order of their declaration, those of the base class first; those behind
    ``KW_ONLY``, or all of a class made with ``kw_only=True``, by name only. Then it calls ``__post_init__``. Records of
    one class are equal when all their fields are. Assigning to a field raises ``dataclasses.FrozenInstanceError``.
    """

    _names: ClassVar[tuple[str, ...]] = ()
    _by_place: ClassVar[tuple[str, ...]] = ()
    _defaults: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls, *, kw_only: bool = False, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=kw_only)(cls)
        fields = _fields(cls)
        cls._names = tuple(field.name for field in fields)
        cls._by_place = tuple(field.name for field in fields if not field.kw_only)
        cls._defaults = {field.name: field.default for field in fields if field.default is not dataclasses.MISSING}

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        given = dict(zip(self._by_place, arguments, strict=False)) | keywords
        values = self._defaults | given
        known = len(given) == len(arguments) + len(keywords) and values.keys() == set(self._names)
        if not known:
            _refuse(type(self), arguments, keywords)
        vars(self).update(values)
        self.__post_init__()

    def __post_init__(self) -> None:
        """Look at the fields when all of them have been set."""

    def _values(self) -> list[Any]:
        values = vars(self)
        return [values[name] for name in self._names]

    def __repr__(self) -> str:
        fields = (f"{name}={value!r}" for name, value in zip(self._names, self._values(), strict=True))
        return f"{type(self).__qualname__}({', '.join(fields)})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record) or type(other) is not type(self):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash(tuple(self._values()))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def signature(cls: type[Record]) -> inspect.Signature:
    """Return the arguments of the constructor of a record, for ``help`` and editors."""
    empty, by_place, by_name = (
        inspect.Parameter.empty,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.KEYWORD_ONLY,
    )
    parameters = [
        inspect.Parameter(
            field.name,
            by_name if field.kw_only else by_place,
            default=empty if field.default is dataclasses.MISSING else field.default,
            annotation=field.type,
        )
        for field in sorted(_fields(cls), key=lambda field: bool(field.kw_only))
    ]
    return inspect.Signature(parameters, return_annotation=None)


def _refuse(cls: type[Record], arguments: tuple[Any, ...], keywords: dict[str, Any]) -> NoReturn:
    """Raise the ``TypeError`` that says what is wrong with the arguments of a constructor."""
    try:
        signature(cls).bind(*arguments, **keywords)
    except TypeError as error:
        raise TypeError(f"{cls.__name__}: {error}") from None
    raise AssertionError("A refused call must not fit the signature.")


def _fields(cls: type[Record]) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(typing.cast("Any", cls))
