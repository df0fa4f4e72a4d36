"""A decided call as an event: what of it is kept, redacted and in bounds.

Belongs here: which fields of a call the trail holds, and how long they may be. Contents of files, prompts and answers
are counted and never held; arguments of tools keep their names, and their values where these are short and harmless.
Must not be here: the schema (`trail.event`), the finding of secrets (`redact`), storage.
"""

import re
from collections.abc import Mapping, Sequence
from operator import attrgetter

from msgspec import structs

from spawngate.model.call import ToolCall, ToolKind
from spawngate.model.decision import Decision, Verdict
from spawngate.model.json import Json
from spawngate.policy.question import Question
from spawngate.redact.redactor import Redactor
from spawngate.trail.event import (
    SCHEMA_VERSION,
    Actor,
    CallRecord,
    DecisionRecord,
    Event,
    EventType,
    Hit,
    plain,
)

LONGEST_COMMAND = 4_000
"""Characters of the redacted commands of one call that are kept."""
LONGEST_RAW = 1_000
"""Characters of a command that has to be redacted here: redaction costs a microsecond a character."""
LONGEST_VALUE = 200
"""Characters of one argument's value."""
MOST = 50
"""Paths, addresses, arguments, programs, findings of one call."""
CUT = " [...]"
"""Ends a command that was cut before it was redacted."""
_ID = re.compile(r"[\w.:@/+-]{1,200}")
_WORD = re.compile(r"[A-Z]?[a-z]{1,15}(?:[-_][a-z]{1,15}){0,3}")
_CONTENT = re.compile(
    r"content|text|body|data|patch|diff|prompt|message|input|output|code|script|source|new_?str|old_?str|payload|blob",
    re.IGNORECASE,
)
"""Names of arguments that hold contents."""
_ELSEWHERE = frozenset(
    ("agent", "tool", "permission_mode", "subagent", "cwd", "command", "programs", "server", "server_tool", "paths")
)
"""Fields of a question that the record holds in another place."""
_TOLD = (Verdict.ASK, Verdict.DENY)
"""Verdicts whose message somebody has read; the others have none worth keeping."""
_DEFAULTS = {each.name: each.default for each in structs.fields(Question)}
_HELD = tuple(name for name in _DEFAULTS if name not in _ELSEWHERE)
_HELD_DEFAULTS = tuple(_DEFAULTS[name] for name in _HELD)
_held = attrgetter(*_HELD)


def decision_event(
    *,
    at: str,
    agent: str,
    call: ToolCall | None,
    decision: Decision,
    redactor: Redactor,
    question: Question | None = None,
    endpoint: str = "",
    user: str = "",
    latency_us: int = 0,
    channel: str = "hook",
) -> Event:
    """The event of one decision.

    `call` is None where the payload was not understood, `question` where policy was not asked. What a call only tells
    becomes a record of its moment, which holds no verdict: nothing was permitted.
    """
    told = call is not None and not call.event.decided and decision.verdict is Verdict.ALLOW and not decision.errors
    if told:
        question = None
    return Event(
        type=EventType.MOMENT if told else EventType.DECISION,
        at=at,
        schema_version=SCHEMA_VERSION,
        endpoint=endpoint,
        channel=channel,
        actor=_actor(agent, call, user, redactor),
        call=None if call is None else call_record(call, question, redactor),
        decision=None if told else _decision(decision, latency_us, redactor),
        question={} if question is None else question_record(question),
    )


def question_record(question: Question) -> dict[str, Json]:
    """The fields of a question that are set and that no other part of the event holds."""
    return {
        name: list(value[:MOST]) if isinstance(value, tuple) else plain(value)
        for name, default, value in zip(_HELD, _HELD_DEFAULTS, _held(question), strict=True)
        if value is not default and value != default
    }


def question_of(record: Mapping[str, Json]) -> Question | None:
    """The question that a decision's record answers, for asking another policy the same; None where it holds none.

    A command or list that was cut for the record is asked as it was kept.
    """
    held, call, actor = record.get("question"), record.get("call"), record.get("actor", {})
    if not isinstance(held, Mapping) or not isinstance(call, Mapping) or not isinstance(actor, Mapping):
        return None
    given: dict[str, Json] = {name: value for name, value in held.items() if name in _DEFAULTS}
    commands = call.get("commands", ())
    given |= {
        "agent": actor.get("agent", ""),
        "permission_mode": actor.get("permission_mode", ""),
        "subagent": actor.get("subagent", False),
        "command": "\n".join(map(str, commands)) if isinstance(commands, Sequence) else "",
    }
    given |= {
        name: call[name] for name in ("tool", "cwd", "programs", "server", "server_tool", "paths") if name in call
    }
    known: dict[str, object] = {}
    for name, value in given.items():
        default = _DEFAULTS[name]
        fitting = tuple(map(str, value)) if isinstance(value, list | tuple) else value
        if isinstance(default, str | bool | int | tuple) and type(fitting) is not type(default):
            return None
        known[name] = fitting
    if not isinstance(known.get("agent"), str) or not isinstance(known.get("action"), str):
        return None
    return Question(**known)  # type: ignore[arg-type]  # each value was compared with the type of its field's default


