"""What might make the output of a network fit the loss and the targets."""

from __future__ import annotations

import math
from collections.abc import Iterator

from nncore.editing.edits import Insert, Replace, insert_all
from nncore.editing.mend import Aim, Choice, Mend, allows, changed
from nncore.layers import Dense, Flatten, Layer, Reshape
from nncore.losses import Loss, Target
from nncore.network import Network, shape_text
from nncore.trace import Trace


def first_layers(network: Network, aim: Aim) -> Iterator[Choice]:
    """Yield the fewest layers that make an output that fits: a Dense, and what brings the samples into its form."""
    units, axes, wanted = aim.units, len(network.input_shape), len(aim.target.output_shape)
    above: tuple[Layer, ...] = (Flatten(),) if axes > wanted else ()
    if axes < wanted and aim.embedding is not None:
        above = (aim.embedding,)
    names = " and ".join([*(layer.type_name for layer in above), "Dense"])
    text = f"Add {names} with {_units(units)}"
    yield tuple(Mend(text, insert_all(0, (*above, output))) for output in outputs(aim))


def outputs(aim: Aim) -> list[Dense]:
    """Return a Dense with each activation that the loss may want, the most fitting first; none of too many units."""
    if not allows(Dense.field("units"), aim.units):
        return []
    return [Dense(aim.units, name) for name in _activations(aim.loss)]


def append_dense(network: Network, dense: Dense) -> Mend:
    """Return the change that makes a Dense the last layer."""
    return Mend(f"Append Dense with {_units(dense.units)}", Insert(len(network), dense))


def for_output(network: Network, before: Trace, aim: Aim) -> Iterator[Choice]:
    """Yield changes of the layer that makes the output, and other losses."""
    place, wanted = last_maker(network), aim.target.output_shape
    if place is None:
        yield from _with_dense(network, before, aim)
    else:
        yield from _for_maker(network, place, before, aim)
    if len(wanted) > 1 and allows(Reshape.field("target_shape"), wanted):
        yield (Mend(f"Append Reshape to {shape_text(wanted)}", Insert(len(network), Reshape(wanted))),)
    for name in _losses(aim.target):
        if name != aim.loss.type_name:
            yield (Mend(f"Use {name.replace('_', ' ')}", None, name),)


def last_maker(network: Network) -> int | None:
    """Return the place of the last layer that makes new numbers; those after it only reshape or activate them."""
    for index in reversed(range(len(network))):
        if type(network.effective[index]).weights is not Layer.weights:
            return index
    return None


def _for_maker(network: Network, place: int, before: Trace, aim: Aim) -> Iterator[Choice]:
    """Yield other units, filters and activations of one layer, and a Dense at the end.

    A layer of the wanted form may be meant to be the output: a Dense is offered only where no change of it helps.
    """
    layer, wanted = network.layers[place], aim.target.output_shape
    size = next((field.name for field in layer.fields() if field.name in ("units", "filters")), "")
    if not size or layer.family == "recurrent":
        yield from _with_dense(network, before, aim)
        return
    shape = before.rows[place].output_shape or ()
    last = wanted[-1] if aim.target.classes or shape[:-1] == wanted[:-1] else math.prod(wanted)
    sized, bare = changed(layer, size, last), _bare(network, place)
    names = [(name, changed(layer, "activation", name)) for name in _activations(aim.loss)]
    choice = tuple(Mend(f"Use {name}", Replace(place, layer, other)) for name, other in names if other)
    if sized is not None:
        yield choice
        both = [(name, changed(sized, "activation", name)) for name in _activations(aim.loss)]
        title = f"Set {size} to {last:,}"
        scores = None if bare is None else changed(bare, size, last)
        choice = (
            *((Mend(f"{title} with linear", Replace(place, layer, scores)),) if scores else ()),
            Mend(title, Replace(place, layer, sized)),
            *(Mend(f"{title} with {name}", Replace(place, layer, other)) for name, other in both if other),
        )
    if max(len(shape), len(before.output_shape or ())) > len(wanted):
        yield choice
        yield from _with_dense(network, before, aim)
    else:
        yield (*choice, *_appended(network, aim))


def _bare(network: Network, place: int) -> Layer | None:
    """Return a layer without its activation where softmax alone follows, which compares negative scores, too."""
    behind = [layer.output_activation() for layer in network.effective[place + 1 :]]
    if {name for name in behind if name is not None} != {"softmax"}:
        return None
    return changed(network.layers[place], "activation", "linear")


def _with_dense(network: Network, before: Trace, aim: Aim) -> Iterator[Choice]:
    """Yield a Dense that makes the output at the end; behind pictures and sequences with a Flatten."""
    yield _appended(network, aim)
    if len(before.output_shape or ()) > len(aim.target.output_shape) == 1:
        text = f"Append Flatten and Dense {aim.units:,}"
        yield tuple(Mend(text, insert_all(len(network), (Flatten(), other))) for other in outputs(aim))


def _appended(network: Network, aim: Aim) -> Choice:
    """Return the ways to append a Dense that makes the output."""
    return tuple(append_dense(network, output) for output in outputs(aim))


def _units(count: int) -> str:
    return f"{count:,} {'unit' if count == 1 else 'units'}"


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
