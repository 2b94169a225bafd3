"""Which part of a drawing is seen, and how large: plain numbers without a widget."""

from __future__ import annotations

from dataclasses import dataclass

MARGIN = 12.0  # pixels around a drawing that fits
LARGEST, MOST_FITTED = 4.0, 1.6  # pixels for each of the drawing: by hand, and of a small network that is fitted


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


def centred(scale: float, size: tuple[float, float], top: float, view: tuple[float, float]) -> Camera:
    """Return the picture with the drawing in the middle; from its left end on, if it is wider than the view.

    Args:
        scale: pixels for each of the drawing.
        size: of the drawing; ``top`` is its smallest y.
        view: width and height in pixels.
    """
    left, above = ((room - scale * extent) / 2 for room, extent in zip(view, size, strict=True))
    return Camera(scale, left if left >= 0 else MARGIN, above - scale * top)


def shifted(camera: Camera, width: float, span: tuple[float, float]) -> Camera:
    """Return the picture, pushed sideways as little as needed for ``span`` (left, right) to be seen."""
    left, right = (x * camera.scale + camera.left for x in span)
    if left < MARGIN:
        return camera.moved(MARGIN - left, 0.0)
    if right > width - MARGIN:
        return camera.moved(max(width - MARGIN - right, MARGIN - left), 0.0)
    return camera
