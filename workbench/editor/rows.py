"""What the rows of the network's list say, as plain values without Qt's models.

The list shows the input, every layer, and the loss. Numbers of rows in the list are therefore one above the
positions of layers in the network.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from nncore.editing.mends import Mend
from nncore.layers import Layer
from nncore.losses import Problem, Target
from nncore.network import shape_text
from nncore.types import Shape
from workbench.document import Document
from workbench.editor.count_words import count_words
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
        parameters: what ``right`` tells in the longest words; None where it tells something else.
        facts: what else is spoken of a row, one by one.
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
    parameters: int | None = None
    facts: tuple[str, ...] = ()

    @property
    def told(self) -> Problem | None:
        """What stands in words under the row: the problem, or else the hint."""
        return self.problem or self.hint


def _spoken(title: str, detail: str, facts: list[str], problem: Problem | None, hint: Problem | None = None) -> str:
    sentence = ", ".join(part for part in (f"{title} {detail}".strip(), *facts) if part) + "."
    if problem is None and hint is not None:
        words = translate("LayerList", "{row} Warning: {sentence} {remedy}")
        return words.format(row=sentence, sentence=hint.sentence, remedy=hint.remedy)
    return sentence if problem is None else f"{sentence} {problem.sentence} {problem.remedy}"


def input_row(document: Document) -> RowView:
    """Return the first row: the data and the shape of one sample."""
    problem, shape = document.trace.input_problem, input_words(document)
    title, detail, words = translate("LayerList", "Input"), document.data_title, document.data_words
    known = shape
    if len(document.network.input_shape) > 1 and shape:
        known = translate("LayerList", "shape {shape}").format(shape=shape)
    spoken = _spoken(title, detail, [known, words], problem)
    said = tuple(filter(None, (known, words)))
    return RowView(INPUT, -1, title, detail, shape, words, None, INPUT, "", problem, (), spoken, facts=said)


def input_words(document: Document) -> str:
    """Return what one sample is: ``28 × 28``, ``13 inputs``, ``16 words``; nothing where the data cannot be read."""
    shape, read = document.network.input_shape, document.data_shape
    if read is None and document.trace.input_problem is not None:
        return ""  # what the network had before says nothing of them
    if document.data_sample and read == shape:
        return document.data_sample
    if len(shape) != 1:
        return shape_text(shape)
    words = translate("LayerList", "{count} input") if shape == (1,) else translate("LayerList", "{count} inputs")
    return words.format(count=numbers.count(shape[0]))


def layer_row(document: Document, layer: Layer, position: int) -> RowView:
    """Return the row of the layer at ``position``; its numbers are those of the document's trace."""
    rows = document.trace.rows
    row = rows[position] if position < len(rows) else None
    known = row is not None and row.output_shape is not None
    shape = shape_text(row.output_shape) if row is not None and known else ""
    disabled = layer.disabled
    parameters = row.parameters if row is not None and known and not disabled else None
    right = translate("LayerList", "disabled") if disabled else ""
    if parameters is not None:
        right = count_words(parameters)
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
        output_words(row.output_shape) if row is not None else "",
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
        parameters,
        tuple(filter(None, facts)),
    )


def output_words(shape: Shape | None) -> str:
    """Return what stands at the left of a layer's second line; nothing where its output is not known."""
    return "" if shape is None else f"→ {shape_text(shape)}"


def target_words(target: Target | None) -> str:
    """Return what stands at the left of the loss: what the data ask for; nothing where that is not known."""
    if target is None:
        return ""
    if target.classes:
        return translate("LayerList", "{count} classes").format(count=numbers.count(target.classes))
    if target.output_shape == (1,):
        return translate("LayerList", "one number")
    return translate("LayerList", "numbers {shape}").format(shape=shape_text(target.output_shape))


def loss_row(document: Document) -> RowView:
    """Return the last row: the loss, what the data ask for, and the parameters of the whole network."""
    loss, found = document.project.training.loss, document.trace
    title, detail, left = translate("LayerList", "Loss"), numbers.setting(loss), target_words(document.target)
    right = count_words(found.parameters)
    end = len(document.network)
    hint = document.hints.get(end)
    mends = tuple(document.mends.get(end, ())) if found.loss_problem is not None else hint.mends if hint else ()
    total = translate("LayerList", "{parameters} in all").format(parameters=right)
    words = hint.words if hint else None
    spoken = _spoken(title, detail, [left, total], found.loss_problem, words)
    row = (title, detail, left, right, None, LOSS, "", found.loss_problem, mends, spoken)
    said = tuple(filter(None, (left, total)))
    return RowView(LOSS, -1, *row, hint=words, parameters=found.parameters, facts=said)


def counted(document: Document) -> set[tuple[str, str, int]]:
    """Return kind, words at the left and number of parameters of the rows that tell one; each only once."""
    known = [row for row in document.trace.rows if row.output_shape is not None and not row.disabled]
    lines = {(row.output_shape, row.parameters) for row in known}
    rows = {(LAYER, output_words(shape), parameters) for shape, parameters in lines}
    return rows | {(LOSS, target_words(document.target), document.trace.parameters)}
