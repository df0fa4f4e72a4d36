"""SHELL. Looking around one launch: what lies in its working folder, and who may write what it runs.

Must not be here: which places are worth a look (`launch.surroundings.places_of`) and what they mean (`launch`).
"""

import os
import stat

from spawngate.endpoint import files
from spawngate.launch.definition import Definition
from spawngate.launch.surroundings import NOTHING, NPMRC_KEYS, Surroundings, places_of

MAX_NPMRC = 256 << 10
"""Bytes of an .npmrc that are read."""
MAX_LEVELS = 40
"""Folders above a script in which a work tree is looked for."""


def surroundings_of(definition: Definition) -> Surroundings:
    """What can be seen around the launch on this machine. Starts nothing; raises nothing."""
    places = places_of(definition.command, definition.args)
    base = definition.cwd if definition.cwd and os.path.isabs(definition.cwd) else ""
    npmrc = _npmrc(os.path.join(base, ".npmrc")) if places.npmrc and base else {}
    present = frozenset(name for name in places.shadows if base and os.path.isfile(os.path.join(base, name)))
    run = [os.path.join(base, path) if base else path for path in places.run]
    known = [path for path in run if os.path.isabs(path)]
    writable = tuple(path for path in known if _writable_by_others(path))
    versioned = any(_versioned(path) for path in known)
    if not (npmrc or present or writable or versioned):
        return NOTHING
    return Surroundings(npmrc, present, writable, versioned)


def _npmrc(path: str) -> dict[str, str]:
    """Settings of an .npmrc that change what runs (npm's ini form: `key = value`, `;` and `#` comments)."""
    try:
        text = files.read(path, MAX_NPMRC).decode("utf-8", "replace")
    except files.Unreadable:
        return {}
    found: dict[str, str] = {}
    for line in text.splitlines():
        key, equals, value = line.strip().partition("=")
        name = key.strip().lower()
        if equals and not name.startswith((";", "#")) and name in NPMRC_KEYS:
            found[name] = value.strip()
    return found


def _writable_by_others(path: str) -> bool:
    """Whether the file, or the folder it lies in, may be written by everybody. A sticky folder protects its files."""
    try:
        status = os.stat(path)
        folder = os.stat(os.path.dirname(path))
    except (OSError, ValueError):
        return False
    open_folder = bool(folder.st_mode & stat.S_IWOTH) and not folder.st_mode & stat.S_ISVTX
    return bool(status.st_mode & stat.S_IWOTH) or open_folder


def _versioned(path: str) -> bool:
    """Whether the file lies in a git work tree."""
    folder = os.path.dirname(path)
    for _ in range(MAX_LEVELS):
        if os.path.exists(os.path.join(folder, ".git")):
            return True
        parent = os.path.dirname(folder)
        if parent == folder:
            return False
        folder = parent
    return False
