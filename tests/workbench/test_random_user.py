"""A person who does anything at any moment: 2,000 random actions on the real window.

After each of them list, trace, forms, undo list, file and training must agree, and undoing everything gives back what
was opened. ``RANDOM_USER_ACTIONS=20000 RANDOM_USER_SEED=7`` in the environment asks for more, and others.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.workbench.random_user.chance import Deck
from tests.workbench.random_user.desk import Desk
from tests.workbench.random_user.leaks import grown
from tests.workbench.random_user.person import ALL, Person, watch
from workbench.main_window import MainWindow
from workbench.theme import current

STEPS = 100  # actions before everything is undone
ACTIONS = int(os.environ.get("RANDOM_USER_ACTIONS", "2000"))
OFTEN = {
    **dict.fromkeys(("insert", "drag from palette", "edit of layerForm", "disable", "paste", "undo", "redo"), 100),
    **dict.fromkeys(("train", "pause", "step", "stop", "save", "open a file", "switch theme"), 200),
    **dict.fromkeys(("drag of a row", "edit in place", "edit of trainingForm", "change while training", "cut"), 200),
    **dict.fromkeys(("drag of several rows", "rename", "undo while training", "new seed", "panel"), 400),
    **dict.fromkeys(("open an example", "reset layout", "text size", "mend", "undo history"), 400),
    **dict.fromkeys(
        ("select several", "copy", "epoch", "new", "choose data", "unsaved changes asked about", "edit of dataForm"),
        700,
    ),
}
"""One of so many actions, at least, is to be this one."""
SEED = os.environ.get("RANDOM_USER_SEED", "")


def test_that_whatever_a_person_does_the_window_stays_right(
    window: MainWindow, tmp_path: Path, until: Callable[..., None]
) -> None:
    theme = current()
    looks = theme.mode, theme.colours, theme.text_size
    window.watching.complete()  # what is built once, whenever it is first seen, is no growth
    desk = Desk(window, tmp_path, until)
    watch(desk)
    kind = type("ThisPerson", (Person,), {"desk": desk, "deck": Deck(ALL)})
    machine = seed(int(SEED))(kind) if SEED else kind
    try:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=max(1, ACTIONS * 5 // (STEPS * 4)),  # some end before their last step
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                derandomize=not SEED,
                phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
            ),
        )
    except Exception:
        if desk.failures:  # Hypothesis would tell of a second attempt
            failure, log = desk.failures[0]
            raise AssertionError("After\n" + "\n".join(log)) from failure
        raise
    finally:
        desk.leave()
        theme.set_mode(looks[0])
        theme.set_colours(looks[1])
        theme.set_text_size(looks[2])
    left = grown(desk.alive)
    assert not left, f"more of them each time: {left}"
    assert desk.turns >= ACTIONS
    rare = {name: desk.done[name] for name in OFTEN if desk.done[name] < ACTIONS // OFTEN[name]}
    assert not rare, f"done too seldom: {rare} of {sum(desk.done.values())}"
