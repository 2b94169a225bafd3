"""Three hundred random networks: what the trace tells is what is computed, they learn, and survive a file."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from nncore.datasets.base import TABLE, Data, Samples, Scaling, TrainingData
from nncore.events import Failed, StepDone
from nncore.layers import LAYERS, Layer
from nncore.losses import MeanSquaredError, Target
from nncore.network import Network
from nncore.optimizers import SGD
from nncore.plan import Plan, initial_parameters, layout
from nncore.project import TrainingSettings
from nncore.session import Session
from nncore.trace import trace
from tests.nncore import harness
from tests.nncore.networks import networks, targets

ROWS = 5
NETWORKS = 300
EACH = math.ceil(NETWORKS / len(LAYERS))
SETTINGS = settings(
    deadline=None,
    database=None,
    derandomize=True,
    max_examples=EACH,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("first", list(LAYERS), ids=lambda cls: cls.__name__)
def test_that_random_networks_are_what_the_trace_tells_learn_and_survive_json(first: type[Layer]) -> None:
    tried: list[Network] = []

    @SETTINGS
    @given(networks(first=first))
    def check(network: Network) -> None:
        check_trace(network)
        check_learning(network)
        assert Network.from_json(json.loads(json.dumps(network.to_json()))) == network
        tried.append(network)

    check()
    assert len(tried) >= EACH
    assert any(isinstance(network.layers[0], first) for network in tried)


def check_trace(network: Network) -> None:
    """Compare every shape, parameter and byte that the trace tells with the buffers of a plan."""
    found = trace(network)
    assert not found.problems
    parameters = initial_parameters(network, 0)
    assert found.parameters == network.count_params() == len(parameters)
    bound = Plan(network, parameters, 2).bind(2)
    for row, op in zip(found.rows, bound.ops, strict=True):
        assert row.output_shape is not None
        assert op.y.shape == (2, *row.output_shape)
        assert row.memory == 4 * math.prod(row.output_shape)
        assert row.parameters == sum(slot.weight.size for slot in layout(network) if slot.layer == row.index)
        assert row.multiply_adds >= 0


def check_learning(network: Network) -> None:
    """Train three steps, the last of them a short one; every number must stay finite and no output may be missing."""
    x = harness.samples(network, 2 * ROWS + 2, np.random.default_rng(3)).astype(np.float32)
    y = targets(network, len(x))
    data = Data("random", TABLE, x, y, Target(0, y.shape[1:]))
    chosen = TrainingSettings(
        loss=MeanSquaredError(), optimizer=SGD(1e-4, clipnorm=1.0), metric="mae", batch_size=ROWS, epochs=1
    )
    session = Session(network, chosen, TrainingData(data, Samples(x, y), None, None, Scaling()))
    events = list(session.run())
    assert not any(isinstance(event, Failed) for event in events), f"{network}: {events[-1]}"
    assert sum(isinstance(event, StepDone) for event in events) == 3
    assert np.isfinite(session.parameters).all()
    assert np.isfinite(session.history.step_loss.values()).all()
