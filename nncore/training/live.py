"""Settings that act on a running training: which they are is said by their declarations (``live=True``).

Invariant: a live field changes no shape and nothing that an optimizer remembers, so a training may go on with it from
one step to the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from nncore.fields import Declared, Json
from nncore.network import Network

DeclaredT = TypeVar("DeclaredT", bound=Declared)


@dataclass(frozen=True)
class Difference:
    """One live field whose value has changed; ``name`` in words: ``learning rate``, ``dropout: rate``."""

    name: str
    before: object
    after: object


def with_live(old: DeclaredT, new: Declared) -> DeclaredT:
    """Return ``old`` with the live fields of ``new``, those of declarations that fields hold included.

    A declaration of another type stays as it is: its fields mean something else.
    """
    if type(new) is not type(old):
        return old
    changes: dict[str, object] = {}
    for field in old.fields():
        before, after = getattr(old, field.name), getattr(new, field.name)
        if field.rule.live:
            changes[field.name] = after
        elif isinstance(before, Declared) and isinstance(after, Declared):
            changes[field.name] = with_live(before, after)
    changes = {name: value for name, value in changes.items() if value != getattr(old, name)}
    return old.replace(**changes) if changes else old


def network_with_live(old: Network, new: Network) -> Network:
    """Return ``old`` with the live fields of the layers of ``new``, if it has the same layers in a row."""
    if [type(layer) for layer in old.layers] != [type(layer) for layer in new.layers]:
        return old
    return Network(old.input_shape, tuple(with_live(*pair) for pair in zip(old.layers, new.layers, strict=True)))


def differences(old: Declared, new: Declared, owner: str = "") -> Iterator[Difference]:
    """Yield the live fields that differ between two declarations of one type.

    Args:
        old, new: before and after.
        owner: what stands before the names of the fields. Without it those of an inner declaration, such as an
            optimizer's, stand alone, too.
    """
    if type(old) is not type(new):
        return
    for field in old.fields():
        before, after = getattr(old, field.name), getattr(new, field.name)
        label = field.label.lower() if field.label[1:2].islower() else field.label  # but not L2
        words = f"{owner}: {label}" if owner else label
        if isinstance(before, Declared) and isinstance(after, Declared):
            yield from differences(before, after, words if owner else "")
        elif field.rule.live and before != after:
            yield Difference(words, before, after)


def network_differences(old: Network, new: Network) -> Iterator[Difference]:
    """Yield the live fields that differ between two networks with the same layers in a row."""
    for name, before, after in zip(old.names(), old.layers, new.layers, strict=True):
        yield from differences(before, after, name)


def lasting(declared: Declared) -> dict[str, Json]:
    """Return a declaration as JSON data without its live fields: what a training that goes on must have kept."""
    data: dict[str, Json] = {"type": declared.type_name}
    for field in declared.fields():
        value = getattr(declared, field.name)
        if not field.rule.live:
            data[field.name] = lasting(value) if isinstance(value, Declared) else field.to_json(value)
    return data
