"""Everything in the network's list works by keyboard and by mouse."""

from __future__ import annotations

import html
import shutil

import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QHelpEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidgetItem, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from nncore.layers import FAMILIES, LAYERS, LSTM, Activation, Dense, Dropout, Flatten, Layer
from nncore.network import Network
from nncore.project import Change, Project
from tests.workbench.editor.conftest import names
from workbench import theme
from workbench.document import Document
from workbench.editor import LayerView, NetworkPanel, Palette
from workbench.editor.family_pictures import WIDTH, picture, picture_html
from workbench.editor.folded import folded_file, load_folded
from workbench.editor.layer_delegate import MOST_PICTURES
from workbench.editor.palette_paint import entry_width
from workbench.editor.row_layout import lay_out
from workbench.forms.equation import typeset
from workbench.theme import fonts, icons

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


# --- Keyboard -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_that_a_key_removes_the_layer_and_selects_its_follower(
    view: LayerView, document: Document, qtbot: QtBot, key: Qt.Key
) -> None:
    view.select_position(1)
    qtbot.keyClick(view, key)
    assert names(document) == ["Flatten", "Dropout", "Dense"]
    assert view.selected_position() == 1


def test_that_every_layer_can_be_removed(view: LayerView, document: Document, qtbot: QtBot) -> None:
    view.select_position(3)
    for _ in range(6):
        qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert names(document) == []
    assert document.stack.count() == 4


@pytest.mark.parametrize("row", [0, 5])
def test_that_input_and_loss_stay(view: LayerView, document: Document, qtbot: QtBot, row: int) -> None:
    view.setCurrentIndex(view.rows.index(row))
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
        qtbot.keyClick(view, key)
    qtbot.keyClick(view, Qt.Key.Key_D, CONTROL)
    qtbot.keyClick(view, Qt.Key.Key_Up, ALT)
    qtbot.keyClick(view, Qt.Key.Key_Down, ALT)
    assert document.stack.count() == 0


def test_that_ctrl_d_duplicates_and_selects_the_copy(view: LayerView, document: Document, qtbot: QtBot) -> None:
    view.select_position(1)
    qtbot.keyClick(view, Qt.Key.Key_D, CONTROL)
    assert names(document) == ["Flatten", "Dense", "Dense", "Dropout", "Dense"]
    assert view.selected_position() == 2


def test_that_alt_and_arrows_move_the_layer_and_keep_it_selected(
    view: LayerView, document: Document, qtbot: QtBot
) -> None:
    view.select_position(2)
    qtbot.keyClick(view, Qt.Key.Key_Up, ALT)
    qtbot.keyClick(view, Qt.Key.Key_Up, ALT)
    qtbot.keyClick(view, Qt.Key.Key_Up, ALT)
    assert names(document) == ["Dropout", "Flatten", "Dense", "Dense"]
    assert view.selected_position() == 0
    qtbot.keyClick(view, Qt.Key.Key_Down, ALT)
    assert view.selected_position() == 1
    assert document.stack.count() == 3


def test_that_arrows_walk_through_all_rows(view: LayerView, qtbot: QtBot) -> None:
    seen: list[tuple[str, int]] = []
    view.row_chosen.connect(lambda kind, position: seen.append((kind, position)))
    view.setCurrentIndex(view.rows.index(0))
    for _ in range(5):
        qtbot.keyClick(view, Qt.Key.Key_Down)
    assert seen == [("input", -1), ("layer", 0), ("layer", 1), ("layer", 2), ("layer", 3), ("loss", -1)]


def test_that_enter_and_a_double_click_ask_for_the_form(view: LayerView, qtbot: QtBot) -> None:
    view.select_position(1)
    with qtbot.waitSignal(view.form_wanted):
        qtbot.keyClick(view, Qt.Key.Key_Return)
    place = view.visualRect(view.rows.index(2)).center() + QPoint(0, 8)  # on no word of a setting
    with qtbot.waitSignal(view.form_wanted):
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Right])
def test_that_the_keys_that_steer_the_training_pass_through(view: LayerView, key: Qt.Key) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
    view.keyPressEvent(event)
    assert not event.isAccepted()


# --- Mends ----------------------------------------------------------------------------------------------------------


def test_that_ctrl_enter_mends_the_row(view: LayerView, document: Document, qtbot: QtBot) -> None:
    document.remove(0)
    qtbot.keyClick(view, Qt.Key.Key_Return, CONTROL)
    assert document.trace.problems == []
    assert names(document)[0] == "Flatten"


