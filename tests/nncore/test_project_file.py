"""The project file: what is saved comes back, and it is written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore import project_file
from nncore.errors import InputError
from nncore.layers import LAYERS
from nncore.network import Network
from nncore.optimizers import SGD, Adam, Optimizer, RMSprop
from nncore.project import Change, DataSettings, Project, TrainingSettings, load_preset, preset_names
from nncore.project_file import load_file, load_project, save_project
from nncore.storage.files import atomic_write, make_folder
from tests.nncore import harness
from tests.nncore.harness import QUICK
from tests.nncore.project_files import NAME, content, parts, trained


@pytest.fixture(scope="module")
def project() -> Project:
    return trained()[0]


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


@pytest.mark.parametrize(("before", "after"), [(Adam(0.01), Adam(0.01, amsgrad=True)), (RMSprop(0.01), SGD(0.1))])
def test_that_a_project_whose_optimizer_was_changed_after_the_training_comes_back(
    tmp_path: Path, before: Optimizer, after: Optimizer
) -> None:
    project, checkpoint = trained(before)
    changed = project.replace(training=project.training.replace(optimizer=after))
    path = tmp_path / "changed.nnw"
    save_project(path, changed, checkpoint)
    loaded = load_project(str(path))
    assert loaded.project == changed
    assert loaded.checkpoint is not None
    assert set(loaded.checkpoint.optimizer.slots) == set(checkpoint.optimizer.slots)


def test_that_the_file_holds_what_other_programs_expect() -> None:
    from safetensors.numpy import load

    named = parts(content())
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

    monkeypatch.setattr(project_file, "write_tensors", full)
    with pytest.raises(InputError, match="cannot be written: no space left on device"):
        save_project(path, project.replace(name="new"), checkpoint)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_that_an_old_file_is_replaced_and_not_written_over(tmp_path: Path, project: Project) -> None:
    path, reader = tmp_path / "kept.nnw", tmp_path / "reader"
    save_project(path, project, None)
    before = path.read_bytes()
    reader.hardlink_to(path)  # what a program that has the old file open still reads
    save_project(path, project.replace(name="new"), None)
    assert reader.read_bytes() == before
    assert load_file(path).project.name == "new"


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


def test_that_file_names_in_a_foreign_encoding_survive(tmp_path: Path, project: Project) -> None:
    source = b"gr\xfcn \xe4.csv".decode("utf-8", "surrogateescape")
    path = tmp_path / "p.nnw"
    save_project(path, project.replace(data=project.data.replace(source=source)), None)
    assert load_file(path).project.data.source == source


@pytest.mark.parametrize("where", ["missing/p.nnw", "file/p.nnw", "folder"])
def test_that_a_place_that_cannot_be_written_gets_a_sentence(tmp_path: Path, where: str, project: Project) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="cannot be written") as caught:
        save_project(tmp_path / where, project, None)
    assert str(tmp_path / where) in caught.value.sentence
    remedies = {"missing/p.nnw": "Make the folder", "file/p.nnw": "A file is in the way", "folder": "Give the name"}
    assert caught.value.remedy.startswith(remedies[where])
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file", "folder"]
    assert list((tmp_path / "folder").iterdir()) == []


def test_that_a_folder_is_made_with_those_above_it_or_refused(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="cannot be made"):
        make_folder(tmp_path / "file" / "b")
