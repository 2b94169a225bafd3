"""What a data set is, whatever file it came from.

A data set is loaded into ``Data``: arrays as they were found and words for people. ``prepare`` splits and scales it
into ``TrainingData``, which is what a session learns from.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nncore.errors import DataError
from nncore.fields import Json
from nncore.losses import Target
from nncore.registry import Registry
from nncore.types import FLOAT32, Array, Shape

IMAGE, TABLE, POINTS, SERIES, TEXT = "image", "table", "points", "series", "text"

AUTO, CLASSIFICATION, REGRESSION, RECONSTRUCTION = "auto", "classification", "regression", "reconstruction"
TASKS = (AUTO, CLASSIFICATION, REGRESSION, RECONSTRUCTION)
"""What is asked of a network: what the data suggest, to name a class, to name a number, or to give back its input."""


@dataclass(frozen=True, eq=False)
class Data:
    """A data set as it was loaded.

    Attributes:
        name: the data set's name, or the file's.
        kind: ``"image"`` (x is (rows, height, width) or (rows, height, width, channels)), ``"table"`` (x is (rows,
            features)), ``"points"`` (a table of two coordinates that can be drawn), ``"series"`` (x is (rows, window,
            features), and y is what follows the window, in the unit of the first feature) or ``"text"`` (x is (rows,
            length) token numbers).
        x: inputs: uint8 pixels, float64 numbers, or int64 tokens.
        y: int64 class numbers (rows,), or (rows, time) where each time step has its class; or float64 numbers (rows,)
            or (rows, outputs); no rows if the answers are not known, which only data to predict may be.
        target: classes, or shape of the numbers.
        class_names: one word for each class; empty for numbers.
        feature_names: one word for each column of a table; empty for images.
        target_name: what is to be predicted, in a word.
        x_test, y_test: the part that is set aside by the data set itself; None when it has none.
        source: where the data come from, for the reference.
        pixel_max: value of a white pixel in ``x``: 255 for most images, 16 for the 8×8 digits; 0 for tables.
        vocabulary: of a text, the word or character of each token; entry 0 is ``""`` where texts are padded.
        period: of a series, the steps after which its seasons come again; 0 if it has none.
        times: of a series, one word for each of its steps: row i of ``x`` begins at ``times[i]``, and what follows it
            at ``times[i + window]``; the rows of ``x_test`` continue those of ``x``. Empty if steps have no names.
        shortened: how many texts are longer than ``x`` has room for.
    """

    name: str
    kind: str
    x: Array
    y: Array
    target: Target
    class_names: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()
    target_name: str = "target"
    x_test: Array | None = None
    y_test: Array | None = None
    source: str = ""
    pixel_max: float = 0.0
    vocabulary: tuple[str, ...] = ()
    period: int = 0
    times: tuple[str, ...] = ()
    shortened: int = 0

    @property
    def input_shape(self) -> Shape:
        """Shape of one sample."""
        return tuple(int(size) for size in self.x.shape[1:])

    @property
    def has_targets(self) -> bool:
        """Whether the answers are known."""
        return len(self.y) > 0


@dataclass(frozen=True)
class DatasetInfo:
    """What is known of a built-in data set before it is loaded."""

    name: str
    title: str
    kind: str
    input_shape: Shape
    target: Target
    samples: int
    offline: bool
    help: str
    load: Callable[[], Data] = field(repr=False)


DATASETS: Registry[DatasetInfo] = Registry("data set")


@dataclass(frozen=True, eq=False)
class Samples:
    """Scaled inputs and targets, ready for a network: x float32 (rows, ...), y int64 or float32.

    Attributes:
        labels: what the data say of each sample where the targets are the inputs themselves: class numbers or unscaled
            numbers, to show beside a reconstruction; otherwise None.
        weights: (rows,) how much each sample counts in the loss; None when all count the same.
    """

    x: Array
    y: Array
    labels: Array | None = None
    weights: Array | None = None

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True)
class Scaling:
    """How raw numbers became inputs: (x - shift) / scale, and the same for a numeric target.

    Attributes:
        shift, scale: one number each, or one per feature.
        target_shift, target_scale: for numeric targets; 0 and 1 for classes.
        pixel_max: ``Data.pixel_max`` of the images that were learned, so that pictures stored in another range can be
            brought to it; 0 for tables.
    """

    shift: tuple[float, ...] = (0.0,)
    scale: tuple[float, ...] = (1.0,)
    target_shift: float = 0.0
    target_scale: float = 1.0
    pixel_max: float = 0.0

    def inputs(self, x: Array) -> Array:
        """Return raw inputs as the network gets them, in float32."""
        shift = np.asarray(self.shift if len(self.shift) > 1 else self.shift[0])
        scale = np.asarray(self.scale if len(self.scale) > 1 else self.scale[0])
        if x.dtype == np.uint8 and not shift.any() and scale.ndim == 0:
            scaled: Array = np.multiply(x, np.float32(1 / scale), dtype=np.float32)
            return scaled
        return np.ascontiguousarray((x - shift) / scale, dtype=FLOAT32)

    def restore_inputs(self, x: Array) -> Array:
        """Return inputs of a network, or its reconstructions of them, in the unit of the data."""
        shift = np.asarray(self.shift if len(self.shift) > 1 else self.shift[0])
        scale = np.asarray(self.scale if len(self.scale) > 1 else self.scale[0])
        restored: Array = x * scale + shift
        return restored

    def targets(self, y: Array) -> Array:
        """Return raw numeric targets as the network learns them, in float32; class numbers stay as they are."""
        if np.issubdtype(y.dtype, np.integer):
            return y
        return np.ascontiguousarray((y - self.target_shift) / self.target_scale, dtype=FLOAT32)

    def restore_targets(self, output: Array) -> Array:
        """Return a network's outputs in the unit of the data."""
        return output * self.target_scale + self.target_shift

    def to_json(self) -> dict[str, Json]:
        """Return the scaling as JSON data."""
        return {
            "shift": list(self.shift),
            "scale": list(self.scale),
            "target_shift": self.target_shift,
            "target_scale": self.target_scale,
            "pixel_max": self.pixel_max,
        }

    @staticmethod
    def from_json(data: Json) -> Scaling:
        """Return what ``to_json`` wrote; raise ``DataError`` for anything else."""
        try:
            scaling = Scaling(
                tuple(float(value) for value in data["shift"]),
                tuple(float(value) for value in data["scale"]),
                float(data["target_shift"]),
                float(data["target_scale"]),
                float(data.get("pixel_max", 0.0)),
            )
            if not scaling.usable():
                raise ValueError("a scale that nothing can be divided by")
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise DataError("The scaling in the project file cannot be read.", "Train the project again.") from error
        return scaling

    def usable(self) -> bool:
        """Tell whether every number can be computed with: finite, and no divisor 0."""
        divisors = (*self.scale, self.target_scale)
        return (
            all(map(math.isfinite, (*self.shift, *divisors, self.target_shift, self.pixel_max)))
            and all(divisors)
            and bool(self.shift and self.scale)
        )

    def fits(self, shape: Shape) -> bool:
        """Tell whether samples of ``shape`` can be scaled: with one number for all, or one for each feature."""
        features = shape[-1] if shape else 1
        return {len(self.shift), len(self.scale)} <= {1, features}


