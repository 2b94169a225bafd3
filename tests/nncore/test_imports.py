"""What importing the engine loads, and what it must not."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SLOW = ("pandas", "sklearn", "scipy", "mlxtend", "safetensors", "openpyxl", "pyarrow", "matplotlib")
WINDOW = ("PySide6", "shiboken6", "pyqtgraph", "qtawesome", "workbench")
MODULES = ("nncore", "nncore.session", "nncore.project_file", "nncore.export", "nncore.models", "nncore.datasets")


@pytest.mark.parametrize("module", MODULES)
def test_that_importing_the_engine_loads_nothing_slow_and_no_window(module: str) -> None:
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in json.loads(run.stdout)}
    assert "nncore" in loaded
    assert loaded.isdisjoint({*SLOW, *WINDOW}), loaded & {*SLOW, *WINDOW}


def test_that_every_public_name_is_there() -> None:
    import nncore

    for name in nncore.__all__:
        assert getattr(nncore, name) is not None
    assert nncore.__version__