def call_record(call: ToolCall, question: Question | None, redactor: Redactor) -> CallRecord:
    """What the trail holds of a call."""
    commands, cut = _commands(call, question, redactor)
    if question is not None and question.paths:
        paths = question.paths[:MOST]
    else:
        paths = tuple([redactor.path(head_of(path)).text for path in call.paths[:MOST]])
    urls = tuple(redactor.url(head_of(url)).text for url in call.urls[:MOST])
    characters = len(call.prompt) + len(call.response)
    characters += sum(len(edit.old or "") + len(edit.new or "") for edit in call.edits)
    programs = () if question is None else question.programs[:MOST]
    arguments: dict[str, Json] = {}
    if call.kind in (ToolKind.MCP, ToolKind.OTHER, ToolKind.SUBAGENT):
        arguments, left = _arguments(call.input, redactor)
        cut = cut or left
    return CallRecord(
        tool=_name(call.tool, redactor),
        kind=call.kind.value,
        id=id_of(call.call, redactor),
        moment=call.event.value,
        commands=commands,
        programs=programs,
        paths=paths,
        urls=urls,
        server=_name(call.server, redactor),
        server_tool=_name(call.server_tool, redactor),
        arguments=arguments,
        edits=len(call.edits),
        characters=characters,
        cwd=redactor.path(head_of(call.cwd)).text if call.cwd else "",
        cut=cut or len(call.paths) > MOST or len(call.urls) > MOST,
        problems=call.problems[:MOST],
    )


def _actor(agent: str, call: ToolCall | None, user: str, redactor: Redactor) -> Actor:
    if call is None:
        return Actor(user=user, agent=_name(agent, redactor))
    return Actor(
        user=user,
        agent=_name(call.agent or agent, redactor),
        session=id_of(call.session, redactor),
        subagent=call.subagent,
        permission_mode=_name(call.permission_mode, redactor),
    )


def _decision(decision: Decision, latency_us: int, redactor: Redactor) -> DecisionRecord:
    hits: dict[Hit, None] = {}
    for finding in decision.findings:
        hits.setdefault(Hit(finding.rule, finding.severity.value, finding.confidence.value, finding.pack))
    return DecisionRecord(
        verdict=decision.verdict.value,
        mode=decision.mode.value,
        reasons=decision.reasons,
        hits=tuple(hits)[:MOST],
        severity="" if decision.severity is None else decision.severity.value,
        errors=tuple(redactor.text(head_of(error)).text for error in decision.errors[:MOST]),
        message=redactor.command_line(head_of(decision.message)).text if decision.verdict in _TOLD else "",
        policy=decision.policy,
        silent=decision.silent,
        latency_us=latency_us,
    )


def _commands(call: ToolCall, question: Question | None, redactor: Redactor) -> tuple[tuple[str, ...], bool]:
    if question is not None and question.command:
        whole = question.command
        return (whole[:LONGEST_COMMAND],), len(whole) > LONGEST_COMMAND or whole.endswith(CUT)
    found: list[str] = []
    left = LONGEST_RAW
    cut = False
    for command in call.commands:
        head = head_of(command, left)
        cut = cut or len(head) < len(command)
        if head:
            found.append(redactor.command_line(head).text)
        left -= len(head)
    for argv in call.argvs:
        words: list[str] = []
        for word in argv:
            if len(word) > left:
                cut = True
                break
            words.append(word)
            left -= len(word) + 1
        if words:
            redacted = redactor.argv(words[0], words[1:])
            found.append(" ".join([redacted.command or "", *redacted.args]))
    return tuple(found), cut


def _arguments(given: Mapping[str, Json], redactor: Redactor) -> tuple[dict[str, Json], bool]:
    found: dict[str, Json] = {}
    for key, value in list(given.items())[:MOST]:
        found[_name(str(key), redactor)] = _argument(str(key), value, redactor)
    return found, len(given) > MOST


def _argument(key: str, value: Json, redactor: Redactor) -> Json:
    if isinstance(value, str):
        if len(value) > LONGEST_VALUE or (_CONTENT.search(key) and value):
            return f"[text: {len(value)} characters]"
    elif isinstance(value, Mapping):
        return f"[map: {len(value)} members]"
    elif isinstance(value, list | tuple):
        return f"[list: {len(value)} items]"
    return plain(redactor.value(key[:100], value)[0])


def head_of(text: str, longest: int = LONGEST_RAW) -> str:
    """The beginning of a text that is not redacted yet, cut at a blank: half a secret would not be known for one."""
    if len(text) <= longest:
        return text
    if longest <= 0:
        return ""
    key = text.find("-----BEGIN")
    kept = text[:longest]
    if 0 <= key < longest:
        kept = kept[:key]
    at = max(kept.rfind(sign) for sign in " \n\t")
    return kept[: at + 1]


def _name(text: str, redactor: Redactor) -> str:
    """A name that somebody else chose. Plain words pass as they are: most are `Bash` and `claude-code`."""
    if not text or _WORD.fullmatch(text):
        return text
    return redactor.name(text[:LONGEST_RAW]).text


def id_of(text: str, redactor: Redactor) -> str:
    """An id of an agent's own making. Random by nature, so it is not redacted where it has the form of one."""
    return text if not text or _ID.fullmatch(text) else redactor.text(text[:LONGEST_VALUE]).text
