"""Signed bundles: what endpoints obey, as it travels and as it is kept.

A bundle is one line of canonical JSON, a newline, and a signed note (`trail.note`) whose text is a checkpoint: the name
of the signer with `/bundle/` and the endpoint's id, the serial, the SHA-256 of the line, and `issued` with the time of
the signature. So a bundle is of one endpoint, of one place in the order of all, and of exactly these bytes. A serial
never goes back.

The line is the same for many endpoints and the note is one's own: a server says anew every while that what an endpoint
has is the newest still, by a fresh note under the same line. Who keeps a server's answers from an endpoint, or repeats
old ones, has no such note: what is in force grows old, and the endpoint tells.
Must not be here: who makes one of what (`server.fleet.bundles`), where it is kept and applied (`endpoint.sync`).
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from spawngate.launch.identity import Identity
from spawngate.policy.confinement import Confinement
from spawngate.sync.messages import Count, Digest, Name, Text
from spawngate.trail import moment, note
from spawngate.trail.event import canonical
from spawngate.trail.note import Checkpoint, NoteError, Signer, Verifier

SCHEMA_VERSION = 1
LARGEST = 16 << 20
"""Bytes of a bundle."""
MOST_FILES = 500
LARGEST_FILE = 1 << 20
_NOTE = 8 << 10
_ISSUED = "issued "
DAY = 86_400
_FILE = re.compile(r"policy\.toml|[A-Za-z0-9_][A-Za-z0-9._-]{0,150}(?:\.cedar|\.cases\.toml)")


class BundleError(Exception):
    """The bytes are no bundle for us. The message says why and holds nothing of what was read."""


class Policy(Struct, frozen=True):
    """A policy folder."""

    revision: Count
    """Of the server: number of the policy."""
    mode: Literal["monitor", "ask", "enforce"]
    files: Annotated[Mapping[str, str], Meta(max_length=MOST_FILES)]
    """File name to text; the mode stands in `policy.toml` already."""
    name: Name = ""


class Granted(Struct, frozen=True, omit_defaults=True):
    """A launch that people approved at the server."""

    id: Count
    """Number of the approval there."""
    identity: Identity
    at: Name
    by: Name
    reason: Text = ""
    name: Name = ""
    agent: Name = ""
    entry: Name = ""
    expires: Name = ""
    sandbox: Confinement | None = None


class Revoked(Struct, frozen=True, omit_defaults=True):
    """A fingerprint that no approval covers any more, wherever it was given."""

    fingerprint: Annotated[str, Meta(pattern=r"\A[0-9a-f]{8,64}\Z")]
    at: Name
    by: Name
    reason: Text = ""


class Answer(Struct, frozen=True, omit_defaults=True):
    """What became of a request of this endpoint."""

    id: Count
    fingerprint: Name
    state: Name
    name: Name = ""
    by: Name = ""
    at: Name = ""
    note: Text = ""


class Settings(Struct, frozen=True, omit_defaults=True):
    """How the endpoint speaks with the server."""

    spool_bytes: Annotated[int, Meta(ge=1 << 20, le=1 << 40)] = 64 << 20
    """Bytes of records that may wait."""
    stale_days: Annotated[int, Meta(ge=1, le=3_650)] = 7
    """Days after which what is in force counts as old where no fresh note has come."""


class Bundle(Struct, frozen=True, omit_defaults=True):
    """What an endpoint obeys."""

    schema_version: int
    policy: Policy | None = None
    """None: the endpoint's own stays."""
    approvals: tuple[Granted, ...] = ()
    revoked: tuple[Revoked, ...] = ()
    answers: tuple[Answer, ...] = ()
    advisories: Digest = ""
    """SHA-256 of the advisories that are fetched by it; empty: none but the shipped."""
    settings: Settings = Settings()


class Opened(Struct, frozen=True):
    """A bundle whose signature holds."""

    serial: int
    digest: str
    """SHA-256 of its line, hex."""
    bundle: Bundle
    issued: str = ""
    """When the server said so, RFC 3339; empty: a server of before does not say."""


