"""Whatever is wrong with a project file is told in a sentence, and never as anything else."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nncore.errors import InputError
from nncore.fields import Json
from nncore.network import PARAMETER_LIMIT
from nncore.project import load_preset
from nncore.project_file import FORMAT, Loaded, load_file, load_project
from nncore.session import Session
from nncore.storage import project_limits
from tests.nncore.examples import class_data
from tests.nncore.project_files import content, described, packed, parts, refusal, stopping_content, write


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file that is written again and again."""
    return tmp_path_factory.mktemp("scratch") / "changed.nnw"


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


def test_that_a_newer_format_is_refused_with_both_numbers(scratch: Path) -> None:
    error = refusal(described(scratch, lambda data: data.update(format=FORMAT + 1)))
    assert f"has the format {FORMAT + 1}, but this version reads formats up to {FORMAT}" in error.sentence
    assert "Update" in error.remedy


@pytest.mark.parametrize("number", [None, 0, -1, "1", True, 1.5, []])
def test_that_a_file_without_a_format_number_is_refused(scratch: Path, number: Json) -> None:
    error = refusal(described(scratch, lambda data: data.update(format=number)))
    assert "does not say its format number" in error.sentence


@pytest.mark.parametrize("name", ["project_json", "weights_safetensors", "history_npz"])
def test_that_a_missing_part_is_named(scratch: Path, name: str) -> None:
    error = refusal(write(scratch, **{name: None}))
    assert f"has no part {name.replace('_', '.')}" in error.sentence


def test_that_a_missing_memory_of_the_optimizer_is_told(scratch: Path) -> None:
    error = refusal(write(scratch, training_safetensors=None))
    assert "optimizer" in error.sentence


def test_that_sgd_without_momentum_still_needs_its_slot(scratch: Path) -> None:
    error = refusal(described(scratch, lambda data: data["checkpoint"].update(optimizer="SGD")))
    assert "velocity" in error.sentence


def test_that_an_unknown_optimizer_in_the_training_state_is_refused(scratch: Path) -> None:
    error = refusal(described(scratch, lambda data: data["checkpoint"].update(optimizer="Adan")))
    assert error.remedy == 'Did you mean "Adam"?'


@pytest.mark.parametrize("name", ["project_json", "weights_safetensors", "training_safetensors", "history_npz"])
@pytest.mark.parametrize("data", [b"", b"not at all", b"\x00" * 64, b"\xff" * 64, b"[" * 100_000])
def test_that_a_part_of_something_else_is_refused(scratch: Path, name: str, data: bytes) -> None:
    refusal(write(scratch, **{name: data}))


def test_that_weights_of_another_shape_are_refused_with_both_shapes(scratch: Path) -> None:
    from safetensors.numpy import load, save

    weights = load(parts(content())["weights.safetensors"])
    wrong = {**weights, "layers.0.kernel": np.ascontiguousarray(weights["layers.0.kernel"].T)}
    error = refusal(write(scratch, weights_safetensors=save(wrong)))
    assert "layers.0.kernel" in error.sentence
    assert "have the shape (8, 4), but the network needs (4, 8)" in error.sentence
    del weights["layers.2.bias"]
    error = refusal(write(scratch, weights_safetensors=save(weights)))
    assert "has no weights called layers.2.bias" in error.sentence


def test_that_weights_that_are_no_floating_numbers_are_refused(scratch: Path) -> None:
    from safetensors.numpy import load, save

    for name in ("weights", "training"):
        stored = load(parts(content())[f"{name}.safetensors"])
        whole = {key: array.astype(np.int64) for key, array in stored.items()}
        error = refusal(write(scratch, **{f"{name}_safetensors": save(whole)}))
        assert "int64" in error.sentence


def test_that_a_memory_of_another_size_is_refused(scratch: Path) -> None:
    from safetensors.numpy import save

    slots = {"mean": np.zeros(5, np.float32), "square": np.zeros(5, np.float32)}
    error = refusal(write(scratch, training_safetensors=save(slots)))
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
    (lambda data: data["checkpoint"]["scaling"].update(scale=[]), "scaling"),
    (lambda data: data["checkpoint"]["scaling"].update(scale=[0.0]), "scaling"),
    (lambda data: data["checkpoint"]["scaling"].update(shift=["nan"]), "scaling"),
    (lambda data: data["checkpoint"]["scaling"].update(target_scale="inf"), "scaling"),
    (lambda data: data["checkpoint"]["scaling"].update(scale=[1.0] * 99), "another number of features"),
    (lambda data: data["checkpoint"].update(class_names=["one"], classes=2), "class_names has 1 entries instead of 2"),
    (lambda data: data["checkpoint"].update(feature_names=["a"]), "feature_names has 1 entries"),
    (lambda data: data["checkpoint"].update(classes=-1), "classes is -1"),
    (lambda data: data["checkpoint"].pop("sums"), "a part is missing"),
    (lambda data: data["checkpoint"].update(class_names=5), "training state"),
    (lambda data: data["checkpoint"]["network"]["layers"].clear(), "no layers yet"),
    (lambda data: data["checkpoint"]["network"].update(input_shape=[1_000_000_000]), f"{PARAMETER_LIMIT:,}"),
]


