"""What is decided between two epochs: which weights are the best, whether to stop, whether to take smaller steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nncore.callbacks.early_stopping import EarlyStopping
from nncore.callbacks.reduce_lr_on_plateau import ReduceLROnPlateau
from nncore.callbacks.rules import EpochRule, Tracker, measure_words
from nncore.callbacks.stop_at import StopAt
from nncore.errors import InputError
from nncore.optimizers import Updater
from nncore.project import TrainingSettings
from nncore.snapshot import Snapshot


class Supervisor:
    """Follows one training from epoch to epoch.

    Args:
        settings: with the rules.
        measured: names of everything that is measured in an epoch.

    Attributes:
        best: the weights of the best epoch so far, as the early stopping sees it: an epoch that is better by less than
            its ``min_delta``, or comes before its ``start_from_epoch``, is none. None without early stopping, and
            before the first epoch that counts.

    Raises:
        InputError: a rule watches what is not measured.
    """

    def __init__(self, settings: TrainingSettings, measured: Sequence[str]) -> None:
        self._stopping, self._plateau = settings.early_stopping, settings.reduce_lr_on_plateau
        wanted = (self._stopping, self._plateau, settings.stop_at)
        rules: list[EpochRule] = [rule for rule in wanted if rule is not None]
        for rule in rules:
            rule.measured(dict.fromkeys(measured, 0.0))
        self._trackers: dict[str, Tracker] = {rule.type_name: rule.bind() for rule in rules}
        self.best: Snapshot | None = None

    @property
    def restores(self) -> bool:
        """Whether the training ends with the weights of its best epoch."""
        return self._stopping is not None and self._stopping.restore_best_weights

    def after_epoch(self, logs: Mapping[str, float], snapshot: Snapshot, updater: Updater) -> str:
        """Take notice of a finished epoch; return why the training ends now, or nothing when it goes on.

        Args:
            logs: what was measured: loss, metrics, and both again with ``val_``.
            snapshot: the weights after the epoch.
            updater: whose learning rate may be lowered.
        """
        note = ""
        for tracker in self._trackers.values():
            watched = tracker.rest == 0
            due = tracker.is_due(logs)
            if isinstance(tracker.rule, EarlyStopping):
                if tracker.progress or (self.best is None and watched):
                    self.best = snapshot
                if due:
                    epochs = f"{tracker.patience} epochs" if tracker.patience > 1 else "1 epoch"
                    note = f"Stopped early: the {measure_words(tracker.rule.monitor)} has not improved for {epochs}"
            elif due and isinstance(tracker.rule, StopAt):
                note = tracker.rule.words(logs, round(snapshot.epoch))
            elif due and isinstance(tracker.rule, ReduceLROnPlateau):
                rate = updater.rate
                if rate > 0:  # a warm-up begins at 0
                    updater.rate_factor *= tracker.rule.reduced(rate) / rate
        return note

    def state(self) -> dict[str, dict[str, float]]:
        """Return what must be kept to go on exactly like this."""
        trackers = {name: tracker.state() for name, tracker in self._trackers.items()}
        if self.best is None or not self.restores:
            return trackers
        return {**trackers, "best": {"step": self.best.step, "epoch": self.best.epoch}}

    def restore(self, state: Mapping[str, Mapping[str, float]], best: Snapshot | None) -> None:
        """Take over what ``state`` returned; raise ``InputError`` when it cannot be read."""
        try:
            for name, tracker in self._trackers.items():
                if name in state:
                    tracker.restore(state[name])
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise InputError("What the rules of the training remember is damaged.", "Train from the start.") from error
        self.best = best
