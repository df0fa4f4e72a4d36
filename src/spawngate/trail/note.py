"""Signed notes and checkpoints, the forms in which a log's state is signed and passed on.

Sources: C2SP signed-note and tlog-checkpoint (https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint), Ed25519
signatures (type 1) alone. A note is text whose lines end in newlines, a blank line, and a line for each signature. A
checkpoint's text is the log's name, its size, its root in base64, and further lines of the log's own.
Must not be here: where keys lie and how notes travel.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = 1
MAX_NOTE = 1 << 20
_SEED, _KEY, _SIGNATURE, _HASH = 32, 32, 64, 4
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]+")
_LINE = re.compile(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_PRIVATE = "PRIVATE+KEY"


class NoteError(Exception):
    """The text is no note, no checkpoint or no key, or nobody known signed it. The message holds no key."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A name and a public key."""

    name: str
    key: bytes

    @property
    def hash(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([ED25519]) + self.key).digest()[:_HASH]

    def __str__(self) -> str:
        """The verifier's key as it is published: name, hash, key."""
        return f"{self.name}+{self.hash.hex()}+{base64.b64encode(bytes([ED25519]) + self.key).decode()}"


@dataclass(frozen=True, slots=True)
class Signer:
    """A name and a private key."""

    name: str
    seed: bytes

    @property
    def verifier(self) -> Verifier:
        """Who verifies what this one signs."""
        return Verifier(self.name, _private(self.seed)[1])

    def encoded(self) -> str:
        """The key as it is kept."""
        key = base64.b64encode(bytes([ED25519]) + self.seed).decode()
        return f"{_PRIVATE}+{self.name}+{self.verifier.hash.hex()}+{key}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log."""

    origin: str
    """Name of the log."""
    size: int
    root: bytes
    more: tuple[str, ...] = ()
    """Further lines."""

    def text(self) -> str:
        """The text that is signed. Raises NoteError where a value cannot stand in one."""
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.more]
        if self.size < 0 or len(self.root) != _KEY or any(not line or "\n" in line or "\r" in line for line in lines):
            raise NoteError("a checkpoint needs a name, a size, a root and lines without breaks")
        return "".join(f"{line}\n" for line in lines)


def is_name(name: str) -> bool:
    """Whether a key can have this name: no blanks, no plus."""
    return _NAME.fullmatch(name) is not None


def read_signer(text: str) -> Signer:
    """The signer of a kept key. Raises NoteError."""
    if not text.startswith(f"{_PRIVATE}+"):
        raise NoteError("this is no private key of a note")
    name, found, seed = _key(text[len(_PRIVATE) + 1 :], _SEED)
    signer = Signer(name, seed)
    if signer.verifier.hash != found:
        raise NoteError("this private key does not have the hash that it names")
    return signer


def read_verifier(text: str) -> Verifier:
    """The verifier of a published key. Raises NoteError."""
    name, found, key = _key(text, _KEY)
    verifier = Verifier(name, key)
    if verifier.hash != found:
        raise NoteError("this public key does not have the hash that it names")
    return verifier


def _key(text: str, size: int) -> tuple[str, bytes, bytes]:
    name, _, rest = text.strip().partition("+")
    hashed, _, key = rest.partition("+")
    try:
        raw, number = base64.b64decode(key, validate=True), bytes.fromhex(hashed)
    except (ValueError, binascii.Error):
        raise NoteError("this is no key of a note") from None
    if not is_name(name) or len(number) != _HASH or len(raw) != size + 1:
        raise NoteError("this is no key of a note")
    if raw[0] != ED25519:
        raise NoteError("this key is of another kind than Ed25519")
    return name, number, raw[1:]


def sign(text: str, signers: Sequence[Signer]) -> str:
    """The note of a text. Raises NoteError for a text that cannot be one."""
    if not text.endswith("\n") or any(ord(char) < 0x20 and char != "\n" for char in text):
        raise NoteError("the text of a note ends in a newline and holds no other control characters")
    lines = []
    for signer in signers:
        signature = _private(signer.seed)[0].sign(text.encode())
        lines.append(f"\u2014 {signer.name} {base64.b64encode(signer.verifier.hash + signature).decode()}\n")
    return f"{text}\n{''.join(lines)}"


@lru_cache(8)
def _private(seed: bytes) -> tuple[Ed25519PrivateKey, bytes]:
    """A private key and its public one: to make them takes as long as to sign, and a server signs for everybody."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return key, key.public_key().public_bytes_raw()


def verify(note: str, verifiers: Sequence[Verifier]) -> tuple[str, tuple[Verifier, ...]]:
    """The text of a note, and those of the verifiers whose signatures it bears.

    Signatures of others are passed over. Raises NoteError where none of these signed it, or where one of these did not
    sign this.
    """
    if len(note) > MAX_NOTE:
        raise NoteError("this is too long for a note")
    text, blank, signatures = note.rpartition("\n\n")
    text += "\n"
    if not blank or not signatures.endswith("\n") or any(ord(char) < 0x20 and char != "\n" for char in note):
        raise NoteError("this is no note")
    known = {(verifier.name, verifier.hash): verifier for verifier in verifiers}
    found: dict[Verifier, None] = {}
    for line in signatures[:-1].split("\n"):
        match = _LINE.fullmatch(line)
        if match is None:
            raise NoteError("a line of its signatures is none")
        try:
            raw = base64.b64decode(match[2], validate=True)
        except (ValueError, binascii.Error):
            raise NoteError("a line of its signatures is none") from None
        verifier = known.get((match[1], raw[:_HASH]))
        if verifier is None or verifier in found:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(verifier.key).verify(raw[_HASH:], text.encode())
        except InvalidSignature:
            raise NoteError(f"the signature of {verifier.name} is not one of this text") from None
        found[verifier] = None
    if not found:
        raise NoteError("nobody known signed it")
    return text, tuple(found)


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint of a note's text. Raises NoteError."""
    origin, *rest = text.split("\n")
    if len(rest) < 3 or rest[-1] or not origin or not re.fullmatch(r"0|[1-9]\d{0,18}", rest[0]) or "" in rest[2:-1]:
        raise NoteError("this is no checkpoint")
    try:
        root = base64.b64decode(rest[1], validate=True)
    except (ValueError, binascii.Error):
        raise NoteError("this is no checkpoint") from None
    if len(root) != _KEY or base64.b64encode(root).decode() != rest[1]:
        raise NoteError("this is no checkpoint")
    return Checkpoint(origin, int(rest[0]), root, tuple(rest[2:-1]))
