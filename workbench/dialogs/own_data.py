"""The dialog that asks for data of one's own: a file, or a folder."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.dialogs.folders import DATA


def own_data_dialog(folder: bool, name: str, parent: QWidget) -> QFileDialog:
    """Return the dialog; it does not block and deletes itself. It begins in the folder where the last one ended.

    Args:
        folder: whether it asks for a folder.
        name: its object name.
    """
    dialog = QFileDialog(parent)
    dialog.setObjectName(name)
    if folder:
        dialog.setWindowTitle(_tr("Choose a folder with data"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
    else:
        dialog.setWindowTitle(_tr("Choose a file with data"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([_tr("Tables and arrays (*.csv *.xlsx *.parquet *.npz)"), _tr("All files (*)")])
    dialog.setDirectory(str(DATA.path))
    dialog.fileSelected.connect(DATA.note)
    dialog.finished.connect(dialog.deleteLater)
    return dialog


def _tr(words: str) -> str:
    return QCoreApplication.translate("own_data", words)