def mend_place(view: LayerView, row: int) -> QPoint:
    parts = view.painter_of_rows.layout(view.rows.index(row))
    assert parts is not None
    return parts.buttons[0][0].center().toPoint()


def test_that_a_click_on_a_mend_button_mends_in_one_undo_step(
    view: LayerView, document: Document, qtbot: QtBot
) -> None:
    document.remove(0)
    view.executeDelayedItemsLayout()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=mend_place(view, 1))
    assert document.trace.problems == []
    assert document.stack.undoText() == "Insert Flatten above"
    document.stack.undo()
    assert document.trace.problems != []


def test_that_a_press_that_slips_off_the_button_mends_nothing(
    view: LayerView, document: Document, qtbot: QtBot
) -> None:
    document.remove(0)
    view.executeDelayedItemsLayout()
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(view.viewport(), left, pos=mend_place(view, 1))
    qtbot.mouseRelease(view.viewport(), left, pos=QPoint(5, 5))
    assert document.stack.count() == 1


def test_that_an_error_makes_room_for_itself_at_every_width(view: LayerView, document: Document) -> None:
    healthy = view.visualRect(view.rows.index(2)).height()
    document.remove(0)
    heights = []
    for width in (300, 200):
        view.resize(width, 700)
        view.executeDelayedItemsLayout()
        parts = view.painter_of_rows.layout(view.rows.index(1))
        assert parts is not None
        assert parts.error is not None
        rect = view.visualRect(view.rows.index(1))
        assert parts.error.bottom() <= rect.bottom() + 1
        for button, _ in parts.buttons:
            assert parts.error.contains(button)
        assert parts.error.contains(parts.words_rect)
        heights.append(rect.height())
    assert healthy < heights[0] < heights[1]


def entries(menu: QMenu) -> list[str]:
    return [action.text().replace("&", "") for action in menu.actions() if not action.isSeparator()]


def test_that_the_menu_offers_mends_and_edits(view: LayerView, document: Document) -> None:
    edits = ["Edit in the row", "Cut", "Copy", "Paste", "Duplicate", "Disable layer", "Move up", "Move down", "Remove"]
    assert entries(view.make_menu(1)) == ["Settings", *edits]
    assert entries(view.make_menu(0)) == ["Settings", "Paste", "Copy network"]
    document.remove(0)
    menu = view.make_menu(1)
    assert entries(menu)[0] == "Insert Flatten above"
    menu.actions()[0].trigger()
    assert document.trace.problems == []


def test_that_the_menu_tells_the_key_of_the_first_mend(view: LayerView, document: Document) -> None:
    document.remove(0)
    view.select_position(0)
    first, *others = [action for action in view.make_menu(1).actions() if action.data() is not None]
    assert first.shortcut().toString() == "Ctrl+Return"
    assert all(action.shortcut().isEmpty() for action in others)


# The platform without a screen can neither raise a popup nor give it the keyboard, and says so.
def test_that_the_menu_key_opens_the_menu_of_the_current_row(view: LayerView, document: Document) -> None:
    view.setCurrentIndex(view.rows.index(2))
    nowhere = QPoint(1, 1)
    QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, nowhere, nowhere))
    (menu,) = [menu for menu in view.findChildren(QMenu) if menu.isVisible()]
    next(action for action in menu.actions() if action.text() == "&Duplicate").trigger()
    menu.close()
    assert names(document) == ["Flatten", "Dense", "Dense", "Dropout", "Dense"]


# --- Selection ------------------------------------------------------------------------------------------------------


def test_that_the_selection_follows_its_layer_through_undo(view: LayerView, document: Document) -> None:
    view.select_position(3)
    document.move(3, 0)
    assert view.selected_position() == 0
    document.stack.undo()
    assert view.selected_position() == 3


def test_that_a_new_layer_goes_behind_the_current_row(view: LayerView, document: Document) -> None:
    view.select_position(1)
    view.add(Activation("tanh"))
    assert names(document)[2] == "Activation"
    assert view.selected_position() == 2
    view.setCurrentIndex(view.rows.index(0))
    view.add(Flatten())
    assert names(document)[0] == "Flatten"
    view.setCurrentIndex(view.rows.index(view.rows.rowCount() - 1))
    view.add(Activation("relu"))
    assert names(document)[-1] == "Activation"


