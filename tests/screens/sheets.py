"""Overviews: six pictures of one look on a sheet, each with its name, so that many can be looked at at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

ACROSS, DOWN, WIDTH, GAP, CAPTION = 2, 3, 760, 8, 20


def write_sheets(folder: Path, look: str, names: Sequence[str]) -> list[Path]:
    """Write the overviews of one look and return their paths; states without a picture are left out."""
    found = [name for name in names if (folder / f"{name}-{look}.png").is_file()]
    pages = [found[place : place + ACROSS * DOWN] for place in range(0, len(found), ACROSS * DOWN)]
    paths = []
    for number, page in enumerate(pages, 1):
        paths.append(folder / f"sheet-{look}-{number:02}.png")
        _sheet(folder, look, page).save(str(paths[-1]))
    return paths


def _sheet(folder: Path, look: str, page: Sequence[str]) -> QImage:
    pictures = [QImage(str(folder / f"{name}-{look}.png")) for name in page]
    height = max(round(picture.height() * WIDTH / picture.width()) for picture in pictures)
    rows = -(-len(page) // ACROSS)
    sheet = QImage(ACROSS * (WIDTH + GAP) + GAP, rows * (height + CAPTION + GAP) + GAP, QImage.Format.Format_RGB32)
    sheet.fill(QColor("#808080"))
    painter = QPainter(sheet)
    font = QFont("Inter")
    font.setPixelSize(14)
    painter.setFont(font)
    painter.setPen(QColor("white"))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for number, (name, picture) in enumerate(zip(page, pictures, strict=True)):
        x = GAP + number % ACROSS * (WIDTH + GAP)
        y = GAP + number // ACROSS * (height + CAPTION + GAP)
        painter.drawText(QRect(x, y, WIDTH, CAPTION), int(Qt.AlignmentFlag.AlignVCenter), f"{name} · {look}")
        shown = picture.scaledToWidth(WIDTH, Qt.TransformationMode.SmoothTransformation)
        painter.drawImage(x, y + CAPTION, shown)
    painter.end()
    return sheet
