"""One engine in a process of its own: it prepares a network, makes steps when asked, and says how long they took.

A process for each engine, so that none of them meets another's threads, and the same engine is not slower because a
second one was imported. While one works, the others wait for a message and take no time.
"""

from __future__ import annotations

import importlib
import time
import warnings
from multiprocessing.connection import Connection

from tests.benchmarks.peers.rows import ROWS

ENGINES = {
    "nncore": ("ours", "step", "nncore"),
    "nncore-fit": ("ours", "fit", "nncore"),
    "torch": ("pytorch", "eager", "torch"),
    "torch-compile": ("pytorch", "compiled", "torch"),
    "keras": ("keras_fit", "fit", "tensorflow"),
    "jax": ("jax_step", "jit", "jax"),
}
"""For each engine the module, the function in it that prepares a row, and the package whose version is told."""

WARM_UP = 5


def serve(engine: str, connection: Connection) -> None:
    """Answer (row, steps) with seconds, until None comes; a problem is answered with words."""
    warnings.simplefilter("ignore")
    module, function, package = ENGINES[engine]
    try:
        prepare = getattr(importlib.import_module(f"tests.benchmarks.peers.{module}"), function)
        connection.send(str(importlib.import_module(package).__version__))
    except ImportError as error:
        connection.send(error)
        return
    prepared: tuple[str, object] = ("", None)
    while (asked := connection.recv()) is not None:
        name, steps = asked
        try:
            if prepared[0] != name:
                prepared = (name, prepare(ROWS[name]))
                prepared[1](WARM_UP)  # type: ignore[operator]
            began = time.perf_counter()
            prepared[1](steps)  # type: ignore[operator]
            connection.send(time.perf_counter() - began)
        except Exception as error:
            connection.send(f"{type(error).__name__}: {error}")
            prepared = ("", None)
