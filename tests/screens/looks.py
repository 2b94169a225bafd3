"""How the window looks in a picture: theme, size, size of text, colours, and pixels for each point of the screen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """One way to look at every state.

    Attributes:
        theme: ``"light"`` or ``"dark"``.
        size: width and height of the window, in points.
        text_size, colours: as under the menu View.
        scale: pixels for each point; another one than 1 needs a process of its own.
    """

    theme: str
    size: tuple[int, int]
    text_size: str = "normal"
    colours: str = "standard"
    scale: int = 1

    @property
    def name(self) -> str:
        """The words of a file's name: ``light-1024x640-largest``."""
        words = [self.theme, f"{self.size[0]}x{self.size[1]}"]
        words += [self.text_size] if self.text_size != "normal" else []
        words += [self.colours] if self.colours != "standard" else []
        words += [f"{self.scale}00%"] if self.scale != 1 else []
        return "-".join(words)


USUAL, SMALL, PROJECTOR = (1440, 900), (1024, 640), (1920, 1080)

# In an order that exchanges the style sheet, which takes longest, as seldom as can be.
LOOKS = (
    *(Look("light", size) for size in (USUAL, SMALL, PROJECTOR)),
    Look("light", USUAL, colours="safe"),
    Look("light", USUAL, text_size="largest"),
    Look("dark", SMALL, text_size="largest"),
    *(Look("dark", size) for size in (SMALL, USUAL, PROJECTOR)),
    Look("dark", USUAL, colours="safe"),
    *(Look("light", size, scale=2) for size in (SMALL, USUAL)),
    Look("dark", USUAL, scale=2),
)

FEW = (Look("light", USUAL), Look("dark", SMALL, text_size="largest"), Look("dark", SMALL))
"""Both themes, two sizes and large text: enough for what differs little from what is drawn in all of them."""
