"""The row of a layer says its settings in words, the most important ones first."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from nncore.initializers import HeNormal
from nncore.layers import (
    GRU,
    LAYERS,
    LSTM,
    Bidirectional,
    Conv1D,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalMaxPooling2D,
    Layer,
    MaxPooling2D,
    RandomTranslation,
    Reshape,
    TimeDistributed,
    ZeroPadding2D,
)
from nncore.regularizers import L2
from workbench.editor.row_words import shortened
from workbench.editor.summary import MOST, settings_words
from workbench.theme import fonts


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (Dense(128, "relu"), "128 units · relu"),
        (Conv2D(32, (3, 3), activation="relu"), "32 filters · 3 × 3 · relu"),
        (Conv1D(8, 5, activation="relu"), "8 filters · kernel 5 · relu"),
        (MaxPooling2D((2, 2)), "pool 2 × 2"),
        (LSTM(64, return_sequences=True), "64 units · sequences"),
        (LSTM(64), "64 units"),
        (Bidirectional(LSTM(64, return_sequences=True)), "LSTM 64 units · sequences"),
        (TimeDistributed(Dense(8, "relu")), "Dense 8 units · relu"),
        (Dropout(0.25), "0.25"),
        (Embedding(213, 16), "213 tokens · 16 dim"),
        (Embedding(213, 16, mask_zero=True), "213 tokens · 16 dim · skips padding"),
        (GlobalMaxPooling2D(keepdims=True), "keeps axes"),
        (LSTM(64, unit_forget_bias=False), "64 units · forget bias 0"),
        (GRU(64, reset_after=False), "64 units · reset before product"),
        (Flatten(), ""),
        (Reshape((7, 7, 2)), "7 × 7 × 2"),
        (ZeroPadding2D(((2, 2), (2, 2))), "padding 2"),
        (RandomTranslation((-0.1, 0.1), (-0.2, 0.3)), "height ± 0.1 · width −0.2 to 0.3"),
    ],
    ids=lambda value: value.type_name if isinstance(value, Layer) else "",
)
def test_that_key_fields_are_words(layer: Layer, words: str) -> None:
    assert " · ".join(settings_words(layer)) == words


def test_that_what_differs_from_its_default_comes_behind() -> None:
    layer = Conv2D(
        32, (3, 3), strides=(2, 2), padding="same", activation="relu", use_bias=False, kernel_initializer=HeNormal(),
        bias_regularizer=L2(),
    )  # fmt: skip
    assert settings_words(layer) == (
        "32 filters", "3 × 3", "relu", "strides 2 × 2", "same", "no bias", "he normal", "bias regularizer L2",
    )  # fmt: skip


@pytest.mark.parametrize("layer", list(LAYERS), ids=lambda layer: layer.type_name)
def test_that_a_new_layer_shows_no_more_than_its_key_fields(layer: type[Layer]) -> None:
    new = layer.suggested()
    keys = [getattr(new, field.name) for field in layer.fields() if field.rule.key]
    inside = [field for value in keys if isinstance(value, Layer) for field in value.fields() if field.rule.key]
    words = settings_words(new)
    assert len(words) <= len(keys) + len(inside)
    assert all(words)


def test_that_a_narrow_row_keeps_the_first_settings_and_says_that_there_are_more(qapp: QApplication) -> None:
    plain, small = QFontMetricsF(fonts.font()), QFontMetricsF(fonts.font(fonts.CAPTION))
    text = "32 filters · 3 × 3 · relu"
    whole = plain.horizontalAdvance(text)
    assert shortened(text, plain, small, whole + 1) == (text, False)
    assert shortened(text, plain, small, whole - 1) == (text, True)
    room = plain.horizontalAdvance("32 filters · 3 × 3…") + 1
    assert shortened(text, plain, small, room) == ("32 filters · 3 × 3…", False)
    assert shortened(text, plain, small, 5) == ("32 filters…", True)
    assert shortened("32 filters", plain, small, 5) == ("32 filters", True)


def test_that_the_thousands_of_long_numbers_are_parted() -> None:
    assert settings_words(Dense(1_000_000))[0] == "1,000,000 units"
    assert settings_words(Dense(1024))[0] == "1,024 units"
    assert settings_words(Embedding(1000, 16)) == ("1,000 tokens", "16 dim")
    assert settings_words(Embedding(1, 1)) == ("1 token", "1 dim")


def test_that_the_words_of_a_layer_are_its_own_though_they_are_remembered(qapp: QApplication) -> None:
    kept = Dense(7, "relu")
    for units in range(1, 2 * MOST):  # each takes the place in memory of the one before
        assert settings_words(Dense(units)) == ((f"{units:,} unit{'s' * (units > 1)}", "linear"))
    assert settings_words(kept) == ("7 units", "relu")
