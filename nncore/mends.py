"""What would mend a network that does not fit: one-step changes that are tried out before they are offered."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from nncore.errors import InputError
from nncore.fields import Field
from nncore.layers import Dense, Embedding, Flatten, Layer, Reshape
from nncore.losses import Loss, Target
from nncore.network import Edit, Insert, Network, Replace, Trace, shape_text, trace
from nncore.types import Shape

_USUAL = {"padding": "same", "strides": 1, "dilation_rate": 1, "kernel_size": 1, "pool_size": 1}
"""Values of fields that make a layer fit where others do not."""


@dataclass(frozen=True)
class Mend:
    """One change that the trace proved to help; ``edit`` is None when ``loss`` is to be chosen instead."""

    label: str
    edit: Edit | None
    loss: str = ""


def mends(network: Network, loss: Loss, target: Target) -> dict[int, list[Mend]]:
    """Return the one-step changes that remove the problem of each row; the loss has the row number ``len(network)``.

    Every candidate is traced, and kept only when it leaves fewer problems, or moves the problem of a layer on to a
    later one or to the loss, where the next step is offered.
    """
    before = trace(network, loss, target)
    found: dict[int, list[Mend]] = {}
    rows = [(row.index, row.problem, row.input_shape) for row in before.rows]
    rows.append((len(network), before.loss_problem, before.output_shape))
    for index, problem, shape in rows:
        if problem is None:
            continue
        for mend in _candidates(network, index, shape, loss, target):
            changed = network if mend.edit is None else mend.edit.apply(network)
            other = Loss.registry.get(mend.loss).suggested() if mend.loss else loss
            after = trace(changed, other, target)
            left = after.problems
            if (_moved_on(mend, index, after) and len(left) <= len(before.problems)) or len(left) < len(
                before.problems
            ):
                found.setdefault(index, []).append(mend)
    return found


def _moved_on(mend: Mend, index: int, after: Trace) -> bool:
    """Tell whether a layer that had a problem has none any more."""
    place = index + isinstance(mend.edit, Insert)
    return place < len(after.rows) and after.rows[place].problem is None and after.rows[place].output_shape is not None


def _candidates(network: Network, index: int, shape: Shape | None, loss: Loss, target: Target) -> Iterator[Mend]:
    yield Mend("Insert Flatten above", Insert(index, Flatten()))
    if index < len(network):
        yield from _for_layer(network.layers[index], index, shape or ())
    elif network.layers:
        yield from _for_output(network, loss, target)


def _for_layer(layer: Layer, index: int, shape: Shape) -> Iterator[Mend]:
    """Yield changes above a layer, and of its own fields."""
    if index == 0 and len(shape) == 1:
        yield Mend("Insert Embedding above", Insert(index, Embedding.suggested()))
    for wanted in _other_forms(shape):
        text = f"Insert Reshape to {shape_text(wanted)} above"
        yield Mend(text, Insert(index, Reshape(wanted)))
    for name, value in _USUAL.items():
        changed = _changed(layer, name, value)
        if changed is not None:
            yield Mend(f"Use {name.replace('_', ' ')} {value}", Replace(index, layer, changed))


def _other_forms(shape: Shape) -> Iterator[Shape]:
    """Yield shapes of the same numbers that another kind of layer may want."""
    field = Reshape.field("target_shape")
    forms = [(*shape, 1), shape[:-1] if shape[-1:] == (1,) else (), (*shape[:1], math.prod(shape[1:]))]
    for form in dict.fromkeys(forms):
        if form not in ((), shape) and math.prod(form) == math.prod(shape) and _allows(field, form):
            yield form


def _allows(field: Field, value: object) -> bool:
    try:
        field.check(value)
    except InputError:
        return False
    return True


def _changed(layer: Layer, name: str, value: object) -> Layer | None:
    if not any(field.name == name for field in layer.fields()) or getattr(layer, name) == value:
        return None
    try:
        return layer.replace(**{name: value})
    except InputError:
        return None


def _for_output(network: Network, loss: Loss, target: Target) -> Iterator[Mend]:
    """Yield changes of the last layer, and other losses."""
    last = len(network) - 1
    layer = network.layers[last]
    units = target.output_shape[-1] if target.classes else math.prod(target.output_shape)
    if isinstance(layer, Dense) and units <= (Dense.field("units").rule.le or units):
        activation = loss.fuses or ("linear" if not target.classes else layer.activation)
        other = layer.replace(activation=activation)
        yield Mend(f"Set units to {units:,}", Replace(last, layer, layer.replace(units=units)))
        yield Mend(f"Use {activation}", Replace(last, layer, other))
        both = Replace(last, layer, other.replace(units=units))
        yield Mend(f"Set units to {units:,} with {activation}", both)
    if len(target.output_shape) > 1 and _allows(Reshape.field("target_shape"), target.output_shape):
        text = f"Append Reshape to {shape_text(target.output_shape)}"
        yield Mend(text, Insert(len(network), Reshape(target.output_shape)))
    for name in Loss.registry.names():
        if name != loss.type_name:
            yield Mend(f"Use {name.replace('_', ' ')}", None, name)
