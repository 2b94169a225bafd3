"""The window: it puts the parts together and passes on what they tell each other. It decides nothing else."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from nncore.project import DEFAULT_PRESET, load_preset
from workbench.actions import Actions
from workbench.collector import Collector
from workbench.data_facts import DataFacts
from workbench.dialogs.help import about_dialog
from workbench.dialogs.keys import keys_dialog
from workbench.document import Document
from workbench.editor import NetworkPanel, Palette
from workbench.forms import PropertiesPanel
from workbench.forms.controls import ValueEdit
from workbench.life.drops import Drops
from workbench.life.project_life import ProjectLife, preferences_path
from workbench.middle.first import to_do_first
from workbench.middle.monitor import Monitor
from workbench.middle.picturing import Picturing
from workbench.middle.watching import Watching
from workbench.preferences import PreferencesFile
from workbench.project_files import ProjectFiles
from workbench.training.controller import IDLE, PAUSED, RUNNING, STOPPING, TrainingController
from workbench.window import tab_order
from workbench.window.docks import Docks
from workbench.window.enabling import Enabling
from workbench.window.going import Going
from workbench.window.history_panel import HistoryPanel
from workbench.window.labels import Labels
from workbench.window.menus import Menus
from workbench.window.room import Room
from workbench.window.steering import Steering
from workbench.window.to_problem import ToProblem
from workbench.window.training_bar import TrainingBar
from workbench.window.viewing import Viewing


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
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.collector = Collector(self)
        self.document = Document(load_preset(preset), parent=self)
        self.controller = TrainingController(self.document, self)
        self.files = ProjectFiles(self.document, self.controller, self)
        self.actions_by_name = Actions(self)
        self.bar = TrainingBar(self.actions_by_name, self)
        self.palette_panel = Palette(self)
        self.network = NetworkPanel(self.document, self)
        self.network.layers.addAction(self.actions_by_name["renameAction"])
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
        self._closing = False
        self._complaining: QObject | None = None
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
        self.setCentralWidget(self.watching)
        self.history = HistoryPanel(self.document, self)
        self.docks = Docks(self, self.watching)
        self.docks.compacted.connect(self.bar.set_compact)
        self.docks.fill(self.palette_panel, self.network, self.properties, self.history)
        self.palette_dock, self.network_dock, self.properties_dock = self.docks.lasting
        self.history_dock = self.docks.history
        self.menus.model.addAction(self.actions_by_name["pictureAction"])
        self.menus.model.addMenu(self.watching.picture.files_menu(self.menus.model))
        self.viewing = Viewing(self, self.menus.view, self.history_dock)
        self.history.close_wanted.connect(self.history_dock.hide)
        self.room = Room(self.watching, (self.palette_dock, self.properties_dock, self.history_dock), self)
        self.docks.compacted.connect(self.room.fold)
        panels = (self.palette_panel, self.network, self.watching, self.properties)
        self.to_problem = ToProblem(self.bar, self.docks, self.network.layers, self.properties, self)
        self.going = Going(self.actions_by_name, self.menus.view, self.docks, panels, self)
        self.docks.offer(self.menus.view.addMenu(self.tr("&Panels")), self.actions_by_name)
        self.menus.view.addActions([self.actions_by_name["historyAction"], self.actions_by_name["layoutAction"]])
        self.labels = Labels(self, self.document)
        self.status = self.labels.status
        self.enabling = Enabling(self.document, self.controller, self.actions_by_name, self)
        self.facts = DataFacts(self.document, self.controller, self)
        self.drops = Drops(self)
        self.resize(1440, 900)
        self.setMinimumSize(720, 480)
        self.docks.note_first()

    def _connect(self) -> None:
        actions = self.actions_by_name
        for name, slot in {
            "newAction": self.files.new,
            "openAction": self.files.ask_open,
            "reopenAction": self.files.reopen_last,
            "saveAction": self.files.save,
            "saveAsAction": self.files.ask_save_as,
            "exportAction": self.files.exporting.ask,
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
            "layoutAction": self.docks.reset,
            "keysAction": self._show_keys,
            "aboutAction": self._show_about,
        }.items():
            actions[name].triggered.connect(self._commit_typing)
            actions[name].triggered.connect(slot)
        self.document.settled.connect(self._follow_document)
        self.controller.state_changed.connect(self._follow_state)
        self.controller.result_changed.connect(self._show_training)
        self.drops.project_dropped.connect(self.files.open)
        self.drops.data_dropped.connect(self.facts.choose)
        self.files.chosen.connect(self.drops.take_path)
        tellers = (
            self.controller,
            self.files,
            self.steering,
            self.life,
            self.drops,
            self.network.layers,
            self.watching,
        )
        for teller in tellers:
            teller.message.connect(self.show_message)
        self.network.layers.passing.connect(self._show_passing)
        self.files.opened.connect(self._follow_opened)
        self.files.unsaved.learned = self._has_learned
        self.labels.mark_learning(
            self._has_learned,
            self.controller.state_changed,
            self.controller.result_changed,
            self.files.saved,
            self.files.opened,
        )
        self.facts.usable.connect(self._follow_usable)
        self.facts.loaded.connect(self.show_message)
        self.document.project_changed.connect(self.labels.forget)
        self.menus.preset_chosen.connect(self.files.open)
        self.menus.dataset_chosen.connect(self.facts.choose)
        self.bar.speed_changed.connect(self.controller.set_speed)
        self.bar.properties_wanted.connect(self.docks.toggle_properties)
        self.palette_panel.chosen.connect(self.network.add)
        self.network.layers.row_chosen.connect(self.properties.show_row)
        self.network.layers.form_wanted.connect(self.going.go_to_properties)
        self.network.layers.selection_told.connect(self.properties.show_selection)
        self.viewing.chosen.connect(self.life.note)

    def _commit_typing(self) -> None:
        """Take what is typed into a field, which keeps the focus when a command is chosen, before the command runs."""
        focused = QApplication.focusWidget()
        if isinstance(focused, ValueEdit):
            focused.submit()

    # --- Following ---

    def _follow_document(self) -> None:
        trace = self.document.trace
        batch_fits = self.document.batch_problem is None
        self.bar.show_problems(trace, readable=self.document.data_shape is not None, batch_fits=batch_fits)
        self.watching.show_first(to_do_first(trace, batch_fits=batch_fits))
        self._show_training()

    def _has_learned(self) -> bool:
        learned = self.state in (RUNNING, STOPPING) or self.life.autosave.unsaved_training
        return self.document.path is not None and learned

    def _follow_usable(self) -> None:
        if self._complaining is not self.files:  # a file that cannot be opened is none the better for other data
            self.watching.banner.hide()

    def _follow_opened(self) -> None:
        self.watching.banner.hide()
        self.show_message(self.tr("Opened {name}.").format(name=self.document.title), "", False)

    def _follow_state(self, state: str) -> None:
        words = {
            RUNNING: self.tr("Training in the background; everything stays usable."),
            PAUSED: self.tr("Paused. Resume, or go on by single steps or epochs."),
            STOPPING: self.tr("Stopping after this step."),
        }
        if state in words:
            self.show_message(words[state], "", False)
        if state == RUNNING:
            self.room.show_middle()
            self.watching.banner.hide()
        self._show_training()

    def _show_training(self) -> None:
        """Have forms and bar say what a training that runs, or was begun, means for them."""
        state, learned = self.controller.state, self.controller.snapshot is not None
        running = state != IDLE
        self.properties.show_training(running, self.controller.started_project if learned or running else None)
        self.bar.show_state(state, continuing=learned and self.controller.can_continue())

    def show_message(self, sentence: str, remedy: str, error: bool) -> None:
        """Tell the person something: in the status bar, or an error above the plots until it is read.

        Where the plots cannot be seen, the status bar has the error, until an edit goes well. What the row of the
        input says is not said again. An error is over when whoever told it tells that something went well.
        """
        if error and self.network.tells(sentence):
            self.labels.show_message("", "")
            return
        if error:
            self.watching.banner.show_message(sentence, remedy)
            self._complaining = self.sender()
        elif self._complaining is not None and self.sender() is self._complaining:
            self.watching.banner.hide()
        if error and self.watching.banner.isVisible():
            self.labels.show_message("", "")
        else:
            self.labels.show_message(sentence, remedy, error)

    def _show_passing(self, sentence: str) -> None:
        self.show_message(sentence, "", False)
        self.labels.let_pass()

    # --- Room and properties ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.docks.fold()

    def put_layout(self, text: str) -> None:
        """Divide the window as it was kept; what is no such text changes nothing."""
        self.docks.put(text)

    def _rename(self) -> None:
        self.properties_dock.show()
        self.properties.rename()
        self.properties_dock.bring()

    # --- Help ---

    def _show_keys(self) -> None:
        keys_dialog(self.actions_by_name, self).open()

    def _show_about(self) -> None:
        about_dialog(self).open()

    # --- Keys, drops, closing ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and the arrows steer the training wherever nothing else uses them; typing does. Return presses."""
        shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        actions = self.actions_by_name
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            actions["pauseAction" if self.state == RUNNING else "trainAction"].trigger()
        elif event.key() == Qt.Key.Key_Right:
            actions["epochAction" if shift else "stepAction"].trigger()
        elif not tab_order.press(QApplication.focusWidget(), event):
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        return tab_order.go_on(self, forward=next)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.drops.can_take(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.drops.take(event.mimeData())
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._commit_typing()
        if self.files.unsaved.any and not (self._closing or self.files.closing.urgent):
            event.ignore()
            self.files.ask_to_save(self._close_now)
            return
        self._closing = False
        self.controller.stop_and_wait()
        if not self.files.finish(self._close_now):
            event.ignore()
            return
        self.controller.close()
        self.drops.close()
        self.life.close()
        self.monitor.close()
        self.collector.close()
        event.accept()

    def _close_now(self) -> None:
        self._closing = True
        self.close()