@dataclass(frozen=True, eq=False)
class TrainingData:
    """A data set split and scaled: what a session learns from.

    Attributes:
        data: where it came from, with the words for people.
        train, validation, test: the parts; None where there is none.
        scaling: its statistics come from the training part only.
        task: one of ``TASKS``; with ``"reconstruction"`` the targets of the parts are their inputs.
    """

    data: Data
    train: Samples
    validation: Samples | None
    test: Samples | None
    scaling: Scaling
    task: str = AUTO

    @functools.cached_property
    def target(self) -> Target:
        """What the data ask a network for."""
        parts = [part for part in (self.train, self.validation, self.test) if part is not None and len(part)]
        if self.task != RECONSTRUCTION:
            return self.data.target if self.data.target.classes else _bounded(self.data.target, [p.y for p in parts])
        found = _bounded(Target(0, self.data.input_shape), [part.x for part in parts])
        unit = found.lowest is None or found.highest is None or (found.lowest >= 0 and found.highest <= 1)
        return dataclasses.replace(found, unit_interval=unit)


def _bounded(target: Target, numbers: Sequence[Array]) -> Target:
    """Return the target with the lowest and the highest of these numbers."""
    filled = [array for array in numbers if array.size]
    if not filled:
        return target
    lowest, highest = min(float(array.min()) for array in filled), max(float(array.max()) for array in filled)
    return dataclasses.replace(target, lowest=lowest, highest=highest)


def dataset(**info: Any) -> Callable[[Callable[[], Data]], Callable[[], Data]]:
    """Function decorator: register a loader as a built-in data set; the keywords are those of ``DatasetInfo``."""

    def add(load: Callable[[], Data]) -> Callable[[], Data]:
        DATASETS.add(info["name"], DatasetInfo(**info, load=load))
        return load

    return add
