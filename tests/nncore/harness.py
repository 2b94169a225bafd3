"""What every layer, loss and optimizer must pass, whatever it computes.

The checks read the registries and the field declarations only, so that something new is checked as soon as it is
registered. A check raises ``AssertionError`` with the case and what was found.
"""

from __future__ import annotations

import functools
import json
import math
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, TypeVar

import numpy as np
from hypothesis import reject, settings
from hypothesis import strategies as st
from numpy.typing import DTypeLike

from nncore.activations import ACTIVATIONS
from nncore.errors import DataError, FieldError, ShapeError
from nncore.fields import (
    BOOLEAN,
    CHOICE,
    INTEGER,
    NUMBER,
    NUMBERS,
    PAIR,
    PAIRS,
    RANGE,
    SHAPE,
    SPEC,
    TEXT,
    Declared,
    Field,
    from_json,
)
from nncore.layers import Activation, Layer
from nncore.losses import Loss, LossOp
from nncore.network import Network
from nncore.plan import Bound, LayerBinding, Plan, layout
from nncore.regularizers import L1L2, Regularizer
from nncore.types import Array, Shape

QUICK = settings(deadline=None, database=None, derandomize=True, max_examples=50)
"""Hypothesis settings of this folder: the same examples in every run, and nothing written to the disk."""

ALLOWED_GROWTH = 4096  # bytes: interned integers and the like, far below one leaked buffer a step
_STEPS = (1e-4, 1e-5, 1e-6, 1e-7)
_SHAPES: tuple[Shape, ...] = ((5,), (1,), (4, 3), (6, 1), (7, 5, 3), (6, 7, 2), (8, 9, 1), (3, 2, 2, 3))
_ACTIVATIONS = ("linear", "tanh", "silu")
"""One of each kind: no function at all, a slope told by the output, a slope that needs the input."""

D = TypeVar("D", bound=Declared)


# --- Values from declarations -----------------------------------------------------------------------------------


def values(field: Field) -> st.SearchStrategy[Any]:
    """Return a strategy for every value that the field's rule allows."""
    strategy = _plain_values(field)
    if field.rule.special:
        strategy = strategy | st.sampled_from(field.rule.special)
    return strategy | st.none() if field.optional else strategy


def _plain_values(field: Field) -> st.SearchStrategy[Any]:
    if field.kind == SPEC:
        assert field.spec is not None
        # A wrapper inside a wrapper is possible, but one level is enough to try.
        entries = [field.spec.registry.get(name) for name in field.choices()]
        flat = [entry for entry in entries if not _wraps(entry, field.spec)]
        return st.one_of([declared(entry) for entry in flat])
    if field.kind == INTEGER:
        return _integers(field)
    if field.kind == NUMBER:
        return _numbers(field)
    if field.kind == PAIR:
        return st.tuples(_integers(field), _integers(field))
    if field.kind == PAIRS:
        pair = st.tuples(_integers(field), _integers(field))
        return st.tuples(pair, pair)
    if field.kind == RANGE:
        return st.tuples(_numbers(field), _numbers(field)).map(lambda pair: (min(pair), max(pair)))
    if field.kind == NUMBERS:
        return st.lists(_numbers(field), min_size=1, max_size=4).map(tuple)
    return {
        BOOLEAN: st.booleans(),
        CHOICE: st.sampled_from(field.choices() or [""]),
        TEXT: st.text(max_size=12),
        SHAPE: st.lists(st.integers(1, 50), min_size=1, max_size=4).map(tuple),
    }[field.kind]


def _wraps(entry: type[Declared], base: type[Declared]) -> bool:
    return any(inner.spec is not None and issubclass(base, inner.spec) for inner in entry.fields())


def _integers(field: Field) -> st.SearchStrategy[int]:
    rule = field.rule
    low = rule.ge if rule.ge is not None else (None if rule.gt is None else math.floor(rule.gt) + 1)
    high = rule.le if rule.le is not None else (None if rule.lt is None else math.ceil(rule.lt) - 1)
    return st.integers(None if low is None else int(low), None if high is None else int(high))