@pytest.mark.parametrize(("change", "words"), DESCRIPTIONS, ids=[words for _, words in DESCRIPTIONS])
def test_that_a_wrong_description_is_told_in_words(scratch: Path, change: Callable[[Any], object], words: str) -> None:
    error = refusal(described(scratch, change))
    assert words in error.sentence
    assert str(scratch) in error.sentence


def test_that_a_history_too_large_for_its_part_takes_no_memory(scratch: Path) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**15,)})
    named = {f"{name}.npy": header.getvalue() for name in ("totals", "step.loss", "step.metric")}
    assert "history" in refusal(write(scratch, history_npz=packed(named))).sentence


def test_that_a_part_that_unpacks_beyond_the_limit_is_refused(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch.write_bytes(content())
    monkeypatch.setattr(project_limits, "DESCRIPTION", 100)
    assert "at most 100 are read" in refusal(scratch).sentence


def test_that_nothing_is_unpickled(scratch: Path) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, totals=np.array([Trap()], dtype=object))
    assert "history" in refusal(write(scratch, history_npz=buffer.getvalue())).sentence


class Trap:
    """Fails the test when somebody loads it."""

    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return pytest.fail, ("a pickle was loaded",)


# --- Early stopping and its best weights -----------------------------------------------------------------------


def with_rules(path: Path, change: Callable[[Any], object]) -> Path:
    """Write a file of a training with early stopping, with changed rules or parts."""
    named = parts(stopping_content())
    data = json.loads(named["project.json"])
    change(SimpleNamespace(rules=data["checkpoint"]["rules"], parts=named))
    path.write_bytes(packed({**named, "project.json": json.dumps(data).encode()}))
    return path


def changed_weights(change: Callable[[Any], Any]) -> Callable[[Any], object]:
    from safetensors.numpy import load, save

    def apply(file: Any) -> None:
        stored = load(file.parts["best.safetensors"])
        file.parts["best.safetensors"] = save({key: np.ascontiguousarray(change(a)) for key, a in stored.items()})

    return apply


RULES = [
    (lambda file: file.rules.pop("best"), "does not say which epoch was the best"),
    (lambda file: file.rules["best"].pop("step"), "does not say which epoch was the best"),
    (lambda file: file.rules["best"].update(step=-1), "step is -1"),
    (lambda file: file.rules["best"].update(epoch=float("nan")), "the best epoch is nan"),
    (lambda file: file.rules["best"].update(epoch=-2), "the best epoch is -2"),
    (lambda file: file.rules["best"].update(epoch=None), "a part is missing or is not what it should be"),
    (lambda file: file.rules.update(best=5), "a part is missing or is not what it should be"),
    (lambda file: file.rules.update(EarlyStopping=[3]), "a part is missing or is not what it should be"),
    (lambda file: file.parts.update({"best.safetensors": b"no weights"}), "damaged"),
    (changed_weights(lambda array: array[:1]), "but the network needs"),
    (changed_weights(lambda array: array.astype(np.int64)), "int64"),
    (changed_weights(lambda array: array * np.inf), "are no finite numbers"),
]


@pytest.mark.parametrize(
    ("change", "words"), RULES, ids=[f"{number} {words}" for number, (_, words) in enumerate(RULES)]
)
def test_that_damaged_rules_or_best_weights_are_told(
    scratch: Path, change: Callable[[Any], object], words: str
) -> None:
    assert words in refusal(with_rules(scratch, change)).sentence


@pytest.mark.parametrize(
    "state", [{}, {"wait": -5}, {"wait": "many"}, {"rest": float("inf")}, {"best": float("nan")}, {"epochs": 0.5}]
)
def test_that_a_rule_that_remembers_nonsense_is_told_before_the_training(scratch: Path, state: dict[str, Any]) -> None:
    def change(file: Any) -> None:
        file.rules["EarlyStopping"] = {**file.rules["EarlyStopping"], **state} if state else {}

    loaded = load_file(with_rules(scratch, change))
    project = loaded.project
    with pytest.raises(InputError, match="What the rules of the training remember is damaged") as caught:
        Session(project.network, project.training, class_data(), checkpoint=loaded.checkpoint)
    assert caught.value.remedy == "Train from the start."


