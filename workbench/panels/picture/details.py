"""What a layer of the drawing is, in words: for the tooltip, and for those who listen instead of looking."""

from __future__ import annotations

import html

from PySide6.QtCore import QCoreApplication

from nncore.drawing import Node
from nncore.layers import Layer
from nncore.network import Network, shape_text
from nncore.trace import Row, Trace
from workbench.editor.summary import BETWEEN, settings_words
from workbench.forms.equation import typeset
from workbench.theme import fonts, numbers

translate = QCoreApplication.translate


def spoken(network: Network, found: Trace, node: Node) -> str:
    """Return a node as a sentence or two."""
    layer, row = _layer(network, found, node)
    if layer is None or row is None:
        facts = [shape_text(network.input_shape)] if node.row == 0 else []
        return ". ".join(part for part in (" ".join((*node.title, *facts)), node.problem) if part)
    place = translate("PicturePanel", "Layer {number} of {count}: {name}").format(
        number=node.row, count=len(network), name=_name(layer)
    )
    return f"{place}, {', '.join(_facts(layer, row))}. {node.problem}".strip()


def tooltip(network: Network, found: Trace, node: Node) -> str:
    """Return a node as rich text: name, equation, shapes and parameters, or what is wrong."""
    layer, row = _layer(network, found, node)
    problem = f"<p>{fonts.strong(html.escape(node.problem))}</p>" if node.problem else ""
    if layer is None or row is None:
        shape = shape_text(network.input_shape) if node.row == 0 else ""
        title = f"{fonts.strong(html.escape(' '.join(node.title)))} {shape}"
        return f"<p>{title}</p>{problem}"
    title = f"{fonts.strong(html.escape(_name(layer)))} {html.escape(BETWEEN.join(settings_words(layer)))}"
    equation = f"<div>{typeset(layer.typeset())}</div>" if layer.equation else ""
    facts = "<br>".join(html.escape(fact) for fact in _facts(layer, row))
    return f"<p>{title}</p>{equation}<p>{facts}</p>{problem}"


def _layer(network: Network, found: Trace, node: Node) -> tuple[Layer | None, Row | None]:
    position = node.row - 1
    if 0 <= position < len(network.layers):
        return network.layers[position], found.rows[position]
    return None, None


def _name(layer: Layer) -> str:
    return f"{layer.name} ({layer.type_name})" if layer.name else layer.type_name


def _facts(layer: Layer, row: Row) -> list[str]:
    if row.output_shape is None:
        return [translate("PicturePanel", "output shape unknown")]
    shapes = translate("PicturePanel", "{before} in, {after} out").format(
        before=shape_text(row.input_shape), after=shape_text(row.output_shape)
    )
    parameters = translate("PicturePanel", "{count} parameters").format(count=numbers.count(row.parameters))
    work = translate("PicturePanel", "{count} multiply-adds for each sample").format(
        count=numbers.count(row.multiply_adds)
    )
    return [shapes, parameters, work]