def _numbers(field: Field) -> st.SearchStrategy[float]:
    rule = field.rule
    return st.floats(
        rule.ge if rule.ge is not None else rule.gt,
        rule.le if rule.le is not None else rule.lt,
        exclude_min=rule.gt is not None,
        exclude_max=rule.lt is not None,
        allow_nan=False,
        allow_infinity=False,
    )


@st.composite
def declared(draw: st.DrawFn, cls: type[D]) -> D:
    """Draw any declaration of this class that can exist; values that only together break a rule are not tried."""
    chosen = {name: draw(strategy) for name, strategy in _strategies(cls).items()}
    try:
        return cls(**chosen)
    except FieldError:
        reject()


@functools.cache
def _strategies(cls: type[Declared]) -> dict[str, st.SearchStrategy[Any]]:
    return {field.name: values(field) for field in cls.fields()}


def variants(cls: type[D]) -> list[D]:
    """Return small declarations: a base, one for each way of each field that shapes the computation, and one with all.

    The last has every field at once as far from the base as the others allow, so that fields also meet each other.
    """
    base = shrunk(cls.suggested())
    found, together = [base], base
    for field in cls.fields():
        ways = [] if field.rule.hidden else _ways(base, field)
        for value in ways:
            variant = _changed(base, field.name, value)
            if variant is not None and variant not in found:
                found.append(variant)
        for value in reversed(ways + _shared_ways(field)):
            combined = _changed(together, field.name, value)
            if value != getattr(base, field.name) and combined is not None:
                together = combined
                break
    return found if together in found else [*found, together]


def _changed(spec: D, name: str, value: Any) -> D | None:
    """Return the declaration with one field changed; None where fields exclude each other or no shape fits."""
    try:
        changed = spec.replace(**{name: value})
    except FieldError:
        return None
    return None if isinstance(changed, Layer) and not _accepted(changed) else changed


def shrunk(spec: D) -> D:
    """Return the declaration with small whole numbers, also in the layer that it wraps."""
    changes: dict[str, Any] = {}
    for field in spec.fields():
        value = getattr(spec, field.name)
        if field.kind == INTEGER and isinstance(value, int):
            changes[field.name] = _small(field, value)
        elif isinstance(value, Layer):
            changes[field.name] = shrunk(value)
    return spec.replace(**changes)


def _small(field: Field, value: int) -> int:
    small = min(value, 3)
    return small if _allows(field, small) else value


def _ways(base: Declared, field: Field) -> list[Any]:
    """Return values of one field that are worth a test each."""
    if field.kind == CHOICE:
        # What a function computes is tested once; here it matters how a layer hands its buffers on.
        inner = set(field.choices()) <= set(ACTIVATIONS.names()) and not isinstance(base, Activation)
        return list(_ACTIVATIONS) if inner else field.choices()
    if field.kind == BOOLEAN:
        return [True, False]
    if field.kind == INTEGER:
        edges = [field.rule.ge, 1, 2]
        return [int(edge) for edge in edges if edge is not None and _allows(field, int(edge))]
    if field.kind == NUMBER:
        return [value for value in (0.0, 0.5) if _allows(field, value)]
    if field.kind == PAIR:
        return [value for value in (1, 2, (3, 2)) if _allows(field, value)]
    if field.kind == PAIRS:
        return [value for value in (1, ((0, 2), (1, 0))) if _allows(field, value)]
    if field.spec is not None and issubclass(field.spec, Layer):
        return [shrunk(entry) for name in field.choices()[:4] if (entry := field._convert_spec(name)) is not None]
    return [None] if field.optional else []


def _shared_ways(field: Field) -> list[Any]:
    """Return values of a field that works alike in every layer, so that one test of it is enough."""
    if field.spec is not None and issubclass(field.spec, Regularizer):
        return [L1L2(0.01, 0.02)]
    return []


def _allows(field: Field, value: Any) -> bool:
    try:
        field.check(value)
    except FieldError:
        return False
    return True


