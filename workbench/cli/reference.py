"""The reference of all layers and of what their settings may be, read from the declarations themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nncore.activations import ACTIVATIONS
from nncore.fields import CHOICE, SPEC, Declared, Field, Json
from nncore.initializers import INITIALIZERS
from nncore.layers.base import FAMILIES, LAYERS
from nncore.regularizers import REGULARIZERS

_FEW = 5  # names that are listed at each field; more of them stand once, at the end


def layers() -> dict[str, Any]:
    """Return every layer, and the activations, initializers and regularizers that it may have, as JSON data."""
    return {
        "layers": [
            {"name": name, "family": layer.family, "equation": layer.equation, **_described(layer)}
            for name, layer in LAYERS.items()
        ],
        "activations": [{"name": entry.name, "equation": entry.equation} for entry in ACTIVATIONS],
        "initializers": [_described(initializer) for initializer in INITIALIZERS],
        "regularizers": [_described(regularizer) for regularizer in REGULARIZERS],
    }


def _described(declared: type[Declared]) -> dict[str, Any]:
    return {
        "name": declared.type_name,
        "help": declared.help(),
        "fields": [field.reference() for field in declared.fields()],
    }


def layers_reference() -> str:
    """Return the same as text, family by family."""
    parts = []
    for family in FAMILIES:
        members = [layer for layer in LAYERS if layer.family == family]
        parts += [_title(f"{family} layers"), *map(_entry, members)]
    width = max(map(len, ACTIVATIONS.names()))
    activations = "\n".join(f"{entry.name:{width}}  {entry.equation}" for entry in ACTIVATIONS)
    parts += [_title("activations"), activations]
    parts += [_title("initializers"), *map(_entry, INITIALIZERS)]
    parts += [_title("regularizers"), *map(_entry, REGULARIZERS)]
    return "\n\n".join(parts)


def _title(words: str) -> str:
    return f"{words.capitalize()}\n{'=' * len(words)}"


def _entry(declared: type[Declared]) -> str:
    equation = getattr(declared, "equation", "")
    title = f"{declared.type_name}: {declared.help()}" + (f"  {equation}" if equation else "")
    shown = [field for field in declared.fields() if not field.rule.hidden]
    width = max((len(field.name) for field in shown), default=0)
    return "\n".join([title, *(f"  {field.name:{width}}  {_about(field)}" for field in shown)])


def _about(field: Field) -> str:
    default = "required" if field.required else f"default {written(field.to_json(field.default))}"
    return f"{_rule(field)}; {default}{'; advanced' if field.rule.advanced else ''}. {field.rule.help}"


def _rule(field: Field) -> str:
    """Return the rule of a field in words; a long list of names stands at the end of the reference instead."""
    names = field.choices()
    if len(names) > _FEW and field.kind in (CHOICE, SPEC):
        registry = ACTIVATIONS if field.spec is None else field.spec.registry
        others = [name for name in registry.names() if name not in names]
        if set(names) <= set(registry.names()) and len(others) < len(names):
            article = "an" if registry.noun[0] in "aeiou" else "a"
            but = f" other than {_alternatives(others)}" if others else ""
            return f"{article} {registry.noun}{but}" + (" or empty" if field.optional else "")
    return field.describe()


def _alternatives(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def written(value: Json) -> str:
    """Return a value of JSON data as people write it: ``(1, 1)``, ``l2(l2=0.01)``, ``empty``."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"({', '.join(map(written, value))})"
    if isinstance(value, dict):
        settings = ", ".join(f"{name}={written(entry)}" for name, entry in value.items() if name != "type")
        return f"{value['type']}({settings})"
    return f"{value:g}" if isinstance(value, float) else str(value)
