"""The network's list with its heading and buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QMenu, QToolButton, QVBoxLayout, QWidget

from nncore.layers import LAYERS, Layer
from workbench.document import Document
from workbench.editor.families import family_title, layers_by_family
from workbench.editor.layer_mouse import GAP
from workbench.editor.layer_view import LayerView
from workbench.theme import fonts, icons
from workbench.theme.widgets import card_header, rule

_LEAST = 230
"""Pixels of the design that a row needs to tell its shape and how many parameters it has, in round numbers."""


class NetworkPanel(QFrame):
    """Heading "Network" with buttons to add, duplicate and remove, above the list.

    Attributes:
        layers: the list, named ``layerList``.
    """

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("networkPanel")
        self.setProperty("card", True)
        self.layers = LayerView(document, self)
        self._add = self._button("addLayerButton", "add", self.tr("Add a layer behind the current row"))
        self._add.setAccessibleName(self.tr("Add a layer"))
        self._add.setText(self.tr("Add"))
        self._add.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._add.setMenu(self.add_menu())
        self._duplicate = self._button(
            "duplicateLayerButton", "duplicate", self.tr("Duplicate the selected layers (Ctrl+D)")
        )
        self._remove = self._button("removeLayerButton", "delete", self.tr("Remove the selected layers (Del)"))
        self._duplicate.clicked.connect(self.layers.duplicate_selected)
        self._remove.clicked.connect(self.layers.remove_selected)
        self.layers.selection_told.connect(self._enable)
        self._enable(self.layers.selected_positions())

        body = QVBoxLayout()
        body.setContentsMargins(8, 5, 8 - GAP, 8)  # the list keeps the rest between its rows and the scroll bar
        body.addWidget(self.layers)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addWidget(card_header(self.tr("Network"), self._add, self._duplicate, self._remove))
        whole.addWidget(rule())
        whole.addLayout(body)
        self.setMinimumWidth(fonts.pixels(_LEAST))

    def tells(self, sentence: str) -> bool:
        """Return whether the row of the input says this of the data, where it is seen; it is brought into view."""
        problem = self.layers.document.trace.input_problem
        told = problem is not None and problem.sentence == sentence and self.isVisible()
        if told:
            self.layers.scrollToTop()
        return told

    def _button(self, name: str, icon: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setProperty("flat", True)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        icons.bind(button, icon)
        return button

    def add_menu(self) -> QMenu:
        """Return a new menu with a menu of layers for each family; choosing one adds it."""
        menu = QMenu(self)
        menu.setObjectName("addLayerMenu")
        for family, layers in layers_by_family():
            # In one list they would be taller than a small screen.
            below = menu.addMenu(family_title(family))
            below.setObjectName(f"addLayerMenu.{family}")
            below.setToolTipsVisible(True)
            icons.bind(below.menuAction(), family, family)
            for layer in layers:
                action = below.addAction(layer.type_name)
                action.setObjectName(f"add{layer.type_name}Action")
                action.setData(layer.type_name)
                action.setToolTip(layer.help())
                icons.bind(action, layer.type_name, family)
        menu.triggered.connect(self._add_by_action)
        return menu

    @Slot(QAction)
    def _add_by_action(self, action: QAction) -> None:
        if action.data():
            self.add(LAYERS.get(action.data()).suggested())

    @Slot(object)
    def add(self, layer: Layer) -> None:
        """Insert a layer behind the current row, as the palette's Enter and double click do."""
        self.layers.add(layer)

    @Slot(object)
    def _enable(self, positions: list[int]) -> None:
        for button in (self._duplicate, self._remove):
            button.setEnabled(bool(positions))
