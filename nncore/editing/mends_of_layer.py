"""What might make one layer work on what it gets: changes above it, and of its own fields."""

from __future__ import annotations

import math
from collections.abc import Iterator

from nncore.editing.advice import changing_layer
from nncore.editing.edits import Insert, Move, Remove, Replace
from nncore.editing.mend import Aim, Choice, Mend, allows, changed
from nncore.initializers import Initializer
from nncore.layers import Dense, Embedding, Flatten, Layer, Reshape
from nncore.network import Network, layer_words, shape_text
from nncore.trace import Trace
from nncore.types import Shape

_USUAL = {"padding": ("same",), "strides": (1,), "dilation_rate": (1,), "kernel_size": (3, 2, 1), "pool_size": (2, 1)}
"""Values of fields that make a layer fit where others do not, the best first."""


def for_flatten(network: Network, before: Trace, index: int, aim: Aim) -> Iterator[Choice]:
    """Yield the removal of the Flatten that leaves a layer without the axes it needs, and its move to where it fits."""
    above = (row for row in reversed(before.rows[:index]) if row.input_shape != row.output_shape)
    place = next((row.index for row in above), None)
    if place is None or not isinstance(network.layers[place], Flatten):
        return
    remove = Remove(place, network.layers[place])
    yield (Mend("Remove Flatten above", remove),)
    without = remove.apply(network)
    wants = next((row.index for row in aim.traced(without).rows if row.problem is not None), 0)
    if wants >= index and isinstance(without.layers[wants], Dense):
        yield (Mend(f"Move Flatten above {layer_words(network, wants + 1)}", Move(place, wants)),)


def for_layer(network: Network, index: int, shape: Shape, embedding: Embedding | None) -> Iterator[Choice]:
    """Yield changes above a layer, and of its own fields."""
    layer = network.layers[index]
    if changing_layer(network.effective, index) is not None:
        yield (Mend(f"Move {layer.type_name} to the top", Move(index, 0)),)
    if len(network.input_shape) == len(shape) == 1 and _for_pictures(layer):
        yield (Mend(f"Remove {layer.type_name}", Remove(index, layer)),)  # a table is no picture
    above = max((place for place in range(index) if not network.layers[place].disabled), default=None)
    reads_sequences = layer.family == "recurrent" or layer.type_name.endswith("1D")
    if embedding is not None and above is None and len(shape) == 1 and reads_sequences:
        yield (Mend("Insert Embedding above", Insert(index, embedding)),)
    if isinstance(layer, Reshape):
        fitting = layer.fitting(math.prod(shape))
        if allows(Reshape.field("target_shape"), fitting):
            yield (Mend(f"Set target shape to {shape_text(fitting)}", Replace(index, layer, Reshape(fitting))),)
    for wanted in _other_forms(shape, reads_sequences):
        text = f"Insert Reshape to {shape_text(wanted)} above"
        yield (Mend(text, Insert(index, Reshape(wanted))),)
    for name, values in _USUAL.items():
        tries = [(value, changed(layer, name, value)) for value in values]
        title = f"Use {name.replace('_', ' ')}"
        yield tuple(Mend(f"{title} {value}", Replace(index, layer, other)) for value, other in tries if other)
    yield from _usual_starts(layer, index)


def _for_pictures(layer: Layer) -> bool:
    return "2D" in layer.type_name or layer.type_name.startswith("Random")


def _usual_starts(layer: Layer, index: int) -> Iterator[Choice]:
    """Yield the usual initializer in place of each other one."""
    for field in layer.fields():
        if field.spec is None or not issubclass(field.spec, Initializer):
            continue
        other = changed(layer, field.name, field.default)
        if other is not None:
            text = f"Use {field.default.type_name.replace('_', ' ')} as {field.name.replace('_', ' ')}"
            yield (Mend(text, Replace(index, layer, other)),)


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
        if form not in ((), shape) and math.prod(form) == math.prod(shape) and allows(field, form):
            yield form
