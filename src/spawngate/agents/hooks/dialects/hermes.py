"""Hermes Agent's shell hooks.

Source, read 2026-11: NousResearch/hermes-agent:agent/shell_hooks.py. Each pair of event and command needs a person's
approval once, kept in a file of its own; without it the hook is skipped where nobody sits at a terminal. The JSON
answer blocks in every version, exit code 2 and `fail_closed` only in newer ones. `pre_llm_call` comes once a turn and
tells what the person wrote (`user_message`).
"""

from collections.abc import Mapping

from spawngate.agents.document import Platform
from spawngate.agents.formats import Format
from spawngate.agents.hooks.decode import Payload, Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.payload import Reader
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.agents.hooks.replies import encoder, printed
from spawngate.model.artifact import Scope
from spawngate.model.call import HookEvent, HookReply, ToolCall
from spawngate.model.decision import Verdict

_EVENTS = {"pre_tool_call": True, "post_tool_call": False, "on_session_start": False, "pre_llm_call": False}
_HOMES: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("~/.hermes", ("linux", "macos")),
    ("%LOCALAPPDATA%/hermes", ("windows",)),
)


def reshape(source: Payload, reader: Reader) -> Payload:
    """What further events tell lies under `extra`."""
    extra = source.get("extra")
    if not isinstance(extra, Mapping):
        return source
    found = {name: extra[name] for name in ("result", "tool_call_id", "user_message", "prompt") if name in extra}
    return {**found, **source}


def write(verdict: Verdict, text: str, call: ToolCall | None) -> HookReply:
    """Its own form of a refusal."""
    return printed({"action": "block", "message": text})


def _hook(event: str, needed: bool) -> Insertion:
    tool = {"matcher": ".*"} if "tool" in event else {}
    closed = {"fail_closed": True} if event == "pre_tool_call" else {}
    return Insertion(
        ("hooks", event), {"command": "{command}", **tool, "timeout": 10, **closed}, event=event, needed=needed
    )


HOOK = Hook(
    decode=decoder("hermes", Shape(mcp_form="prefixed", reshape=reshape, events={"pre_llm_call": HookEvent.PROMPT})),
    encode=encoder(write),
    asks="no",
    fails_closed=True,
    form="exec",
    mcp_form="prefixed",
    registration=Registration(
        files=tuple(
            file
            for home, on in _HOMES
            for file in (
                HookFile(
                    f"{home}/config.yaml",
                    Scope.USER,
                    Format.YAML,
                    insertions=tuple(_hook(event, needed) for event, needed in _EVENTS.items()),
                    on=on,
                ),
                HookFile(
                    f"{home}/shell-hooks-allowlist.json",
                    Scope.USER,
                    insertions=tuple(
                        Insertion(("approvals",), {"event": event, "command": "{command}"}, event=event, needed=needed)
                        for event, needed in _EVENTS.items()
                    ),
                    on=on,
                ),
            )
        ),
        fail_closed="fail_closed",
        consent="allowlist",
        consent_how="`spawngate protect` writes the approval; without it `hermes` asks at its next start on a terminal",
        ignored_when={"HERMES_SAFE_MODE": "the variable skips hooks", "HERMES_HOME": "the variable moves the files"},
    ),
)
