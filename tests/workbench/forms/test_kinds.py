"""Fields of every kind are edited, refused and shown alike."""

from __future__ import annotations

from typing import ClassVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from nncore.errors import FieldError
from nncore.fields import Declared, hyper
from nncore.layers import MaxPooling2D, RandomZoom
from nncore.registry import Registry
from nncore.regularizers import L1, L2, Regularizer
from tests.workbench.controls import found, type_into
from workbench.forms import SpecForm
from workbench.forms.switch import Switch

KINDS: Registry[type[Declared]] = Registry("kind")


class Inner(Declared):
    """Something that may be there or not."""

    registry: ClassVar = KINDS
    patience: int = hyper(3, ge=0, le=10, help="How long.")


KINDS.add("Inner", Inner)


class Everything(Declared):
    """One field of each kind that layers have."""

    registry: ClassVar = KINDS
    kernel_size: tuple[int, int] = hyper(suggested=3, ge=1, le=99, help="Height and width.")
    target: tuple[int, ...] = hyper(suggested=(-1, 2), wildcard=True, help="Sizes.")
    strides: tuple[int, int] | None = hyper(None, ge=1, le=99, help="Steps.")
    padding: tuple[tuple[int, int], tuple[int, int]] = hyper(((1, 1), (1, 1)), ge=0, le=99, help="Sides.")
    factor: tuple[float, float] = hyper((-0.1, 0.1), ge=-1, le=1, help="From and to.")
    values: tuple[float, ...] = hyper((1.0, 0.5), ge=0, help="Numbers.")
    limit: float | None = hyper(None, gt=0, le=100, log=True, help="A limit.")
    count: int | None = hyper(None, ge=1, help="A count.")
    penalty: Regularizer | None = hyper(None, help="A penalty.")
    inner: Inner | None = hyper(None, help="Is it there.")
    low: int = hyper(1, ge=0, le=9, help="Not above high.")
    high: int = hyper(2, ge=0, le=9, help="Not below low.")
    wait: int = hyper(2, ge=0, le=9, unit="epochs", help="How long.")
    rare: int = hyper(5, ge=0, le=9, advanced=True, help="Few need it.")
    rarer: Regularizer | None = hyper(None, advanced=True, help="Fewer need it.")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.low > self.high:
            raise FieldError("Everything", "low", "Everything: low must not be above high.", "Make high larger.")


START = Everything.suggested()


@pytest.fixture
def form(qtbot: QtBot) -> SpecForm:
    made = SpecForm("form", START)
    qtbot.addWidget(made)
    made.resize(280, 900)
    made.show()
    return made


def line(form: QWidget, name: str) -> QLineEdit:
    return found(form, QLineEdit, f"form.{name}")


def write(qtbot: QtBot, form: QWidget, name: str, text: str) -> None:
    type_into(qtbot, line(form, name), text)


def error(form: QWidget, name: str) -> str:
    label = form.findChild(QLabel, f"form.{name}.error")
    return label.text() if isinstance(label, QLabel) and not label.isHidden() else ""


def choose(form: SpecForm, name: str, data: object) -> None:
    box = form.editor(name).main
    assert isinstance(box, QComboBox)
    index = box.findData(data)
    box.setCurrentIndex(index)
    box.activated.emit(index)


def dotted(form: QWidget, name: str) -> bool:
    dot = form.findChild(QToolButton, f"form.{name}.reset")
    assert isinstance(dot, QToolButton)
    return not dot.isHidden()


def test_that_a_unit_follows_its_number(form: SpecForm, qtbot: QtBot) -> None:
    unit, slider = found(form, QLabel, "form.wait.unit"), found(form, QSlider, "form.wait.slider")
    assert unit.text() == "epochs"
    place = slider.geometry()
    write(qtbot, form, "wait", "1")
    assert unit.text() == "epoch"
    QApplication.processEvents()
    assert slider.geometry() == place, "nothing moves"
    slider.setValue(slider.minimum())
    assert unit.text() == "epochs"


