"""The window: it puts the parts together and passes on what they tell each other. It decides nothing else."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QMainWindow, QVBoxLayout, QWidget

from nncore.datasets.base import DATASETS
from nncore.losses import Problem
from nncore.project import DEFAULT_PRESET, load_preset
from workbench import layout
from workbench.actions import Actions
from workbench.collector import Collector
from workbench.dialogs.help import about_dialog
from workbench.dialogs.keys import keys_dialog
from workbench.document import Document
from workbench.editor import NetworkPanel, Palette
from workbench.forms import PropertiesPanel
from workbench.forms.controls import ValueEdit
from workbench.history_panel import HistoryPanel
from workbench.life.project_life import ProjectLife, preferences_path
from workbench.menus import Menus
from workbench.monitor import Monitor
from workbench.picturing import Picturing
from workbench.preferences import PreferencesFile
from workbench.project_files import ProjectFiles, last_training
from workbench.room import Room
from workbench.steering import Steering
from workbench.theme import current, fonts, numbers
from workbench.theme.widgets import ElidedLabel
from workbench.training.controller import IDLE, PAUSED, RUNNING, STOPPING, TrainingController
from workbench.training_bar import TrainingBar
from workbench.viewing import Viewing
from workbench.watching import Watching

COMPACT_BELOW = 1240  # pixels of the design; a projector has 1024


class MainWindow(QMainWindow):
    """The workbench with one project.

    Args:
        preset: name of the ready project to start with; its data are loaded when a project is opened.
        preferences: the user's own when None.
    """

    def __init__(self, preset: str = DEFAULT_PRESET, preferences: PreferencesFile | None = None) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AnimatedDocks)
        self.collector = Collector(self)
        self.document = Document(load_preset(preset), parent=self)
        self.controller = TrainingController(self.document, self)
        self.files = ProjectFiles(self.document, self.controller, self)
        self.actions_by_name = Actions(self)
        self.bar = TrainingBar(self.actions_by_name, self)
        self.palette_panel = Palette(self)
        self.network = NetworkPanel(self.document, self)
        self.properties = PropertiesPanel(self.document, self)
        self.watching = Watching(self)
        self.monitor = Monitor(self.controller, self.bar, self.watching, self)
        self.picturing = Picturing(self.controller, self.network.layers, self.watching.picture, self)
        self.menus = Menus(self, self.actions_by_name, self.network)
        self.steering = Steering(self.controller, self.actions_by_name, self.bar, self)
        kept = preferences or PreferencesFile(preferences_path())
        self.life = ProjectLife(
            self.document, self.controller, self.files, self.actions_by_name, kept, self.watching, self
        )
        self.life.fill(self.menus)
        self._compact: bool | None = None
        self._closing = False
        self._compose()
        self._connect()
        self._follow_document()
        self._follow_state(IDLE)
        self.network.layers.setFocus()

    # --- What outside checks rely on ---

    @property
    def state(self) -> str:
        """``idle``, ``running``, ``paused`` or ``stopping``."""
        return self.controller.state

    def open_project(self, name_or_path: str) -> None:
        """Open a preset or a file; raise ``InputError``, with the open project untouched, when that is impossible."""
        self.files.open_now(str(name_or_path))

    # --- Composition ---

    def _compose(self) -> None:
        self.addToolBar(self.bar)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setCentralWidget(self.watching)
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        self.palette_dock = self._dock("paletteDock", self.tr("Layers"), self.palette_panel, (8, 8, 0, 8))
        self.network_dock = self._dock("networkDock", self.tr("Network"), self.network, (0, 8, 0, 8))
        self.properties_dock = self._dock("propertiesDock", self.tr("Properties"), self.properties, (0, 8, 8, 8))
        self.addDockWidget(left, self.palette_dock)
        self.splitDockWidget(self.palette_dock, self.network_dock, Qt.Orientation.Horizontal)
        self.addDockWidget(right, self.properties_dock)
        self.history = HistoryPanel(self.document, self)
        self.history_dock = self._dock("historyDock", self.tr("Undo history"), self.history, (0, 0, 8, 8))
        self.splitDockWidget(self.properties_dock, self.history_dock, Qt.Orientation.Vertical)
        self.history_dock.hide()
        self.history_dock.toggleViewAction().toggled.connect(self._keep_margins)
        sizes = [fonts.pixels(168), fonts.pixels(314), fonts.pixels(312)]
        docks = [self.palette_dock, self.network_dock, self.properties_dock]
        self.resizeDocks(docks, sizes, Qt.Orientation.Horizontal)
        self.menus.model.addAction(self.actions_by_name["pictureAction"])
        self.menus.model.addMenu(self.watching.picture.files_menu(self.menus.model))
        self.viewing = Viewing(self, self.menus.view, self.history_dock)
        self.history.close_wanted.connect(self.history_dock.hide)
        Room(self.watching, (self.palette_dock, self.properties_dock), self)
        self.menus.view.addSection(self.tr("Panels"))
        for dock in docks:
            self.menus.view.addAction(dock.toggleViewAction())
            dock.toggleViewAction().toggled.connect(self._keep_margins)
        self.menus.view.addActions([self.actions_by_name["historyAction"], self.actions_by_name["layoutAction"]])
        self.title_label = QLabel(self)
        self.title_label.setObjectName("titleLabel")
        self.title_label.setContentsMargins(8, 4, 12, 4)
        # A corner widget keeps the size it had at first; this leaves the smallest window room for all menus.
        self.title_label.setMinimumWidth(fonts.pixels(304))
        self.title_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.menuBar().setCornerWidget(self.title_label, Qt.Corner.TopRightCorner)
        self.status = ElidedLabel(self)
        self.status.setObjectName("statusMessage")
        self.status.setContentsMargins(8, 2, 8, 2)
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.seed_label = QLabel(self)
        self.seed_label.setObjectName("seedLabel")
        self.seed_label.setContentsMargins(8, 2, 8, 2)
        self.statusBar().addWidget(self.status, 1)
        self.statusBar().addPermanentWidget(self.seed_label)
        self.statusBar().setSizeGripEnabled(False)
        self.resize(1440, 900)
        self.setMinimumSize(720, 480)
        self._first_layout = layout.written(self)

    def _dock(self, name: str, title: str, content: QWidget, margins: tuple[int, int, int, int]) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        # The cards have headings of their own; the dock's would repeat them.
        dock.setTitleBarWidget(QWidget(dock))
        holder = QWidget(dock)
        box = QVBoxLayout(holder)
        box.setContentsMargins(*margins)
        box.addWidget(content)
        dock.setWidget(holder)
        return dock

    def _connect(self) -> None:
        actions = self.actions_by_name
        for name, slot in {
            "newAction": self.files.new,
            "openAction": self.files.ask_open,
            "reopenAction": self.files.reopen_last,
            "saveAction": self.files.save,
            "saveAsAction": self.files.ask_save_as,
            "exportAction": self.files.ask_export,
            "quitAction": self.close,
            "undoAction": self.document.stack.undo,
            "redoAction": self.document.stack.redo,
            "trainAction": self.controller.train,
            "pauseAction": self.controller.pause,
            "stepAction": self.controller.step,
            "epochAction": self.controller.finish_epoch,
            "stopAction": self.controller.stop,
            "resetAction": self.controller.reset,
            "pictureAction": self.watching.show_picture,
            "renameAction": self._rename,
            "historyAction": self.viewing.toggle_history,
            "layoutAction": self.reset_layout,
            "keysAction": self._show_keys,
            "aboutAction": self._show_about,
        }.items():
            actions[name].triggered.connect(self._commit_typing)
            actions[name].triggered.connect(slot)
        stack = self.document.stack
        stack.canUndoChanged.connect(self._follow_stack)
        stack.undoTextChanged.connect(self._follow_stack)
        stack.redoTextChanged.connect(self._follow_stack)
        self.document.trace_changed.connect(self._follow_document)
        self.document.clean_changed.connect(self._show_title)
        self.document.path_changed.connect(self._show_title)
        self.controller.state_changed.connect(self._follow_state)
        self.controller.data_changed.connect(self._follow_data)
        self.controller.result_changed.connect(self._enable)
        self.controller.message.connect(self.show_message)
        self.files.message.connect(self.show_message)
        self.steering.message.connect(self.show_message)
        self.life.message.connect(self.show_message)
        self.files.opened.connect(self._follow_opened)
        self.menus.preset_chosen.connect(self.files.open)
        self.menus.dataset_chosen.connect(self._choose_dataset)
        self.bar.speed_changed.connect(self.controller.set_speed)
        self.bar.properties_wanted.connect(self._toggle_properties)
        self.palette_panel.chosen.connect(self.network.add)
        self.network.layers.row_chosen.connect(self.properties.show_row)
        self.network.layers.form_wanted.connect(self._show_properties)
        self.network.layers.message.connect(self.show_message)
        self.viewing.chosen.connect(self.life.note)
        current().text_size_changed.connect(self._follow_text_size)
        self._follow_stack()

    def _commit_typing(self) -> None:
        """Take what is typed into a field, which keeps the focus when a command is chosen, before the command runs."""
        focused = QApplication.focusWidget()
        if isinstance(focused, ValueEdit):
            focused.submit()

    # --- Following ---

    def _follow_stack(self, *_: object) -> None:
        stack, actions = self.document.stack, self.actions_by_name
        undo, redo = stack.undoText(), stack.redoText()
        actions["undoAction"].setEnabled(stack.canUndo())
        actions["redoAction"].setEnabled(stack.canRedo())
        actions["undoAction"].setText(self.tr("&Undo {text}").format(text=undo) if undo else self.tr("&Undo"))
        actions["redoAction"].setText(self.tr("&Redo {text}").format(text=redo) if redo else self.tr("&Redo"))

    def _follow_document(self) -> None:
        trace = self.document.trace
        unusable = trace.input_problem is not None
        self.bar.show_problems(len(trace.problems) - unusable, unusable)
        self.seed_label.setText(self.tr("seed {seed}").format(seed=self.document.project.training.seed))
        self._show_title()
        self._enable()

    def _follow_opened(self) -> None:
        self.watching.banner.hide()
        self.show_message(self.tr("Opened {name}.").format(name=self.document.project.name), "", False)

    def _follow_state(self, state: str) -> None:
        words = {
            RUNNING: self.tr("Training in the background; everything stays usable."),
            PAUSED: self.tr("Paused. Resume, or go on by single steps or epochs."),
            STOPPING: self.tr("Stopping after this step."),
        }
        if state in words:
            self.show_message(words[state], "", False)
        if state == RUNNING:
            self.watching.banner.hide()
        self._enable()

    def _follow_data(self) -> None:
        data = self.controller.data
        error = self.controller.data_error
        if data is None or error is not None:
            problem = None if error is None else Problem(error.sentence, error.remedy)
            self.document.set_data_info(None, problem=problem)
            return
        source = self.document.project.data.source
        title = DATASETS.get(source).title if source in DATASETS else data.data.name
        counts = [self.tr("{n} train").format(n=numbers.count(len(data.train)))]
        if data.validation is not None:
            counts.append(self.tr("{n} validation").format(n=numbers.count(len(data.validation))))
        self.document.set_data_info(data.target, data.data.input_shape, title, " · ".join(counts))
        self.document.fit_to_data(data.data.input_shape, data.target)
        self.watching.banner.hide()

    def _enable(self) -> None:
        actions, controller = self.actions_by_name, self.controller
        ready = not self.document.trace.problems
        state = controller.state
        startable = (state == IDLE and ready) or state == PAUSED
        for name in ("trainAction", "stepAction", "epochAction"):
            actions[name].setEnabled(startable)
        actions["pauseAction"].setEnabled(state == RUNNING)
        actions["stopAction"].setEnabled(state in (RUNNING, PAUSED))
        learned = controller.snapshot is not None
        actions["resetAction"].setEnabled(learned)
        actions["exportAction"].setEnabled(learned)
        actions["reopenAction"].setEnabled(last_training().is_file())
        running = state != IDLE
        self.properties.show_training(running, controller.started_project if learned or running else None)
        self.bar.show_state(state, continuing=learned and controller.can_continue())

    def _show_title(self, *_: object) -> None:
        path = self.document.path
        name = path.stem if path is not None else self.document.project.name
        mark = "" if self.document.clean else "*"
        title = f"{name}{mark} · {self.tr('Neural Network Workbench')}"
        room = self.title_label.minimumWidth() - 24
        self.title_label.setText(self.title_label.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, room))
        self.setWindowTitle(title)

    def show_message(self, sentence: str, remedy: str, error: bool) -> None:
        """Tell the person something: in the status bar, and an error also above the plots until it is read."""
        self.status.setText(f"{sentence} {remedy}".strip())
        self.status.setToolTip(self.status.text())
        self.status.setAccessibleName(self.status.text())
        if error:
            self.watching.banner.show_message(sentence, remedy)

    def _choose_dataset(self, name: str) -> None:
        if not self.document.set_data(self.document.project.data.replace(source=name)):
            self.document.data_wanted.emit()

    # --- Room ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def reset_layout(self) -> None:
        """Put every panel back where it was at first."""
        layout.put(self, self._first_layout)
        self._compact = None
        self._fold()

    def put_layout(self, text: str) -> None:
        """Divide the window as it was kept; what is no such text changes nothing."""
        if layout.put(self, text):
            self._compact = self._is_compact()
            self.bar.set_compact(self._compact)

    def _is_compact(self) -> bool:
        return self.width() < fonts.pixels(COMPACT_BELOW)

    def _follow_text_size(self) -> None:
        self._compact = None
        self._fold()

    def _fold(self) -> None:
        """Leave out what has no room in a small window."""
        compact = self._is_compact()
        if compact != self._compact:
            self._compact = compact
            self.palette_dock.setVisible(not compact)
            self.properties_dock.setVisible(not compact)
            self.bar.set_compact(compact)
            left, right = fonts.pixels(286 if compact else 314), fonts.pixels(312)
            docks = [self.palette_dock, self.network_dock, self.properties_dock]
            self.resizeDocks(docks, [fonts.pixels(168), left, right], Qt.Orientation.Horizontal)

    def _keep_margins(self, _: bool) -> None:
        """Leave the same margin at the window's edge, whichever panel stands there."""
        for dock, neighbour in ((self.network_dock, self.palette_dock), (self.palette_dock, None)):
            box = dock.widget().layout()
            if box is not None:
                box.setContentsMargins(0 if neighbour and not neighbour.isHidden() else 8, 8, 0, 8)
        left = 0 if any(not dock.isHidden() for dock in (self.palette_dock, self.network_dock)) else 8
        right = self.properties_dock.widget().layout()
        if right is not None:
            right.setContentsMargins(0, 8, 8, 8 if self.history_dock.isHidden() else 0)
        self.watching.set_margins(left, 0 if not self.properties_dock.isHidden() else 8)

    def _toggle_properties(self) -> None:
        self.properties_dock.setVisible(self.properties_dock.isHidden())

    def _rename(self) -> None:
        self.properties_dock.show()
        self.properties.rename()

    def _show_properties(self) -> None:
        self.properties_dock.show()
        self.properties.focus_form()

    # --- Help ---

    def _show_keys(self) -> None:
        keys_dialog(self.actions_by_name, self).open()

    def _show_about(self) -> None:
        about_dialog(self).open()

    # --- Keys, drops, closing ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and the arrows steer the training wherever nothing else uses them; typing does."""
        shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        actions = self.actions_by_name
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            actions["pauseAction" if self.state == RUNNING else "trainAction"].trigger()
        elif event.key() == Qt.Key.Key_Right:
            actions["epochAction" if shift else "stepAction"].trigger()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        local = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        for path in map(Path, local[:1]):
            if path.suffix.lower() == ".nnw":
                self.files.open(str(path))
            else:
                self._choose_dataset(str(path))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._commit_typing()
        if not self._closing and not self.document.clean:
            event.ignore()
            self.files.ask_to_save(self._close_now)
            return
        self.controller.close()
        self.files.finish()
        self.files.keep_result()
        self.life.close()
        self.monitor.close()
        self.collector.close()
        event.accept()

    def _close_now(self) -> None:
        self._closing = True
        self.close()
