"""Files that the first version wrote: a training that is in one goes on as if nothing had happened.

The files in ``older_files`` hold trainings that were stopped half way; the arrays beside them are the weights that the
first version came to when it was not stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.datasets import load_training_data
from nncore.datasets.base import TrainingData
from nncore.losses import BinaryCrossentropy
from nncore.project_file import Loaded, load_project
from nncore.session import Session, start_or_continue
from nncore.snapshot import Checkpoint
from nncore.training.fingerprint import can_continue, changes
from tests.nncore.examples import class_data, class_network, class_settings, finish, run_until, same_course, session

FOLDER = Path(__file__).parent / "older_files"


def opened(name: str) -> tuple[Loaded, Checkpoint, TrainingData]:
    """Return an old file and its data."""
    loaded = load_project(str(FOLDER / f"{name}.nnw"))
    assert loaded.checkpoint is not None
    settings = loaded.project.training
    data = load_training_data(loaded.project.data.source, validation_split=settings.validation_split)
    return loaded, loaded.checkpoint, data


@pytest.mark.parametrize(("name", "step", "epoch"), [("binary", 9, 1), ("several", 6, 1)])
def test_that_an_old_training_goes_on_to_the_weights_that_it_would_have_had(name: str, step: int, epoch: int) -> None:
    loaded, checkpoint, data = opened(name)
    network, settings = loaded.project.network, loaded.project.training
    assert "class_weight" not in checkpoint.settings
    assert "task" not in checkpoint.settings
    trained = start_or_continue(network, settings, data, checkpoint)
    assert changes(checkpoint, trained.fingerprint()) == []
    assert (trained.step, int(trained.epoch)) == (step, epoch)
    assert trained.settings.epochs == settings.epochs
    finish(trained)
    np.testing.assert_allclose(trained.parameters, np.load(FOLDER / f"{name}.npy"), rtol=1e-4, atol=1e-6)
    again = Session(network, settings, data)
    finish(again)
    np.testing.assert_allclose(trained.parameters, again.parameters, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("seed", lambda training: training.replace(seed=1)),
        ("class_weight", lambda training: training.replace(class_weight="balanced")),
        ("loss", lambda training: training.replace(loss=BinaryCrossentropy(label_smoothing=0.1))),
        ("metric", lambda training: training.replace(metric="auc")),
        ("shuffle", lambda training: training.replace(shuffle=False)),
    ],
)
def test_that_a_change_of_an_old_training_is_still_seen(name: str, change: Callable[[Any], Any]) -> None:
    loaded, checkpoint, data = opened("binary")
    fresh = start_or_continue(loaded.project.network, change(loaded.project.training), data, checkpoint)
    assert fresh.step == 0
    assert changes(checkpoint, fresh.fingerprint()) == [name]


def shortened(settings: dict[str, Any]) -> None:
    for layer in settings["network"]["layers"]:
        layer.pop("kernel_regularizer", None)
        layer.pop("bias_regularizer", None)


def spelled_out(settings: dict[str, Any]) -> None:
    for layer in settings["network"]["layers"]:
        if "kernel_initializer" in layer:
            layer["kernel_initializer"] = {"type": "glorot_uniform"}
    settings["loss"] = {**settings["loss"], "from_logits": False}


FORMS = {
    "as it is": lambda _: None,
    "without fields that were added": shortened,
    "with fields that are hidden now": spelled_out,
    "without settings that were added": lambda settings: [settings.pop(name) for name in ("class_weight", "task")],
    "without the range of pixels": lambda settings: settings["scaling"].pop("pixel_max"),
}


@pytest.mark.parametrize("form", FORMS)
def test_that_what_was_written_in_another_form_is_the_same_training(form: str) -> None:
    checkpoint = run_until(session(), 10)
    settings: dict[str, Any] = dict(checkpoint.settings)
    FORMS[form](settings)
    older = replace(checkpoint, settings=settings)
    again = Session(class_network(), class_settings(), class_data(), checkpoint=older)
    finish(again)
    whole = session()
    finish(whole)
    same_course(whole, again)


@pytest.mark.parametrize("value", [None, 3, [], {}, {"type": "none such"}, {"layers": 5}])
@pytest.mark.parametrize("name", ["network", "loss", "scaling", "seed", "metric"])
def test_that_nonsense_in_the_settings_of_a_checkpoint_means_another_training(name: str, value: Any) -> None:
    checkpoint = run_until(session(), 10)
    damaged = replace(checkpoint, settings={**checkpoint.settings, name: value})
    assert not can_continue(damaged, session().fingerprint())
    assert start_or_continue(class_network(), class_settings(), class_data(), damaged).step == 0