def describe(spec: Declared) -> str:
    """Return the declaration as a short test id."""
    parts = [f"{field.name}={getattr(spec, field.name)}" for field in spec.fields() if not field.rule.hidden]
    return f"{spec.type_name}({', '.join(parts)})"


def accepted_shapes(layer: Layer) -> list[Shape]:
    """Return up to three input shapes that the layer can work on, as different as possible.

    Every layer must take one of the harness's shapes.
    """
    found = _accepted(layer)
    assert found, f"{describe(layer)} takes none of the shapes {_SHAPES}"
    return found if len(found) <= 3 else [found[0], found[len(found) // 2], found[-1]]


def _accepted(layer: Layer) -> list[Shape]:
    found = []
    for shape in _SHAPES:
        try:
            layer.output_shape(shape)
        except ShapeError:
            continue
        found.append(shape)
    return found


def samples(network: Network, rows: int, rng: np.random.Generator) -> Array:
    """Return random samples that the first layer takes: any numbers, or else indices as small as they must be."""
    shape = (rows, *network.input_shape)
    tries = [rng.normal(0.0, 1.0, shape), *(rng.integers(0, n, shape).astype(np.float64) for n in (3, 2, 1))]
    for x in tries:
        try:
            if network.layers:
                network.layers[0].check_samples(x)
        except DataError:
            continue
        return x
    raise AssertionError(f"{network} takes neither numbers nor indices")


def random_parameters(network: Network, rng: np.random.Generator) -> Array:
    """Return random flat parameters; what is not trained, such as a variance, is positive."""
    flat = rng.normal(0.0, 0.7, network.count_params())
    for slot in layout(network):
        if not slot.weight.trainable:
            view = slot.view(flat)
            np.abs(view, out=view)
    return flat


# --- Driving one network ----------------------------------------------------------------------------------------


class Probe(Loss):
    """The sum of output times target: its gradient is the target, so any gradient can be sent down a network."""

    type_name: ClassVar[str] = "probe"

    def compile(self, output: Array, gradient: Array | None, target: Array, fused: bool) -> LossOp:
        return _ProbeOp(output, gradient, target)


class _ProbeOp(LossOp):
    def __init__(self, output: Array, gradient: Array | None, target: Array) -> None:
        self.output, self.gradient, self.target = output, gradient, target

    def forward(self) -> float:
        return float((self.output.astype(np.float64) * self.target).sum())

    def backward(self) -> None:
        if self.gradient is not None:
            np.copyto(self.gradient, self.target)


def takes_indices(network: Network) -> bool:
    """Return whether the first layer takes whole numbers only, by which nothing can be differentiated."""
    try:
        for layer in network.layers[:1]:
            layer.check_samples(np.full((1, *network.input_shape), 0.5))
    except DataError:
        return True
    return False


class Case:
    """A network with random parameters, inputs and targets, and a source of randomness that starts over each time.

    Args:
        network: what is driven.
        rows: rows of the batch.
        capacity: rows of the plan; as many as the batch when None.
        loss: ``Probe`` when None.
        target: encoded targets; random numbers when None.
    """

    def __init__(
        self,
        network: Network,
        rows: int,
        *,
        capacity: int | None = None,
        loss: Loss | None = None,
        x: Array | None = None,
        target: Array | None = None,
        dtype: DTypeLike = np.float64,
        seed: int = 0,
    ) -> None:
        rng = np.random.default_rng(seed)
        self.network, self.rows = network, rows
        self.parameters = random_parameters(network, rng).astype(dtype)
        self.x = samples(network, rows, rng).astype(dtype) if x is None else x
        self.indices = takes_indices(network)
        shape = (rows, *network.shapes()[-1])
        self.target = rng.normal(0.0, 1.0, shape).astype(dtype) if target is None else target
        self.plan = Plan(
            network,
            self.parameters,
            capacity or rows,
            loss=loss or Probe(),
            training=True,
            rng=np.random.default_rng(7),
        )
        self._state = self.plan.rng.bit_generator.state
        self.bound = self.bind(rows)

    def bind(self, rows: int) -> Bound:
        """Return a new binding of the plan, with the gradient of the input if there is one."""
        return Bound(self.plan, rows, input_gradient=not self.indices)

    def loss(self) -> float:
        """Run forward with the same randomness as every time."""
        self.plan.rng.bit_generator.state = self._state
        self.bound.x[...] = self.x
        self.bound.target[...] = self.target
        self.bound.forward()
        return self.bound.loss_value()

    def backward(self) -> None:
        """Run forward and backward; what backward does not write stays NaN."""
        self.loss()
        self.plan.gradients[...] = np.nan
        if self.bound.dx is not None and self.bound.ops and self.bound.ops[0].dy is not self.bound.dx:
            self.bound.dx[...] = np.nan
        self.bound.backward()

    def results(self) -> dict[str, Array]:
        """Return copies of output, weight gradients and input gradient."""
        self.backward()
        found = {"output": self.bound.output.copy(), "gradients": self.plan.gradients.copy()}
        if self.bound.dx is not None:
            found["input gradient"] = self.bound.dx.copy()
        return found

    def weights(self) -> Iterator[tuple[str, Array, Array]]:
        """Yield (name, values, gradient) for the input and each trained weight; the values may be changed in place."""
        gradients = self.plan.gradients.copy()
        if self.bound.dx is not None:
            yield "input", self.x, self.bound.dx.copy()
        for slot in layout(self.network):
            if slot.weight.trainable:
                yield slot.key, slot.view(self.parameters), slot.view(gradients)


def check_gradients(case: Case, tolerance: float = 1e-6) -> None:
    """Compare backward with central differences along a random direction, for the input and for each weight.

    A difference across the kink of a ReLU is no derivative, so smaller steps are tried too; a wrong gradient agrees
    with none of them.
    """
    case.backward()
    rng = np.random.default_rng(1)
    for name, array, gradient in case.weights():
        assert np.isfinite(gradient).all(), f"{case.network}: backward left part of the gradient of {name} unwritten"
        direction = rng.normal(size=array.shape)
        analytic = float((gradient * direction).sum())
        scale = float(np.abs(gradient * direction).sum())
        errors = []
        for step in _STEPS:
            numeric = _difference(case, array, direction, step)
            size = max(abs(analytic), abs(numeric))
            # Where the true derivative is zero, only rounding is left on both sides.
            rounding = 1e-9 * max(scale, 1e-3)
            errors.append(0.0 if size < rounding else abs(analytic - numeric) / size)
            if errors[-1] < tolerance:
                break
        assert min(errors) < tolerance, f"{case.network}: gradient of {name} is off by {min(errors):.2g}"


def _difference(case: Case, array: Array, direction: Array, step: float) -> float:
    """Return the derivative along ``direction`` from four points, exact up to the fourth power of ``step``."""
    kept = array.copy()
    found = {}
    for factor in (-2, -1, 1, 2):
        array[...] = kept + factor * step * direction
        found[factor] = case.loss()
    array[...] = kept
    return (8 * (found[1] - found[-1]) - (found[2] - found[-2])) / (12 * step)


def surrounded(layer: Layer, shape: Shape) -> Network:
    """Return the layer between two others, whose backward reads what this layer must leave alone."""
    below = () if takes_indices(Network(shape, (layer,))) else (Activation("tanh"),)
    return Network(shape, (*below, layer, Activation("tanh")))


# --- Checks -----------------------------------------------------------------------------------------------------


def check_shapes(case: Case) -> None:
    """Compare every inferred shape with that of the buffers."""
    case.backward()
    for op, shape in zip(case.bound.ops, case.network.shapes()[1:], strict=True):
        assert op.y.shape == (case.rows, *shape), f"{case.network}: {op.y.shape} instead of {shape}"
        assert op.dy is not None
        assert op.dy.shape == op.y.shape


class _Recording(LayerBinding):
    def __init__(self, plan: Plan, bound: Bound) -> None:
        super().__init__(plan, 0, len(bound.x), bound.x, bound.dx)
        self.asked: set[str] = set()
        self.written: set[str] = set()

    def weight(self, name: str) -> Array:
        self.asked.add(name)
        return super().weight(name)

    def gradient(self, name: str) -> Array:
        self.written.add(name)
        return super().gradient(name)


def check_weights_used(layer: Layer, shape: Shape) -> None:
    """Compare the weights that a layer declares with those that its operation asks for."""
    network = Network(shape, (layer,))
    case = Case(network, 2)
    binding = _Recording(case.plan, case.bound)
    layer.compile(binding)
    names = [weight.name for weight in layer.weights(shape)]
    trained = {weight.name for weight in layer.weights(shape) if weight.trainable}
    assert len(set(names)) == len(names), f"{describe(layer)} declares a weight twice: {names}"
    assert binding.asked == set(names), f"{describe(layer)} declares {names} but uses {sorted(binding.asked)}"
    assert binding.written == trained, f"{describe(layer)} declares {names} but learns {sorted(binding.written)}"


def check_short_batch(network: Network) -> None:
    """A plan for 7 rows must compute 3 rows like a plan for 3, and afterwards 7 rows as before."""
    full = Case(network, 7)
    before = full.results()
    few = Case(network, 3, x=full.x[:3], target=full.target[:3])
    few.parameters[...] = full.parameters
    expected = few.results()
    full_bound, full_x, full_target = full.bound, full.x, full.target
    full.bound, full.x, full.target = full.bind(3), full.x[:3], full.target[:3]
    for name, array in full.results().items():
        np.testing.assert_allclose(
            array, expected[name], rtol=1e-12, atol=1e-14, err_msg=f"{network}: {name} of a short batch"
        )
    full.bound, full.x, full.target = full_bound, full_x, full_target
    for name, array in full.results().items():
        np.testing.assert_array_equal(array, before[name], err_msg=f"{network}: {name} after a short batch")


def check_dtype(network: Network, dtype: DTypeLike) -> None:
    """Outputs and gradients must have the dtype of the parameters, and no buffer may be wider."""
    case = Case(network, 3, dtype=dtype)
    for name, array in case.results().items():
        assert array.dtype == dtype, f"{network}: {name} is {array.dtype} in a network of {np.dtype(dtype)}"
    width = np.dtype(dtype).itemsize
    for op in case.bound.ops:
        for name, value in vars(op).items():
            if isinstance(value, np.ndarray) and np.issubdtype(value.dtype, np.floating):
                assert value.dtype.itemsize <= width, f"{network}: buffer {name} is {value.dtype}"
    for array in case.plan._memory.values():
        if np.issubdtype(array.dtype, np.floating):
            assert array.dtype.itemsize <= width, f"{network}: a buffer is {array.dtype}"


def check_no_growth(step: Callable[[], object]) -> None:
    """After a warm-up, 100 steps may not leave memory behind."""
    for _ in range(5):
        step()
    tracemalloc.start()
    try:
        for _ in range(5):
            step()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(100):
            step()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < ALLOWED_GROWTH, f"100 steps left {after - before:,} bytes behind"


def check_json(base: type[Declared], spec: Declared) -> None:
    """What is written as JSON must be read as an equal declaration of the same type, for whoever expects a ``base``."""
    restored = from_json(base, json.loads(json.dumps(spec.to_json())))
    assert restored == spec
    assert type(restored) is type(spec)


def check_bounds(cls: type[Declared]) -> None:
    """Every value beyond a field's rule must be refused with an error that names declaration and field."""
    base = cls.suggested()
    for field in cls.fields():
        for value in field.invalid_values():
            error = _refusal(base, field.name, value)
            assert error is not None, f"{cls.type_name}.{field.name} takes {value!r}"
            assert (error.owner, error.field) == (cls.type_name, field.name)
            assert cls.type_name in error.sentence
            assert field.name in error.sentence
            assert error.remedy


def _refusal(base: Declared, name: str, value: Any) -> FieldError | None:
    try:
        base.replace(**{name: value})
    except FieldError as error:
        return error
    return None
