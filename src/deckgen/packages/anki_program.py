"""Open a package in the Anki on this machine, whose own dialog then asks what to import."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from deckgen.core import terminal
from deckgen.core.location import short_path, user_folder
from deckgen.core.terminal import Failure
from deckgen.packages import anki_connect

WEBSITE = "https://apps.ankiweb.net"

_LAUNCHERS = ("anki.desktop", "net.ankiweb.Anki.desktop")
"""How Linux knows an installed Anki, the second from Flathub."""


def open_package(path: Path) -> None:
    """Open a package in Anki: with AnkiConnect if that answers, else with the system's program for such files. Raises
    Failure if Anki is not installed."""
    if anki_connect.answers():
        anki_connect.open_import(path)
        return
    if not _is_installed():
        raise Failure(
            f"Anki was not found on this machine: get it from {WEBSITE}, then open {short_path(path)} with it"
        )
    if not terminal.launch(path):
        raise Failure(f"the system could not open the package: in Anki, choose File › Import and {short_path(path)}")


def _is_installed() -> bool:
    """Whether Anki is installed, so that packages can be opened in it."""
    if sys.platform == "win32":
        return _opens_packages()
    if sys.platform == "darwin":
        folders = (Path("/Applications"), user_folder("Applications"))
        return any((folder / "Anki.app").exists() for folder in folders if folder)
    return bool(shutil.which("anki")) or any((folder / name).exists() for folder in _menus() for name in _LAUNCHERS)


def _menus() -> Iterator[Path]:
    """The folders with the menu entries of programs on a Linux desktop
    (https://specifications.freedesktop.org/basedir-spec/latest/)."""
    shared = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    for folder in filter(os.path.isabs, (*shared.split(":"), "/var/lib/flatpak/exports/share")):
        yield Path(folder, "applications")
    if user := user_folder(".local/share", "XDG_DATA_HOME"):
        yield user / "applications"
        yield user / "flatpak/exports/share/applications"


def _opens_packages() -> bool:
    """Whether Windows has a program for packages."""
    import winreg

    try:
        winreg.QueryValue(winreg.HKEY_CLASSES_ROOT, ".apkg")  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return False
    return True
