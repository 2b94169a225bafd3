"""Hints: what can be trained, but certainly not as it was meant.

A hint never keeps a network from training, as a ``Problem`` of the trace does. Each rule is right in every case that it
speaks of: where a network can be meant, however seldom, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from nncore.hints.before_output import activation_before, late_dropout
from nncore.hints.hidden import linear_runs, single_softmax
from nncore.hints.hint import Found, Hint
from nncore.hints.output import narrow_range, separate_answers, shared_whole, slow_loss
from nncore.hints.tokens import raw_tokens, small_vocabulary
from nncore.losses import Loss, Target
from nncore.network import Network
from nncore.trace import Trace

__all__ = ["Hint", "hints"]


def hints(network: Network, traced: Trace, loss: Loss, target: Target | None, vocabulary: int = 0) -> dict[int, Hint]:
    """Return at most one hint for each row that has no problem; the loss has the row number ``len(network)``.

    Args:
        network: the description.
        traced: what ``trace`` found of it, of this loss and this target.
        loss: the loss its output will meet.
        target: what the data ask for; None when no data are chosen yet, or these cannot be read.
        vocabulary: of how many tokens the samples hold the numbers; 0 for other data, and where it is not known.
    """
    found: dict[int, Hint] = {}
    for index, hint in _all(network, traced, loss, target, vocabulary):
        if index >= len(network) or traced.rows[index].problem is None:
            found.setdefault(index, hint)
    return found


def _all(network: Network, traced: Trace, loss: Loss, target: Target | None, vocabulary: int) -> Iterator[Found]:
    if target is not None:
        yield from small_vocabulary(network, vocabulary)
        yield from raw_tokens(network, traced, loss, target, vocabulary)
    yield from linear_runs(network, traced)
    yield from single_softmax(network, traced)
    yield from activation_before(network, traced)
    if target is None or traced.problems:
        return  # it is still being built, so its last layer is not the output yet
    yield from late_dropout(network)
    yield from separate_answers(network, traced, loss, target)
    yield from shared_whole(network, loss, target)
    yield from narrow_range(network, traced, loss, target)
    yield from slow_loss(network, traced, loss, target)
