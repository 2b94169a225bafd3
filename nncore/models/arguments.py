"""Arguments that Keras has and this library has not: they keep their place in the order, and are refused by name.

A call written for Keras thus never means something else here, also where arguments are given by their position.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from nncore.errors import InputError

P = ParamSpec("P")
R = TypeVar("R")


def refuses(*names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Method decorator: raise ``InputError`` when one of the arguments ``names`` asks for something.

    Its default, None and an empty list or dictionary ask for nothing.
    """

    def add(method: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(method)
        title = method.__name__.replace("__init__", "Sequential") + "()"

        @functools.wraps(method)
        def checked(*args: P.args, **keywords: P.kwargs) -> R:
            try:
                given = signature.bind_partial(*args, **keywords).arguments
            except TypeError:  # the call itself says what is wrong, with the name of the method
                given = {}
            for name in names:
                if name in given and not _asks_nothing(given[name], signature.parameters[name].default):
                    raise InputError(
                        f"{title} has no argument {name} here.", "Leave it out, or name the argument that is meant."
                    )
            return method(*args, **keywords)

        return checked

    return add


def _asks_nothing(value: Any, default: Any) -> bool:
    if value is None or value is default:
        return True
    if isinstance(value, list | tuple | dict):
        return not value
    return isinstance(value, bool | int | float | str) and bool(value == default)
