"""Predictions from a snapshot, with buffers of its own, so that looking never disturbs learning."""

from __future__ import annotations

import numpy as np

from nncore.computing.memory import aligned_copy
from nncore.computing.threads import Team
from nncore.network import Network, check_inputs, conformed
from nncore.plan import Plan
from nncore.snapshot import Snapshot
from nncore.types import Array


class Predictor:
    """Computes outputs of one network.

    Args:
        network: what to compute.
        parameters: flat array of parameters; copied, and exchanged by ``load``.
        capacity: rows computed at once.
        team: does what is large, if the caller has put it to work.
    """

    def __init__(self, network: Network, parameters: Array, capacity: int = 256, team: Team | None = None) -> None:
        self.network = network
        self._plan = Plan(network, aligned_copy(parameters), capacity, team=team)

    @staticmethod
    def of(snapshot: Snapshot, capacity: int = 256) -> Predictor:
        """Return a predictor that holds the snapshot's weights."""
        return Predictor(snapshot.network, snapshot.parameters, capacity)

    def load(self, snapshot: Snapshot) -> None:
        """Take over the weights of another snapshot of the same network."""
        if snapshot.network != self.network:
            raise ValueError("the snapshot belongs to another network")
        np.copyto(self._plan.parameters, snapshot.parameters)

    def predict(self, x: Array) -> Array:
        """Return the outputs for scaled inputs (rows, *input_shape) as a new array (rows, *output_shape).

        Raises:
            InputError: the inputs have another shape, or numbers that the first layer cannot take.
        """
        x = conformed(x, self.network.input_shape)
        check_inputs(self.network, x)
        outputs = np.empty((len(x), *self._plan.output_shape), self._plan.dtype)
        with np.errstate(all="ignore"):
            for start in range(0, len(x), self._plan.capacity):
                part = x[start : start + self._plan.capacity]
                bound = self._plan.bind(len(part))
                bound.x[...] = part
                bound.forward()
                outputs[start : start + len(part)] = bound.output
        return outputs
