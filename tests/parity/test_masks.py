"""Masked time steps through whole networks, against PyTorch (float64, gradients) and Keras (what passes a mask on)."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import torch
from numpy.typing import DTypeLike

from nncore.layers import LAYERS
from nncore.losses import LOSSES
from nncore.plan import Plan
from nncore.types import Array
from tests.parity import keras_side
from tests.parity.comparing import assert_same
from tests.parity.engine import DTYPES, Driven, inputs, layer_variants, make
from tests.parity.torch_layers import Variant
from tests.parity.torch_layers.references import Nested, nested
from tests.parity.torch_losses import draw, mean_loss
from tests.parity.torch_networks import Stack, stack, tensors

EMBEDDING = nested("Embedding", input_dim=6, output_dim=3, mask_zero=True)
DENSE = nested("Dense", units=2)
TOKENS = np.array(
    [
        [3, 1, 5, 2, 0, 0, 0],
        [1, 2, 3, 4, 5, 1, 2],
        [0, 0, 4, 0, 2, 1, 0],  # also at the start and in the middle
        [5, 0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 2],
    ]
)


def text(*rows: Nested) -> Stack:
    return stack((7,), EMBEDDING, *rows, indices=6)


def recurrent(name: str, **keywords: Any) -> tuple[Nested, ...]:
    return tuple(nested(name, units=3, **keywords, return_sequences=sequences) for sequences in (False, True))


LAST_STEP: dict[str, Stack] = {}
EVERY_STEP: dict[str, Stack] = {}
for _name in ("SimpleRNN", "LSTM", "GRU"):
    _last, _every = recurrent(_name)
    _last_back, _every_back = recurrent(_name, go_backwards=True)
    LAST_STEP |= {
        _name: text(_last, DENSE),
        f"{_name} backwards": text(_last_back, DENSE),
        f"two {_name}": text(_every, _last, DENSE),
        f"Bidirectional {_name}": text(nested("Bidirectional", layer=_last), DENSE),
    }
    EVERY_STEP |= {
        f"{_name}, every step": text(_every, DENSE),
        f"{_name} backwards, every step": text(_every_back, DENSE),
        f"Bidirectional {_name}, every step": text(nested("Bidirectional", layer=_every, merge_mode="sum"), DENSE),
    }
LAST_STEP |= {
    "GlobalAveragePooling1D": text(nested("GlobalAveragePooling1D"), DENSE),
    "BatchNormalization": text(nested("BatchNormalization"), recurrent("LSTM")[0], DENSE),
}
EVERY_STEP |= {
    "BatchNormalization, every step": text(nested("BatchNormalization"), nested("PReLU"), DENSE),
    "TimeDistributed": text(recurrent("LSTM")[1], nested("TimeDistributed", layer=DENSE)),
    "Activation": text(recurrent("GRU")[1], nested("Activation", activation="relu"), DENSE),
    "LayerNormalization": text(recurrent("GRU")[1], nested("LayerNormalization"), nested("LeakyReLU"), DENSE),
    "nothing recurrent": text(DENSE),
}
THROUGH_RANDOM = {
    "Dropout": text(recurrent("LSTM")[1], nested("Dropout", rate=0.5), recurrent("LSTM")[0], DENSE),
    "Dropout, every step": text(nested("Dropout", rate=0.5), recurrent("GRU")[1], nested("Dropout", rate=0.5), DENSE),
    "GaussianNoise": text(nested("GaussianNoise", stddev=0.5), recurrent("GRU")[0], DENSE),
}
DETERMINISTIC = LAST_STEP | EVERY_STEP
ALL = DETERMINISTIC | THROUGH_RANDOM
LOSSES_HERE = {"mean_squared_error": "numbers", "categorical_crossentropy": "one-hot"}


def ready(stacks: dict[str, Stack]) -> list[str]:
    return [name for name, rows in stacks.items() if all(layer.name in LAYERS for layer in rows.layers)]


def masks(name: str) -> torch.Tensor | None:
    """Return the mask that the loss sees."""
    return torch.tensor(TOKENS != 0) if "every step" in name or name in EVERY_STEP else None


def ending_in_softmax(rows: Stack) -> Stack:
    *below, last = rows.layers
    changed = Nested("TimeDistributed", {"layer": nested("Dense", units=2, activation="softmax")})
    if last.name == "Dense":
        changed = Nested("Dense", {**last.keywords, "activation": "softmax"})
    return Stack(rows.shape, (*below, changed), rows.indices)


@pytest.mark.parametrize("name", ALL)
def test_that_the_layers_exist(name: str) -> None:
    assert name in ready(ALL)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("loss", LOSSES_HERE)
@pytest.mark.parametrize("name", ready(DETERMINISTIC))
def test_that_masked_steps_leave_output_loss_and_gradients_as_in_pytorch(
    name: str, loss: str, dtype: DTypeLike
) -> None:
    rows = DETERMINISTIC[name] if loss == "mean_squared_error" else ending_in_softmax(DETERMINISTIC[name])
    network = rows.network()
    target = draw(LOSSES_HERE[loss], (len(TOKENS), *network.shapes()[-1]), np.random.default_rng(3)).astype(dtype)
    case = Driven(network, TOKENS.astype(dtype), LOSSES.get(loss)(), target)
    weights = tensors(case.before)
    learned = [weight for weight, trains in zip(weights, case.trainable, strict=True) if trains]
    for weight in learned:
        weight.requires_grad_(True)
    output = rows.forward(torch.tensor(TOKENS), weights)
    value = mean_loss(loss, torch.tensor(target, dtype=torch.float64), output, mask=masks(name))
    value.backward()
    assert_same(case.case.loss(), float(value.detach()), dtype, f"{name}: loss")
    found = case.train()
    assert_same(found.pop("output"), output.detach().numpy(), dtype, f"{name}: output")
    for (key, ours), weight in zip(found.items(), learned, strict=True):
        assert weight.grad is not None
        assert_same(ours, weight.grad.numpy(), dtype, f"{name}: {key}")


def of_keras(rows: Stack, weights: list[Array]) -> Any:
    model = keras_side.model_of(
        rows.shape, rows.indices, [variant.make(keras.layers, name) for name, variant in rows.variants()]
    )
    model.set_weights(weights)
    return model


@pytest.mark.parametrize("loss", LOSSES_HERE)
@pytest.mark.parametrize("name", ready(ALL))
def test_that_masked_steps_leave_output_and_loss_as_in_keras(name: str, loss: str) -> None:
    rows = ALL[name] if loss == "mean_squared_error" else ending_in_softmax(ALL[name])
    network = rows.network()
    target = draw(LOSSES_HERE[loss], (len(TOKENS), *network.shapes()[-1]), np.random.default_rng(3)).astype(np.float32)
    case = Driven(network, TOKENS.astype(np.float32), LOSSES.get(loss)(), target)
    bound = Plan(network, case.case.parameters, len(TOKENS), loss=LOSSES.get(loss)()).bind(len(TOKENS))
    bound.x[...], bound.target[...] = TOKENS, target
    bound.forward()
    value = bound.loss_value()
    with torch.no_grad():
        output = of_keras(rows, case.before)(torch.tensor(TOKENS), training=False)
        theirs = getattr(keras.losses, type(LOSSES.get(loss)()).__name__)()
        expected = float(theirs(torch.tensor(target), output))
    assert_same(bound.output, output.numpy(), np.float32, f"{name}: output")
    assert_same(value, expected, np.float32, f"{name}: loss")


@pytest.mark.parametrize("name", ready(DETERMINISTIC))
def test_that_masked_steps_leave_training_as_in_keras(name: str) -> None:
    rows = DETERMINISTIC[name]
    case = Driven(rows.network(), TOKENS.astype(np.float32))
    model = of_keras(rows, case.before)
    expected = keras_side.output(model, TOKENS, training=True)
    assert_same(case.train()["output"], expected, np.float32, f"{name}: output")
    for index, (ours, theirs) in enumerate(zip(case.weights, model.get_weights(), strict=True)):
        assert_same(ours, theirs, np.float32, f"{name}: weight {index} afterwards")


def sequences() -> list[Any]:
    return [parameter for parameter in layer_variants() if len(parameter.values[1].shape) == 2]


@pytest.mark.parametrize(("name", "variant"), sequences())
def test_that_the_same_layers_pass_a_mask_on_as_in_keras(name: str, variant: Variant) -> None:
    theirs = variant.make(keras.layers, name)
    mask = torch.ones((1, variant.shape[0]), dtype=torch.bool)
    x = torch.tensor(inputs(variant, 1, np.float32))
    theirs(x)
    passes = theirs.supports_masking and theirs.compute_mask(x, mask) is not None
    assert make(name, variant).passes_mask() == passes
