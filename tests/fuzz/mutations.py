"""Ways to damage a project file, each decided by a random generator and nothing else."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable
from typing import Any

from tests.nncore.project_files import content, packed, parts, stopping_content

NASTY: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 10**12, 10**400, 1e308, -0.0, float("nan"), float("inf")),
    *("", "\0", "Dense", "../../outside", "/etc/passwd", "a" * 30_000, "\ud800", "三"),
    *([], {}, [[]], [0], [10**6, 10**6], ["x"] * 100, {"type": "Dense"}, {"type": "Adam", "learning_rate": -1}),
)


def mutant(random_numbers: random.Random) -> bytes:
    """Return a damaged project file."""
    whole = random_numbers.choice((content, stopping_content))()
    return random_numbers.choice(_WAYS)(random_numbers, whole)


def _changed_bytes(numbers: random.Random, data: bytes) -> bytes:
    """Put a few bytes in the place of others, of the same or another length."""
    changed = bytearray(data)
    for _ in range(numbers.randint(1, 8)):
        start = numbers.randrange(len(changed) + 1)
        changed[start : start + numbers.randint(0, 6)] = numbers.randbytes(numbers.randint(0, 6))
    return bytes(changed)


def _cut(numbers: random.Random, data: bytes) -> bytes:
    """Leave out the beginning, the end or a piece."""
    start, end = sorted(numbers.randrange(len(data) + 1) for _ in range(2))
    return numbers.choice((data[:start], data[start:], data[:start] + data[end:], data[:start] + data[:end]))


def _changed_part(numbers: random.Random, data: bytes) -> bytes:
    """Damage one part inside an intact archive."""
    named = parts(data)
    name = numbers.choice(list(named))
    way = numbers.choice((_changed_bytes, _cut))
    return packed({**named, name: way(numbers, named[name])})


def _changed_names(numbers: random.Random, data: bytes) -> bytes:
    """Rename, exchange or drop parts; some names lead out of the archive."""
    named = list(parts(data).items())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in named:
            kind = numbers.randrange(6)
            other = numbers.choice([*dict(named), "../../outside", "/outside", "C:\\outside", "x/y"])
            new = {1: other, 2: f"{name}."}.get(kind, name)
            if kind and new not in archive.namelist():
                archive.writestr(new, part)
    return buffer.getvalue()


def _changed_description(numbers: random.Random, data: bytes) -> bytes:
    """Put values of all kinds in the places of others, anywhere in the description."""
    named = parts(data)
    description = json.loads(named["project.json"])
    for _ in range(numbers.randint(1, 3)):
        _change_value(numbers, description)
    text = json.dumps(description).encode("utf-8", "surrogatepass")
    return packed({**named, "project.json": text})


def _change_value(numbers: random.Random, description: dict[str, Any]) -> None:
    places: list[tuple[Any, Any]] = []
    waiting: list[Any] = [description]
    while waiting:
        owner = waiting.pop()
        keys = list(owner) if isinstance(owner, dict) else range(len(owner))
        places += [(owner, key) for key in keys]
        waiting += [owner[key] for key in keys if isinstance(owner[key], dict | list)]
    owner, key = numbers.choice(places)
    kind = numbers.randrange(5)
    if kind == 0:
        del owner[key]
    elif kind == 1 and isinstance(owner, dict):
        owner[f"{key}x"] = owner.pop(key)
    elif kind == 2:
        other, place = numbers.choice(places)
        try:
            owner[key] = json.loads(json.dumps(other[place]))
        except (KeyError, IndexError):  # it was taken out before
            owner[key] = None
    else:
        owner[key] = numbers.choice(NASTY)


def _nested(numbers: random.Random, data: bytes) -> bytes:
    """Nest something deeply, well-formed or not."""
    depth = numbers.choice((30, 70, 300, 2_000, 10_000, 100_000))
    start, middle, end = numbers.choice(
        ((b"[", b"1", b"]"), (b'{"type":"TimeDistributed","layer":', b'{"type":"Flatten"}', b"}"), (b"[", b"", b""))
    )
    nested = start * depth + middle + end * depth
    named = parts(data)
    description = json.loads(named["project.json"])
    place = numbers.choice(("name", "network", "training", "checkpoint", "surprise"))
    description[place] = "HERE"
    if place == "network":
        description[place] = {"input_shape": [4, 4, 4], "layers": ["HERE"]}
    text = json.dumps(description).encode().replace(b'"HERE"', nested)
    return packed({**named, "project.json": text})


def _inflated(numbers: random.Random, data: bytes) -> bytes:
    """Have a part unpack to far more than it takes."""
    named = parts(data)
    name = numbers.choice(list(named))
    filling = numbers.choice((b"\0", b" ", b"[", b"0"))
    return packed({**named, name: named[name] + filling * numbers.choice((10**5, 5 * 10**6, 2 * 10**7))})


_Way = Callable[[random.Random, bytes], bytes]
_WAYS: tuple[_Way, ...] = (
    *(_changed_bytes, _changed_bytes, _cut, _changed_part, _changed_part, _changed_names),
    *(_changed_description, _changed_description, _changed_description, _nested, _inflated),
)
