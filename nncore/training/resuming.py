"""Taking a training up again: everything it needs to go on is taken out of it here, and put back here.

Invariant: a training that is taken out between two steps and put back goes on bit by bit as if nothing had happened.
"""

from __future__ import annotations

import contextlib

import numpy as np

from nncore.errors import InputError
from nncore.fields import from_json
from nncore.plan import layout
from nncore.project import TrainingSettings
from nncore.snapshot import Checkpoint
from nncore.training.fingerprint import can_continue, fingerprint
from nncore.training.learner import Learner
from nncore.training.live import Difference, differences, network_differences
from nncore.training.supervisor import Supervisor


def take(learner: Learner, supervisor: Supervisor) -> Checkpoint:
    """Return everything needed to go on from here; only between two steps."""
    data = learner.data.data
    return Checkpoint(
        snapshot=learner.copy_weights(),
        optimizer=learner.updater.state(),
        epoch=learner.epoch,
        position=learner.position,
        sums=tuple(float(value) for value in learner.tally.sums),
        rules=supervisor.state(),
        best=supervisor.best if supervisor.restores else None,
        random_state=learner.rng.bit_generator.state,
        history=learner.history.copy(),
        settings=fingerprint(learner.network, learner.settings, learner.data),
        training=learner.settings.to_json(),
        scaling=learner.data.scaling,
        class_names=data.class_names,
        feature_names=data.feature_names,
        target_name=data.target_name,
        classes=data.target.classes,
        vocabulary=data.vocabulary,
        task=learner.data.task,
    )


def put_back(checkpoint: Checkpoint, learner: Learner, supervisor: Supervisor) -> None:
    """Go on from a checkpoint; raise ``InputError`` when it belongs to another training."""
    networks = checkpoint.snapshot.network, learner.network
    places, known = ([(slot.key, slot.weight.shape) for slot in layout(network)] for network in networks)
    wanted = fingerprint(learner.network, learner.settings, learner.data)
    if places != known or not learner.tally.takes(checkpoint.sums) or not can_continue(checkpoint, wanted):
        raise InputError(
            "The training cannot go on: network, data or settings are not those it was started with.",
            "Undo the changes, or train from the start.",
        )
    np.copyto(learner.plan.parameters, checkpoint.snapshot.parameters)
    learner.updater.restore(checkpoint.optimizer)
    supervisor.restore(checkpoint.rules, checkpoint.best)
    learner.epoch, learner.position = checkpoint.epoch, checkpoint.position
    learner.tally.restore(checkpoint.sums)
    learner.rng.bit_generator.state = checkpoint.random_state
    learner.history = checkpoint.history.copy()
    _note_changes(checkpoint, learner)
    learner.follow_pace()


def _note_changes(checkpoint: Checkpoint, learner: Learner) -> None:
    """Note which live fields were changed since: they act from here on, as if they had been changed on the way."""
    found: list[Difference] = []
    with contextlib.suppress(InputError):  # an older version noted no settings, a newer one those that are unknown here
        then = from_json(TrainingSettings, checkpoint.training).replace(epochs=learner.settings.epochs)
        if type(then.optimizer) is not type(learner.settings.optimizer):
            found.append(Difference("optimizer", then.optimizer.type_name, learner.settings.optimizer.type_name))
        found += differences(then, learner.settings)
    found += network_differences(checkpoint.snapshot.network, learner.network)
    for change in found:
        learner.history.add_change(learner.progress, change.name, change.before, change.after)
