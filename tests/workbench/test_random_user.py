"""A person who does anything at any moment: 2,000 random actions on the real window.

After each of them list, trace, form and project must agree, and undoing everything gives back what was opened.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QAbstractItemModelTester, QTest

from nncore.errors import FieldError, InputError
from nncore.layers import LAYERS
from nncore.project import Project
from nncore.project_file import load_file
from nncore.trace import trace
from tests.workbench.dragging import drag_layer
from workbench.main_window import MainWindow
from workbench.theme import current
from workbench.theme.theme import MODES

STEPS, EXAMPLES = 100, 20  # 2,000 actions
STEERING = ("trainAction", "pauseAction", "stepAction", "epochAction", "stopAction", "resetAction")
PRESETS = ("xor", "mlp-regression")
KEYS = {
    "up": (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier),
    "down": (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier),
    "widen": (Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier),
    "move up": (Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier),
    "move down": (Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier),
    "duplicate": (Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier),
    "remove": (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier),
    "mend": (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier),
    "train or pause": (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier),
    "step": (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier),
    "epoch": (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier),
    "all": (Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier),
    "copy": (Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier),
    "cut": (Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier),
    "paste": (Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier),
    "disable": (Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier),
}


def pause(milliseconds: int = 1) -> None:
    """Let the window work for a moment."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def machine(window: MainWindow, folder: Path, until: Callable[..., None]) -> type[RuleBasedStateMachine]:
    """Return the random person for this window."""

    class Person(RuleBasedStateMachine):
        opened: Project

        @initialize()
        def start(self) -> None:
            self.show("xor")

        def show(self, what: str) -> None:
            window.document.stack.setClean()
            window.open_project(what)
            until(lambda: window.controller.data is not None and not window.controller.loading)
            self.opened = window.document.project

        @property
        def layers(self) -> int:
            return len(window.document.network)

        # --- What a person does ---

        @precondition(lambda self: self.layers < 12)
        @rule(name=st.sampled_from(LAYERS.names()), place=st.floats(0, 1))
        def drag_in(self, name: str, place: float) -> None:
            drag_layer(window, name, round(place * self.layers))

        @rule(key=st.sampled_from(sorted(KEYS)))
        def press(self, key: str) -> None:
            if key == "paste" and self.layers > 12:
                return
            QTest.keyClick(window.network.layers, *KEYS[key])

        @rule(name=st.sampled_from(STEERING))
        def steer(self, name: str) -> None:
            window.actions_by_name[name].trigger()

        @rule(times=st.integers(1, 4), name=st.sampled_from(("undoAction", "redoAction")))
        def go_through_time(self, times: int, name: str) -> None:
            for _ in range(times):
                window.actions_by_name[name].trigger()

        @rule(place=st.floats(0, 1), seed=st.integers(0, 10**6))
        def edit_field(self, place: float, seed: int) -> None:
            """Set a field of a layer to a value that another layer of the kind has."""
            if not self.layers:
                return
            index = min(self.layers - 1, int(place * self.layers))
            layer = window.document.network.layers[index]
            draw = random.Random(seed)
            fields = [field for field in layer.fields() if not field.rule.hidden]
            if not fields:
                return
            field = draw.choice(fields)
            value = draw.choice([field.default, 1, 2, 3, 0.5, 0, True, False, "relu", "tanh", "same", None, (2, 2)])
            try:
                changed = layer.replace(**{field.name: value})
            except FieldError:
                return
            window.document.replace_layer(index, changed)

        @rule(epochs=st.integers(1, 30), batch=st.integers(1, 32), seed=st.integers(0, 3))
        def set_training(self, epochs: int, batch: int, seed: int) -> None:
            before = window.document.project.training
            window.document.set_training(before.replace(epochs=epochs, batch_size=batch, seed=seed))

        @rule(mode=st.sampled_from(MODES))
        def switch_theme(self, mode: str) -> None:
            current().set_mode(mode)

        @rule(size=st.sampled_from([(1440, 900), (1024, 640), (720, 480)]))
        def resize(self, size: tuple[int, int]) -> None:
            window.resize(*size)

        @rule()
        def save(self) -> None:
            path = folder / "random.nnw"
            project = window.document.project
            written: list[object] = []
            window.files.saved.connect(written.append)
            window.files.save_to(path)
            until(lambda: bool(written))
            window.files.saved.disconnect(written.append)
            assert window.document.clean
            assert load_file(path).project.network == project.network

        @rule(name=st.sampled_from(PRESETS))
        def open_preset(self, name: str) -> None:
            self.show(name)

        @precondition(lambda _: (folder / "random.nnw").exists())
        @rule()
        def open_saved(self) -> None:
            self.show(str(folder / "random.nnw"))

        @rule(milliseconds=st.integers(1, 30))
        def wait(self, milliseconds: int) -> None:
            pause(milliseconds)

        # --- What must hold whatever was done ---

        @invariant()
        def everything_agrees(self) -> None:
            pause()
            document, rows = window.document, window.network.layers.rows
            network = document.network
            assert rows.rowCount() == len(network) + 2
            assert [rows.position(row) for row in range(1, rows.rowCount() - 1)] == list(range(len(network)))
            target = document.target
            if target is not None:
                fresh = trace(network, document.project.training.loss, target, document.data_shape)
                assert document.trace.problems == fresh.problems
                assert [row.output_shape for row in document.trace.rows] == [row.output_shape for row in fresh.rows]
            form = window.properties.layer_form
            assert form.position < len(network)
            if form.layer is not None and form.form is not None:
                assert form.form.value == form.layer
            assert window.state in ("idle", "running", "paused", "stopping")
            assert Project.from_json(document.project.to_json()) == document.project

        def teardown(self) -> None:
            window.controller.stop_and_wait()
            stack = window.document.stack
            # What was saved under another name in between is the same list of changes.
            while stack.canUndo():
                stack.undo()
            if hasattr(self, "opened"):
                assert window.document.project == self.opened
            assert not [error for error in (window.controller.data_error,) if isinstance(error, InputError)]
            stack.setClean()

    return Person


def test_that_whatever_a_person_does_the_window_stays_right(
    window: MainWindow, tmp_path: Path, until: Callable[..., None]
) -> None:
    QAbstractItemModelTester(window.network.layers.rows, QAbstractItemModelTester.FailureReportingMode.Fatal, window)
    mode = current().mode
    try:
        run_state_machine_as_test(
            machine(window, tmp_path, until),
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                derandomize=True,
                phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        current().set_mode(mode)