# --- One line ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "value", "shown"),
    [
        ("kernel_size", "5", (5, 5), "5 × 5"),
        ("kernel_size", "5, 2", (5, 2), "5 × 2"),
        ("kernel_size", "5 × 2", (5, 2), "5 × 2"),
        ("kernel_size", "(5x2)", (5, 2), "5 × 2"),
        ("kernel_size", "5 2", (5, 2), "5 × 2"),
        ("strides", "2", (2, 2), "2 × 2"),
        ("factor", "0.2", (-0.2, 0.2), "± 0.2"),
        ("factor", "-0.2", (-0.2, 0.2), "± 0.2"),
        ("factor", "± 20 %", (-0.2, 0.2), "± 0.2"),
        ("factor", "-0.1 to 0.3", (-0.1, 0.3), "−0.1 to 0.3"),
        ("factor", "−0.1, 0.3", (-0.1, 0.3), "−0.1 to 0.3"),
        ("factor", "0,1 to 0,3", (0.1, 0.3), "0.1 to 0.3"),
        ("factor", "-0.1 ... 0.3", (-0.1, 0.3), "−0.1 to 0.3"),
        ("values", "1, 0.1, 0.01", (1.0, 0.1, 0.01), "1, 0.1, 0.01"),
        ("values", "1,0.1", (1.0, 0.1), "1, 0.1"),
        ("values", "0,5; 0,25", (0.5, 0.25), "0.5, 0.25"),
        ("values", "[3]", (3.0,), "3"),
        ("target", "4, −1", (4, -1), "4 × −1"),
        ("target", "100,3", (100, 3), "100 × 3"),
        ("limit", "0.5", 0.5, "0.5"),
        ("count", "4", 4, "4"),
    ],
)
def test_that_lists_are_read_as_people_write_them(
    form: SpecForm, qtbot: QtBot, name: str, text: str, value: object, shown: str
) -> None:
    with qtbot.waitSignal(form.edited):
        write(qtbot, form, name, text)
    assert form.value == START.replace(**{name: value})
    assert line(form, name).text() == shown
    # What is shown can be typed again.
    form.set_value(START)
    write(qtbot, form, name, shown)
    assert form.value == START.replace(**{name: value})


@pytest.mark.parametrize(
    ("name", "texts", "value", "read", "written"),
    [
        ("count", ("12,500", "12500", "12 500"), 12500, "12,500", "12500"),
        ("target", ("1,000 × 3", "1000x3", "1000, 3"), (1000, 3), "1,000 × 3", "1000 × 3"),
    ],
)
def test_that_thousands_are_parted_unless_the_keyboard_is_in_the_line(
    form: SpecForm, qtbot: QtBot, name: str, texts: tuple[str, ...], value: object, read: str, written: str
) -> None:
    form.activateWindow()
    edit = line(form, name)
    for text in texts:
        edit.setFocus()
        write(qtbot, form, name, text)
        assert form.value == START.replace(**{name: value})
        line(form, "values").setFocus()
        assert edit.text() == read
        with qtbot.assertNotEmitted(form.edited):
            edit.setFocus()
            assert edit.text() == written
            qtbot.keyClick(edit, Qt.Key.Key_Return)
            line(form, "values").setFocus()
        form.set_value(START, fresh=True)


def test_that_a_digit_behind_a_thousand_makes_ten_thousand(form: SpecForm, qtbot: QtBot) -> None:
    form.activateWindow()
    form.set_value(START.replace(count=1000))
    edit = line(form, "count")
    assert edit.text() == "1,000"
    edit.setFocus()
    edit.end(False)
    qtbot.keyClicks(edit, "0")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert form.value == START.replace(count=10_000)


def test_that_an_empty_line_says_what_holds(qtbot: QtBot) -> None:
    for layer, name, words in (
        (RandomZoom(0.1), "width_factor", "as the height"),
        (MaxPooling2D(), "strides", "as the pool"),
    ):
        made = SpecForm("form", layer)
        qtbot.addWidget(made)
        assert line(made, name).placeholderText() == words


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("kernel_size", "0"),
        ("kernel_size", "1.5"),
        ("kernel_size", "1, 2, 3"),
        ("kernel_size", ""),
        ("kernel_size", "wide"),
        ("padding", "-1"),
        ("padding.left", "many"),
        ("factor", "0.3 to 0.1"),
        ("factor", "5"),
        ("factor", ""),
        ("values", "1, x"),
        ("values", "-1"),
        ("target", "-1, -1"),
        ("limit", "0"),
        ("count", "0"),
    ],
)
def test_that_a_wrong_list_shows_the_fields_own_sentence_and_stays(
    form: SpecForm, qtbot: QtBot, name: str, text: str
) -> None:
    with qtbot.assertNotEmitted(form.edited):
        write(qtbot, form, name, text)
    field = name.split(".")[0]
    assert f"Everything: {field} must be" in error(form, field)
    assert line(form, name).text() == text
    assert line(form, name).property("wrong") is True
    assert form.value == START


