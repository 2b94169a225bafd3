"""The project file ``.nnw``: description, weights and history in one zip.

``project.json`` holds the format number and the project; ``weights.safetensors`` the weights by Keras's names;
``history.npz`` the course of the training. ``training.safetensors`` and the ``checkpoint`` part of ``project.json``
hold what a training needs to go on bit by bit; where it is to end with the weights of its best epoch,
``best.safetensors`` holds them. A project that was never trained has ``project.json`` only.

Readers accept every older format, through ``_MIGRATIONS``, and refuse a newer one. Sizes are checked before memory is
taken for them, against what the network that is described needs; nothing is unpickled, and nothing is unpacked to disk.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nncore.datasets.base import AUTO, TASKS, Scaling
from nncore.datasets.text import PADDING, UNKNOWN
from nncore.errors import InputError
from nncore.fields import Json
from nncore.history import History
from nncore.network import Network
from nncore.optimizers import Optimizer, OptimizerState
from nncore.plan import layout, tensors, trainable_size
from nncore.project import Project, load_preset, preset_names
from nncore.registry import did_you_mean
from nncore.snapshot import Checkpoint, Snapshot
from nncore.storage import project_limits as limits
from nncore.storage.archives import DAMAGE, DamagedError, Heed, check_part, open_archive, read_series
from nncore.storage.files import atomic_write, reason
from nncore.storage.tensor_parts import PIECE, read_tensors, write_tensors
from nncore.trace import trace
from nncore.training import changes
from nncore.types import FLOAT32, Array, Shape

FORMAT = 1
_MIGRATIONS: dict[int, Callable[[dict[str, Json]], dict[str, Json]]] = {}  # from format n to n + 1
_REMEDY = "Open another copy of the file, or start with a new project."


@dataclass(frozen=True, eq=False)
class Loaded:
    """What a project file or a preset holds; ``checkpoint`` is None when it was never trained."""

    project: Project
    checkpoint: Checkpoint | None


def save_project(path: Path, project: Project, checkpoint: Checkpoint | None) -> None:
    """Write a project file atomically; raise ``InputError`` when the folder does not allow it."""
    description: dict[str, Json] = {"format": FORMAT, **project.to_json()}
    if checkpoint is not None:
        description["checkpoint"] = _describe(checkpoint)
    # Stored, not packed: weights hardly shrink, and packing five million of them would take seconds.
    with atomic_write(path) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        text = json.dumps(description, indent=1, ensure_ascii=False)
        # A file name that is not in the system's encoding has signs that UTF-8 does not know; JSON can escape them.
        archive.writestr("project.json", text.encode("utf-8", "backslashreplace"))
        if checkpoint is not None:
            snapshot = checkpoint.snapshot
            write_tensors(archive, "weights.safetensors", tensors(snapshot.network, snapshot.parameters))
            if checkpoint.best is not None:
                write_tensors(archive, "best.safetensors", tensors(snapshot.network, checkpoint.best.parameters))
            if checkpoint.optimizer.slots:
                write_tensors(archive, "training.safetensors", checkpoint.optimizer.slots)
            buffer = io.BytesIO()
            np.savez(buffer, allow_pickle=False, **checkpoint.history.arrays())
            archive.writestr("history.npz", buffer.getvalue())


def load_project(name_or_path: str, heed: Heed | None = None) -> Loaded:
    """Return a preset by its name, or what a ``.nnw`` file holds; raise ``InputError`` when there is neither."""
    if name_or_path in preset_names():
        return Loaded(load_preset(name_or_path), None)
    path = Path(name_or_path)
    if path.suffix.lower() != ".nnw" and not os.path.exists(path):  # noqa: PTH110  # unlike Path's, it never raises
        raise InputError(
            f'There is no preset and no file called "{name_or_path}".',
            did_you_mean(name_or_path, preset_names(), f"The presets are: {', '.join(preset_names())}."),
        )
    return load_file(path, heed)


def load_file(path: Path, heed: Heed | None = None) -> Loaded:
    """Return what a ``.nnw`` file holds.

    Args:
        path: of the file.
        heed: follows the reading, and may end it by what it raises.

    Raises:
        InputError: missing, not a project file, damaged, of a newer format, or describing what cannot be.
    """
    try:
        with open_archive(path, heed) as archive:
            data = _read_description(archive, path)
            project = Project.from_json({key: data[key] for key in data if key not in ("format", "checkpoint")})
            stored = data.get("checkpoint")
            checkpoint = None if stored is None else _read_checkpoint(archive, path, stored)
    except InputError as error:
        if str(path) in error.sentence:
            raise
        raise InputError(f"{path} cannot be opened. {error.sentence}", error.remedy) from error
    except FileNotFoundError as error:
        raise InputError(f"There is no file {path}.", "Check the name and the folder.") from error
    except IsADirectoryError as error:
        raise InputError(f"{path} is a folder, not a project file.", "Choose a file that ends in .nnw.") from error
    except DamagedError as error:
        raise InputError(f"{path} is not a project file: {error}.", _REMEDY) from error
    except DAMAGE as error:
        if isinstance(error, OSError) and error.strerror:
            raise InputError(
                f"{path} cannot be read: {reason(error)}.", "Check the file and its permissions."
            ) from error
        raise InputError(f"{path} is not a project file, or it is damaged.", _REMEDY) from error
    return Loaded(project, checkpoint)


def _describe(checkpoint: Checkpoint) -> dict[str, Json]:
    return {
        "network": checkpoint.snapshot.network.to_json(),
        "step": checkpoint.snapshot.step,
        "optimizer": checkpoint.optimizer.type_name,
        "iterations": checkpoint.optimizer.iterations,
        "epoch": checkpoint.epoch,
        "position": checkpoint.position,
        "sums": list(checkpoint.sums),
        "rules": {name: dict(state) for name, state in checkpoint.rules.items()},
        "rate_factor": checkpoint.optimizer.rate_factor,
        "random_state": checkpoint.random_state,
        "metric": checkpoint.history.metric,
        "changes": [change.to_json() for change in checkpoint.history.changes],
        "settings": checkpoint.settings,
        "training": checkpoint.training,
        "scaling": checkpoint.scaling.to_json(),
        "class_names": list(checkpoint.class_names),
        "feature_names": list(checkpoint.feature_names),
        "target_name": checkpoint.target_name,
        "classes": checkpoint.classes,
        "vocabulary": list(checkpoint.vocabulary),
        "task": checkpoint.task,
    }


def _read_part(archive: zipfile.ZipFile, path: Path, name: str, limit: int) -> bytearray:
    try:
        info = archive.getinfo(name)
    except KeyError as error:
        raise InputError(f"{path} has no part {name}, so it is not a complete project file.", _REMEDY) from error
    if info.file_size > limit:
        raise InputError(
            f"The part {name} of {path} would need {info.file_size:,} bytes; at most {limit:,} are read.", _REMEDY
        )
    try:
        check_part(info)
        with archive.open(info) as stream:
            raw = bytearray()
            while piece := stream.read(PIECE):  # joining large ones would hold up every other thread
                raw += piece
            return raw
    except DamagedError as error:
        raise InputError(f"The part {name} of {path} is not what it should be: {error}.", _REMEDY) from error
    except DAMAGE as error:
        raise InputError(f"The part {name} of {path} is damaged.", _REMEDY) from error


def _read_description(archive: zipfile.ZipFile, path: Path) -> dict[str, Json]:
    raw = _read_part(archive, path, "project.json", limits.DESCRIPTION)
    try:
        data = json.loads(raw)
    except RecursionError as error:
        raise limits.nested_too_deeply(_REMEDY) from error
    except ValueError as error:
        raise InputError(f"The description in {path} is damaged: it is not JSON.", _REMEDY) from error
    number = data.get("format") if isinstance(data, dict) else None
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise InputError(f"{path} does not say its format number.", _REMEDY)
    if number > FORMAT:
        raise InputError(
            f"{path} has the format {number}, but this version reads formats up to {FORMAT}.",
            "Update the workbench to open it.",
        )
    for old in range(number, FORMAT):
        data = _MIGRATIONS[old](data)
    limits.check_extent(data, _REMEDY)
    described: dict[str, Json] = data
    return described


def _read_checkpoint(archive: zipfile.ZipFile, path: Path, stored: Json) -> Checkpoint:
    try:
        network = Network.from_json(stored["network"])
        samples = max(1, int(stored["settings"]["samples"]))
        step, epoch, iterations = (_count(stored, key) for key in ("step", "epoch", "iterations"))
        position = _count(stored, "position", samples)
        classes = _count(stored, "classes")
        trace(network).require()
        # What the network needs is known before any of it is read: more is not taken in.
        room = limits.weights_room(network.count_params())
        parameters = _read_weights(_read_part(archive, path, "weights.safetensors", room), path, network)
        slots: dict[str, Array] = {}
        if "training.safetensors" in archive.namelist():
            room = limits.memory_room(trainable_size(layout(network)))
            slots = _read_tensors(_read_part(archive, path, "training.safetensors", room), path)
        optimizer = OptimizerState(str(stored["optimizer"]), slots, iterations, _rate_factor(stored))
        _check_optimizer(path, optimizer, trainable_size(layout(network)))
        rules = {str(name): dict(state) for name, state in stored.get("rules", {}).items()}
        limit = limits.history_room(step, epoch)
        history = _read_history(_read_part(archive, path, "history.npz", limit), path, str(stored["metric"]), limit)
        history.changes = changes.read(stored.get("changes", []), step, epoch + 1)
        scaling = Scaling.from_json(stored["scaling"])
        if not scaling.fits(network.input_shape):
            raise ValueError("the scaling is for another number of features")
        return Checkpoint(
            snapshot=Snapshot.of(network, parameters, step, epoch + position / samples),
            optimizer=optimizer,
            epoch=epoch,
            position=position,
            sums=tuple(float(value) for value in stored["sums"]),
            random_state=_check_random_state(stored["random_state"]),
            history=history,
            settings=dict(stored["settings"]),
            training=dict(stored.get("training", {})),
            rules=rules,
            best=_read_best(archive, path, network, rules),
            scaling=scaling,
            class_names=_names(stored, "class_names", classes),
            feature_names=_names(stored, "feature_names", network.input_shape[-1] if network.input_shape else 1),
            target_name=str(stored["target_name"]),
            classes=classes,
            vocabulary=_vocabulary(stored),
            task=_task(stored),
        )
    except InputError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        # What Python says of a wrong type is of no use to the reader of the sentence.
        what = f"{error}" if isinstance(error, ValueError) else "a part is missing or is not what it should be"
        raise InputError(f"The training state in {path} is damaged: {what}.", _REMEDY) from error


def _names(stored: Json, key: str, count: int) -> tuple[str, ...]:
    """Return names for ``count`` things, or none."""
    names = tuple(str(name) for name in stored[key])
    if len(names) not in (0, count):
        raise ValueError(f"{key} has {len(names):,} entries instead of {count:,}")
    return names


def _count(stored: Json, key: str, largest: int = 2**53) -> int:
    number = int(stored[key])
    if not 0 <= number <= largest:
        raise ValueError(f"{key} is {number}")
    return number


def _vocabulary(stored: Json) -> tuple[str, ...]:
    """Return the vocabulary: single characters, or words with an entry for unknown ones."""
    words = tuple(str(word) for word in stored.get("vocabulary", ()))
    if len(set(words)) < len(words):
        raise ValueError("the vocabulary has a word twice")
    if any(len(word) != 1 for word in words) and words[:2] != (PADDING, UNKNOWN):
        raise ValueError("the vocabulary has no place for unknown words")
    return words


def _task(stored: Json) -> str:
    task = str(stored.get("task", AUTO))
    if task not in TASKS:
        raise ValueError(f"there is no task {task[:40]}")
    return task


def _rate_factor(stored: Json) -> float:
    factor = float(stored.get("rate_factor", 1.0))
    if not 0 < factor <= 1:
        raise ValueError(f"rate_factor is {factor:g}")
    return factor


def _check_optimizer(path: Path, state: OptimizerState, size: int) -> None:
    """Refuse a memory that its optimizer could not take over.

    Settings of the optimizer may have changed since, and with them what it remembers: such a memory fits no more, but
    the weights do, so only what every optimizer of this type remembers must be there.

    Args:
        path: of the file, for the message.
        state: what was found.
        size: number of trainable parameters.
    """
    known: type[Optimizer] = Optimizer.registry.get(state.type_name)
    for name in {*known.suggested().memory(), *state.slots}:
        _require(path, f"optimizer.{name}", state.slots.get(name), (size,))


def _read_best(archive: zipfile.ZipFile, path: Path, network: Network, rules: Mapping[str, Any]) -> Snapshot | None:
    """Return the weights of the best epoch, None where the file keeps none."""
    if "best.safetensors" not in archive.namelist():
        return None
    told = rules.get("best", {})
    if not told.keys() >= {"step", "epoch"}:
        raise ValueError("it does not say which epoch was the best")
    epoch = float(told["epoch"])
    if not 0 <= epoch <= 2**53:
        raise ValueError(f"the best epoch is {epoch:g}")
    room = limits.weights_room(network.count_params())
    weights = _read_weights(_read_part(archive, path, "best.safetensors", room), path, network)
    if not np.isfinite(weights).all():
        raise ValueError("the weights of the best epoch are no finite numbers")
    return Snapshot.of(network, weights, _count(told, "step"), epoch)


def _check_random_state(state: Mapping[str, Any]) -> dict[str, Any]:
    np.random.default_rng(0).bit_generator.state = state  # raises ValueError, TypeError or KeyError when it is none
    return dict(state)


def _read_weights(raw: bytearray, path: Path, network: Network) -> Array:
    """Return the flat parameters; every tensor must be there with the shape that the network asks for."""
    stored = _read_tensors(raw, path)
    slots = layout(network)
    flat = np.empty(sum(slot.weight.size for slot in slots), FLOAT32)
    for slot in slots:
        slot.view(flat)[...] = _require(path, slot.key, stored.get(slot.key), slot.weight.shape)
    return flat


def _require(path: Path, name: str, found: Array | None, needed: Shape) -> Array:
    if found is None:
        raise InputError(f"{path} has no weights called {name}.", _REMEDY)
    if found.shape != needed:
        raise InputError(
            f"The weights {name} in {path} have the shape {found.shape}, but the network needs {needed}.", _REMEDY
        )
    if not np.issubdtype(found.dtype, np.floating):
        raise InputError(f"The weights {name} in {path} are {found.dtype}, not floating point numbers.", _REMEDY)
    return found


def _read_history(raw: bytearray, path: Path, metric: str, limit: int) -> History:
    try:
        return History.from_arrays(metric, read_series(raw, limit))
    except (KeyError, ValueError, OverflowError) as error:
        raise InputError(f"The history in {path} is damaged.", _REMEDY) from error


def _read_tensors(raw: bytearray, path: Path) -> dict[str, Array]:
    try:
        return read_tensors(raw)
    except DamagedError as error:
        raise InputError(f"The weights in {path} are damaged.", _REMEDY) from error
