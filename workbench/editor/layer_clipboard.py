"""Cutting, copying and pasting in the network's list: layers travel as text that people can read and pass on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication

from nncore.editing.clipboard import layers_text, network_text, read_layers
from nncore.errors import InputError
from nncore.layers import Layer
from workbench.editor.layer_mouse import MouseList


class ClipboardList(MouseList):
    """A list that exchanges layers with the clipboard.

    Attributes:
        message: something to tell: a sentence, what to do, and whether it is an error.
        passing: something to tell that is of no use after the next edit: a sentence.
    """

    message = Signal(str, str, bool)
    passing = Signal(str)

    def insert_position(self) -> int:
        """Return where a new layer goes when no place is shown: behind the current row, or at the end."""
        index = self.currentIndex()
        count = len(self.document.network)
        return min(index.row(), count) if index.isValid() and index.row() <= count else count

    @Slot()
    def copy(self) -> None:
        """Put the selected layers into the clipboard."""
        layers = self._keep_selected()
        if layers:
            self._tell(self.tr("Copied {name}."), self.tr("Copied {count} layers."), layers)

    @Slot()
    def cut(self) -> None:
        """Put the selected layers into the clipboard and take them out of the network."""
        layers = self._keep_selected()
        if layers:
            self.remove_selected()  # first: what is told passes with the next edit
            self._tell(self.tr("Cut {name}."), self.tr("Cut {count} layers."), layers)

    def _keep_selected(self) -> list[Layer]:
        """Put the selected layers into the clipboard, and return them."""
        layers = [self.document.network.layers[position] for position in self.selected_positions()]
        if layers:
            QGuiApplication.clipboard().setText(layers_text(layers))
        return layers

    @Slot()
    def copy_network(self) -> None:
        """Put the whole network with its input shape into the clipboard."""
        QGuiApplication.clipboard().setText(network_text(self.document.network))
        self.passing.emit(self.tr("Copied the network as text."))

    @Slot()
    def paste(self) -> None:
        """Put what the clipboard describes behind the current row; say why when it describes no layers."""
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            sentence = self.tr("There is no text in the clipboard.")
            self.message.emit(sentence, self.tr("Copy layers, or a network from a chat or a lesson, first."), True)
            return
        try:
            pasted = read_layers(text)
        except InputError as error:
            sentence = self.tr("Nothing was pasted. {reason}").format(reason=error.sentence)
            self.message.emit(sentence, error.remedy, True)
            return
        position = self.insert_position()
        selected = self.selected_positions()
        if selected:
            position = selected[-1] + 1
        with self.choosing():
            done = self.document.paste(position, pasted)
        if done:
            unread = self.tr("compile and fit were not read: choose loss and optimizer under Training.")
            note = unread if pasted.settings else ""
            self._tell(self.tr("Pasted {name}."), self.tr("Pasted {count} layers."), pasted.layers, note)

    def _tell(self, one: str, several: str, layers: Sequence[Layer], note: str = "") -> None:
        words = one.format(name=layers[0].type_name) if len(layers) == 1 else several.format(count=len(layers))
        if note:
            self.message.emit(words, note, False)
        else:
            self.passing.emit(words)

    @Slot()
    def remove_selected(self) -> None:
        """Remove the selected layers; what follows them becomes current."""
        positions = self.selected_positions()
        if positions:
            with self.choosing():
                self.document.remove_layers(positions)
