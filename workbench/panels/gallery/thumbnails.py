"""Samples as small pictures.

Invariant: a picture is drawn once for a size and a theme; pixels stay square and sharp.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap

from nncore.types import Array

_DARK_SHARE = 0.25


class Thumbnails:
    """The pictures of a set of images.

    Args:
        images: (rows, height, width) or (rows, height, width, 1, 3 or 4): uint8, or any numbers, which are spread over
            their range if that is not 0 to 1.
        like: pictures whose range and paper these are to have: the originals of reconstructions.
    """

    _low: float
    _high: float
    _strokes: bool

    def __init__(self, images: Array, like: Thumbnails | None = None) -> None:
        self.images = images
        self._cache: dict[int, QPixmap] = {}
        self._made_for: tuple[object, ...] = ()
        if like is not None:
            self._low, self._high, self._strokes = like._low, like._high, like._strokes
            return
        grey = images.ndim == 3 or images.shape[-1] == 1
        corners = images[:, [0, 0, -1, -1], [0, -1, 0, -1]] if len(images) else images
        self._low, self._high = _range_of(images)
        # Bright strokes on black, such as handwritten digits, become ink on paper where the theme is light.
        self._strokes = grey and bool(corners.size) and bool(self._bytes(corners).mean() < 255 * _DARK_SHARE)

    def are_of(self, images: Array) -> bool:
        """Return whether these are the same images; a copy of them, too, needs no new pictures."""
        return images is self.images or (images.dtype == self.images.dtype and np.array_equal(images, self.images))

    def height(self, room: int, ratio: float) -> float:
        """Return about how high a picture is that may be ``room`` wide and high, on a screen of that pixel ratio."""
        high, wide = self.images.shape[1:3]
        longest, pixels = max(high, wide), round(room * ratio)
        return float(high * (pixels // longest) if pixels >= longest else pixels * high / longest) / ratio

    def pixmap(self, row: int, room: int, ratio: float, dark: bool) -> QPixmap:
        """Return the picture of a sample, at most ``room`` wide and high, for a screen of that pixel ratio."""
        if self._made_for != (room, ratio, dark):
            self._made_for = (room, ratio, dark)
            self._cache.clear()
        made = self._cache.get(row)
        if made is None:
            made = self._cache[row] = self._draw(row, round(room * ratio), not dark and self._strokes)
            made.setDevicePixelRatio(ratio)
        return made

    def _draw(self, row: int, room: int, inverted: bool) -> QPixmap:
        pixels = self._bytes(self.images[row])
        if inverted:
            pixels = 255 - pixels
        image = _image(np.ascontiguousarray(pixels))
        longest = max(image.width(), image.height())
        whole = room // longest
        if whole >= 1:
            return QPixmap.fromImage(image.scaled(image.width() * whole, image.height() * whole))
        smooth = Qt.TransformationMode.SmoothTransformation
        return QPixmap.fromImage(image.scaled(room, room, Qt.AspectRatioMode.KeepAspectRatio, smooth))

    def _bytes(self, pixels: Array) -> Array:
        if pixels.dtype == np.uint8:
            return pixels
        span = (self._high - self._low) or 1.0
        scaled = (np.nan_to_num(pixels.astype(np.float64)) - self._low) * (255 / span)
        return np.clip(np.rint(scaled), 0, 255).astype(np.uint8)


def _range_of(images: Array) -> tuple[float, float]:
    finite = images[np.isfinite(images)] if images.dtype != np.uint8 else images[:0]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    return (0.0, 1.0) if low >= 0 and 0.5 < high <= 1 else (min(low, 0.0), high)


def _image(pixels: Array) -> QImage:
    """Return a QImage with pixels of its own: (height, width), or (height, width, channels)."""
    if pixels.ndim == 3 and pixels.shape[2] not in (3, 4):
        pixels = np.ascontiguousarray(pixels[:, :, 0])
    height, width = pixels.shape[:2]
    kind = QImage.Format.Format_Grayscale8
    if pixels.ndim == 3:
        kind = QImage.Format.Format_RGB888 if pixels.shape[2] == 3 else QImage.Format.Format_RGBA8888
    return QImage(pixels.tobytes(), width, height, pixels.strides[0], kind).copy()