@pytest.mark.parametrize(
    ("name", "value"), [("strides", (2, 2)), ("limit", 0.5), ("count", 4), ("penalty", L2()), ("inner", Inner())]
)
def test_that_what_may_be_none_can_be_left_and_made_empty(form: SpecForm, name: str, value: object) -> None:
    main = form.editor(name).main
    if isinstance(main, QLineEdit):
        assert (main.text(), main.placeholderText()) == ("", "none")
    form.set_value(START.replace(**{name: value}))
    assert dotted(form, name)
    if isinstance(main, QLineEdit):
        main.clear()
        form.editor(name).main.submit()  # type: ignore[attr-defined]  # the line of a form
    elif isinstance(main, QComboBox):
        assert main.itemText(0) == "none"
        choose(form, name, None)
    else:
        main.click()  # type: ignore[attr-defined]  # a switch
    assert form.value == START
    assert not dotted(form, name)


def test_that_the_word_none_is_none(form: SpecForm, qtbot: QtBot) -> None:
    for name, value in (("limit", 0.5), ("strides", (2, 2))):
        form.set_value(START.replace(**{name: value}))
        write(qtbot, form, name, "None")
        assert form.value == START


def test_that_a_slider_leads_from_none_to_a_number(form: SpecForm, qtbot: QtBot) -> None:
    slider = form.findChild(QSlider, "form.limit.slider")
    assert isinstance(slider, QSlider)
    assert slider.isEnabled()
    assert slider.value() == 0
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert isinstance(form.value, Everything)
    assert form.value.limit is not None


@pytest.mark.parametrize(
    ("name", "start", "up"),
    [
        ("kernel_size", (3, 3), (4, 4)),
        ("padding", ((1, 1), (1, 1)), ((2, 1), (1, 1))),
        ("factor", (0.0, 0.3), (-0.05, 0.35)),
    ],
)
def test_that_arrow_keys_step_within_the_rule(
    form: SpecForm, qtbot: QtBot, name: str, start: object, up: object
) -> None:
    form.set_value(START.replace(**{name: start}))
    qtbot.keyClick(line(form, name), Qt.Key.Key_Up)
    assert getattr(form.value, name) == up
    for _ in range(120):
        qtbot.keyClick(line(form, name), Qt.Key.Key_Down)
    assert error(form, name) == ""
    assert START.replace(**{name: getattr(form.value, name)}) == form.value


def test_that_a_pair_given_as_one_number_is_no_change(form: SpecForm) -> None:
    assert not dotted(form, "kernel_size")
    form.set_value(START.replace(kernel_size=(3, 2)))
    form.rows["kernel_size"].reset()
    assert form.value == START


# --- Four sides -------------------------------------------------------------------------------------------------------


def test_that_each_side_has_its_own_line(form: SpecForm, qtbot: QtBot) -> None:
    for side, value in (("", ((4, 1), (1, 1))), (".bottom", ((4, 5), (1, 1))), (".left", ((4, 5), (6, 1)))):
        write(qtbot, form, f"padding{side}", str({"": 4, ".bottom": 5, ".left": 6}[side]))
        assert form.value == START.replace(padding=value)
    write(qtbot, form, "padding.right", "7")
    assert form.value == START.replace(padding=((4, 5), (6, 7)))
    names = [line(form, f"padding{side}").accessibleName() for side in ("", ".bottom", ".left", ".right")]
    assert names == ["Padding: top", "Padding: bottom", "Padding: left", "Padding: right"]


def test_that_only_the_side_that_is_wrong_is_marked(form: SpecForm, qtbot: QtBot) -> None:
    write(qtbot, form, "padding.right", "-1")
    wrong = [side for side in ("", ".bottom", ".left", ".right") if line(form, f"padding{side}").property("wrong")]
    assert wrong == [".right"]


# --- Nested -----------------------------------------------------------------------------------------------------------


def test_that_a_chosen_kind_brings_its_fields_and_none_takes_them_away(form: SpecForm, qtbot: QtBot) -> None:
    choose(form, "penalty", "l2")
    assert form.value == START.replace(penalty=L2())
    write(qtbot, form, "penalty.l2", "0.5")
    assert form.value == START.replace(penalty=L2(0.5))
    choose(form, "penalty", "l1")
    assert form.value == START.replace(penalty=L1())
    choose(form, "penalty", None)
    assert form.value == START
    assert "penalty" not in form.nested


