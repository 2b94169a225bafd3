"""What would mend a network that does not fit: one-step changes that are tried out before they are offered."""

from __future__ import annotations

from collections.abc import Iterator

from nncore.editing.edits import Insert, Remove, Replace, Several
from nncore.editing.mend import Aim, Choice, Mend
from nncore.editing.mends_of_layer import for_flatten, for_layer
from nncore.editing.mends_of_output import first_layers, for_output
from nncore.editing.mends_of_sequences import for_sequences
from nncore.layers import Embedding, Flatten
from nncore.losses import Loss, Target
from nncore.network import Network, layer_words
from nncore.trace import Trace, trace
from nncore.types import Shape

__all__ = ["Mend", "mends"]

_NEAREST = 3
"""Of the disabled layers above a problem, so many are tried one by one: each trial is a trace of the whole network."""


def mends(
    network: Network,
    loss: Loss,
    target: Target,
    *,
    tokens: bool = True,
    vocabulary: int = 0,
    data_shape: Shape | None = None,
) -> dict[int, list[Mend]]:
    """Return the one-step changes that remove the problem of each row; the loss has the row number ``len(network)``.

    Every candidate is traced, and kept only when it leaves fewer problems, or moves the problem of a layer on to a
    later one or to the loss, where the next step is offered. What leaves none comes first, then what gets furthest. Of
    two that lead to the same network, the first is kept. A disabled layer is never changed but by enabling it.

    Args:
        tokens: whether the numbers of a sample may be numbers of words or letters: only these can be embedded.
        vocabulary: of how many tokens; 0 where that is not known.
        data_shape: of one sample of the data, which the input follows; None where it is not known.
    """
    aim = Aim(loss, target, Embedding.for_tokens(vocabulary) if tokens else None, data_shape)
    before = trace(network, loss, target)
    found: dict[int, list[Mend]] = {}
    places = [row.index for row in before.rows if row.problem is not None]
    if before.loss_problem is not None:
        places.append(len(network))
    for index in places:
        tried: list[tuple[Network, str]] = []
        helpful: list[tuple[tuple[bool, int], Mend]] = []
        for choice in _choices(network, before, index, aim):
            for mend in choice:
                changed = network if mend.edit is None else mend.edit.apply(network)
                if (changed, mend.loss) in tried:
                    continue
                tried.append((changed, mend.loss))
                after = aim.traced(changed, mend.loss)
                if _helps(index, before, after):
                    helpful.append((_left_over(after), mend))
                    break
        if not helpful:
            helpful = _last_resort(network, index, before, aim)
        if helpful:
            helpful.sort(key=lambda found: found[0])
            found[index] = [mend for _, mend in helpful]
    return found


def _last_resort(network: Network, index: int, before: Trace, aim: Aim) -> list[tuple[tuple[bool, int], Mend]]:
    """Return the removal of a layer that nothing else mends, where the one below it can take its place."""
    if index >= len(network) or len(network) == 1:
        return []
    remove = Remove(index, network.layers[index])
    after = aim.traced(remove.apply(network))
    left, below = _left_over(after), len(network) - 1 - index
    if not _helps(index, before, after) or left[1] >= max(below, 1):
        return []
    return [(left, Mend(f"Remove {network.layers[index].type_name}", remove))]


def _left_over(after: Trace) -> tuple[bool, int]:
    """Return whether a change leaves a problem, and how many layers from the first of those that cannot work on."""
    working = next((row.index for row in after.rows if row.problem is not None), len(after.rows))
    return bool(after.problems), len(after.rows) - working


def _helps(index: int, before: Trace, after: Trace) -> bool:
    """Tell whether a change leaves fewer problems, or moves the one of a layer on to a later one or to the loss."""
    left, had = len(after.problems), len(before.problems)
    return left < had or (left == had and index < len(before.rows) and _moved_on(index, before, after))


def _moved_on(index: int, before: Trace, after: Trace) -> bool:
    """Tell whether a layer that had a problem has none any more, and no layer above it has got one."""
    place = index + len(after.rows) - len(before.rows)
    return all(row.problem is None and row.output_shape is not None for row in after.rows[: place + 1])


def _choices(network: Network, before: Trace, index: int, aim: Aim) -> Iterator[Choice]:
    yield from _for_disabled(network, index)
    yield from for_sequences(network, before, index, aim)
    if not network.layers:
        yield from first_layers(network, aim)
        return
    yield (Mend("Insert Flatten above", Insert(index, Flatten())),)
    if index < len(network):
        yield from for_flatten(network, before, index, aim)
        yield from for_layer(network, index, before.rows[index].input_shape or (), aim.embedding)
    else:
        yield from for_output(network, before, aim)


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
