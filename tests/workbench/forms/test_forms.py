"""Every declaration gets a form, and every field in it can be edited."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from nncore.errors import FieldError
from nncore.fields import (
    BOOLEAN,
    CHOICE,
    INTEGER,
    NUMBER,
    NUMBERS,
    PAIR,
    PAIRS,
    RANGE,
    SHAPE,
    SPEC,
    TEXT,
    Declared,
    Field,
)
from nncore.layers import ELU, LAYERS, BatchNormalization, Dense, LeakyReLU
from nncore.losses import LOSSES, CategoricalCrossentropy
from nncore.optimizers import OPTIMIZERS, SGD, Adam
from nncore.project import SETTINGS, TrainingSettings
from nncore.schedules import CosineDecay, CosineDecayRestarts, ExponentialDecay, PolynomialDecay, StepDecay
from tests.workbench.controls import line, type_into
from workbench.forms import SpecForm
from workbench.forms.ladder import ladder
from workbench.window import tab_order

DECLARATIONS = [declared.suggested() for registry in (LAYERS, LOSSES, OPTIMIZERS, SETTINGS) for declared in registry]


def visible_fields() -> Iterator[tuple[Declared, Field]]:
    for declared in DECLARATIONS:
        for field in declared.fields():
            if not field.rule.hidden:
                yield declared, field


FIELDS = [
    pytest.param(declared, field, id=f"{declared.type_name}.{field.name}") for declared, field in visible_fields()
]


def make(qtbot: QtBot, declared: Declared) -> SpecForm:
    """A form with everything unfolded."""
    form = SpecForm("form", declared)
    qtbot.addWidget(form)
    form.show_more(True)
    form.resize(280, 500)
    form.show()
    return form


def error(form: QWidget, name: str) -> str:
    """The sentence under a field, empty when it is not shown."""
    label = form.findChild(QLabel, f"{name}.error")
    assert isinstance(label, QLabel)
    return label.text() if not label.isHidden() else ""


OTHERS: dict[str, list[object]] = {
    SHAPE: [(7, 5)],
    TEXT: ["another"],
    PAIR: [(2, 2), (3, 3), (1, 1), (0, 0)],
    RANGE: [(-0.25, 0.25), (-0.125, 0.125)],
    NUMBERS: [(0.5, 0.25), (1.0, 2.0)],
}


def another_value(declared: Declared, field: Field) -> object:
    """A value that the declaration allows for the field and that is not the present one; the present one if none is."""
    value = getattr(declared, field.name)
    if field.kind in (CHOICE, SPEC):
        options: list[object] = [*field.choices(), *([None] if field.optional else [])]
    elif field.kind == BOOLEAN:
        options = [not value]
    elif field.kind == PAIRS and isinstance(value, tuple):
        options = [((5, value[0][1]), value[1])]
    else:
        options = OTHERS.get(field.kind) or [*ladder(field), 3, 4]
    for option in options:
        try:
            if getattr(declared.replace(**{field.name: option}), field.name) != value:
                return option
        except FieldError:
            continue
    return value


def as_typed(value: object) -> str:
    """What a person would type into the first line of a field."""
    while isinstance(value, tuple) and isinstance(value[0], tuple):
        value = value[0][0]  # the other sides have lines of their own
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


# --- Every form -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("declared", DECLARATIONS, ids=lambda declared: declared.type_name)
def test_that_every_declaration_has_a_form_of_its_visible_fields(qtbot: QtBot, declared: Declared) -> None:
    form = make(qtbot, declared)
    fields = [field for field in declared.fields() if not field.rule.hidden]
    assert list(form.rows) == [field.name for field in sorted(fields, key=lambda field: field.rule.advanced)]
    assert form.value == declared


@pytest.mark.parametrize(("declared", "field"), FIELDS)
def test_that_every_field_is_named_explained_and_labelled(qtbot: QtBot, declared: Declared, field: Field) -> None:
    form = make(qtbot, declared)
    row = form.rows[field.name]
    main = row.editor.main
    assert main.objectName() == f"form.{field.name}"
    assert main.accessibleName().startswith(field.label)
    assert field.rule.help.split()[0] in row.editor.toolTip()
    assert f"<code>{field.name}</code>" in row.editor.toolTip(), "lessons call it so"
    label = row.findChild(QLabel, f"form.{field.name}.label")
    assert isinstance(label, QLabel)
    assert label.buddy() is main


@pytest.mark.parametrize(("declared", "field"), FIELDS)
def test_that_every_field_can_be_edited_like_a_person_would(qtbot: QtBot, declared: Declared, field: Field) -> None:
    form = make(qtbot, declared)
    told: list[tuple[object, str]] = []
    form.edited.connect(lambda changed, name: told.append((changed, name)))
    main = form.editor(field.name).main
    new = another_value(declared, field)
    if isinstance(main, QComboBox):
        index = main.findData(new)
        main.setCurrentIndex(index)
        main.activated.emit(index)
    elif isinstance(main, QAbstractButton):
        main.click()
    else:
        assert isinstance(main, QLineEdit)
        type_into(qtbot, main, as_typed(new))
    expected = declared.replace(**{field.name: new})
    if expected == declared:  # a registry with one entry has no other
        assert told == []
    else:
        assert told == [(expected, field.name)]
        assert form.value == expected


@pytest.mark.parametrize(("declared", "field"), FIELDS)
def test_that_setting_a_value_from_outside_is_not_an_edit(qtbot: QtBot, declared: Declared, field: Field) -> None:
    form = make(qtbot, declared)
    changed = declared.replace(**{field.name: another_value(declared, field)})
    with qtbot.assertNotEmitted(form.edited):
        form.set_value(changed)
    assert form.value == changed
    assert form.editor(field.name).value == getattr(changed, field.name)


NUMERIC = [
    pytest.param(declared, field, id=f"{declared.type_name}.{field.name}")
    for declared, field in visible_fields()
    if field.kind in (INTEGER, NUMBER)
]


@pytest.mark.parametrize(("declared", "field"), NUMERIC)
def test_that_every_value_on_a_slider_is_allowed_and_typing_beyond_the_bounds_is_not(
    qtbot: QtBot, declared: Declared, field: Field
) -> None:
    steps = ladder(field)
    assert steps == sorted(set(steps))
    for step in steps:
        assert field.check(step) == step
    form = make(qtbot, declared)
    bad = [value for value in field.invalid_values() if type(value) in (int, float) and value == value]
    for value in [*bad, "many"]:
        with qtbot.assertNotEmitted(form.edited):
            type_into(qtbot, line(form, f"form.{field.name}"), str(value))
        assert field.name in error(form, f"form.{field.name}")
        assert form.value == declared


# --- Numbers --------------------------------------------------------------------------------------------------------


def test_that_a_wrong_number_shows_the_rule_and_a_right_one_clears_it(qtbot: QtBot) -> None:
    form = make(qtbot, Dense(64))
    units = line(form, "form.units")
    type_into(qtbot, units, "0")
    assert error(form, "form.units") == "Dense: units must be a whole number from 1 to 1,000,000, but is 0. Try 64."
    assert units.text() == "0"
    assert units.property("wrong") is True
    type_into(qtbot, units, "12")
    assert error(form, "form.units") == ""
    assert form.value == Dense(12)


def test_that_escape_takes_typing_back(qtbot: QtBot) -> None:
    form = make(qtbot, Dense(64))
    units = line(form, "form.units")
    type_into(qtbot, units, "0")
    qtbot.keyClick(units, Qt.Key.Key_Escape)
    assert units.text() == "64"
    assert error(form, "form.units") == ""


def test_that_leaving_the_field_takes_what_was_typed(qtbot: QtBot) -> None:
    form = make(qtbot, Dense(64))
    units = line(form, "form.units")
    form.activateWindow()
    units.setFocus()
    qtbot.waitUntil(units.hasFocus)
    units.selectAll()
    qtbot.keyClicks(units, "99")
    with qtbot.waitSignal(form.edited):
        form.editor("activation").main.setFocus()
    assert form.value == Dense(99)


@pytest.mark.parametrize(
    ("text", "value"), [("1,000", 1000), ("1e3", 1000), ("128.0", 128), (" 7 ", 7), ("12,000,000", None), ("1.5", None)]
)
def test_that_numbers_are_read_as_people_write_them(qtbot: QtBot, text: str, value: int | None) -> None:
    form = make(qtbot, Dense(64))
    type_into(qtbot, line(form, "form.units"), text)
    assert form.value == Dense(64 if value is None else value)


@pytest.mark.parametrize(
    ("text", "value"), [("0,01", 0.01), ("1e-5", 1e-5), ("10 %", 0.1), ("−1", None), ("nan", None)]
)
def test_that_fractions_are_read_as_people_write_them(qtbot: QtBot, text: str, value: float | None) -> None:
    form = make(qtbot, Adam())
    type_into(qtbot, line(form, "form.learning_rate"), text)
    assert form.value == Adam(0.001 if value is None else value)


def test_that_the_slider_moves_the_number_and_the_number_the_slider(qtbot: QtBot) -> None:
    form = make(qtbot, Dense(64))
    slider = form.findChild(QSlider, "form.units.slider")
    assert isinstance(slider, QSlider)
    place = slider.value()
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert form.value == Dense(96)
    assert line(form, "form.units").text() == "96"
    type_into(qtbot, line(form, "form.units"), "64")
    assert slider.value() == place


@pytest.mark.parametrize(
    ("declared", "name", "useful", "share"),
    [
        (ExponentialDecay, "decay_rate", (0.5, 0.99), 0.4),
        (StepDecay, "decay_rate", (0.1, 0.9), 0.75),
        (CosineDecay, "alpha", (0.001, 0.1), 0.4),
        (CosineDecayRestarts, "t_mul", (1, 4), 0.6),
        (PolynomialDecay, "power", (0.5, 4), 0.4),
        (SGD, "momentum", (0.8, 0.99), 0.3),
        (Adam, "beta_2", (0.9, 0.9999), 0.7),
        (BatchNormalization, "momentum", (0.8, 0.999), 0.5),
        (LeakyReLU, "negative_slope", (0.01, 0.5), 0.5),
        (ELU, "alpha", (0.2, 2), 0.5),
        (CategoricalCrossentropy, "label_smoothing", (0.01, 0.3), 0.5),
    ],
)
def test_that_useful_values_take_a_good_part_of_the_slider(
    declared: type[Declared], name: str, useful: tuple[float, float], share: float
) -> None:
    steps = ladder(declared.field(name))
    inside = [step for step in steps if useful[0] <= step <= useful[1]]
    assert len(inside) >= share * len(steps)
    assert set(useful) <= set(steps)
    assert declared.field(name).start in steps


def test_that_a_slider_towards_one_stops_at_every_tenth() -> None:
    steps = ladder(SGD.field("momentum"))
    assert {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9} <= set(steps)


def test_that_a_decay_rate_beyond_its_slider_can_be_typed(qtbot: QtBot) -> None:
    form = make(qtbot, StepDecay.suggested())
    type_into(qtbot, line(form, "form.decay_rate"), "1.5")
    assert form.value == StepDecay.suggested().replace(decay_rate=1.5)
    slider = form.findChild(QSlider, "form.decay_rate.slider")
    assert isinstance(slider, QSlider)
    assert slider.value() == slider.maximum()


def test_that_a_value_beyond_the_slider_is_kept(qtbot: QtBot) -> None:
    form = make(qtbot, Dense(64))
    type_into(qtbot, line(form, "form.units"), "999999")
    assert form.value == Dense(999999)
    form.set_value(Dense(999999))
    assert form.value == Dense(999999)


def test_that_up_and_down_step_through_the_usual_values(qtbot: QtBot) -> None:
    form = make(qtbot, Dense(64))
    qtbot.keyClick(line(form, "form.units"), Qt.Key.Key_Up)
    assert form.value == Dense(96)
    qtbot.keyClick(line(form, "form.units"), Qt.Key.Key_Down)
    assert form.value == Dense(64)


def test_that_the_batch_size_may_be_full(qtbot: QtBot) -> None:
    form = make(qtbot, TrainingSettings())
    button = form.findChild(QToolButton, "form.batch_size.full")
    assert isinstance(button, QToolButton)
    button.click()
    assert form.value == TrainingSettings(batch_size="full")
    assert line(form, "form.batch_size").text() == "full"
    button.click()
    assert form.value == TrainingSettings(batch_size=32)
    type_into(qtbot, line(form, "form.batch_size"), "Full")
    assert form.value == TrainingSettings(batch_size="full")
    type_into(qtbot, line(form, "form.batch_size"), "16")
    assert form.value == TrainingSettings(batch_size=16)


# --- Nested specifications ------------------------------------------------------------------------------------------


def test_that_a_nested_specification_has_its_own_rows(qtbot: QtBot) -> None:
    form = make(qtbot, TrainingSettings())
    with qtbot.waitSignal(form.edited) as told:
        type_into(qtbot, line(form, "form.optimizer.learning_rate"), "0.01")
    assert told.args == [TrainingSettings(optimizer=Adam(0.01)), "optimizer"]


def test_that_another_kind_brings_its_own_fields(qtbot: QtBot) -> None:
    form = make(qtbot, TrainingSettings())
    box = form.editor("optimizer").main
    assert isinstance(box, QComboBox)
    box.activated.emit(box.findData("SGD"))
    assert form.value == TrainingSettings(optimizer=SGD())
    nested = form.nested.get("optimizer")
    assert nested is not None
    assert list(nested.rows) == [field.name for field in SGD.fields() if not field.rule.advanced]
    type_into(qtbot, nested.editor("momentum").main, "0.9")  # type: ignore[arg-type]  # a number has a line
    assert form.value == TrainingSettings(optimizer=SGD(momentum=0.9))


# --- What is changed, live, in focus --------------------------------------------------------------------------------


def dot(form: SpecForm, name: str) -> QToolButton:
    found = form.findChild(QToolButton, f"form.{name}.reset")
    assert isinstance(found, QToolButton)
    return found


def test_that_a_dot_marks_what_differs_from_the_default_and_resets_it(qtbot: QtBot) -> None:
    form = make(qtbot, Dense(64))
    assert dot(form, "units").isHidden()
    type_into(qtbot, line(form, "form.units"), "128")
    assert not dot(form, "units").isHidden()
    assert dot(form, "units").toolTip() == "Reset to 64 · Shift+Esc"
    dot(form, "units").click()
    assert form.value == Dense(64)
    assert dot(form, "units").isHidden()


def test_that_the_menu_of_a_field_resets_it(qtbot: QtBot) -> None:
    form = make(qtbot, Dense(128))
    (reset,) = line(form, "form.units").actions()
    assert reset.text() == "Reset to 64"
    reset.trigger()
    assert form.value == Dense(64)
    assert not reset.isEnabled()


def test_that_live_fields_say_so(qtbot: QtBot) -> None:
    form = make(qtbot, Adam())
    live = {name: "live" in [label.text() for label in row.findChildren(QLabel)] for name, row in form.rows.items()}
    assert live == {field.name: field.rule.live for field in Adam.fields()}


def test_that_what_is_being_typed_survives_an_update_of_other_fields(qtbot: QtBot) -> None:
    form = make(qtbot, Dense(64, "relu"))
    units = line(form, "form.units")
    units.setFocus()
    units.selectAll()
    qtbot.keyClicks(units, "12")
    form.set_value(Dense(64, "tanh"))
    assert units.text() == "12"
    assert line(form, "form.units") is units


def test_that_undo_replaces_what_was_typed(qtbot: QtBot) -> None:
    form = make(qtbot, Dense(64))
    type_into(qtbot, line(form, "form.units"), "0")
    form.set_value(Dense(32))
    assert line(form, "form.units").text() == "32"
    assert error(form, "form.units") == ""


def test_that_another_object_of_the_same_type_forgets_what_was_typed(qtbot: QtBot) -> None:
    form = make(qtbot, Dense(64))
    type_into(qtbot, line(form, "form.units"), "0")
    form.set_value(Dense(64), fresh=True)
    assert line(form, "form.units").text() == "64"
    assert error(form, "form.units") == ""


def wheel(widget: QWidget) -> QWheelEvent:
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle, widget.mapToGlobal(middle), QPoint(0, 0), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)
    return event


@pytest.mark.parametrize("name", ["form.units.slider", "form.activation", "form.units"])
def test_that_the_wheel_scrolls_the_form_and_changes_nothing(qtbot: QtBot, name: str) -> None:
    form = make(qtbot, Dense(64, "relu"))
    form.editor("use_bias").main.setFocus()
    widget = form.findChild(QWidget, name)
    assert isinstance(widget, QWidget)
    event = wheel(widget)
    assert form.value == Dense(64, "relu")
    assert not event.isAccepted()


def test_that_the_tab_key_walks_through_the_fields_in_their_order(qtbot: QtBot) -> None:
    form = make(qtbot, Dense(64))
    seen = [widget.objectName() for widget in tab_order.stops(form)]
    places = [seen.index(f"form.{name}") for name in form.rows]
    assert places == sorted(places)
