"""Layers from a listing as it stands in lessons: ``model.add(layers.Dense(128, activation="relu"))``.

Read are calls of layers with names, numbers, texts, tuples and lists for arguments, and what a name stands for where a
line above says so: ``num_classes = 10``. Whatever else a listing says is passed over, as are lines of prose.

Invariant: the text is taken apart by this module alone; Python never sees it, so that nothing in it can run.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

from nncore.errors import FieldError, InputError
from nncore.fields import Declared, build
from nncore.fields.conversions import plain
from nncore.initializers import INITIALIZERS
from nncore.layers import ELU, LAYERS, Activation, Dense, Layer, Softmax
from nncore.regularizers import REGULARIZERS
from nncore.storage.project_limits import MOST_LAYERS
from nncore.types import Shape

DEEPEST = 32
"""Brackets within brackets in one argument."""

_TOKEN = re.compile(
    r"(?P<space>[ \t\r\f\\]+|\#[^\n]*)|(?P<line>\n)"
    r"|(?P<number>[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
    r"|(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)"
    r"|(?P<text>\"[^\"\n\\]*\"|'[^'\n\\]*')|(?P<sign>.)",
    re.DOTALL,
)
_CALL = re.compile(r"\b[A-Z]\w*[ \t]*\(")
_INSIDE = {"add", "Sequential"}  # calls whose arguments are layers
_SHAPES = {"Input", "InputLayer"}
_SETTINGS = {"compile", "fit"}
_ACTIVATIONS = {"ReLU": "relu", "ReLU6": "relu6", "Tanh": "tanh", "Sigmoid": "sigmoid", "GELU": "gelu", "SiLU": "silu"}
"""PyTorch's layers that do nothing else, and what they are called here."""
_ELSEWHERE = re.compile(r"\b(optimizers|losses|metrics|callbacks|regularizers|initializers|activations)\.")
_CLOSING = {"(": ")", "[": "]"}
_WORDS: dict[str, object] = {"None": None, "True": True, "False": False}
_RECTIFIED = {"max_value": 6, "negative_slope": 0, "threshold": 0}
"""What a layer ReLU can be given for an activation here to do the same; in the order of its arguments."""
_REMEDY = 'Write it as in Dense(64, activation="relu"): with names, numbers, texts, tuples and lists only.'


@dataclass(frozen=True)
class Listed:
    """The layers of a listing, and the shape of one sample where it says so.

    Attributes:
        settings: whether it also says how to train, in ``compile`` or ``fit``, which is not read.
    """

    layers: tuple[Layer, ...]
    input_shape: Shape | None = None
    settings: bool = False


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def read_listing(text: str) -> Listed:
    """Return the layers that the lines of a text list; none where it lists none.

    Raises:
        InputError: a layer that does not exist, or with arguments that it cannot have.
    """
    layers: list[Layer] = []
    shape: Shape | None = None
    place = depth = 0
    if not _CALL.search(text):
        return Listed(())
    reader = _Reader(list(_tokens(text)))
    for name in reader.calls():
        last = name.rpartition(".")[2]
        if last in _SHAPES:
            shape = _input_shape(*reader.arguments(), shape)
        elif len(layers) == MOST_LAYERS:
            raise InputError(
                f"The text has more than {MOST_LAYERS:,} layers, the most that are read.", "Paste a smaller part of it."
            )
        else:
            made = _made(last, reader, len(layers) + 1)
            if not reader.depth:
                place = len(layers)
            elif reader.depth <= depth:
                raise no_chain(last)
            depth = reader.depth
            layers.insert(place, made)  # Dense(4)(Flatten()(x)): what a layer is called with comes before it
    if layers and shape is None:
        shape = layers[0].input_shape
    return Listed(tuple(layer.replace(input_shape=None) for layer in layers), shape, reader.settings)


def _tokens(text: str) -> Iterator[_Token]:
    """Yield the tokens of all lines but those of prose, in which a word follows upon a word."""
    line: list[_Token] = []
    number = 1
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or ""
        if kind == "line":
            yield from () if _is_prose(line) else line
            line, number = [], number + 1
        elif kind != "space":
            line.append(_Token(kind, found.group(), number))
    yield from () if _is_prose(line) else line


def _is_prose(line: list[_Token]) -> bool:
    pairs = itertools.pairwise(line)
    return any(first.kind == "name" and second.kind in ("name", "number") for first, second in pairs)


