"""Names of files and projects in the entries of menus."""

from __future__ import annotations

LONGEST = 40  # letters of a name: what follows it must be seen


def entry_name(name: str) -> str:
    """Return a name as it stands in a menu: shortened, and with ``&`` as a letter instead of the mark of a key."""
    shown = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
    return shown.replace("&", "&&")
