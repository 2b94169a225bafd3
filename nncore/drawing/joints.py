"""What is drawn between two neighbours: links with a weight each, lines that pass one number on, a window, an arrow."""

from __future__ import annotations

from dataclasses import dataclass

from nncore.drawing.marks import Box, Cells, Glyph
from nncore.layers import Layer
from nncore.layers.base import Weight

WEIGHTS, STRAIGHT, WINDOW, FLOW = "weights", "straight", "window", "flow"
GAPS = {WEIGHTS: 74.0, STRAIGHT: 36.0, WINDOW: 32.0, FLOW: 32.0}
"""Pixels that a joint needs at least."""

_LEAST = 11.0  # pixels of a window's side, so that it can be seen
_PICTURE = 4  # axes of a kernel for pictures: height, width, inputs, filters
_FINEST = 7  # places of a kernel's side that are drawn one by one

Line = tuple[float, float, float, float]


@dataclass(frozen=True)
class Joint:
    """What leads to a layer from the one before it; x is measured from the centre of the layer it leads to.

    Attributes:
        kind: ``"weights"``: a line for each shown number of a weight, in the order of the numbers; ``"straight"``: each
            line passes one number on; ``"window"``: from what a kernel sees at one place to what it makes of it;
            ``"flow"``: an arrow.
        weight, take: which numbers of which weight the lines stand for; see ``Cells``.
        cells: the window's places, to be coloured by the first filter's kernel.
    """

    kind: str
    lines: tuple[Line, ...]
    weight: str = ""
    take: tuple[tuple[int, ...], ...] = ()
    cells: Cells | None = None


def joint_kind(before: Glyph, after: Glyph, layer: Layer | None, weights: tuple[Weight, ...]) -> str:
    """Return what is drawn between two glyphs, the second one being the layer's."""
    if before.kind == "unknown" or after.kind == "unknown":
        return FLOW
    if _matrix(before, after, weights) is not None:
        return WEIGHTS
    if before.ports and after.ports and before.size == after.size and after.kind in ("neurons", "slim"):
        return STRAIGHT
    return WINDOW if before.front is not None and _window_size(layer) else FLOW


def _matrix(before: Glyph, after: Glyph, weights: tuple[Weight, ...]) -> Weight | None:
    """Return the weight with a number for each pair of an input and an output, if there is one."""
    if before.ports and after.ports:
        for weight in weights:
            if weight.name.endswith("kernel") and "recurrent" not in weight.name:
                return weight if weight.shape == (before.size, after.size) else None
    return None


def _window_size(layer: Layer | None) -> tuple[int, ...]:
    for name in ("kernel_size", "pool_size"):
        found = getattr(layer, name, None)
        if found is not None:
            return (found,) if isinstance(found, int) else tuple(found)
    return ()


def joint(
    kind: str, before: Glyph, distance: float, after: Glyph, layer: Layer | None, weights: tuple[Weight, ...]
) -> Joint:
    """Return the joint between two glyphs whose centres lie so far apart."""
    start, end = before.width / 2 - distance, -after.width / 2
    if kind == WEIGHTS:
        matrix = _matrix(before, after, weights)
        assert matrix is not None
        lines = tuple((start, source, end, target) for _, source in before.ports for _, target in after.ports)
        take = tuple(number for number, _ in before.ports), tuple(number for number, _ in after.ports)
        return Joint(WEIGHTS, lines, matrix.name, take)
    if kind == STRAIGHT:
        ends = dict(after.ports)
        passed = [(start, y, end, ends[number]) for number, y in before.ports if number in ends]
        return Joint(STRAIGHT, tuple(passed))
    window = _window(before, _window_size(layer)) if kind == WINDOW else None
    if window is None:
        return Joint(FLOW, ((start + 5, 0.0, end - 5, 0.0),))
    # The window's result is one place of the hindmost sheet, of which only the upper left edge can be seen.
    tip = end + 2.5, 4.0 - after.height / 2
    x, y = window.x + window.width - distance, window.y
    lines = (x, y, *tip), (x, y + window.height, *tip)
    return Joint(WINDOW, lines, cells=_cells(window, -distance, weights))


def _window(before: Glyph, size: tuple[int, ...]) -> Box | None:
    """Return what a kernel sees at one place of the glyph's front sheet; None where there is no sheet."""
    front, (rows, columns) = before.front, before.places
    if front is None:
        return None
    high, wide = front.height / rows, front.width / columns
    height = min(front.height, max(_LEAST, size[0] * high))
    width = front.width if len(size) == 1 else min(front.width, max(_LEAST, size[1] * wide))
    x = front.x + (front.width - width) * 0.7
    y = front.y + (front.height - height) * 0.3
    return Box(x, y, width, height, tint=0.0, radius=0.0)


def _cells(window: Box, left: float, weights: tuple[Weight, ...]) -> Cells:
    """Return the window's places; of the first filter, and of the first channel that it sees."""
    kernel = next((weight for weight in weights if "kernel" in weight.name and len(weight.shape) == _PICTURE), None)
    rows, columns = kernel.shape[:2] if kernel is not None and max(kernel.shape[:2]) <= _FINEST else (1, 1)
    width, height = window.width / columns, window.height / rows
    boxes = tuple(
        Box(left + window.x + column * width, window.y + row * height, width, height, tint=0.0, radius=0.0)
        for row in range(rows)
        for column in range(columns)
    )
    if kernel is None or len(boxes) == 1:
        return Cells("", (), boxes)
    return Cells(kernel.name, (tuple(range(rows)), tuple(range(columns)), (0,), (0,)), boxes)
