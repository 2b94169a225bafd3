"""What there is to choose from: presets, data sets, layers. Everything is read from the declarations themselves."""

from __future__ import annotations

import argparse
from typing import Any

from nncore.datasets import DATASETS
from nncore.fields import Field
from nncore.layers.base import LAYERS, Layer
from nncore.network import shape_text, trace
from nncore.project import load_preset, preset_names
from workbench.cli.text import show, show_json, table


def run(options: argparse.Namespace) -> int:
    """List presets, data sets or layers, for people or as JSON."""
    lists = {
        "presets": (presets, _presets_table),
        "datasets": (datasets, _datasets_table),
        "layers": (layers, _layers_reference),
    }
    collect, present = lists[options.command]
    if options.json:
        show_json({options.command: collect()})
    else:
        show(present())
    return 0


def presets() -> list[dict[str, Any]]:
    """Return what is known of each ready project, as JSON data."""
    return [
        {
            "name": project.name,
            "title": project.title,
            "description": project.description,
            "data": project.data.source,
            "input_shape": list(project.network.input_shape),
            "layers": len(project.network),
            "parameters": trace(project.network).parameters,
            "epochs": project.training.epochs,
        }
        for project in map(load_preset, preset_names())
    ]


def datasets() -> list[dict[str, Any]]:
    """Return what is known of each built-in data set before it is loaded, as JSON data."""
    return [
        {
            "name": info.name,
            "title": info.title,
            "kind": info.kind,
            "shape": list(info.input_shape),
            "classes": info.target.classes,
            "samples": info.samples,
            "offline": info.offline,
            "help": info.help,
        }
        for info in DATASETS
    ]


def layers() -> list[dict[str, Any]]:
    """Return the reference of every layer, as JSON data."""
    return [
        {
            "name": name,
            "family": layer.family,
            "help": layer.help(),
            "equation": layer.equation,
            "fields": [field.reference() for field in layer.fields()],
        }
        for name, layer in LAYERS.items()
    ]


def _presets_table() -> str:
    rows = [[item["name"], item["data"], f"{item['parameters']:,}", item["description"]] for item in presets()]
    return table(("preset", "data", "parameters", "what it shows"), rows, right={2})


def _datasets_table() -> str:
    rows = [
        [
            item["name"],
            shape_text(tuple(item["shape"])),
            str(item["classes"] or "numbers"),
            f"{item['samples']:,}",
            "offline" if item["offline"] else "download",
            item["help"],
        ]
        for item in datasets()
    ]
    return table(("data set", "shape", "classes", "samples", "where", "what it is"), rows, right={1, 2, 3})


def _layers_reference() -> str:
    return "\n\n".join(_layer_reference(layer) for layer in LAYERS)


def _layer_reference(layer: type[Layer]) -> str:
    title = f"{layer.type_name}: {layer.help()}" + (f"  {layer.equation}" if layer.equation else "")
    shown = [field for field in layer.fields() if not field.rule.hidden]
    width = max((len(field.name) for field in shown), default=0)
    return "\n".join([title, *(f"  {field.name:{width}}  {_field_reference(field)}" for field in shown)])


def _field_reference(field: Field) -> str:
    default = "required" if field.required else f"default {field.to_json(field.default)}"
    return f"{field.describe()}; {default}. {field.rule.help}"
