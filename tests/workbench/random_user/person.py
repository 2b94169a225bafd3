"""The random person, made of all that can be done, and what must hold after each action."""

from __future__ import annotations

import sys
from random import Random

from hypothesis import strategies as st
from hypothesis.errors import StopTest
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QMessageBox

from nncore.network import Network
from nncore.project import Project
from nncore.project_file import load_file
from nncore.session import Session
from nncore.trace import trace
from nncore.training.live import network_with_live, with_live
from tests.workbench.random_user.chance import Deck
from tests.workbench.random_user.desk import Action, Desk, actions
from tests.workbench.random_user.form_rules import FormRules
from tests.workbench.random_user.forms import FormCheck
from tests.workbench.random_user.hands import wait
from tests.workbench.random_user.leaks import alive, unfold
from tests.workbench.random_user.list_rules import ListRules
from tests.workbench.random_user.project_rules import ProjectRules
from tests.workbench.random_user.rows import Listener, check_rows
from tests.workbench.random_user.training_rules import TrainingRules
from tests.workbench.random_user.view_rules import ViewRules
from workbench.training.controller import IDLE, PAUSED, RUNNING

ALL = actions(ListRules, FormRules, TrainingRules, ProjectRules, ViewRules)


class Person(ListRules, FormRules, ProjectRules, ViewRules, RuleBasedStateMachine):
    """Sits at a desk, which a subclass gives together with a deck of what is done."""

    desk: Desk
    deck: Deck[Action]

    def __init__(self) -> None:
        super().__init__()
        window = self.desk.window
        self.listener = Listener(window.network.layers.rows)
        self.form_check = FormCheck(window.properties)
        self.begun: tuple[Session, Network] | None = None

    @initialize()
    def start(self) -> None:
        """Begin with the smallest example."""
        if self.desk.failures:  # one is enough; Hypothesis would try it again
            raise self.desk.failures[0][0]
        self.begin()

    @rule(number=st.integers(0, 2**32 - 1))
    def act(self, number: int) -> None:
        """Do one of the things that can be done now, each as often as it is wanted.

        Rules of Hypothesis, which repeats itself to find small examples, would do many of them hardly ever.
        """
        self.desk.turns += 1
        chance = Random(f"{number} {self.desk.turns}")
        while not (chosen := self.deck.deal(chance)).possible(self):
            pass
        chosen.carry_out(self, chance)

    def begin(self) -> None:
        """Open the smallest example, whatever was there."""
        self.desk.log.clear()
        self.desk.document.stack.setClean()
        self.desk.window.open_project("xor")
        self.desk.wait_for_data()

    # --- What must hold whatever was done ---

    @invariant()
    def everything_agrees(self) -> None:
        """List, trace, forms, undo list, file and title tell of one project."""
        wait()
        desk = self.desk
        if desk.raised:
            raise desk.raised[0]
        project, document, window = desk.project, desk.document, desk.window
        traced = trace(project.network, project.training.loss, document.target, document.data_shape)
        assert document.trace.rows == traced.rows
        assert document.trace.loss_problem == traced.loss_problem
        check_rows(desk.list.rows, traced)
        self.listener.check()
        self.form_check.check()
        desk.timeline.check()
        assert Project.from_json(project.to_json()) == project
        stack, actions = document.stack, window.actions_by_name
        assert (actions["undoAction"].isEnabled(), actions["redoAction"].isEnabled()) == (
            stack.canUndo(),
            stack.canRedo(),
        )
        assert window.windowTitle().split(" · ")[0].endswith("*") == window.labels.marked
        assert document.clean or window.labels.marked
        history = window.history.list
        assert history.model().rowCount() == stack.count() + 1
        assert history.currentIndex().row() == stack.index()
        if document.clean and document.path is not None:
            saved = load_file(document.path).project.replace(name=project.name)
            assert saved == project, f"clean, but {saved} is saved, not {project}"
        position = desk.list.selected_position()
        assert window.properties.layer_form.position == position

    @invariant()
    def training_is_what_was_started(self) -> None:
        """The commands are those of the state, and a training goes on with the network that it began with."""
        controller, actions = self.desk.window.controller, self.desk.window.actions_by_name
        assert self.desk.window.state in ("idle", "running", "paused", "stopping")
        assert actions["pauseAction"].isEnabled() == (controller.state == RUNNING)
        document = self.desk.document
        ready = not document.trace.problems and document.batch_problem is None
        startable = controller.state == PAUSED or (controller.state == IDLE and ready)
        assert actions["trainAction"].isEnabled() == startable
        session = controller.runner.session  # none yet while a training is being made ready
        if session is None or not controller.busy:
            self.begun = None
        elif self.begun is None or self.begun[0] is not session:
            self.begun = session, session.network
        else:
            first = self.begun[1]
            assert network_with_live(session.network, first) == first, "the running network is another one"
            size = session.snapshot.parameters.size
            assert size == sum(row.parameters for row in trace(first).rows)
            then = controller.started_project
            assert with_live(session.settings, then.training).replace(epochs=1) == then.training.replace(epochs=1)

    @invariant()
    def nothing_is_in_the_way(self) -> None:
        """Errors are said in the window; no dialog is left over a dialog."""
        dialogs = self.desk.dialogs()
        assert not dialogs, f"left open: {[dialog.objectName() for dialog in dialogs]}"
        assert not [box for box in self.desk.window.findChildren(QMessageBox) if box.isVisible()]

    # --- The end ---

    def teardown(self) -> None:
        """Undo all and redo all; then nothing may be left that was not there after earlier examples."""
        failure = sys.exc_info()[1]
        if failure is not None and not isinstance(failure, StopTest):  # by which Hypothesis ends an example early
            self.desk.failures.append((failure, list(self.desk.log)))
            self.give_up()
        else:
            self.finish()

    def give_up(self) -> None:
        """Leave the window so that another example can begin."""
        for dialog in self.desk.dialogs():
            dialog.reject()
        self.listener.forget()
        self.form_check.forget()
        self.begun = None

    def finish(self) -> None:
        """Undo all and redo all, and begin again: nothing may be left of what was done."""
        desk, stack = self.desk, self.desk.document.stack
        desk.window.controller.stop_and_wait()
        desk.until(lambda: desk.window.files._work is None)
        desk.wait_for_data()
        last = desk.project
        for index in reversed(range(stack.index())):
            assert desk.timeline.go(stack.undo, index)
        assert desk.project == desk.timeline.states[0], "undoing everything does not give the start"
        for index in range(1, stack.count() + 1):
            assert desk.timeline.go(stack.redo, index)
        desk.did("undo to the start")
        assert last in desk.timeline.states.values() or stack.count() == 0
        self.give_up()
        self.begin()
        # Which forms are kept, and which of them were unfolded, is chance.
        properties = desk.window.properties
        properties.layer_form._shelf.rebuild()
        for form in (properties.data_form.form, properties.training_form.form):
            unfold(form)
        found = alive(desk.window)
        assert not found["kept InPlaceEditor"], "editors in rows are kept that nobody sees"
        desk.alive.append(found)


def watch(desk: Desk) -> QAbstractItemModelTester:
    """Have Qt's own tester look at the list's model in every state."""
    return QAbstractItemModelTester(desk.list.rows, QAbstractItemModelTester.FailureReportingMode.Fatal, desk.window)
