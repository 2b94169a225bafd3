"""What the rows of the network's list say, as plain values without Qt's models.

The list shows the input, every layer, and the loss. Numbers of rows in the list are therefore one above the
positions of layers in the network.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from nncore.editing.mends import Mend
from nncore.layers import Layer
from nncore.losses import Problem
from nncore.network import shape_text
from workbench.document import Document
from workbench.editor.summary import BETWEEN, Path, settings_parts
from workbench.theme import numbers

INPUT, LAYER, LOSS = "input", "layer", "loss"
translate = QCoreApplication.translate


@dataclass(frozen=True)
class RowView:
    """One row.

    Attributes:
        kind: ``"input"``, ``"layer"`` or ``"loss"``.
        position: the layer's position in the network, -1 for the others.
        title: the layer's own name or its type, set in bold; detail: what stands dim behind it.
        left, right: the second line.
        share: of the network's multiply-adds, 0 to 1; None where no bar belongs.
        icon, family: for icon and colour; empty family for input and loss.
        problem, mends: what is wrong, and the changes that would mend it.
        hint: what is hardly meant so, where nothing is wrong; its mends are in ``mends``.
        spoken: the row as a sentence, for those who listen instead of looking.
        paths: for each of the words in ``detail``, the field it stands for; empty for the type of a named layer.
        disabled: the layer takes no part.
    """

    kind: str
    position: int
    title: str
    detail: str
    left: str
    right: str
    share: float | None
    icon: str
    family: str
    problem: Problem | None
    mends: tuple[Mend, ...]
    spoken: str
    paths: tuple[Path, ...] = ()
    disabled: bool = False
    hint: Problem | None = None

    @property
    def told(self) -> Problem | None:
        """What stands in words under the row: the problem, or else the hint."""
        return self.problem or self.hint


def parameters_text(parameters: int) -> str:
    """Return a number of parameters in words."""
    words = (
        translate("LayerList", "{count} parameter") if parameters == 1 else translate("LayerList", "{count} parameters")
    )
    return words.format(count=numbers.count(parameters))


def _spoken(title: str, detail: str, facts: list[str], problem: Problem | None, hint: Problem | None = None) -> str:
    sentence = ", ".join(part for part in (f"{title} {detail}".strip(), *facts) if part) + "."
    if problem is None and hint is not None:
        words = translate("LayerList", "{row} Warning: {sentence} {remedy}")
        return words.format(row=sentence, sentence=hint.sentence, remedy=hint.remedy)
    return sentence if problem is None else f"{sentence} {problem.sentence} {problem.remedy}"


def input_row(document: Document) -> RowView:
    """Return the first row: the data and the shape of one sample."""
    problem, shape = document.trace.input_problem, shape_text(document.network.input_shape)
    title, detail = translate("LayerList", "Input"), document.data_title
    spoken = _spoken(
        title, detail, [translate("LayerList", "shape {shape}").format(shape=shape), document.data_words], problem
    )
    return RowView(INPUT, -1, title, detail, shape, document.data_words, None, INPUT, "", problem, (), spoken)


def layer_row(document: Document, layer: Layer, position: int) -> RowView:
    """Return the row of the layer at ``position``; its numbers are those of the document's trace."""
    rows = document.trace.rows
    row = rows[position] if position < len(rows) else None
    known = row is not None and row.output_shape is not None
    shape = shape_text(row.output_shape) if row is not None and known else ""
    left = f"→ {shape}" if known else ""
    disabled = layer.disabled
    right = parameters_text(row.parameters) if row is not None and known else ""
    if disabled:
        right = translate("LayerList", "disabled")
    total = document.trace.multiply_adds
    share = row.multiply_adds / total if row is not None and total else 0.0
    problem = row.problem if row is not None else None
    hint = document.hints.get(position)
    mends = tuple(document.mends.get(position, ())) if problem is not None else hint.mends if hint else ()
    # Behind a name of its own the layer's type comes first; it is no setting, and so has no field.
    parts = (((), layer.type_name),) * bool(layer.name) + settings_parts(layer)
    title, detail = layer.name or layer.type_name, BETWEEN.join(word for _, word in parts)
    words = translate("LayerList", "output shape {shape}") if known else translate("LayerList", "output shape unknown")
    facts = [words.format(shape=shape), right]
    told = None if hint is None else hint.words
    spoken = _spoken(title, detail, facts, problem, told)
    paths = tuple(path for path, _ in parts)
    return RowView(
        LAYER,
        position,
        title,
        detail,
        left,
        right,
        share,
        layer.type_name,
        layer.family,
        problem,
        mends,
        spoken,
        paths,
        disabled,
        told,
    )


def loss_row(document: Document) -> RowView:
    """Return the last row: the loss, what the data ask for, and the parameters of the whole network."""
    loss, target, found = document.project.training.loss, document.target, document.trace
    title, detail = translate("LayerList", "Loss"), numbers.setting(loss)
    if target is None:
        left = ""
    elif target.classes:
        left = translate("LayerList", "{count} classes").format(count=numbers.count(target.classes))
    elif target.output_shape == (1,):
        left = translate("LayerList", "one number")
    else:
        left = translate("LayerList", "numbers {shape}").format(shape=shape_text(target.output_shape))
    right = parameters_text(found.parameters)
    end = len(document.network)
    hint = document.hints.get(end)
    mends = tuple(document.mends.get(end, ())) if found.loss_problem is not None else hint.mends if hint else ()
    total = translate("LayerList", "{parameters} in all").format(parameters=right)
    words = hint.words if hint else None
    spoken = _spoken(title, detail, [left, total], found.loss_problem, words)
    return RowView(LOSS, -1, title, detail, left, right, None, LOSS, "", found.loss_problem, mends, spoken, hint=words)
