"""What of a call the trail holds, and what it never does."""

from dataclasses import fields, replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.call import Edit, HookEvent, ToolCall, ToolKind
from spawngate.model.decision import Decision, Mode, Verdict
from spawngate.model.finding import Confidence, Finding, Severity
from spawngate.policy.question import FIELDS, Question
from spawngate.redact.redactor import Redactor
from spawngate.trail.event import Actor, CallRecord, DecisionRecord, Event, Hit, canonical
from spawngate.trail.record import LONGEST_COMMAND, LONGEST_RAW, MOST, call_record, decision_event, question_of

REDACTOR = Redactor(b"k" * 32)
ALLOW = Decision(Verdict.ALLOW)
CALL = ToolCall(
    agent="claude-code",
    tool="Bash",
    kind=ToolKind.SHELL,
    commands=("curl -H 'Authorization: Bearer abcdefghijklmnop1234' https://x.test",),
    cwd="/home/ann/p",
    session="3f2b8c1e-0000-4000-8000-1234567890ab",
    call="toolu_01ABC",
    permission_mode="acceptEdits",
)
QUESTION = Question(
    agent="claude-code",
    action="shell",
    tool="Bash",
    permission_mode="acceptEdits",
    cwd="/home/ann/p",
    command="curl -H 'Authorization: Bearer [secret:header-value:0123456789abcdef]' https://x.test",
    programs=("curl",),
    hosts=("x.test",),
    severity=3,
    findings=("r",),
)
DECISION = Decision(
    Verdict.DENY,
    ("no-exfiltration",),
    (Finding("r", "T", Severity.HIGH, Confidence.MEDIUM, "m", "fix", pack="exfiltration"),),
    Severity.HIGH,
    message="refused",
    policy="rev",
)


def test_whole_event() -> None:
    event = decision_event(
        at="t",
        agent="claude-code",
        call=CALL,
        decision=DECISION,
        question=QUESTION,
        redactor=REDACTOR,
        endpoint="e",
        user="ann",
        latency_us=120,
    )
    assert event == Event(
        type="decision",
        at="t",
        schema_version=1,
        endpoint="e",
        channel="hook",
        actor=Actor("ann", "claude-code", "3f2b8c1e-0000-4000-8000-1234567890ab", permission_mode="acceptEdits"),
        call=CallRecord(
            tool="Bash",
            kind="shell",
            id="toolu_01ABC",
            moment="before-tool",
            commands=(QUESTION.command,),
            programs=("curl",),
            cwd="/home/ann/p",
        ),
        decision=DecisionRecord(
            verdict="deny",
            mode="enforce",
            reasons=("no-exfiltration",),
            hits=(Hit("r", "high", "medium", "exfiltration"),),
            severity="high",
            message="refused",
            policy="rev",
            latency_us=120,
        ),
        question={"action": "shell", "hosts": ["x.test"], "severity": 3, "findings": ["r"]},
    )


def test_question_comes_back_for_replay() -> None:
    event = decision_event(
        at="t", agent="claude-code", call=CALL, decision=DECISION, question=QUESTION, redactor=REDACTOR
    )
    assert question_of(msgspec.json.decode(canonical(event))) == QUESTION


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_of_a_question_is_kept(name: str) -> None:
    default = getattr(Question("a", "shell"), name)
    other: Any = {str: "x", tuple: ("x", "y"), bool: not default, int: 2}[type(default)]
    question = msgspec.structs.replace(Question("claude-code", "shell"), **{name: other})
    call = ToolCall(
        agent="claude-code",
        tool=question.tool,
        kind=ToolKind.SHELL,
        paths=question.paths,
        server=question.server,
        server_tool=question.server_tool,
        cwd=question.cwd,
        permission_mode=question.permission_mode,
        subagent=question.subagent,
    )
    event = decision_event(at="t", agent="claude-code", call=call, decision=ALLOW, question=question, redactor=REDACTOR)
    assert question_of(msgspec.json.decode(canonical(event))) == question


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"question": {"action": "shell"}},
        {"question": [], "call": {}},
        {"question": {"action": 5}, "call": {}, "actor": {"agent": "a"}},
        {"question": {"action": "shell", "severity": "high"}, "call": {}, "actor": {"agent": "a"}},
        {"question": {"action": "shell", "hosts": "x"}, "call": {}, "actor": {"agent": "a"}},
        {"question": {}, "call": {}, "actor": {"agent": "a"}},
    ],
)
def test_no_question_in_it(record: dict[str, Any]) -> None:
    assert question_of(record) is None


