"""SHELL. Secrets of destinations at rest: sealed with a key that does not lie in the database.

AES-256-GCM (NIST SP 800-38D) with a fresh nonce for each sealing; what a sealed text belongs to is authenticated with
it, so that one destination's secret cannot be put into another's place. The key is `$SPAWNGATE_SECRETS_KEY` (base64 of
32 bytes), or a file beside the database that is made on first use, 0600. Whoever has both the key and the database has
the secrets: docs/routing.md says how to keep them apart.
Must not be here: what is sealed.
"""

import base64
import binascii
import contextlib
import hashlib
import os
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from spawngate.model.errors import StateError

VARIABLE = "SPAWNGATE_SECRETS_KEY"
FILE = "secrets.key"
_BYTES, _NONCE, _ID = 32, 12, 8
_MAGIC = b"sgs1"


class Sealer:
    """Seals and opens. Its text shows nothing of the key."""

    def __init__(self, key: bytes) -> None:
        if len(key) != _BYTES:
            raise StateError("the key that seals secrets must be 32 bytes")
        self._cipher = AESGCM(key)
        self._id = hashlib.sha256(b"spawngate secrets key\0" + key).digest()[:_ID]

    def seal(self, plain: bytes, owner: str) -> bytes:
        """The sealed form of `plain`, which only opens for the same owner."""
        nonce = secrets.token_bytes(_NONCE)
        return _MAGIC + self._id + nonce + self._cipher.encrypt(nonce, plain, _MAGIC + owner.encode())

    def open(self, sealed: bytes, owner: str) -> bytes:
        """What was sealed for that owner. Raises StateError, which says whether the key is another one."""
        head = len(_MAGIC)
        if not sealed.startswith(_MAGIC) or len(sealed) < head + _ID + _NONCE:
            raise StateError(f"the secrets of {owner} are not sealed as we do it; add it anew")
        if sealed[head : head + _ID] != self._id:
            raise StateError(f"the secrets of {owner} were sealed with another key; restore the key, or add it anew")
        nonce = sealed[head + _ID : head + _ID + _NONCE]
        try:
            return self._cipher.decrypt(nonce, sealed[head + _ID + _NONCE :], _MAGIC + owner.encode())
        except InvalidTag:
            raise StateError(f"the secrets of {owner} were changed or belong elsewhere; add it anew") from None


def sealer(folder: Path, environment: Mapping[str, str]) -> Sealer:
    """The sealer of one server. Raises StateError where there is no key that can be used."""
    named = environment.get(VARIABLE)
    if named:
        try:
            return Sealer(base64.b64decode(named, validate=True))
        except (binascii.Error, ValueError):
            raise StateError(f"{VARIABLE} must be base64 of 32 bytes") from None
    path = folder / FILE
    try:
        return Sealer(_read(path))
    except FileNotFoundError:
        _make(path)
    try:
        return Sealer(_read(path))
    except OSError as error:
        raise StateError(f"{path} cannot be read ({error.strerror})") from None


def _read(path: Path) -> bytes:
    """The key. Raises FileNotFoundError, StateError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StateError(f"{path} cannot be read ({error.strerror})") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise StateError(f"{path} is no file")
        if hasattr(os, "getuid") and status.st_uid not in (os.getuid(), 0):
            raise StateError(f"{path} belongs to another user")
        if stat.S_IMODE(status.st_mode) & 0o077:
            raise StateError(f"{path} can be read by others; make it 0600 and change the secrets that it sealed")
        return os.read(descriptor, _BYTES + 1)
    finally:
        os.close(descriptor)


def _make(path: Path) -> None:
    """A new key, complete or not there; another process that is first wins."""
    fresh = path.with_name(f".{path.name}-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
    except OSError as error:
        raise StateError(f"{path} cannot be made ({error.strerror})") from None
    finally:
        fresh.unlink(missing_ok=True)
