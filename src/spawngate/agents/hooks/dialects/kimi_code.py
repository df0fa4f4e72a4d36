"""Kimi Code's hooks.

Source: a reading of the source of 2.0.2 (2026-11). Only the user's file is read, strictly: one unknown key or event
drops all hooks. No question is known.
"""

from spawngate.agents.formats import Format
from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.agents.hooks.replies import encoder, nested
from spawngate.model.artifact import Scope
from spawngate.model.json import Json


def _entry(event: str) -> dict[str, Json]:
    matcher: dict[str, Json] = {"matcher": ".*"} if "Tool" in event else {}
    return {"event": event, **matcher, "command": "{command}", "timeout": 10}


HOOK = Hook(
    decode=decoder("kimi-code", Shape()),
    encode=encoder(nested),
    asks="no",
    form="shell",
    mcp_form="double",
    registration=Registration(
        files=(
            HookFile(
                "~/.kimi-code/config.toml",
                Scope.USER,
                Format.TOML,
                insertions=tuple(
                    Insertion(("hooks",), _entry(event), event=event, needed=event == "PreToolUse")
                    for event in ("PreToolUse", "UserPromptSubmit", "PostToolUse", "SessionStart")
                ),
                dropped_whole=True,
            ),
        ),
    ),
)
