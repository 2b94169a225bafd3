"""The palette: every layer there is, to be dragged into the network or added by a key."""

from __future__ import annotations

import html

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QDrag, QFontMetricsF, QKeyEvent, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from nncore.layers import LAYERS, Layer
from workbench.editor.families import family_title, layers_by_family
from workbench.editor.mime import DraggedLayer
from workbench.theme import blend, fonts, icons
from workbench.theme.theme import current, fill
from workbench.theme.widgets import card_header, rule

Index = QModelIndex | QPersistentModelIndex
_TYPE_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_FAMILY_ROLE = _TYPE_ROLE + 1


class PaletteDelegate(QStyledItemDelegate):
    """Paints headings, and entries with the colour of their family at the edge."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, fonts.pixels(31 if index.data(_TYPE_ROLE) else 26))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = current().tokens
        rect, text = QRectF(option.rect), str(index.data())
        painter.save()
        if not index.data(_TYPE_ROLE):
            painter.setFont(fonts.font(fonts.CAPTION))
            painter.setPen(QColor(tokens.dim))
            where = rect.adjusted(2, 0, 0, -3)
            painter.drawText(where, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), text)
        else:
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
            focused = selected and bool(option.state & QStyle.StateFlag.State_HasFocus)
            paint_entry(painter, rect.adjusted(0, 2, 0, -2), text, str(index.data(_FAMILY_ROLE)), hovered, focused)
        painter.restore()


def paint_entry(
    painter: QPainter, rect: QRectF, text: str, family: str, hovered: bool = False, focused: bool = False
) -> None:
    """Paint one entry of the palette into ``rect``."""
    tokens = current().tokens
    background = blend(tokens.text, tokens.raised, 0.06) if hovered else tokens.raised
    border = tokens.accent if focused else tokens.line
    fill(painter, rect, 6, background, border, 2.0 if focused else 1.0)
    outline = QPainterPath()
    outline.addRoundedRect(rect, 6, 6)
    painter.save()
    painter.setClipPath(outline)
    painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), QColor(tokens.families[family]))
    painter.restore()
    font = fonts.font(fonts.CAPTION)
    room = rect.adjusted(11, 0, -6, 0)
    painter.setFont(font)
    painter.setPen(QColor(tokens.text))
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)


class PaletteList(QListWidget):
    """The entries.

    Attributes:
        chosen: a layer was picked by double click or Enter; carries a new ``Layer``.
    """

    chosen = Signal(object)

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
        for family, layers in layers_by_family():
            self._add_heading(family_title(family))
            for layer in layers:
                self._add_entry(layer)

    @Slot()
    def repaint_entries(self) -> None:
        """Paint the entries in the colours of now."""
        self.viewport().update()

    def _add_heading(self, title: str) -> None:
        item = QListWidgetItem(title, self)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, self.tr("{family} layers").format(family=title))

    def _add_entry(self, layer: type[Layer]) -> None:
        item = QListWidgetItem(layer.type_name, self)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled)
        item.setData(_TYPE_ROLE, layer.type_name)
        item.setData(_FAMILY_ROLE, layer.family)
        equation = f"<br><i>{html.escape(layer.equation)}</i>" if layer.equation else ""
        item.setToolTip(f"<b>{layer.type_name}</b><br>{html.escape(layer.help())}{equation}")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{layer.type_name}. {layer.help()}")

    def layer(self, item: QListWidgetItem | None) -> Layer | None:
        """Return a new layer of the kind that an entry stands for; None for headings."""
        name = item.data(_TYPE_ROLE) if item is not None else None
        return LAYERS.get(name).suggested() if name else None

    @Slot(str)
    def filter(self, text: str) -> None:
        """Show only the layers whose name or family holds ``text``; families without any lose their heading."""
        wanted = text.strip().lower()
        heading: QListWidgetItem | None = None
        for row in range(self.count()):
            item = self.item(row)
            if not item.data(_TYPE_ROLE):
                heading = item
                heading.setHidden(True)
                continue
            hidden = wanted not in f"{item.text()} {item.data(_FAMILY_ROLE)}".lower()
            item.setHidden(hidden)
            if heading is not None and not hidden:
                heading.setHidden(False)

    def first_shown(self) -> QListWidgetItem | None:
        """Return the first entry that the search leaves."""
        for row in range(self.count()):
            if self.item(row).data(_TYPE_ROLE) and not self.item(row).isHidden():
                return self.item(row)
        return None

    @Slot(QListWidgetItem)
    def _choose(self, item: QListWidgetItem | None) -> None:
        layer = self.layer(item)
        if layer is not None:
            self.chosen.emit(layer)

    @Slot()
    def choose_first(self) -> None:
        """Pick the current entry, or the first one that the search leaves."""
        item = self.currentItem()
        self._choose(item if item is not None and not item.isHidden() else self.first_shown())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self._choose(self.currentItem())
            event.accept()
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()  # a list needs them not; in the window they steer the training
        else:
            super().keyPressEvent(event)

    def startDrag(self, supported: Qt.DropAction) -> None:
        layer = self.layer(self.currentItem())
        if layer is None:
            return
        drag = QDrag(self)
        drag.setMimeData(DraggedLayer(layer).to_mime())
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


class Palette(QFrame):
    """The palette with its heading and search field.

    Attributes:
        chosen: a layer was picked by double click or Enter; carries a new ``Layer``.
        entries: the list, named ``layerPalette``.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("palettePanel")
        self.setProperty("card", True)
        self.entries = PaletteList(self)
        self.entries.chosen.connect(self.chosen)
        self._find = QToolButton()
        self._find.setObjectName("layerSearchButton")
        self._find.setProperty("flat", True)
        self._find.setCheckable(True)
        self._find.setToolTip(self.tr("Find a layer by its name"))
        self._find.setAccessibleName(self.tr("Find a layer"))
        icons.bind(self._find, "search")
        self._search = QLineEdit()
        self._search.setObjectName("layerSearch")
        self._search.setPlaceholderText(self.tr("Find a layer"))
        self._search.setAccessibleName(self.tr("Find a layer by its name"))
        self._search.setClearButtonEnabled(True)
        self._search.hide()
        self._search.textChanged.connect(self.entries.filter)
        self._search.returnPressed.connect(self.entries.choose_first)
        self._find.toggled.connect(self._show_search)

        body = QVBoxLayout()
        body.setContentsMargins(10, 6, 8, 6)
        body.addWidget(self._search)
        body.addWidget(self.entries)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addWidget(card_header(self.tr("Layers"), self._find))
        whole.addWidget(rule())
        whole.addLayout(body)

    @Slot(bool)
    def _show_search(self, shown: bool) -> None:
        self._search.setVisible(shown)
        if shown:
            self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self._search.clear()
