"""Commands of a server to one endpoint, signed: a look at the machine, a new enrolment, its end.

A command travels in the answer to a sync, as a signed note (`trail.note`) whose text is the name of the signer with
`/command/` and the endpoint's id, and one line of canonical JSON. So it is of one endpoint and of exactly these words.
Its number rises over all commands of a server: an endpoint obeys none whose number is not above that of the last, and
so each once. It says from when and until when it counts, so that one that somebody kept back is none later. Nothing
else can be commanded: there is no command that runs a program.
Must not be here: who may command what (`server.commanding`), obeying (`endpoint.sync.obeying`).
"""

from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta, Struct

from spawngate.sync.messages import Name
from spawngate.trail import moment, note
from spawngate.trail.event import canonical
from spawngate.trail.note import NoteError, Signer, Verifier

What = Literal["scan", "reenroll", "unenroll"]
"""Take an inventory now; enrol again, with the code that stands in the command; leave the fleet."""
WHATS: tuple[What, ...] = get_args(What)
SKEW = 6 * 3_600
"""Seconds by which a machine's clock may be wrong. A clock that is, is told by itself (`clock-skew`)."""
_LONGEST = 3_500


class CommandError(Exception):
    """The text is no command for us. The message says why and holds nothing of what was read."""


class Command(Struct, frozen=True, omit_defaults=True):
    """One command."""

    id: Annotated[int, Meta(ge=1, le=1 << 53)]
    what: Name
    """One of `What`; another one is of a newer server."""
    at: Name
    by: Name = ""
    code: Name = ""
    """Of `reenroll`: a one-time code."""
    until: Name = ""
    """When it ends, RFC 3339; empty: a server of before does not say."""

    @property
    def known(self) -> bool:
        """Whether this version can obey it."""
        return self.what in WHATS


def signed(command: Command, endpoint: str, signer: Signer) -> str:
    """A command for one endpoint, as it travels."""
    line = canonical(msgspec.to_builtins(command)).decode()
    return note.sign(f"{_origin(signer.name, endpoint)}\n{line}\n", [signer])


def opened(text: str, endpoint: str, verifier: Verifier) -> Command:
    """The command of this text, for this endpoint, from this signer. Raises CommandError."""
    if len(text) > _LONGEST:
        raise CommandError("the command is too long")
    try:
        lines, _ = note.verify(text, [verifier])
    except NoteError as error:
        raise CommandError(f"the command's signature does not hold: {error}") from None
    origin, _, line = lines.partition("\n")
    if origin != _origin(verifier.name, endpoint):
        raise CommandError("the command is for another endpoint")
    try:
        return msgspec.json.decode(line, type=Command)
    except (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError):
        raise CommandError("the command cannot be understood") from None


def untimely(command: Command, now: str) -> str:
    """Why a command does not count at this time, by a clock that may be some hours wrong; empty where it does."""
    here = moment.microseconds(now)
    if (begin := _moment(command.at)) is not None and here < begin - SKEW * 1_000_000:
        return "it was given at a time that has not come yet by the clock of this machine"
    if (end := _moment(command.until)) is not None and here > end + SKEW * 1_000_000:
        return "its time is over by the clock of this machine"
    return ""


def _moment(text: str) -> int | None:
    try:
        return moment.microseconds(text) if text else None
    except ValueError:
        return None


def _origin(signer: str, endpoint: str) -> str:
    return f"{signer}/command/{endpoint}"
