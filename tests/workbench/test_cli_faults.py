"""Every bad input gets one sentence and the exit status 2; a defect gets a sentence, a log and the status 1."""

from __future__ import annotations

import gzip
import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nncore.layers import Dense
from nncore.network import Network
from nncore.project import load_preset
from nncore.project_file import save_project
from tests.workbench.cli_projects import rewritten
from tests.workbench.cli_runs import Capture, environment, fail, finish, start, succeed
from workbench.__main__ import main
from workbench.cli import learning


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["trian"], 'Did you mean "train"?'),
        (["mnist-mpl"], 'Did you mean "mnist-mlp"?'),
        (["trian", "xor"], 'no command called "trian". Did you mean train?'),
        (["xor", "moons"], 'no use for "moons"'),
        (["--jsno"], "no option --jsno"),
        (["train"], "needs PROJECT"),
        (["predict", "xor"], "needs --data and --output"),
        (["train", "xor", "--epcohs", "3"], "Did you mean --epochs?"),
        (["train", "xor", "--epochs"], "--epochs needs a value"),
        (["train", "xor", "moons"], 'no use for "moons"'),
        (["train", "xro"], 'Did you mean "xor"?'),
        (["train", "x" * 300], "x"),
        (["train", "missing.nnw"], "no file missing.nnw"),
        (["train", "xor", "--epochs", "0"], "--epochs must be a whole number from 1"),
        (["train", "xor", "--epochs", "many"], "is many"),
        (["train", "xor", "--batch-size", "half"], 'or "full"'),
        (["train", "xor", "--learning-rate", "-1"], "above 0"),
        (["train", "xor", "--learning-rate", "nan"], "--learning-rate must be a number"),
        (["train", "xor", "--seed", "1.5"], "--seed must be a whole number"),
        (["train", "xor", "--data", "irsi"], 'Did you mean "iris"?'),
        (["train", "xor", "--data", ""], "No data are chosen"),
        (["train", "xor", "--data", "missing.csv"], 'no file or folder "missing.csv"'),
        (["train", "mnist-mlp", "--data", "digits"], "expects samples of shape 28 × 28, but the data have 8 × 8"),
        (["train", "spiral", "--data", "blobs"], "3 classes need 3"),
        (["train", "xor", "--batch-size", "5000"], "only 320 training samples"),
        (["train", "xor", "--output", "/dev/null/folder"], "cannot be made"),
        (["train", "xor", "--output", "/proc"], "cannot be written to"),
        (["export", "xor", "--format", "npz"], "needs --output"),
    ],
)
def test_that_a_wrong_request_gets_a_sentence(capsys: Capture, arguments: list[str], words: str) -> None:
    assert words in fail(capsys, *arguments)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("x,y,class\n1,2,a\n3,oops,b\n5,6,a\n", '"oops"'),
        ("x,y,class\n1,2,a\n3,,b\n5,6,a\n", "no value"),
        ("x,y,class\n1,2,a\n3,4,a\n5,6,a\n", "only one class"),
        ("x,y,class\n1,2,a\n3,4,b\n5,6,a\n7,8,b\n", "batch size is 10"),
        ("x,class\n" + "1,a\n2,b\n" * 20, "expects samples of shape 2"),
        ("x,y,class\n" + "1,2,a\n2,3,b\n3,4,c\n" * 20, "3 classes need 3"),
    ],
)
def test_that_a_bad_table_gets_a_sentence(capsys: Capture, tmp_path: Path, content: str, words: str) -> None:
    table = tmp_path / "table.csv"
    table.write_text(content, "utf-8")
    assert words in fail(capsys, "train", "xor", "--data", table)


def test_that_an_idx_file_with_a_wrong_magic_number_gets_a_sentence(capsys: Capture, tmp_path: Path) -> None:
    images = struct.pack(">4i", 0x999, 1, 28, 28) + bytes(784)
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(images))
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(struct.pack(">2i", 0x801, 1) + bytes(1))
    assert "train-images-idx3-ubyte.gz" in fail(capsys, "train", "mnist-mlp", "--data", tmp_path)


