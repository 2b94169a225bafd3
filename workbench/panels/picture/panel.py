"""The panel with the drawing: legend, buttons, files; it turns a network and its newest weights into the view's shapes.

Invariant: while it is hidden it only remembers what it was given.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize, Signal, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from nncore.drawing import Drawing, Node, WeightReader, Words, draft
from nncore.network import Network
from nncore.snapshot import Snapshot
from nncore.trace import Trace
from workbench.panels.picture import details, files
from workbench.panels.picture.brushes import link_colours
from workbench.panels.picture.view import PictureView
from workbench.panels.picture.whole import Levels, Whole
from workbench.plotting import EmptyState, Entry, Legend, Panel
from workbench.theme import current, fonts, icons, numbers
from workbench.theme.widgets import ElidedLabel

_WIDE = 560


class PicturePanel(Panel):
    """The whole network, live.

    Attributes:
        chosen: the person chose a node; carries its row in the list.
        opened: the person wants the settings of the chosen layer.
        shown: whether the panel can be seen has changed; carries it.
        view: the drawing.
    """

    chosen = Signal(int)
    opened = Signal()
    shown = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("PicturePanel", "Network picture"), parent, numbers=False)
        self.setObjectName("picturePanel")
        self._given: tuple[Network, Trace] | None = None
        self._drawn: tuple[Network, Trace] | None = None
        self._snapshot: Snapshot | None = None
        self._reader: WeightReader | None = None
        self._row = -1
        self._legend = Legend(self)
        self.note = ElidedLabel(self)
        self.note.setObjectName("pictureNote")
        self.header.addWidget(self._legend, 0, 0)
        self.set_note(self.note, _WIDE)
        self.fit_button = QToolButton(self)
        self.fit_button.setObjectName("fitPictureButton")
        self.fit_button.setProperty("flat", True)
        self.fit_button.setToolTip(self.tr("Show the whole network · 0"))
        self.fit_button.setAccessibleName(self.tr("Show the whole network"))
        self.fit_button.setIconSize(QSize(fonts.pixels(16), fonts.pixels(16)))
        icons.bind(self.fit_button, "fit")
        self.header.addWidget(self.fit_button, 0, 3)
        self.view = PictureView(self)
        self.view.pointed = self._tooltip
        self.view.words = self._words()
        self.view.chosen.connect(self.chosen)
        self.view.opened.connect(self.opened)
        self.fit_button.clicked.connect(self.view.fit)
        self.body.addWidget(self.view, 0, 0)
        self._empty = EmptyState("", self, self.body)
        self.apply_theme()

    @property
    def drawing(self) -> Drawing | None:
        """What is drawn; None while there is nothing to draw."""
        return self.view.drawing

    # --- What is given ----------------------------------------------------------------------------------------

    def show_network(self, network: Network, found: Trace) -> None:
        """Draw a network as its trace sees it."""
        self._given = network, found
        if self.isVisible():
            self.refresh()

    def show_weights(self, snapshot: Snapshot | None) -> None:
        """Colour the links by the weights of a moment; None for a network that has not learned."""
        self._snapshot = snapshot
        if self.isVisible():
            self._colour()

    def select(self, row: int) -> None:
        """Outline the node of a row of the list."""
        self._row = row
        if self.isVisible():
            self._select()

    # --- What is shown ----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        given = self._given
        if given is not None and given is not self._drawn:
            self._drawn = given
            network, found = given
            problem = found.loss_problem
            empty = f"{problem.sentence}\n{problem.remedy}" if problem is not None and not network.layers else ""
            self._empty.show_sentence(empty)
            self.view.show_network(draft(network, found, self.view.words) if network.layers else None)
        self._colour()
        self._select()

    def _colour(self) -> None:
        """Take the shown weights out of the newest snapshot, if it is one of this network."""
        drawing, snapshot = self.drawing, self._snapshot
        network = self._drawn[0] if self._drawn is not None else None
        if drawing is None or snapshot is None or network != snapshot.network:
            edited = snapshot is not None and drawing is not None
            self._show_levels({})
            self.note.setText(self.tr("edited since the training") if edited else self.tr("before the first training"))
            self.note.setVisible(drawing is not None)
            return
        if self._reader is None or self._reader.network is not snapshot.network:
            self._reader = WeightReader(snapshot.network)
        self._show_levels(self._reader.read(drawing, snapshot.parameters))
        self.note.setText(self.tr("thicker is stronger · step {step}").format(step=numbers.count(snapshot.step)))
        self.note.setVisible(True)

    def _show_levels(self, levels: Levels) -> None:
        """Colour links and cells; what their colours mean is told only where there are any."""
        self.view.show_levels(levels)
        self._explain()

    def _explain(self) -> None:
        words, (positive, negative) = self.view.words, link_colours(current().tokens)
        entries = (Entry(words.positive, "", (positive,)), Entry(words.negative, "", (negative,)))
        self._legend.show_entries(entries if self.view.coloured else ())
        wide = _WIDE if self.view.coloured else 0  # without a legend, the note has its line to itself
        if wide != self._wide:
            self.set_note(self.note, wide)

    def _select(self) -> None:
        self.view.select(self._row)
        node = self.view.node(self._row)
        if node is not None and self._drawn is not None:
            self.view.setAccessibleDescription(details.spoken(*self._drawn, node))

    def _tooltip(self, node: Node) -> str:
        return details.tooltip(*self._drawn, node) if self._drawn is not None else ""

    def _words(self) -> Words:
        return Words(
            self.tr("Input"),
            self.tr("Loss"),
            self.tr("{count}, {shown} shown"),
            self.tr("{count} maps, {shown} shown"),
            self.tr("{count} units, {shown} shown"),
            self.tr("{count} tokens, {shown} shown"),
            self.tr("× {count} steps"),
            self.tr("disabled"),
            self.tr("positive weight"),
            self.tr("negative weight"),
            self.tr("thicker is stronger within a layer"),
            self.tr("weight, not learned yet"),
            self.tr('"{shown} shown": only {shown} of {count} are drawn'),
        )

    def fit_text(self) -> None:
        super().fit_text()
        self.view.fit_text()

    def apply_theme(self) -> None:
        self._explain()
        self.view.tiles.forget()
        self.view.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.shown.emit(False)

    # --- Files and clipboard ----------------------------------------------------------------------------------

    def files_menu(self, parent: QWidget) -> QMenu:
        """Return a menu with what can be done with the picture as a whole, for the window's menu bar."""
        menu = QMenu(self.tr("Save network pic&ture"), parent)
        menu.setObjectName("pictureFilesMenu")
        menu.addActions(self.menu.actions())
        return menu

    def _whole(self) -> Whole:
        self._catch_up()
        return self.view.whole()

    def _catch_up(self) -> None:
        """A picture may be wanted of a panel that is not seen."""
        if not self.isVisible():
            self.refresh()

    @Slot()
    def copy_picture(self) -> None:
        whole = self._whole()
        QGuiApplication.clipboard().setImage(files.image_of(whole.area, whole.paint))

    def save_png(self, path: Path) -> None:
        whole = self._whole()
        files.save_png(path, whole.area, whole.paint)

    def save_svg(self, path: Path) -> None:
        whole = self._whole()
        names = " – ".join(" ".join(node.title) for node in self.drawing.nodes) if self.drawing is not None else ""
        files.save_svg(path, whole.area, whole.paint, self.accessibleName(), names)