def test_unknown_fields_of_a_later_version_are_passed_over() -> None:
    record: dict[str, Any] = {"question": {"action": "shell", "later": 1}, "call": {}, "actor": {"agent": "a"}}
    assert question_of(record) == Question("a", "shell")


def test_without_a_question_the_text_is_redacted_here() -> None:
    found = call_record(CALL, None, REDACTOR)
    assert "abcdefghijklmnop1234" not in str(found)
    assert found.commands[0].startswith("curl -H 'Authorization: Bearer [secret:")
    argv = ToolCall("codex-cli", "shell", ToolKind.SHELL, argvs=(("mysql", "-pHunter2Hunter2", "-u", "root"),))
    (words,) = call_record(argv, None, REDACTOR).commands
    assert words.startswith("mysql -p[secret:")
    assert words.endswith(" -u root")


def test_contents_are_counted_and_not_held() -> None:
    call = ToolCall(
        "a",
        "Edit",
        ToolKind.WRITE,
        paths=("/p/.env",),
        edits=(Edit("/p/.env", "old content", "plainsecretword"), Edit("/p/x", None, "y")),
        input={"file_path": "/p/.env", "new_string": "plainsecretword"},
    )
    assert call_record(call, None, REDACTOR) == CallRecord(
        tool="Edit", kind="write", moment="before-tool", paths=("/p/.env",), edits=2, characters=27
    )
    prompt = ToolCall("a", "", ToolKind.OTHER, event=HookEvent.PROMPT, prompt="my password is plainsecretword")
    assert call_record(prompt, None, REDACTOR) == CallRecord(kind="other", moment="prompt", characters=30)
    after = ToolCall("a", "Read", ToolKind.READ, event=HookEvent.AFTER_TOOL, response="plainsecretword")
    assert call_record(after, None, REDACTOR) == CallRecord(
        tool="Read", kind="read", moment="after-tool", characters=15
    )


@pytest.mark.parametrize("event", HookEvent)
def test_what_only_tells_is_no_decision(event: HookEvent) -> None:
    call = ToolCall("a", "Read", ToolKind.READ, event=event, response="x")
    allowed = Decision(Verdict.ALLOW, policy="rev")
    made = decision_event(
        at="t", agent="a", call=call, decision=allowed, redactor=REDACTOR, question=Question("a", "read"), latency_us=5
    )
    decided = event in (HookEvent.BEFORE_TOOL, HookEvent.PERMISSION)
    assert event.decided == decided
    assert made.type == ("decision" if decided else "moment")
    assert (made.decision is not None, bool(made.question)) == (decided, decided)
    assert made.call == call_record(call, None, REDACTOR)
    failed = replace(allowed, errors=("payload: x",))
    refused = replace(allowed, verdict=Verdict.DENY, reasons=("internal-fault",))
    for other in (failed, refused):
        kept = decision_event(at="t", agent="a", call=call, decision=other, redactor=REDACTOR)
        assert (kept.type, kept.decision is not None) == ("decision", True)


def test_arguments_of_tools() -> None:
    call = ToolCall(
        "a",
        "mcp__db__query",
        ToolKind.MCP,
        server="db",
        server_tool="query",
        input={
            "sql": "select 1",
            "limit": 10,
            "api_key": "plainsecretword",
            "content": "plainsecretword",
            "newString": "plainsecretword",
            "rows": ["plainsecretword"],
            "more": {"plainsecretword": 1},
            "long": "x" * 201,
            "flag": True,
            "nothing": None,
        },
    )
    found = call_record(call, None, REDACTOR)
    arguments = dict(found.arguments)
    assert str(arguments.pop("api_key")).startswith("[secret:")
    assert arguments == {
        "sql": "select 1",
        "limit": 10,
        "content": "[text: 15 characters]",
        "newString": "[text: 15 characters]",
        "rows": "[list: 1 items]",
        "more": "[map: 1 members]",
        "long": "[text: 201 characters]",
        "flag": True,
        "nothing": None,
    }
    assert "plainsecretword" not in str(found)
    assert (found.server, found.server_tool) == ("db", "query")


