"""The columns of a decision in the form that daemons write, four times as fast as `columns` finds them.

Nearly every record is such a one. Any other, and one with a field that is not known here, gives None and takes the
general way; a test holds the two against each other. Must not be here: what a column is (`columns`).
"""

from functools import lru_cache

import msgspec

from spawngate.server.store.coded.columns import CODED, LONGEST, NUMBERS, REST, Columns, Words

_PLACE = {name: place for place, name in enumerate(CODED)}
_REST = _PLACE[REST]
_FINGERPRINT, _PACKAGE = _PLACE["fingerprint"], _PLACE["package"]
_WIDTH, _NUMBERS = len(CODED), len(NUMBERS)
_NOTHING = msgspec.Raw(b"")


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
    latency_us: int | None = None


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
    fingerprint = package = None
    if actor.permission_mode is not None:
        rest.append(actor.permission_mode)
    if call.arguments is not _NOTHING:
        rest += _arguments(bytes(call.arguments))
    if found.question is not _NOTHING:
        fingerprint, package, more = _question(bytes(found.question))
        rest += more
    rest += call.problems
    rest += decision.errors
    if decision.message is not None:
        rest.append(decision.message)
    rules: Words | None = None
    if decision.hits:
        rules = tuple(hit.rule for hit in decision.hits)
        for hit in decision.hits:
            rest += (hit.severity, hit.confidence)
            if hit.pack is not None:
                rest.append(hit.pack)
    if sum(map(len, rest)) > LONGEST:
        return None
    texts: tuple[str | Words | None, ...] = (
        found.type, found.endpoint, found.channel, actor.agent, actor.user, actor.session, decision.mode,
        decision.verdict, decision.severity, call.kind, call.moment, _two(call.tool, call.server_tool), call.server,
        call.programs or None, rules, decision.reasons or None, decision.policy, fingerprint, None, package,
        call.commands or None, call.paths or None, call.urls or None, call.cwd, None, None, None, None, None,
        tuple(dict.fromkeys(rest)) if rest else None,
    )  # fmt: skip
    done = Columns.__new__(Columns)
    done.words = [(text,) if isinstance(text, str) else text for text in texts]
    done.numbers = [decision.latency_us]
    return found.type, done


def _two(one: str | None, two: str | None) -> Words | None:
    if one is None:
        return None if two is None else (two,)
    return (one,) if two is None else (one, two)


@lru_cache(4096)
def _question(raw: bytes) -> tuple[Words | None, Words | None, Words]:
    words = Columns({"question": msgspec.json.decode(raw)}).words
    return words[_FINGERPRINT], words[_PACKAGE], words[_REST] or ()


@lru_cache(1024)
def _arguments(raw: bytes) -> Words:
    return Columns({"call": {"arguments": msgspec.json.decode(raw)}}).words[_REST] or ()
