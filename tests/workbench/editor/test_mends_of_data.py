"""What is offered to mend a network depends on what the data are."""

from __future__ import annotations

from nncore.layers import LSTM, Dense, Embedding
from tests.workbench.driving import Wait
from workbench.main_window import MainWindow


def labels(window: MainWindow) -> list[str]:
    window.document.insert(0, LSTM(4))
    return [mend.label for mend in window.document.mends[0]]


def test_that_measurements_are_never_embedded(window: MainWindow) -> None:
    assert labels(window) == ["Insert Reshape to 2 × 1 above"]


def test_that_an_embedding_is_offered_for_texts_first(window: MainWindow, until: Wait) -> None:
    window.files.open("text-classifier")
    until(lambda: window.document.target is not None and window.document.project.data.source == "reviews")
    while len(window.document.network):
        window.document.remove(0)
    assert labels(window)[0] == "Insert Embedding above"
    window.document.remove(0)
    window.document.insert(0, Dense(2, activation="softmax"))
    (mend,) = window.document.hints[0].mends
    assert mend.label == "Insert Embedding and Flatten above"
    assert mend.edit is not None
    assert mend.edit.apply(window.document.network).layers[0] == Embedding(213, 16)
