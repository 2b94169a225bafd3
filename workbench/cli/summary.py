"""``workbench summary``: the network row by row, with what is wrong with it, or hardly meant so."""

from __future__ import annotations

import argparse
from typing import Any

from nncore.datasets import AUTO, TEXT, describe, load_training_data
from nncore.errors import DataError
from nncore.hints import Hint, hints
from nncore.losses import Problem, Target
from nncore.network import Network, shape_text
from nncore.project_file import Loaded, load_project
from nncore.trace import Trace, trace
from nncore.types import Shape
from workbench.cli.text import complain, show, show_json, table


def run(options: argparse.Namespace) -> int:
    """Print the rows; a network that cannot be trained gets the exit status 2."""
    loaded = load_project(options.project)
    project = loaded.project
    target, data_shape, vocabulary = _asked_for(loaded)
    traced = trace(project.network, project.training.loss, target, data_shape)
    found = hints(project.network, traced, project.training.loss, target, vocabulary)
    if options.json:
        show_json(_as_json(project.network, traced, found))
    else:
        show(_as_table(project.network, traced))
    for problem in traced.problems:
        complain(problem.sentence, problem.remedy)
    names = project.network.names()
    for index, hint in sorted(found.items()):
        place = names[index] if index < len(names) else "loss"
        complain(f"Warning, {place}: {hint.words.sentence}", hint.words.remedy)
    return 2 if traced.problems else 0


def _asked_for(loaded: Loaded) -> tuple[Target | None, Shape | None, int]:
    """Return target, sample shape and size of the vocabulary of the project's data; 0 for data that are not texts.

    Target and shape are None when the data cannot be read.
    """
    chosen = loaded.project.data
    info = describe(chosen.source)
    if info is not None and chosen.task == AUTO and info.target.classes and info.kind != TEXT:
        return info.target, info.input_shape, 0
    try:
        data = load_training_data(
            chosen.source,
            validation_split=loaded.project.training.validation_split,
            target_column=chosen.target_column,
            scaling=chosen.scaling,
            task=chosen.task,
        )
    except DataError as error:
        complain(f"The output is not checked against the data: {error.sentence}", error.remedy)
        return None, None, 0
    return data.target, data.data.input_shape, len(data.data.vocabulary)


def _fixed(network: Network, traced: Trace) -> list[int]:
    """Return for each layer how many of its parameters no gradient changes."""
    return [
        0
        if row.input_shape is None or row.output_shape is None
        else sum(weight.size for weight in layer.weights(row.input_shape) if not weight.trainable)
        for row, layer in zip(traced.rows, network.effective, strict=True)
    ]


def _as_table(network: Network, traced: Trace) -> str:
    rows = [
        [
            str(row.index),
            name,
            f"{layer.type_name} (disabled)" if row.disabled else layer.type_name,
            "error" if row.problem else shape_text(row.output_shape),
            f"{row.parameters:,}",
            f"{row.multiply_adds:,}",
        ]
        for row, name, layer in zip(traced.rows, network.names(), network.layers, strict=True)
    ]
    total = [["", "total", "", "", f"{traced.parameters:,}", f"{traced.multiply_adds:,}"]]
    fixed = sum(_fixed(network, traced))
    if fixed:
        total.append(["", "trainable", "", "", f"{traced.parameters - fixed:,}", ""])
        total.append(["", "not trainable", "", "", f"{fixed:,}", ""])
    body = table(("", "name", "layer", "output", "parameters", "multiply-adds"), rows + total, right={0, 3, 4, 5})
    return f"Input: {shape_text(network.input_shape)}\n{body}"


def _as_json(network: Network, traced: Trace, found: dict[int, Hint]) -> dict[str, Any]:
    fixed = _fixed(network, traced)
    told = {index: _problem_json(hint.words) for index, hint in found.items()}
    return {
        "input_shape": list(network.input_shape),
        "rows": [
            {
                "index": row.index,
                "name": name,
                "type": layer.type_name,
                "disabled": row.disabled,
                "output_shape": None if row.output_shape is None else list(row.output_shape),
                "parameters": row.parameters,
                "trainable_parameters": row.parameters - fixed[row.index],
                "multiply_adds": row.multiply_adds,
                "problem": None if row.problem is None else _problem_json(row.problem),
                "hint": told.get(row.index),
            }
            for row, name, layer in zip(traced.rows, network.names(), network.layers, strict=True)
        ],
        "parameters": traced.parameters,
        "trainable_parameters": traced.parameters - sum(fixed),
        "multiply_adds": traced.multiply_adds,
        "problems": [_problem_json(problem) for problem in traced.problems],
        "hints": [told[index] for index in sorted(told)],
    }


def _problem_json(problem: Problem) -> dict[str, str]:
    return {"sentence": problem.sentence, "remedy": problem.remedy}
