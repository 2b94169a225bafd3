"""The edits of the open project: the one place where it changes, with undo.

Each returns whether it changed anything, and leaves one entry in the undo list if it did.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from nncore.editing.clipboard import Pasted
from nncore.editing.edits import Edit, Insert, Move, Remove, Replace, Several, insert_all, move_all, remove_all
from nncore.editing.grey import with_fitting_input
from nncore.editing.mends import Mend
from nncore.editing.switching import switched
from nncore.fields import Declared
from nncore.layers import Layer
from nncore.losses import Loss, Target
from nncore.network import Network
from nncore.project import Change, DataSettings, Project, TrainingSettings, adapted
from nncore.types import Shape
from workbench.commands import Command
from workbench.open_project import OpenProject
from workbench.theme import numbers


class Document(OpenProject):
    """The open project with everything that can be done to it."""

    def insert(self, index: int, layer: Layer) -> bool:
        """Put a layer at position ``index``; raise ``IndexError`` when there is no such position."""
        return self._push(Insert(index, layer), self.tr("Insert {layer}").format(layer=layer.type_name))

    def remove(self, index: int) -> bool:
        """Take the layer at position ``index`` out."""
        layer = self.network.layers[index]
        return self._push(Remove(index, layer), self.tr("Remove {layer}").format(layer=layer.type_name))

    def move(self, source: int, target: int) -> bool:
        """Move the layer at ``source`` so that it ends up at ``target``; moving it nowhere changes nothing."""
        if source == target:
            return False
        name = self.network.layers[source].type_name
        return self._push(Move(source, target), self.tr("Move {layer}").format(layer=name))

    def duplicate(self, index: int) -> bool:
        """Put a copy of the layer at ``index`` behind it."""
        layer = self.network.layers[index]
        # Two layers of one name would get numbered names by chance of their order.
        copy = _unnamed(layer)
        return self._push(Insert(index + 1, copy), self.tr("Duplicate {layer}").format(layer=layer.type_name))

    def insert_layers(self, index: int, layers: Sequence[Layer]) -> bool:
        """Put layers side by side, the first at position ``index``, in one undo step; a name is there only once."""
        layers = self._without_taken_names(layers)
        if len(layers) == 1:
            return self.insert(index, layers[0])
        text = self.tr("Insert {count} layers").format(count=len(layers))
        return bool(layers) and self._push(insert_all(index, layers), text)

    def remove_layers(self, positions: Collection[int]) -> bool:
        """Take the layers at ``positions`` out, in one undo step."""
        if len(positions) == 1:
            return self.remove(*positions)
        text = self.tr("Remove {count} layers").format(count=len(positions))
        return bool(positions) and self._push(remove_all(self.network, positions), text)

    def move_layers(self, positions: Collection[int], gap: int) -> bool:
        """Bring layers side by side, in their order, to where the position ``gap`` is now, in one undo step."""
        edit = move_all(positions, gap)
        if not edit.edits:
            return False
        if len(positions) > 1:
            return self._push(edit, self.tr("Move {count} layers").format(count=len(positions)))
        return self.apply(edit.edits[0])

    def duplicate_layers(self, positions: Collection[int]) -> bool:
        """Put copies of the layers at ``positions`` behind the last of them, in one undo step."""
        if len(positions) == 1:
            return self.duplicate(*positions)
        copies = [_unnamed(self.network.layers[position]) for position in sorted(positions)]
        text = self.tr("Duplicate {count} layers").format(count=len(positions))
        return bool(positions) and self._push(insert_all(max(positions) + 1, copies), text)

    def paste(self, index: int, pasted: Pasted) -> bool:
        """Put layers that were read from a text at position ``index``; an empty network takes their shape over."""
        layers = self._without_taken_names(pasted.layers)
        if len(layers) == 1:
            text = self.tr("Paste {layer}").format(layer=layers[0].type_name)
        else:
            text = self.tr("Paste {count} layers").format(count=len(layers))
        if pasted.input_shape is not None and not self.network.layers:
            return self._change(text, "", self._project.replace(network=Network(pasted.input_shape, layers)))
        return bool(layers) and self._push(insert_all(index, layers), text)

    def _without_taken_names(self, layers: Sequence[Layer]) -> tuple[Layer, ...]:
        taken = {layer.name for layer in self.network.layers}
        return tuple(_unnamed(layer) if layer.name in taken else layer for layer in layers)

    def replace_layer(self, index: int, new: Layer) -> bool:
        """Put ``new`` in the place of the layer at ``index``; quick changes of one field become one undo step."""
        old = self.network.layers[index]
        if new == old:
            return False
        key, text = self._difference(old, new)
        return self._push(Replace(index, old, new), text, key and f"layer {index} {key}")

    def rename_layer(self, index: int, name: str) -> bool:
        """Give the layer at ``index`` a name of its own; a blank one takes it away again."""
        old = self.network.layers[index]
        new = old.replace(name=" ".join(name.split()) or None)
        if new == old:
            return False
        if new.name is None:
            text = self.tr("Remove the name of {layer}").format(layer=old.type_name)
        else:
            text = self.tr('Rename {layer} to "{name}"').format(layer=old.type_name, name=new.name)
        return self._push(Replace(index, old, new), text)

    def reset_layer(self, index: int) -> bool:
        """Put every setting of the layer at ``index`` that forms show back to its default."""
        old = self.network.layers[index]
        new = old.replace(**{field.name: field.reset for field in old.fields() if not field.rule.hidden})
        return new != old and self._push(Replace(index, old, new), self.tr("Reset {layer}").format(layer=old.type_name))

    def set_disabled(self, positions: Sequence[int], flag: bool) -> bool:
        """Switch the layers at ``positions`` off, or on again, in one undo step; those that are so already stay."""
        found = [(index, self.network.layers[index]) for index in sorted(set(positions))]
        edits = [Replace(index, old, switched(old, "disabled", flag)) for index, old in found if old.disabled != flag]
        if not edits:
            return False
        if len(edits) == 1:
            text = self.tr("Disable {layer}") if flag else self.tr("Enable {layer}")
            return self._push(edits[0], text.format(layer=edits[0].old.type_name))
        text = self.tr("Disable {count} layers") if flag else self.tr("Enable {count} layers")
        return self._push(Several(tuple(edits)), text.format(count=len(edits)))

    def set_data(self, settings: DataSettings, input_shape: Shape | None = None, target: Target | None = None) -> bool:
        """Choose other data.

        With ``input_shape`` the network's input follows in the same undo step; with ``target`` as well, loss and
        metric do where the old ones cannot suit. Another source begins without the old one's target and test data.
        """
        old = self._project.data
        if settings.source != old.source:
            kept = [name for name in ("target_column", "test_source") if getattr(settings, name) == getattr(old, name)]
            settings = settings.replace(**dict.fromkeys(kept))
            key, text = self._difference(old, old.replace(source=settings.source))
        else:
            key, text = self._difference(old, settings)
        if input_shape is not None and settings == self._project.data:
            key, text = "", self.tr("Fit the input to the data")
        after = self._project.replace(data=settings)
        if input_shape is not None and target is not None:
            after = adapted(after, input_shape, target)
        elif input_shape is not None:
            after = after.replace(network=Network(input_shape, self.network.layers))
        return self._change(text, key and f"data {key}", after)

    def fit_to_data(self, input_shape: Shape, target: Target) -> bool:
        """Have input, loss and metric follow the data that were loaded, in one undo step with the choice of the data.

        Where something was taken back and can be made again, nothing is changed: that would be lost.
        """
        before, after = self._project, adapted(self._project, input_shape, target)
        if after == before or self.stack.canRedo():
            return False
        text = self.tr("Fit to the data")
        self.stack.push(Command(self, Change(text, before, after), text, time=self.clock(), follows=True))
        return True

    def set_training(self, settings: TrainingSettings) -> bool:
        """Set how the network is trained; quick changes of one field become one undo step."""
        key, text = self._difference(self._project.training, settings)
        return self._change(text, key and f"training {key}", self._project.replace(training=settings))

    def apply(self, edit: Edit | Change | Mend) -> bool:
        """Make an edit that was prepared elsewhere: by a mend, a lesson, a script."""
        if isinstance(edit, Mend):
            network = self.network if edit.edit is None else edit.edit.apply(self.network)
            if edit.edit is not None and not edit.loss:
                return self._push(edit.edit, edit.label)
            loss = Loss.registry.get(edit.loss).suggested()
            training = self._project.training.replace(loss=loss)
            return self._change(edit.label, "", self._project.replace(network=network, training=training))
        if isinstance(edit, Change):
            return edit.after != edit.before and self._push(edit, edit.text)
        if isinstance(edit, Insert):
            return self.insert(edit.index, edit.layer)
        if isinstance(edit, Remove):
            return self._push(edit, self.tr("Remove {layer}").format(layer=edit.layer.type_name))
        if isinstance(edit, Move):
            return self.move(edit.source, edit.target)
        if isinstance(edit, Several):
            return bool(edit.edits) and self._push(edit, self.tr("Change several layers"))
        return self.replace_layer(edit.index, edit.new)

    # --- The undo list -----------------------------------------------------------------------------------------

    def _change(self, text: str, key: str, after: Project) -> bool:
        before = self._project
        return after != before and self._push(Change(text, before, after), text, key)

    def _push(self, edit: Edit | Change, text: str, key: str = "") -> bool:
        if not isinstance(edit, Change):
            network = edit.apply(self.network)  # raises before a command that cannot be carried out lies on the stack
            fitting = with_fitting_input(network, self._data_shape)
            if fitting != network:
                edit = Change(text, self._project, self._project.replace(network=fitting))
        self.stack.push(Command(self, edit, text, key, self.clock()))
        return True

    # --- Words -------------------------------------------------------------------------------------------------

    def _difference(self, old: Declared, new: Declared) -> tuple[str, str]:
        """Return a key for the one field that differs, empty if there are several, and the words for the undo list."""
        if type(old) is not type(new):
            return "", self.tr("Change {old} to {new}").format(old=numbers.setting(old), new=numbers.setting(new))
        changed = [field for field in old.fields() if getattr(old, field.name) != getattr(new, field.name)]
        if len(changed) != 1:
            return "", self.tr("Change {name}").format(name=old.type_name)
        (field,) = changed
        before, after = getattr(old, field.name), getattr(new, field.name)
        if isinstance(before, Declared) and type(before) is type(after):
            key, text = self._difference(before, after)
            return key and f"{field.name} {key}", text
        words = self.tr("Set {field} to {value}")
        return field.name, words.format(field=_inside(field.label), value=numbers.setting(after, field.kind))


def _inside(label: str) -> str:
    """Return a label as it stands inside a sentence; abbreviations such as L2 keep their capital."""
    return label[0].lower() + label[1:] if label[1:2].islower() else label


def _unnamed(layer: Layer) -> Layer:
    """Return a layer without a name of its own; many layers are one object for as long as they can."""
    return layer if layer.name is None else layer.replace(name=None)
