"""SHELL. Endpoints of the fleet: taken in, known by their tokens, seen, moved, retired.

A token is 256 random bits; only its SHA-256 is kept. An endpoint that enrols again with the key that it had keeps its
id.
Must not be here: enrolment secrets (`enrolments`), what endpoints hold (`inventory`), what they obey (`bundles`).
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update

from spawngate.model.errors import UsageError
from spawngate.server.fleet import generation
from spawngate.server.fleet.bundles import raise_serial
from spawngate.server.fleet.tables import APPROVALS, ARTIFACTS, COMMANDS, ENDPOINTS, FINDINGS, TEAMS
from spawngate.sync import proof
from spawngate.sync.messages import Enrol, Told

PREFIX = "sgn_"
"""Begins every token of an endpoint, so that one that leaks is known for what it is."""
_LENGTHS = {"host": 255, "user": 255, "platform": 100, "version": 50}


class Endpoint(msgspec.Struct, frozen=True):
    """What a request of an endpoint needs to know of it."""

    id: str
    installation: str
    team: int
    group: str
    token: str
    """SHA-256."""
    next_token: str
    token_at: str
    retired_at: str
    inventory: str
    """Digest of the inventory that is held."""
    bundle: int
    """Serial of the bundle that it told to be in force."""
    skew: int
    told: bool
    """Its enforcement was told since it was enrolled."""


class Seen(msgspec.Struct, frozen=True):
    """What every sync leaves behind, however little it says."""

    endpoint: str
    at: str
    skew: int
    version: str = ""
    bundle: int = 0
    mode: str = ""
    dropped: Mapping[str, int] = {}


def seen_of(id_: str, message: Told, *, now: str, skew: int) -> Seen:
    """What a sync leaves behind."""
    dropped = {clean(name): count for name, count in message.dropped.items()}
    return Seen(
        id_, now, skew, fitting(message.version, "version"), message.bundle, str(clean(message.mode))[:10], dropped
    )


def hashed(token: str) -> str:
    """How a token is kept."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def new_token() -> str:
    """A token that nobody has."""
    return PREFIX + secrets.token_urlsafe(32)


def enrol(connection: Connection, message: Enrol, *, team: int, group: str, now: str) -> tuple[str, str, bool]:
    """Take an endpoint in, whose proof holds and whose secret was redeemed: its id, its token, and whether it is new.

    One of the same installation and key is the same endpoint, also after it was retired. Raises UsageError where
    another key has the installation: what it recorded would be found under it; and for what was said before: whoever
    could read an enrolment on its way does not get in by saying it again, nor lets one in that was retired.
    """
    token = new_token()
    known, before, retired = None, (team, group), False
    said, proofs = hashlib.sha256(proof.statement(message)).hexdigest(), ""
    columns = (
        ENDPOINTS.c.id, ENDPOINTS.c.key, ENDPOINTS.c.team, ENDPOINTS.c.group, ENDPOINTS.c.retired_at,
        ENDPOINTS.c.proofs,
    )  # fmt: skip
    for row in connection.execute(select(*columns).where(ENDPOINTS.c.installation == message.installation)):
        if row.key == message.key:
            known, before, retired = row.id, (row.team, row.group), bool(row.retired_at)
            proofs = row.proofs
            if said in proofs.split():
                raise UsageError("this enrolment was used already; enrol again")
        elif not row.retired_at or row.team != team:
            raise UsageError("this installation is enrolled with another key; have that endpoint retired at the server")
    values: dict[str, Any] = {
        "team": team,
        "group": group,
        "token": hashed(token),
        "next_token": "",
        "token_at": now,
        "enrolled_at": now,
        "seen_at": now,
        "retired_at": "",
        "host": fitting(message.host, "host"),
        "user_name": fitting(message.user, "user"),
        "platform": fitting(message.platform, "platform"),
        "version": fitting(message.version, "version"),
        "proofs": f"{proofs} {said}".strip(),
    }
    if known is not None:
        if not retired:
            # The answer may be lost on its way: the token before counts until this one is used, and no longer.
            values = {**values, "next_token": values["token"]}
            del values["token"], values["token_at"]
        connection.execute(update(ENDPOINTS).where(ENDPOINTS.c.id == known).values(values))
        if before != (team, group):
            _moved(connection, known, team, group, now)
        return str(known), token, False
    id_ = secrets.token_hex(16)
    fresh = {"id": id_, "installation": message.installation, "key": message.key}
    nothing: dict[str, Any] = {"enforcement": [], "integrity": [], "dropped": {}}
    connection.execute(insert(ENDPOINTS).values({**values, **fresh, **nothing}))
    return id_, token, True


_COLUMNS = [
    ENDPOINTS.c[name]
    for name in (
        "id",
        "installation",
        "team",
        "group",
        "token",
        "next_token",
        "token_at",
        "retired_at",
        "inventory",
        "bundle",
        "skew",
        "mode",
    )
]


_BY_TOKEN = select(*_COLUMNS).where(
    or_(ENDPOINTS.c.token == bindparam("hash"), ENDPOINTS.c.next_token == bindparam("hash"))
)
_BY_ID = select(*_COLUMNS).where(ENDPOINTS.c.id == bindparam("which"))


def by_token(connection: Connection, hash_: str) -> Endpoint | None:
    """The endpoint whose token, or next token, has this hash; also one that is retired."""
    if not hash_:
        return None
    return _endpoint(connection.execute(_BY_TOKEN, {"hash": hash_}).first())


