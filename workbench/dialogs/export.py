"""The export dialog: in which format, and where."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from nncore.export import EXPORTERS
from workbench.theme import fonts
from workbench.theme.wrapped_label import WrappedLabel


class ExportDialog(QDialog):
    """Asks for a format and a file.

    Attributes:
        chosen: carries the format's name and the path.

    Args:
        folder: where the file is suggested to go.
        stem: the suggested name without its ending.
    """

    chosen = Signal(str, object)

    def __init__(self, folder: Path, stem: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportDialog")
        self.setWindowTitle(self.tr("Export"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(fonts.pixels(520))
        self._files: QFileDialog | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        title = QLabel(self.tr("Write what was learned to a file"), self)
        title.setProperty("role", "title")
        layout.addWidget(title)
        self._formats: dict[str, QRadioButton] = {}
        for name, exporter in EXPORTERS.items():
            button = QRadioButton(exporter.label, self)
            button.setObjectName(f"format.{name}")
            button.toggled.connect(self._follow_format)
            help_text = QLabel(exporter.help, self)
            help_text.setProperty("role", "caption")
            help_text.setIndent(fonts.pixels(16) + 10)  # below the words beside the circle
            layout.addWidget(button)
            layout.addWidget(help_text)
            self._formats[name] = button
        self.path = QLineEdit(self)
        self.path.setObjectName("exportPath")
        self.path.setAccessibleName(self.tr("File"))
        browse = QPushButton(self.tr("Choose…"), self)
        browse.setObjectName("browseButton")
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(self.path, 1)
        row.addWidget(browse)
        layout.addSpacing(8)
        layout.addLayout(row)
        self.error = WrappedLabel(self)
        self.error.setObjectName("exportError")
        self.error.setProperty("role", "wrong")
        self.error.hide()
        layout.addWidget(self.error)
        layout.addSpacing(8)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.accept_button = QPushButton(self.tr("Export"), self)
        self.accept_button.setObjectName("exportButton")
        self.accept_button.setProperty("primary", True)
        self.accept_button.setDefault(True)
        buttons.addButton(self.accept_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._choose)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.path.setText(str(folder / stem))
        next(iter(self._formats.values())).setChecked(True)

    @property
    def format(self) -> str:
        """The chosen format's name."""
        return next(name for name, button in self._formats.items() if button.isChecked())

    def show_error(self, sentence: str) -> None:
        """Say what went wrong, where the person is looking."""
        self.error.setText(sentence)
        self.error.show()
        # A label that wraps does not make its dialog taller by itself.
        layout = self.layout()
        if layout is not None:
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
        self.accept_button.setEnabled(True)

    def _follow_format(self, checked: bool) -> None:
        """Give the file the ending of the chosen format."""
        if checked and self.path.text():
            path = Path(self.path.text())
            known = [exporter.suffix for exporter in EXPORTERS]
            stem = path.with_suffix("") if path.suffix in known else path
            self.path.setText(str(stem.with_name(stem.name + EXPORTERS.get(self.format).suffix)))

    def _browse(self) -> None:
        exporter = EXPORTERS.get(self.format)
        self._files = QFileDialog(self, self.tr("Export"), self.path.text())
        self._files.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self._files.setNameFilter(f"{exporter.label.split(' (')[0]} (*{exporter.suffix})")
        self._files.setDefaultSuffix(exporter.suffix.lstrip("."))
        self._files.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._files.fileSelected.connect(self.path.setText)
        self._files.open()

    def _choose(self) -> None:
        self.error.hide()
        if not self.path.text().strip():
            self.show_error(self.tr("The file has no name. Type one, or press Choose."))
            return
        self.accept_button.setEnabled(False)
        self.chosen.emit(self.format, Path(self.path.text().strip()))
