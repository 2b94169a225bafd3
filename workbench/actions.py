"""Every command of the window as one QAction: name, words, icon and keys are said here and nowhere else.

Menus, buttons and context menus show these same objects, so that a command is enabled, worded and reached the same way
everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from workbench.theme import icons


@dataclass(frozen=True)
class Entry:
    """What a command is called and how it is reached; texts are marked for translation by ``QT_TRANSLATE_NOOP``."""

    name: str
    text: str
    tip: str
    keys: tuple[QKeySequence.StandardKey | str, ...] = ()
    icon: str = ""
    checkable: bool = False


_KEY = QKeySequence.StandardKey
_FLOAT = "Take the panel out of the window, for instance to a second screen, or put it back"
ENTRIES = (
    Entry("newAction", "&New", "Start with an empty list of layers", (_KEY.New,), "new"),
    Entry("openAction", "&Open…", "Open a project, or data of your own", (_KEY.Open,), "open"),
    Entry("newWindowAction", "New &window", "Open another window, which learns beside this one", ("Ctrl+Shift+N",)),
    Entry("registerAction", "Open .nnw &files with this program", "Tell the desktop what .nnw files belong to"),
    Entry("reopenAction", "Reopen &last training", "Open what was learned last but not saved, also after a reset"),
    Entry("saveAction", "&Save", "Save network, settings and what was learned", (_KEY.Save,), "save"),
    Entry("saveAsAction", "Save &as…", "Save under another name", (_KEY.SaveAs, "Ctrl+Shift+S"), "save-as"),
    Entry("exportAction", "&Export…", "Write the learned weights to a file for other programs", ("Ctrl+E",), "export"),
    Entry("quitAction", "&Quit", "Close the workbench", (_KEY.Quit, "Ctrl+Q")),
    Entry("undoAction", "&Undo", "Take the last change back", (_KEY.Undo,), "undo"),
    Entry(
        "redoAction",
        "&Redo",
        "Make the change again that was taken back",
        (_KEY.Redo, "Ctrl+Y", "Ctrl+Shift+Z"),
        "redo",
    ),
    Entry("renameAction", "Re&name layer…", "Give the selected layer a name of its own", ("F2",), "write"),
    Entry("ownFileAction", "Your own &file…", "Learn from a table or arrays: CSV, Excel, Parquet, NPZ", (), "data"),
    Entry("ownFolderAction", "Your own f&older…", "Learn from a folder of MNIST-style IDX files"),
    Entry("trainAction", "&Train", "Learn from the data (Space)", ("F5",), "train"),
    Entry("pauseAction", "&Pause", "Wait before the next step (Space)", ("F6",), "pause"),
    Entry("stepAction", "&Step", "Learn one batch, then wait (Right)", ("F7",), "step"),
    Entry("epochAction", "&Epoch", "Learn to the end of the epoch, then wait (Shift+Right)", ("F8",), "epoch"),
    Entry("pictureAction", "Network &picture", "Show a drawing of the whole network", ("F9",), "network"),
    Entry("stopAction", "St&op", "End the training and keep what was learned", ("Shift+F5",), "stop"),
    Entry("stopAtAction", "Stop &at epoch…", "Say after which epoch training ends, also while it runs", ("Ctrl+T",)),
    Entry("moreAction", "Continue for &more epochs…", "Go on from what was learned", ("Ctrl+Shift+T",)),
    Entry("slowerAction", "S&lower", "Learn fewer steps per second", ("Alt+Left",)),
    Entry("fasterAction", "&Faster", "Learn more steps per second", ("Alt+Right",)),
    Entry("newSeedAction", "New see&d", "Take the next seed: the next training starts with other weights"),
    Entry("welcomeAction", "&Welcome", "Show what can be opened, and the examples", (), "new"),
    Entry("historyAction", "Undo &history", "Show every change by name, and go back to any", ("Ctrl+H",), "history"),
    Entry("layoutAction", "Reset la&yout", "Put every panel back where it was at first", (), "columns"),
    Entry("floatPaletteAction", "L&ayers in a separate window", _FLOAT, checkable=True),
    Entry("floatNetworkAction", "Net&work in a separate window", _FLOAT, checkable=True),
    Entry("floatPropertiesAction", "P&roperties in a separate window", _FLOAT, checkable=True),
    Entry("floatHistoryAction", "&Undo history in a separate window", _FLOAT, checkable=True),
    Entry("goPaletteAction", "&Layers to add", "Go to the search for a layer", ("Ctrl+F", "Ctrl+1"), "search"),
    Entry("goNetworkAction", "&Network", "Go to the list of layers", ("Ctrl+2",)),
    Entry("goResultsAction", "&Curves and predictions", "Go to what is learned", ("Ctrl+3",)),
    Entry("goPropertiesAction", "&Properties", "Go to the settings of the selected row", ("Ctrl+4",)),
    Entry("keysAction", "&Keys…", "Show which keys do what", (_KEY.HelpContents, "?"), "help"),
    Entry("aboutAction", "&About…", "Show what this program is and which version", (), "info"),
    Entry("resetAction", "&Reset", "Forget what was learned: back to the first weights", ("Ctrl+R",), "reset"),
)


class Actions:
    """The window's commands by name.

    Args:
        window: owns the actions; their keys work in it.
    """

    def __init__(self, window: QWidget) -> None:
        self._actions: dict[str, QAction] = {}
        for entry in ENTRIES:
            action = QAction(QCoreApplication.translate("actions", entry.text), window)
            action.setObjectName(entry.name)
            keys = [key for item in entry.keys for key in _sequences(item)]
            action.setShortcuts(list(dict.fromkeys(keys)))
            tip = QCoreApplication.translate("actions", entry.tip)
            shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{tip} · {shown}" if shown else tip)
            action.setStatusTip(tip)
            action.setCheckable(entry.checkable)
            if entry.icon:
                icons.bind(action, entry.icon)
            self._actions[entry.name] = action
        window.addActions(list(self._actions.values()))

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]


def _sequences(item: QKeySequence.StandardKey | str) -> list[QKeySequence]:
    """Return the keys that the system has for a standard command, or the one that is named."""
    return [QKeySequence(item)] if isinstance(item, str) else QKeySequence.keyBindings(item)
