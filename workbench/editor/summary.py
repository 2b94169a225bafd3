"""The settings of a layer in a few words, from what its fields say of themselves: ``32 filters · 3 × 3 · relu``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from PySide6.QtCore import QCoreApplication

from nncore.fields import BOOLEAN, CHOICE, INTEGER, PAIR, PAIRS, SHAPE, SPEC, Declared, Field
from nncore.layers import Layer
from workbench.forms.defaults import differs, reset_value
from workbench.theme import numbers

BETWEEN = " · "


Path: TypeAlias = tuple[str, ...]
"""The way to a field: its name, or that of the field with the layer that has it, and then its name."""


def settings_words(layer: Declared) -> tuple[str, ...]:
    """Return the key fields in words, and behind them what else differs from its default."""
    return tuple(word for _, word in settings_parts(layer))


Parts: TypeAlias = tuple[tuple[Path, str], ...]
"""Settings in words, each with the field that it stands for."""

MOST = 2_000
"""The words of so many layers are remembered; then all are forgotten at once."""
# By identity: a layer is a value that never changes, and is kept beside its words, so that no other gets its number.
_known: dict[int, tuple[Declared, Parts]] = {}


def settings_parts(layer: Declared) -> Parts:
    """Return the settings that ``settings_words`` tells; remembered, as an edit leaves most layers as they are."""
    known = _known.get(id(layer))
    if known is None:
        if len(_known) >= MOST:
            _known.clear()
        known = layer, _settings_parts(layer)
        _known[id(layer)] = known
    return known[1]


def _settings_parts(layer: Declared) -> Parts:
    fields = [field for field in layer.fields() if not field.rule.hidden]
    keys = [field for field in fields if field.rule.key or isinstance(getattr(layer, field.name), Layer)]
    others = [field for field in fields if field not in keys and differs(layer, field)]
    words = [_parts(field, getattr(layer, field.name), first=number == 0) for number, field in enumerate(keys)]
    words += [_parts(field, getattr(layer, field.name), named=True) for field in others]
    return tuple(part for parts in words for part in parts)


def _parts(field: Field, value: object, first: bool = False, named: bool = False) -> Iterator[tuple[Path, str]]:
    """Yield the words for one field with the way to it; for a layer within the layer, those for its fields."""
    if not isinstance(value, Layer):
        for word in _words(field, value, first, named):
            yield (field.name,), word
        return
    inner = settings_parts(value)
    own = " ".join((value.type_name, *(word for _, word in inner[:1])))
    yield (field.name, *(inner[0][0] if inner else ())), own
    for path, word in inner[1:]:
        yield (field.name, *path), word


def _words(field: Field, value: object, first: bool = False, named: bool = False) -> Iterator[str]:
    """Yield the words for one field; none for what goes without saying.

    Args:
        first: it comes first, so that nothing before it says what it is.
        named: nobody expects it, so that it needs its name.
    """
    label = field.label.lower() if field.label[1:2].islower() else field.label
    shown = numbers.setting(value, field.kind)
    if value is None:
        return
    if field.kind == BOOLEAN:
        if field.rule.short and value != reset_value(field):
            yield field.rule.short
        elif value:
            yield label.split()[-1]
        elif reset_value(field):
            yield QCoreApplication.translate("LayerList", "no {setting}").format(setting=label.split()[-1])
    elif field.rule.unit:
        yield _counted(shown, value, field.rule.unit)
    elif field.kind in (CHOICE, SPEC):
        yield f"{label} {shown}" if field.rule.advanced else shown
    elif field.kind == INTEGER and label.endswith("s") and " " not in label:
        yield _counted(shown, value, label)  # 64 units, 1 filter
    elif not named and (field.kind == SHAPE or (field.kind in (PAIR, PAIRS) and not first)):
        yield shown
    else:
        yield f"{_short(label)} {shown}".strip()  # kernel 3, pool 2 × 2, strides 2 × 2, momentum 0.99


def _counted(shown: str, value: object, unit: str) -> str:
    return f"{shown} {numbers.unit(unit, value)}"


def _short(label: str) -> str:
    """Return a label without the word that its number says anyway: ``pool`` for a pool size, nothing for a rate."""
    words = label.split()
    return " ".join(words[:-1] if words[-1] in ("size", "factor", "rate", "dim") else words)
