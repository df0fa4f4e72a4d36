"""SHELL. The key with which a store signs its checkpoints and seals its control data.

Two files beside the store: `key` (0600, the form of `trail.note`) and `key.pub`, the verifier that auditors keep
elsewhere. Made on the first run. Must not be here: what is signed (`evidence`).
"""

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from spawngate.server.store.port import StoreDamagedError, StoreError
from spawngate.trail.note import NoteError, Signer, Verifier, read_signer, read_verifier

KEY = "key"
PUBLIC = "key.pub"
_SIGNED = ("control.sqlite*", "head", "events/*")
"""Files of a store that has signed."""


def signer_of(folder: Path, *, make: bool = True) -> Signer:
    """The store's signer; made, with a name of its own, where there is none and `make` is set. Raises StoreError."""
    path = folder / KEY
    try:
        text = _read(path)
    except FileNotFoundError:
        if not make or any(any(folder.glob(each)) for each in _SIGNED):
            # A store that has signed does not get another key without anybody noticing.
            raise StoreDamagedError(f"{path}: the store's key is gone") from None
        return _made(folder)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from None
    try:
        return read_signer(text)
    except NoteError as error:
        raise StoreDamagedError(f"{path}: {error}") from None


def verifier_of(folder: Path) -> Verifier:
    """The store's published verifier. Raises StoreError."""
    path = folder / PUBLIC
    try:
        return read_verifier(_read(path))
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from None
    except NoteError as error:
        raise StoreDamagedError(f"{path}: {error}") from None


def control_key(signer: Signer) -> bytes:
    """The key of control data's seals."""
    return hmac.new(signer.seed, b"spawngate control data", hashlib.sha256).digest()


def _read(path: Path) -> str:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(4096).decode("utf-8", "replace").strip()


def _made(folder: Path) -> Signer:
    signer = Signer(f"spawngate-{secrets.token_hex(6)}", secrets.token_bytes(32))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, text in ((PUBLIC, str(signer.verifier)), (KEY, signer.encoded())):
            fresh = folder / f"{name}.new-{os.getpid()}"
            with contextlib.suppress(FileNotFoundError):
                fresh.unlink()
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, folder / name)
    except OSError as error:
        raise StoreError(f"{folder}: the store's key cannot be made ({error.strerror})") from None
    return signer