def origin(signer: str, endpoint: str) -> str:
    """The name under which the bundles of an endpoint are signed."""
    return f"{signer}/bundle/{endpoint}"


def payload(bundle: Bundle) -> bytes:
    """The line of a bundle: equal bundles give equal bytes."""
    return canonical(msgspec.to_builtins(bundle))


def signed(line: bytes, serial: int, endpoint: str, signer: Signer, issued: str = "") -> bytes:
    """The bundle of a line for one endpoint."""
    return line + b"\n" + vouched(hashlib.sha256(line).digest(), serial, endpoint, signer, issued).encode()


def vouched(digest: bytes, serial: int, endpoint: str, signer: Signer, issued: str = "") -> str:
    """The note under the line of this SHA-256: that it is what the endpoint obeys. `issued`: RFC 3339."""
    more = (f"{_ISSUED}{issued}",) if issued else ()
    return note.sign(Checkpoint(origin(signer.name, endpoint), serial, digest, more).text(), [signer])


def digest_of(text: str, endpoint: str, verifier: Verifier) -> str:
    """The SHA-256, hex, of the line that a note is for. Raises BundleError."""
    return _state(text, endpoint, verifier).root.hex()


def opened(data: bytes, endpoint: str, verifier: Verifier) -> Opened:
    """The bundle of these bytes, for this endpoint, from this signer. Raises BundleError."""
    if len(data) > LARGEST:
        raise BundleError("the bundle is too long")
    line, newline, tail = data.partition(b"\n")
    if not newline or len(tail) > _NOTE:
        raise BundleError("this is no bundle")
    try:
        state = _state(tail.decode(), endpoint, verifier)
    except UnicodeDecodeError:
        raise BundleError("the bundle's signature does not hold: this is no note") from None
    if state.root != hashlib.sha256(line).digest():
        raise BundleError("the bundle is not the one that was signed")
    try:
        bundle = msgspec.json.decode(line, type=Bundle)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError):
        raise BundleError("the bundle cannot be understood: this version may be too old for it") from None
    if bundle.schema_version != SCHEMA_VERSION:
        raise BundleError(f"the bundle is of version {bundle.schema_version}; this program reads {SCHEMA_VERSION}")
    if bundle.policy is not None:
        _check_files(bundle.policy.files)
    return Opened(state.size, state.root.hex(), bundle, _issued(state))


def days_old(issued: str, now: str) -> int:
    """Whole days since a note was issued; 0 where it does not say when, or says a time to come."""
    try:
        seconds = (moment.microseconds(now) - moment.microseconds(issued)) // 1_000_000
    except ValueError:
        return 0
    return max(0, seconds // DAY)


def _state(text: str, endpoint: str, verifier: Verifier) -> Checkpoint:
    try:
        state = note.read_checkpoint(note.verify(text, [verifier])[0])
    except NoteError as error:
        raise BundleError(f"the bundle's signature does not hold: {error}") from None
    if state.origin != origin(verifier.name, endpoint):
        raise BundleError("the bundle is for another endpoint")
    return state


def _issued(state: Checkpoint) -> str:
    told = next((each.removeprefix(_ISSUED) for each in state.more if each.startswith(_ISSUED)), "")
    try:
        return moment.normal(told) if told else ""
    except ValueError:
        return ""


def follows(serial: int, digest: str, new: Opened) -> None:
    """Whether `new` may come behind the bundle that is held (`serial` 0: none). Raises BundleError."""
    if new.serial < serial:
        raise BundleError(f"the bundle is older ({new.serial}) than the one in force ({serial})")
    if new.serial == serial and digest and new.digest != digest:
        raise BundleError(f"the bundle is another one of the same serial ({serial})")


def _check_files(files: Mapping[str, str]) -> None:
    for name, text in files.items():
        if not _FILE.fullmatch(name):
            raise BundleError("the bundle holds a file that is no policy")
        if len(text.encode("utf-8", "surrogatepass")) > LARGEST_FILE:
            raise BundleError("the bundle holds a policy that is too long")