def test_that_a_truncated_archive_gets_a_sentence(capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    np.savez(path, x=np.zeros((100, 2)), y=np.arange(100) % 2)
    path.write_bytes(path.read_bytes()[:500])
    assert "data.npz" in fail(capsys, "train", "xor", "--data", path)


def changed_project(path: Path, change: Any) -> Path:
    """Write the project file of xor with a changed description."""
    save_project(path, load_preset("xor"), None)
    return rewritten(path, change)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data.update(format=99), "has the format 99"),
        (lambda data: data["training"].update(epocsh=3), 'no field "epocsh"'),
        (lambda data: data["network"]["layers"][0].update(units=10**9), "units must be a whole number"),
        (lambda data: data["network"]["layers"][0].update(type="Dens"), 'Did you mean "Dense"?'),
        (lambda data: data["network"].update(input_shape=[3]), "expects samples of shape 3"),
        (lambda data: data["network"]["layers"][1].update(activation="linear"), "needs probabilities"),
        (lambda data: data["network"]["layers"][1].update(units=5), "The output has 5 numbers"),
        (lambda data: data["network"].update(layers=[]), "no layers yet"),
    ],
)
def test_that_a_bad_project_file_gets_a_sentence(capsys: Capture, tmp_path: Path, change: Any, words: str) -> None:
    assert words in fail(capsys, "train", changed_project(tmp_path / "bad.nnw", change))


def test_that_weights_of_a_wrong_shape_get_a_sentence(capsys: Capture, tmp_path: Path) -> None:
    succeed(capsys, "train", "xor", "--epochs", 1, "--output", tmp_path)
    good = tmp_path / "project.nnw"
    bad = tmp_path / "bad.nnw"
    with zipfile.ZipFile(good) as archive, zipfile.ZipFile(bad, "w") as changed:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "project.json":
                data = json.loads(content)
                for network in (data["network"], data["checkpoint"]["network"]):
                    network["layers"][0]["units"] = 9
                content = json.dumps(data).encode()
            changed.writestr(name, content)
    assert "layers.0.kernel" in fail(capsys, "evaluate", bad, "--data", "xor")
    bad.write_bytes(good.read_bytes()[:300])
    assert "damaged" in fail(capsys, "evaluate", bad, "--data", "xor")


@pytest.mark.parametrize("command", ["evaluate", "predict", "export"])
def test_that_weights_that_are_no_finite_numbers_get_a_sentence(capsys: Capture, tmp_path: Path, command: str) -> None:
    from safetensors.numpy import load, save

    succeed(capsys, "train", "xor", "--epochs", 1, "--output", tmp_path)
    bad = tmp_path / "bad.nnw"
    with zipfile.ZipFile(tmp_path / "project.nnw") as archive, zipfile.ZipFile(bad, "w") as changed:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "weights.safetensors":
                content = save({key: array * np.nan for key, array in load(content).items()})
            changed.writestr(name, content)
    options = ["--format", "npz"] if command == "export" else ["--data", "xor"]
    options += [] if command == "evaluate" else ["--output", str(tmp_path / "out")]
    assert "no finite numbers" in fail(capsys, command, bad, *options)
    assert not (tmp_path / "out").exists()


