"""Layers and networks as text: written for people to read and to pass on, and read from whatever they paste.

Written is JSON with one layer a line, which holds only what is not as usual. Read are this JSON, also in words, code
fences or a whole project, that of Keras's ``model.to_json()``, and listings as they stand in lessons:
``Dense(128, activation="relu")``.

Invariant: nothing that is read is ever executed, and how large it is is known before any of it is taken apart.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nncore.editing.keras_json import BEGINNING, is_saved, read_saved
from nncore.editing.listing import Listed, read_listing
from nncore.errors import InputError
from nncore.fields import Declared, Json, from_json
from nncore.layers import Layer
from nncore.network import Network
from nncore.storage import project_limits
from nncore.types import Shape

MOST_CHARACTERS = 200_000
"""More than the longest list of layers that is read would need."""

_MOST_STARTS = 30  # brackets in a text that are tried as the beginning of JSON
_FENCES = ("```", "~~~")
_START = re.compile(r'\{\s*"|\[\s*\{')
_ESCAPED = re.compile(r'\{(?:\s|\\n)*\\"')
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_REMEDY = 'Copy layers in the list, or paste JSON such as [{"type": "Dense", "units": 64}], or lines such as Dense(64).'
_SMALLER = "Paste a smaller part of it."


@dataclass(frozen=True)
class Pasted:
    """What a text holds: layers, and the shape of one sample where it says so.

    Attributes:
        settings: whether it also says how to train, which is not read.
    """

    layers: tuple[Layer, ...]
    input_shape: Shape | None = None
    settings: bool = False


def layers_text(layers: Sequence[Layer]) -> str:
    """Return layers as JSON, one a line."""
    return f"[\n{_lines(layers, 1)}\n]\n" if layers else "[]\n"


def network_text(network: Network) -> str:
    """Return a whole network as JSON, one layer a line."""
    shape = json.dumps(list(network.input_shape))
    layers = f"[\n{_lines(network.layers, 2)}\n ]" if network.layers else "[]"
    return f'{{\n "input_shape": {shape},\n "layers": {layers}\n}}\n'


def _lines(layers: Sequence[Layer], indent: int) -> str:
    return ",\n".join(" " * indent + json.dumps(_short(layer), ensure_ascii=False) for layer in layers)


def _short(declared: Declared) -> dict[str, Json]:
    """Return what ``from_json`` needs to make an equal declaration, and no more."""
    data: dict[str, Json] = {"type": declared.type_name}
    for field in declared.fields():
        value = getattr(declared, field.name)
        if not field.required and value == field.check(field.default):
            continue
        written = field.to_json(value)
        data[field.name] = _short(value) if isinstance(value, Declared) and isinstance(written, dict) else written
    return data


def read_layers(text: str) -> Pasted:
    """Return the layers that a text describes.

    Raises:
        InputError: it is too large, describes none or several networks, or one that cannot be.
    """
    if len(text) > MOST_CHARACTERS:
        raise InputError(
            f"The text has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read as a network.", _SMALLER
        )
    for source in (list(_fenced(text)), [text]):
        found = [pasted for part in source for pasted in _all_in(part)]
        different = [pasted for number, pasted in enumerate(found) if pasted not in found[:number]]
        if len(different) > 1:
            raise InputError(f"The text holds {len(different)} networks.", "Paste one of them alone.")
        if different and not different[0].layers:
            raise InputError("The network in the text has no layers.", _REMEDY)
        if different:
            return different[0]
    raise InputError("The text is not a network.", _REMEDY)


def _fenced(text: str) -> Iterator[str]:
    """Yield what stands between code fences."""
    block: list[str] = []
    fence = ""
    for line in text.splitlines():
        plain = line.strip()
        if not fence and plain.startswith(_FENCES):
            fence, block = plain[:3], []
        elif fence and plain.startswith(fence) and not plain.strip(fence[0]):
            fence = ""
            yield "\n".join(block)
        else:
            block.append(line)


def _all_in(text: str) -> Iterator[Pasted]:
    """Yield every network in a text: those in JSON, or else what its lines list."""
    described = [data for data in _json_in(text) if _describes(data)]
    if not described and _ESCAPED.search(text):  # a text within another, as notebooks show what a call returns
        plain = re.sub(r"\\([\"'\\/nrt])", lambda found: _ESCAPES.get(found[1], found[1]), text)
        described = [data for data in _json_in(plain) if _describes(data)]
    if described and all(isinstance(data, Mapping) and "type" in data for data in described):
        yield _from_json(described)  # layer after layer, without the brackets of a list
    elif described:
        yield from map(_from_json, described)
    else:
        listed = read_listing(text)
        if listed.layers:
            yield _pasted(listed)


def _pasted(listed: Listed) -> Pasted:
    return Pasted(listed.layers, listed.input_shape, listed.settings)


def _json_in(text: str) -> Iterator[Json]:
    """Yield the JSON objects and lists in a text, whatever stands around them."""
    decoder, place = json.JSONDecoder(), 0
    for _ in range(_MOST_STARTS):
        start = _START.search(text, place)
        if start is None:
            return
        try:
            data, place = decoder.raw_decode(text, start.start())
        except RecursionError as error:
            raise project_limits.nested_too_deeply(_SMALLER) from error
        except ValueError as error:
            if _is_whole(text, start.start()):
                raise _broken(error, text) from error
            place = start.start() + 1
            continue
        yield data


def _is_whole(text: str, start: int) -> bool:
    """Whether the JSON is all there is in the text, or surely a model, so that a mistake in it is worth telling."""
    alone = not text[:start].strip() and '"type"' in text[start : start + 2_000]
    return alone or BEGINNING.match(text, start) is not None


def _broken(error: ValueError, text: str) -> InputError:
    line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
    return InputError(f"The text begins like a network, but line {line} is not JSON.", "Copy the whole of it again.")


def _describes(data: Json) -> bool:
    """Whether JSON data are meant as layers, so that what is wrong with them is to be told."""
    if is_saved(data):
        return True
    if isinstance(data, list):
        return bool(data) and all(isinstance(item, Mapping) and "type" in item for item in data)
    if not isinstance(data, Mapping):
        return False
    whole = isinstance(data.get("layers"), list) or isinstance(data.get("network"), Mapping)
    return whole or isinstance(data.get("type"), str)


def _from_json(data: Json) -> Pasted:
    if is_saved(data):
        return _pasted(read_saved(data))
    if isinstance(data, Mapping) and isinstance(data.get("network"), Mapping):
        data = data["network"]
    whole = isinstance(data, Mapping) and "layers" in data
    items = data["layers"] if whole else data if isinstance(data, list) else [data]
    if not isinstance(items, list):
        raise InputError("The layers of a network must be a list.", _REMEDY)
    _check_number(items)
    project_limits.check_extent({"layers": items}, _SMALLER)
    shape = data.get("input_shape") if whole else None
    layers = _layers(items)
    if shape is not None:
        shape = Layer.field("input_shape").check(shape)
    elif layers:
        shape = layers[0].input_shape
    return Pasted(tuple(_shapeless(layer) for layer in layers), shape)


def _check_number(items: Sequence[object]) -> None:
    if len(items) > project_limits.MOST_LAYERS:
        raise InputError(
            f"The text has {len(items):,} layers; at most {project_limits.MOST_LAYERS:,} are read.", _SMALLER
        )


def _layers(items: Sequence[Json]) -> tuple[Layer, ...]:
    """Return the layers that JSON objects describe; those that are alike are made once, most in a deep network."""
    made: dict[str, Layer] = {}
    layers = []
    for number, item in enumerate(items, start=1):
        words = repr(item)
        if words not in made:
            made[words] = _layer(item, number)
        layers.append(made[words])
    return tuple(layers)


def _shapeless(layer: Layer) -> Layer:
    return layer if layer.input_shape is None else layer.replace(input_shape=None)


def _layer(item: Json, number: int) -> Layer:
    if not isinstance(item, Mapping) or not isinstance(item.get("type"), str):
        raise InputError(f"Layer {number} of the text does not say its type.", _REMEDY)
    try:
        return from_json(Layer, item)
    except InputError as error:
        raise InputError(f"Layer {number} of the text cannot be: {error.sentence}", error.remedy) from error
