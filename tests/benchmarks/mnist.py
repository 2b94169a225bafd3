"""How well and how fast the full MNIST is learned: ``python -m tests.benchmarks.mnist FOLDER [--keras] [--json]``.

FOLDER holds the four IDX files. Each preset is trained as it is, once with each seed, and tested on the 10,000 digits
of the test part. With ``--keras``, Keras learns the same after each of them, with the same settings and one thread, so
that a change of the machine's speed meets both; it needs the packages of the extra ``parity``.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
import time
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "torch")

from nncore.datasets import Samples, TrainingData, load_training_data
from nncore.layers import LAYERS
from nncore.network import conformed
from nncore.project import Project, load_preset
from nncore.session import Session

Result = dict[str, Any]
SAID_OTHERWISE = ("name", "input_shape")
"""Fields of a layer that Keras takes elsewhere or names by itself."""


def digits(project: Project, folder: str, limit: int | None) -> TrainingData:
    """Return full MNIST as the project splits and scales it; with a limit, only so many digits to learn."""
    data = load_training_data(folder, validation_split=project.training.validation_split)
    train = Samples(data.train.x[:limit], data.train.y[:limit])
    return dataclasses.replace(data, train=train)


def ours(project: Project, data: TrainingData) -> Result:
    """Train and return test accuracy, test loss and seconds per epoch, validation included."""
    session = Session(project.network, project.training, data)
    began = time.perf_counter()
    for _ in session.run():
        pass
    seconds = time.perf_counter() - began
    assert data.test is not None
    return {**session.evaluate(data.test), "seconds_per_epoch": seconds / project.training.epochs}


def theirs(project: Project, data: TrainingData) -> Result:
    """Train the same with Keras and return the same."""
    import keras
    import torch

    torch.set_num_threads(1)
    settings, shape = project.training, project.network.input_shape
    keras.utils.set_random_seed(settings.seed)
    layers = [
        getattr(keras.layers, layer.type_name)(
            **{
                field.name: getattr(layer, field.name)
                for field in LAYERS.get(layer.type_name).fields()
                if not field.rule.hidden and getattr(layer, field.name) != field.default
            }
        )
        for layer in project.network.layers
    ]
    model = keras.Sequential([keras.Input(shape), *layers])
    model.compile(settings.optimizer.type_name.lower(), settings.loss.type_name, metrics=["accuracy"])
    assert data.validation is not None
    assert data.test is not None
    x, x_validation, x_test = (conformed(part.x, shape) for part in (data.train, data.validation, data.test))
    began = time.perf_counter()
    model.fit(
        x,
        data.train.y,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        validation_data=(x_validation, data.validation.y),
        verbose=0,
    )
    seconds = time.perf_counter() - began
    loss, accuracy = model.evaluate(x_test, data.test.y, verbose=0)
    return {"loss": loss, "accuracy": accuracy, "seconds_per_epoch": seconds / settings.epochs}


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.mnist", description=__doc__)
    parser.add_argument("folder", help="with train-images-idx3-ubyte[.gz] and the three others")
    parser.add_argument("--presets", nargs="+", default=["mnist-mlp", "mnist-cnn"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--epochs", type=int, help="instead of the preset's own")
    parser.add_argument("--limit", type=int, help="learn only so many digits, to compare the speed")
    parser.add_argument("--keras", action="store_true")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    rows: list[Result] = []
    for preset in chosen.presets:
        project = load_preset(preset)
        data = digits(project, chosen.folder, chosen.limit)
        for seed in chosen.seeds:
            settings = project.training.replace(seed=seed, epochs=chosen.epochs or project.training.epochs)
            for word, train in [("nncore", ours), *([("keras", theirs)] if chosen.keras else [])]:
                row = {"preset": preset, "by": word, "seed": seed, **train(project.replace(training=settings), data)}
                rows.append({key: round(v, 4) if isinstance(v, float) else v for key, v in row.items()})
                if not chosen.json:
                    print("  ".join(f"{key} {value}" for key, value in rows[-1].items()), flush=True)
    if chosen.json:
        print(json.dumps(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
