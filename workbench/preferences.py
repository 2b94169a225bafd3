"""What a person prefers, in one readable file: ``preferences.json`` in the configuration folder.

Invariant: nothing that is in the file can keep the program from starting. A value outside its rule gives way to its
default; a file that is no JSON object is kept aside under another name. Both are said in one sentence, once.

Programs that run at the same time share the file: each change reads it anew, and writes it whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

from nncore.errors import InputError
from nncore.fields import Declared, Json, hyper
from nncore.registry import Registry
from nncore.storage.files import atomic_write, make_folder

MOST_RECENT = 10
_LARGEST = 2**20  # bytes; more than this is no file of ours
_RECENT = "recent"


class Preferences(Declared):
    """How the program behaves on this computer."""

    registry: ClassVar[Registry[Any]] = Registry("group of preferences")

    theme: str = hyper("system", choices=lambda: ("light", "dark", "system"), help="The colours of the window.")
    colours: str = hyper("standard", choices=lambda: ("standard", "safe"), help="safe: green and red are told apart.")
    text_size: str = hyper("normal", choices=lambda: ("normal", "large", "largest"), help="How large text is.")
    show_welcome: bool = hyper(True, label="Show the welcome page", help="When the workbench starts without a project.")
    window_place: str = hyper("", hidden=True, help="Where the window was, as Qt writes it, in base64.")
    window_layout: str = hyper("", hidden=True, help="How the window was divided; see workbench/window/layout.py.")


class PreferencesFile:
    """Reads and writes the file.

    Args:
        path: of the file; its folder is made when something is written.

    Attributes:
        problem: what was wrong with the file when it was read, in one sentence; empty when nothing was.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""
        self._values: Preferences | None = None
        self._recent: tuple[str, ...] = ()
        self._others: dict[str, Json] = {}

    @property
    def values(self) -> Preferences:
        """The preferences, as they were read or changed last."""
        if self._values is None:
            self.read()
        assert self._values is not None
        return self._values

    @property
    def recent(self) -> tuple[str, ...]:
        """The project files that were opened or saved last, the newest first."""
        if self._values is None:
            self.read()
        return self._recent

    def read(self) -> None:
        """Read the file anew; one that is missing has every default."""
        data = self._load()
        known = {field.name: field for field in Preferences.fields()}
        values: dict[str, Any] = {}
        wrong = []
        for name, value in data.items():
            if name in known:
                try:
                    values[name] = known[name].check(known[name].from_json(value))
                except InputError:
                    wrong.append(name)
        recent = data.get(_RECENT, [])
        if not isinstance(recent, list) or not all(isinstance(entry, str) for entry in recent):
            wrong.append(_RECENT)
            recent = []
        if wrong:
            self.problem = (
                f"The preferences in {self.path} have no usable value for {', '.join(wrong)}: the usual one is taken."
            )
        self._values = Preferences(**values)
        self._recent = tuple(recent[:MOST_RECENT])
        # Another version may know more: what it wrote stays.
        self._others = {name: value for name, value in data.items() if name not in known and name != _RECENT}

    def change(self, **changes: object) -> None:
        """Change some preferences and write them; raise ``InputError`` when the folder does not allow it."""
        self.read()
        self._values = self.values.replace(**changes)
        self._write()

    def add_recent(self, path: Path) -> None:
        """Put a project file at the top of the list; raise ``InputError`` when the folder does not allow it."""
        self.read()
        name = str(path.absolute())
        self._recent = (name, *(entry for entry in self._recent if entry != name))[:MOST_RECENT]
        self._write()

    def remove_recent(self, name: str) -> None:
        """Take one file out of the list; the file itself stays."""
        self.read()
        self._recent = tuple(entry for entry in self._recent if entry != name)
        self._write()

    def clear_recent(self) -> None:
        """Empty the list of files."""
        self.read()
        self._recent = ()
        self._write()

    def _load(self) -> dict[str, Json]:
        try:
            if self.path.stat().st_size > _LARGEST:
                return self._set_aside()
            data = json.loads(self.path.read_bytes())
        except FileNotFoundError:
            return {}
        except (ValueError, RecursionError):
            return self._set_aside()
        except OSError as error:
            self.problem = (
                f"The preferences in {self.path} cannot be read ({error.strerror}): the usual ones are taken."
            )
            return {}
        return data if isinstance(data, dict) else self._set_aside()

    def _set_aside(self) -> dict[str, Json]:
        """Keep a damaged file under another name, so that the next change does not overwrite what was in it."""
        aside = self.path.with_name(f"{self.path.stem}-damaged{self.path.suffix}")
        with suppress(OSError):
            self.path.replace(aside)
        self.problem = f"The preferences were damaged and start anew; the damaged file is kept as {aside}."
        return {}

    def _write(self) -> None:
        chosen: Mapping[str, Json] = self.values.to_json()
        data = {**self._others, **{name: value for name, value in chosen.items() if name != "type"}}
        make_folder(self.path.parent)
        with atomic_write(self.path) as stream:
            stream.write(json.dumps({**data, _RECENT: list(self._recent)}, indent=2).encode())
            stream.write(b"\n")
