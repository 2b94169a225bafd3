"""The palette's list: families that fold, and under them their layers, to be dragged or added by a key."""

from __future__ import annotations

import html

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QDrag, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QListWidgetItem, QToolTip, QWidget

from nncore.layers import LAYERS, Layer
from workbench.editor.families import family_title, layers_by_family
from workbench.editor.family_pictures import picture_html
from workbench.editor.folded import load_folded, save_folded
from workbench.editor.mime import DraggedLayers
from workbench.editor.palette_paint import COUNT_ROLE, FAMILY_ROLE, FOLDED_ROLE, TYPE_ROLE, PaletteDelegate, paint_entry
from workbench.editor.search import found
from workbench.forms.equation import tip_equation
from workbench.theme import fonts
from workbench.theme.theme import current


class PaletteList(QListWidget):
    """The entries.

    Attributes:
        chosen: a layer was picked by double click or Enter; carries a new ``Layer``.
        folded_changed: families were folded or unfolded.
        folded: the families whose layers are not shown; a search shows them all the same.
    """

    chosen = Signal(object)
    folded_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layerPalette")
        self.setAccessibleName(self.tr("Layers to add"))
        self.setItemDelegate(PaletteDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.itemDoubleClicked.connect(self._choose)
        current().changed.connect(self.repaint_entries)
        self._search = ""
        self._scores: dict[str, int] = {}
        self.folded = load_folded()
        for family, layers in layers_by_family():
            self._add_heading(family, len(layers))
            for layer in layers:
                self._add_entry(layer)
        self._refresh()

    @Slot()
    def repaint_entries(self) -> None:
        """Paint the entries in the colours of now."""
        self.viewport().update()

    def _add_heading(self, family: str, count: int) -> None:
        item = QListWidgetItem(family_title(family), self)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        item.setData(FAMILY_ROLE, family)
        item.setData(COUNT_ROLE, count)

    def _add_entry(self, layer: type[Layer]) -> None:
        item = QListWidgetItem(layer.type_name, self)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled)
        item.setData(TYPE_ROLE, layer.type_name)
        item.setData(FAMILY_ROLE, layer.family)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{layer.type_name}. {layer.help()}")

    def layer(self, item: QListWidgetItem | None) -> Layer | None:
        """Return a new layer of the kind that an entry stands for; None for headings."""
        name = item.data(TYPE_ROLE) if item is not None else None
        return LAYERS.get(name).suggested() if name else None

    # --- What is shown ----------------------------------------------------------------------------------------

    @Slot(str)
    def filter(self, text: str) -> None:
        """Show only the layers that answer a search; families without any lose their heading."""
        self._search = text.strip()
        self._scores = found(list(LAYERS), self._search) if self._search else {}
        self._refresh()

    def fold(self, families: set[str]) -> None:
        """Fold these families and no others, and remember it."""
        if families != self.folded:
            self.folded = families
            save_folded(families)
            self._refresh()
            self.folded_changed.emit()

    def toggle(self, family: str) -> None:
        """Fold a family, or unfold it."""
        self.fold(self.folded ^ {family})

    def families(self) -> set[str]:
        """Return the families that have a heading."""
        return {self.item(row).data(FAMILY_ROLE) for row in range(self.count())}

    def _refresh(self) -> None:
        counts: dict[str, int] = {}
        for row in range(self.count()):
            item = self.item(row)
            name, family = item.data(TYPE_ROLE), item.data(FAMILY_ROLE)
            if name:
                answers = name in self._scores or not self._search
                counts[family] = counts.get(family, 0) + answers
                item.setHidden(not answers or (not self._search and family in self.folded))
        for row in range(self.count()):
            item = self.item(row)
            if not item.data(TYPE_ROLE):
                self._refresh_heading(item, counts.get(item.data(FAMILY_ROLE), 0))

    def _refresh_heading(self, item: QListWidgetItem, count: int) -> None:
        folded = not self._search and item.data(FAMILY_ROLE) in self.folded
        item.setData(COUNT_ROLE, count)
        item.setData(FOLDED_ROLE, folded)
        item.setHidden(not count)
        words = self.tr("{family}, {count} layers, folded") if folded else self.tr("{family}, {count} layers")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words.format(family=item.text(), count=count))
        item.setToolTip(self.tr("Unfold") if folded else self.tr("Fold"))

    def best_shown(self) -> QListWidgetItem | None:
        """Return the entry that answers the search best; without a search, the first one."""
        shown = [self.item(row) for row in range(self.count()) if not self.item(row).isHidden()]
        entries = [item for item in shown if item.data(TYPE_ROLE)]
        return max(entries, key=lambda item: self._scores.get(item.text(), 0), default=None)

    # --- What is picked ---------------------------------------------------------------------------------------

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem | None) -> None:
        layer = self.layer(item)
        if layer is not None:
            self.chosen.emit(layer)

    @Slot()
    def choose_first(self) -> None:
        """Pick the layer that answers the search best, or without a search the current one."""
        item = self.currentItem()
        current_counts = not self._search and item is not None and not item.isHidden()
        self._choose(item if current_counts else self.best_shown())

    def focus_best(self) -> None:
        """Go from the search to its best answer."""
        best = self.best_shown()
        if best is not None:
            self.setCurrentItem(best)
            self.setFocus(Qt.FocusReason.TabFocusReason)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        item = self.itemAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and item is not None and not item.data(TYPE_ROLE):
            self.toggle(item.data(FAMILY_ROLE))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        if item is not None and not item.data(TYPE_ROLE):
            self.mousePressEvent(event)  # two quick clicks on a heading fold and unfold
        else:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            if item.data(TYPE_ROLE):
                self._choose(item)
            else:
                self.toggle(item.data(FAMILY_ROLE))
            event.accept()
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()  # a list needs them not; in the window they steer the training
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Show a layer's help, and a picture of what it does, in letters and colours as they are when it is asked."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            item = self.itemAt(event.pos())
            name = item.data(TYPE_ROLE) if item is not None else None
            if item is not None and name:
                words = _explained(LAYERS.get(name)) + picture_html(LAYERS.get(name))
                QToolTip.showText(event.globalPos(), words, self.viewport(), self.visualItemRect(item))
                return True
        return super().viewportEvent(event)

    def startDrag(self, supported: Qt.DropAction) -> None:
        layer = self.layer(self.currentItem())
        if layer is None:
            return
        drag = QDrag(self)
        drag.setMimeData(DraggedLayers((layer,)).to_mime())
        size = QSize(self.viewport().width(), fonts.pixels(27))
        ratio = self.devicePixelRatioF()
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_entry(painter, QRectF(QRect(QPoint(0, 0), size)), layer.type_name, layer.family, focused=True)
        painter.end()
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(16, size.height() // 2))
        drag.exec(Qt.DropAction.CopyAction)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.currentIndex().isValid() and not self.selectedIndexes():
            # Qt makes the first entry current without selecting it, and the focus could not be seen.
            self.selectionModel().select(self.currentIndex(), QItemSelectionModel.SelectionFlag.ClearAndSelect)


def _explained(layer: type[Layer]) -> str:
    """Return name, help and equation of a layer as rich text."""
    equation = tip_equation(layer.equation) if layer.equation else ""
    return f"{fonts.strong(layer.type_name)}<p>{html.escape(layer.help())}</p>{equation}"
