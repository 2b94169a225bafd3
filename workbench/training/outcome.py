"""How a training ended, in words.

Invariant: an end that the person wanted, or was told of before, is no error; one that costs what was learned is.
"""

from __future__ import annotations

import math
from typing import TypeAlias

from PySide6.QtCore import QCoreApplication

from nncore.errors import InputError
from nncore.events import Failed, Finished
from workbench.theme import numbers

Outcome: TypeAlias = Finished | Failed | InputError


def words(outcome: Outcome, epoch: float, wanted: int) -> tuple[str, str, bool]:
    """Return a sentence, what to do, and whether it is an error.

    Args:
        outcome: of the training.
        epoch: that it had reached.
        wanted: the epoch after which it was to end, last of all: one that had passed, if that was changed on the way.
    """
    if isinstance(outcome, Failed) and outcome.kept_step:
        back = QCoreApplication.translate("Outcome", "Reset brings the first weights back.")
        return outcome.sentence, f"{outcome.remedy} {back}", True
    if not isinstance(outcome, Finished):
        return outcome.sentence, outcome.remedy, True
    number = numbers.epoch(epoch)  # as beside the progress bar
    if not outcome.stopped and wanted < number:
        sentence = QCoreApplication.translate("Outcome", "Ended after epoch {epoch}: epochs were set to {wanted}.")
        return sentence.format(epoch=numbers.count(number), wanted=numbers.count(wanted)), outcome.note, False
    if not outcome.stopped and outcome.note:
        return outcome.note, "", False
    if not outcome.stopped and number == 1:
        sentence = QCoreApplication.translate("Outcome", "Training is finished after 1 epoch.")
    elif not outcome.stopped:
        sentence = QCoreApplication.translate("Outcome", "Training is finished after {epoch} epochs.")
    elif math.isclose(epoch, number):
        sentence = QCoreApplication.translate("Outcome", "Stopped after epoch {epoch}; what was learned is kept.")
    else:
        sentence = QCoreApplication.translate("Outcome", "Stopped in epoch {epoch}; what was learned is kept.")
    return sentence.format(epoch=numbers.count(number)), "", False
