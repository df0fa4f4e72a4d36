"""SHELL. hook.conf in the state folder: written whole or not at all, and read back.

Must not be here: the file's text (`model.hookconf`), and which answers stand in it (`endpoint.protect`).
"""

import os
import tempfile
from pathlib import Path

from spawngate.model.errors import StateError
from spawngate.model.hookconf import MAX_CONF, HookConf, HookConfError, parse, render

HOOK_FOLDER = "hook"
"""Folder inside the state folder that holds the client and its configuration, and nothing else."""
CONF_NAME = "hook.conf"


def hook_folder(state: Path, *, shared: bool = False) -> Path:
    """`<state>/hook`, made where it is missing: 0700, or 0755 for a client that every user of the machine runs.

    Raises StateError where it cannot be had.
    """
    folder = state / HOOK_FOLDER
    mode = 0o755 if shared else 0o700
    try:
        if not state.exists():
            state.mkdir(mode=mode, parents=True, exist_ok=True)  # another process may be as far as we are
            state.chmod(mode)  # a umask may have taken away what every user needs
        folder.mkdir(mode=mode, exist_ok=True)
        status = folder.lstat()
        if hasattr(os, "geteuid"):
            if status.st_uid != os.geteuid():
                raise StateError(f"{folder} belongs to another user")
            folder.chmod(mode)
    except OSError as error:
        raise StateError(f"{folder} cannot be used ({error.strerror})") from None
    return folder


def replace(path: Path, data: bytes, mode: int) -> None:
    """Give `path` new bytes in one step, durably. Raises StateError where that cannot be done."""
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            if hasattr(os, "fchmod"):
                os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
        _keep(path.parent)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True) if temporary else None
        raise StateError(f"cannot write {path} ({error.strerror})") from None


def _keep(folder: Path) -> None:
    """Make the folder's new entry survive a loss of power, where the system lets folders be synchronized."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_settings(state: Path, conf: HookConf, *, shared: bool = False) -> Path:
    """Write hook.conf for the client in `state`, and return its path. Clients that run meanwhile read the old or the
    new one. `shared`: every user may read it. Raises ValueError for values that no client would accept, StateError
    where it cannot be written.
    """
    data = render(conf)
    if parse(data) != conf:
        raise ValueError("hook.conf would not say what was meant")
    path = hook_folder(state, shared=shared) / CONF_NAME
    replace(path, data, 0o644 if shared else 0o600)
    return path


def read_settings(state: Path) -> HookConf | None:
    """hook.conf of the client in `state`; None where there is none. Raises StateError where no client could use it."""
    path = state / HOOK_FOLDER / CONF_NAME
    try:
        with path.open("rb") as file:
            return parse(file.read(MAX_CONF + 1))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StateError(f"{path} cannot be read ({error.strerror})") from None
    except HookConfError as error:
        raise StateError(f"{path} is damaged ({error}); `spawngate protect` writes it anew") from None
