"""The gallery: samples as tiles, which ones, and how many are right.

Invariant: new predictions repaint the tiles in view and nothing else; a chosen sample stays chosen while others move.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from workbench.panels.gallery.model import GalleryModel
from workbench.panels.gallery.tiles import TileView, growth_of, least_tile
from workbench.panels.gallery.try_line import TryLine
from workbench.plotting import EmptyState, Panel, Table
from workbench.results import Predictions, Reconstructions
from workbench.theme import fonts, numbers
from workbench.theme.widgets import ElidedLabel, chip

if TYPE_CHECKING:
    from workbench.panels.gallery.codes import CodesMap

_LEAST, _ROOMY = 330, 520  # pixels of the design: for chips and summary side by side, and for all their words


class GalleryPanel(Panel):
    """Painted tiles with the network's answers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("GalleryPanel", "Predictions"), parent, drawing=False)
        self.setObjectName("predictionGallery")
        self.model = GalleryModel(self)
        self._given: Predictions | None = None
        self._classes = QToolButton(self)
        self._class_menu = QMenu(self)
        self._class_group = QActionGroup(self)
        self._class_group.triggered.connect(self._choose_class)
        self._wrong = chip("wrongOnlyChip", self.tr("wrong only"), self.tr("Show only the wrong answers"), self)
        self._worst = chip("worstFirstChip", self.tr("worst first"), self.tr("The worst answers come first"), self)
        self.codes_chip = chip(
            "codesChip",
            self.tr("map"),
            self.tr("Show what the layer of two numbers makes of each sample, as a map"),
            self,
        )
        self.codes_chip.hide()
        self._set_up_classes()
        chips = QHBoxLayout()
        chips.setSpacing(6)
        for button in (self._classes, self._wrong, self._worst, self.codes_chip):
            chips.addWidget(button)
        chips.addStretch(1)
        self.summary = ElidedLabel(self)
        self.summary.setObjectName("gallerySummary")
        self.header.addLayout(chips, 0, 0)
        self.set_note(self.summary, _LEAST)
        self.view = TileView(self)
        self.view.setModel(self.model)
        self.view.setAccessibleName(self.tr("Samples and predictions"))
        self.body.addWidget(self.view, 0, 0)
        self._codes: CodesMap | None = None
        self.try_line = TryLine(self)
        self.try_line.hide()
        self.body.addWidget(self.try_line, 1, 0)
        self._empty = EmptyState(self.tr("The samples of the data set will be here."), self, self.body)
        self._wrong.toggled.connect(self._filter)
        self._worst.toggled.connect(self._filter)
        self.codes_chip.toggled.connect(self._show_codes)

    @property
    def codes(self) -> CodesMap:
        """The map of an encoder's numbers, built when it is first wanted: few networks have one."""
        if self._codes is None:
            from workbench.panels.gallery.codes import CodesMap  # with pyqtgraph

            self._codes = CodesMap(self)
            self._codes.plot.widget.hide()
            self.body.addWidget(self._codes.plot.widget, 0, 0)
        return self._codes

    def _set_up_classes(self) -> None:
        self._classes.setObjectName("classChip")
        self._classes.setProperty("chip", True)
        self._classes.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._classes.setMenu(self._class_menu)
        self._classes.setToolTip(self.tr("Show the samples of all classes, or of one"))
        self._list_classes(())

    def _list_classes(self, names: tuple[str, ...]) -> None:
        self._class_menu.clear()
        for action in self._class_group.actions():
            self._class_group.removeAction(action)
            action.deleteLater()
        for number, name in enumerate((self.tr("all classes"), *names)):
            action = self._class_menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(number == 0)
            action.setData(number - 1)
            self._class_group.addAction(action)
        self.model.only_class = None
        self._name_class_chip("")

    def _name_class_chip(self, name: str) -> None:
        self._class_name = name
        shown = name or self.tr("all classes")
        self._classes.setAccessibleName(self.tr("Classes shown: {name}").format(name=shown))
        self._word_chips()

    # --- What is shown ------------------------------------------------------------------------------------------

    def show_predictions(self, predictions: Predictions) -> None:
        """Show samples with the network's answers, or, without any, with their truth."""
        if predictions is self._given:
            return
        self._given = predictions
        if self.isVisible():
            self.refresh()

    def forget(self) -> None:
        """Let go of samples and classes: the data are others now, which another panel shows."""
        self._given = None
        self.model.forget()
        self._list_classes(())

    def refresh(self) -> None:
        given, known = self._given, self.model.predictions
        if given is None or given is known:
            return
        if known is None or known.class_names != given.class_names:
            self._list_classes(given.class_names)
        chosen = self._chosen_sample()
        self.model.show_predictions(given)
        self._worst.setToolTip(
            self.tr("Those with the least score for the right answer come first")
            if given.are_judged
            else self.tr("Those with the largest error come first")
        )
        self._classes.setVisible(given.are_classes)
        self._wrong.setVisible(given.are_judged)
        self.try_line.setVisible(given.are_texts)
        self.try_line.set_ready(bool(given.answered.any()))
        self.codes_chip.setVisible(isinstance(given, Reconstructions) and given.codes is not None)
        self._show_codes()
        self._size_tiles()
        self._choose_sample(chosen)
        self._sum_up()

    @Slot()
    def _show_codes(self) -> None:
        """Show the map in place of the tiles, or the tiles."""
        given = self.model.predictions
        mapped = isinstance(given, Reconstructions) and given.codes is not None and self.codes_chip.isChecked()
        self.view.setVisible(not mapped)
        if mapped or self._codes is not None:
            self.codes.plot.widget.setVisible(mapped)
        for button in (self._classes, self._worst):
            button.setEnabled(not mapped)
        self._sum_up()
        if mapped and isinstance(given, Reconstructions):
            self.codes.show_codes(given)

    @Slot()
    def _filter(self) -> None:
        chosen = self._chosen_sample()
        self.model.wrong_only = self._wrong.isChecked()
        self.model.worst_first = self._worst.isChecked()
        self.model.arrange()
        self.view.fit()
        self._choose_sample(chosen)
        if chosen < 0:
            self.view.scrollToTop()
        self._sum_up()

    @Slot(QAction)
    def _choose_class(self, action: QAction) -> None:
        number = int(action.data())
        self.model.only_class = None if number < 0 else number
        self._name_class_chip(action.text() if number >= 0 else "")
        self._filter()

    def _chosen_sample(self) -> int:
        index = self.view.currentIndex()
        return self.model.tile_sample(index.row()) if index.isValid() else -1

    def _choose_sample(self, sample: int) -> None:
        row = self.model.row_of(sample) if sample >= 0 else -1
        if row >= 0 and row != self.view.currentIndex().row():
            self.view.setCurrentIndex(self.model.index(row))

    def _sum_up(self) -> None:
        given = self.model.predictions
        if given is None:
            return
        whole = self._summary(given)
        self.summary.setText(whole if self._roomy else self._figure(given))
        lines = [whole]
        if isinstance(given, Reconstructions) and given.answered.any():
            lines.append(self.tr("MSE is the mean squared error of the numbers as the network gets them."))
        self.summary.setToolTip("\n".join(lines))
        self.setAccessibleDescription(whole)
        nothing = self.model.rowCount() == 0
        sentence = self.tr("No sample of this kind.")
        if nothing and self.model.wrong_only and given.answered.any():
            sentence = self.tr("None of these answers is wrong.")
        elif nothing and self.model.wrong_only:
            sentence = self.tr("Nothing is predicted yet, so nothing is wrong.")
        self._empty.show_sentence(sentence if nothing else "")

    def _summary(self, given: Predictions) -> str:
        figure = self._figure(given)
        if not given.answered.any():
            return self.tr("{figure} · not predicted yet").format(figure=figure)
        if isinstance(given, Reconstructions) and given.are_images and not self.codes_chip.isChecked():
            figure = self.tr("rebuilt below · {figure}").format(figure=figure)
        return self.tr("{figure} · step {step}").format(figure=figure, step=numbers.count(given.step))

    def _figure(self, given: Predictions) -> str:
        """Return in few words how good the answers are, or how many samples wait for one."""
        if not given.answered.any():
            return self.tr("{count} samples").format(count=numbers.count(len(given)))
        if isinstance(given, Reconstructions):
            known = given.errors[given.answered]
            return self.tr("MSE {error}").format(error=numbers.significant(float(known.mean())))
        if given.are_classes:
            right = numbers.count(int(np.count_nonzero(given.right)))
            return self.tr("{right} of {count} right").format(right=right, count=numbers.count(len(given)))
        known = given.badness[np.isfinite(given.badness)]
        error = numbers.significant(float(known.mean()) if len(known) else None)
        return self.tr("mean error {error}").format(error=error)

    # --- Size, theme, table -------------------------------------------------------------------------------------

    def fit_text(self) -> None:
        super().fit_text()
        self._size_tiles()
        self._word_chips()
        self._sum_up()

    def _size_tiles(self) -> None:
        given = self.model.predictions
        pairs = given is not None and given.are_images and isinstance(given, Reconstructions)
        self.view.set_least_tile(least_tile(self.model), growth_of(self.model), 2 if pairs else 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._word_chips()
        self._sum_up()

    @property
    def _roomy(self) -> bool:
        return self.width() >= fonts.pixels(_ROOMY)

    def _word_chips(self) -> None:
        """Use fewer words on the chips of a narrow panel; their names for screen readers stay."""
        roomy = self._roomy
        self._wrong.setText(self.tr("wrong only") if roomy else self.tr("wrong"))
        self._worst.setText(self.tr("worst first") if roomy else self.tr("worst"))
        everything = self.tr("all classes") if roomy else self.tr("all")
        self._classes.setText(f"{self._class_name or everything} ▾")

    def apply_theme(self) -> None:
        self.view.viewport().update()
        self.try_line.apply_theme()
        if self._codes is not None:
            self._codes.redraw()

    def table(self) -> Table:
        """Return one row for each sample in view: number, truth, prediction, and the output for each class."""
        given = self.model.predictions
        if given is None:
            return ("sample", "truth", "prediction"), ()
        shown = [self.model.tile_sample(row) for row in range(self.model.rowCount())]
        if isinstance(given, Reconstructions):
            codes = given.codes if given.codes is not None else np.empty((len(given), 0))
            rebuilt = (
                [sample + 1, self.model.truth(sample), self._error(given, sample), *codes[sample]] for sample in shown
            )
            header = ("sample", "truth", "mean squared error", "code 1", "code 2")
            return header[: 3 + codes.shape[1]], rebuilt
        names = given.class_names if given.are_classes and given.scores.shape[1] else ()
        text = ("text",) if given.are_texts else ()
        rows = [
            [
                sample + 1,
                *((given.texts[sample],) if text else ()),
                self.model.truth(sample),
                self._answer(sample),
                *(given.scores[sample] if names else ()),
            ]
            for sample in shown
        ]
        return ("sample", *text, "truth", "prediction", *names), rows

    def _error(self, given: Reconstructions, sample: int) -> str:
        return f"{given.errors[sample]:.9g}" if given.answered[sample] else ""

    def _answer(self, sample: int) -> str:
        tile = self.model.tile(sample)
        return "" if tile.state == "open" else tile.answer
