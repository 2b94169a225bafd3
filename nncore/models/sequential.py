"""The Keras-shaped front: a model of layers in a row with ``compile``, ``fit``, ``evaluate`` and ``predict``.

It adds no mathematics: ``fit`` drives the same ``Session`` as the window and the command line. Arguments have Keras 3's
names, order and defaults; one that is missing here is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nncore.computing.threads import Team
from nncore.datasets.base import Samples, TrainingData
from nncore.errors import InputError
from nncore.layers.base import Layer
from nncore.layers.input import Input
from nncore.losses import Loss, Target
from nncore.metrics import Metric, named_as_asked
from nncore.models import arrays
from nncore.models.arguments import refuses
from nncore.models.file import Contents, model_path, read_model, write_model
from nncore.models.fitting import Fitting, History, sort_callbacks
from nncore.models.layer import ModelLayer
from nncore.models.stack import Stack
from nncore.models.steps import Steps
from nncore.models.summary import summary_text
from nncore.network import Network
from nncore.optimizers import Optimizer, OptimizerState
from nncore.predictor import Predictor
from nncore.project import TrainingSettings
from nncore.session import Session
from nncore.trace import trace
from nncore.training.evaluator import Evaluator
from nncore.types import Array
from nncore.utils import next_seed

__all__ = ["History", "Sequential", "load_model"]


class Sequential(Stack):
    """Layers in a row that learn.

    Args:
        layers: the layers; the first may be an ``Input``, or say its ``input_shape``.
        name: what the summary calls the model.

    Attributes:
        settings: what ``compile`` chose; None before.
        metrics: the metrics of ``compile``.
        stop_training: a callback sets it to end ``fit`` after the epoch.
    """

    @refuses("trainable")
    def __init__(
        self, layers: Iterable[Layer | Input] | None = None, trainable: bool = True, name: str | None = None
    ) -> None:
        super().__init__(layers or ())
        self.name = name or "sequential"
        self.settings: TrainingSettings | None = None
        self.metrics: list[Metric] = []
        self.stop_training = False
        self._steps: Steps | None = None
        self._fitting_target: Target | None = None
        self._fitting: Fitting | None = None

    def _forget_weights(self) -> None:
        super()._forget_weights()
        self._steps, self._fitting_target = None, None

    # --- Looking at it ---

    @property
    def layers(self) -> list[ModelLayer]:
        """The layers with their weights, from input to output."""
        return [ModelLayer(self, index) for index in range(len(self.specs))]

    def get_layer(self, name: str | None = None, index: int | None = None) -> ModelLayer:
        """Return a layer by its name, such as ``"dense_1"``, or by its place; raise ``InputError`` if there is none."""
        if (name is None) == (index is None):
            raise InputError("get_layer() needs a name or an index, and only one of them.", "Give one.")
        if index is not None:
            if not -len(self.specs) <= index < len(self.specs):
                raise InputError(
                    f"There is no layer number {index}, because the model has {len(self.specs)}.",
                    "They are counted from 0.",
                )
            return self.layers[index]
        names = Network(self._input_shape or (), tuple(self.specs)).names()
        if name not in names:
            raise InputError(f'The model has no layer called "{name}".', f"Choose one of: {', '.join(names)}.")
        return self.layers[names.index(name)]

    @refuses("line_length", "positions", "expand_nested", "show_trainable", "layer_range")
    def summary(
        self,
        line_length: int | None = None,
        positions: Sequence[float] | None = None,
        print_fn: Callable[[str], object] | None = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
        layer_range: Sequence[str] | None = None,
    ) -> None:
        """Print one line for each layer: name, output shape, parameters; ``print_fn`` gets the text if it is given."""
        (print_fn or print)(summary_text(self.name, self.network))

    # --- Learning ---

    @refuses("loss_weights", "weighted_metrics", "steps_per_execution")
    def compile(
        self,
        optimizer: str | Optimizer = "rmsprop",
        loss: str | Loss | None = None,
        loss_weights: object = None,
        metrics: Sequence[str | Metric] | None = None,
        weighted_metrics: object = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: str | bool = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Choose how the model learns.

        ``run_eagerly``, ``jit_compile`` and ``auto_scale_loss`` change nothing here: they decide how Keras computes,
        not what.

        Args:
            optimizer: an optimizer or its name.
            loss: a loss or its name.
            metrics: metrics or their names, for example ``["accuracy"]``.
        """
        if loss is None:
            raise InputError("compile() needs a loss.", 'Add one, for example loss="mean_squared_error".')
        chosen = Optimizer.registry.get(optimizer)() if isinstance(optimizer, str) else optimizer
        criterion = Loss.registry.get(loss)() if isinstance(loss, str) else loss
        if isinstance(metrics, str | Metric):
            raise InputError(
                f"The metrics of compile() are a list, but got {metrics!r}.",
                f"Put it in brackets: metrics=[{metrics!r}].",
            )
        self.metrics = named_as_asked(metrics or ())
        self.settings = TrainingSettings(loss=criterion, optimizer=chosen, validation_split=0.0)
        self._steps, self._fitting_target = None, None

    @property
    def optimizer(self) -> Optimizer:
        """The optimizer of ``compile``; one of the same type, with another learning rate, may take its place."""
        return self._compiled().optimizer

    @optimizer.setter
    def optimizer(self, optimizer: Optimizer) -> None:
        self.settings = self._compiled().replace(optimizer=optimizer)
        if self._steps is not None and type(optimizer) is type(self._steps.updater.spec):
            self._steps.updater.spec = optimizer
        if self._fitting is not None:
            self._fitting.change_optimizer(optimizer)

    @refuses("steps_per_epoch", "validation_steps", "validation_freq")
    def fit(
        self,
        x: ArrayLike,
        y: ArrayLike,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: str | int = "auto",
        callbacks: Sequence[object] | None = None,
        validation_split: float = 0.0,
        validation_data: Sequence[ArrayLike] | None = None,
        shuffle: bool = True,
        class_weight: Mapping[int, float] | None = None,
        sample_weight: ArrayLike | None = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int = 1,
    ) -> History:
        """Learn from samples; calling it again goes on from where it stopped.

        ``validation_batch_size`` changes nothing: a mean is the same however it is divided.

        Args:
            x: inputs (rows, *input_shape).
            y: targets: class numbers, one-hot rows, or numbers, as the loss asks for.
            batch_size: rows per step; 32 when None.
            epochs: the number of the last epoch; as many passes through the samples, less ``initial_epoch``.
            verbose: 0 for silence; else one line for each epoch.
            callbacks: of ``nncore.callbacks``: early stopping, a schedule, own functions.
            validation_split: share of the samples, the last ones, that is only measured.
            validation_data: other samples (x, y), or (x, y, weights), that are only measured.
            shuffle: take the samples in a new order in each epoch.
            class_weight: class number -> how much its samples count in the loss.
            sample_weight: (rows,) how much each sample counts in the loss.
            initial_epoch: how many epochs count as done before.

        Returns:
            ``History`` whose ``history["loss"]`` and so on have one number for each epoch.

        Raises:
            InputError: the data do not fit, or the loss became NaN.
        """
        rules, own = sort_callbacks(callbacks or ())
        settings = self._compiled().replace(
            batch_size=32 if batch_size is None else batch_size,
            epochs=epochs - initial_epoch,
            shuffle=shuffle,
            **rules,
        )
        given = self._samples(x, y, sample_weight, class_weight)
        checked: Samples | None
        if validation_data is not None:
            if len(validation_data) not in (2, 3):
                raise InputError(
                    f"validation_data has {len(validation_data)} parts, but must be (x, y) or (x, y, weights).",
                    "Give these.",
                )
            weights = validation_data[2] if len(validation_data) == 3 else None
            train, checked = given, self._samples(validation_data[0], validation_data[1], weights)
        else:
            train, checked = arrays.divided(given, validation_split)
        rows = settings.batch_size if settings.batch_size == "full" else min(int(settings.batch_size), len(train))
        settings = settings.replace(batch_size=rows or "full", seed=next_seed())
        steps = self._step_maker()
        session = Session(
            self.network,
            settings,
            arrays.described(self.network, settings.loss, train, checked),
            metrics=self.metrics or None,
            parameters=self.parameters,
            optimizer_state=steps.updater.state(),
        )
        self._fitting = Fitting(self, session, own, (initial_epoch, epochs), verbose not in (0, "0"))
        try:
            return self._fitting.run()
        finally:
            self._fitting = None

    def take_over(self, session: Session) -> None:
        """Copy what a session has learned so far; only between its events."""
        np.copyto(self.parameters, session.parameters)
        self._step_maker().updater.restore(session.optimizer_state)

    @refuses("return_dict")
    def train_on_batch(
        self,
        x: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        class_weight: Mapping[int, float] | None = None,
        return_dict: bool = False,
    ) -> float:
        """Make one step on the given samples and return their loss before it.

        Raises:
            InputError: the samples do not fit, or their loss is not finite; the weights are then as before.
        """
        samples = self._samples(x, y, sample_weight, class_weight)
        self._require_fit(samples)
        return self._step_maker().learn(samples)

    @refuses("steps", "callbacks")
    def evaluate(
        self,
        x: ArrayLike,
        y: ArrayLike,
        batch_size: int | None = None,
        verbose: str | int = "auto",
        sample_weight: ArrayLike | None = None,
        steps: int | None = None,
        callbacks: object = None,
        return_dict: bool = False,
    ) -> Any:
        """Return the loss, or a list of the loss and each metric, or a dictionary of them if ``return_dict``."""
        settings = self._compiled()
        samples = self._samples(x, y, sample_weight)
        data = self._require_fit(samples)
        team = Team()
        evaluator = Evaluator(self.network, self.parameters, settings.loss, self.metrics, data, team)
        with team.at_work():
            measured = evaluator.evaluate(samples)
        if verbose not in (0, "0"):
            print(" - ".join(f"{name}: {value:.4f}" for name, value in measured.items()))
        values = list(measured.values())
        return measured if return_dict else values if len(values) > 1 else values[0]

    def test_on_batch(
        self, x: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None, return_dict: bool = False
    ) -> Any:
        """Return what ``evaluate`` does, for one batch."""
        return self.evaluate(x, y, verbose=0, sample_weight=sample_weight, return_dict=return_dict)

    @refuses("steps", "callbacks")
    def predict(
        self,
        x: ArrayLike,
        batch_size: int | None = None,
        verbose: str | int = "auto",
        steps: int | None = None,
        callbacks: object = None,
    ) -> Array:
        """Return the outputs (rows, *output_shape) for inputs (rows, *input_shape)."""
        inputs = self._inputs(x)
        team = Team()
        with team.at_work():
            return Predictor(self.network, self.parameters, team=team).predict(inputs)

    def predict_on_batch(self, x: ArrayLike) -> Array:
        """Return what ``predict`` does, for one batch."""
        return self.predict(x)

    def __call__(self, x: ArrayLike) -> Array:
        """Return the outputs, like ``predict``."""
        return self.predict(x)

    # --- Keeping ---

    @refuses("zipped")
    def save(self, filepath: str | Path, overwrite: bool = True, zipped: bool | None = None) -> None:
        """Write model, weights and what the optimizer remembers to a ``.nnw`` file, which the window opens too.

        Raises:
            InputError: another kind of file, or a folder that cannot be written to.
        """
        path = model_path(filepath, overwrite)
        network = self.network
        optimizer = None if self.settings is None else self.optimizer_state()
        contents = Contents(self.name, network, self.parameters, self.settings, tuple(self.metrics), optimizer)
        write_model(path, contents)

    def optimizer_state(self) -> OptimizerState:
        """Return a copy of what the optimizer remembers."""
        return self._step_maker().updater.state()

    def restore_optimizer(self, state: OptimizerState) -> None:
        """Take over what an optimizer of the same type remembered."""
        self._step_maker().updater.restore(state)

    # --- What several of these need ---

    def _compiled(self) -> TrainingSettings:
        if self.settings is None:
            raise InputError("The model does not know yet how to learn.", "Call compile() first.")
        return self.settings

    def _samples(
        self,
        x: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        class_weight: Mapping[int, float] | None = None,
    ) -> Samples:
        loss = self._compiled().loss
        inputs = self._inputs(x)
        return arrays.samples(self.network, loss, inputs, y, sample_weight, class_weight)

    def _require_fit(self, samples: Samples) -> TrainingData:
        """Return the samples with a description; raise ``InputError`` when output, loss and targets do not fit."""
        loss = self._compiled().loss
        data = arrays.described(self.network, loss, samples, None)
        if data.target != self._fitting_target:  # it is the same from batch to batch
            trace(self.network, loss, data.target).require()
            self._fitting_target = data.target
        return data

    def _step_maker(self) -> Steps:
        if self._steps is None:
            settings = self._compiled()
            self._steps = Steps(self.network, self.parameters, settings, 1)
        return self._steps


def load_model(filepath: str | Path) -> Sequential:
    """Return the model in a ``.nnw`` file: one that ``save`` wrote, or a project that was trained in the window.

    Raises:
        InputError: no such file, not a project file, or one without weights.
    """
    found = read_model(filepath)
    model = Sequential(found.network.layers, name=found.name)
    model.build((None, *found.network.input_shape))
    np.copyto(model.parameters, found.parameters)
    if found.settings is not None and found.optimizer is not None:
        model.compile(found.settings.optimizer, found.settings.loss, metrics=found.metrics)
        model.restore_optimizer(found.optimizer)
    return model