class _Reader:
    """Goes through the tokens once, from the first to the last."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._place = 0
        self._meanings: dict[str, object] = {}
        self._brackets = 0
        self._called: list[tuple[str, int]] = []  # layers whose inputs are being read, and the brackets around these
        self.unknown: set[str] = set()
        self.settings = False

    def _sign(self, ahead: int = 0) -> str:
        """Return the token that comes, if it is a sign; else nothing."""
        place = self._place + ahead
        token = self._tokens[place] if place < len(self._tokens) else None
        return token.text if token is not None and token.kind == "sign" else ""

    @property
    def depth(self) -> int:
        """The number of layers that are called with what is being read."""
        return len(self._called)

    def calls(self) -> Iterator[str]:
        """Yield the name of each call of a layer or an input; the reader then stands at its bracket."""
        while self._place < len(self._tokens):
            token = self._tokens[self._place]
            self._place += 1
            if token.kind != "name" or self._sign() != "(":
                if token.kind == "sign":
                    self._count(token.text)
                elif token.kind == "name" and self._sign() == "=":
                    if self._called:
                        self._check_input(self._called[-1][0], token.text)
                    self._note(token)
                continue
            last = token.text.rpartition(".")[2]
            if last in _INSIDE:
                continue
            if last[0].isupper() and last != "Model" and not _ELSEWHERE.search(token.text):
                yield token.text
                if self._sign() == "(":
                    self._called.append((last, self._brackets + 1))
            else:
                self.settings = self.settings or last in _SETTINGS
                self._pass_over(last)
        if self._called:
            raise self._unreadable()

    def _count(self, sign: str) -> None:
        """Note that a bracket opens or closes, and with it perhaps the inputs of a layer."""
        self._brackets += (sign == "(") - (sign == ")")
        if self._called and self._brackets < self._called[-1][1]:
            self._called.pop()

    def _check_input(self, name: str, key: str) -> None:
        """Raise ``InputError`` if a layer is called with an argument by name that no layer here follows."""
        value = self._tokens[self._place + 1].text if self._place + 1 < len(self._tokens) else ""
        if key == "training" and value in ("True", "False"):
            raise told_whether_training(name, value == "True")
        if key == "initial_state" and value != "None":
            raise no_chain(name)

    def _note(self, name: _Token) -> None:
        """Note what a name stands for, if its line gives it a number, a text or a tuple of them and ends there."""
        here = self._place
        self._place += 1
        given = self._tokens[self._place] if self._place < len(self._tokens) else name
        if given.kind in ("number", "text") or given.text == "(":
            with suppress(InputError):
                value = self._value(0)
                ends = self._place == len(self._tokens) or self._tokens[self._place].line > name.line
                if ends and all(isinstance(part, (int, float, str)) for part in _parts(value)):
                    self._meanings[name.text] = value
        self._place = here

    def _pass_over(self, name: str) -> None:
        """Go behind the bracket that closes the one that comes, in the call of a function or of a layer by its name."""
        depth = 0
        while self._place < len(self._tokens):
            key = self._tokens[self._place].text
            self._place += 1
            if key == "initial_state" and self._sign() == "=":
                self._check_input(name, key)
            depth += (key == "(") - (key == ")")
            if not depth:
                return

    def arguments(self, depth: int = 0) -> tuple[list[object], dict[str, object]]:
        """Return the arguments of the call whose bracket comes: those by place, and those by name."""
        self._place += 1
        placed: list[object] = []
        named: dict[str, object] = {}
        while self._sign() != ")":
            if self._sign(1) == "=" and self._tokens[self._place].kind == "name":
                key = self._tokens[self._place].text
                self._place += 2
                named[key] = self._value(depth + 1)
            else:
                placed.append(self._value(depth + 1))
            if self._sign() == ",":
                self._place += 1
            elif self._sign() != ")":
                raise self._unreadable()
        self._place += 1
        return placed, named

    def _value(self, depth: int) -> object:
        if self._place >= len(self._tokens):
            raise self._unreadable()
        if depth > DEEPEST:
            raise InputError(f"The text has brackets more than {DEEPEST} levels deep.", _REMEDY)
        token = self._tokens[self._place]
        self._place += 1
        if token.kind == "number":
            return _number(token.text)
        if token.kind == "text":
            return token.text[1:-1]
        if token.kind == "name":
            return self._named(token.text, depth)
        if token.text in _CLOSING:
            return self._entries(token.text, depth)
        self._place -= 1
        raise self._unreadable()

    def _named(self, name: str, depth: int) -> object:
        """Return what a name stands for: a constant, a layer or another thing that is called, or itself."""
        last = name.rpartition(".")[2]
        if self._sign() != "(":
            if name not in self._meanings and last not in _WORDS:
                self.unknown.add(last)
            return self._meanings.get(name, _WORDS.get(last, last))
        placed, named = self.arguments(depth)
        for registry in (REGULARIZERS, INITIALIZERS):
            if last in registry:
                return _call(registry.get(last), last, placed, named)
        return _call_as_here(last, placed, named)

    def _entries(self, opening: str, depth: int) -> object:
        entries: list[object] = []
        several = opening == "["
        while self._sign() != _CLOSING[opening]:
            entries.append(self._value(depth + 1))
            if self._sign() == ",":
                several = True
                self._place += 1
            elif self._sign() != _CLOSING[opening]:
                raise self._unreadable()
        self._place += 1
        return tuple(entries) if several or not entries else entries[0]

    def _unreadable(self) -> InputError:
        if self._place >= len(self._tokens):
            return InputError("The text ends in the middle of a layer.", "Copy the whole of it again.")
        token = self._tokens[self._place]
        return InputError(f'Line {token.line} of the text cannot be read at "{token.text[:20]}".', _REMEDY)


def _parts(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _number(text: str) -> object:
    plain = text.replace("_", "")
    try:
        return float(plain) if any(sign in plain for sign in ".eE") else int(plain)
    except ValueError:  # Python reads no number of more than 4,300 digits
        return float("inf")


def _made(name: str, reader: _Reader, number: int) -> Layer:
    if name != "Linear" and name not in _ACTIVATIONS:
        LAYERS.get(name)  # an unknown name is told before what stands in its brackets
    placed, named = reader.arguments()
    if None in _parts(named.get("input_shape")):
        named.pop("input_shape", None)
    try:
        layer = _call_as_here(name, placed, named)
    except InputError as error:
        open_name = next((found for found in sorted(reader.unknown) if f'"{found}"' in error.sentence), "")
        remedy = f"Write a value in the place of {open_name}, or copy the line that gives it one, too."
        remedy = remedy if open_name else error.remedy
        raise InputError(f"Layer {number} of the text cannot be: {error.sentence}", remedy) from error
    assert isinstance(layer, Layer)
    return layer


def _call_as_here(name: str, placed: list[object], named: dict[str, object]) -> object:
    """Make a layer; those that only PyTorch calls so become what they are called here."""
    if name == "ReLU":
        order = ("inplace",) if placed and isinstance(placed[0], bool) else tuple(_RECTIFIED)
        given = _by_name(name, order, placed, named)
        return _call(Activation, name, [], rectifier({key: given[key] for key in given if key != "inplace"}))
    if name in _ACTIVATIONS and name not in LAYERS:
        return Activation(_ACTIVATIONS[name])
    if name == "Softmax" and "dim" in named:
        return _call(LAYERS.get(name), name, placed, {"axis" if key == "dim" else key: named[key] for key in named})
    if name != "Linear":
        return _call(LAYERS.get(name), name, placed, named)
    given = _by_name(name, ("in_features", "out_features", "bias"), placed, named)
    given.pop("in_features", None)  # follows from the layer above
    ours = {"out_features": "units", "bias": "use_bias"}
    return _call(Dense, name, [], {ours.get(key, key): value for key, value in given.items()})


def _by_name(name: str, order: tuple[str, ...], placed: list[object], named: dict[str, object]) -> dict[str, object]:
    """Return all arguments of a call by name."""
    if len(placed) > len(order) or not named.keys().isdisjoint(order[: len(placed)]):
        raise _no_such_call(name)
    return dict(zip(order, placed, strict=False)) | named


def _call(kind: type[Declared], name: str, placed: list[object], named: dict[str, object]) -> object:
    if not any(field.spec and issubclass(field.spec, Layer) for field in kind.fields()):  # no wrapper of a layer
        placed = [function_of(value) for value in placed]
        named = {key: function_of(value) for key, value in named.items()}
    try:
        return kind(*placed, **named)
    except TypeError as error:  # too many arguments, one of them twice, or one missing
        if not placed:
            build(kind, named)  # raises, and names what is missing
        raise _no_such_call(name) from error


def _no_such_call(name: str) -> InputError:
    return InputError(f"{name} cannot take these arguments.", _REMEDY)


def _input_shape(placed: list[object], named: dict[str, object], known: Shape | None) -> Shape | None:
    """Return the shape that an ``Input`` gives, unless it leaves a size open; older ones call it ``input_shape``."""
    given = named.get("shape", named.get("input_shape", placed[0] if placed else None))
    shape: Shape | None = known if None in _parts(given) else Layer.field("input_shape").check(given)
    return shape


def rectifier(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of an Activation that does what a layer ReLU with these does.

    Raises:
        FieldError: none here does that.
    """
    for name, known in _RECTIFIED.items():
        value = given.get(name)
        if value not in (None, known):
            other = ", or use LeakyReLU" if name == "negative_slope" else ""
            raise FieldError(
                "ReLU",
                name,
                f"ReLU: {name} must be {known} or left out, but is {plain(value)}.",
                f"Take {name} out of the text{other}.",
            )
    rest = {key: value for key, value in given.items() if key not in _RECTIFIED}
    return rest | {"activation": "relu" if given.get("max_value") is None else "relu6"}


def function_of(value: object) -> object:
    """Return a value, in the place of a layer the name of the function that it computes, or else its own."""
    if not isinstance(value, Layer):
        return value
    if isinstance(value, Activation):
        return value.activation
    return value.type_name.lower() if value in (ELU(), Softmax()) else value.type_name


def no_chain(name: str) -> InputError:
    return InputError(
        f'The network in the text is no plain chain of layers: it branches at "{name:.40}".',
        "Paste a part of it in which each layer has one before it and one after it.",
    )


def told_whether_training(name: str, training: bool) -> InputError:
    return InputError(
        f'The layer "{name:.40}" is called with training={training}, but layers here'
        f" {'predict' if training else 'learn'} without it.",
        f"Build the model without training={training}, or take it out of the text.",
    )
