"""Requests as agents export them: the shapes were read off the real agents (see `otlp.told`)."""

from typing import Any

SESSION = "ed087198-2e55-405d-91f4-4e3db7a7412c"
TIME = 1_795_308_946_787_000_000
AT = "2026-11-22T00:55:46.787000Z"


def value(given: Any) -> dict[str, Any]:
    """An AnyValue in JSON."""
    if isinstance(given, bool):
        return {"boolValue": given}
    if isinstance(given, int):
        return {"intValue": str(given)}
    if given is None:
        return {}
    return {"stringValue": given}


def request(*records: dict[str, Any], **resource: Any) -> dict[str, Any]:
    """A whole request."""
    pairs = [{"key": key.replace("__", "."), "value": value(each)} for key, each in resource.items()]
    logs = [{"scope": {"name": "events", "version": "1"}, "logRecords": list(records)}]
    return {"resourceLogs": [{"resource": {"attributes": pairs}, "scopeLogs": logs}]}


def record(body: str | None, time: int = TIME, name: str = "", /, **attributes: Any) -> dict[str, Any]:
    """One record; names of attributes with two underscores for a dot."""
    return {
        "timeUnixNano": str(time),
        "observedTimeUnixNano": str(TIME),
        "severityNumber": 9,
        "severityText": "INFO",
        "body": value(body),
        "eventName": name,
        "attributes": [{"key": key.replace("__", "."), "value": value(each)} for key, each in attributes.items()],
    }


def claude(decision: str = "accept", command: str = "echo hi > made.txt", **more: Any) -> dict[str, Any]:
    """Claude Code 2.1.330 with OTEL_LOG_TOOL_DETAILS."""
    given: dict[str, Any] = {
        "session__id": SESSION,
        "user__email": "ada@example.org",
        "event__name": "tool_decision",
        "event__sequence": 5,
        "decision": decision,
        "source": "config",
        "tool_name": "Bash",
        "tool_use_id": "toolu_0001",
        "tool_parameters": f'{{"bash_command":"echo","full_command":"{command}","description":"scripted"}}',
        "permission_mode": "default",
    } | more
    return record("claude_code.tool_decision", **given)


def codex(decision: str = "approved") -> dict[str, Any]:
    """Codex CLI 0.169."""
    return record(
        None,
        0,
        "event otel/src/events/session_telemetry.rs:1225",
        event__name="codex.tool_decision",
        tool_name="exec_command",
        call_id="call_0001",
        decision=decision,
        source="Config",
        conversation__id=SESSION,
    )


def gemini(name: str = "gemini_cli.tool_call", decision: str = "accept") -> dict[str, Any]:
    """Gemini CLI, and Qwen Code by another name."""
    return record(
        "Tool call: run_shell_command. Decision: accept. Success: true. Duration: 44ms.",
        event__name=name,
        session__id=SESSION,
        call_id="call_0001",
        function_name="run_shell_command",
        function_args='{\n  "command": "git push",\n  "description": "x"\n}',
        decision=decision,
        success=True,
        mcp_server_name=None,
    )
