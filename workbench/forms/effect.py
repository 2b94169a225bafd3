"""When a change of a setting acts: at once in a training under way, or from the next start on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from nncore.fields import Declared, Field


@dataclass(frozen=True)
class Effect:
    """What a training was started with, and whether it is under way.

    Attributes:
        running: a training is under way, learning or waiting.
        started: the declaration as it was when the training began; None if it had no such part.
    """

    running: bool
    started: Declared | None

    def within(self, field: Field) -> Effect:
        """Return the effect for the declaration that a field holds."""
        inner = getattr(self.started, field.name, None)
        return replace(self, started=inner if isinstance(inner, Declared) else None)

    def at_once(self, field: Field) -> bool:
        """Whether a change of the field acts on the training under way."""
        return self.running and field.rule.live

    def pending(self, field: Field, value: object) -> bool:
        """Whether a value waits for the next start: the training was begun with another one."""
        if self.started is None or self.at_once(field) or not hasattr(self.started, field.name):
            return False
        started = getattr(self.started, field.name)
        if isinstance(value, Declared) and type(value) is type(started):
            return False  # its own fields say so
        return bool(started != value)

    def words(self, field: Field) -> str:
        """Return when a change of the field acts, as a sentence."""
        if self.at_once(field):
            return QCoreApplication.translate("Effect", "Acts at once.")
        return QCoreApplication.translate("Effect", "Counts from the next start.")
