"""The glyph of a layer, chosen by its family, its weights and the shape that it puts out; no layer is known by name.

Invariant: what is too many to be drawn is shown in part, evenly or from both ends, and the glyph says how many of how
many it shows.
"""

from __future__ import annotations

import functools
import math

from nncore.drawing.marks import FAMILY, PAPER, QUIET, WRONG, Box, Cells, Disc, Glyph, Mark, Point, Stroke
from nncore.layers import Layer
from nncore.layers.base import Weight
from nncore.types import Shape

MOST_NEURONS, MOST_UNITS, MOST_ROWS = 12, 6, 12
LARGEST = 94.0  # pixels of the largest picture of a network
_SMALLEST = 9.0
_PITCH, _RADIUS = 17.0, 6.0
_STEP: Point = (3.6, 3.6)  # from one sheet to the next
_FINEST = 3.0  # pixels of a place, if all places are drawn
_TALL = 110.0  # of a slim box, at least
_PICTURE = 3  # axes


def glyph_of(layer: Layer | None, before: Shape, after: Shape, weights: tuple[Weight, ...], unit: float) -> Glyph:
    """Return the glyph of a layer, or, for None, of the network's input.

    Args:
        before, after: shape of one sample in front of the layer and behind it.
        unit: pixels for each place of a picture.
    """
    if layer is None:
        return _data(after, unit)
    if layer.reads_tokens() and weights:
        return table(weights[0].name, *weights[0].shape[:2])
    loops = sum(weight.name.endswith("recurrent_kernel") for weight in weights)
    size = after[-1] if after else 1
    if loops:
        return cell(size, loops)
    kernel = any("kernel" in weight.name for weight in weights)
    rate = float(getattr(layer, "rate", 0.0)) if layer.family == "regularisation" else 0.0
    if before == after and not kernel and not rate and layer.family not in ("shape", "pooling"):
        return slim(size if len(after) < _PICTURE else 0)
    if len(after) <= 1 and layer.family in ("shape", "pooling"):
        return bar(size)
    if kernel and len(after) == 2 and len(before) == 2 and layer.family != "convolution":
        return neurons(size)  # the same neurons at each step
    return _data(after, unit, rate)


def _data(shape: Shape, unit: float, rate: float = 0.0) -> Glyph:
    """Return what stands for numbers of a shape; ``rate`` is the share of them that is struck through."""
    if len(shape) <= 1:
        return neurons(shape[0] if shape else 1, rate)
    if len(shape) == 2:
        return grid(shape[0], shape[1], unit, rate)
    return sheets(shape[0], shape[1], math.prod(shape[2:]), unit, rate)


def shown(count: int, most: int) -> tuple[int, ...]:
    """Return which of ``count`` things are drawn: all of them, or as many from both ends."""
    half = most // 2
    return tuple(range(count)) if count <= most else (*range(half), *range(count - half, count))


def _struck(number: int, rate: float) -> bool:
    """Whether a part is struck through, so that their share is ``rate`` and they lie evenly."""
    return math.ceil((number + 1) * rate) > math.ceil(number * rate)


@functools.lru_cache(maxsize=256)
def neurons(count: int, rate: float = 0.0) -> Glyph:
    """Return a column of neurons, with dots where some are left out."""
    marks, ports, height = _column(count, MOST_NEURONS, _PITCH if count > 8 else 24.0, _RADIUS if count > 8 else 8.0)
    radius = _RADIUS if count > 8 else 8.0
    drawn = list(marks)
    for place, (_, y) in enumerate(ports):
        if rate and _struck(place, rate):
            drawn[place] = Disc(0, y, radius, QUIET, 0.0)
            drawn += _cross(0, y, radius * 0.85)
    return Glyph("neurons", 2 * radius, height, tuple(drawn), count, ports, count, len(ports))


def _column(
    count: int, most: int, pitch: float, radius: float
) -> tuple[tuple[Mark, ...], tuple[tuple[int, float], ...], float]:
    """Return discs below each other, their ports (number, y), and the height of all."""
    numbers = shown(count, most)
    gap = pitch if len(numbers) < count else 0.0
    height = (len(numbers) - 1) * pitch + gap + 2 * radius
    ports = []
    for place, number in enumerate(numbers):
        y = radius - height / 2 + place * pitch + (gap if place >= len(numbers) / 2 else 0.0)
        ports.append((number, y))
    marks: list[Mark] = [Disc(0, y, radius) for _, y in ports]
    if gap:
        marks += [Disc(0, step * pitch / 4, 1.3, FAMILY, 1.0) for step in (-1, 0, 1)]
    return tuple(marks), tuple(ports), height


def _cross(x: float, y: float, arm: float) -> list[Mark]:
    return [
        Stroke(((x - arm, y - arm), (x + arm, y + arm)), FAMILY, 1.6),
        Stroke(((x - arm, y + arm), (x + arm, y - arm)), FAMILY, 1.6),
    ]


@functools.lru_cache(maxsize=256)
def sheets(rows: int, columns: int, maps: int, unit: float, rate: float = 0.0) -> Glyph:
    """Return feature maps as sheets behind each other; more maps are more sheets, within limits."""
    drawn = maps if maps <= 4 else min(12, 2 + round(1.6 * math.log2(maps)))
    width, height = (min(LARGEST, max(_SMALLEST, size * unit)) for size in (columns, rows))
    whole = width + (drawn - 1) * _STEP[0], height + (drawn - 1) * _STEP[1]
    left, top = -whole[0] / 2, -whole[1] / 2
    marks: list[Mark] = []
    for place in range(drawn):
        out = bool(rate) and _struck(drawn - 1 - place, rate)  # the front one first: it is seen whole
        front = Box(left + place * _STEP[0], top + place * _STEP[1], width, height, QUIET if out else FAMILY, 0.2)
        marks.append(front)
        if out:
            marks += _cross(*front.middle, min(width, height) / 2 - 1)
    return Glyph("sheets", *whole, tuple(marks), count=maps, shown=drawn, front=front, places=(rows, columns))


