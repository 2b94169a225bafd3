"""Every key of the window, read from where it is listened to: the menus' commands, and the tables of widgets.

A widget that listens to keys beside those of the commands says so in a class attribute ``KEYS``: pairs of a key, as
``QKeySequence`` reads it, and what it does. Its accessible name is the heading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from workbench.actions import ENTRIES, Actions

_NATIVE = QKeySequence.SequenceFormat.NativeText


@dataclass(frozen=True)
class Key:
    """One line: what to press, in the words of the system, and what it does; ``name`` is the command's in its menu."""

    keys: str
    words: str
    name: str = ""

    @property
    def each(self) -> tuple[str, ...]:
        """Each of the keys that do it, without the "or" between them."""
        return tuple(self.keys.split(_tr(" or ")))


@dataclass(frozen=True)
class Group:
    """The keys of one menu or of one part of the window."""

    title: str
    keys: tuple[Key, ...]


def groups(window: QWidget, actions: Actions) -> list[Group]:
    """Return the keys under the titles of the menus, then those of the window's parts; none is said twice."""
    found: list[Group] = []
    told: set[QAction] = set()
    if isinstance(window, QMainWindow) and window.menuWidget() is not None:
        for action in window.menuBar().actions():
            menu = action.menu()
            if isinstance(menu, QMenu):
                found.append(Group(_plain(menu.title()), tuple(_of_actions(_within(menu, told)))))
    rest = [actions[entry.name] for entry in ENTRIES if actions[entry.name] not in told]
    found.append(Group(_tr("Everywhere"), (*_always(), *_of_actions(rest))))
    found += _of_widgets(window)
    found.append(Group(_tr("In lists and fields"), _in_lists()))
    return _once(found)


def _within(menu: QMenu, told: set[QAction]) -> Iterator[QAction]:
    for action in menu.actions():
        told.add(action)
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _within(inner, told)
        else:
            yield action


def _of_actions(actions: Iterable[QAction]) -> Iterator[Key]:
    for action in actions:
        text, _, told = action.text().partition("\t")  # a key that a list listens to is only told
        shortcuts = [key for key in action.shortcuts() if _on_keyboards(key)] or ([QKeySequence(told)] if told else [])
        if shortcuts:
            keys = _tr(" or ").join(dict.fromkeys(shortcut.toString(_NATIVE) for shortcut in shortcuts[:2]))
            yield Key(keys, action.statusTip() or _plain(text), _plain(text))


def _on_keyboards(keys: QKeySequence) -> bool:
    """Whether usual keyboards have these keys; systems know others too, such as one for Save."""
    key = int(keys[0].key().value)  # type: ignore[index]  # known at run time only
    return key <= Qt.Key.Key_F12.value


def _of_widgets(window: QWidget) -> Iterator[Group]:
    seen: set[type] = set()
    for widget in window.findChildren(QWidget):
        table = getattr(type(widget), "KEYS", None)
        if table and type(widget) not in seen:
            seen.add(type(widget))
            lines = tuple(Key(QKeySequence(keys).toString(_NATIVE), words) for keys, words in table)
            yield Group(widget.accessibleName() or widget.objectName(), lines)


def _always() -> tuple[Key, ...]:
    return (
        _key("Space", _tr("Train or pause, wherever nothing is typed")),
        _key("Right", _tr("Learn one batch")),
        _key("Shift+Right", _tr("Learn to the end of the epoch")),
        _key("Tab", _tr("Go to the next control; with Shift to the one before")),
    )


def _in_lists() -> tuple[Key, ...]:
    return (
        _key(
            "Return",
            _tr("Palette and its search: add the layer · Family: fold it · Network: show the layer's settings"),
        ),
        _key("Down", _tr("Palette's search: go to the best answer · Number: the next smaller one")),
        _key("Up", _tr("Number: the next larger one")),
        _key("Esc", _tr("Field: take back what is typed")),
        _key("Shift+Esc", _tr("Field: back to its default")),
        _key("Menu", _tr("What else can be done here")),
    )


def _key(keys: str, words: str) -> Key:
    return Key(QKeySequence(keys).toString(_NATIVE), words)


def _once(found: list[Group]) -> list[Group]:
    """Return the groups without lines that were said before, and without groups that say nothing."""
    said: set[Key] = set()
    kept = []
    for group in found:
        new = tuple(key for key in group.keys if key not in said)
        said.update(new)
        if new:
            kept.append(Group(group.title, new))
    return kept


def _plain(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")


def _tr(text: str) -> str:
    return QCoreApplication.translate("keys", text)