@pytest.mark.parametrize("count", [0, 2, 3, 5])
def test_that_every_choice_is_told_after_several_layers_came_or_went(
    view: LayerView, document: Document, qtbot: QtBot, count: int
) -> None:
    before = document.project
    after = before.replace(network=Network((4, 4), (Flatten(), *[Dense(10, "softmax")] * count)))
    document.apply(Change("Exchange", before, after))
    for row in range(view.rows.rowCount()):
        view.setCurrentIndex(view.rows.index(0 if row else 1))
        with qtbot.waitSignal(view.row_chosen) as told:
            view.setCurrentIndex(view.rows.index(row))
        assert told.args == [view.rows.view(row).kind, view.rows.position(row)]


def test_that_an_edit_tells_its_choice_once(view: LayerView, document: Document, qtbot: QtBot) -> None:
    view.select_position(1)
    told: list[int] = []
    view.row_chosen.connect(lambda _, position: told.append(position))
    document.remove(1)
    assert told == [1]


def test_that_another_project_starts_with_its_first_layer(view: LayerView, document: Document) -> None:
    view.select_position(3)
    document.open(Project("other", Network((2,), (Dense(1),))))
    assert view.selected_position() == 0
    document.open(Project("empty", Network((2,), ())))
    assert view.selected_position() == -1
    assert view.currentIndex().row() == 0


# --- Painting -------------------------------------------------------------------------------------------------------


def test_that_a_row_without_an_error_is_as_high_as_its_layout(view: LayerView) -> None:
    for row in range(view.rows.rowCount()):
        rect = view.visualRect(view.rows.index(row))
        assert rect.height() == round(lay_out(view.rows.view(row), QRectF(rect)).height)


def test_that_rows_come_back_to_their_places_when_an_error_is_mended(view: LayerView, document: Document) -> None:
    def tops() -> list[int]:
        QApplication.processEvents()
        return [view.visualRect(view.rows.index(row)).top() for row in range(6)]

    before = tops()
    document.replace_layer(0, LSTM(4))
    document.replace_layer(1, LSTM(4))
    assert tops()[3] > before[3]
    document.stack.undo()
    document.stack.undo()
    assert tops() == before
    document.replace_layer(1, Dense(5))
    assert tops() == before


def test_that_the_kept_picture_of_a_row_is_the_row_painted(view: LayerView, document: Document) -> None:
    view.setFocus()
    first = view.viewport().grab().toImage()
    assert view.viewport().grab().toImage() == first
    view.painter_of_rows._pictures.clear()
    assert view.viewport().grab().toImage() == first
    for position, changed in ((1, Dense(17, "relu")), (2, Dropout(0.5))):  # the second changes no shape and no count
        document.replace_layer(position, changed)
        assert view.viewport().grab().toImage() != first
        document.stack.undo()
        view.select_first()
        assert view.viewport().grab().toImage() == first


def test_that_no_more_than_a_hundred_pictures_of_rows_are_kept(view: LayerView, document: Document) -> None:
    for units in range(1, 60):
        document.replace_layer(1, Dense(units, "relu"))
        view.viewport().grab()
    assert len(view.painter_of_rows._pictures) == MOST_PICTURES


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_that_rows_are_painted_in_the_colours_of_the_theme(view: LayerView, document: Document, mode: str) -> None:
    document.remove(0)
    theme.current().set_mode(mode)
    try:
        image = view.viewport().grab().toImage()
        seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
        tokens = theme.current().tokens
        assert {tokens.raised, tokens.line, tokens.accent, tokens.wrong, tokens.text} <= seen
        other = theme.LIGHT if tokens.dark else theme.DARK
        assert QColor(other.raised).name() not in seen
    finally:
        theme.current().set_mode("light")


# --- Palette and heading --------------------------------------------------------------------------------------------


@pytest.fixture
def palette(qtbot: QtBot) -> Palette:
    made = Palette()
    qtbot.addWidget(made)
    made.show()
    return made


def shown(palette: Palette) -> list[str]:
    entries = palette.entries
    return [entries.item(row).text() for row in range(entries.count()) if not entries.item(row).isHidden()]


def test_that_the_palette_offers_every_layer_under_its_family(palette: Palette) -> None:
    assert set(LAYERS.names()) <= set(shown(palette))
    listed = shown(palette)
    assert listed.index("Core") < listed.index("Dense") < listed.index("Regularisation") < listed.index("Dropout")


def entries_shown(palette: Palette) -> list[str]:
    return [name for name in shown(palette) if name in LAYERS]


def test_that_the_search_narrows_the_palette(palette: Palette, qtbot: QtBot) -> None:
    palette.search.setText("drop")
    assert "Dropout" in shown(palette)
    assert "Regularisation" in shown(palette)
    assert "Dense" not in shown(palette)
    assert "Core" not in shown(palette)
    with qtbot.waitSignal(palette.chosen) as told:
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert told.args is not None
    assert told.args[0].type_name == "Dropout"
    qtbot.keyClick(palette.search, Qt.Key.Key_Escape)
    assert len(shown(palette)) == palette.entries.count()