def test_that_the_only_kind_there_is_has_a_switch(form: SpecForm, qtbot: QtBot) -> None:
    switch = form.editor("inner").main
    assert isinstance(switch, Switch)
    switch.click()
    assert form.value == START.replace(inner=Inner())
    write(qtbot, form, "inner.patience", "7")
    assert form.value == START.replace(inner=Inner(7))
    switch.click()
    assert form.value == START


def test_that_editors_stand_below_each_other_however_deep(form: SpecForm, qtbot: QtBot) -> None:
    choose(form, "penalty", "l2")
    qtbot.waitUntil(lambda: line(form, "penalty.l2").isVisible())
    nested = form.nested.get("penalty")
    assert nested is not None
    left = [
        editor.mapTo(form, editor.rect().topLeft()).x()
        for editor in (form.editor("penalty"), nested.editor("l2"), form.editor("kernel_size"))
    ]
    assert max(left) - min(left) <= 2


# --- More -------------------------------------------------------------------------------------------------------------


def more(form: QWidget, name: str = "form") -> QToolButton:
    found = form.findChild(QToolButton, f"{name}.more")
    assert isinstance(found, QToolButton)
    return found


def test_that_advanced_fields_are_made_when_they_are_asked_for(form: SpecForm) -> None:
    assert form.findChild(QWidget, "form.rare") is None
    assert more(form).accessibleName() == "More: Rare, Rarer"
    more(form).click()
    assert line(form, "rare").isVisible()
    more(form).click()
    assert not line(form, "rare").isVisible()


def test_that_a_hidden_change_shows_at_more(form: SpecForm) -> None:
    mark = form.findChild(QToolButton, "form.more.changed")
    assert isinstance(mark, QToolButton)
    assert mark.isHidden()
    form.set_value(START.replace(rare=6))
    assert mark.isVisible()
    assert mark.toolTip() == more(form).toolTip() == "Changed: Rare"
    mark.click()
    assert line(form, "rare").isVisible()
    assert mark.isHidden()
    assert dotted(form, "rare")
    form.rows["rare"].reset()
    more(form).click()
    assert mark.isHidden()


def test_that_what_was_unfolded_stays_so_for_the_next_form(qtbot: QtBot) -> None:
    unfolded: set[str] = set()
    first = SpecForm("form", START, unfolded=unfolded)
    qtbot.addWidget(first)
    more(first).click()
    second = SpecForm("form", START, unfolded=unfolded)
    qtbot.addWidget(second)
    assert "rare" in second.rows
    more(second).click()
    third = SpecForm("form", START, unfolded=unfolded)
    qtbot.addWidget(third)
    assert "rare" not in third.rows


def test_that_a_folded_field_can_be_reached_by_scripts(form: SpecForm) -> None:
    assert form.editor("rare").value == 5
    assert not form.rows["rare"].isVisible()


# --- Checks across fields ---------------------------------------------------------------------------------------------


def test_that_a_value_that_does_not_fit_beside_the_others_says_so(form: SpecForm, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(form.edited):
        write(qtbot, form, "low", "5")
    assert error(form, "low") == "Everything: low must not be above high. Make high larger."
    assert line(form, "low").text() == "5"
    assert line(form, "low").property("wrong") is True
    write(qtbot, form, "low", "1")
    assert error(form, "low") == ""
    assert form.value == START


def test_that_a_refused_value_is_taken_as_soon_as_it_fits(form: SpecForm, qtbot: QtBot) -> None:
    write(qtbot, form, "low", "5")
    write(qtbot, form, "high", "8")
    assert form.value == START.replace(low=5, high=8)
    assert error(form, "low") == ""


def test_that_a_refused_value_that_was_taken_back_is_forgotten(form: SpecForm, qtbot: QtBot) -> None:
    write(qtbot, form, "low", "5")
    qtbot.keyClick(line(form, "low"), Qt.Key.Key_Escape)
    write(qtbot, form, "high", "8")
    assert form.value == START.replace(high=8)
    write(qtbot, form, "low", "9")
    write(qtbot, form, "low", "many")
    write(qtbot, form, "high", "9")
    assert form.value == START.replace(high=9)


def test_that_the_old_value_typed_again_clears_the_sentence(form: SpecForm, qtbot: QtBot) -> None:
    write(qtbot, form, "count", "0")
    assert error(form, "count")
    write(qtbot, form, "count", "")
    assert error(form, "count") == ""
    assert form.value == START
