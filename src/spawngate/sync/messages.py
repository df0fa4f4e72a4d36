"""What endpoints and server say to each other, as it stands on the wire.

    POST /api/v1/agent/enroll           Enrol -> Enrolled
    POST /api/v1/agent/events           records, one a line, with `GapLine`s between -> Taken
    POST /api/v1/agent/sync             Told -> Orders
    POST /api/v1/agent/requests         Ask -> Asked
    POST /api/v1/agent/leave            Leave -> Left
    PUT  /api/v1/agent/inventory        the document of `scan --format json` -> Held
    GET  /api/v1/agent/bundle           a signed bundle (`sync.bundle`)
    GET  /api/v1/agent/lines/DIGEST     the line of a bundle, whose note came with Orders
    GET  /api/v1/agent/advisories/ID    OSV records, one a line

Everything but enrolment bears `Authorization: Bearer TOKEN`. A refusal is a `Problem` with a status of its own. Fields
are added and never change their meaning; readers pass over fields that they do not know. Every text has a longest
length: both sides read what a foreign program wrote.
Must not be here: how a message travels, what either side does with it.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from spawngate.model.json import Json

PREFIX = "/api/v1/agent"
ENROLL, EVENTS, SYNC, REQUESTS, LEAVE, INVENTORY, BUNDLE, LINES, ADVISORIES = (
    f"{PREFIX}/{name}"
    for name in ("enroll", "events", "sync", "requests", "leave", "inventory", "bundle", "lines", "advisories")
)
NDJSON = "application/x-ndjson"

INTERVAL = 60
"""Seconds between two syncs, where the server does not say otherwise."""
MOST_RECORDS = 1_000
"""Lines of one batch."""
MOST_BYTES = 1 << 20
"""Bytes of one batch of several records; one record alone may be as long as the trail lets it be."""
LONGEST_LINE = 1 << 20
LARGEST_BATCH = 4 << 20
"""Bytes of a batch, unpacked: what a server reads."""
LARGEST_INVENTORY = 32 << 20
"""Bytes of an inventory, unpacked."""
LARGEST_INLINE = 128 << 10
"""Bytes of a bundle's line, packed, that come with the orders; a longer one is fetched."""
LARGEST_MESSAGE = 512 << 10
"""Bytes of any other message, unpacked."""

Name = Annotated[str, Meta(max_length=300)]
Text = Annotated[str, Meta(max_length=4_000)]
Hex = Annotated[str, Meta(pattern=r"\A[0-9a-f]*\Z", max_length=128)]
Key = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Digest = Annotated[str, Meta(pattern=r"\A([0-9a-f]{64})?\Z")]
Id = Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z")]
Token = Annotated[str, Meta(pattern=r"\A[!-~]{0,300}\Z")]
"""Printable, without blanks: it travels in a header."""
Count = Annotated[int, Meta(ge=0, le=1 << 53)]
Seconds = Annotated[int, Meta(ge=1, le=86_400)]


class Enrol(Struct, frozen=True, omit_defaults=True):
    """An endpoint presents itself."""

    secret: Annotated[str, Meta(min_length=8, max_length=200)]
    """A team's secret, or a one-time code."""
    installation: Id
    """The endpoint's own id (`endpoint.state`)."""
    key: Key
    """Ed25519 public key, hex."""
    proof: Annotated[str, Meta(pattern=r"\A[0-9a-f]{128}\Z")]
    """Signature by that key over `sync.proof.statement`."""
    clock: Name
    host: Name = ""
    user: Name = ""
    platform: Name = ""
    version: Name = ""


class Enrolled(Struct, frozen=True):
    """The server takes it in."""

    endpoint: Name
    """Id that the server gave."""
    token: Token
    server_key: Name
    """Whom bundles are signed by, as `trail.note` writes a verifier. Pinned from now on."""
    team: Name
    interval: Seconds = INTERVAL
    signed: Text = ""
    """Note by that key (`sync.proof.answered`)."""


Reason = Literal["given-up", "expired", "unreadable", "refused", "missing"]
"""Why records are not sent: the spool was full, retention deleted them, a line of the trail is none, the server refused
one, or they are in the trail no more and nothing says why."""


class Gap(Struct, frozen=True, omit_defaults=True):
    """Records that will not come. The one behind it in the same batch is record `last + 1`."""

    first: Annotated[int, Meta(ge=1, le=1 << 53)]
    last: Annotated[int, Meta(ge=1, le=1 << 53)]
    reason: Reason
    hash: Digest = ""
    """Of record `last`, where it is known: the chain then goes on visibly."""
    counts: Annotated[Mapping[Name, Count], Meta(max_length=200)] = {}
    """How many of which type, decisions with their verdict: `decision:allow`."""


class GapLine(Struct, frozen=True):
    """The line of a batch that holds a gap. No record has a member of this name."""

    gap: Gap


class Taken(Struct, frozen=True):
    """A batch is stored, durably."""

    accepted: Count
    """The last sequence of the stream that the server has or has been told not to wait for."""
    interval: Seconds = INTERVAL


class Enforcement(Struct, frozen=True, omit_defaults=True):
    """How one agent stands on an endpoint: what `spawngate status` knows."""

    agent: Name
    state: Name
    """installed, partly, inactive, off, tampered, unprotected, observed (`endpoint.protect.standing.Stand`)."""
    name: Name = ""
    version: Name = ""
    mode: Name = ""
    scopes: Annotated[tuple[Name, ...], Meta(max_length=20)] = ()
    why: Annotated[tuple[Text, ...], Meta(max_length=50)] = ()
    """What is wrong or still to do."""
    limits: Annotated[tuple[Text, ...], Meta(max_length=50)] = ()
    """Known conditions under which the agent does not run the hook."""
    fails_closed: Name = ""
    servers: Count = 0
    """MCP servers of it that are processes, ..."""
    behind_launcher: Count = 0
    """... and how many of them start through the launcher."""


