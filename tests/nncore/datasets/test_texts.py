"""Texts: tokens and words are the same thing twice, and the corpora are what they promise to be."""

from __future__ import annotations

import collections
import csv
import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore.datasets import (
    TEXT,
    Data,
    Schema,
    decode,
    encode,
    open_inputs,
    open_source,
    open_test,
    prepare,
    texts_as_data,
)
from nncore.datasets.text import (
    PADDING,
    UNKNOWN,
    character_vocabulary,
    is_characters,
    next_tokens,
    translate,
    word_vocabulary,
    words,
)
from nncore.errors import DataError
from nncore.resources import asset

VOCABULARY = (PADDING, UNKNOWN, "good", "not", "at", "all", "it's")
CHARACTERS = character_vocabulary("a quick\nTest")
STORIES = asset("samples", "stories.txt").read_text("utf-8")


# --- Tokens -----------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(VOCABULARY[2:]), max_size=12))
def test_that_known_words_come_back(sentence: list[str]) -> None:
    text = " ".join(sentence)
    assert decode(encode(text, VOCABULARY), VOCABULARY) == text
    tokens = encode(text, VOCABULARY, 15)
    assert (tokens.shape, tokens.dtype) == ((15,), np.int64)
    assert decode(tokens, VOCABULARY) == text
    assert not tokens[len(sentence) :].any()


@given(st.text(st.sampled_from(CHARACTERS), max_size=30))
def test_that_known_characters_come_back(text: str) -> None:
    assert decode(encode(text, CHARACTERS), CHARACTERS) == text
    tokens = encode(text, CHARACTERS, 12)
    assert decode(tokens, CHARACTERS) == ("\n" * 12 + text)[-12:]


@given(st.text(max_size=30), st.integers(1, 8))
def test_that_any_text_becomes_tokens_of_the_vocabulary(text: str, length: int) -> None:
    for vocabulary in (VOCABULARY, CHARACTERS):
        tokens = encode(text, vocabulary, length)
        assert tokens.shape == (length,)
        assert tokens.min() >= 0
        assert tokens.max() < len(vocabulary)


def test_that_unknown_words_become_entry_1_and_punctuation_nothing() -> None:
    assert encode("Not GOOD, really: it\u2019s... bad!", VOCABULARY, 7).tolist() == [3, 2, 1, 6, 1, 0, 0]
    assert encode("good " * 9, VOCABULARY, 4).tolist() == [2, 2, 2, 2]
    assert encode("", VOCABULARY, 2).tolist() == [0, 0]


def test_that_a_character_is_tried_in_the_other_size_and_else_left_out() -> None:
    assert decode(encode("A §tQ", CHARACTERS), CHARACTERS) == "a tq"


def test_that_words_are_those_that_a_person_would_count() -> None:
    assert words("It's good -- don't you think? 3 of 4 'quoted' words_here") == [
        *("it's", "good", "don't", "you", "think", "3", "of", "4", "quoted", "words", "here")
    ]


def test_that_a_vocabulary_has_the_frequent_words_first_and_no_rare_ones() -> None:
    assert word_vocabulary(["b a b", "a b c", "d a b"]) == (PADDING, UNKNOWN, "b", "a")
    assert word_vocabulary(["b a"], least=1) == (PADDING, UNKNOWN, "a", "b")
    assert is_characters(CHARACTERS)
    assert not is_characters(VOCABULARY)


@given(st.integers(2, 100), st.integers(1, 20))
def test_that_each_token_but_the_first_is_a_target_once(count: int, length: int) -> None:
    tokens = np.arange(count)
    x, y = next_tokens(tokens, length)
    assert x.shape == y.shape == ((count - 1) // length, length)
    np.testing.assert_array_equal(y, x + 1)
    assert y.ravel().tolist() == list(range(1, x.size + 1))
    assert count - 1 - x.size < length


# --- Corpora ----------------------------------------------------------------------------------------------------


def reviews() -> list[tuple[str, str]]:
    with asset("samples", "reviews.csv").open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["label"]) for row in csv.DictReader(file)]


