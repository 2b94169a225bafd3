"""What would mend a network that does not fit: one-step changes that are tried out before they are offered."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from nncore.editing.advice import changing_layer, switched_sequences
from nncore.editing.edits import Edit, Insert, Move, Remove, Replace, Several, insert_all
from nncore.errors import InputError
from nncore.fields import Field
from nncore.initializers import Initializer
from nncore.layers import Dense, Embedding, Flatten, Layer, Reshape
from nncore.losses import Loss, Target
from nncore.network import Network, layer_words, shape_text
from nncore.trace import Trace, trace
from nncore.types import Shape

_USUAL = {"padding": ("same",), "strides": (1,), "dilation_rate": (1,), "kernel_size": (3, 2, 1), "pool_size": (2, 1)}
"""Values of fields that make a layer fit where others do not, the best first."""
_NEAREST = 3
"""Of the disabled layers above a problem, so many are tried one by one: each trial is a trace of the whole network."""


@dataclass(frozen=True)
class Mend:
    """One change that the trace proved to help; ``edit`` is None when ``loss`` is to be chosen instead."""

    label: str
    edit: Edit | None
    loss: str = ""


Choice: TypeAlias = tuple[Mend, ...]
"""Changes of which the first that helps is offered."""


def mends(
    network: Network, loss: Loss, target: Target, *, tokens: bool = True, vocabulary: int = 0
) -> dict[int, list[Mend]]:
    """Return the one-step changes that remove the problem of each row; the loss has the row number ``len(network)``.

    Every candidate is traced, and kept only when it leaves fewer problems, or moves the problem of a layer on to a
    later one or to the loss, where the next step is offered. Of two that lead to the same network, the first is kept.
    A disabled layer is never changed but by enabling it.

    Args:
        tokens: whether the numbers of a sample may be numbers of words or letters: only these can be embedded.
        vocabulary: of how many tokens; 0 where that is not known.
    """
    before = trace(network, loss, target)
    embedding = Embedding.for_tokens(vocabulary) if tokens else None
    found: dict[int, list[Mend]] = {}
    places = [row.index for row in before.rows if row.problem is not None]
    if before.loss_problem is not None:
        places.append(len(network))
    for index in places:
        tried: list[tuple[Network, str]] = []
        for choice in _choices(network, before, index, loss, target, embedding):
            for mend in choice:
                changed = network if mend.edit is None else mend.edit.apply(network)
                if (changed, mend.loss) in tried:
                    continue
                tried.append((changed, mend.loss))
                other = Loss.registry.get(mend.loss).suggested() if mend.loss else loss
                if _helps(mend, index, before, trace(changed, other, target)):
                    found.setdefault(index, []).append(mend)
                    break
    return found


def _helps(mend: Mend, index: int, before: Trace, after: Trace) -> bool:
    """Tell whether a change leaves fewer problems, or moves the one of a layer on to a later one or to the loss."""
    left, had = len(after.problems), len(before.problems)
    return left < had or (left == had and index < len(before.rows) and _moved_on(mend, index, after))


def _moved_on(mend: Mend, index: int, after: Trace) -> bool:
    """Tell whether a layer that had a problem has none any more, and no layer above it has got one."""
    place = index + isinstance(mend.edit, Insert) - isinstance(mend.edit, Remove)
    if place >= len(after.rows):
        return False
    return all(row.problem is None and row.output_shape is not None for row in after.rows[: place + 1])


def _choices(
    network: Network, before: Trace, index: int, loss: Loss, target: Target, embedding: Embedding | None
) -> Iterator[Choice]:
    yield from _for_disabled(network, index)
    yield from _for_sequences(network, before, index)
    if not network.layers:
        yield from _first_layers(network, loss, target, embedding)
        return
    yield (Mend("Insert Flatten above", Insert(index, Flatten())),)
    if index < len(network):
        yield from _for_layer(network, index, before.rows[index].input_shape or (), embedding)
    else:
        yield from _for_output(network, before, loss, target)


def _first_layers(network: Network, loss: Loss, target: Target, embedding: Embedding | None) -> Iterator[Choice]:
    """Yield the fewest layers that make an output that fits: a Dense, and what brings the samples into its form."""
    units, axes, wanted = target.output_shape[-1], len(network.input_shape), len(target.output_shape)
    if units > (Dense.field("units").rule.le or units):
        return
    above: tuple[Layer, ...] = (Flatten(),) if axes > wanted else ()
    if axes < wanted and embedding is not None:
        above = (embedding,)
    names = " and ".join(layer.type_name for layer in (*above, Dense(units)))
    text = f"Add {names} with {units:,} {'unit' if units == 1 else 'units'}"
    yield tuple(Mend(text, insert_all(0, (*above, output))) for output in _outputs(units, loss))


def _outputs(units: int, loss: Loss) -> list[Layer]:
    """Return a Dense with each activation that the loss may want, the most fitting first."""
    dense = Dense(units)
    return [_changed(dense, "activation", name) or dense for name in _activations(loss)]


def _for_disabled(network: Network, index: int) -> Iterator[Choice]:
    """Yield the enabling of each of the nearest disabled layers above, and of all that there are."""
    enabled = {
        place: Replace(place, layer, layer.replace(disabled=False))
        for place, layer in enumerate(network.layers)
        if layer.disabled
    }
    for place in [place for place in reversed(enabled) if place < index][:_NEAREST]:
        yield (Mend(f"Enable {layer_words(network, place)}", enabled[place]),)
    if len(enabled) > 1:
        yield (Mend(f"Enable all {len(enabled)} disabled layers", Several(tuple(enabled.values()))),)


def _for_sequences(network: Network, before: Trace, index: int) -> Iterator[Choice]:
    """Yield the switch of ``return_sequences`` in the nearest layer above that has one."""
    found = switched_sequences(network.effective, [row.input_shape for row in before.rows], index, lambda _: True)
    if found is not None:
        place, changed = found
        switch = "on" if len(changed.output_shape(before.rows[place].input_shape or ())) > 1 else "off"
        text = f"Switch return sequences {switch} in {layer_words(network, place)}"
        yield (Mend(text, Replace(place, network.layers[place], changed)),)


def _for_layer(network: Network, index: int, shape: Shape, embedding: Embedding | None) -> Iterator[Choice]:
    """Yield changes above a layer, and of its own fields."""
    layer = network.layers[index]
    if changing_layer(network.effective, index) is not None:
        yield (Mend(f"Move {layer.type_name} to the top", Move(index, 0)),)
    if len(network.input_shape) == len(shape) == 1 and layer.type_name.endswith("2D"):
        yield (Mend(f"Remove {layer.type_name}", Remove(index, layer)),)  # a table is no picture
    above = max((place for place in range(index) if not network.layers[place].disabled), default=None)
    if above is not None and isinstance(network.layers[above], Flatten):
        yield (Mend("Remove Flatten above", Remove(above, network.layers[above])),)
    reads_sequences = layer.family == "recurrent" or layer.type_name.endswith("1D")
    if embedding is not None and above is None and len(shape) == 1 and reads_sequences:
        yield (Mend("Insert Embedding above", Insert(index, embedding)),)
    if isinstance(layer, Reshape):
        fitting = layer.fitting(math.prod(shape))
        if _allows(Reshape.field("target_shape"), fitting):
            yield (Mend(f"Set target shape to {shape_text(fitting)}", Replace(index, layer, Reshape(fitting))),)
    for wanted in _other_forms(shape, reads_sequences):
        text = f"Insert Reshape to {shape_text(wanted)} above"
        yield (Mend(text, Insert(index, Reshape(wanted))),)
    for name, values in _USUAL.items():
        tries = [(value, _changed(layer, name, value)) for value in values]
        title = f"Use {name.replace('_', ' ')}"
        yield tuple(Mend(f"{title} {value}", Replace(index, layer, other)) for value, other in tries if other)
    yield from _usual_starts(layer, index)


def _usual_starts(layer: Layer, index: int) -> Iterator[Choice]:
    """Yield the usual initializer in place of each other one."""
    for field in layer.fields():
        if field.spec is None or not issubclass(field.spec, Initializer):
            continue
        changed = _changed(layer, field.name, field.default)
        if changed is not None:
            text = f"Use {field.default.type_name.replace('_', ' ')} as {field.name.replace('_', ' ')}"
            yield (Mend(text, Replace(index, layer, changed)),)


def _other_forms(shape: Shape, sequence: bool) -> Iterator[Shape]:
    """Yield shapes of the same numbers that another kind of layer may want."""
    field = Reshape.field("target_shape")
    side = math.isqrt(math.prod(shape))
    square = (side, side, 1) if len(shape) == 1 and not sequence else ()
    forms = [
        square,
        (*shape, 1) if sequence or len(shape) != 1 else (),
        shape[:-1] if shape[-1:] == (1,) else (),
        (*shape[:1], math.prod(shape[1:])) if len(shape) > 1 else (),
        (1,) if shape == () else (),
    ]
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
    if not any(field.name == name for field in layer.fields()):
        return None
    try:
        changed = layer.replace(**{name: value})
    except InputError:
        return None
    return None if changed == layer else changed


def _for_output(network: Network, before: Trace, loss: Loss, target: Target) -> Iterator[Choice]:
    """Yield changes of the layer that makes the output, and other losses."""
    place = _last_maker(network)
    wanted = target.output_shape
    if place is not None:
        yield from _for_maker(network, place, before, loss, target)
    if len(wanted) > 1 and _allows(Reshape.field("target_shape"), wanted):
        yield (Mend(f"Append Reshape to {shape_text(wanted)}", Insert(len(network), Reshape(wanted))),)
    for name in _losses(target):
        if name != loss.type_name:
            yield (Mend(f"Use {name.replace('_', ' ')}", None, name),)


def _last_maker(network: Network) -> int | None:
    """Return the place of the last layer that makes new numbers; those after it only reshape or activate them."""
    for index in reversed(range(len(network))):
        if type(network.effective[index]).weights is not Layer.weights:
            return index
    return None


def _for_maker(network: Network, place: int, before: Trace, loss: Loss, target: Target) -> Iterator[Choice]:
    """Yield other units, filters and activations of one layer; where it makes another form, a Dense at the end."""
    layer, wanted = network.layers[place], target.output_shape
    size = next((field.name for field in layer.fields() if field.name in ("units", "filters")), "")
    if not size or layer.family == "recurrent":
        yield from _with_dense(network, before, loss, target)
        return
    shape = before.rows[place].output_shape or ()
    last = wanted[-1] if target.classes or shape[:-1] == wanted[:-1] else math.prod(wanted)
    sized, bare = _changed(layer, size, last), _bare(network, place)
    names = [(name, _changed(layer, "activation", name)) for name in _activations(loss)]
    yield tuple(Mend(f"Use {name}", Replace(place, layer, other)) for name, other in names if other)
    if sized is not None:
        both = [(name, _changed(sized, "activation", name)) for name in _activations(loss)]
        title = f"Set {size} to {last:,}"
        scores = None if bare is None else _changed(bare, size, last)
        yield (
            *((Mend(f"{title} with linear", Replace(place, layer, scores)),) if scores else ()),
            Mend(title, Replace(place, layer, sized)),
            *(Mend(f"{title} with {name}", Replace(place, layer, other)) for name, other in both if other),
        )
    if len(shape) > len(wanted):
        yield from _with_dense(network, before, loss, target)


def _bare(network: Network, place: int) -> Layer | None:
    """Return a layer without its activation where softmax alone follows, which compares negative scores, too."""
    behind = [layer.output_activation() for layer in network.effective[place + 1 :]]
    if {name for name in behind if name is not None} != {"softmax"}:
        return None
    return _changed(network.layers[place], "activation", "linear")


def _with_dense(network: Network, before: Trace, loss: Loss, target: Target) -> Iterator[Choice]:
    """Yield a Dense that makes the output at the end; behind pictures with a Flatten."""
    units, end = target.output_shape[-1], len(network)
    if units > (Dense.field("units").rule.le or units):
        return
    tries = _outputs(units, loss)
    yield tuple(Mend(f"Append Dense with {units:,} units", Insert(end, other)) for other in tries)
    if len(before.rows[-1].output_shape or ()) == 3 and len(target.output_shape) == 1:
        text = f"Append Flatten and Dense {units:,}"
        yield tuple(Mend(text, insert_all(end, (Flatten(), other))) for other in tries)


def _activations(loss: Loss) -> tuple[str, ...]:
    """Return the activations that the loss may want of the output, the most fitting first."""
    return (loss.fuses,) if loss.fuses else ("linear", "softmax", "sigmoid")


def _losses(target: Target) -> tuple[str, ...]:
    """Return the losses that suit the targets best."""
    if not target.classes:
        return ("mean_squared_error",)
    if target.classes == 2:
        return ("sparse_categorical_crossentropy", "binary_crossentropy")
    return ("sparse_categorical_crossentropy",)