@pytest.mark.parametrize(
    ("text", "best", "also"),
    [
        ("conv", "Conv", "DepthwiseConv2D"),
        ("max pool 2d", "MaxPooling2D", "MaxPooling2D"),
        ("recurrent", "", "LSTM"),
        ("batch norm", "BatchNormalization", "BatchNormalization"),
        ("LSTM", "LSTM", "LSTM"),
        ("fully connected", "Dense", "Dense"),
        ("relu", "LeakyReLU", "Activation"),
        ("augmentation", "RandomFlip", "RandomZoom"),
        ("short-term", "LSTM", "LSTM"),
    ],
)
def test_that_layers_are_found_by_what_people_call_them(palette: Palette, text: str, best: str, also: str) -> None:
    palette.search.setText(text)
    item = palette.entries.best_shown()
    assert item is not None
    assert item.text().startswith(best)
    assert also in shown(palette)
    assert len(entries_shown(palette)) < len(LAYERS)


def test_that_every_layer_is_found_by_its_name_and_first_by_it(palette: Palette) -> None:
    for name in LAYERS.names():
        palette.search.setText(name.lower())
        item = palette.entries.best_shown()
        assert item is not None
        assert name.lower() in item.text().lower()
        assert name in shown(palette)


def test_that_the_words_of_the_help_find_a_layer_where_no_name_does(palette: Palette) -> None:
    palette.search.setText("switches")
    assert "Dropout" in entries_shown(palette)
    palette.search.setText("nothing of the kind")
    assert shown(palette) == []
    assert palette.entries.best_shown() is None


def test_that_the_down_key_goes_from_the_search_to_its_best_answer(palette: Palette, qtbot: QtBot) -> None:
    palette.search.setText("relu")
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.entries.currentItem().text() == "LeakyReLU"


def heading(palette: Palette, text: str) -> QListWidgetItem:
    (item,) = palette.entries.findItems(text, Qt.MatchFlag.MatchExactly)
    return item


