"""Following another size of text: what was measured in pixels when it was made is measured anew.

Widgets that paint ask ``fonts`` each time. The others were given sizes once, and keep here what those were at the usual
size of text, so that going up and down again ends where it began.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QDockWidget, QMainWindow, QWidget

_LIMIT = 100_000  # pixels; where there is no limit, Qt has one of half a million and more
_KNOWN = "measuredAt"

Sizes = tuple[int, int, int, int, int]


def rescale(widgets: list[QWidget], before: float, now: float) -> None:
    """Give widgets the sizes that they would have been made with at another scale.

    Args:
        widgets: of the whole application.
        before, now: the scale of ``fonts`` until now and from now on.
    """
    for widget in widgets:
        sizes = _sizes(widget)
        known = widget.property(_KNOWN)
        # Only as long as nobody has changed them since are the remembered sizes those of this widget.
        usual = known[1] if known is not None and known[0] == sizes else [size / before for size in sizes]
        _set_sizes(widget, tuple(round(size * now) for size in usual))
        widget.setProperty(_KNOWN, (_sizes(widget), usual))
        if isinstance(widget, QAbstractItemView):
            widget.scheduleDelayedItemsLayout()
        if isinstance(widget, QMainWindow):  # it folds what has no room any more
            QCoreApplication.postEvent(widget, QResizeEvent(widget.size(), widget.size()))


def _sizes(widget: QWidget) -> Sizes:
    """Return least and largest width and height, and the icon's; 0 for what does not apply or the style sheet sets."""
    styled = widget.property
    fixed = not (widget.isWindow() or isinstance(widget, QDockWidget))  # a dock's limits are those of its content
    least_wide = widget.minimumWidth() if fixed and styled("_q_stylesheet_minw") is None else 0
    least_high = widget.minimumHeight() if fixed and styled("_q_stylesheet_minh") is None else 0
    most_wide = widget.maximumWidth() if fixed and styled("_q_stylesheet_maxw") is None else 0
    most_high = widget.maximumHeight() if fixed and styled("_q_stylesheet_maxh") is None else 0
    icon = widget.iconSize().width() if isinstance(widget, QAbstractButton) else 0
    return (
        least_wide,
        least_high,
        most_wide if most_wide < _LIMIT else 0,
        most_high if most_high < _LIMIT else 0,
        icon,
    )


def _set_sizes(widget: QWidget, sizes: tuple[int, ...]) -> None:
    least_wide, least_high, most_wide, most_high, icon = sizes
    # What grows first needs room above it, and what shrinks below it; Qt would else move the other bound.
    if most_wide:
        widget.setMaximumWidth(max(most_wide, widget.minimumWidth()))
    if most_high:
        widget.setMaximumHeight(max(most_high, widget.minimumHeight()))
    if least_wide:
        widget.setMinimumWidth(least_wide)
    if least_high:
        widget.setMinimumHeight(least_high)
    if most_wide:
        widget.setMaximumWidth(most_wide)
    if most_high:
        widget.setMaximumHeight(most_high)
    if icon and isinstance(widget, QAbstractButton):
        widget.setIconSize(QSize(icon, icon))
