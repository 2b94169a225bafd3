"""The names, the order and the defaults of constructor arguments are Keras's."""

from __future__ import annotations

import dataclasses
import inspect
from types import ModuleType
from typing import Any, cast

import keras
import pytest

from nncore.fields import Declared
from nncore.initializers import INITIALIZERS
from nncore.layers import LAYERS
from nncore.losses import LOSSES
from nncore.metrics import METRICS
from nncore.optimizers import OPTIMIZERS
from nncore.regularizers import REGULARIZERS
from nncore.schedules import SCHEDULES
from tests.parity import keras_side

BY_NAME_ONLY = {
    "name": "Keras takes it as a further keyword",
    "input_shape": "Keras takes it as a further keyword",
    "disabled": "a layer of Keras is either in a model or not",
    "seed": "every initializer has one here; Keras's that draw nothing do not",
    "schedule": "in Keras it takes the place of learning_rate, which is possible here too",
}
"""Arguments that can only be given by name, and that Keras need not have."""

OURS_ONLY: dict[str, str] = {
    "StepDecay": "a textbook's name for ExponentialDecay with staircase",
    "Warmup": "Keras has it inside CosineDecay only",
}
OTHER_DEFAULTS = {("F1Score", "average"): "a metric is one number here; Keras's None gives one for each class"}

ENTRIES: list[Any] = [
    pytest.param(entry, module, id=f"{module.__name__.split('.')[-1]}-{name}")
    for registry, module in (
        (LAYERS, keras.layers),
        (LOSSES, keras.losses),
        (OPTIMIZERS, keras.optimizers),
        (INITIALIZERS, keras.initializers),
        (REGULARIZERS, keras.regularizers),
        (METRICS, keras.metrics),
        (SCHEDULES, keras.optimizers.schedules),
    )
    for name, entry in registry.items()
    if name not in OURS_ONLY
]


@pytest.mark.parametrize(("entry", "module"), ENTRIES)
def test_that_names_order_and_defaults_are_those_of_keras(entry: type[Declared], module: ModuleType) -> None:
    theirs = keras_side.arguments(getattr(module, entry.__name__))
    by_name = {field.name for field in dataclasses.fields(cast("Any", entry)) if field.kw_only}
    allowed = by_name & set(BY_NAME_ONLY)
    unknown = [field.name for field in entry.fields() if field.name not in theirs and field.name not in allowed]
    assert not unknown, f"{entry.__name__} has arguments that Keras does not know: {unknown}"
    by_place = [field.name for field in entry.fields() if field.name not in by_name]
    assert by_place == sorted(by_place, key=list(theirs).index), f"{entry.__name__}: Keras has {list(theirs)}"
    for field in entry.fields():
        if field.name not in theirs or field.name in BY_NAME_ONLY:
            continue
        default = theirs[field.name].default
        what = f"{entry.__name__}: {field.name}"
        assert field.required == (default is inspect.Parameter.empty), f"{what}: only one of the two is required"
        if not field.required and (entry.__name__, field.name) not in OTHER_DEFAULTS:
            assert field.check(field.default) == field.check(default), f"{what} is {field.default}, in Keras {default}"
