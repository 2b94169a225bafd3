"""How a training ended, in words.

Invariant: an end that the person wanted, or was told of before, is no error; one that costs what was learned is.
"""

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtCore import QCoreApplication

from nncore.errors import InputError
from nncore.events import Failed, Finished

Outcome: TypeAlias = Finished | Failed | InputError


def words(outcome: Outcome, epoch: float) -> tuple[str, str, bool]:
    """Return a sentence, what to do, and whether it is an error.

    Args:
        outcome: of the training.
        epoch: that it had reached.
    """
    if not isinstance(outcome, Finished):
        return outcome.sentence, outcome.remedy, True
    if outcome.stopped:
        sentence = QCoreApplication.translate("Outcome", "Stopped at epoch {epoch:,.1f}; what was learned is kept.")
    elif outcome.note:
        return outcome.note, "", False
    elif round(epoch) == 1:
        sentence = QCoreApplication.translate("Outcome", "Training is finished after 1 epoch.")
    else:
        sentence = QCoreApplication.translate("Outcome", "Training is finished after {epoch:,.0f} epochs.")
    return sentence.format(epoch=epoch), "", False
