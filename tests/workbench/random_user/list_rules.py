"""What is done in the list: layers come from the palette, are selected, dragged, edited in their rows, cut, pasted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from nncore.editing.clipboard import layers_text, network_text, read_layers
from nncore.errors import InputError
from nncore.layers import LAYERS, Layer
from nncore.losses import Problem
from tests.workbench.random_user.chance import anywhere, between, one_of, yes_or_no
from tests.workbench.random_user.desk import Desk, action
from tests.workbench.random_user.hands import ALT, CTRL, PLAIN, SHIFT, click, double_click, drag, mouse, wait
from workbench.editor.in_place import InPlaceEditor
from workbench.editor.palette_list import TYPE_ROLE
from workbench.editor.row_words import words_places
from workbench.forms.controls import ValueEdit

MOST = 12  # layers; more make nothing new, and every action longer
VALUES = ("1", "2", "3", "8", "0", "0.5", "0.25", "-1", "nonsense", "", "3 × 3", "2, 2", "0.001", "1e999")
FITTING = ("Dense", "Dropout", "Activation", "BatchNormalization", "GaussianNoise")  # wherever they go, at least here
PASTED = (
    'Dense(16, activation="relu")\nDropout(0.2)',
    "model.add(keras.layers.Dense(4))",
    '[{"type": "Dense", "units": 3, "disabled": true, "name": "mine"}]',
    'Try this:\n```json\n{"input_shape": [2], "layers": [{"type": "Dense", "units": 1}]}\n```',
)
WRONG = ("hello", "", "[1, 2", '[{"type": "Dance"}]', '[{"type": "Dense", "units": -3}]', "[" * 5_000, "Dense(exec(1))")


def newcomers(layers: Sequence[Layer], there: Sequence[Layer]) -> list[Layer]:
    """Return the layers as they come to those that are there: without names that are taken."""
    taken = {layer.name for layer in there}
    return [layer.replace(name=None) if layer.name in taken else layer for layer in layers]


class ListRules:
    """Mixed into the random person."""

    desk: Desk

    def position(self, place: float) -> int:
        """Return the position of a layer, -1 where there is none."""
        return min(len(self.desk.layers) - 1, int(place * len(self.desk.layers)))

    def at_row(self, row: int) -> QPoint:
        """Return a place in a row of the list where no setting and no button is."""
        view = self.desk.shown_list
        view.scrollTo(view.rows.index(row))
        return view.visualRect(view.rows.index(row)).topLeft() + QPoint(12, 20)

    def gap(self, position: int) -> QPoint:
        """Return a place between two rows, where a drop goes to ``position`` of the network."""
        return self.desk.shown_list.visualRect(self.desk.shown_list.rows.index(position + 1)).topLeft() + QPoint(60, 1)

    def expect(self, layers: tuple[Layer, ...]) -> None:
        """Compare the network with what an action is to make of it."""
        assert self.desk.layers == layers, f"{self.desk.layers} is not {layers}"

    # --- From the palette ---

    @action(
        lambda self: len(self.desk.layers) < MOST,
        weight=4,
        name=one_of(*FITTING * 9, *LAYERS.names()),
        place=anywhere,
        drop=between(0, 5),
    )
    def drag_in(self, name: str, place: float, drop: int) -> None:
        """Drag a layer from the palette to between two rows; now and then it is let go elsewhere."""
        desk, palette = self.desk, self.desk.window.palette_panel.entries
        if desk.window.palette_dock.isHidden():
            desk.window.palette_dock.toggleViewAction().trigger()
        (item,) = [palette.item(row) for row in range(palette.count()) if palette.item(row).data(TYPE_ROLE) == name]
        if item.isHidden():
            palette.toggle(LAYERS.get(name).family)
        palette.scrollToItem(item)
        before, position = desk.layers, round(place * len(desk.layers))
        way = [self.gap(len(before)), self.gap(position)]
        taken = palette.visualItemRect(item).center()
        assert drag(palette.viewport(), taken, desk.shown_list.viewport(), way, PLAIN, drop=drop > 0)
        if drop:
            self.expect((*before[:position], LAYERS.get(name).suggested(), *before[position:]))
            assert desk.shown_list.selected_positions() == [position]
            desk.did("insert", "drag from palette")
        else:
            self.expect(before)
            desk.did("drag given up")

    @action(
        lambda self: len(self.desk.layers) < MOST,
        name=one_of("Dense", "Dropout", "LSTM", "Conv2D", "Flatten", "BatchNormalization"),
    )
    def search_palette(self, name: str) -> None:
        """Type a layer's name into the search and press Return."""
        desk, before = self.desk, self.desk.layers
        search, position = desk.window.palette_panel.search, desk.shown_list.insert_position()
        search.setFocus()
        search.selectAll()
        QTest.keyClicks(search, name)
        QTest.keyClick(search, Qt.Key.Key_Return)
        search.clear()
        self.expect((*before[:position], LAYERS.get(name).suggested(), *before[position:]))
        desk.did("insert", "search")

    # --- Selecting and dragging ---

    @action(weight=2, place=anywhere, held=one_of(PLAIN, PLAIN, CTRL, SHIFT))
    def select(self, place: float, held: Qt.KeyboardModifier) -> None:
        """Click a row, input and loss included."""
        view = self.desk.shown_list
        row = min(view.rows.rowCount() - 1, int(place * view.rows.rowCount()))
        click(view.viewport(), self.at_row(row), held)
        view.setFocus()
        if held == PLAIN:
            assert view.currentIndex().row() == row
        self.desk.did("select" if held == PLAIN else "select several")

    @action(
        lambda self: len(self.desk.layers) > 1,
        weight=4,
        place=anywhere,
        goal=anywhere,
        held=one_of(PLAIN, PLAIN, PLAIN, CTRL),
        drop=between(0, 7),
    )
    def drag_rows(self, place: float, goal: float, held: Qt.KeyboardModifier, drop: int) -> None:
        """Drag what is selected, or another row, to between two rows; with Ctrl a copy."""
        desk, view, before = self.desk, self.desk.shown_list, self.desk.layers
        if held == CTRL and len(before) >= MOST:
            return
        start = self.at_row(self.position(place) + 1)
        mouse(view.viewport(), "press", start)
        mouse(view.viewport(), "release", start)
        self.widen(goal)
        taken, position = view.selected_positions(), round(goal * len(before))
        if not taken:
            return
        start = self.at_row(taken[0] + 1)
        way = [self.gap(0), self.gap(position)]
        assert drag(view.viewport(), start, view.viewport(), way, held, drop=drop > 0)
        moved = tuple(before[at] for at in taken)
        if not drop:
            self.expect(before)
            desk.did("drag given up")
        elif held == CTRL:
            self.expect((*before[:position], *newcomers(moved, before), *before[position:]))
            desk.did("insert", "drag of a copy")
        else:
            left = tuple(layer for at, layer in enumerate(before) if at not in taken)
            first = position - sum(at < position for at in taken)
            self.expect((*left[:first], *moved, *left[first:]))
            desk.did("drag of several rows" if len(taken) > 1 else "drag of a row")

    def widen(self, how: float) -> None:
        """Select more rows beside the current one, or not."""
        for _ in range(int(how * 10) % 3):
            QTest.keyClick(self.desk.shown_list, Qt.Key.Key_Down, SHIFT)

    # --- Keys ---

    @action(
        weight=6,
        key=one_of(
            ("select", Qt.Key.Key_Up, PLAIN),
            ("select", Qt.Key.Key_Down, PLAIN),
            ("select several", Qt.Key.Key_Down, SHIFT),
            ("select several", Qt.Key.Key_A, CTRL),
            ("move", Qt.Key.Key_Up, ALT),
            ("move", Qt.Key.Key_Down, ALT),
            ("remove", Qt.Key.Key_Delete, PLAIN),
            ("mend", Qt.Key.Key_Return, CTRL),
            ("copy", Qt.Key.Key_C, CTRL),
            ("copy network", Qt.Key.Key_C, CTRL | SHIFT),
        ),
    )
    def press(self, key: tuple[str, Qt.Key, Qt.KeyboardModifier]) -> None:
        """Press a key in the list."""
        before, index = self.desk.project, self.desk.document.stack.index()
        chosen = self.desk.shown_list.selected_positions()
        QTest.keyClick(self.desk.shown_list, key[1], key[2])
        if key[0] in ("move", "remove", "mend") and self.desk.project == before:
            # To exchange two equal layers is a step that changes nothing to be seen.
            assert self.desk.document.stack.index() == index or key[0] == "move"
            return
        if key[0] == "remove":
            layers = before.network.layers
            self.expect(tuple(layer for at, layer in enumerate(layers) if at not in chosen))
        elif key[0] == "move":
            assert sorted(map(repr, self.desk.layers)) == sorted(map(repr, before.network.layers))
        elif key[0] == "copy" and chosen:
            layers = [before.network.layers[at] for at in chosen]
            assert QGuiApplication.clipboard().text() == layers_text(layers)
        elif key[0] == "copy network":
            assert QGuiApplication.clipboard().text() == network_text(before.network) or not before.network.layers
        self.desk.did(key[0])

    @action(lambda self: 0 < len(self.desk.layers) < MOST)
    def duplicate(self) -> None:
        """Put copies behind what is selected."""
        before, chosen = self.desk.layers, self.desk.shown_list.selected_positions()
        QTest.keyClick(self.desk.shown_list, Qt.Key.Key_D, CTRL)
        if chosen:
            copies = tuple(before[at].replace(name=None) for at in chosen)
            self.expect((*before[: chosen[-1] + 1], *copies, *before[chosen[-1] + 1 :]))
            self.desk.did("duplicate")

    @action(lambda self: bool(self.desk.layers), weight=3, place=anywhere, several=anywhere)
    def disable(self, place: float, several: float) -> None:
        """Switch layers off, or on again where all of them are off."""
        click(self.desk.shown_list.viewport(), self.at_row(self.position(place) + 1))
        self.widen(several)
        before, chosen = self.desk.layers, self.desk.shown_list.selected_positions()
        if not chosen:
            return
        off = not all(before[at].disabled for at in chosen)
        QTest.keyClick(self.desk.shown_list, Qt.Key.Key_Slash, CTRL)
        self.expect(tuple(item.replace(disabled=off) if at in chosen else item for at, item in enumerate(before)))
        self.desk.did("disable" if off else "enable")

    # --- As text ---

    @action(lambda self: bool(self.desk.layers), weight=2, place=anywhere, back=yes_or_no)
    def cut(self, place: float, back: bool) -> None:
        """Cut what is selected, and put it elsewhere."""
        desk, view = self.desk, self.desk.shown_list
        before, chosen = desk.layers, view.selected_positions()
        if not chosen:
            return
        QTest.keyClick(view, Qt.Key.Key_X, CTRL)
        left = tuple(layer for at, layer in enumerate(before) if at not in chosen)
        self.expect(left)
        desk.did("cut")
        if not back:
            return
        click(view.viewport(), self.at_row(self.position(place) + 1))
        where = view.selected_positions()
        QTest.keyClick(view, Qt.Key.Key_V, CTRL)
        first = where[-1] + 1 if where else 0
        self.expect((*left[:first], *newcomers([before[at] for at in chosen], left), *left[first:]))
        desk.did("paste")

    @action(lambda self: len(self.desk.layers) < MOST, weight=2, text=one_of(*PASTED, None))
    def paste(self, text: str | None) -> None:
        """Paste a text from a lesson, or what the clipboard holds."""
        desk, before = self.desk, self.desk.layers
        if text is not None:
            QGuiApplication.clipboard().setText(text)
        try:
            pasted = read_layers(QGuiApplication.clipboard().text()).layers
        except InputError:
            pasted = ()
        if len(pasted) > MOST:
            return
        QTest.keyClick(desk.shown_list, Qt.Key.Key_V, CTRL)
        assert len(desk.layers) == len(before) + len(pasted)
        if pasted:
            assert len(desk.shown_list.selected_positions()) == len(pasted)
            desk.did("paste")

    @action(text=one_of(*WRONG))
    def paste_nonsense(self, text: str) -> None:
        """Paste what is no network: it is said in the window, and nothing is changed."""
        desk, before, index = self.desk, self.desk.project, self.desk.document.stack.index()
        desk.window.watching.banner.hide()
        desk.window.labels.show_message("", "")
        QGuiApplication.clipboard().setText(text)
        QTest.keyClick(desk.shown_list, Qt.Key.Key_V, CTRL)
        assert (desk.project, desk.document.stack.index()) == (before, index)
        # Where the plots have made room for the panels, the status bar has the words.
        middle = desk.window.watching
        assert middle.banner.isVisibleTo(desk.window) if middle.isVisibleTo(desk.window) else desk.window.status.text()
        desk.did("paste of nonsense")

    # --- Mends and settings in the row ---

    @action(lambda self: bool(self.desk.document.mends), weight=2, place=anywhere)
    def press_mend(self, place: float) -> None:
        """Press the button of a mend in its row."""
        desk, view = self.desk, self.desk.shown_list
        offered = sorted(desk.document.mends)
        at = offered[min(len(offered) - 1, int(place * len(offered)))]
        view.scrollTo(view.rows.index(at + 1))
        wait()
        parts = view.painter_of_rows.layout(view.rows.index(at + 1))
        if parts is None or not parts.buttons:
            return
        rect, mend = parts.buttons[0]
        problems, count = self._placed_problems(), len(desk.layers)
        click(view.viewport(), rect.center().toPoint())
        assert desk.document.stack.undoText() == mend.label
        removed = len(desk.layers) == count - 1  # the next layer may be just as wrong as the one that went
        assert removed or self._placed_problems() != problems, f"{mend.label!r} mends nothing of {problems}"
        desk.did("mend")

    def _placed_problems(self) -> list[tuple[int, Problem | None]]:
        """Return what is wrong and where, counted from the end; a layer below may be wrong in the same words."""
        found = self.desk.document.trace
        problems = [row.problem for row in found.rows] + [found.loss_problem]
        return [(len(problems) - place, problem) for place, problem in enumerate(problems) if problem is not None]

    @action(
        lambda self: bool(self.desk.layers),
        weight=7,
        place=anywhere,
        value=one_of(*VALUES),
        end=one_of(Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape, None),
    )
    def edit_in_place(self, place: float, value: str, end: Qt.Key | None) -> None:
        """Double-click a setting in its row, change it, and end in one of the ways there are."""
        desk, view, at = self.desk, self.desk.shown_list, self.position(place)
        index = view.rows.index(at + 1)
        view.scrollTo(index)
        view.setFocus()  # what is half typed elsewhere is taken, which may move the words
        wait()
        parts = view.painter_of_rows.layout(index)
        places = [] if parts is None else words_places(view.rows.view(at + 1), parts)
        words = [(rect, path) for rect, path in places if path]  # the type behind a name is no setting
        if not words:
            return
        rect, path = words[int(place * 100) % len(words)]
        shown = rect.intersected(QRectF(view.viewport().rect()))
        if shown.width() < 2 or shown.height() < 2:
            return  # a narrow list has no room for the word
        double_click(view.viewport(), shown.center().toPoint())
        (card,) = self.cards()
        assert (card.position, card.path) == (at, path)
        main = card._editor.main
        if isinstance(main, ValueEdit):
            main.selectAll()
            QTest.keyClicks(main, value)
        elif isinstance(main, QComboBox):
            QTest.keyClick(main, Qt.Key.Key_Down if len(value) % 2 else Qt.Key.Key_Up)
        else:
            QTest.keyClick(main, Qt.Key.Key_Space)
        before, steps = desk.project, desk.document.stack.index()
        if end is None:
            view.setFocus()
        else:
            QTest.keyClick(main, end)
        wait()
        if end == Qt.Key.Key_Escape:
            assert desk.project == before
        changed = desk.document.stack.index() - steps
        for left in self.cards():
            QTest.keyClick(left._editor.main, Qt.Key.Key_Escape)
        wait()
        assert not self.cards()
        desk.did("edit in place" if changed else "edit in place given up")

    def cards(self) -> list[InPlaceEditor]:
        """Return the editors that are open in rows."""
        return [card for card in self.desk.shown_list.viewport().findChildren(InPlaceEditor) if card.isVisible()]
