"""The one coloured button."""

from __future__ import annotations

from PySide6.QtWidgets import QStyleOptionToolButton, QToolButton

from workbench.theme import icons


class PrimaryButton(QToolButton):
    """Draws the icon of its action in the colour of its words; in a menu the same action has the icon of a menu.

    Attributes:
        drawn: the name of the icon.
    """

    drawn = "train"

    def initStyleOption(self, option: QStyleOptionToolButton) -> None:
        super().initStyleOption(option)
        option.icon = icons.icon(self.drawn, "on_accent")
