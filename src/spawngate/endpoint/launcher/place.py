"""SHELL. Putting the launcher where agents' configurations name it: a constant path that updates do not change.

Belongs here: `<state>/launcher` with the launcher, the confining program and launch.conf. Must not be here: agents'
files (`endpoint.protect`), and anything that runs when a server is started.
"""

import hashlib
import os
import py_compile
import subprocess
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import spawngate
from spawngate.endpoint.client.place import interpreter, is_static
from spawngate.endpoint.client.settings import replace
from spawngate.endpoint.launcher import launch_client
from spawngate.model.errors import StateError
from spawngate.model.launchconf import MAX_CONF, LaunchConf, LaunchConfError, parse, render

LAUNCHER_FOLDER = "launcher"
"""Folder inside the state folder."""
CONF_NAME = "launch.conf"
NATIVE_NAME = "spawngate-launch"
CONFINE_NAME = "spawngate-confine"
PYTHON_NAME = "spawngate_launch.py"
DEADLINE_MS = 5_000
"""Milliseconds for one answer. The first start of a large program waits until the daemon has read all of it."""
Kind = Literal["native", "python"]
RELAY = Path(launch_client.__file__).with_name("main.py")
_LOADED = ("launch", "model", "protocol", "endpoint/launcher")
"""Parts of the package that a relay loads."""


@dataclass(frozen=True, slots=True)
class InstalledLauncher:
    """A launcher in its place."""

    kind: Kind
    argv: tuple[str, ...]
    """Words to register, all absolute; `--id ENTRY -- COMMAND ARGUMENTS` follows."""
    program: Path
    """The file of ours among them."""
    digest: str
    """SHA-256 of that file, in hexadecimal digits."""
    preloadable: bool
    """The dynamic loader acts on the entry's environment (LD_PRELOAD) before this launcher runs."""
    confine: Path | None
    """The program that confines a probe; None where there is none, and probes end as `no-sandbox`."""


def packaged(name: str) -> Path | None:
    """A native program that this installation was built with; None where there is none."""
    path = Path(spawngate.__file__).parent / "_native" / name
    return path if path.is_file() else None


def launcher_folder(state: Path, *, shared: bool = False) -> Path:
    """`<state>/launcher`, made where it is missing: 0700, or 0755 for every user. Raises StateError."""
    folder = state / LAUNCHER_FOLDER
    mode = 0o755 if shared else 0o700
    try:
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
        if hasattr(os, "geteuid") and folder.lstat().st_uid != os.geteuid():
            raise StateError(f"{folder} belongs to another user")
        folder.chmod(mode)
    except OSError as error:
        raise StateError(f"{folder} cannot be used ({error.strerror})") from None
    return folder


def install_launcher(
    state: Path,
    *,
    closed: bool,
    socket: str,
    spool: str,
    deadline_ms: int = DEADLINE_MS,
    kind: Kind | None = None,
    shared: bool = False,
) -> InstalledLauncher:
    """Put the launcher into `<state>/launcher`, in place of an older one, with its configuration.

    The native launcher is taken where there is one that runs here, else the Python one; `kind` insists on one.
    `closed`: without the daemon nothing is started. `shared`: every user of the machine may run it. Raises StateError.
    """
    folder = launcher_folder(state, shared=shared)
    program_mode, data_mode = (0o755, 0o644) if shared else (0o700, 0o600)
    conf = LaunchConf(interpreter(), os.path.abspath(RELAY), socket, spool, deadline_ms, closed=closed)
    replace(folder / CONF_NAME, _rendered(conf), data_mode)
    confined = _install_native(CONFINE_NAME, folder, program_mode)
    if not confined:
        (folder / CONFINE_NAME).unlink(missing_ok=True)
    native = kind != "python" and _install_native(NATIVE_NAME, folder, program_mode)
    if kind == "native" and not native:
        raise StateError("this installation has no native launcher that runs here")
    if not native:
        (folder / NATIVE_NAME).unlink(missing_ok=True)
        replace(folder / PYTHON_NAME, Path(launch_client.__file__).read_bytes(), data_mode)
        if not _runs([interpreter(), "-I", "-S", "-B", str(folder / PYTHON_NAME)], NATIVE_NAME):
            raise StateError(f"the launcher does not run with {interpreter()}")
    else:
        (folder / PYTHON_NAME).unlink(missing_ok=True)
    _compile()
    return _described("native" if native else "python", folder)


def installed_launcher(state: Path) -> InstalledLauncher | None:
    """The launcher in `<state>/launcher`; None where there is none. Raises StateError where it cannot be read."""
    folder = state / LAUNCHER_FOLDER
    try:
        if (folder / NATIVE_NAME).is_file():
            return _described("native", folder)
        return _described("python", folder) if (folder / PYTHON_NAME).is_file() else None
    except OSError as error:
        raise StateError(f"{folder} cannot be read ({error.strerror})") from None


def read_launch_conf(state: Path) -> LaunchConf | None:
    """launch.conf of the launcher in `state`; None where there is none. Raises StateError where none could use it."""
    path = state / LAUNCHER_FOLDER / CONF_NAME
    try:
        with path.open("rb") as file:
            return parse(file.read(MAX_CONF + 1))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StateError(f"{path} cannot be read ({error.strerror})") from None
    except LaunchConfError as error:
        raise StateError(f"{path} is damaged ({error}); `spawngate protect --launches` writes it anew") from None


def _rendered(conf: LaunchConf) -> bytes:
    try:
        data = render(conf)
    except ValueError as error:
        raise StateError(f"launch.conf cannot be written: {error}") from None
    if parse(data) != conf:
        raise StateError("launch.conf would not say what was meant")
    return data


def _install_native(name: str, folder: Path, mode: int) -> bool:
    """Whether the program is in its place and runs here: tried under another name first."""
    native = packaged(name)
    if native is None:
        return False
    trial = folder / f".trial-{name}"
    data = native.read_bytes()
    replace(trial, data, 0o700)
    try:
        if not _runs([str(trial)], name):
            return False
    finally:
        trial.unlink(missing_ok=True)
    replace(folder / name, data, mode)
    return True


def _runs(argv: list[str], name: str) -> bool:
    try:
        done = subprocess.run(  # noqa: S603  our own program by its absolute path
            [*argv, "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=10, env={}, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout == f"{name} 1\n".encode()


def _compile() -> None:
    """Compile what a relay loads, where that may be written: it starts with `-B` and would compile it every time."""
    root = Path(spawngate.__file__).parent
    files = [root / "__init__.py", root / "endpoint" / "__init__.py"]
    files += [path for part in _LOADED for path in (root / part).glob("*.py")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path in files:
            try:
                py_compile.compile(str(path), doraise=True)
            except (OSError, py_compile.PyCompileError):
                return


def _described(kind: Kind, folder: Path) -> InstalledLauncher:
    program = folder / (NATIVE_NAME if kind == "native" else PYTHON_NAME)
    before = () if kind == "native" else (interpreter(), "-I", "-S", "-B")
    data = program.read_bytes()
    confine = folder / CONFINE_NAME
    return InstalledLauncher(
        kind=kind,
        argv=(*before, os.path.abspath(program)),
        program=program,
        digest=hashlib.sha256(data).hexdigest(),
        preloadable=kind == "python" or not is_static(data),
        confine=confine if confine.is_file() else None,
    )
