"""Has the desktop open ``.nnw`` files with this program, by the files that the freedesktop.org standards describe.

The Desktop Entry Specification 1.5 gives the form of the entry and the quoting of its command, the Shared MIME-info
Database specification 0.21 that of the type.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from nncore.errors import InputError
from nncore.storage.files import atomic_write, make_folder

TYPE = "application/x-neural-network-workbench"
NAME = "workbench"

_ENTRY = """\
[Desktop Entry]
Type=Application
Name=Neural Network Workbench
Comment=Build a neural network by dragging layers, press Train, and watch it learn
Exec={command} %f
Terminal=false
Categories=Education;Science;
MimeType={type};
StartupWMClass=workbench
"""

_PACKAGE = """\
<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="{type}">
    <comment>Neural network project</comment>
    <sub-class-of type="application/zip"/>
    <glob pattern="*.nnw"/>
  </mime-type>
</mime-info>
"""


def available() -> bool:
    """Return whether this system has such files; on others, a person chooses the program in the file manager."""
    return sys.platform.startswith("linux")


def data_home() -> Path:
    """Return the folder for data of the user, as the XDG Base Directory specification says."""
    named = os.environ.get("XDG_DATA_HOME", "")
    return Path(named) if named.startswith("/") else Path.home() / ".local" / "share"


def quoted(words: Sequence[str]) -> str:
    """Return a command as the ``Exec`` key takes it."""
    return " ".join('"' + re.sub(r'(["`$\\])', r"\\\1", word).replace("%", "%%") + '"' for word in words)


def register(home: Path) -> list[list[str]]:
    """Write the entry and the type.

    Returns:
        The commands that make them known at once; a desktop that lacks them notices later.

    Raises:
        InputError: the folder does not allow it.
    """
    applications, mime = home / "applications", home / "mime"
    command = quoted([sys.executable, "-m", "workbench", "--window"]).replace("\\", "\\\\")
    if "\n" in command:
        raise InputError("The program lies in a folder whose name has a line break.", "Move it to another folder.")
    for path, text in (
        (applications / f"{NAME}.desktop", _ENTRY.format(command=command, type=TYPE)),
        (mime / "packages" / f"{NAME}.xml", _PACKAGE.format(type=TYPE)),
    ):
        make_folder(path.parent)
        with atomic_write(path) as stream:
            stream.write(text.encode("utf-8", "surrogateescape"))
    return [
        ["update-mime-database", str(mime)],
        ["update-desktop-database", str(applications)],
        ["xdg-mime", "default", f"{NAME}.desktop", TYPE],
    ]
