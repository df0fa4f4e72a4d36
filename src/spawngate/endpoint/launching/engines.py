"""SHELL by its folder, pure in fact: whether a container engine's client lies where one is installed.

A container is started by the engine's own daemon, so its client cannot be tried in a jail. A program that only has the
client's name can, and is: what lies in a project or among a person's own files is no engine because it is called one.
Belongs here: the places. Must not be here: which launches start containers (`confining.CONTAINED`).
Sources: docs.docker.com/engine/security/rootless and the install pages of Docker Desktop, Rancher Desktop, OrbStack,
Colima, Lima, Finch, Podman, Nix and Homebrew.
"""

import os
from collections.abc import Iterable

from spawngate.launch.identity import File

_BELOW_HOME = (
    "bin",
    ".docker",
    ".rd",
    ".orbstack",
    ".colima",
    ".lima",
    ".finch",
    ".local/bin",
    ".local/share/mise",
    ".local/share/containers",
    ".asdf",
    ".nix-profile",
    ".local/state/nix",
    ".linuxbrew",
)
"""Folders of a home that engines' clients are installed into."""
_SYSTEM = "/usr/bin"
"""A working folder above it says nothing: many agents start in the root."""


def installed(programs: Iterable[File] | None, home: str, cwd: str) -> bool:
    """Whether none of the files of a start lies in the working folder or among the person's own files.

    `home` and `cwd` are absolute; empty where they are not known. False where no file is known.
    """
    places = [place for file in programs or () for place in dict.fromkeys((file.path, file.named or file.path))]
    return bool(places) and not any(_is_own(place, home, cwd) for place in places)


def _is_own(path: str, home: str, cwd: str) -> bool:
    if home and _below(path, home):
        return not any(_below(path, os.path.join(home, place)) for place in _BELOW_HOME)
    return bool(cwd) and _below(path, cwd) and not _below(_SYSTEM, cwd)


def _below(path: str, folder: str) -> bool:
    folder = folder.rstrip("/")
    return path == folder or path.startswith(f"{folder}/")
