"""Networks from the text of Keras's ``model.to_json()``, of Keras 3 and of Keras 2.

Names and arguments of the layers are Keras's own here, so a layer is made from its ``class_name`` and from what is
declared of its ``config``. What says nothing of the network, or has Keras's usual value, is left out; an argument that
asks for more than there is here is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from nncore.editing.listing import Listed, function_of, no_chain, rectifier, told_whether_training
from nncore.errors import FieldError, InputError
from nncore.fields import INTEGER, Declared, Field, Json, build
from nncore.layers import LAYERS, Bidirectional, Layer
from nncore.layers.base import USUAL
from nncore.network import snake_case
from nncore.storage.project_limits import MOST_LAYERS, check_extent
from nncore.types import Shape

BEGINNING = re.compile(r'\{\s*(?:"module"\s*:\s*"[^"]*",\s*)?"class_name"\s*:\s*"(?:Sequential|Functional|Model)"')
"""How the text of a whole model begins."""

_BOOKKEEPING = {"name", "dtype", "batch_shape", "batch_input_shape", "implementation", "input_length"}
_USUAL = {**USUAL, "groups": 1, "renorm_momentum": 0.99}
"""What Keras writes where nothing is asked for, beside None and False."""
_OLD_NAMES = {("LeakyReLU", "alpha"): "negative_slope"}
_FUNCTIONS = ("Activation", "ReLU", "ELU", "Softmax")
"""Layers that are at times given as the activation of another."""
_SMALLER, _WHOLE = "Paste a smaller part of it.", "Copy the whole of it again."

Saved = Mapping[str, Json]
"""An object as Keras writes it: its ``class_name`` and ``config``, and more."""


def is_saved(data: Json) -> bool:
    """Whether JSON data are a model as Keras writes it, or one or several of its layers."""
    if isinstance(data, list):
        return bool(data) and all(_text(item, "class_name") for item in data)
    if not isinstance(data, Mapping):
        return False
    if "class_name" not in data:  # what ``model.get_config()`` returns
        return isinstance(data.get("layers"), list) and is_saved(data["layers"])
    name, module = _text(data, "class_name"), _text(data, "module")
    return _parts(data) is not None or name in LAYERS or module == "keras.layers"


def read_saved(data: Json) -> Listed:
    """Return the layers of such data, and the shape of one sample where they say it.

    Raises:
        InputError: they are too large, branch, or have a layer or an argument that does not exist here.
    """
    check_extent({"layers": data}, _SMALLER)
    items = list(_flat(data))
    made = [item for item in items if _text(item, "class_name") != "InputLayer"]
    if len(made) > MOST_LAYERS:
        raise InputError(f"The text has {len(made):,} layers; at most {MOST_LAYERS:,} are read.", _SMALLER)
    layers = tuple(_layer(item, number) for number, item in enumerate(made, start=1))
    settings = isinstance(data, Mapping) and bool(data.get("compile_config"))
    return Listed(layers, _input_shape(items[0]) if items else None, settings)


# --- The layers of a model ----------------------------------------------------------------------------------------


def _parts(data: Saved) -> list[Json] | None:
    """Return the layers of a model; None for a layer. The oldest models have them in the place of the config."""
    config = data.get("config", data)
    parts = config.get("layers") if isinstance(config, Mapping) else config
    return parts if isinstance(parts, list) else None


def _flat(data: Json) -> Iterator[Saved]:
    """Yield the layers of a model in their order, those of a model within it in its place."""
    if isinstance(data, list):
        for item in data:
            yield from _flat(item)
    elif not isinstance(data, Mapping):
        raise InputError("A layer of the text does not say its class_name.", _WHOLE)
    elif (parts := _parts(data)) is None:
        yield data
    else:
        # How a mask is computed stands beside the layers, which know it anyway.
        parts = [part for part in parts if _text(part, "class_name") != "NotEqual"]
        if any(isinstance(part, Mapping) and "inbound_nodes" in part for part in parts):
            _check_chain(data, parts)
        yield from _flat(parts)


def _check_chain(model: Saved, parts: list[Json]) -> None:
    """Raise ``InputError`` unless each layer of a functional model reads the one before it, and nothing else."""
    before: list[Json] = []
    for part in parts:
        name = _text(part, "name") or _text(part, "config", "name")
        nodes = part.get("inbound_nodes") if isinstance(part, Mapping) else None
        for training in _training(nodes):
            if training is not _unasked(_text(part, "class_name")):
                raise told_whether_training(name, training)
        if _sources(nodes) != before:
            raise no_chain(name)
        before = [name]
    outputs = _config(model).get("output_layers", before)
    if _sources(list(outputs.values()) if isinstance(outputs, Mapping) else outputs) != before:
        raise no_chain(str(*before))


def _sources(nodes: Json) -> list[Json]:
    """Return the names of the layers that are read; the notations of Keras 2 and 3 differ."""
    if isinstance(nodes, Mapping):  # a mask is no branch: layers hand it on
        return [source for key in nodes if key != "mask" for source in _sources(nodes[key])]
    if not isinstance(nodes, list):
        return []
    if nodes and isinstance(nodes[0], str):  # Keras 2 has a call's other arguments behind the layer and two numbers
        return nodes[:1] + _sources(nodes[3:])
    return [source for node in nodes for source in _sources(node)]


def _training(nodes: Json) -> Iterator[bool]:
    """Yield whether a layer is called as in the training, where its calls say it."""
    if isinstance(nodes, Mapping):
        if nodes.get("training") is not None:
            yield bool(nodes["training"])
        nodes = list(nodes.values())
    for node in nodes if isinstance(nodes, list) else ():
        yield from _training(node)


def _unasked(class_name: str) -> bool | None:
    """Return what Keras 3 writes of ``training`` for a layer where the call does not say it; None for nothing."""
    return None if class_name == "BatchNormalization" else class_name.startswith("Random")


def _input_shape(first: Saved) -> Shape | None:
    """Return the shape of one sample; None where no shape is said, or one with a size left open."""
    shape = _config(first).get("batch_shape", _config(first).get("batch_input_shape"))
    if not isinstance(shape, list) or None in shape[1:]:
        return None
    checked: Shape = Layer.field("input_shape").check(shape[1:])
    return checked


def _text(data: Json, *keys: str) -> str:
    """Return the text that stands under keys within each other; an empty one where none does."""
    for key in keys:
        data = data.get(key) if isinstance(data, Mapping) else None
    return data if isinstance(data, str) else ""


def _config(data: Saved) -> Saved:
    config = data.get("config")
    return config if isinstance(config, Mapping) else {}


# --- One layer ----------------------------------------------------------------------------------------------------


def _layer(item: Saved, number: int) -> Layer:
    try:
        layer: Layer = _made(Layer, item)
        name = _text(item, "config", "name")
        usual = rf"{snake_case(_text(item, 'class_name'))}(_\d+)?"
        return layer.replace(name=name) if name and not re.fullmatch(usual, name) else layer
    except InputError as error:
        raise InputError(f"Layer {number} of the text cannot be: {error.sentence}", error.remedy) from error


def _made(base: type[Declared], data: Saved) -> Any:
    """Return the declaration of a kind, such as layer or initializer, that an object of Keras becomes."""
    name, config = _text(data, "class_name"), dict(_config(data))
    if ".ops." in _text(data, "module"):  # computed between the layers; some are called as a layer is
        name = f"ops.{name}"
    if base is Layer and name == "ReLU":
        name, config = "Activation", rectifier(config)
    kind: type[Declared] = base.registry.get(name[:60])
    if kind is Bidirectional:
        config = _forwards(config)
    declared = {field.name: field for field in kind.fields()}
    values = {}
    for given, value in config.items():
        key = _OLD_NAMES.get((name, given), given)
        if key in _BOOKKEEPING:
            continue
        if key in declared:
            values[key] = _value(declared[key], value, config)
        elif not (value == _USUAL[key] if key in _USUAL else value is None or value is False):
            raise FieldError(
                kind.type_name,
                key,
                f'{kind.type_name} has no field "{key:.40}".',
                f"Build the model without {key:.40}, or take it out of the text.",
            )
    return build(kind, values)


def _value(field: Field, value: Json, config: Saved) -> Any:
    """Return the value of a field, as far as Keras writes it in another way."""
    if field.spec is not None and _text(value, "class_name"):
        return _made(field.spec, value)
    if _text(value, "class_name"):  # a function, or a layer in its place
        name = _text(value, "class_name")
        return _text(value, "config") or (function_of(_made(Layer, value)) if name in _FUNCTIONS else name)
    if field.name == "strides" and value == config.get("pool_size"):
        return field.reset  # Keras writes what follows from the size, too
    if field.kind == INTEGER and isinstance(value, list) and len(value) == 1:
        return value[0]
    return _short(value) if isinstance(value, float) else value


def _short(value: float) -> float:
    """Return a number as it was before it was rounded to 32 bits, as by Keras 2: 0.3 for 0.30000001192092896."""
    with np.errstate(over="ignore"):
        rounded = np.float32(value)
    return float(str(rounded)) if float(rounded) == value else value


def _forwards(config: Saved) -> dict[str, Json]:
    """Return the config of a Bidirectional without what follows from its layer: its mirror image, zeros for a mask."""
    rest, layer, backward = dict(config), config.get("layer"), config.get("backward_layer")
    if not isinstance(layer, Mapping):
        return rest
    own = {key: value for key, value in _config(layer).items() if key != "zero_output_for_mask"}
    rest["layer"] = {**layer, "config": own}
    if isinstance(backward, Mapping) and _text(backward, "class_name") == _text(layer, "class_name"):
        mirrored = {**_config(layer), "name": "", "go_backwards": True}
        if mirrored == {**_config(backward), "name": ""}:
            del rest["backward_layer"]
    return rest
