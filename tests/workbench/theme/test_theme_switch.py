"""Switching the theme recolours what is on the screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAction, QColor, QFontInfo, QIcon, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFrame,
    QMenu,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from workbench import theme
from workbench.theme import DARK, LIGHT, contrast, fonts, icons
from workbench.theme.widgets import ProgressBar


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[theme.Theme]:
    found = theme.install(qapp, "light")
    yield found
    found.set_mode("light")


def colours(icon: QIcon) -> set[str]:
    """The opaque colours of an icon."""
    image = icon.pixmap(32, 32).toImage()
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


def test_that_switching_exchanges_palette_and_style_sheet(qtbot: QtBot, qapp: QApplication) -> None:
    found = theme.current()
    with qtbot.waitSignal(found.changed):
        found.set_mode("dark")
    assert found.dark
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)
    assert DARK.accent in qapp.styleSheet()
    assert LIGHT.accent not in qapp.styleSheet()


def test_that_icons_check_marks_and_arrows_of_menus_grow_with_the_text(qtbot: QtBot) -> None:
    menu = QMenu()
    qtbot.addWidget(menu)
    menu.addAction(icons.icon("delete"), "Remove")
    menu.addAction("Shown").setCheckable(True)
    menu.actions()[1].setChecked(True)
    menu.addMenu("More")
    sizes = {}
    for name in ("normal", "largest", "normal"):
        theme.current().set_text_size(name)
        menu.ensurePolished()
        menu.resize(menu.sizeHint())
        assert menu.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize, None, menu) == fonts.pixels(16)
        sizes[name] = [marked(menu, action) for action in menu.actions()]
    for usual, large in zip(sizes["normal"], sizes["largest"], strict=True):
        assert large >= 1.3 * usual


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
def test_that_boxes_and_circles_grow_with_the_text(qtbot: QtBot, kind: type[QCheckBox | QRadioButton]) -> None:
    for chosen in (False, True):
        button, sizes = kind(), {}
        qtbot.addWidget(button)
        button.setChecked(chosen)
        for name in ("normal", "largest"):
            theme.current().set_text_size(name)
            button.ensurePolished()
            option = QStyleOptionButton()
            button.initStyleOption(option)
            mark = QStyle.SubElement.SE_RadioButtonIndicator
            if kind is QCheckBox:
                mark = QStyle.SubElement.SE_CheckBoxIndicator
            option.rect.setSize(button.sizeHint())
            sizes[name] = button.style().subElementRect(mark, option, button).size()
        theme.current().set_text_size("normal")
        assert sizes["largest"].width() >= 1.4 * sizes["normal"].width()
        assert sizes["largest"].width() == sizes["largest"].height()


def test_that_a_bar_has_round_ends_however_little_is_filled(qtbot: QtBot) -> None:
    bar = ProgressBar()
    qtbot.addWidget(bar)
    bar.setRange(0, 200)
    bar.resize(200, 6)
    accent, background = QColor(LIGHT.accent), QPalette.ColorRole.Window
    for value in (3, 4, 5, 100, 200):
        bar.setValue(value)
        picture = bar.grab().toImage()
        assert picture.pixelColor(min(value, 198) // 2, 3) == accent
        corner = picture.pixelColor(0, 0)
        beside = bar.palette().color(background)
        assert contrast(corner.name(), beside.name()) < 2 < contrast(accent.name(), beside.name())


def marked(menu: QMenu, action: QAction) -> int:
    """How high the mark beside the words of an entry is: the icon, or the arrow at the other end."""
    place, picture = menu.actionGeometry(action), menu.grab().toImage()
    dim = theme.current().tokens.dim
    columns = range(place.right() - 30, place.right()) if action.menu() else range(place.left(), place.left() + 28)
    rows = [
        y for y in range(place.top(), place.bottom()) if any(picture.pixelColor(x, y).name() == dim for x in columns)
    ]
    return max(rows) - min(rows) + 1


def test_that_a_card_is_painted_in_the_colours_of_the_new_theme(qtbot: QtBot) -> None:
    card = QFrame()
    card.setProperty("card", True)
    card.resize(60, 60)
    qtbot.addWidget(card)
    card.show()
    assert card.grab().toImage().pixelColor(30, 30) == QColor(LIGHT.panel)
    theme.current().set_mode("dark")
    assert card.grab().toImage().pixelColor(30, 30) == QColor(DARK.panel)


def test_that_a_bound_icon_follows_the_theme(qtbot: QtBot) -> None:
    button = QToolButton()
    qtbot.addWidget(button)
    icons.bind(button, "stop", "wrong")
    assert LIGHT.wrong in colours(button.icon())
    theme.current().set_mode("dark")
    assert DARK.wrong in colours(button.icon())


def test_that_binding_again_exchanges_the_icon(qtbot: QtBot) -> None:
    button = QToolButton()
    qtbot.addWidget(button)
    icons.bind(button, "up")
    before = button.icon().pixmap(24, 24).toImage()
    icons.bind(button, "down")
    assert button.icon().pixmap(24, 24).toImage() != before
    assert len([child for child in button.children() if child.objectName() == "iconBinding"]) == 1


def test_that_asking_for_the_mode_in_force_repaints_nothing(qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(theme.current().changed):
        theme.current().set_mode("light")


def test_that_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="light, dark, system"):
        theme.current().set_mode("pink")


def test_that_an_application_has_one_theme(qapp: QApplication) -> None:
    assert theme.install(qapp, "light") is theme.current()


def test_that_the_bundled_fonts_are_used(qapp: QApplication) -> None:
    assert {"Inter", "STIX"} <= set(fonts.load())
    assert QFontInfo(qapp.font()).family() == "Inter"
    assert QFontInfo(fonts.equation()).family() == "STIX"


@pytest.mark.parametrize("name", ["Dense", "train", "input", "loss", "convolution"])
def test_that_icons_have_something_to_show(name: str) -> None:
    assert colours(icons.icon(name, "text"))


def test_that_a_layer_without_an_icon_takes_that_of_its_family() -> None:
    fallback = icons.icon("NoSuchLayer", "text", "pooling").pixmap(24, 24).toImage()
    assert fallback == icons.icon("pooling", "text").pixmap(24, 24).toImage()
