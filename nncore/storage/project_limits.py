"""How large the parts of a project file may be, decided before any memory is taken for them."""

from __future__ import annotations

from collections.abc import Iterable

from nncore.errors import InputError
from nncore.fields import Json
from nncore.network import PARAMETER_LIMIT

DESCRIPTION = 16 * 2**20
"""Bytes of ``project.json``."""

MOST_LAYERS, DEEPEST, LONGEST_TEXT = 2_000, 64, 20_000
"""Layers in a list, levels of the description, characters of one text in it: ten times what anybody needs."""

_MOST_REMEMBERED = 4  # numbers that an optimizer may remember for each parameter
_MOST_MEASURES = 64  # numbers that may be kept for each epoch
_PART = 4 * 4 * PARAMETER_LIMIT
_NAMES = 2**20  # bytes that names and shapes may take


def weights_room(parameters: int) -> int:
    """Return the bytes that the weights of a network with so many parameters may take."""
    return _room(parameters)


def memory_room(trainable: int) -> int:
    """Return the bytes that an optimizer's memory of so many trainable parameters may take."""
    return _room(_MOST_REMEMBERED * trainable)


def history_room(steps: int, epochs: int) -> int:
    """Return the bytes that the course of a training of so many steps and epochs may take."""
    return _room(4 * steps + _MOST_MEASURES * (epochs + 1))


def _room(numbers: int) -> int:
    """Return the room for numbers of up to eight bytes each, and for their names."""
    return min(_PART, 8 * numbers + _NAMES)


def check_extent(data: dict[str, Json], remedy: str) -> None:
    """Raise ``InputError`` for a description that is well-formed, but larger than anything in the program is made for.

    Args:
        data: the whole description.
        remedy: what to do about it.
    """
    waiting: list[tuple[Iterable[Json], int]] = [(data.values(), 2)]
    while waiting:
        parts, depth = waiting.pop()
        for part in parts:
            if isinstance(part, str):
                if len(part) > LONGEST_TEXT:
                    raise InputError(
                        f"The description has a text of {len(part):,} characters; at most {LONGEST_TEXT:,} are read.",
                        remedy,
                    )
            elif isinstance(part, (dict, list)):
                if depth == DEEPEST:
                    raise nested_too_deeply(remedy)
                waiting.append((part.values() if isinstance(part, dict) else part, depth + 1))
    for owner in (data, data.get("checkpoint")):
        network = owner.get("network") if isinstance(owner, dict) else None
        layers = network.get("layers") if isinstance(network, dict) else None
        if isinstance(layers, list) and len(layers) > MOST_LAYERS:
            raise InputError(f"The network has {len(layers):,} layers; at most {MOST_LAYERS:,} are read.", remedy)


def nested_too_deeply(remedy: str) -> InputError:
    """Return the error for a description that is nested more deeply than is read."""
    return InputError(f"The description is nested more than {DEEPEST} levels deep.", remedy)
