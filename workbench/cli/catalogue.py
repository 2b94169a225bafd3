"""What there is to choose from: presets and data sets, and by way of ``reference`` the layers."""

from __future__ import annotations

import argparse
from typing import Any

from nncore.datasets import DATASETS
from nncore.network import shape_text
from nncore.project import load_preset, preset_names
from nncore.trace import trace
from workbench.cli.reference import layers, layers_reference
from workbench.cli.text import show, show_json, table


def run(options: argparse.Namespace) -> int:
    """List presets, data sets or layers, for people or as JSON."""
    lists = {
        "presets": (presets, _presets_table),
        "datasets": (datasets, _datasets_table),
        "layers": (layers, layers_reference),
    }
    collect, present = lists[options.command]
    if options.json:
        found = collect()
        show_json(found if isinstance(found, dict) else {options.command: found})
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
            "target_shape": list(info.target.shape),
            "samples": info.samples,
            "offline": info.offline,
            "help": info.help,
        }
        for info in DATASETS
    ]


def _presets_table() -> str:
    rows = [[item["name"], item["data"], f"{item['parameters']:,}", item["description"]] for item in presets()]
    return table(("preset", "data", "parameters", "what it shows"), rows, right={2})


def _datasets_table() -> str:
    rows = [
        [
            item["name"],
            item["kind"],
            shape_text(tuple(item["shape"])),
            (str(item["classes"]) if item["classes"] else "numbers") + (" per step" if item["target_shape"] else ""),
            f"{item['samples']:,}",
            "offline" if item["offline"] else "download",
            item["help"],
        ]
        for item in datasets()
    ]
    head = ("data set", "kind", "shape", "classes", "samples", "where", "what it is")
    return table(head, rows, right={2, 3, 4})
