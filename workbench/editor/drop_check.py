"""What would be wrong if dragged layers were dropped: plain values, without Qt's events.

Invariant: nothing is changed; the network with the layers in it is only traced.
"""

from __future__ import annotations

from nncore.editing.edits import insert_all, move_all
from nncore.editing.grey import with_fitting_input
from nncore.losses import Problem
from nncore.network import Network
from nncore.trace import Trace, trace
from workbench.document import Document
from workbench.editor.mime import DraggedLayers


def drop_problem(document: Document, dragged: DraggedLayers, gap: int, moves: bool) -> Problem | None:
    """Return what would not fit with the layers at the position ``gap``, None where nothing new would be wrong.

    A problem of a dragged layer always counts. One of another layer, or of the loss, counts only where the network has
    more problems than before: while a network is built, its end is wrong most of the time.

    Args:
        document: whose network it is about.
        dragged: the layers.
        gap: the position before which they would land.
        moves: they are taken away from their positions in the same network.
    """
    network = document.network
    edit = move_all(dragged.positions, gap) if moves else insert_all(gap, dragged.layers)
    if not edit.edits:
        return None
    first = gap - sum(position < gap for position in dragged.positions) if moves else gap
    after = _traced(document, edit.apply(network))
    for row in after.rows[first : first + len(dragged.layers)]:
        if row.problem is not None:
            return row.problem
    before = document.trace.problems
    if len(after.problems) <= len(before):
        return None
    return next((problem for problem in after.problems if problem not in before), None)


def _traced(document: Document, network: Network) -> Trace:
    network = with_fitting_input(network, document.data_shape)
    return trace(network, document.project.training.loss, document.target, document.data_shape)
