"""Files and folders that are dropped on the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QLineEdit, QTextEdit, QWidget

from nncore.project import load_preset
from nncore.project_file import save_project
from tests.workbench.driving import Wait
from workbench.main_window import MainWindow

_BUTTON, _KEYS, _COPY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction


def drop(window: MainWindow, *urls: QUrl) -> bool:
    """Drag over the window and drop; return whether the window takes it."""
    mime = QMimeData()
    mime.setUrls(urls)
    enter = QDragEnterEvent(QPoint(9, 9), _COPY, mime, _BUTTON, _KEYS)
    enter.ignore()
    QCoreApplication.sendEvent(window, enter)
    if enter.isAccepted():
        dropped = QDropEvent(QPointF(9, 9), _COPY, mime, _BUTTON, _KEYS)
        QCoreApplication.sendEvent(window, dropped)
        assert dropped.isAccepted()
    return enter.isAccepted()


def local(path: Path) -> QUrl:
    return QUrl.fromLocalFile(str(path))


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "points.csv"
    path.write_text("x,y,label\n" + "".join(f"{n / 9},{n % 7},{'ab'[n % 2]}\n" for n in range(40)), "utf-8")
    return path


def test_that_a_table_becomes_the_data_in_one_undo_step(window: MainWindow, until: Wait, table: Path) -> None:
    before = window.document.project
    assert drop(window, local(table))
    until(lambda: window.document.data_title.startswith("points") and not window.controller.loading)
    window.document.stack.undo()
    assert window.document.project == before


def test_that_a_project_is_opened(window: MainWindow, tmp_path: Path) -> None:
    save_project(tmp_path / "mine.nnw", load_preset("spiral"), None)
    assert drop(window, local(tmp_path / "mine.nnw"))
    assert window.document.path == tmp_path / "mine.nnw"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("song.mp3", '"song.mp3" is not a kind of file that can be read.'),
        ("pictures", "is a folder of pictures"),
        ("empty", "has no IDX files"),
        ("gone.csv", "There is no file or folder"),
        ("bad.nnw", "is not a project file"),
    ],
)
def test_that_what_cannot_be_read_is_told_and_changes_nothing(
    window: MainWindow, until: Wait, tmp_path: Path, name: str, words: str
) -> None:
    (tmp_path / "song.mp3").write_bytes(b"la la")
    (tmp_path / "bad.nnw").write_bytes(b"la la")
    (tmp_path / "empty").mkdir()
    (tmp_path / "pictures" / "cats").mkdir(parents=True)
    QImage(8, 8, QImage.Format.Format_Grayscale8).save(str(tmp_path / "pictures" / "cats" / "1.png"))
    before = window.document.project
    assert drop(window, local(tmp_path / name))
    until(window.watching.banner.isVisible)
    assert words in window.watching.banner.sentence.text()
    assert window.watching.banner.remedy.text()
    assert window.document.project is before
    assert window.document.stack.count() == 0


def test_that_of_several_files_the_first_is_taken_and_the_rest_is_told(
    window: MainWindow, until: Wait, table: Path
) -> None:
    assert drop(window, local(table), local(table.with_name("other.csv")))
    assert window.status.text() == "Only the first of 2 files was taken: points.csv."
    until(lambda: window.document.project.data.source == str(table))


def test_that_an_address_in_the_net_is_not_taken(window: MainWindow) -> None:
    assert not drop(window, QUrl("https://example.org/points.csv"))
    assert not drop(window)


def test_that_a_window_closes_while_a_folder_is_looked_at(window: MainWindow, tmp_path: Path) -> None:
    assert drop(window, local(tmp_path))
    window.close()
    assert not window.isVisible()


def test_that_what_is_dropped_on_plots_and_samples_is_dropped_on_the_window(window: MainWindow) -> None:
    watching = window.watching
    watching.complete()
    taking = [widget for widget in watching.findChildren(QWidget) if widget.acceptDrops()]
    texts = (QLineEdit, QTextEdit)
    others = [widget for widget in taking if not isinstance(widget, texts) and not isinstance(widget.parent(), texts)]
    assert not others, "Qt asks these, and not the window"
