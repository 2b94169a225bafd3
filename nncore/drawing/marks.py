"""What a drawing is made of: boxes, discs and strokes, and the glyph of a layer, which is a group of them."""

from __future__ import annotations

from dataclasses import dataclass, field

FAMILY, QUIET, PAPER, WRONG = "family", "quiet", "paper", "wrong"
"""Roles of colours: that of the layer's family, that of lines in the background, the background, that of errors."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle with rounded corners; ``tint`` is how much of its role's colour fills it, 0 to 1."""

    x: float
    y: float
    width: float
    height: float
    role: str = FAMILY
    tint: float = 0.2
    radius: float = 2.0
    dashed: bool = False

    @property
    def middle(self) -> Point:
        """The centre."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True)
class Disc:
    """A circle around a centre."""

    x: float
    y: float
    radius: float
    role: str = FAMILY
    tint: float = 0.35


@dataclass(frozen=True)
class Stroke:
    """A line through points; ``curved`` makes it one smooth bow over them, ``arrow`` ends it in a point."""

    points: tuple[Point, ...]
    role: str = FAMILY
    width: float = 1.4
    curved: bool = False
    arrow: bool = False


Mark = Box | Disc | Stroke


@dataclass(frozen=True)
class Cells:
    """Small boxes, one for each shown number of a weight, to be coloured by it.

    Attributes:
        weight: name of the weight in the layer.
        take: for each of its axes, which places are shown.
        boxes: in the order of the numbers, last axis fastest.
    """

    weight: str
    take: tuple[tuple[int, ...], ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Glyph:
    """What stands for one layer, around its own centre (0, 0).

    Attributes:
        kind: ``"neurons"``, ``"sheets"``, ``"grid"``, ``"bar"``, ``"cell"``, ``"table"``, ``"slim"`` or ``"unknown"``.
        size: how many numbers the last axis of the output has; ``ports`` are (number on that axis, y) of those that
            lines may begin and end at. Without ports the glyph shows no single numbers.
        count, shown: how many of its parts there are, and how many of them are drawn.
        front: the foremost sheet or the grid, on which a kernel's window may lie; ``places`` are its rows and columns.
        cells: parts whose colour says a weight's numbers.
    """

    kind: str
    width: float
    height: float
    marks: tuple[Mark, ...]
    size: int = 0
    ports: tuple[tuple[int, float], ...] = ()
    count: int = 0
    shown: int = 0
    front: Box | None = None
    places: tuple[int, int] = (1, 1)
    cells: Cells | None = field(default=None)