def test_that_a_click_or_enter_folds_a_family_and_a_new_palette_remembers(palette: Palette, qtbot: QtBot) -> None:
    entries = palette.entries
    place = entries.visualItemRect(heading(palette, "Core")).center()
    qtbot.mouseClick(entries.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "Dense" not in shown(palette)
    assert "Core" in shown(palette)
    again = Palette()
    qtbot.addWidget(again)
    assert "Dense" not in shown(again)
    entries.setCurrentItem(heading(palette, "Core"))
    qtbot.keyClick(entries, Qt.Key.Key_Return)
    assert "Dense" in shown(palette)


def test_that_a_search_looks_into_folded_families_and_leaves_them_folded(palette: Palette) -> None:
    palette.entries.toggle("core")
    palette.search.setText("dense")
    assert shown(palette) == ["Core", "Dense"]
    palette.search.setText("")
    assert "Dense" not in shown(palette)


def test_that_one_button_folds_all_families_and_unfolds_them(palette: Palette) -> None:
    (fold,) = [found for found in palette.findChildren(QToolButton) if found.objectName() == "foldFamiliesButton"]
    fold.click()
    assert entries_shown(palette) == []
    assert len(shown(palette)) == len({layer.family for layer in LAYERS})
    fold.click()
    assert len(entries_shown(palette)) == len(LAYERS)


def test_that_a_damaged_memory_of_the_folds_is_no_memory(palette: Palette, qtbot: QtBot) -> None:
    palette.entries.toggle("core")
    for text in ("{", '{"core": 1}', '[1, ["core"]]'):
        folded_file().write_text(text)
        assert load_folded() == set()


def test_that_folds_that_cannot_be_kept_still_fold(palette: Palette) -> None:
    folder = folded_file().parent
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        shutil.rmtree(folder)
    folder.write_text("in the way")
    try:
        palette.entries.toggle("core")
        assert "Dense" not in shown(palette)
    finally:
        folder.unlink()


def test_that_every_name_in_the_palette_is_read_whole(palette: Palette) -> None:
    palette.resize(palette.minimumWidth(), 300)
    QApplication.processEvents()
    assert palette.entries.verticalScrollBar().isVisible()
    assert palette.entries.viewport().width() >= entry_width(LAYERS.names())


def test_that_augmentation_and_text_are_families_of_their_own(palette: Palette) -> None:
    listed = shown(palette)
    assert listed.index("Augmentation") < listed.index("RandomFlip") < listed.index("Text") < listed.index("Embedding")


@pytest.mark.parametrize("layer", list(LAYERS), ids=lambda layer: layer.type_name)
def test_that_the_tooltip_of_a_layer_has_a_picture(qapp: QApplication, layer: type[Layer]) -> None:
    drawn = picture(layer)
    colours = {drawn.pixelColor(x, y).name() for x in range(0, drawn.width(), 3) for y in range(0, drawn.height(), 3)}
    assert theme.current().tokens.families[layer.family] in colours
    assert "data:image/png;base64,iVBOR" in picture_html(layer)


def test_that_help_equation_and_picture_are_shown_under_the_mouse(
    palette: Palette, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("workbench.editor.palette_list.QToolTip.showText", lambda *given: told.append(given[1]))
    item = heading(palette, "Dense")
    place = palette.entries.visualItemRect(item).center()
    port = palette.entries.viewport()
    QApplication.sendEvent(port, QHelpEvent(QEvent.Type.ToolTip, place, port.mapToGlobal(place)))
    (words,) = told
    assert Dense.help() in html.unescape(words)
    assert typeset(Dense.equation) in words
    assert "<img" in words


def test_that_the_help_is_set_in_the_size_of_text_of_now(palette: Palette, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("workbench.editor.palette_list.QToolTip.showText", lambda *given: told.append(given[1]))
    place, port = palette.entries.visualItemRect(heading(palette, "Dense")).center(), palette.entries.viewport()
    for size in ("normal", "largest"):
        theme.current().set_text_size(size)
        try:
            QApplication.sendEvent(port, QHelpEvent(QEvent.Type.ToolTip, place, port.mapToGlobal(place)))
            assert f"font-size: {fonts.pixels(16)}px" in told[-1]
            assert f'width="{fonts.pixels(WIDTH)}"' in told[-1]
        finally:
            theme.current().set_text_size("normal")
    assert told[0] != told[1]


def test_that_every_family_has_an_icon_of_its_own(qapp: QApplication) -> None:
    def picture(family: str) -> bytes:
        return bytes(icons.icon(family, "text").pixmap(32, 32).toImage().constBits())

    assert len({picture(family) for family in FAMILIES}) == len(FAMILIES)


@pytest.fixture
def panel(document: Document, qtbot: QtBot) -> NetworkPanel:
    made = NetworkPanel(document)
    qtbot.addWidget(made)
    made.show()
    return made


def button(panel: NetworkPanel, name: str) -> QToolButton:
    found = panel.findChild(QToolButton, name)
    assert isinstance(found, QToolButton)
    return found


def test_that_the_buttons_edit_the_selected_layer(panel: NetworkPanel, document: Document) -> None:
    panel.layers.select_position(1)
    button(panel, "duplicateLayerButton").click()
    assert names(document) == ["Flatten", "Dense", "Dense", "Dropout", "Dense"]
    button(panel, "removeLayerButton").click()
    assert names(document) == ["Flatten", "Dense", "Dropout", "Dense"]


def test_that_the_buttons_rest_on_input_and_loss(panel: NetworkPanel) -> None:
    panel.layers.setCurrentIndex(panel.layers.rows.index(0))
    assert not button(panel, "removeLayerButton").isEnabled()
    panel.layers.select_position(0)
    assert button(panel, "removeLayerButton").isEnabled()


def test_that_the_menu_adds_every_layer(panel: NetworkPanel, document: Document) -> None:
    menu = panel.add_menu()
    for name in LAYERS.names():
        before = len(document.network)
        action = menu.findChild(QAction, f"add{name}Action")
        assert isinstance(action, QAction)
        action.trigger()
        assert len(document.network) == before + 1
        assert document.network.layers[panel.layers.selected_position()] == LAYERS.get(name).suggested()


def test_that_no_menu_of_layers_is_taller_than_a_small_screen(panel: NetworkPanel) -> None:
    menu = panel.add_menu()
    assert len(menu.actions()) == len({layer.family for layer in LAYERS})
    for entry in [menu, *menu.findChildren(QMenu)]:
        assert entry.sizeHint().height() < 640


def test_that_every_control_has_a_name_for_scripts_and_for_ears(panel: NetworkPanel, palette: Palette) -> None:
    buttons = [*panel.findChildren(QToolButton), *palette.findChildren(QToolButton)]
    own = [button for button in buttons if not isinstance(button.parent(), QLineEdit)]  # a line brings a clear button
    for widget in (*own, panel.layers, palette.entries):
        assert widget.objectName()
        assert widget.accessibleName()
