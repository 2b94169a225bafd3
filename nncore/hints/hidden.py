"""Hints for layers inside the network, whatever the data are."""

from __future__ import annotations

from collections.abc import Iterator

from nncore.editing.edits import Replace, Several
from nncore.editing.mends import Mend
from nncore.hints.hint import Found, Hint, learns, taking_part, uses, without_activation
from nncore.layers import Dense
from nncore.losses import Problem
from nncore.network import Network
from nncore.trace import Trace


def linear_runs(network: Network, traced: Trace) -> Iterator[Found]:
    """Find Dense layers that follow each other with no activation between them: a product of matrices is a matrix.

    Not where one of them is narrower than both what goes in and what comes out: that is a matrix of lower rank, as in
    an autoencoder that is linear on purpose. Source: Goodfellow, Bengio and Courville, "Deep learning" (2016), section
    6.1.
    """
    run: list[int] = []
    for index, layer in taking_part(network):
        if isinstance(layer, Dense):
            run.append(index)
            if layer.activation == "linear":
                continue
        yield from _as_one(network, traced, run)
        run = []
    yield from _as_one(network, traced, run)


def _as_one(network: Network, traced: Trace, run: list[int]) -> Iterator[Found]:
    if len(run) < 2:
        return
    shapes = [traced.rows[run[0]].input_shape, *(traced.rows[index].output_shape for index in run)]
    sizes = [shape[-1] for shape in shapes if shape]
    if len(sizes) < len(shapes) or min(sizes[1:-1]) < min(sizes[0], sizes[-1]):
        return
    edits = []
    for index in run[:-1]:
        layer = network.layers[index]
        edits.append(Replace(index, layer, layer.replace(activation="relu")))
    two = len(run) == 2
    words = Problem(
        f"Dense has no activation, and another Dense follows: together the {'two' if two else len(run)} can learn no "
        "more than one.",
        "Use relu here, or take this layer out." if two else "Use relu in all of them but the last.",
    )
    yield run[0], Hint(words, (Mend("Use relu", edits[0] if two else Several(tuple(edits))),))


def single_softmax(network: Network, traced: Trace) -> Iterator[Found]:
    """Find a softmax of one number in front of layers that learn: it is 1 for every sample.

    At the output the trace calls it a problem.
    """
    for index, layer in taking_part(network):
        shape = traced.rows[index].output_shape
        if not shape or shape[-1] != 1 or layer.output_activation() != "softmax":
            continue
        if not any(learns(below) for _, below in taking_part(network, index + 1)):
            continue
        mend = uses(network, index, "relu") if learns(layer) else without_activation(network, index)
        words = Problem(
            "softmax of a single number is always 1, so the layers below learn nothing about the samples.",
            "Use relu here, or more units.",
        )
        yield index, Hint(words, (mend,) if mend else ())
