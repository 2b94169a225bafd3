"""A heading that folds what is under it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from workbench.theme import icons
from workbench.theme.widgets import label, rule


class Section(QWidget):
    """A part of the properties under a heading.

    Args:
        name: first part of the object names.
        title: what the heading says.
        content: what is folded.
        line: whether a thin line parts it from the section above.

    Attributes:
        fold: the button that folds, named ``<name>.fold``.
    """

    def __init__(self, name: str, title: str, content: QWidget, line: bool = True) -> None:
        super().__init__()
        self.setObjectName(name)
        self.content = content
        self._title = label(title, "title")
        self._note = label("", "caption")
        self.fold = QToolButton()
        self.fold.setObjectName(f"{name}.fold")
        self.fold.setProperty("flat", True)
        self.fold.setCheckable(True)
        self.fold.setChecked(True)
        self.fold.toggled.connect(self.set_open)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(6)
        top.addWidget(self._title)
        top.addStretch()
        top.addWidget(self._note)
        top.addWidget(self.fold)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        if line:
            box.addWidget(rule())
        box.addLayout(top)
        box.addWidget(content)
        self.set_heading(title)
        self.set_open(True)

    def set_heading(self, title: str, note: str = "") -> None:
        """Change what the heading says; ``note`` stands dim at its end."""
        self._title.setText(title)
        self._note.setText(note)
        self.fold.setAccessibleName(self.tr("Fold {title}").format(title=title))

    @Slot(bool)
    def set_open(self, shown: bool) -> None:
        """Show or fold the content."""
        self.fold.setChecked(shown)
        self.fold.setToolTip(self.tr("Fold") if shown else self.tr("Unfold"))
        icons.bind(self.fold, "up" if shown else "down")
        self.content.setVisible(shown)

    @property
    def heading(self) -> str:
        """What the heading says."""
        return self._title.text()

    def mousePressEvent(self, event: object) -> None:
        # A click beside the fields takes the focus from them, so that a typed value is taken.
        self.setFocus(Qt.FocusReason.MouseFocusReason)
