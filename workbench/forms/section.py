"""A heading that folds what is under it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from workbench.forms.name_edit import NameEdit
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
        reset: the button that puts everything below back, named ``<name>.reset``; hidden until ``show_reset``.
        renamed: a person gave what is shown another name; carries the text.
    """

    renamed = Signal(str)

    def __init__(self, name: str, title: str, content: QWidget, line: bool = True) -> None:
        super().__init__()
        self.setObjectName(name)
        self.content = content
        self._title = label(title, "title")
        self._title.setObjectName(f"{name}.title")
        self._note = label("", "caption")
        self._note.setObjectName(f"{name}.note")
        self._name: NameEdit | None = None
        self.reset = QToolButton()
        self.reset.setObjectName(f"{name}.reset")
        self.reset.setProperty("flat", True)
        icons.bind(self.reset, "undo")
        self.fold = QToolButton()
        self.fold.setObjectName(f"{name}.fold")
        self.fold.setProperty("flat", True)
        self.fold.setCheckable(True)
        self.fold.setChecked(True)
        self.fold.toggled.connect(self.set_open)
        self._top = QHBoxLayout()
        self._top.setContentsMargins(0, 0, 0, 0)
        self._top.setSpacing(6)
        self._top.addWidget(self._title)
        self._top.addStretch()
        for widget in (self._note, self.reset, self.fold):
            self._top.addWidget(widget)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        if line:
            box.addWidget(rule())
        box.addLayout(self._top)
        box.addWidget(content)
        self.show_reset("")
        self.set_heading(title)
        self.set_open(True)

    def set_heading(self, title: str, note: str = "") -> None:
        """Change what the heading says; ``note`` stands dim at its end."""
        self._title.setText(title)
        self._note.setText(note)
        self.fold.setAccessibleName(self.tr("Fold {title}").format(title=title))

    def show_reset(self, words: str) -> None:
        """Offer to put everything back, in these words; empty: there is nothing to put back."""
        self.reset.setVisible(bool(words))
        words = words or self.tr("Reset all settings")
        self.reset.setToolTip(words)
        self.reset.setAccessibleName(words)

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

    # --- A name of one's own ------------------------------------------------------------------------------------

    def offer_rename(self, tip: str) -> None:
        """Have a double click on the title ask for another name; empty: it cannot have one."""
        self._title.setToolTip(tip)
        self._title.removeEventFilter(self)
        if tip:
            self._title.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self.ask_for_name(self._title.text())
            return True
        return False

    def ask_for_name(self, text: str) -> None:
        """Put a line with the name in the place of the title, until Enter, Escape or a click elsewhere."""
        if self._name is None:
            self._name = NameEdit(f"{self.objectName()}.name", self)
            self._name.taken.connect(self.renamed)
            self._name.ended.connect(self._end_naming)
            self._top.insertWidget(0, self._name)
        self._title.hide()
        self._name.ask(text)

    @Slot()
    def _end_naming(self) -> None:
        if self._name is not None:
            self._name.hide()
            self._title.show()

    def mousePressEvent(self, event: object) -> None:
        # A click beside the fields takes the focus from them, so that a typed value is taken.
        self.setFocus(Qt.FocusReason.MouseFocusReason)