@functools.lru_cache(maxsize=256)
def grid(rows: int, columns: int, unit: float, rate: float = 0.0) -> Glyph:
    """Return numbers in rows, such as a sequence with one row for each step, or a grey picture."""
    width, height = (min(LARGEST, max(_SMALLEST, size * unit)) for size in (columns, rows))
    frame = Box(-width / 2, -height / 2, width, height, tint=0.3)
    marks: list[Mark] = [frame]
    for count, length, along in ((rows, height, 1), (columns, width, 0)):
        if count <= MOST_ROWS or count * _FINEST <= length:
            for place in range(1, count):
                at = place * length / count - length / 2
                half = (width if along else height) / 2 - 0.8  # the frame stays whole
                ends = ((-half, at), (half, at)) if along else ((at, -half), (at, half))
                marks.append(Stroke(ends, PAPER, 0.7))
    if rate:
        marks += _cross(0, 0, min(width, height) / 2 - 1)
    return Glyph("grid", width, height, tuple(marks), front=frame, places=(rows, columns))


@functools.lru_cache(maxsize=256)
def bar(count: int) -> Glyph:
    """Return numbers in one long row as a bar; its length grows with the logarithm of their number."""
    height = max(20.0, 17.0 * math.log2(count + 1))
    frame = Box(-7, -height / 2, 14, height, tint=0.22, radius=4)
    drawn = min(count, MOST_NEURONS)
    # Evenly from the first to the last number, each where it lies on the bar.
    numbers = [round(place * (count - 1) / max(1, drawn - 1)) for place in range(drawn)]
    inner = height - 10
    ports = tuple((number, inner * ((number + 0.5) / count - 0.5)) for number in numbers)
    ticks = [Stroke(((-7, y), (7, y)), FAMILY, 0.6) for _, y in ports]
    return Glyph("bar", 14, height, (frame, *ticks), count, ports, count, drawn)


@functools.lru_cache(maxsize=256)
def slim(count: int) -> Glyph:
    """Return a slim box through which each number passes by itself, as high as the neurons beside it; 0: a picture."""
    beside = neurons(count) if count else None
    height = max(_TALL, beside.height if beside is not None else 0.0)
    frame = Box(-8, -height / 2, 16, height, tint=0.28, radius=5)
    return Glyph("slim", 16, height, (frame,), count, beside.ports if beside is not None else ())


@functools.lru_cache(maxsize=256)
def cell(units: int, loops: int) -> Glyph:
    """Return the cell of a recurrent layer: its units, and for each direction of reading an arrow back to itself."""
    marks, ports, inner = _column(units, MOST_UNITS, 15.0, 5.0)
    width, height, arm = 52.0, inner + 26, 26.0
    frame = Box(-width / 2, -height / 2, width, height, tint=0.14, radius=10)
    bows: list[Mark] = []
    for side in (-1, 1)[:loops]:
        edge, out = side * height / 2, side * (height / 2 + arm)
        # Above it runs back from right to left, below, for a sequence that is read from its end, from left to right.
        xs = (17.0, 24.0, -24.0, -17.0) if side < 0 else (-17.0, -24.0, 24.0, 17.0)
        points = tuple(zip(xs, (edge, out, out, edge), strict=True))
        bows.append(Stroke(points, FAMILY, 1.8, curved=True, arrow=True))
    tall = height + 2 * 0.75 * arm
    return Glyph("cell", width, tall, (*bows, frame, *marks), units, ports, units, len(ports))


@functools.lru_cache(maxsize=256)
def table(weight: str, rows: int, columns: int) -> Glyph:
    """Return a table with a row for each token."""
    ys, xs = shown(rows, MOST_ROWS), shown(columns, MOST_UNITS)
    side, gap = 11.0, 11.0 if len(ys) < rows else 0.0
    width, height = side * len(xs) + 6, side * len(ys) + gap + 6
    boxes = tuple(
        Box(
            column * side - width / 2 + 3,
            row * side + (gap if row >= len(ys) / 2 else 0.0) - height / 2 + 3,
            side,
            side,
            PAPER,
            1.0,
            0.0,
        )
        for row in range(len(ys))
        for column in range(len(xs))
    )
    frame = Box(-width / 2, -height / 2, width, height, tint=0.22, radius=4)
    dots: list[Mark] = [Disc(0, step * 3.0, 1.2, FAMILY, 1.0) for step in (-1, 0, 1)] if gap else []
    return Glyph(
        "table", width, height, (frame, *dots), count=rows, shown=len(ys), cells=Cells(weight, (ys, xs), boxes)
    )


@functools.cache
def unknown(wrong: bool) -> Glyph:
    """Return the place of a layer that does not fit, or of one whose shape is not known because of that."""
    role = WRONG if wrong else QUIET
    frame = Box(-26, -50, 52, 100, role, 0.08 if wrong else 0.0, 6, dashed=True)
    return Glyph("unknown", 52, 100, (frame,))
