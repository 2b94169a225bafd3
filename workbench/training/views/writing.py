"""A text that the network writes, a few characters at a time."""

from __future__ import annotations

import time

import numpy as np

from nncore.datasets.text import decode, encode, is_characters
from nncore.errors import InputError
from nncore.generation import generate
from nncore.predictor import Predictor
from nncore.snapshot import Snapshot
from workbench.results import WriteRequest, Written

TURN = 0.04
"""Seconds that one turn of the inspector may take, so that others have theirs soon."""


class Writing:
    """One text on its way.

    Args:
        number: of the text; the same seed and number give the same text.
        snapshot: the weights that write all of it.
        vocabulary: as in ``Data``.
        request: what was asked for.
        asked: whether a person asked for it.
        seed: of the random numbers.
        from_logits: whether the network's outputs are logits.
    """

    def __init__(
        self,
        number: int,
        snapshot: Snapshot,
        vocabulary: tuple[str, ...],
        request: WriteRequest,
        *,
        asked: bool,
        seed: int = 0,
        from_logits: bool = False,
    ) -> None:
        self.number, self.snapshot, self.request, self.asked = number, snapshot, request, asked
        self.done = False
        self._vocabulary, self._from_logits = vocabulary, from_logits
        self._start = [int(token) for token in encode(request.start, vocabulary)]
        self._tokens: list[int] = []
        self._rng = np.random.default_rng([seed, number])

    def go_on(self, predictor: Predictor, snapshot: Snapshot) -> Written:
        """Write for ``TURN`` seconds, one token at least; called by one thread at a time."""
        end = time.perf_counter() + TURN
        left = self.request.length - len(self._tokens)
        known = self._start + self._tokens
        problem = ""
        tokens = generate(predictor, known, left, self.request.temperature, self._rng, from_logits=self._from_logits)
        try:
            for token in tokens:
                self._tokens.append(token)
                if time.perf_counter() >= end:
                    break
        except InputError as error:
            problem = str(error)
        self.done = bool(problem) or len(self._tokens) >= self.request.length
        text = decode(np.array(self._tokens, dtype=np.int64), self._vocabulary)
        if not is_characters(self._vocabulary) and self.request.start and text:
            text = f" {text}"
        return Written(self.number, self.request, text, self.done, snapshot.step, snapshot.epoch, self.asked, problem)
