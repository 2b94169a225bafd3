"""Memory of a training: ``python -m tests.benchmarks.growth.memory TASK`` measures one, in a process of its own.

What counts is what is resident at most. For a network it is what comes on top of the interpreter with its libraries,
against data + 4 x parameters (weights, gradients, Adam's two means) + activations (output and its gradient of each
layer for a full batch) + 60 MB. For full MNIST it is the whole process.
"""

from __future__ import annotations

import json
import resource
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from nncore.datasets.base import Data, Samples, Scaling, TrainingData
from nncore.layers import Dense
from nncore.losses import SparseCategoricalCrossentropy, Target
from nncore.network import Network
from nncore.project import TrainingSettings
from nncore.session import Session
from nncore.trace import trace
from tests.benchmarks.peers.rows import ROWS, Row

MB = 2**20
EXTRA = 60 * MB
MNIST_ALLOWED = 450  # MB
Found = dict[str, Any]

WIDE = Row(
    "wide",
    Network((1000,), (Dense(units=10_000, activation="relu"), Dense(units=10, activation="softmax"))),
    SparseCategoricalCrossentropy(),
)
NETWORKS = {**{name: ROWS[name] for name in ("mnist-mlp", "mnist-cnn", "cnn-deep", "lstm-100")}, "wide": WIDE}


def resident(peak: bool) -> int:
    """Return how many bytes of this process are in memory: now, or at the most so far."""
    try:
        lines = Path("/proc/self/status").read_text("ascii").splitlines()
    except OSError:
        # Elsewhere than on Linux only the peak is known; macOS counts it in bytes.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    word = "VmHWM:" if peak else "VmRSS:"
    return next(int(line.split()[1]) for line in lines if line.startswith(word)) * 1024


def train_network(row: Row, batches: int) -> Found:
    """Train for two epochs with a validation part, and return the row of the table."""
    before = resident(peak=False)
    x, y = row.samples(batches)
    kept = len(x) * 9 // 10
    target = Target(row.classes) if row.classes else Target(0, y.shape[1:])
    data = Data("made up", "table", x, y, target)
    parts = TrainingData(data, Samples(x[:kept], y[:kept]), Samples(x[kept:], y[kept:]), None, Scaling())
    settings = TrainingSettings().replace(loss=row.loss, batch_size=row.batch, epochs=2)
    session = Session(row.network, settings, parts)
    for _ in session.run():
        pass
    activations = 2 * row.batch * sum(found.memory for found in trace(row.network).rows)
    allowed = x.nbytes + y.nbytes + 4 * session.parameters.nbytes + activations + EXTRA
    return {
        "memory of a training": row.name,
        "parameters": session.parameters.size,
        "data MB": round((x.nbytes + y.nbytes) / MB, 1),
        "4 x parameters MB": round(4 * session.parameters.nbytes / MB, 1),
        "activations MB": round(activations / MB, 1),
        "measured": round((resident(peak=True) - before) / MB, 1),
        "allowed": round(allowed / MB, 1),
    }


def train_mnist(preset: str, samples: int) -> Found:
    """Train on made up digits in files as MNIST has them, as the command line does, and return the row of the table."""
    with tempfile.TemporaryDirectory() as folder:
        # In a process of its own, because the peak counts from the start of the process.
        subprocess.run([sys.executable, "-c", _WRITE, folder, str(samples)], check=True)
        return _train_files(preset, folder, samples)


def _train_files(preset: str, folder: str, samples: int) -> Found:
    from workbench.__main__ import main

    main(["train", preset, "--data", folder, "--epochs", "1"])
    return {
        "memory of a process": f"workbench train {preset}",
        "samples": samples,
        "measured": round(resident(peak=True) / MB, 1),
        "allowed": MNIST_ALLOWED,
    }


_WRITE = "import sys; from tests.benchmarks.growth.memory import write_digits; write_digits(*sys.argv[1:])"


def write_digits(folder: str, samples: str) -> None:
    """Write so many made up pictures with their labels, and a sixth of that to test, as IDX files."""
    rng = np.random.default_rng(0)
    for part, count in (("train", int(samples)), ("t10k", int(samples) // 6)):
        images = struct.pack(">4I", 0x803, count, 28, 28) + rng.bytes(count * 28 * 28)
        labels = struct.pack(">2I", 0x801, count) + rng.integers(0, 10, count, dtype=np.uint8).tobytes()
        Path(folder, f"{part}-images-idx3-ubyte").write_bytes(images)
        Path(folder, f"{part}-labels-idx1-ubyte").write_bytes(labels)


def measure(quick: bool) -> list[Found]:
    """Return a row for each network."""
    return [_in_a_process("network", name, "2" if quick else "120") for name in list(NETWORKS)[: 1 if quick else None]]


def measure_mnist(quick: bool) -> list[Found]:
    """Return a row for each preset that learns pictures."""
    presets = ("mnist-mlp",) if quick else ("mnist-mlp", "mnist-cnn")
    return [_in_a_process("mnist", preset, "600" if quick else "60000") for preset in presets]


def _in_a_process(*task: str) -> Found:
    asked = [sys.executable, "-m", "tests.benchmarks.growth.memory", *task]
    answer = subprocess.run(asked, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    found: Found = json.loads(answer.stdout.splitlines()[-1])
    return found


def main(arguments: list[str]) -> None:
    """Measure one training and print its row as JSON."""
    kind, name, size = arguments
    found = train_network(NETWORKS[name], int(size)) if kind == "network" else train_mnist(name, int(size))
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
