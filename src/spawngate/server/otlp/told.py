"""Tool decisions that agents export, as events of the trail. Pure.

Measured with the real agents of November 2026, driven offline (Claude Code 2.1.330, Codex CLI 0.169, Gemini CLI, Qwen
Code 0.24): which record tells of a decision, where it has tool, input, session and answer. Claude Code and Codex have a
record for the decision alone; Gemini CLI and Qwen Code tell it with the finished call. All other records (prompts,
requests, tokens) are not kept.
Must not be here: the wire, storing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec

from spawngate.agents import load_agent
from spawngate.agents.hooks.dialect import HookInputError, Loaded
from spawngate.model.call import ToolCall, ToolKind
from spawngate.model.json import Json
from spawngate.redact.redactor import Redactor
from spawngate.server.otlp.decode import LogRecord
from spawngate.trail import moment
from spawngate.trail.event import SCHEMA_VERSION, Actor, DecisionRecord, Event, EventType, plain
from spawngate.trail.record import call_record, id_of

CHANNEL = "otlp"
MODE = "told"
"""Stands where a decision of ours has its mode: the agent decided, and we were told."""
ENDPOINT = "spawngate.endpoint"
"""Attribute of the resource by which an administrator says which endpoint the agent runs on."""
LONGEST = 200
_ALLOWED = frozenset(
    ("accept", "accepted", "approved", "approvedforsession", "approvedwithamendment", "autoaccept", "modify", "allow")
)
_DENIED = frozenset(("reject", "rejected", "denied", "deny", "abort", "aborted", "cancel", "cancelled", "timedout"))


@dataclass(frozen=True, slots=True)
class Form:
    """How one agent tells of a decision."""

    agent: str
    hook_event: str
    """What its hook calls the moment before a tool, so that the hook's decoder reads the call."""
    tool: str
    input: str = ""
    """Attribute with the tool's input as JSON; empty where the record has none."""
    session: str = "session.id"
    call: str = ""
    command: str = ""
    """Member of the input that holds a shell command under another name than the tool's own."""


FORMS: Mapping[str, Form] = {
    "claude_code.tool_decision": Form(
        "claude-code", "PreToolUse", "tool_name", "tool_parameters", call="tool_use_id", command="full_command"
    ),
    "codex.tool_decision": Form("codex-cli", "PreToolUse", "tool_name", "", "conversation.id", "call_id"),
    "gemini_cli.tool_call": Form("gemini-cli", "BeforeTool", "function_name", "function_args"),
    "qwen-code.tool_call": Form("qwen-code", "PreToolUse", "function_name", "function_args", call="call_id"),
}
"""By the record's name."""


def told(record: LogRecord, redactor: Redactor, now: str) -> Event | None:
    """The event of a record; None for one that tells of no decision. Total."""
    form = FORMS.get(_name(record))
    if form is None:
        return None
    attributes = record.attributes
    verdict = _verdict(_text(attributes.get("decision")))
    if not verdict:
        return None
    call = _call(form, record)

    def name(value: object) -> str:
        return redactor.name(_text(value)).text

    source = name(attributes.get("source"))
    detail: dict[str, Json] = {"decision": name(attributes.get("decision")), "source": source}
    for key, attribute in (("endpoint", ENDPOINT), ("host", "host.name"), ("version", "service.version")):
        value = name(record.resource.get(attribute))
        if value:
            detail[key] = value
    return Event(
        type=EventType.DECISION,
        at=_at(record, now),
        schema_version=SCHEMA_VERSION,
        channel=CHANNEL,
        actor=Actor(
            user=name(attributes.get("user.email") or attributes.get("user.name")),
            agent=form.agent,
            session=id_of(_text(attributes.get(form.session)), redactor),
            permission_mode=name(attributes.get("permission_mode")),
        ),
        call=call_record(call, None, redactor),
        decision=DecisionRecord(verdict=verdict, mode=MODE, reasons=(f"agent:{source.lower()}",) if source else ()),
        detail={key: plain(value) for key, value in detail.items()},
        message=f"told by {form.agent}",
    )


def key_of(record: LogRecord) -> str:
    """The same for the same record sent again; empty where nothing tells it apart from others."""
    attributes = record.attributes
    form = FORMS.get(_name(record))
    session = _text(attributes.get(form.session)) if form is not None else ""
    one = _text(attributes.get(form.call)) if form is not None and form.call else ""
    if not session or not (one or record.time):
        return ""
    return "\0".join((_name(record), session, one, str(attributes.get("event.sequence", "")), str(record.time)))


def _name(record: LogRecord) -> str:
    """Claude Code's `event.name` has no prefix, its body has; Codex's `eventName` is a place in its source."""
    named = _text(record.attributes.get("event.name"))
    body = record.body if isinstance(record.body, str) else ""
    return next((each for each in (named, body, record.name) if each in FORMS), "")


def _call(form: Form, record: LogRecord) -> ToolCall:
    attributes = record.attributes
    tool, session = _text(attributes.get(form.tool)), _text(attributes.get(form.session))
    given = _input(attributes.get(form.input), form) if form.input else {}
    source: dict[str, Json] = {
        "hook_event_name": form.hook_event,
        "tool_name": tool,
        "tool_input": given,
        "session_id": session,
        "tool_use_id": _text(attributes.get(form.call)) if form.call else "",
        "cwd": "",
    }
    hook = load_agent(form.agent).hook
    assert hook is not None
    try:
        call = hook.decode(Loaded(source), {})
        # What a record never holds is no fault of this one.
        return call if form.input else replace(call, problems=())
    except HookInputError as error:
        return ToolCall(form.agent, tool, ToolKind.OTHER, session=session, problems=(str(error),))


def _input(given: object, form: Form) -> dict[str, Json]:
    try:
        found = msgspec.json.decode(given) if isinstance(given, str) else given
    except (msgspec.DecodeError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    command = found.get(form.command) if form.command else None
    return {**found, "command": command} if isinstance(command, str) else found


def _verdict(word: str) -> str:
    """Codex writes `approved_for_session` or `ApprovedForSession`, Qwen Code `auto_accept`."""
    plain_word = word.lower().replace("_", "").replace("-", "").replace(" ", "")
    return "allow" if plain_word in _ALLOWED else "deny" if plain_word in _DENIED else ""


def _at(record: LogRecord, now: str) -> str:
    if record.time:
        try:
            return moment.text(record.time // 1000)
        except ValueError:
            pass
    try:
        return moment.normal(_text(record.attributes.get("event.timestamp")))
    except ValueError:
        return now


def _text(value: object) -> str:
    return value[:LONGEST] if isinstance(value, str) else ""