def test_that_the_stories_are_plain_text_of_a_few_characters() -> None:
    counts = collections.Counter(STORIES)
    assert STORIES.isascii()
    assert 40_000 < len(STORIES) < 60_000
    assert 40 <= len(counts) <= 60
    assert min(counts.values()) >= 3
    assert "  " not in STORIES
    assert "\n\n\n" not in STORIES


def test_that_no_story_and_hardly_a_sentence_is_told_twice() -> None:
    paragraphs = [line for line in STORIES.split("\n") if line]
    assert len(set(paragraphs)) == len(paragraphs)
    sentences = [sentence for line in paragraphs for sentence in line.split(". ") if len(sentence.split()) > 8]
    assert len(set(sentences)) == len(sentences) > 300


def test_that_the_rows_of_the_stories_are_the_text() -> None:
    data = open_source("stories")
    assert decode(data.x.ravel(), data.vocabulary) == STORIES[: data.x.size]
    assert decode(data.y.ravel(), data.vocabulary) == STORIES[1 : data.y.size + 1]
    assert dict(zip(data.class_names, data.vocabulary, strict=True))["space"] == " "


def test_that_the_validation_part_of_the_stories_is_another_stretch_of_the_text() -> None:
    prepared = prepare(open_source("stories"), validation_split=0.1)
    assert prepared.validation is not None
    learned = decode(prepared.train.x.ravel(), prepared.data.vocabulary)
    kept = decode(prepared.validation.y.ravel(), prepared.data.vocabulary)
    assert STORIES.startswith(learned)
    assert STORIES[len(learned) + 1 :].startswith(kept)
    assert not any(kept[start : start + 40] in learned for start in range(len(kept) - 40))
    assert set(kept) <= set(learned)


def test_that_the_reviews_are_balanced_short_and_all_different() -> None:
    texts, labels = zip(*reviews(), strict=True)
    assert collections.Counter(labels) == {"positive": 500, "negative": 500}
    assert len({" ".join(words(text)) for text in texts}) == len(texts)
    assert all(text.isascii() and text[0].isupper() and text[-1] in ".!" for text in texts)
    assert all(5 <= len(words(text)) <= 15 for text in texts)
    assert sum("not" in words(text) for text in texts) > 200


def test_that_hardly_any_word_alone_tells_the_opinion() -> None:
    """Counting words is not enough: for most frequent words, both opinions are common."""
    seen: dict[str, list[bool]] = collections.defaultdict(list)
    for text, label in reviews():
        for word in set(words(text)):
            seen[word].append(label == "positive")
    shares = [np.mean(found) for found in seen.values() if len(found) >= 30]
    assert np.mean([0.2 < share < 0.8 for share in shares]) > 0.85


def test_that_reviews_are_mixed_padded_and_can_be_read_back() -> None:
    data = open_source("reviews")
    assert np.bincount(data.y[-100:]).min() > 35
    known = {" ".join(words(text)): label for text, label in reviews()}
    exact = [row for row in range(1000) if 1 not in data.x[row]]
    assert len(exact) > 950
    for row in exact:
        assert known[decode(data.x[row], data.vocabulary)] == data.class_names[data.y[row]]
        length = int((data.x[row] > 0).sum())
        assert not data.x[row, length:].any()


@pytest.mark.parametrize("name", ["stories", "reviews"])
def test_that_tokens_are_never_scaled(name: str) -> None:
    data = open_source(name)
    prepared = prepare(data, validation_split=0.1)
    np.testing.assert_array_equal(prepared.train.x, data.x[: len(prepared.train)])
    assert prepared.train.y.dtype == np.int64
    assert prepared.target.output_shape == ((40, 53) if name == "stories" else (2,))


# --- Other texts for a network that has learned -----------------------------------------------------------------


def schema() -> Schema:
    return Schema.of(open_source("reviews"))


def read(tmp_path: Path, text: str) -> Data:
    (tmp_path / "new.csv").write_text(text)
    return open_inputs(str(tmp_path / "new.csv"), schema())


