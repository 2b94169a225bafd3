"""The network picture as a panel: what is painted, chosen, zoomed, kept and written."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QGuiApplication, QHelpEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from nncore.drawing import arrange, lettering
from nncore.errors import InputError
from nncore.layers import (
    LAYERS,
    LSTM,
    BatchNormalization,
    Conv2D,
    Dense,
    Embedding,
    Flatten,
    GlobalAveragePooling2D,
    Layer,
    MaxPooling2D,
)
from nncore.network import Network
from nncore.plan import initial_parameters
from nncore.snapshot import Snapshot
from nncore.trace import trace
from tests.nncore.networks import INPUT_SHAPES, fitting
from tests.workbench.panels.conftest import Show
from workbench.panels.picture import PicturePanel
from workbench.panels.picture.brushes import _lettering, link_colours
from workbench.panels.picture.sizes import LEAST
from workbench.theme import DARK, LIGHT, current, fonts

SMALL = Network((3,), (Dense(4, activation="relu"), Dense(2)))
PICTURES = Network((28, 28, 1), (Conv2D(8, (3, 3)), MaxPooling2D((2, 2)), Flatten(), Dense(128), Dense(10)))
WRONG = Network((28, 28, 1), (Conv2D(8, (3, 3)), LSTM(5), Dense(10)))
LONG = Network((30,), tuple(Dense(10 + number % 30) for number in range(200)))


def learned(network: Network, step: int = 7) -> Snapshot:
    return Snapshot.of(network, initial_parameters(network, 0), step, 1.0)


def panel_of(show: Show, network: Network = SMALL, width: int = 700, height: int = 450) -> PicturePanel:
    panel = PicturePanel()
    show(panel, width, height)
    panel.show_network(network, trace(network))
    QApplication.processEvents()
    return panel


def settled(panel: PicturePanel) -> QImage:
    """Return what the view shows when nothing is left to be painted."""
    for _ in range(200):
        picture = panel.view.grab().toImage()
        if not panel.view.tiles.behind:
            return picture
    raise AssertionError("the picture is never ready")


def pixels(picture: QImage) -> np.ndarray:
    """Return (height, width, 3): red, green and blue of each pixel."""
    picture = picture.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.width(), 4)
    return flat[:, :, 2::-1].astype(int)


def colours(picture: QImage) -> set[str]:
    return {"#{:02x}{:02x}{:02x}".format(*rgb) for rgb in np.unique(pixels(picture).reshape(-1, 3), axis=0)}


def distance(picture: QImage, colour: str) -> int:
    """Return how far the pixel that is most like a colour is from it, 0 to 255; thin slanting lines are paler."""
    wanted = QColor(colour)
    return int(np.abs(pixels(picture) - (wanted.red(), wanted.green(), wanted.blue())).max(axis=2).min())


# --- What is painted ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("cls", LAYERS, ids=lambda cls: cls.__name__)
def test_that_every_layer_is_painted_in_the_colour_of_its_family(show: Show, cls: type[Layer], mode: str) -> None:
    current().set_mode(mode)
    shape = next(shape for shape in INPUT_SHAPES if cls in fitting(shape, True))
    network = Network(shape, (cls.suggested(),))
    panel = panel_of(show, network)
    panel.show_weights(learned(network))
    assert distance(settled(panel), current().tokens.families[cls.family]) < 40


def test_that_links_have_the_colours_of_their_signs(show: Show) -> None:
    panel = panel_of(show)
    positive, negative = link_colours(LIGHT)
    assert not {positive, negative} & colours(settled(panel))
    snapshot = learned(SMALL)
    for sign, there, missing in ((1, positive, negative), (-1, negative, positive)):
        panel.show_weights(dataclasses.replace(snapshot, parameters=np.full_like(snapshot.parameters, sign)))
        seen = colours(settled(panel))
        assert there in seen
        assert missing not in seen


def test_that_weights_that_are_no_numbers_are_red(show: Show) -> None:
    panel = panel_of(show)
    snapshot = learned(SMALL)
    panel.show_weights(dataclasses.replace(snapshot, parameters=np.full_like(snapshot.parameters, np.nan)))
    assert LIGHT.wrong in colours(settled(panel))


def test_that_weights_of_another_network_are_not_shown(show: Show) -> None:
    panel = panel_of(show)
    panel.show_weights(learned(PICTURES))
    assert panel.note.text() == "edited since the training"
    assert not set(link_colours(LIGHT)) & colours(settled(panel))
    panel.show_weights(learned(SMALL, 1234))
    assert panel.note.text() == "thicker is stronger · step 1,234"
    panel.show_weights(None)
    assert panel.note.text() == "before the first training"


def test_that_the_colours_of_weights_are_explained_only_where_weights_are_coloured(show: Show) -> None:
    panel = panel_of(show)
    assert panel._legend.entries == ()
    panel.show_weights(learned(SMALL))
    assert [entry.name for entry in panel._legend.entries] == ["positive weight", "negative weight"]
    current().set_mode("dark")
    assert [entry.colours for entry in panel._legend.entries] == [(colour,) for colour in link_colours(DARK)]
    panel.show_weights(learned(PICTURES))
    assert panel._legend.entries == ()


def test_that_the_note_stands_below_the_legend_only_where_there_is_one(show: Show) -> None:
    panel = panel_of(show)
    panel.resize(400, 400)
    line = panel.fit_button.geometry()
    QApplication.processEvents()
    assert line.top() <= panel.note.geometry().center().y() <= line.bottom()
    panel.show_weights(learned(SMALL))
    QApplication.processEvents()
    assert panel.note.geometry().top() > panel._legend.geometry().center().y()


def test_that_a_layer_that_does_not_fit_is_red_and_what_follows_is_not_known(show: Show) -> None:
    panel = panel_of(show, WRONG)
    assert LIGHT.wrong in colours(settled(panel))
    assert panel.drawing is not None
    assert [node.glyph.kind for node in panel.drawing.nodes] == ["sheets", "sheets", "unknown", "unknown"]
    assert "LSTM reads sequences" in panel.view.pointed(panel.drawing.nodes[2])
    assert panel.drawing.nodes[3].notes == ("?",)


def test_that_an_empty_network_says_what_to_do(show: Show) -> None:
    panel = panel_of(show, Network((3,)))
    assert panel.drawing is None
    assert panel._empty.isVisible()
    problem = trace(Network((3,))).loss_problem
    assert problem is not None
    assert panel._empty.text() == f"{problem.sentence}\n{problem.remedy}"
    panel.show_network(SMALL, trace(SMALL))
    assert not panel._empty.isVisible()


def test_that_letters_take_no_more_room_than_was_left_for_them(show: Show) -> None:
    texts = [line for cls in LAYERS for line in lettering.lines(cls.__name__)]
    texts += [
        "26 × 26 × 32",
        "5,408, 12 shown",
        "128 units, 6 shown",
        "1,000 × 16",
        "× 1,000 steps",
        "WWWWWWWW",
        "iiii",
    ]
    for size, bold in ((14.0, True), (12.0, False)):
        metrics = QFontMetricsF(_lettering(size, bold))
        for text in texts:
            assert metrics.horizontalAdvance(text) <= lettering.width(text, size), text


# --- Choosing, zooming, pushing -----------------------------------------------------------------------------------


def test_that_a_click_chooses_a_layer(show: Show, qtbot: QtBot) -> None:
    panel = panel_of(show)
    for row in (2, 0, 1):
        with qtbot.waitSignal(panel.chosen) as chosen:
            qtbot.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=panel.view.place_of(row))
        assert chosen.args == [row]


def test_that_the_chosen_layer_is_outlined_and_described(show: Show) -> None:
    panel = panel_of(show)
    before = colours(settled(panel))
    panel.select(1)
    assert LIGHT.accent in colours(settled(panel)) - before
    assert panel.view.accessibleDescription() == (
        "Layer 1 of 2: Dense, 3 in, 4 out, 16 parameters, 12 multiply-adds for each sample."
    )


def test_that_the_arrows_go_from_layer_to_layer(show: Show, qtbot: QtBot) -> None:
    panel = panel_of(show)
    panel.chosen.connect(panel.select)
    panel.view.setFocus()
    panel.select(1)
    visited = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_Left, Qt.Key.Key_End):
        qtbot.keyClick(panel.view, key)
        visited.append(panel.view.row)
    assert visited == [2, 2, 1, 0, 0, 2]


def test_that_enter_asks_for_the_settings(show: Show, qtbot: QtBot) -> None:
    panel = panel_of(show)
    with qtbot.waitSignal(panel.opened):
        qtbot.keyClick(panel.view, Qt.Key.Key_Return)


def turn_wheel(panel: PicturePanel, notches: int, place: QPoint) -> None:
    position = QPointF(place)
    event = QWheelEvent(
        position,
        panel.view.mapToGlobal(position),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(panel.view, event)


def test_that_the_wheel_zooms_around_the_mouse(show: Show) -> None:
    panel = panel_of(show)
    place = panel.view.place_of(2)
    before = panel.view.camera
    turn_wheel(panel, 2, place)
    assert panel.view.camera.scale > before.scale
    assert (panel.view.place_of(2) - place).manhattanLength() <= 1
    turn_wheel(panel, 50, place)
    assert panel.view.camera.scale == 4.0
    turn_wheel(panel, -100, place)
    assert 0 < panel.view.camera.scale < before.scale


@pytest.mark.parametrize("way", ["key", "button", "double click"])
def test_that_all_is_seen_again_after_zooming(show: Show, qtbot: QtBot, way: str) -> None:
    panel = panel_of(show)
    before = panel.view.camera
    turn_wheel(panel, 4, QPoint(40, 40))
    if way == "key":
        qtbot.keyClick(panel.view, Qt.Key.Key_0)
    elif way == "button":
        qtbot.mouseClick(panel.fit_button, Qt.MouseButton.LeftButton)
    else:
        qtbot.mouseDClick(panel.view, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    assert panel.view.camera == before


def test_that_dragging_pushes_the_picture_and_chooses_nothing(show: Show, qtbot: QtBot) -> None:
    panel = panel_of(show)
    chosen: list[int] = []
    panel.chosen.connect(chosen.append)
    start, before = panel.view.place_of(1), panel.view.camera
    qtbot.mousePress(panel.view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(panel.view, start + QPoint(60, 20))
    qtbot.mouseRelease(panel.view, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 20))
    assert (panel.view.camera.left, panel.view.camera.top) == (before.left + 60, before.top + 20)
    assert chosen == []


def test_that_keys_make_the_picture_larger_and_smaller(show: Show, qtbot: QtBot) -> None:
    panel = panel_of(show)
    before = panel.view.camera.scale
    qtbot.keyClick(panel.view, Qt.Key.Key_Plus)
    assert panel.view.camera.scale > before
    qtbot.keyClick(panel.view, Qt.Key.Key_Minus)
    assert panel.view.camera.scale == pytest.approx(before)


# The offscreen platform says of every tooltip what it cannot do.
def test_that_a_tooltip_has_equation_shapes_and_parameters(show: Show) -> None:
    panel = panel_of(show)
    place = panel.view.place_of(1)
    event = QHelpEvent(QEvent.Type.ToolTip, place, panel.view.mapToGlobal(place))
    QApplication.sendEvent(panel.view, event)
    text = QToolTip.text()
    QToolTip.hideText()
    assert f"{fonts.strong('Dense')} 4 units · relu" in text
    assert "relu(" in text
    assert "3 in, 4 out" in text
    assert "16 parameters" in text


def test_that_a_long_network_stays_legible_and_the_chosen_layer_is_seen(show: Show) -> None:
    panel = panel_of(show, LONG)
    for row in (150, 3, 200):
        panel.select(row)
        assert panel.view.camera.scale >= LEAST
        assert panel.view.rect().contains(panel.view.place_of(row))
    panel.view.fit()
    assert all(panel.view.rect().contains(panel.view.place_of(row)) for row in (0, 100, 200))


# --- What it costs ------------------------------------------------------------------------------------------------


def test_that_a_hidden_panel_computes_nothing_and_catches_up(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = panel_of(show)
    drawing = panel.drawing
    panel.hide()
    panel.show_network(PICTURES, trace(PICTURES))
    panel.show_weights(learned(PICTURES))
    panel.select(2)
    assert panel.drawing is drawing
    assert panel.note.text() == "before the first training"
    panel.show()
    assert panel.drawing is not None
    assert len(panel.drawing.nodes) == 6
    assert panel.note.text().endswith("step 7")
    assert panel.view.row == 2


def test_that_an_edit_paints_only_what_has_changed(show: Show) -> None:
    panel = panel_of(show, LONG)
    panel.view.fit()
    settled(panel)
    before = panel.view.tiles.painted
    layers = list(LONG.layers)
    layers[100] = Dense(layers[100].units, activation="relu")
    changed = Network(LONG.input_shape, tuple(layers))
    panel.show_network(changed, trace(changed))
    settled(panel)
    assert panel.view.tiles.painted == before  # an activation is not drawn
    layers[100] = Dense(77)
    changed = Network(LONG.input_shape, tuple(layers))
    panel.show_network(changed, trace(changed))
    panel.view.zoom(1.0)
    settled(panel)
    assert 1 <= panel.view.tiles.painted - before <= 3


def test_that_the_same_weights_paint_nothing_anew(show: Show) -> None:
    panel = panel_of(show)
    panel.show_weights(learned(SMALL))
    settled(panel)
    before = panel.view.tiles.painted
    panel.show_weights(learned(SMALL, 8))
    settled(panel)
    assert panel.view.tiles.painted == before


# --- Files --------------------------------------------------------------------------------------------------------

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("network", [SMALL, PICTURES, WRONG, LONG], ids=["small", "pictures", "wrong", "long"])
def test_that_an_svg_names_every_layer(show: Show, tmp_path: Path, network: Network) -> None:
    panel = panel_of(show, network)
    panel.save_svg(tmp_path / "network.svg")
    root = ElementTree.fromstring((tmp_path / "network.svg").read_text("utf-8"))
    words = [(text.text or "").strip() for text in root.iter(f"{SVG}text")]
    for name in {layer.type_name for layer in network.layers}:
        assert words.count(name) == sum(layer.type_name == name for layer in network.layers)
    assert words.count("Input") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["network.svg"]


def test_that_an_svg_has_as_many_neurons_and_links_as_are_shown(show: Show, tmp_path: Path) -> None:
    panel = panel_of(show)
    panel.save_svg(tmp_path / "network.svg")
    root = ElementTree.fromstring((tmp_path / "network.svg").read_text("utf-8"))
    assert len(list(root.iter(f"{SVG}circle")) + list(root.iter(f"{SVG}ellipse"))) == 3 + 4 + 2
    assert len(list(root.iter(f"{SVG}polyline"))) == 3 * 4 + 4 * 2 + 1, "and one in the legend"


def test_that_an_svg_says_what_its_colours_and_its_numbers_mean(show: Show, tmp_path: Path) -> None:
    panel = panel_of(show, PICTURES)
    for learned_from in (None, learned(PICTURES)):
        panel.show_weights(learned_from)
        panel.save_svg(tmp_path / "network.svg")
        root = ElementTree.fromstring((tmp_path / "network.svg").read_text("utf-8"))
        words = [(text.text or "").strip() for text in root.iter(f"{SVG}text")]
        assert words[-1] == '"12 shown": only 12 of 128 are drawn'
        explained = ["weight, not learned yet"]
        if learned_from is not None:
            explained = ["positive weight", "negative weight", "thicker is stronger within a layer"]
        assert words[-1 - len(explained) : -1] == explained


def test_that_a_png_has_the_legend_in_the_colours_of_the_links(show: Show, tmp_path: Path) -> None:
    panel = panel_of(show)
    panel.show_weights(learned(SMALL))
    panel.save_png(tmp_path / "network.png")
    picture = QImage(str(tmp_path / "network.png"))
    assert panel.drawing is not None
    below = round(2 * (24 + panel.drawing.height))
    legend = picture.copy(0, below, picture.width(), picture.height() - below)
    assert set(link_colours(LIGHT)) <= colours(legend)
    edge = picture.copy(picture.width() - 20, 0, 20, picture.height())
    assert colours(edge) == {LIGHT.panel}, "nothing is cut off"


def test_that_the_panel_says_that_some_are_not_drawn_where_it_has_room(show: Show) -> None:
    panel = panel_of(show, PICTURES, 900, 540)
    view = panel.view

    def corner() -> QImage:
        settled(panel)
        whole = view.grab().toImage()
        return whole.copy(0, whole.height() - 32, 100, 20)

    assert distance(corner(), LIGHT.dim) < 40
    view.camera = view.camera.moved(400, 40)
    assert len(colours(corner())) == 1, "the drawing reaches down to where it would be"


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_that_a_png_has_the_whole_network_twice_as_large_in_the_present_theme(
    show: Show, tmp_path: Path, mode: str
) -> None:
    current().set_mode(mode)
    panel = panel_of(show, PICTURES, 300, 200)
    panel.save_png(tmp_path / "network.png")
    picture = QImage(str(tmp_path / "network.png"))
    assert picture.width() == round(2 * (arrange(PICTURES, trace(PICTURES)).width + 48))
    assert picture.pixelColor(0, 0).name() == current().tokens.panel
    assert distance(picture, current().tokens.families["convolution"]) < 40


def test_that_a_picture_of_a_hidden_panel_is_whole(tmp_path: Path, qtbot: QtBot) -> None:
    panel = PicturePanel()
    qtbot.addWidget(panel)
    panel.show_network(PICTURES, trace(PICTURES))
    panel.copy_picture()
    assert QGuiApplication.clipboard().image().width() > 1000


def test_that_a_folder_that_is_missing_is_told_and_nothing_is_left(show: Show, tmp_path: Path) -> None:
    panel = panel_of(show)
    for save, name in ((panel.save_svg, "a.svg"), (panel.save_png, "a.png")):
        with pytest.raises(InputError, match="cannot be written"):
            save(tmp_path / "missing" / name)
    assert list(tmp_path.iterdir()) == []


def test_that_an_embedding_is_coloured_by_its_numbers(show: Show) -> None:
    network = Network((5,), (Embedding(30, 4), LSTM(3)))
    panel = panel_of(show, network)
    before = colours(settled(panel))
    panel.show_weights(learned(network))
    assert set(link_colours(LIGHT)) & (colours(settled(panel)) - before)


# --- Letters ------------------------------------------------------------------------------------------------------

POOLED = Network((28, 28, 1), (Conv2D(8, (3, 3)), GlobalAveragePooling2D(), BatchNormalization(), Dense(10)))


def letters(panel: PicturePanel, bold: bool) -> set[int]:
    """Return the sizes of what is written, in pixels of the screen."""
    assert panel.drawing is not None
    lines = [line for node in panel.drawing.nodes for line in node.lines]
    return {round(size * panel.view.camera.scale) for _, size, strong in lines if strong == bold}


@pytest.mark.parametrize("size", ["normal", "large", "largest"])
@pytest.mark.parametrize(("width", "height"), [(580, 230), (360, 260), (560, 540), (1400, 700)])
@pytest.mark.parametrize(
    "network", [SMALL, PICTURES, POOLED, WRONG, LONG], ids=["small", "cnn", "pooled", "no", "long"]
)
def test_that_all_names_have_one_size_that_can_be_read_and_stand_apart(
    show: Show, network: Network, width: int, height: int, size: str
) -> None:
    current().set_text_size(size)
    panel = panel_of(show, network, width, height)
    assert panel.drawing is not None
    (names,) = letters(panel, bold=True)
    assert names >= fonts.pixels(fonts.CAPTION) - 1
    notes = letters(panel, bold=False)
    assert not notes or min(notes) >= fonts.pixels(fonts.SMALL - 1) - 1
    scale = panel.view.camera.scale
    for left, right in itertools.pairwise(panel.drawing.nodes):
        assert left.right <= right.left + 1e-6
    for node in panel.drawing.nodes:
        for text, points, bold in node.lines:
            room = QFontMetricsF(_lettering(points * scale, bold)).horizontalAdvance(text)
            assert room <= node.width * scale
    assert panel.drawing.height * scale <= panel.view.height()


def test_that_a_low_picture_leaves_the_notes_out_and_keeps_the_names(show: Show) -> None:
    panel = panel_of(show, PICTURES, 700, 450)
    assert letters(panel, bold=False)
    panel.resize(700, 230)
    QApplication.processEvents()
    assert not letters(panel, bold=False)
    assert letters(panel, bold=True)
    assert panel.drawing is not None
    assert panel.drawing.width * panel.view.camera.scale < panel.view.width()


def test_that_the_whole_network_can_be_seen_with_names_where_notes_have_no_room(
    show: Show,
) -> None:
    current().set_text_size("largest")
    panel = panel_of(show, PICTURES, 620, 500)
    assert panel.drawing is not None
    assert panel.drawing.width * panel.view.camera.scale > panel.view.width(), "from the chosen layer on, with notes"
    assert letters(panel, bold=False)
    panel.view.fit()
    assert panel.drawing.width * panel.view.camera.scale < panel.view.width()
    assert not letters(panel, bold=False)
    assert min(letters(panel, bold=True)) >= 18


def test_that_a_name_of_several_lines_has_one_in_a_low_picture(show: Show) -> None:
    panel = panel_of(show, POOLED, 700, 450)
    assert panel.drawing is not None
    assert [text for text, _, bold in panel.drawing.nodes[2].lines if bold] == ["Global", "Average", "Pooling2D"]
    panel.resize(700, 180)
    QApplication.processEvents()
    assert [text for text, _, _ in panel.drawing.nodes[2].lines] == ["GlobalAveragePooling2D"]


def test_that_names_follow_the_size_of_text_at_once(show: Show) -> None:
    panel = panel_of(show, PICTURES, 580, 260)
    before = letters(panel, bold=True)
    current().set_text_size("largest")
    assert min(letters(panel, bold=True)) >= 1.4 * max(before)


def test_that_letters_can_be_read_at_each_step_of_zooming_out(show: Show) -> None:
    current().set_text_size("largest")
    panel = panel_of(show, PICTURES, 900, 400)
    before = panel.view.camera.scale
    for _ in range(20):
        panel.view.zoom(1 / 1.2)
        names = letters(panel, bold=True)
        assert not names if panel.view.camera.scale < LEAST else min(names) >= 18
    assert panel.view.camera.scale < 0.6 * before


def test_that_another_theme_leaves_the_part_that_is_seen_where_it_is(show: Show) -> None:
    panel = panel_of(show)
    turn_wheel(panel, 3, QPoint(40, 40))
    before = panel.view.camera
    current().set_mode("dark")
    assert panel.view.camera == before
