"""A sentence that a person tries, and a text that the network writes."""

from __future__ import annotations

from dataclasses import dataclass

from nncore.types import Array


@dataclass(frozen=True, eq=False)
class TriedText:
    """A sentence of a person's own, and the network's answer.

    Attributes:
        text: what was typed.
        unknown: words or characters of it that the vocabulary lacks, as they were typed.
        left_out: how many words at its end are beyond the length that the network reads.
        scores: (classes,) outputs; two of them for yes or no.
        class_names: one word for each class.
        step: the moment the weights are from.
    """

    text: str
    unknown: tuple[str, ...]
    left_out: int
    scores: Array
    class_names: tuple[str, ...]
    step: int


@dataclass(frozen=True)
class WriteRequest:
    """What a text is to begin with, how many characters or words are wanted, and how daring they may be.

    Attributes:
        temperature: see ``nncore.generation.tempered``.
    """

    start: str
    length: int
    temperature: float


@dataclass(frozen=True)
class Written:
    """A text as far as it has been written.

    Attributes:
        number: of the text, so that a longer piece of it is known as such.
        request: what was asked for.
        text: what the network has added to the start.
        done: whether it is complete.
        step, epoch: the moment the weights are from.
        asked: whether a person asked for it, and not the end of an epoch.
        problem: why it had to end early; empty otherwise.
    """

    number: int
    request: WriteRequest
    text: str
    done: bool
    step: int
    epoch: float
    asked: bool
    problem: str = ""