class Outcome(Struct, frozen=True, omit_defaults=True):
    """What became of a command (`sync.command`)."""

    id: Count
    state: Literal["done", "failed"]
    message: Annotated[str, Meta(max_length=1_000)] = ""


class Told(Struct, frozen=True, omit_defaults=True):
    """How an endpoint stands."""

    version: Name
    clock: Name
    """Its clock, RFC 3339."""
    enforcement: Annotated[tuple[Enforcement, ...], Meta(max_length=200)] | None = None
    """None: as was told last."""
    integrity: Annotated[tuple[Text, ...], Meta(max_length=200)] | None = None
    """What is wrong with our own files and entries; None: as was told last."""
    inventory: Digest = ""
    """Of the inventory that it could send."""
    bundle: Count = 0
    """Serial of the one in force; 0 for none."""
    mode: Name = ""
    """monitor, ask, enforce: what is in force."""
    policy: Name = ""
    """Revision in force."""
    problem: Text = ""
    """Why what the last bundle says is not in force."""
    dropped: Annotated[Mapping[Name, Count], Meta(max_length=200)] = {}
    """Records that its spool gave up since it was enrolled, by type."""
    backlog: Count = 0
    """Bytes that wait."""
    host: Name = ""
    user: Name = ""
    platform: Name = ""
    outcomes: Annotated[tuple[Outcome, ...], Meta(max_length=20)] = ()
    """Of commands, until the server has answered once."""
    run: Name = ""
    """Of the process that speaks, made anew at each start: two in turn are two machines with one identity."""
    takes_notes: bool = False
    """A note may come with the orders in place of a serial to fetch."""
    line: Digest = ""
    """Of the bundle in force."""
    issued: Name = ""
    """When the note of the bundle in force was made; empty: it does not say."""
    unfit: Digest = ""
    """Of a line that was refused here a while ago, and that is not to be sent again yet."""


class Leave(Struct, frozen=True, omit_defaults=True):
    """An endpoint leaves: its token shall count no more."""

    user: Name = ""
    command: Count = 0
    """That told it to; 0 for somebody there."""


class Left(Struct, frozen=True):
    """It is known that it left."""

    endpoint: Name


class Orders(Struct, frozen=True, omit_defaults=True):
    """What an endpoint shall do next."""

    interval: Seconds = INTERVAL
    inventory: bool = False
    """Send it."""
    bundle: Count = 0
    """Serial of the newest one for this endpoint; 0: there is none."""
    whole: bool = False
    """Tell enforcement and integrity the next time."""
    token: Token = ""
    """Use this one from now on."""
    commands: Annotated[tuple[Text, ...], Meta(max_length=20)] = ()
    """Signed (`sync.command`), in the order of their numbers."""
    clock: Name = ""
    """The server's clock."""
    note: Text = ""
    """Under the line that this endpoint obeys now, where it has none of this serial, or an old one."""
    line: Annotated[bytes, Meta(max_length=LARGEST_INLINE)] = b""
    """That line in zstd, where it is another one than the endpoint has and is short."""


class Ask(Struct, frozen=True, omit_defaults=True):
    """A developer asks for an approval."""

    fingerprint: Annotated[str, Meta(pattern=r"\A[0-9a-f]{8,64}\Z")]
    launch: Annotated[Mapping[str, Json], Meta(max_length=50)]
    """`Requested`, as plain values: whoever decides reads it, and the approval is of its identity."""
    name: Name = ""
    user: Name = ""
    reason: Text = ""
    expires: Name = ""
    """Wished for: RFC 3339; empty: never."""


class Asked(Struct, frozen=True):
    """The request waits, or was decided before."""

    id: int
    state: Name
    """pending, approved, denied."""
    link: Text = ""
    """Where people decide it."""


class Held(Struct, frozen=True):
    """The inventory is stored."""

    digest: Digest
    artifacts: int


class Problem(Struct, frozen=True, omit_defaults=True):
    """Why something was refused."""

    error: Text
    code: Name = ""
    """token, secret, gap, line, too-large, busy, ..."""
    accepted: Count = 0
    """Of a `gap`: the last sequence that is there."""
    line: Count = 0
    """Of a `line`: which, from 1."""
    reenroll: bool = False
    """Of a `token`: it is not known, and enrolling anew may help."""


_DECODERS: dict[type[Struct], msgspec.json.Decoder[Any]] = {
    type_: msgspec.json.Decoder(type_)
    for type_ in (Enrol, Enrolled, Taken, Told, Orders, Ask, Asked, Leave, Left, Held, Problem, GapLine)
}


T = TypeVar("T", bound=Struct)


class MessageError(Exception):
    """The bytes are no such message. The text names a field and never a value."""


def read(type_: type[T], data: bytes) -> T:
    """The message that the bytes are. Raises MessageError."""
    try:
        found: T = _DECODERS[type_].decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise MessageError(_named(error)) from None
    return found


def _named(error: Exception) -> str:
    """What is wrong, without what was read: msgspec quotes values only where it wanted one of several words."""
    if not isinstance(error, msgspec.ValidationError):
        return "this is no JSON of this form"
    told = str(error)
    if told.startswith("Invalid"):
        told = f"None of the words that can stand here - at {told.rpartition(' - at ')[2]}"
    return told[:300]
