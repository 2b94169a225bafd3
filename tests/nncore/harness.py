"""What every layer, loss and optimizer must pass, whatever it computes.

The checks read the registries and the field declarations only, so that something new is checked as soon as it is
registered. A check raises ``AssertionError`` with the case and what was found.
"""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import numpy as np
from hypothesis import reject, settings
from hypothesis import strategies as st
from numpy.typing import DTypeLike

from nncore.errors import FieldError, ShapeError
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
)
from nncore.initializers import Initializer
from nncore.layers import Activation, Layer
from nncore.losses import Loss, LossOp
from nncore.network import Network
from nncore.plan import Bound, LayerBinding, Plan
from nncore.types import Array, Shape

QUICK = settings(deadline=None, database=None, derandomize=True, max_examples=50)
"""Hypothesis settings of this folder: the same examples in every run, and nothing written to the disk."""

ALLOWED_GROWTH = 4096  # bytes: interned integers and the like, far below one leaked buffer a step
_STEPS = (1e-4, 1e-5, 1e-6, 1e-7)
_SHAPES: tuple[Shape, ...] = ((5,), (1,), (4, 3), (7, 5, 3), (6, 7, 2), (3, 2, 2, 3))

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


def declared(cls: type[D]) -> st.SearchStrategy[D]:
    """Return a strategy for every declaration of this class that can exist."""
    return st.fixed_dictionaries({field.name: values(field) for field in cls.fields()}).map(
        lambda chosen: _made(cls, chosen)
    )


def _made(cls: type[D], chosen: dict[str, Any]) -> D:
    """Construct a declaration; values that only together break a rule are not tried."""
    try:
        return cls(**chosen)
    except FieldError:
        reject()


def variants(cls: type[D]) -> list[D]:
    """Return small declarations: a base, and one for each way of each field that shapes the computation."""
    base = cls.suggested()
    shrunk = {
        field.name: _small(field, getattr(base, field.name))
        for field in cls.fields()
        if field.kind == INTEGER and isinstance(getattr(base, field.name), int)
    }
    base = base.replace(**shrunk)
    found = [base]
    for field in cls.fields():
        if field.rule.hidden or (field.spec is not None and issubclass(field.spec, Initializer)):
            continue
        for value in _ways(field):
            variant = base.replace(**{field.name: value})
            if variant not in found:
                found.append(variant)
    return found


def _small(field: Field, value: int) -> int:
    return max(min(value, 3), math.ceil(field.rule.ge or 0), math.floor(field.rule.gt or -1) + 1)


def _ways(field: Field) -> list[Any]:
    if field.kind == CHOICE:
        return field.choices()
    if field.kind == BOOLEAN:
        return [True, False]
    if field.kind == INTEGER:
        edges = [field.rule.ge, 1, 2, 5]
        return [int(edge) for edge in edges if edge is not None and _allows(field, int(edge))]
    if field.kind == NUMBER:
        return [value for value in (0.0, 0.1, 0.5, 0.75, 1.0) if _allows(field, value)]
    if field.kind == PAIR:
        return [value for value in (1, 2, (3, 2)) if _allows(field, value)]
    if field.kind == PAIRS:
        return [value for value in (1, ((0, 2), (1, 0))) if _allows(field, value)]
    return [None] if field.optional else []


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
    """Return the input shapes of the harness that the layer can work on; every layer must take one of them."""
    found = []
    for shape in _SHAPES:
        try:
            layer.output_shape(shape)
        except ShapeError:
            continue
        found.append(shape)
    assert found, f"{describe(layer)} takes none of the shapes {_SHAPES}"
    return found


# --- Driving one network ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
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
        self.parameters = rng.normal(0.0, 0.7, network.count_params()).astype(dtype)
        self.x = rng.normal(0.0, 1.0, (rows, *network.input_shape)).astype(dtype) if x is None else x
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
        self.bound = Bound(self.plan, rows, input_gradient=True)

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
        assert self.bound.dx is not None
        if self.bound.ops and self.bound.ops[0].dy is not self.bound.dx:
            self.bound.dx[...] = np.nan
        self.bound.backward()

    def results(self) -> dict[str, Array]:
        """Return copies of output, weight gradients and input gradient."""
        self.backward()
        assert self.bound.dx is not None
        return {
            "output": self.bound.output.copy(),
            "gradients": self.plan.gradients.copy(),
            "input gradient": self.bound.dx.copy(),
        }

    def weights(self) -> Iterator[tuple[str, Array, Array]]:
        """Yield (name, values, gradient) for the input and for each weight; the values may be changed in place."""
        from nncore.plan import layout

        assert self.bound.dx is not None
        yield "input", self.x, self.bound.dx.copy()
        gradients = self.plan.gradients.copy()
        for slot in layout(self.network):
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
    return Network(shape, (Activation("tanh"), layer, Activation("tanh")))


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
    assert len(set(names)) == len(names), f"{describe(layer)} declares a weight twice: {names}"
    assert binding.asked == set(names), f"{describe(layer)} declares {names} but uses {sorted(binding.asked)}"
    assert binding.written == set(names), f"{describe(layer)} declares {names} but learns {sorted(binding.written)}"


def check_short_batch(network: Network) -> None:
    """A plan for 7 rows must compute 3 rows like a plan for 3, and afterwards 7 rows as before."""
    full = Case(network, 7)
    before = full.results()
    few = Case(network, 3, x=full.x[:3], target=full.target[:3])
    few.parameters[...] = full.parameters
    expected = few.results()
    full_bound, full_x, full_target = full.bound, full.x, full.target
    full.bound, full.x, full.target = Bound(full.plan, 3, input_gradient=True), full.x[:3], full.target[:3]
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
