"""Which part of a drawing is seen, and how large: plain numbers without a widget."""

from __future__ import annotations

from dataclasses import dataclass

MARGIN = 12.0  # pixels around a drawing that fits
LARGEST, MOST_FITTED = 4.0, 1.6  # pixels for each of the drawing: by hand, and of a small network that is fitted
LEGIBLE = 0.72
"""Below this scale letters are too small: a network that fits only then is shown in part, from the chosen layer on."""


@dataclass(frozen=True)
class Camera:
    """A place (x, y) of the drawing is seen at (x * scale + left, y * scale + top)."""

    scale: float = 1.0
    left: float = 0.0
    top: float = 0.0

    def to_drawing(self, x: float, y: float) -> tuple[float, float]:
        """Return the place of the drawing that is seen at a pixel."""
        return (x - self.left) / self.scale, (y - self.top) / self.scale

    def zoomed(self, factor: float, x: float, y: float, smallest: float) -> Camera:
        """Return a larger or smaller picture in which the pixel (x, y) shows what it showed before."""
        scale = min(LARGEST, max(min(smallest, self.scale), self.scale * factor))
        kept = self.to_drawing(x, y)
        return Camera(scale, x - kept[0] * scale, y - kept[1] * scale)

    def moved(self, x: float, y: float) -> Camera:
        """Return the picture, pushed by some pixels."""
        return Camera(self.scale, self.left + x, self.top + y)


def whole_scale(size: tuple[float, float], view: tuple[float, float]) -> float:
    """Return the scale at which a drawing of ``size`` just fits into ``view``."""
    room = [max(1.0, pixels - 2 * MARGIN) for pixels in view]
    return min(MOST_FITTED, room[0] / size[0], room[1] / size[1])


def fitted(size: tuple[float, float], top: float, view: tuple[float, float]) -> Camera:
    """Return the picture that shows the whole drawing, in the middle; ``top`` is the drawing's smallest y."""
    scale = whole_scale(size, view)
    return Camera(scale, (view[0] - scale * size[0]) / 2, (view[1] - scale * size[1]) / 2 - scale * top)


def legible(
    size: tuple[float, float], top: float, view: tuple[float, float], span: tuple[float, float], least: float = LEGIBLE
) -> Camera:
    """Return the whole drawing, or, below the scale ``least``, a legible part that has ``span`` (left, right)."""
    found = fitted(size, top, view)
    by_height = max(1.0, view[1] - 2 * MARGIN) / size[1]
    scale = min(least, by_height)
    if found.scale >= scale:
        return found
    part = Camera(scale, MARGIN, (view[1] - scale * size[1]) / 2 - scale * top)
    return shifted(part, view[0], span)


def shifted(camera: Camera, width: float, span: tuple[float, float]) -> Camera:
    """Return the picture, pushed sideways as little as needed for ``span`` (left, right) to be seen."""
    left, right = (x * camera.scale + camera.left for x in span)
    if left < MARGIN:
        return camera.moved(MARGIN - left, 0.0)
    if right > width - MARGIN:
        return camera.moved(max(width - MARGIN - right, MARGIN - left), 0.0)
    return camera
