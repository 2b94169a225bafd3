"""The forms of layers that were shown before, one for each type: to fill one anew takes a tenth of building it.

Invariant: at most one form of the shelf is shown, and only that one has the names by which its controls are found.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget
from shiboken6 import isValid

from nncore.layers import Layer
from workbench.forms.form import SpecForm

MOST = 8
"""So many forms are kept; a network has seldom more types of layers."""


class FormShelf(QObject):
    """Makes, shows and keeps forms in a layout.

    Args:
        name: first part of the object names of every form's controls.
        box: where the forms stand.
        parent: the widget that has the layout.

    Attributes:
        edited: as that of the form that is shown.
        shown: that form; None when there is none.
    """

    edited = Signal(object, str)

    def __init__(self, name: str, box: QBoxLayout, parent: QWidget) -> None:
        super().__init__(parent)
        self._name, self._box, self._owner = name, box, parent
        self._forms: dict[type[Layer], SpecForm] = {}
        self._names: dict[SpecForm, list[tuple[QObject, str]]] = {}
        self._unfolded: set[str] = set()
        self.shown: SpecForm | None = None

    def forms(self) -> list[SpecForm]:
        """Return all forms, those that are not shown included."""
        return list(self._forms.values())

    def show(self, layer: Layer, fresh: bool) -> None:
        """Show a layer in the form of its type.

        Args:
            layer: what is to be edited.
            fresh: it is another layer than before, so that what was being typed does not belong to it.
        """
        form = self._forms.pop(type(layer), None)
        if form is None:
            form = self._make(layer)
        elif form is self.shown:
            form.set_value(layer, fresh)
        else:
            self.put_away()
            self._give_names(form)
            form.set_value(layer, fresh=True)
            form.follow_folding()
            form.show()
        self.shown = form
        self._forms[type(layer)] = form  # the one that was shown last is dropped last
        while len(self._forms) > MOST:
            self._drop(next(iter(self._forms)))

    def _make(self, layer: Layer) -> SpecForm:
        self.put_away()
        form = SpecForm(self._name, layer, self._owner, unfolded=self._unfolded)
        form.edited.connect(self.edited)
        self._box.addWidget(form)
        return form

    def put_away(self) -> None:
        """Show no form."""
        form, self.shown = self.shown, None
        if form is not None:
            form.hide()
            # Two controls of one name could not be told from each other.
            named = [(child, child.objectName()) for child in (form, *form.findChildren(QObject))]
            self._names[form] = [(child, name) for child, name in named if name.startswith(self._name)]
            for child, _ in self._names[form]:
                child.setObjectName("")

    def _give_names(self, form: SpecForm) -> None:
        for child, name in self._names.pop(form):
            if isValid(child):  # rows that were being made anew when the form was put away are gone since
                child.setObjectName(name)

    def _drop(self, kind: type[Layer]) -> None:
        form = self._forms.pop(kind)
        self._names.pop(form, None)
        self._box.removeWidget(form)
        form.hide()
        form.deleteLater()

    def rebuild(self) -> None:
        """Make the rows of the form that is shown anew, for another size of text, and drop the others."""
        for kind, form in list(self._forms.items()):
            if form is not self.shown:
                self._drop(kind)
        if self.shown is not None:
            self.shown.rebuild()
