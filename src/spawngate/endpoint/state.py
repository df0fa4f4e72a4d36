"""SHELL. What Spawngate keeps on an endpoint: its id, its key, and the last snapshots.

The folder is 0700 and its files 0600; a write goes to a new file that then takes the old one's place, so
that a crash leaves the old or the new content and nothing between.
Must not be here: what a snapshot holds (`model.snapshot`).
"""

import hashlib
import os
import secrets
import stat
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from spawngate.model.errors import StateError
from spawngate.model.snapshot import SCHEMA_VERSION, Snapshot

KEY_BYTES = 32


def default_folder(environment: Mapping[str, str]) -> Path:
    """Where the state lies: `$SPAWNGATE_STATE_DIR`, or the platform's place for a user's state."""
    named = environment.get("SPAWNGATE_STATE_DIR")
    if named:
        return Path(named)
    if sys.platform == "win32":
        return Path(environment.get("LOCALAPPDATA", str(Path.home() / "AppData/Local"))) / "Spawngate"
    if sys.platform == "darwin":
        return Path.home() / "Library/Application Support/Spawngate"
    # An empty or relative one counts as none (XDG Base Directory Specification 0.8): state must not lie in, nor policy
    # be read from, whichever folder a program is started in.
    named = environment.get("XDG_STATE_HOME", "")
    return (Path(named) if named.startswith("/") else Path.home() / ".local/state") / "spawngate"


class State:
    """The state folder of one installation. Created on first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            status = folder.stat()
        except OSError as error:
            raise StateError(
                f"the state folder {folder} cannot be used ({error.strerror}); set SPAWNGATE_STATE_DIR to one that can"
            ) from None
        if hasattr(os, "getuid"):
            if status.st_uid != os.getuid():
                raise StateError(f"the state folder {folder} belongs to another user; set SPAWNGATE_STATE_DIR")
            if stat.S_IMODE(status.st_mode) & 0o077:
                folder.chmod(0o700)

    def key(self) -> bytes:
        """The secret key of this installation, with which fingerprints of secrets are made."""
        return self._once("key", lambda: secrets.token_bytes(KEY_BYTES), KEY_BYTES)

    def endpoint(self) -> str:
        """The random id of this installation."""
        return self._once("endpoint", lambda: secrets.token_hex(16).encode(), 32).decode("ascii")

    def _once(self, name: str, make: Callable[[], bytes], length: int) -> bytes:
        path = self.folder / name
        try:
            value = path.read_bytes()
        except FileNotFoundError:
            self._create(path, make())
            value = path.read_bytes()
        except OSError as error:
            raise StateError(f"{path} cannot be read ({error.strerror}); restore it or remove it") from None
        if len(value) != length:
            raise StateError(f"{path} is damaged; restore it, or remove it to start anew (fingerprints will change)")
        return value

    def _create(self, path: Path, data: bytes) -> None:
        """A new file, or nothing when another process was first."""
        temporary = self._temporary(data)
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        except OSError:
            if not path.exists():
                os.replace(temporary, path)
                return
        finally:
            Path(temporary).unlink(missing_ok=True)

    def _temporary(self, data: bytes) -> str:
        try:
            descriptor, name = tempfile.mkstemp(dir=self.folder, prefix=".new-")  # mkstemp makes it 0600
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StateError(f"cannot write to {self.folder} ({error.strerror})") from None
        return name

    def _snapshot_path(self, homes: Sequence[str], roots: Sequence[str], system_root: str) -> Path:
        what = "\0".join((*sorted(homes), "", *sorted(roots), "", system_root))
        return self.folder / f"snapshot-{hashlib.sha256(what.encode('utf-8', 'replace')).hexdigest()[:16]}.json"

    def last(self, homes: Sequence[str], roots: Sequence[str], system_root: str = "") -> Snapshot | None:
        """The last snapshot of the same homes and roots; None where there is none that can be read.

        A snapshot of another version counts as none: everything then shows as added, once.
        """
        path = self._snapshot_path(homes, roots, system_root)
        try:
            snapshot = msgspec.json.decode(path.read_bytes(), type=Snapshot)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None
        return snapshot if snapshot.schema_version == SCHEMA_VERSION else None

    def keep(self, snapshot: Snapshot, homes: Sequence[str], roots: Sequence[str], system_root: str = "") -> None:
        """Make `snapshot` the last one. Raises StateError when it cannot be written."""
        path = self._snapshot_path(homes, roots, system_root)
        temporary = self._temporary(msgspec.json.encode(snapshot))
        try:
            os.replace(temporary, path)
        except OSError as error:
            Path(temporary).unlink(missing_ok=True)
            raise StateError(f"cannot write {path} ({error.strerror})") from None
