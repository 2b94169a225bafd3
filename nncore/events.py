"""What a session tells, and what it can be asked: two closed sets of frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from nncore.network import Network
from nncore.optimizers import Optimizer
from nncore.project import TrainingSettings

# --- Told by a session ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """Training begins, or goes on, after ``first_epoch`` finished epochs."""

    first_epoch: int
    epochs: int
    steps_per_epoch: int
    parameters: int


@dataclass(frozen=True, slots=True)
class StepDone:
    """One batch was learned; ``loss`` is that of the batch before the step. ``epoch`` counts from 1."""

    step: int
    epoch: int
    loss: float


@dataclass(frozen=True, slots=True)
class EpochDone:
    """One pass through the training data ended; ``logs`` has ``loss``, the metrics, and both again with ``val_``.

    ``last`` tells that no other epoch follows.
    """

    epoch: int
    logs: Mapping[str, float]
    last: bool = False


@dataclass(frozen=True, slots=True)
class Paused:
    """Training waits; asking for the next event waits with it until a request comes."""

    step: int


@dataclass(frozen=True, slots=True)
class Finished:
    """Training is over: all epochs are done, or it was ``stopped`` by a request.

    ``note`` is a sentence when there is more to say: that a rule ended it, that the best weights are back.
    """

    stopped: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The loss or the weights are no longer finite; the last good weights, of step ``kept_step``, are back in place."""

    sentence: str
    remedy: str
    kept_step: int


Event: TypeAlias = Started | StepDone | EpochDone | Paused | Finished | Failed


# --- Asked of a session -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait before the next step."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End before the next step, and keep what was learned."""


@dataclass(frozen=True, slots=True)
class StepOnce:
    """Learn one batch and wait again."""


@dataclass(frozen=True, slots=True)
class FinishEpoch:
    """Learn to the end of the epoch and wait again."""


@dataclass(frozen=True, slots=True)
class TakeSnapshot:
    """Copy the weights into ``session.snapshot``."""


@dataclass(frozen=True, slots=True)
class ChangeOptimizer:
    """Take over the live fields of an optimizer of the same type."""

    optimizer: Optimizer


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """Take over the live fields of the settings, those of the optimizer included, but for the number of epochs.

    Another batch size counts from the next step on.
    """

    settings: TrainingSettings


@dataclass(frozen=True, slots=True)
class ChangeNetwork:
    """Take over the live fields of the layers; a network with other layers in a row changes nothing."""

    network: Network


@dataclass(frozen=True, slots=True)
class ChangeEpochs:
    """End after so many epochs, counted from the first of all; an epoch that has begun is finished."""

    epochs: int


Change: TypeAlias = ChangeOptimizer | ChangeSettings | ChangeNetwork | ChangeEpochs
Request: TypeAlias = Pause | Resume | Stop | StepOnce | FinishEpoch | TakeSnapshot | Change