def get(connection: Connection, id_: str) -> Endpoint | None:
    """One endpoint."""
    return _endpoint(connection.execute(_BY_ID, {"which": id_}).first())


def _endpoint(row: Row[Any] | None) -> Endpoint | None:
    if row is None:
        return None
    found: list[Any] = list(row)
    found[-1] = bool(found[-1])
    return Endpoint(*found)


def offer_token(connection: Connection, id_: str, hash_: str) -> None:
    """Let an endpoint in with another token beside its own, until it uses that one."""
    connection.execute(update(ENDPOINTS).where(ENDPOINTS.c.id == id_).values(next_token=hash_))


def settle_token(connection: Connection, id_: str, hash_: str, now: str) -> None:
    """The other token was used: the one before counts no more."""
    wanted = (ENDPOINTS.c.id == id_) & (ENDPOINTS.c.next_token == hash_)
    connection.execute(update(ENDPOINTS).where(wanted).values(token=hash_, next_token="", token_at=now))


def seen(connection: Connection, batch: Sequence[Seen]) -> None:
    """Note when endpoints were seen last and what they said, many at once."""
    if batch:
        rows = [{f"new_{name}": value for name, value in _columns(each).items()} for each in batch]
        connection.execute(_SEEN, [{**row, "which": each.endpoint} for row, each in zip(rows, batch, strict=True)])


_SEEN = (
    update(ENDPOINTS)
    .where(ENDPOINTS.c.id == bindparam("which"))
    .values(
        {
            ENDPOINTS.c[name]: bindparam(f"new_{name}")
            for name in ("seen_at", "skew", "version", "bundle", "mode", "dropped")
        }
    )
)


def told(connection: Connection, id_: str, message: Told, *, now: str, skew: int) -> None:
    """Note what an endpoint tells about itself. What it does not tell stays as it was."""
    values = _columns(seen_of(id_, message, now=now, skew=skew))
    for column, name in (("host", "host"), ("user_name", "user"), ("platform", "platform")):
        if given := getattr(message, name):
            values[column] = fitting(given, name)
    if message.enforcement is not None:
        values["enforcement"] = clean(msgspec.to_builtins(message.enforcement))
    if message.integrity is not None:
        problems = [*message.integrity, *([message.problem] if message.problem else [])]
        values["integrity"] = clean(problems)
    connection.execute(update(ENDPOINTS).where(ENDPOINTS.c.id == id_).values(values))


def _columns(seen: Seen) -> dict[str, Any]:
    return {
        "seen_at": seen.at,
        "skew": seen.skew,
        "version": seen.version,
        "bundle": seen.bundle,
        "mode": seen.mode,
        "dropped": dict(seen.dropped),
    }


def retire(connection: Connection, id_: str, now: str) -> None:
    """Let an endpoint in no more. Raises UsageError where there is none."""
    _changed(connection, id_, {"retired_at": now, "next_token": ""})
    generation.change(connection)


def restore(connection: Connection, id_: str) -> None:
    """Let a retired endpoint in again, with the token that it had. Raises UsageError."""
    _changed(connection, id_, {"retired_at": ""})
    generation.change(connection)


def label(connection: Connection, id_: str, text: str) -> None:
    """Give an endpoint a name of people's choice. Raises UsageError."""
    _changed(connection, id_, {"label": str(clean(text))[:200]})


def move(connection: Connection, id_: str, *, team: int, group: str, now: str) -> None:
    """Put an endpoint into a team and group: it obeys another policy then. Raises UsageError."""
    if connection.execute(select(TEAMS.c.id).where(TEAMS.c.id == team)).first() is None:
        raise UsageError("there is no such team")
    group = str(clean(group))[:200]
    _changed(connection, id_, {"team": team, "group": group})
    _moved(connection, id_, team, group, now)
    generation.change(connection)


def _moved(connection: Connection, id_: str, team: int, group: str, now: str) -> None:
    """What an endpoint holds, waits for and has for itself alone goes with it: people of the team that it left see and
    decide nothing of it any more. What was approved for that team or a group of it stays there."""
    for table in (ARTIFACTS, FINDINGS):
        connection.execute(update(table).where(table.c.endpoint == id_).values(team=team))
    own = (APPROVALS.c.endpoint == id_) & (APPROVALS.c.reach == "endpoint")
    connection.execute(update(APPROVALS).where(own).values(team=team, group=group))
    # What people of the team before told it to do is not theirs to say any more.
    waiting = (COMMANDS.c.endpoint == id_) & (COMMANDS.c.state == "waiting")
    connection.execute(update(COMMANDS).where(waiting).values(state="withdrawn", ended_at=now))
    raise_serial(connection, now)


def _changed(connection: Connection, id_: str, values: Mapping[str, Any]) -> None:
    done = connection.execute(update(ENDPOINTS).where(ENDPOINTS.c.id == id_).values(values))
    if not done.rowcount:
        raise UsageError("there is no such endpoint")


def clean(value: Any) -> Any:
    """A foreign value as every database can hold it: no NUL, no half of a surrogate pair."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {clean(str(key)): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value


def fitting(text: str, name: str) -> str:
    """A foreign text as its column holds it."""
    return str(clean(text))[: _LENGTHS[name]]
