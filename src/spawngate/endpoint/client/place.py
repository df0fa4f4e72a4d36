"""SHELL. Putting the hook client where agents' files name it: a constant path that updates do not change.

Must not be here: its configuration (`endpoint.client.settings`), and the agents' files (`endpoint.protect`).
"""

import hashlib
import os
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import spawngate
from spawngate.endpoint.client import hook_client
from spawngate.endpoint.client.settings import HOOK_FOLDER, hook_folder, replace
from spawngate.model.errors import StateError

Kind = Literal["native", "python"]
NATIVE_NAME = "spawngate-hook"
PYTHON_NAME = "spawngate_hook.py"
PT_INTERP = 3
VERSION_LINE = b"spawngate-hook 1\n"
"""What a client of this package prints for `--version`."""


@dataclass(frozen=True, slots=True)
class InstalledClient:
    """A hook client in its place."""

    kind: Kind
    argv: tuple[str, ...]
    """Words to register, all absolute; the agent's id follows as one more word."""
    program: Path
    """The file of ours among them."""
    digest: str
    """SHA-256 of that file, in hexadecimal digits."""
    preloadable: bool
    """The dynamic loader acts on its environment (LD_PRELOAD) before this client runs: everything but a static one."""


def packaged_native() -> Path | None:
    """The native client that this installation was built with; None where there is none."""
    path = Path(spawngate.__file__).parent / "_native" / NATIVE_NAME
    return path if path.is_file() else None


def interpreter() -> str:
    """Absolute path of the interpreter behind any virtual environment: it outlives the environment."""
    base = getattr(sys, "_base_executable", None) or sys.executable
    return base if os.path.isabs(base) and os.access(base, os.X_OK) else sys.executable


def install_client(state: Path, kind: Kind | None = None, *, shared: bool = False) -> InstalledClient:
    """Put the client into `<state>/hook`, in place of an older one, and say how to call it.

    The native client is taken where there is one that runs here, else the Python one; `kind` insists on one.
    `shared`: every user of the machine may run it. Raises StateError where that one cannot be had.
    """
    folder = hook_folder(state, shared=shared)
    if kind != "python":
        native = packaged_native()
        if native is not None and _install_native(native, folder, 0o755 if shared else 0o700):
            return _described("native", folder)
        if kind == "native":
            raise StateError("this installation has no native hook client that runs here")
    program = folder / PYTHON_NAME
    replace(program, Path(hook_client.__file__).read_bytes(), 0o644 if shared else 0o600)
    if not _runs([interpreter(), "-I", "-S", str(program)]):
        raise StateError(f"the hook client does not run with {interpreter()}")
    return _described("python", folder)


def installed_client(state: Path) -> InstalledClient | None:
    """The client that was put into `<state>/hook` last; None where there is none."""
    folder = state / HOOK_FOLDER
    kinds: tuple[tuple[Kind, str], ...] = (("native", NATIVE_NAME), ("python", PYTHON_NAME))
    try:
        found = [((folder / name).stat().st_mtime_ns, kind) for kind, name in kinds if (folder / name).is_file()]
        return _described(max(found)[1], folder) if found else None
    except OSError as error:
        raise StateError(f"{folder} cannot be read ({error.strerror})") from None


def _install_native(native: Path, folder: Path, mode: int) -> bool:
    """Whether the program is in its place and runs: the package may be of another system, the folder may not allow
    programs. A trial under another name comes first, so that a client that works is never replaced by one that
    does not."""
    data = native.read_bytes()
    trial = folder / ".trial-spawngate-hook"
    replace(trial, data, 0o700)
    try:
        if not _runs([str(trial)]):
            return False
    finally:
        trial.unlink(missing_ok=True)
    replace(folder / NATIVE_NAME, data, mode)
    return True


def _runs(argv: list[str]) -> bool:
    try:
        done = subprocess.run(  # noqa: S603  our own program by its absolute path
            [*argv, "--version"], stdin=subprocess.DEVNULL, capture_output=True, timeout=10, env={}, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout == VERSION_LINE


def _described(kind: Kind, folder: Path) -> InstalledClient:
    program = folder / (NATIVE_NAME if kind == "native" else PYTHON_NAME)
    before = () if kind == "native" else (interpreter(), "-I", "-S")
    data = program.read_bytes()
    return InstalledClient(
        kind=kind,
        argv=(*before, os.path.abspath(program)),
        program=program,
        digest=hashlib.sha256(data).hexdigest(),
        preloadable=kind == "python" or not is_static(data),
    )


def is_static(program: bytes) -> bool:
    """Whether these are the bytes of an ELF program (elf(5)) that names no interpreter: no loader runs before it."""
    if program[:4] != b"\x7fELF" or program[4:5] not in (b"\x01", b"\x02") or program[5:6] not in (b"\x01", b"\x02"):
        return False
    wide, order = program[4] == 2, "<" if program[5] == 1 else ">"
    try:
        start, size, count = (
            struct.unpack_from(f"{order}{kind}", program, at)[0]
            for kind, at in ((("Q", 32), ("H", 54), ("H", 56)) if wide else (("I", 28), ("H", 42), ("H", 44)))
        )
        kinds = [struct.unpack_from(f"{order}I", program, start + at * size)[0] for at in range(count)]
    except struct.error:
        return False
    return bool(kinds) and PT_INTERP not in kinds