def test_bounds_are_told() -> None:
    long = ToolCall("a", "Bash", ToolKind.SHELL, commands=("echo " + "word " * LONGEST_RAW,))
    found = call_record(long, None, REDACTOR)
    assert found.cut
    assert len(found.commands[0]) <= LONGEST_RAW
    kept = call_record(long, Question("a", "shell", command="x" * (LONGEST_COMMAND + 1)), REDACTOR)
    assert (kept.cut, len(kept.commands[0])) == (True, LONGEST_COMMAND)
    many = ToolCall("a", "Read", ToolKind.READ, paths=tuple(f"/p/{n}" for n in range(MOST + 1)))
    assert (call_record(many, None, REDACTOR).cut, len(call_record(many, None, REDACTOR).paths)) == (True, MOST)
    short = ToolCall("a", "Bash", ToolKind.SHELL, commands=("ls",))
    assert not call_record(short, None, REDACTOR).cut


def test_half_a_secret_is_not_shown() -> None:
    """A cut goes through no word, and not through a private key."""
    token = "ghp_" + "a1B2c3D4" * 5
    for before in range(LONGEST_RAW - 60, LONGEST_RAW + 1):
        call = ToolCall("a", "Bash", ToolKind.SHELL, commands=("x" * before + " " + token + " tail" * 100,))
        assert token[:12] not in str(call_record(call, None, REDACTOR))
    key = "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkq hkiG9w0BAQEFAASC\n" * 100
    call = ToolCall("a", "Bash", ToolKind.SHELL, commands=(f"echo '{key}'",))
    assert "MIIEv" not in str(call_record(call, None, REDACTOR))


@pytest.mark.parametrize("secret", ["ghp_" + "a1B2c3D4" * 5, "sk-ant-api03-" + "Ab1_" * 20, "AKIAIOSFODNN7EXAMPLX"])
def test_secrets_in_any_text_field_of_a_call(secret: str) -> None:
    given_ = {
        each.name: f"{secret}"
        for each in fields(ToolCall)
        if each.type is str and each.name not in ("agent", "session", "call")
    }
    call = replace(ToolCall("a", "t", ToolKind.MCP), **given_)  # type: ignore[arg-type]  # text fields only
    call = replace(
        call,
        commands=(f"deploy --token {secret}",),
        argvs=(("x", secret),),
        paths=(f"/p/{secret}",),
        urls=(f"https://u:{secret}@x.test/?k={secret}",),
        input={secret: 1, "q": secret, "n": [secret]},
    )
    decision = replace(DECISION, message=f"refused {secret}", errors=(f"no {secret}",))
    event = decision_event(at="t", agent=secret, call=call, decision=decision, redactor=REDACTOR)
    assert secret not in canonical(event).decode()
    assert secret[6:20] not in canonical(event).decode()


@given(st.text(st.characters(codec=None), max_size=60), st.sampled_from(list(ToolKind)))
def test_any_text_makes_an_event(text: str, kind: ToolKind) -> None:
    call = ToolCall(
        text, text, kind, commands=(text,), paths=(text,), urls=(text,), cwd=text, session=text, input={text: text}
    )
    event = decision_event(at="t", agent=text, call=call, decision=ALLOW, redactor=REDACTOR)
    assert msgspec.json.decode(canonical(event))["type"] == "decision"


def test_not_understood() -> None:
    decision = Decision(Verdict.DENY, ("hook-input-not-understood",), errors=("no tool_name",), mode=Mode.MONITOR)
    event = decision_event(at="t", agent="cursor", call=None, decision=decision, redactor=REDACTOR)
    assert event == Event(
        type="decision",
        at="t",
        schema_version=1,
        channel="hook",
        actor=Actor(agent="cursor"),
        decision=DecisionRecord("deny", "monitor", ("hook-input-not-understood",), errors=("no tool_name",)),
    )
