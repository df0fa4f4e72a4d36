"""The columns of a decision in the form that daemons write, four times as fast as `columns` finds them.

Nearly every record is such a one. Any other, and one with a field that is not known here, gives None and takes the
general way; a test holds the two against each other. Must not be here: what a column is (`columns`).
"""

from functools import lru_cache
from typing import Annotated

import msgspec

from spawngate.server.store.coded.columns import CODED, LONGEST, REST, Columns, Word, Words, texts_of, word

_PLACE = {name: place for place, name in enumerate(CODED)}
_REST = _PLACE[REST]
_FINGERPRINT, _PACKAGE = _PLACE["fingerprint"], _PLACE["package"]
_NOTHING = msgspec.Raw(b"")
_REMEMBERED = 2_000
"""Bytes of a part of a record that is worth being remembered."""


class _Actor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    user: str | None = None
    agent: str | None = None
    session: str | None = None
    subagent: bool = False
    permission_mode: str | None = None


class _Call(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    tool: str | None = None
    kind: str | None = None
    id: str = ""
    moment: str | None = None
    commands: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    server: str | None = None
    server_tool: str | None = None
    arguments: msgspec.Raw = _NOTHING
    edits: int = 0
    characters: int = 0
    cwd: str | None = None
    cut: bool = False
    problems: tuple[str, ...] = ()


class _Hit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rule: str
    severity: str
    confidence: str
    pack: str | None = None


class _Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    verdict: str
    mode: str
    reasons: tuple[str, ...] = ()
    hits: tuple[_Hit, ...] = ()
    severity: str | None = None
    errors: tuple[str, ...] = ()
    message: str | None = None
    policy: str | None = None
    silent: bool = False
    latency_us: Annotated[int, msgspec.Meta(gt=-(1 << 62), lt=1 << 62)] | None = None


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    type: str
    at: str
    schema_version: int
    decision: _Decision
    actor: _Actor = _Actor()
    call: _Call = _Call()
    endpoint: str | None = None
    channel: str | None = None
    question: msgspec.Raw = _NOTHING
    stream: str = ""
    sequence: int = 0
    previous: str = ""
    hash: str = ""


_decode = msgspec.json.Decoder(_Record).decode
_ORDER = ("type", "endpoint", "channel", "agent", "user", "session", "mode", "verdict", "severity", "kind", "moment")
assert CODED[: len(_ORDER)] == _ORDER


def columns(record: bytes) -> tuple[str, Columns] | None:
    """Type and columns of a record, where it is of that form."""
    try:
        found = _decode(record)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    actor, call, decision = found.actor, found.call, found.decision
    rest: list[str] = []
    fingerprint: Word | None = None
    package: Word | None = None
    rules: Word | None = None
    if actor.permission_mode is not None:
        rest.append(actor.permission_mode)
    if call.arguments is not _NOTHING:
        raw = bytes(call.arguments)
        rest += _known_arguments(raw) if len(raw) <= _REMEMBERED else _arguments(raw)
    if found.question is not _NOTHING:
        raw = bytes(found.question)
        fingerprint, package, more = _known_question(raw) if len(raw) <= _REMEMBERED else _question(raw)
        rest += more
    rest += call.problems
    rest += decision.errors
    if decision.message is not None:
        rest.append(decision.message)
    if decision.hits:
        rules = word(tuple([hit.rule for hit in decision.hits]))
        for hit in decision.hits:
            rest += (hit.severity, hit.confidence)
            if hit.pack is not None:
                rest.append(hit.pack)
    if len(rest) > 1:
        if len("".join(rest)) > LONGEST:
            return None
        others: Word | None = word(tuple(dict.fromkeys(rest)))
    elif rest:
        others = rest[0]
        if len(others) > LONGEST:
            return None
    else:
        others = None
    tool = call.tool if call.server_tool is None else _two(call.tool, call.server_tool)
    coded = (
        found.type, found.endpoint, found.channel, actor.agent, actor.user, actor.session, decision.mode,
        decision.verdict, decision.severity, call.kind, call.moment, tool, call.server,
        _list(call.programs), rules, _list(decision.reasons), decision.policy, fingerprint, None, package,
        _list(call.commands), _list(call.paths), _list(call.urls), call.cwd, None, None, None, None, None,
        others,
    )  # fmt: skip
    return found.type, Columns(coded, (decision.latency_us,))


def _list(texts: Words) -> Word | None:
    return (texts[0] if len(texts) == 1 else texts) if texts else None


def _two(one: str | None, two: str) -> Word:
    return two if one is None else (one, two)


def _question(raw: bytes) -> tuple[Word | None, Word | None, Words]:
    found = Columns.of({"question": msgspec.json.decode(raw)})
    return found.coded[_FINGERPRINT], found.coded[_PACKAGE], found.words[_REST] or ()


def _arguments(raw: bytes) -> Words:
    return texts_of(msgspec.json.decode(raw))


_known_question = lru_cache(4096)(_question)
_known_arguments = lru_cache(1024)(_arguments)
