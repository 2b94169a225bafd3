"""The project file: what is saved comes back, and whatever is wrong with a file is told in a sentence."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nncore import project_file
from nncore.errors import InputError
from nncore.events import StepDone, Stop
from nncore.fields import Json
from nncore.files import atomic_write, make_folder
from nncore.layers import LAYERS
from nncore.network import PARAMETER_LIMIT, Network
from nncore.optimizers import SGD, Adam, Optimizer
from nncore.project import Change, DataSettings, Project, TrainingSettings, load_preset, preset_names
from nncore.project_file import FORMAT, Loaded, load_file, load_project, save_project
from nncore.session import Session
from nncore.snapshot import Checkpoint
from tests.nncore import harness
from tests.nncore.examples import class_data, class_network, class_settings
from tests.nncore.harness import QUICK

NAME = "Drei Kreise – 三"


def trained(optimizer: Optimizer | None = None) -> tuple[Project, Checkpoint]:
    """Return a project and its checkpoint in the middle of the second epoch."""
    training = class_settings(optimizer=optimizer or Adam(0.01))
    session = Session(class_network(), training, class_data())
    for event in session.run():
        if isinstance(event, StepDone) and event.step == 10:
            session.request(Stop())
    return Project(NAME, session.network, DataSettings("blobs"), training), session.checkpoint()


@pytest.fixture(scope="module")
def project() -> Project:
    return trained()[0]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a project file with a checkpoint."""
    path = tmp_path_factory.mktemp("content") / "whole.nnw"
    save_project(path, *trained())
    return path.read_bytes()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file that is written again and again."""
    return tmp_path_factory.mktemp("scratch") / "changed.nnw"


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(named: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in named.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def refusal(path: Path) -> InputError:
    """Return the error that loading the file raises; both of its sentences must be there."""
    with pytest.raises(InputError) as caught:
        load_file(path)
    assert caught.value.sentence.endswith(".")
    assert caught.value.remedy.endswith((".", "?"))
    return caught.value


# --- There and back ---------------------------------------------------------------------------------------------


def test_that_a_project_that_was_never_trained_comes_back(tmp_path: Path, project: Project) -> None:
    path = tmp_path / "plain.nnw"
    save_project(path, project, None)
    loaded = load_project(str(path))
    assert loaded.project == project
    assert loaded.checkpoint is None
    assert list(parts(path.read_bytes())) == ["project.json"]


@pytest.mark.parametrize("optimizer", [Adam(0.01), SGD(0.1), SGD(0.1, 0.9)])
def test_that_a_trained_project_comes_back_bit_by_bit(tmp_path: Path, optimizer: Optimizer) -> None:
    project, checkpoint = trained(optimizer)
    path = tmp_path / "trained.NNW"
    save_project(path, project, checkpoint)
    loaded = load_project(str(path))
    assert loaded.project == project
    found = loaded.checkpoint
    assert found is not None
    assert found.snapshot.network == project.network
    np.testing.assert_array_equal(found.snapshot.parameters, checkpoint.snapshot.parameters)
    assert found.snapshot.parameters.dtype == np.float32
    assert not found.snapshot.parameters.flags.writeable
    assert (found.snapshot.step, found.snapshot.epoch) == (10, checkpoint.snapshot.epoch)
    assert (found.optimizer.type_name, found.optimizer.iterations) == (optimizer.type_name, 10)
    assert set(found.optimizer.slots) == set(checkpoint.optimizer.slots)
    for name, slot in checkpoint.optimizer.slots.items():
        np.testing.assert_array_equal(found.optimizer.slots[name], slot)
    for name, array in checkpoint.history.arrays().items():
        np.testing.assert_array_equal(found.history.arrays()[name], array)
    assert found.history.metric == "accuracy"
    for name in ("epoch", "position", "sums", "random_state", "settings", "scaling", "class_names", "classes"):
        assert getattr(found, name) == getattr(checkpoint, name), name
    assert (found.feature_names, found.target_name) == (("a", "b", "c", "d"), "target")


def test_that_the_file_holds_what_other_programs_expect(content: bytes, tmp_path: Path) -> None:
    from safetensors.numpy import load

    named = parts(content)
    assert set(named) == {"project.json", "weights.safetensors", "training.safetensors", "history.npz"}
    description = json.loads(named["project.json"])
    assert description["format"] == 1
    assert description["name"] == NAME
    weights = load(named["weights.safetensors"])
    assert {name: array.shape for name, array in weights.items()} == {
        "layers.0.kernel": (4, 8),
        "layers.0.bias": (8,),
        "layers.2.kernel": (8, 3),
        "layers.2.bias": (3,),
    }


@QUICK
@given(
    st.builds(
        Project,
        name=st.text(max_size=20),
        network=st.builds(
            Network,
            st.lists(st.integers(1, 99), max_size=3).map(tuple),
            st.lists(st.one_of([harness.declared(cls) for cls in LAYERS]), max_size=4).map(tuple),
        ),
        data=harness.declared(DataSettings),
        training=harness.declared(TrainingSettings),
        title=st.text(max_size=20),
        description=st.text(max_size=20),
    )
)
def test_that_any_project_survives_json(project: Project) -> None:
    assert Project.from_json(json.loads(json.dumps(project.to_json()))) == project


@pytest.mark.parametrize("name", preset_names())
def test_that_every_preset_loads(name: str, tmp_path: Path) -> None:
    loaded = load_project(name)
    assert loaded.project == load_preset(name)
    assert loaded.project.name == name
    assert loaded.project.title
    assert loaded.checkpoint is None
    save_project(tmp_path / "copy.nnw", loaded.project, None)
    assert load_project(str(tmp_path / "copy.nnw")).project == loaded.project


def test_that_a_change_knows_its_way_back(project: Project) -> None:
    changed = project.replace(name="other")
    edit = Change("Rename", project, changed)
    assert edit.inverse() == Change("Rename", changed, project)
    assert edit.inverse().inverse() == edit
    assert changed.network is project.network


# --- Whole or not at all ----------------------------------------------------------------------------------------


def test_that_a_write_that_fails_midway_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kept.nnw"
    project, checkpoint = trained()
    save_project(path, project, None)
    before = path.read_bytes()

    def full(*arguments: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(project_file, "_pack", full)
    with pytest.raises(InputError, match="cannot be written: no space left on device"):
        save_project(path, project.replace(name="new"), checkpoint)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def write_and_fail(path: Path, error: Exception) -> None:
    with atomic_write(path) as stream:
        stream.write(b"new")
        raise error


def test_that_a_defect_while_writing_keeps_the_old_file_too(tmp_path: Path) -> None:
    path = tmp_path / "kept.txt"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError):
        write_and_fail(path, ZeroDivisionError())
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_that_nothing_is_left_of_a_first_write_that_fails(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no space left"):
        write_and_fail(tmp_path / "new.txt", OSError(28, "No space left on device"))
    assert list(tmp_path.iterdir()) == []


def test_that_a_new_file_has_the_permissions_of_others(tmp_path: Path) -> None:
    with atomic_write(tmp_path / "new.txt") as stream:
        stream.write(b"new")
    (tmp_path / "plain.txt").write_bytes(b"")
    assert (tmp_path / "new.txt").stat().st_mode == (tmp_path / "plain.txt").stat().st_mode


@pytest.mark.parametrize("where", ["missing/p.nnw", "file/p.nnw", "folder"])
def test_that_a_place_that_cannot_be_written_gets_a_sentence(tmp_path: Path, where: str, project: Project) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="cannot be written") as caught:
        save_project(tmp_path / where, project, None)
    assert str(tmp_path / where) in caught.value.sentence
    assert caught.value.remedy.startswith("Choose another folder")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file", "folder"]
    assert list((tmp_path / "folder").iterdir()) == []


def test_that_a_folder_is_made_with_those_above_it_or_refused(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="cannot be made"):
        make_folder(tmp_path / "file" / "b")


# --- What is wrong with a file ----------------------------------------------------------------------------------


def test_that_an_unknown_name_is_answered_with_the_nearest_preset() -> None:
    with pytest.raises(InputError) as caught:
        load_project("mnist-mpl")
    assert caught.value.sentence == 'There is no preset and no file called "mnist-mpl".'
    assert caught.value.remedy == 'Did you mean "mnist-mlp"?'
    with pytest.raises(InputError, match="The presets are: xor, "):
        load_project("qqqqqq")
    with pytest.raises(InputError, match='Did you mean "spiral"'):
        load_preset("spirale")


def test_that_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none.nnw"
    assert refusal(path).sentence == f"There is no file {path}."
    with pytest.raises(InputError, match="There is no file"):
        load_project(str(path))


def test_that_a_folder_is_no_project(tmp_path: Path) -> None:
    assert "is a folder, not a project file" in refusal(tmp_path).sentence


def test_that_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert "cannot be read: not a directory" in refusal(tmp_path / "file" / "p.nnw").sentence


@pytest.mark.parametrize("data", [b"", b"PK", b"hello", b"{}", b"\x00" * 100])
def test_that_a_file_that_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "other.nnw"
    path.write_bytes(data)
    assert "is not a project file, or it is damaged" in refusal(path).sentence


def write(path: Path, content: bytes, **changes: bytes | None) -> Path:
    """Write the archive with some parts exchanged, or taken out; ``_`` in a name stands for a dot."""
    named = parts(content)
    for key, data in changes.items():
        name = key.replace("_", ".")
        if data is None:
            del named[name]
        else:
            named[name] = data
    path.write_bytes(packed(named))
    return path


def described(path: Path, content: bytes, change: Callable[[Any], object]) -> Path:
    """Write the archive with a changed description."""
    description = json.loads(parts(content)["project.json"])
    change(description)
    return write(path, content, project_json=json.dumps(description).encode())


def test_that_a_newer_format_is_refused_with_both_numbers(scratch: Path, content: bytes) -> None:
    error = refusal(described(scratch, content, lambda data: data.update(format=FORMAT + 1)))
    assert f"has the format {FORMAT + 1}, but this version reads formats up to {FORMAT}" in error.sentence
    assert "Update" in error.remedy


@pytest.mark.parametrize("number", [None, 0, -1, "1", True, 1.5, []])
def test_that_a_file_without_a_format_number_is_refused(scratch: Path, content: bytes, number: Json) -> None:
    error = refusal(described(scratch, content, lambda data: data.update(format=number)))
    assert "does not say its format number" in error.sentence


@pytest.mark.parametrize("name", ["project_json", "weights_safetensors", "history_npz"])
def test_that_a_missing_part_is_named(scratch: Path, content: bytes, name: str) -> None:
    error = refusal(write(scratch, content, **{name: None}))
    assert f"has no part {name.replace('_', '.')}" in error.sentence


def test_that_a_missing_memory_of_the_optimizer_is_told(scratch: Path, content: bytes) -> None:
    error = refusal(write(scratch, content, training_safetensors=None))
    assert "optimizer" in error.sentence


def test_that_sgd_without_momentum_still_needs_its_slot(scratch: Path, content: bytes) -> None:
    error = refusal(described(scratch, content, lambda data: data["checkpoint"].update(optimizer="SGD")))
    assert "velocity" in error.sentence


def test_that_an_unknown_optimizer_in_the_training_state_is_refused(scratch: Path, content: bytes) -> None:
    error = refusal(described(scratch, content, lambda data: data["checkpoint"].update(optimizer="Adan")))
    assert error.remedy == 'Did you mean "Adam"?'


@pytest.mark.parametrize("name", ["project_json", "weights_safetensors", "training_safetensors", "history_npz"])
@pytest.mark.parametrize("data", [b"", b"not at all", b"\x00" * 64, b"\xff" * 64, b"[" * 100_000])
def test_that_a_part_of_something_else_is_refused(scratch: Path, content: bytes, name: str, data: bytes) -> None:
    refusal(write(scratch, content, **{name: data}))


def test_that_weights_of_another_shape_are_refused_with_both_shapes(scratch: Path, content: bytes) -> None:
    from safetensors.numpy import load, save

    weights = load(parts(content)["weights.safetensors"])
    wrong = {**weights, "layers.0.kernel": np.ascontiguousarray(weights["layers.0.kernel"].T)}
    error = refusal(write(scratch, content, weights_safetensors=save(wrong)))
    assert "layers.0.kernel" in error.sentence
    assert "have the shape (8, 4), but the network needs (4, 8)" in error.sentence
    del weights["layers.2.bias"]
    error = refusal(write(scratch, content, weights_safetensors=save(weights)))
    assert "has no weights called layers.2.bias" in error.sentence


def test_that_weights_that_are_no_floating_numbers_are_refused(scratch: Path, content: bytes) -> None:
    from safetensors.numpy import load, save

    for name in ("weights", "training"):
        stored = load(parts(content)[f"{name}.safetensors"])
        whole = {key: array.astype(np.int64) for key, array in stored.items()}
        error = refusal(write(scratch, content, **{f"{name}_safetensors": save(whole)}))
        assert "int64" in error.sentence


def test_that_a_memory_of_another_size_is_refused(scratch: Path, content: bytes) -> None:
    from safetensors.numpy import save

    slots = {"mean": np.zeros(5, np.float32), "square": np.zeros(5, np.float32)}
    error = refusal(write(scratch, content, training_safetensors=save(slots)))
    assert "optimizer." in error.sentence
    assert "(5,)" in error.sentence


def set_layer(data: Any, **changes: Json) -> None:
    data["network"]["layers"][0].update(changes)


DESCRIPTIONS: list[tuple[Callable[[Any], object], str]] = [
    (lambda data: set_layer(data, unit=3), 'Dense has no field "unit"'),
    (lambda data: set_layer(data, units=0), "Dense: units must be"),
    (lambda data: set_layer(data, units=1_000_000_000), "Dense: units must be"),
    (lambda data: set_layer(data, type="Dance"), 'There is no layer called "Dance"'),
    (lambda data: data["network"].update(layers=7), "list of layers"),
    (lambda data: data["network"].update(input_shape=[0]), "input_shape must be"),
    (lambda data: data["network"].pop("input_shape"), "does not say its input shape"),
    (lambda data: data.pop("network"), "no network"),
    (lambda data: data.update(surprise=1), 'no part called "surprise"'),
    (lambda data: data.update(training=[]), "must be an object with a type"),
    (lambda data: data.update(data={"type": "TrainingSettings"}), "DataSettings was expected"),
    (lambda data: data["training"].update(epochs=0), "epochs must be"),
    (lambda data: data["training"]["optimizer"].update(learning_rate=10**400), "learning_rate must be"),
    (lambda data: data["training"]["optimizer"].update(beta_3=0.1), 'Adam has no field "beta_3"'),
    (lambda data: data.update(checkpoint=[]), "training state"),
    (lambda data: data.update(checkpoint={}), "training state"),
    (lambda data: data["checkpoint"].update(step="many"), "training state"),
    (lambda data: data["checkpoint"].update(step=-1), "training state"),
    (lambda data: data["checkpoint"].update(epoch=-1), "training state"),
    (lambda data: data["checkpoint"].update(position=-1), "training state"),
    (lambda data: data["checkpoint"].update(position=51), "training state"),
    (lambda data: data["checkpoint"].update(iterations=-1), "training state"),
    (lambda data: data["checkpoint"].update(step=10**400), "training state"),
    (lambda data: data["checkpoint"].update(sums=None), "training state"),
    (lambda data: data["checkpoint"].update(random_state={}), "training state"),
    (lambda data: data["checkpoint"]["random_state"].update(bit_generator="MT19937"), "training state"),
    (lambda data: data["checkpoint"]["random_state"]["state"].update(state=-1), "training state"),
    (lambda data: data["checkpoint"]["random_state"]["state"].update(state=10**100), "training state"),
    (lambda data: data["checkpoint"].update(settings=3), "training state"),
    (lambda data: data["checkpoint"].update(scaling=[]), "scaling"),
    (lambda data: data["checkpoint"].update(class_names=5), "training state"),
    (lambda data: data["checkpoint"]["network"]["layers"].clear(), "no layers yet"),
    (lambda data: data["checkpoint"]["network"].update(input_shape=[1_000_000_000]), f"{PARAMETER_LIMIT:,}"),
]


@pytest.mark.parametrize(("change", "words"), DESCRIPTIONS, ids=[words for _, words in DESCRIPTIONS])
def test_that_a_wrong_description_is_told_in_words(
    scratch: Path, content: bytes, change: Callable[[Any], object], words: str
) -> None:
    assert words in refusal(described(scratch, content, change)).sentence


def test_that_a_history_too_large_for_its_part_takes_no_memory(scratch: Path, content: bytes) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**15,)})
    named = {f"{name}.npy": header.getvalue() for name in ("totals", "step.loss", "step.metric")}
    assert "history" in refusal(write(scratch, content, history_npz=packed(named))).sentence


def test_that_a_part_that_unpacks_beyond_the_limit_is_refused(
    scratch: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch.write_bytes(content)
    monkeypatch.setattr(project_file, "_JSON_LIMIT", 100)
    assert "at most 100 are read" in refusal(scratch).sentence


def test_that_nothing_is_unpickled(scratch: Path, content: bytes) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, totals=np.array([Trap()], dtype=object))
    assert "history" in refusal(write(scratch, content, history_npz=buffer.getvalue())).sentence


class Trap:
    """Fails the test when somebody loads it."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return pytest.fail, ("a pickle was loaded",)