def test_that_sentences_in_a_table_are_encoded_with_the_vocabulary_of_the_network(tmp_path: Path) -> None:
    data = read(tmp_path, 'text,opinion\n"The soup was not bad, at all!",positive\nThe zebra was dull.,negative\n')
    assert decode(data.x[0], data.vocabulary) == "the soup was not bad at all"
    assert decode(data.x[1], data.vocabulary) == "the [UNK] was dull"
    assert (data.kind, data.y.tolist()) == (TEXT, [1, 0])
    without = read(tmp_path, "number,text\n1,The soup was bad.\n2,The cake was great.\n")
    assert not without.has_targets
    assert decode(without.x[1], without.vocabulary) == "the cake was great"


def test_that_each_line_of_a_text_file_is_a_sample(tmp_path: Path) -> None:
    path = tmp_path / "new.txt"
    path.write_text("The film, the play and the cake were great.\n\nWhat an awful room!\n")
    data = open_inputs(str(path), schema())
    assert decode(data.x[0], data.vocabulary) == "the film the play and the cake [UNK] great"
    assert (len(data.x), data.has_targets) == (2, False)
    start = open_inputs(str(path), Schema.of(open_source("stories")))
    assert decode(start.x[1], start.vocabulary).strip() == "What an awful room!"
    path.write_bytes(b"caf\xe9")
    with pytest.raises(DataError, match="not a text in UTF-8"):
        open_inputs(str(path), schema())
    path.write_text(" \n\n")
    with pytest.raises(DataError, match="nothing but blank lines"):
        open_inputs(str(path), schema())


def test_that_a_typed_sentence_becomes_a_sample() -> None:
    data = texts_as_data(["Not bad at all!"], schema(), "typed")
    assert (data.x.shape, decode(data.x[0], data.vocabulary)) == ((1, 16), "not bad at all")


def test_that_tokens_of_another_vocabulary_are_translated() -> None:
    data = open_source("reviews")
    order = np.random.default_rng(0).permutation(len(data.vocabulary) - 2) + 2
    other = tuple(data.vocabulary[place] for place in [0, 1, *order])
    shuffled = Schema.of(dataclasses.replace(data, vocabulary=other))
    inputs = open_inputs("reviews", shuffled)
    assert decode(inputs.x[7], other) == decode(data.x[7], data.vocabulary)
    assert translate(np.array([2, 0]), ("", "[UNK]", "new"), ("", "[UNK]", "old")).tolist() == [1, 0]


def test_that_shorter_samples_are_padded_and_longer_ones_cut() -> None:
    data = open_source("reviews")
    for length in (10, 20):
        wanted = dataclasses.replace(schema(), input_shape=(length,))
        x = open_inputs("reviews", wanted).x
        assert x.shape == (1000, length)
        np.testing.assert_array_equal(x[:, :10], data.x[:, :10])


@pytest.mark.parametrize(("value", "words_"), [(300, "has 300 at position 4"), (-1, "has -1"), (2.5, "has 2.5")])
def test_that_numbers_that_are_no_tokens_are_refused(tmp_path: Path, value: float, words_: str) -> None:
    x = np.full((5, 16), 2.0)
    np.savez(tmp_path / "good.npz", x=x, y=np.array([0, 1, 0, 1, 1]))
    assert open_test(str(tmp_path / "good.npz"), schema()).x.dtype == np.int64
    x[2, 3] = value
    np.savez(tmp_path / "bad.npz", x=x)
    with pytest.raises(DataError, match=f"Sample 3 .*{words_}.*whole numbers from 0 to"):
        open_inputs(str(tmp_path / "bad.npz"), schema())


def test_that_the_next_characters_of_an_archive_are_compared_with() -> None:
    data = open_source("stories")
    aligned = open_test("stories", Schema.of(data))
    np.testing.assert_array_equal(aligned.y, data.y)


def test_that_an_archive_of_next_characters_is_read(tmp_path: Path) -> None:
    data = open_source("stories")
    np.savez(tmp_path / "part.npz", x=data.x[:9], y=data.y[:9])
    part = open_test(str(tmp_path / "part.npz"), Schema.of(data))
    np.testing.assert_array_equal(part.y, data.y[:9])
    assert (part.target, part.kind) == (data.target, TEXT)
