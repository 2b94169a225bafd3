"""The end of a training whose numbers are no longer finite.

Invariant: after it the weights are the last good ones, and the sentence names what broke first, not what broke last.
"""

from __future__ import annotations

import math

from nncore.events import Failed
from nncore.training.diagnosis import first_not_finite
from nncore.training.learner import Learner


def break_down(learner: Learner, thing: str, value: float) -> Failed:
    """Put the last good weights back, and say what happened and what to try.

    Args:
        learner: after the step that failed.
        thing: what is not finite: ``loss`` or ``gradient``, of a step that was not made, or ``weights`` after a step.
        value: infinity or NaN.
    """
    made = thing == "weights"
    plan, step = learner.plan, learner.step + (not made)
    rows = learner.batches.size if made else learner.batches.rows(learner.position)
    where = first_not_finite(learner.network, plan.bind(rows), plan.parameters, plan.gradients)
    spec = learner.updater.spec
    rate, usual = spec.learning_rate, type(spec).field("learning_rate").default
    # A rate that is far too large is still too large when divided by ten.
    better = min(rate / 10, usual)
    kept = learner.fall_back().step
    losses = [*learner.history.step_loss.values(), math.inf]
    # From weights that are worse than the first ones even a small rate soon breaks down again.
    start = "Start anew with" if kept and losses[kept] > losses[0] else "Try"
    remedy = f"{start} a smaller learning rate than {rate:g}, for example {better:g}, and check the scale of the data."
    if step == 1:  # nothing was learned yet, so the learning rate is not to blame
        remedy = "Check the scale of the data: numbers around 1 are learned best."
    what = "infinite" if math.isinf(value) else "NaN (not a number)"
    return Failed(
        f"The {thing} became {what} at step {step:,}, in epoch {learner.epoch + 1}, first {where}, so training "
        f"stopped; the weights of step {kept:,} were kept.",
        remedy,
        kept,
    )
