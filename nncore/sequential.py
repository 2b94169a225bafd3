"""The Keras-shaped front: a model of layers in a row with ``compile``, ``fit``, ``evaluate`` and ``predict``.

It adds no mathematics: ``fit`` drives the same ``Session`` as the window and the command line. Arguments have Keras 3's
names, order and defaults; one that is missing here is refused by name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nncore.arguments import refuses
from nncore.datasets.base import TABLE, Data, Samples, Scaling, TrainingData
from nncore.errors import InputError
from nncore.evaluator import Evaluator
from nncore.events import EpochDone, Failed
from nncore.layers.base import Layer
from nncore.layers.input import Input
from nncore.losses import Loss, Target
from nncore.metrics import METRICS
from nncore.network import Network, shape_text, trace
from nncore.optimizers import Optimizer
from nncore.plan import Plan, initial_parameters, layout
from nncore.predictor import Predictor
from nncore.project import TrainingSettings
from nncore.session import Session
from nncore.threads import one_blas_thread
from nncore.types import FLOAT32, Array, Shape
from nncore.utils import next_seed


class History:
    """What ``fit`` returns: ``history`` has a list for each measure, with one number for each epoch."""

    def __init__(self) -> None:
        self.history: dict[str, list[float]] = {}
        self.epoch: list[int] = []


class Sequential:
    """Layers in a row.

    Args:
        layers: the layers; the first may be an ``Input``, or say its ``input_shape``.
        name: what the summary calls the model.
    """

    @refuses("trainable")
    def __init__(
        self, layers: Iterable[Layer | Input] | None = None, trainable: bool = True, name: str | None = None
    ) -> None:
        self.name = name or "sequential"
        self._layers: list[Layer] = []
        self._input_shape: Shape | None = None
        self._network: Network | None = None
        self._parameters: Array = np.empty(0, FLOAT32)
        self._trainer: _Trainer | None = None
        self._settings: TrainingSettings | None = None
        self._metrics: dict[str, str] = {}  # the name that was asked for: the metric's own
        for layer in layers or ():
            self.add(layer)

    # --- Structure ---

    def add(self, layer: Layer | Input, rebuild: bool = True) -> None:
        """Put a layer at the end; weights made before are lost, as the network is another one.

        ``rebuild`` changes nothing here: a network is built when it is needed.
        """
        if isinstance(layer, Input):
            self._input_shape = layer.shape
        elif isinstance(layer, Layer):
            if not self._layers and layer.input_shape is not None:
                self._input_shape = layer.input_shape
            self._layers.append(layer.replace(input_shape=None))
        else:
            raise InputError(f"A model is made of layers, but got {layer!r:.60}.", "Add a layer such as Dense(10).")
        self._forget_weights()

    def pop(self, rebuild: bool = True) -> Layer:
        """Take the last layer off and return it; ``rebuild`` is as in ``add``."""
        if not self._layers:
            raise InputError("The model has no layer to take off.", "Add one first.")
        layer = self._layers.pop()
        self._forget_weights()
        return layer

    def _forget_weights(self) -> None:
        self._network, self._trainer = None, None

    @property
    def layers(self) -> list[Layer]:
        """The layers, from input to output."""
        return list(self._layers)

    @property
    def network(self) -> Network:
        """The network; building it draws the weights. Raises ``InputError`` as long as the input shape is unknown."""
        if self._network is None:
            if self._input_shape is None:
                raise InputError(
                    "The model does not know the shape of its input yet.",
                    "Give the first layer an input_shape, or call fit.",
                )
            network = Network(self._input_shape, tuple(self._layers))
            network.shapes()
            trace(network).require()
            self._parameters = initial_parameters(network, next_seed())
            self._network = network
        return self._network

    def build(self, input_shape: Sequence[int | None] | None = None) -> None:
        """Draw the weights; ``input_shape`` begins with the batch axis, as in Keras."""
        if input_shape is not None:
            self._input_shape = Layer.field("input_shape").check(tuple(input_shape[1:]))
            self._forget_weights()
        _ = self.network

    def count_params(self) -> int:
        """Return the number of trainable parameters."""
        return self.network.count_params()

    def get_weights(self) -> list[Array]:
        """Return copies of all weights, in Keras's order and shapes."""
        return [slot.view(self._parameters).copy() for slot in layout(self.network)]

    def set_weights(self, weights: Sequence[ArrayLike]) -> None:
        """Take over weights in the order and shapes of ``get_weights``; raise ``InputError`` if they do not fit."""
        slots = layout(self.network)
        if len(weights) != len(slots):
            raise InputError(
                f"The model has {len(slots)} weights, but {len(weights)} were given.", "Give one for each."
            )
        arrays = [_numbers(weight, "weights") for weight in weights]
        for slot, array in zip(slots, arrays, strict=True):
            if array.shape != slot.weight.shape:
                raise InputError(
                    f"The weight {slot.key} has the shape {slot.weight.shape}, but {array.shape} was given.",
                    "Give the weights in the order and shapes of get_weights().",
                )
        for slot, array in zip(slots, arrays, strict=True):
            slot.view(self._parameters)[...] = array

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
        network = self.network
        shapes = network.shapes()
        lines = [f'Model: "{self.name}"', f"{'Layer (type)':<32}{'Output shape':<20}{'Parameters':>14}", "-" * 66]
        for name, layer, before, after in zip(network.names(), network.layers, shapes, shapes[1:], strict=False):
            count = sum(weight.size for weight in layer.weights(before))
            lines.append(f"{f'{name} ({layer.type_name})':<32}{shape_text(after):<20}{count:>14,}")
        (print_fn or print)("\n".join([*lines, "-" * 66, f"{'Trainable parameters':<52}{network.count_params():>14,}"]))

    # --- Learning ---

    @refuses("loss_weights", "weighted_metrics", "steps_per_execution")
    def compile(
        self,
        optimizer: str | Optimizer = "rmsprop",
        loss: str | Loss | None = None,
        loss_weights: object = None,
        metrics: Sequence[str] | None = None,
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
            optimizer: an optimizer or its name; Keras's default does not exist here, so it must be named.
            loss: a loss or its name.
            metrics: names of metrics, for example ``["accuracy"]``.
        """
        if optimizer == "rmsprop" and "rmsprop" not in Optimizer.registry:
            raise InputError(
                "The optimizer rmsprop, which compile() takes when none is named, does not exist here yet.",
                f'Name one of: {", ".join(Optimizer.registry.names())}; for example optimizer="adam".',
            )
        if loss is None:
            raise InputError("compile() needs a loss.", 'Add one, for example loss="mean_squared_error".')
        chosen = Optimizer.registry.get(optimizer).suggested() if isinstance(optimizer, str) else optimizer
        criterion = Loss.registry.get(loss).suggested() if isinstance(loss, str) else loss
        if isinstance(metrics, str):
            raise InputError(
                f'The metrics of compile() are a list, but got "{metrics}".', f'Write metrics=["{metrics}"].'
            )
        self._metrics = {name: METRICS.get(name).name for name in metrics or ()}
        self._settings = TrainingSettings(loss=criterion, optimizer=chosen, validation_split=0.0)
        self._trainer = None

    @refuses(
        "callbacks",
        "class_weight",
        "sample_weight",
        "initial_epoch",
        "steps_per_epoch",
        "validation_steps",
        "validation_freq",
    )
    def fit(
        self,
        x: ArrayLike,
        y: ArrayLike,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: str | int = "auto",
        callbacks: object = None,
        validation_split: float = 0.0,
        validation_data: tuple[ArrayLike, ArrayLike] | None = None,
        shuffle: bool = True,
        class_weight: object = None,
        sample_weight: object = None,
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
            epochs: passes through the samples.
            verbose: 0 for silence; else one line for each epoch.
            validation_split: share of the samples, the last ones, that is only measured.
            validation_data: other samples (x, y) that are only measured.
            shuffle: take the samples in a new order in each epoch.

        Returns:
            ``History`` whose ``history["loss"]`` and so on have one number for each epoch.

        Raises:
            InputError: the data do not fit, or the loss became NaN.
        """
        settings = self._compiled().replace(
            batch_size=32 if batch_size is None else batch_size, epochs=epochs, shuffle=shuffle
        )
        given = self._samples(x, y)
        checked: Samples | None
        if validation_data is not None:
            if len(validation_data) != 2:
                raise InputError(
                    f"validation_data has {len(validation_data)} parts, but must be a pair (x, y).",
                    "Give these two.",
                )
            data, checked = given, self._samples(*validation_data)
        else:
            if validation_split != 1:  # all samples: the session says better what is missing then
                TrainingSettings.field("validation_split").check(validation_split)
            split = math.floor(len(given) * (1 - validation_split))
            checked = Samples(given.x[split:], given.y[split:]) if split < len(given) else None
            data = Samples(given.x[:split], given.y[:split])
        rows = settings.batch_size if settings.batch_size == "full" else min(int(settings.batch_size), len(data))
        settings = settings.replace(batch_size=rows or "full", seed=next_seed())
        trainer = self._training(1)
        session = Session(
            self.network,
            settings,
            self._describe(data, checked),
            metrics=list(dict.fromkeys(self._metrics.values())) or None,
            parameters=self._parameters,
            optimizer_state=trainer.updater.state(),
        )
        result = History()
        try:
            for event in session.run():
                if isinstance(event, EpochDone):
                    logs = self._as_asked_for(event.logs)
                    for name, value in logs.items():
                        result.history.setdefault(name, []).append(value)
                    result.epoch.append(event.epoch - 1)
                    if verbose not in (0, "0"):
                        words = " - ".join(f"{name}: {value:.4f}" for name, value in logs.items())
                        print(f"Epoch {event.epoch}/{epochs} - {words}")
        finally:  # also when the user interrupts it: what was learned is kept
            np.copyto(self._parameters, session.parameters)
            trainer.updater.restore(session.optimizer_state)
        if isinstance(event, Failed):
            raise InputError(event.sentence, event.remedy)
        return result

    @refuses("sample_weight", "class_weight", "return_dict")
    def train_on_batch(
        self,
        x: ArrayLike,
        y: ArrayLike,
        sample_weight: object = None,
        class_weight: object = None,
        return_dict: bool = False,
    ) -> float:
        """Make one step on the given samples and return their loss before it.

        Raises:
            InputError: the samples do not fit, or their loss is not finite; the weights are then as before.
        """
        self._compiled()
        samples = self._samples(x, y)
        trainer = self._training(len(samples))
        return trainer.step(samples)

    @refuses("sample_weight", "steps", "callbacks")
    def evaluate(
        self,
        x: ArrayLike,
        y: ArrayLike,
        batch_size: int | None = None,
        verbose: str | int = "auto",
        sample_weight: object = None,
        steps: int | None = None,
        callbacks: object = None,
        return_dict: bool = False,
    ) -> Any:
        """Return the loss, or a list of the loss and each metric, or a dictionary of them if ``return_dict``."""
        settings = self._compiled()
        samples = self._samples(x, y)
        data = self._describe(samples, None)
        metrics = [METRICS.get(name) for name in dict.fromkeys(self._metrics.values())]
        evaluator = Evaluator(self.network, self._parameters, settings.loss, metrics, data)
        with one_blas_thread():
            measured = self._as_asked_for(evaluator.evaluate(samples))
        if verbose not in (0, "0"):
            print(" - ".join(f"{name}: {value:.4f}" for name, value in measured.items()))
        values = list(measured.values())
        return measured if return_dict else values if len(values) > 1 else values[0]

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
        with one_blas_thread():
            return Predictor(self.network, self._parameters).predict(inputs)

    def __call__(self, x: ArrayLike) -> Array:
        """Return the outputs, like ``predict``."""
        return self.predict(x)

    # --- Helpers ---

    def _compiled(self) -> TrainingSettings:
        if self._settings is None:
            raise InputError("The model does not know yet how to learn.", "Call compile() first.")
        return self._settings

    def _as_asked_for(self, logs: Mapping[str, float]) -> dict[str, float]:
        """Return losses, and metrics under the names by which ``compile`` was asked for them."""
        found = {name: logs[name] for name in ("loss",) if name in logs}
        found |= {name: logs[own] for name, own in self._metrics.items()}
        found |= {name: logs[name] for name in ("val_loss",) if name in logs}
        return found | {
            f"val_{name}": logs[f"val_{own}"] for name, own in self._metrics.items() if f"val_{own}" in logs
        }

    def _inputs(self, x: ArrayLike) -> Array:
        inputs = np.ascontiguousarray(_numbers(x, "inputs"))
        if self._input_shape is None:
            self._input_shape = tuple(inputs.shape[1:])
        if inputs.shape[1:] != self.network.input_shape:
            raise InputError(
                f"The model expects samples of shape {shape_text(self.network.input_shape)}, but got "
                f"{shape_text(inputs.shape[1:])}.",
                "Reshape the samples, or change the input_shape.",
            )
        return inputs

    def _samples(self, x: ArrayLike, y: ArrayLike) -> Samples:
        inputs, targets = self._inputs(x), np.asarray(y)
        if not len(inputs):
            raise InputError("There are no samples.", "Give at least one.")
        if not targets.ndim:
            raise InputError(f"The targets are {y!r:.60}, but must be one for each sample.", "Give an array or a list.")
        if len(inputs) != len(targets):
            raise InputError(f"There are {len(inputs):,} inputs, but {len(targets):,} targets.", "Give one for each.")
        numbers = _numbers(targets, "targets")
        loss, output = self._compiled().loss, self.network.shapes()[-1]
        if loss.target_kind == "index":
            if numbers.size != math.prod((len(numbers), *output[:-1])):
                raise InputError(
                    f"The loss {loss.type_name} needs one class number for each sample, but the targets have the shape "
                    f"{numbers.shape}.",
                    "For one-hot rows, use categorical_crossentropy.",
                )
            return Samples(inputs, targets.astype(np.int64).reshape(len(targets), *output[:-1]))
        if loss.needs_classes and loss.fuses == "softmax" and math.prod(numbers.shape[1:]) == 1 < output[-1]:
            raise InputError(
                f"The loss {loss.type_name} needs one-hot rows, but the targets have the shape {numbers.shape}.",
                "For class numbers, use sparse_categorical_crossentropy, or utils.to_categorical(y).",
            )
        return Samples(inputs, numbers)

    def _describe(self, train: Samples, validation: Samples | None) -> TrainingData:
        index = self._compiled().loss.target_kind == "index"
        target = Target(self.network.shapes()[-1][-1]) if index else Target(0, tuple(train.y.shape[1:]))
        data = Data("arrays", TABLE, train.x, train.y, target)
        return TrainingData(data, train, validation, None, Scaling())

    def _training(self, rows: int) -> _Trainer:
        if self._trainer is None or self._trainer.plan.capacity < rows:
            old = self._trainer
            self._trainer = _Trainer(self.network, self._parameters, self._compiled(), rows)
            if old is not None:
                self._trainer.updater.restore(old.updater.state())
        return self._trainer


class _Trainer:
    """Plan and optimizer for single steps."""

    def __init__(self, network: Network, parameters: Array, settings: TrainingSettings, rows: int) -> None:
        rng = np.random.default_rng([next_seed(), 1])
        self.loss = settings.loss
        self.plan = Plan(network, parameters, rows, loss=settings.loss, training=True, rng=rng)
        self.updater = settings.optimizer.bind(parameters, self.plan.gradients)

    def step(self, samples: Samples) -> float:
        """Learn the samples as one batch."""
        bound = self.plan.bind(len(samples))
        classes = self.plan.output_shape[-1] if self.loss.target_kind == "index" else 0
        bound.x[...] = samples.x
        bound.target[...] = self.loss.encode(samples.y, self.plan.output_shape, classes, self.plan.dtype)
        with one_blas_thread(), np.errstate(all="ignore"):
            bound.forward()
            loss = bound.loss_value()
            if not math.isfinite(loss):
                raise InputError(
                    f"The loss of these {len(samples):,} samples is {loss}, so nothing was learned from them.",
                    "Check the samples for such numbers, and try a smaller learning rate.",
                )
            bound.backward()
            self.updater.step()
        return loss


def _numbers(values: ArrayLike, what: str) -> Array:
    """Return the values as float32; raise ``InputError`` for words, and for rows of different lengths."""
    try:
        return np.asarray(values, dtype=FLOAT32)
    except (TypeError, ValueError) as error:
        reason = str(error).rstrip(".")
        raise InputError(
            f"The {what} are not an array of numbers: {reason}.", "Give numbers, and rows of the same length."
        ) from error
