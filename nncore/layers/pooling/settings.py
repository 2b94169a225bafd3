"""Fields that the pooling layers share, declared once.

Each function returns a new field for the body of a layer's dataclass.
"""

from __future__ import annotations

from typing import Any

from nncore.fields import hyper

PADDING_HELP = "valid: only whole pools; same: also those that reach beyond the edge, so that nothing is left out."


def pool_size(**default: Any) -> Any:
    """Return the field ``pool_size``: a whole number, or a pair in two dimensions."""
    return hyper(
        **default, ge=1, le=1_000, suggested=2, key=True, help="How many neighbours are taken together as one number."
    )


def strides() -> Any:
    """Return the field ``strides``."""
    text = "How far the pool moves between two outputs; its own size when empty."
    return hyper(None, ge=1, le=1_000, empty="as the pool", help=text)


def padding() -> Any:
    """Return the field ``padding``."""
    return hyper("valid", choices=lambda: ("valid", "same"), help=PADDING_HELP)
