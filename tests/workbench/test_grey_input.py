"""The input of a network on grey pictures follows its layers, and an undo step brings back just what there was."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from nncore.layers import BatchNormalization, Conv2D, Dense, Flatten, Layer
from nncore.losses import SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.project import Project, TrainingSettings
from nncore.project_file import load_project, save_project
from workbench.document import Document

GREY = (28, 28)
PICTURES = (*GREY, 1)
REST = (Flatten(), Dense(10, "softmax"))


@pytest.fixture
def document(qapp: QApplication) -> Document:
    training = TrainingSettings(loss=SparseCategoricalCrossentropy())
    made = Document(Project("pictures", Network(PICTURES, (Conv2D(8, 3), *REST)), training=training))
    made.set_data_info(Target(10), GREY, "Pictures", "90 train")
    return made


def test_that_the_input_is_that_of_the_same_network_built_afresh(document: Document) -> None:
    before = document.project
    document.remove(0)
    assert document.network == Network(GREY, REST)
    document.stack.undo()
    assert document.project == before
    document.stack.redo()
    assert document.network == Network(GREY, REST)
    document.insert(0, Conv2D(8, 3))
    assert document.project == before
    document.insert(0, BatchNormalization())
    document.remove(1)
    assert document.network.input_shape == GREY
    while document.stack.canUndo():
        document.stack.undo()
    assert document.project == before


def test_that_a_mend_counts_on_the_input_that_follows(document: Document) -> None:
    document.remove(0)
    document.insert(1, Conv2D(8, 3))
    assert document.network.input_shape == GREY
    first, *_ = document.mends[1]
    assert first.label == "Move Flatten above layer 3 (Dense)"
    document.apply(first)
    assert document.network.input_shape == PICTURES
    assert not document.trace.problems
    document.stack.undo()
    assert document.network == Network(GREY, (REST[0], Conv2D(8, 3), REST[1]))


@pytest.mark.parametrize("shape", [GREY, PICTURES])
@pytest.mark.parametrize("above", [(), (Dense(4),), (BatchNormalization(),)])
def test_that_a_project_opens_as_it_was_saved(
    document: Document, tmp_path: Path, shape: tuple[int, ...], above: tuple[Layer, ...]
) -> None:
    saved = document.project.replace(network=Network(shape, (*above, *REST)))
    path = tmp_path / "saved.nnw"
    save_project(path, saved, None)
    opened = load_project(str(path)).project
    assert opened.network == saved.network
    document.open(opened, path)
    document.set_data_info(Target(10), GREY)
    document.fit_to_data(GREY, Target(10))
    assert document.network == saved.network
    assert document.clean
