"""``workbench train``: settings from the command line, a training, its result."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from nncore.datasets import describe
from nncore.errors import FieldError, InputError
from nncore.events import Failed, Finished
from nncore.fields import Declared
from nncore.metrics import METRICS
from nncore.project import Project
from nncore.project_file import load_project
from workbench.cli.learning import Interruption, Job, begin, learn, measured
from workbench.cli.progress import view_for
from workbench.cli.saving import require_writable, save_somewhere
from workbench.cli.text import counted, measure, say, show, show_json, table


def run(options: argparse.Namespace) -> int:
    """Train, and keep and print what came of it; the status is 130 after an interruption."""
    loaded = load_project(options.project)
    job = begin(loaded, _changed(loaded.project, options))
    folder = None if options.output is None else Path(options.output).expanduser()
    if folder is not None:
        require_writable(folder)
    if job.note:
        say(job.note)
    with Interruption() as interruption:
        last = learn(job, view_for(job), interruption)
        if folder is not None:
            folder = save_somewhere(folder, job)
        if isinstance(last, Failed):
            say(_saved(folder))
            raise InputError(last.sentence, last.remedy)
        result = measured(job)
    interrupted = isinstance(last, Finished) and last.stopped
    if isinstance(last, Finished) and last.note:
        say(last.note)
    if interrupted:
        say(f"Stopped after {counted(result['steps'], 'step')}, as you asked.")
    say(_saved(folder))
    if options.json:
        show_json(result)
    else:
        show(describe_result(job, result))
    return 130 if interrupted else 0


def describe_result(job: Job, result: dict[str, Any]) -> str:
    """Return what a training came to as a small table."""
    names = list(result["train"])
    parts = {"training": result["train"], "validation": result["validation"], "test": result["test"]}
    rows = [[word, *(measure(name, part[name]) for name in names)] for word, part in parts.items() if part]
    for word, rules in result["baselines"].items():
        for rule, reached in rules.items():
            known = {_plain_name(name): value for name, value in reached.items()}
            cells = [measure(name, known[_plain_name(name)]) if _plain_name(name) in known else "" for name in names]
            if any(cells):
                rows.append([f"{word}, {rule.replace('_', ' ')}", *cells])
    counts = (counted(result[f"{noun}s"], noun) for noun in ("epoch", "step", "parameter"))
    total = f"{', '.join(counts)}, {job.seconds:.1f} s, {job.samples_per_second:,.0f} samples/s, seed {result['seed']}"
    return f"{table(('', *names), rows, right=range(1, len(names) + 1))}\n{total}"


def _plain_name(measured: str) -> str:
    """Return the name under which a metric is registered, whichever of its names is given."""
    return METRICS.get(measured).type_name if measured in METRICS else measured


def _saved(folder: Path | None) -> str:
    if folder is None:
        return "The weights are not kept; --output DIR would save them."
    return f"Saved: {folder / 'project.nnw'} and {folder / 'history.csv'}"


def _changed(project: Project, options: argparse.Namespace) -> Project:
    """Return the project with what the options ask for."""
    data, training = project.data, project.training
    if options.data is not None:
        data = data.replace(source=place(options.data), target_column=None, test_source=None)
    if options.target is not None:
        data = data.replace(target_column=options.target)
    if options.test is not None:
        data = data.replace(test_source=place(options.test))
    for name in ("epochs", "batch_size", "seed"):
        given = getattr(options, name)
        if given is not None:
            training = training.replace(**{name: _checked(training, name, given)})
    if options.learning_rate is not None:
        rate = _checked(training.optimizer, "learning_rate", options.learning_rate)
        training = training.replace(optimizer=training.optimizer.replace(learning_rate=rate))
    return project.replace(data=data, training=training)


def place(source: str) -> str:
    """Return a source as a project keeps it: files with their whole path, so that they are found from anywhere."""
    path = Path(source).expanduser()
    if not source:  # the empty path would be the present folder
        return source
    return str(path.absolute()) if describe(source) is None and path.exists() else source


def _checked(declared: Declared, name: str, given: str) -> Any:
    """Return the value that an option gives to a field; the field's own rule decides."""
    field = declared.field(name)
    value: int | float | str = given
    for number in (int, float):
        try:
            value = number(given)
        except ValueError:
            continue
        break
    try:
        return field.check(value)
    except FieldError as error:
        option = f"--{name.replace('_', '-')}"
        raise InputError(f"{option} must be {field.describe()}, but is {given}.", error.remedy) from error
