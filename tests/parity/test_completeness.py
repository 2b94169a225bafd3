"""Whatever is registered has a reference, and every setting of it is compared at another value than its default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from nncore.activations import ACTIVATIONS
from nncore.fields import CHOICE, Declared
from nncore.initializers import INITIALIZERS
from nncore.layers import LAYERS
from nncore.losses import LOSSES
from nncore.metrics import METRICS
from nncore.optimizers import OPTIMIZERS
from nncore.schedules import SCHEDULES
from tests.parity import (
    test_keras_initializers,
    test_keras_metrics,
    test_keras_schedules,
    torch_activations,
    torch_losses,
    torch_optimizers,
)
from tests.parity.torch_layers import REFERENCES

ELSEWHERE = {
    "name": "changes no number",
    "input_shape": "changes no number",
    "disabled": "test_disabled: equals the network without the layer",
    "seed": "the random numbers are not Keras's",
    "schedule": "test_torch_optimizers and test_keras_optimizers",
}


def settings(entry: type[Declared]) -> list[str]:
    """Return the settings that must be varied; initializers and regularizers have tests of their own."""
    return [
        field.name
        for field in entry.fields()
        if field.name not in ELSEWHERE and not field.name.endswith(("_initializer", "_regularizer"))
    ]


def assert_varied(entry: type[Declared], variants: Iterable[Mapping[str, Any]]) -> None:
    """Fail when a setting has its default in all variants."""
    variants = list(variants)
    assert variants, f"{entry.__name__} is compared in no variant"
    for name in settings(entry):
        field = entry.field(name)
        if field.required:  # every variant says it
            continue
        values = [field.check(_plain(variant[name])) for variant in variants if name in variant]
        varied = any(value != field.check(field.default) for value in values)
        assert varied, f"{entry.__name__} is never compared with another {name}"
        if field.kind == CHOICE and not name.endswith("activation"):  # the functions have a test of their own
            missing = set(field.choices()) - {*values, field.default}
            assert not missing, f"{entry.__name__} is never compared with {name} {missing}"


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@pytest.mark.parametrize("name", LAYERS.names())
def test_that_every_layer_and_each_of_its_settings_is_compared(name: str) -> None:
    assert_varied(LAYERS.get(name), [variant.keywords for variant in REFERENCES[name].variants])


@pytest.mark.parametrize("name", ACTIVATIONS.names())
def test_that_every_activation_is_compared(name: str) -> None:
    assert name in torch_activations.ACTIVATIONS


@pytest.mark.parametrize("name", LOSSES.names())
def test_that_every_loss_and_each_of_its_settings_is_compared(name: str) -> None:
    assert_varied(LOSSES.get(name), [variant.keywords for variant in torch_losses.LOSSES[name].variants])


@pytest.mark.parametrize("name", OPTIMIZERS.names())
def test_that_every_optimizer_and_each_of_its_settings_is_compared(name: str) -> None:
    assert_varied(OPTIMIZERS.get(name), torch_optimizers.COMMON + torch_optimizers.OPTIMIZERS[name].variants)


@pytest.mark.parametrize("name", INITIALIZERS.names())
def test_that_every_initializer_and_each_of_its_settings_is_compared(name: str) -> None:
    assert_varied(INITIALIZERS.get(name), test_keras_initializers.VARIANTS[name])


@pytest.mark.parametrize("name", METRICS.names())
def test_that_every_metric_and_each_of_its_settings_is_compared(name: str) -> None:
    assert_varied(METRICS.get(name), [variant.keywords for variant in test_keras_metrics.VARIANTS[name]])


@pytest.mark.parametrize("name", SCHEDULES.names())
def test_that_every_schedule_and_each_of_its_settings_is_compared(name: str) -> None:
    assert_varied(SCHEDULES.get(name), test_keras_schedules.VARIANTS[name])
