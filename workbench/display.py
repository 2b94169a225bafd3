"""Whether a window can open, found out before Qt is imported: Qt itself would abort the program.

Two questions, in this order: does a display answer, and are the system's libraries there that Qt loads?
"""

from __future__ import annotations

import ctypes
import functools
import importlib.util
import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from nncore.errors import InputError

_FIRST_PORT = 6000  # TCP port of X display 0
_TIMEOUT = 2.0  # seconds that a display on another computer has to answer

_PACKAGES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libX11.so.6": "libx11-6",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
    "libstdc++.so.6": "libstdc++6",
}
"""Debian's package for each library that Qt needs for any window."""

_PLATFORM_PACKAGES = {
    "xcb": {
        "libX11-xcb.so.1": "libx11-xcb1",
        "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
        "libxcb.so.1": "libxcb1",
        "libxcb-cursor.so.0": "libxcb-cursor0",
        "libxcb-icccm.so.4": "libxcb-icccm4",
        "libxcb-image.so.0": "libxcb-image0",
        "libxcb-keysyms.so.1": "libxcb-keysyms1",
        "libxcb-randr.so.0": "libxcb-randr0",
        "libxcb-render.so.0": "libxcb-render0",
        "libxcb-render-util.so.0": "libxcb-render-util0",
        "libxcb-shape.so.0": "libxcb-shape0",
        "libxcb-shm.so.0": "libxcb-shm0",
        "libxcb-sync.so.1": "libxcb-sync1",
        "libxcb-util.so.1": "libxcb-util1",
        "libxcb-xfixes.so.0": "libxcb-xfixes0",
        "libxcb-xkb.so.1": "libxcb-xkb1",
    },
    "wayland": {
        "libwayland-client.so.0": "libwayland-client0",
        "libwayland-cursor.so.0": "libwayland-cursor0",
    },
    "linuxfb": {"libdrm.so.2": "libdrm2"},
}


def available(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> bool:
    """Tell whether there is a display to open a window on."""
    return system in ("win32", "darwin") or bool(platforms(environment))


def platforms(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the names of Qt's platforms that have a display to work on, as Qt would try them."""
    asked = environment.get("QT_QPA_PLATFORM", "")
    names = [name.split(":")[0].strip() for name in asked.split(";")] if asked else ["wayland", "xcb"]
    names = ["wayland" if name.startswith("wayland") else name for name in names if name]
    answers = {"xcb": x_answers, "wayland": wayland_answers}
    return [name for name in names if name not in answers or answers[name](environment)]


def x_answers(environment: Mapping[str, str]) -> bool:
    """Tell whether the X server named by DISPLAY answers and lets us in."""
    display = environment.get("DISPLAY", "")
    if not display or not any(_connects(family, address) for family, address in _x_addresses(display)):
        return False
    return _x_lets_in(display)


@functools.cache
def _x_lets_in(display: str) -> bool:
    """Tell whether an X server accepts us.

    The connection stays open until the program ends: a bare server such as Xvfb starts over when its last client
    leaves, and Qt would come to a closed door.
    """
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # somebody listens; that the library is missing is said later
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    return not xcb.xcb_connection_has_error(xcb.xcb_connect(display.encode(), None))


def wayland_answers(environment: Mapping[str, str]) -> bool:
    """Tell whether the Wayland compositor named by WAYLAND_DISPLAY answers."""
    name = environment.get("WAYLAND_DISPLAY", "")
    if not name:
        return False
    return _connects(_unix_family(), str(Path(environment.get("XDG_RUNTIME_DIR", "/")) / name))


def _unix_family() -> int:
    return int(getattr(socket, "AF_UNIX", socket.AF_INET))  # Windows has none, and asks for no display either


def _x_addresses(display: str) -> list[tuple[int, str | tuple[str, int]]]:
    """Return where the X server of a name like ``:0`` or ``localhost:10.0`` may listen."""
    found = re.fullmatch(r"(?:[a-z]+/)?(.*):(\d+)(?:\.\d+)?", display)
    if not found:
        return [(_unix_family(), display)]
    host, number = found[1], int(found[2])
    if host in ("", "unix"):
        path = f"/tmp/.X11-unix/X{number}"
        return [(_unix_family(), "\0" + path), (_unix_family(), path)]
    return [(socket.AF_INET, (host, _FIRST_PORT + number))]


def _connects(family: int, address: str | tuple[str, int]) -> bool:
    try:
        if isinstance(address, tuple):
            with socket.create_connection(address, _TIMEOUT):
                return True
        with socket.socket(family, socket.SOCK_STREAM) as connection:
            connection.settimeout(_TIMEOUT)
            connection.connect(address)
            return True
    except (OSError, OverflowError, UnicodeError):
        return False


def require_libraries(environment: Mapping[str, str] = os.environ) -> None:
    """Raise ``InputError`` when Qt, or a library of the system that it needs, is missing; it names the packages."""
    folder = _qt_folder()
    if folder is None or not folder.is_dir():
        return  # a distribution's own Qt, or another system's, where packages bring what they need
    problems: list[InputError] = []
    for platform in platforms(environment):
        problem = _problem(folder, platform)
        if problem is None:
            return
        problems.append(problem)
    for problem in problems[-1:]:
        raise problem


def _qt_folder() -> Path | None:
    """Return where the wheel of PySide6 keeps Qt; None on systems where nothing needs to be checked."""
    spec = importlib.util.find_spec("PySide6")
    if spec is None:
        raise InputError(
            "The window needs PySide6, which is not installed.", "pip install 'PySide6-Essentials~=6.11.3'"
        )
    linux = sys.platform.startswith("linux")
    return next((Path(place) / "Qt" for place in spec.submodule_search_locations or ()), None) if linux else None


def _problem(folder: Path, platform: str) -> InputError | None:
    """Return what keeps Qt from being loaded for one of its platforms, or None."""
    plugin = folder / "plugins" / "platforms" / f"libq{platform}.so"
    if not plugin.exists():
        return InputError(f'Qt has no platform called "{platform}".', "Change or remove QT_QPA_PLATFORM.")
    reason = ""
    for library in (folder / "lib" / "libQt6Widgets.so.6", plugin):
        reason = reason or _failure(str(library))
    if not reason:
        return None
    packages = {**_PACKAGES, **_PLATFORM_PACKAGES.get(platform, {})}
    missing = [name for name in packages if _failure(name)]
    if not missing:
        return InputError(f"Qt cannot be loaded: {reason}.", "Install that library, or reinstall PySide6-Essentials.")
    wanted = " ".join(dict.fromkeys(packages[name] for name in missing))
    several = len(missing) > 1
    return InputError(
        f"The window needs the system {'libraries' if several else 'library'} {', '.join(missing)}, which "
        f"{'are' if several else 'is'} missing.",
        f"On Debian or Ubuntu: sudo apt install {wanted}",
    )


def _failure(library: str) -> str:
    """Return why a library cannot be loaded; empty if it can."""
    try:
        ctypes.CDLL(library)
    except OSError as error:
        return str(error)
    return ""
