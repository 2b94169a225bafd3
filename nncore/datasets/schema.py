"""What a trained network remembers of its data, and which columns of a table it wants; ``align`` does the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nncore.datasets.base import AUTO, IMAGE, POINTS, SERIES, TABLE, TEXT, Data, Scaling
from nncore.datasets.tasks import with_task
from nncore.errors import DataError
from nncore.losses import Target
from nncore.registry import did_you_mean
from nncore.types import Shape


@dataclass(frozen=True)
class Schema:
    """The form of the data that a network was trained on.

    Attributes:
        input_shape: shape of one sample.
        target: classes, or shape of the numbers.
        class_names, feature_names, target_name: as in ``Data``.
        pixel_max: as in ``Scaling``; 0 for tables.
        vocabulary: as in ``Data``; empty unless the network was trained on a text.
        task: what was asked of the network, one of ``TASKS``. With ``"reconstruction"`` no answers are needed, and
            ``target`` and ``class_names`` speak of the labels that the data have besides.
    """

    input_shape: Shape
    target: Target
    class_names: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()
    target_name: str = ""
    pixel_max: float = 0.0
    vocabulary: tuple[str, ...] = ()
    task: str = AUTO

    @staticmethod
    def of(data: Data, scaling: Scaling | None = None, task: str = AUTO) -> Schema:
        """Return the form of ``data``, with targets of the kind that ``task`` asks for."""
        data = with_task(data, task)
        return Schema(
            input_shape=data.input_shape,
            target=data.target,
            class_names=data.class_names,
            feature_names=data.feature_names,
            target_name=data.target_name,
            pixel_max=scaling.pixel_max if scaling else data.pixel_max,
            vocabulary=data.vocabulary,
            task=task,
        )

    @property
    def kind(self) -> str:
        """The kind of the data, as in ``Data``."""
        if self.vocabulary:
            return TEXT
        if self.pixel_max:
            return IMAGE
        if len(self.input_shape) == 2:
            return SERIES
        return POINTS if self.input_shape == (2,) and self.target.classes else TABLE


def plain_names(columns: int) -> tuple[str, ...]:
    """Return names for columns that have none: "column 1", "column 2", ..."""
    return tuple(f"column {number}" for number in range(1, columns + 1))


def is_plain(names: Sequence[str]) -> bool:
    """Tell whether all names are of the kind that ``plain_names`` makes up."""
    return all(name.startswith("column ") and name[7:].isdigit() for name in names)


def choose_columns(names: Sequence[str], schema: Schema, where: str) -> tuple[list[int], int | None]:
    """Return the places of the network's features in a table, and of its target if it has one.

    Columns are found by name. Where the names are made up, on either side, they are taken in their order, and a
    column too many is the target.

    Args:
        names: of the table's columns.
        where: the file, for messages.
    """
    wanted = schema.feature_names
    if all(name in names for name in wanted):
        return [list(names).index(name) for name in wanted], _place(names, schema.target_name)
    if is_plain(names) or is_plain(wanted):
        places = list(range(len(names)))
        if len(names) == len(wanted):
            return places, None
        if len(names) == len(wanted) + 1:
            number = int(schema.target_name[7:]) if is_plain([schema.target_name]) else len(names)
            target = min(number, len(names)) - 1
            return places[:target] + places[target + 1 :], target
        raise DataError(
            f"{where} has {len(names)} columns, but the network was trained on {len(wanted)}.",
            f"It needs, in this order: {_list(wanted)}.",
        )
    missing = next(name for name in wanted if name not in names)
    raise DataError(
        f'{where} has no column "{missing}", which the network was trained on.',
        did_you_mean(
            missing, [name for name in names if name not in wanted], f"It needs the columns: {_list(wanted)}."
        ),
    )


def _place(names: Sequence[str], name: str) -> int | None:
    return list(names).index(name) if name in names else None


def _list(names: Sequence[str]) -> str:
    return ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
