"""What the form of a disabled layer says before all else, with the way out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from workbench.theme.widgets import label


class DisabledNote(QFrame):
    """A sentence, and a button that enables the layer.

    Attributes:
        enable_wanted: the button was pressed.
        button: named ``layerForm.enable``.
    """

    enable_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layerForm.disabled")
        words = label(self.tr("Disabled: the network works as if this layer were not there."), "caption", self)
        words.setWordWrap(True)
        self.button = QToolButton(self)
        self.button.setObjectName("layerForm.enable")
        self.button.setProperty("chip", True)
        self.button.setText(self.tr("Enable"))
        self.button.setToolTip(self.tr("Have the layer take part again · Ctrl+/ in the list"))
        self.button.setAccessibleName(self.tr("Enable the layer"))
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.button.clicked.connect(self.enable_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()