def test_that_rules_of_an_older_version_are_none(scratch: Path) -> None:
    def change(file: Any) -> None:
        file.rules.clear()
        del file.parts["best.safetensors"]

    loaded = load_file(with_rules(scratch, change))
    assert loaded.checkpoint is not None
    assert loaded.checkpoint.best is None
    project = loaded.project
    assert Session(project.network, project.training, class_data(), checkpoint=loaded.checkpoint).step == 10


# --- Settings that were changed on the way ----------------------------------------------------------------------


def with_changes(path: Path, change: Callable[[Any], object]) -> Path:
    """Write a file of a training with three changes on the way, and change what is told of them."""
    named = parts(stopping_content())
    data = json.loads(named["project.json"])
    change(data["checkpoint"])
    path.write_bytes(packed({**named, "project.json": json.dumps(data).encode()}))
    return path


def set_change(number: int, place: int, value: Json) -> Callable[[Any], object]:
    return lambda checkpoint: checkpoint["changes"][number].__setitem__(place, value)


CHANGES = [
    (lambda checkpoint: checkpoint.update(changes=5), "its changes of settings are no list of at most 48"),
    (lambda checkpoint: checkpoint.update(changes={}), "its changes of settings are no list of at most 48"),
    (lambda checkpoint: checkpoint["changes"].extend([[9, 1.2, "x", 1, 2]] * 46), "are no list of at most 48"),
    (lambda checkpoint: checkpoint["changes"].append("x"), "change 4 of a setting has not its five parts"),
    (lambda checkpoint: checkpoint["changes"][1].pop(), "change 2 of a setting has not its five parts"),
    *((set_change(1, 0, step), "change 2 of a setting lies outside") for step in (-1, 2, 11, 7.0, True, None, 10**400)),
    *((set_change(0, 1, epoch), "change 1 of a setting lies outside") for epoch in (-0.1, 2.5, float("nan"), "1", [])),
    *((set_change(2, 2, name), "change 3 of a setting does not say which one") for name in ("", None, 5, ["x"])),
    *((set_change(0, 3, value), "change 1 of a setting has values that no") for value in ([], {}, 10**400, "a\nb")),
    *((set_change(0, 4, value), "change 1 of a setting has values that no") for value in (float("inf"), "a" * 201)),
]


@pytest.mark.parametrize(
    ("change", "words"), CHANGES, ids=[f"{number} {words}" for number, (_, words) in enumerate(CHANGES)]
)
def test_that_damaged_changes_on_the_way_are_told(scratch: Path, change: Callable[[Any], object], words: str) -> None:
    error = refusal(with_changes(scratch, change))
    assert f"The training state in {scratch} is damaged: " in error.sentence
    assert words in error.sentence


def test_that_a_file_without_changes_on_the_way_has_none(scratch: Path) -> None:
    loaded = load_file(with_changes(scratch, lambda checkpoint: checkpoint.pop("changes")))
    assert loaded.checkpoint is not None
    assert loaded.checkpoint.history.changes == ()


# --- Damage of every kind ---------------------------------------------------------------------------------------


def harmless(path: Path) -> bool:
    """Return whether the file loads; anything but an ``InputError`` fails the test."""
    try:
        loaded = load_file(path)
    except InputError:
        return False
    assert isinstance(loaded, Loaded)
    return True


def test_that_a_truncated_file_is_refused_wherever_it_is_cut(scratch: Path) -> None:
    whole = content()
    cuts = sorted({*range(0, len(whole), max(1, len(whole) // 150)), *range(len(whole) - 60, len(whole))})
    for cut in cuts:
        scratch.write_bytes(whole[:cut])
        assert not harmless(scratch), f"a file cut at {cut} of {len(whole)} bytes loads"


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
    scratch: Path, edits: list[tuple[float, bytes, int]]
) -> None:
    scratch.write_bytes(mutated(content(), edits))
    harmless(scratch)


@MUTATIONS
@given(
    name=st.sampled_from(["project.json", "weights.safetensors", "training.safetensors", "history.npz"]), edits=EDITS
)
def test_that_changed_bytes_in_an_intact_archive_raise_nothing_but_an_input_error(
    scratch: Path, name: str, edits: list[tuple[float, bytes, int]]
) -> None:
    named = parts(content())
    scratch.write_bytes(packed({**named, name: mutated(named[name], edits)}))
    harmless(scratch)


@MUTATIONS
@given(which=st.integers(0, 20), place=st.floats(0, 0.6), new=st.binary(min_size=1, max_size=4))
def test_that_changed_headers_of_arrays_raise_nothing_but_an_input_error(
    scratch: Path, which: int, place: float, new: bytes
) -> None:
    inner = parts(parts(content())["history.npz"])
    name = list(inner)[which % len(inner)]
    array = inner[name]
    start = int(place * min(len(array), 128))
    inner[name] = array[:start] + new + array[start + len(new) :]
    scratch.write_bytes(packed({**parts(content()), "history.npz": packed(inner)}))
    harmless(scratch)