# --- Damage of every kind ---------------------------------------------------------------------------------------


def harmless(path: Path) -> bool:
    """Return whether the file loads; anything but an ``InputError`` fails the test."""
    try:
        loaded = load_file(path)
    except InputError:
        return False
    assert isinstance(loaded, Loaded)
    return True


def test_that_a_truncated_file_is_refused_wherever_it_is_cut(scratch: Path, content: bytes) -> None:
    cuts = sorted({*range(0, len(content), max(1, len(content) // 150)), *range(len(content) - 60, len(content))})
    for cut in cuts:
        scratch.write_bytes(content[:cut])
        assert not harmless(scratch), f"a file cut at {cut} of {len(content)} bytes loads"


MUTATIONS = settings(
    deadline=None,
    database=None,
    derandomize=True,
    max_examples=300,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
EDITS = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=6), st.integers(0, 6)), min_size=1, max_size=4
)


def mutated(data: bytes, edits: list[tuple[float, bytes, int]]) -> bytes:
    """Return the data with bytes put in place of others, at positions given as shares of the length."""
    changed = bytearray(data)
    for place, new, length in edits:
        start = int(place * len(changed))
        changed[start : start + length] = new
    return bytes(changed)


@MUTATIONS
@given(edits=EDITS)
def test_that_changed_bytes_raise_nothing_but_an_input_error(
    scratch: Path, content: bytes, edits: list[tuple[float, bytes, int]]
) -> None:
    scratch.write_bytes(mutated(content, edits))
    harmless(scratch)


@MUTATIONS
@given(
    name=st.sampled_from(["project.json", "weights.safetensors", "training.safetensors", "history.npz"]), edits=EDITS
)
def test_that_changed_bytes_in_an_intact_archive_raise_nothing_but_an_input_error(
    scratch: Path, content: bytes, name: str, edits: list[tuple[float, bytes, int]]
) -> None:
    named = parts(content)
    scratch.write_bytes(packed({**named, name: mutated(named[name], edits)}))
    harmless(scratch)


@MUTATIONS
@given(which=st.integers(0, 20), place=st.floats(0, 0.6), new=st.binary(min_size=1, max_size=4))
def test_that_changed_headers_of_arrays_raise_nothing_but_an_input_error(
    scratch: Path, content: bytes, which: int, place: float, new: bytes
) -> None:
    inner = parts(parts(content)["history.npz"])
    name = list(inner)[which % len(inner)]
    array = inner[name]
    start = int(place * min(len(array), 128))
    inner[name] = array[:start] + new + array[start + len(new) :]
    scratch.write_bytes(packed({**parts(content), "history.npz": packed(inner)}))
    harmless(scratch)
