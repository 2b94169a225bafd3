"""The table of references: for each layer a function on torch tensors, and the variants in which it is compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

from torch import Tensor

Forward = Callable[..., Any]


@dataclass(frozen=True)
class Nested:
    """A layer inside a layer."""

    name: str
    keywords: dict[str, Any]

    def __repr__(self) -> str:
        return f"{self.name}({_words(self.keywords)})"


@dataclass(frozen=True)
class Variant:
    """One way to use a layer.

    Attributes:
        shape: of one input sample.
        keywords: arguments of the constructor.
        indices: inputs are whole numbers below this one; 0 for ordinary numbers.
        random: whether training draws random numbers; other tests watch it then.
    """

    shape: tuple[int, ...]
    keywords: dict[str, Any]
    indices: int = 0
    random: bool = False

    def make(self, module: ModuleType, name: str, **more: Any) -> Any:
        """Return the layer from ``nncore.layers`` or ``keras.layers``."""
        return _make(module, name, self.keywords, more)

    def __str__(self) -> str:
        return f"{'x'.join(map(str, self.shape))}-{_words(self.keywords)}"


@dataclass(frozen=True)
class Reference:
    """What a layer must compute.

    Attributes:
        forward: ``forward(x, weights, **keywords)`` in training, with the weights in Keras's order and shapes; None for
            a layer that is random there.
        prediction: the same for prediction.
        moved: returns what the weights that are not trainable are after one training step.
    """

    forward: Forward | None
    prediction: Forward
    variants: tuple[Variant, ...]
    moved: Forward | None = None


REFERENCES: dict[str, Reference] = {}


def variant(*shape: int, indices: int = 0, random: bool = False, **keywords: Any) -> Variant:
    """Return a variant, written like the constructor call."""
    return Variant(shape, keywords, indices, random)


def nested(name: str, **keywords: Any) -> Nested:
    """Return a layer as the argument of another, written like its constructor call."""
    return Nested(name, keywords)


def reference(
    name: str,
    *variants: Variant,
    prediction: Forward | None = None,
    moved: Forward | None = None,
) -> Callable[[Forward], Forward]:
    """Decorator: make the function the reference of the layer ``name``."""

    def add(forward: Forward) -> Forward:
        assert name not in REFERENCES, name
        REFERENCES[name] = Reference(forward, prediction or forward, variants, moved)
        return forward

    return add


def random_reference(name: str, *variants: Variant) -> None:
    """Say that a layer is random in training, where tests of its own watch it, and hands its input on in prediction."""
    REFERENCES[name] = Reference(None, _identity, tuple(replace(variant, random=True) for variant in variants))


def _identity(x: Tensor, weights: list[Tensor], **keywords: Any) -> Tensor:
    return x


def apply(layer: Nested, x: Tensor, weights: list[Tensor]) -> Tensor:
    """Return the output of a layer inside a layer."""
    forward = REFERENCES[layer.name].forward
    assert forward is not None
    result: Tensor = forward(x, weights, **layer.keywords)
    return result


def _make(module: ModuleType, name: str, keywords: dict[str, Any], more: dict[str, Any]) -> Any:
    made = {
        key: _make(module, value.name, value.keywords, more) if isinstance(value, Nested) else value
        for key, value in keywords.items()
    }
    return getattr(module, name)(**made, **more)


def _words(keywords: dict[str, Any]) -> str:
    return ",".join(f"{key}={value}".replace(" ", "") for key, value in keywords.items())
