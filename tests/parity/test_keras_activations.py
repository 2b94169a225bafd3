"""Every activation function against Keras's of the same name."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import torch

from nncore.activations import ACTIVATIONS
from nncore.layers import Activation
from nncore.network import Network
from tests.parity.comparing import assert_same
from tests.parity.engine import predict


@pytest.mark.parametrize("name", ACTIVATIONS.names())
def test_that_the_function_is_that_of_keras(name: str) -> None:
    x = np.random.default_rng(2).normal(0.0, 3.0, (6, 8)).astype(np.float32)
    ours = predict(Network((8,), (Activation(name),)), np.empty(0, np.float32), x)
    theirs = keras.activations.get(name)(torch.tensor(x)).numpy()
    assert_same(ours, theirs, np.float32, name)