def test_that_a_network_too_large_for_the_memory_gets_a_sentence(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = load_preset("xor").replace(network=Network((2,), (Dense(900_000), Dense(900_000), Dense(1))))
    save_project(tmp_path / "wide.nnw", wide, None)
    assert "at most 200,000,000 parameters" in fail(capsys, "train", tmp_path / "wide.nnw")

    def exhausted(*arguments: object) -> None:
        raise MemoryError

    monkeypatch.setattr("workbench.cli.train.begin", exhausted)
    assert "not enough memory" in fail(capsys, "train", "xor")


def test_that_a_result_whose_folder_has_gone_is_saved_elsewhere(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn = learning.learn

    def learn_and_lose_the_folder(*arguments: Any) -> Any:
        event = learn(*arguments)
        (tmp_path / "out").rmdir()
        return event

    monkeypatch.setattr("workbench.cli.train.learn", learn_and_lose_the_folder)
    assert main(["train", "xor", "--epochs", "1", "--output", str(tmp_path / "out")]) == 0
    captured = capsys.readouterr()
    assert "cannot be written" in captured.err
    assert (Path.home() / "out" / "project.nnw").is_file()
    assert str(Path.home() / "out" / "project.nnw") in captured.err


def test_that_a_reader_who_has_seen_enough_ends_the_program_quietly(tmp_path: Path) -> None:
    process = start("layers", "--json", cwd=tmp_path)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) == 0
    process.stderr.close()


def test_that_a_full_disk_behind_standard_output_gets_a_sentence(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "workbench", "presets"],
            cwd=tmp_path,
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("workbench: Standard output cannot be written to: no space left on device.")


def test_that_a_defect_gets_a_sentence_a_log_and_the_status_1(tmp_path: Path) -> None:
    program = (
        "import sys; from workbench.cli import catalogue; from workbench.__main__ import main\n"
        "catalogue.presets = lambda: 1 / 0\n"
        "sys.exit(main(['presets']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=environment(XDG_STATE_HOME=str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )
    log = tmp_path / "neural-network-workbench" / "workbench.log"
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert str(log) in done.stderr
    assert "Traceback" not in done.stderr
    assert "ZeroDivisionError" in log.read_text("utf-8")


@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_that_a_closed_stream_does_not_keep_a_result_from_being_saved(tmp_path: Path, closed: str) -> None:
    stream = {"stdout": 1, "stderr": 2}[closed]
    command = f'exec "$0" -m workbench train xor --epochs 1 --json --output out {stream}>&-'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "project.nnw").exists()
    if closed == "stderr":
        assert len(done.stdout.splitlines()) == 1
        assert json.loads(done.stdout)["epochs"] == 1


@pytest.mark.parametrize("content", [b"", b"hello", b"PK"])
def test_that_a_file_that_is_no_project_is_refused_before_a_window_opens(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.nnw").write_bytes(content)
    status, out, err = finish(start("bad.nnw", cwd=tmp_path, QT_QPA_PLATFORM="offscreen"))
    assert (status, out) == (2, "")
    assert err.startswith("workbench: bad.nnw is not a project file")
    assert err.count("\n") == 1


def test_that_a_file_name_in_a_foreign_encoding_can_be_learned_from_and_saved_to(tmp_path: Path) -> None:
    name = b"gr\xfcn".decode("utf-8", "surrogateescape")
    (tmp_path / f"{name}.csv").write_text("x,y,class\n" + "1,2,a\n3,4,b\n" * 20, "utf-8")
    process = start("train", "xor", "--epochs", 1, "--data", f"{name}.csv", "--output", name, cwd=tmp_path)
    status, _, err = finish(process)
    assert status == 0, err
    assert (tmp_path / name / "project.nnw").exists()


def test_that_signs_the_terminal_does_not_have_are_spelled_out(tmp_path: Path) -> None:
    process = start("summary", "mnist-mlp", cwd=tmp_path, PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    status, out, err = finish(process)
    assert (status, err) == (0, "")
    assert "Input: 28 x 28" in out


def test_that_no_sign_of_the_reference_is_lost_where_the_terminal_does_not_have_it(tmp_path: Path) -> None:
    asked = [
        finish(start("layers", cwd=tmp_path, **how)) for how in ({}, {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"})
    ]
    (_, full, _), (status, plain, err) = asked
    assert (status, err) == (0, "")
    assert plain.isascii()
    assert plain.count("?") == full.count("?")
    assert "epsilon" in plain
