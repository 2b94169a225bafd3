"""All rows of a list tell their parameters in the same words, the longest that fit, and never half a number."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from nncore.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from nncore.losses import SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.project import Project, TrainingSettings
from workbench.document import Document
from workbench.editor import LayerView, layer_delegate
from workbench.editor.count_words import Wording, common_wording, count_words, rounded, tightened
from workbench.editor.row_layout import second_line_width
from workbench.editor.row_words import words_at_right
from workbench.theme import fonts
from workbench.theme.theme import current


@pytest.fixture(params=["normal", "largest"])
def pictures(request: pytest.FixtureRequest, document: Document, view: LayerView) -> LayerView:
    """The list of a network with numbers of every length, in two sizes of text."""
    current().set_text_size(request.param)
    layers = (
        Conv2D(512, (5, 5)),
        MaxPooling2D(),
        Dropout(0.5, disabled=True),
        Flatten(),
        Dense(600),
        Dense(10, "softmax"),
    )
    training = TrainingSettings(loss=SparseCategoricalCrossentropy())
    document.open(Project("pictures", Network((28, 28, 1), layers), training=training))
    document.set_data_info(Target(10), (28, 28, 1), "MNIST", "4,500 train · 500 validation")
    return view


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (999, "999"),
        (9_999, "9,999"),
        (10_000, "10.0 k"),
        (101_770, "102 k"),
        (999_499, "999 k"),
        (999_500, "1.00 M"),
        (1_605_760, "1.61 M"),
        (199_999_999, "200 M"),
    ],
)
def test_that_large_numbers_are_rounded_to_three_digits(number: int, words: str) -> None:
    assert rounded(number).replace("\N{NO-BREAK SPACE}", " ") == words


def test_that_each_form_is_shorter_than_the_one_before() -> None:
    told = [count_words(101_770, wording).replace("\N{NO-BREAK SPACE}", " ") for wording in Wording]
    assert told == ["101,770 parameters", "101,770 params", "102 k params", "102 k params", "102 k"]
    assert [count_words(1, wording) for wording in Wording] == ["1 parameter", "1 param", "1 param", "1 param", "1"]


def test_that_the_longest_form_that_fits_in_all_rows_is_taken(qapp: QApplication) -> None:
    metrics = QFontMetricsF(fonts.font(fonts.CAPTION))
    for wording in Wording:
        left = "→ 28×28" if wording in (Wording.TIGHT, Wording.BARE) else "→ 28 × 28"
        room = metrics.horizontalAdvance(left) + 8 * fonts.scale()
        room += max(metrics.horizontalAdvance(count_words(number, wording)) for number in (101_770, 4_224, 3)) + 0.1
        assert common_wording([("→ 28 × 28", number, room) for number in (101_770, 4_224, 3)]) == wording
        assert common_wording([("→ 28 × 28", 3, 900.0), ("→ 28 × 28", 101_770, room)]) == wording
    assert common_wording([]) == Wording.WHOLE


def told(view: LayerView) -> dict[int, str]:
    """The words at the right of each row, by its number."""
    wording, width = view.painter_of_rows.wording(), float(view.viewport().width())
    rows = [view.rows.view(number) for number in range(view.rows.rowCount())]
    return {number: words_at_right(row, wording, second_line_width(row.kind, width)) for number, row in enumerate(rows)}


def test_that_rows_of_every_width_agree_and_no_number_is_cut(pictures: LayerView) -> None:
    metrics, seen, said = QFontMetricsF(fonts.font(fonts.CAPTION)), set(), set()
    for width in range(fonts.pixels(200), fonts.pixels(420), 3):
        pictures.resize(width, 700)
        wording, words = pictures.painter_of_rows.wording(), told(pictures)
        seen.add(wording)
        views = [pictures.rows.view(number) for number in range(pictures.rows.rowCount())]
        for row in views[1:-1]:
            wanted = "disabled" if row.disabled else count_words(row.parameters or 0, wording)
            assert words[row.position + 1] in (wanted, "")
            if wording != Wording.BARE:
                assert words[row.position + 1] == wanted
        assert words[0] in ("4,500 train · 500 validation", "4,500 train · 500 val", "4,500 train", "")
        said.add(words[0])
        total = views[-1].parameters or 0
        wordings = (Wording.ROUNDED, wording) if wording == Wording.BARE else (wording,)
        assert words[len(views) - 1] in {count_words(total, one) for one in wordings}
        for row in views:
            room = second_line_width(row.kind, pictures.viewport().width())
            left = tightened(row.left, wording)
            both = metrics.horizontalAdvance(left) + metrics.horizontalAdvance(words[views.index(row)])
            assert not words[views.index(row)] or both + 8 * fonts.scale() <= room + 0.1
    assert seen == set(Wording)
    assert {"4,500 train · 500 validation", "4,500 train · 500 val", "4,500 train"} <= said


def test_that_the_sum_says_what_bare_numbers_count(pictures: LayerView) -> None:
    width = fonts.pixels(420)
    pictures.resize(width, 700)
    while pictures.painter_of_rows.wording() != Wording.BARE:
        width -= 1
        pictures.resize(width, 700)
    words = list(told(pictures).values())
    assert words[1] == rounded(13_312)
    assert words[-1].endswith("M params")


def test_that_shapes_move_together_before_numbers_stand_alone(pictures: LayerView, document: Document) -> None:
    layers = (Conv2D(32, (3, 3)), MaxPooling2D(), Dense(128), Dense(10))
    document.open(document.project.replace(network=Network((28, 28, 1), layers)))
    document.set_data_info(Target(10), (28, 28, 1), "MNIST", "4,500 train · 500 validation")
    width = fonts.pixels(300)
    pictures.resize(width, 700)
    while pictures.painter_of_rows.wording() in (Wording.WHOLE, Wording.SHORT, Wording.ROUNDED):
        width -= 1
        pictures.resize(width, 700)
    assert pictures.painter_of_rows.wording() == Wording.TIGHT
    assert told(pictures)[3] == "4,224 params"
    assert told(pictures)[0] == "4,500 train · 500 val"


def test_that_the_words_are_chosen_once_for_all_rows_and_anew_after_an_edit(
    view: LayerView, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[int] = []
    choose = layer_delegate.common_wording
    monkeypatch.setattr(layer_delegate, "common_wording", lambda lines: (chosen.append(len(lines)), choose(lines))[1])
    for _ in range(3):
        view.viewport().repaint()
    assert len(chosen) <= 1
    chosen.clear()
    document.replace_layer(1, Dense(5_000, "relu"))
    view.viewport().repaint()
    assert len(chosen) == 1


def test_that_rows_are_painted_anew_when_another_row_needs_shorter_words(view: LayerView, document: Document) -> None:
    view.resize(250, 700)

    def picture() -> bytes:
        QApplication.processEvents()
        rect = view.visualRect(view.rows.index(1))  # Flatten, which has no parameters before or after
        return bytes(view.viewport().grab(rect).toImage().constBits())

    before, wording = picture(), view.painter_of_rows.wording()
    document.replace_layer(3, Dense(99_999, "softmax"))
    assert view.painter_of_rows.wording() != wording
    assert picture() != before
