"""Reasonix's hooks.

Sources, read 2026-11: esengine/reasonix:src/hooks.ts, esengine/DeepSeek-Reasonix:internal/hook. Exit code 2 blocks,
and so does a time-out (in milliseconds); a crash lets the call run. Output is not read as JSON.
"""

from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.agents.hooks.replies import encoder, exit_2
from spawngate.model.artifact import Scope
from spawngate.model.json import Json


def _entry(event: str) -> dict[str, Json]:
    match: dict[str, Json] = {"match": "*"} if "Tool" in event else {}
    return {**match, "command": "{command}", "description": "Spawngate", "timeout": 10_000}


HOOK = Hook(
    decode=decoder("reasonix", Shape(mcp_form="double")),
    encode=encoder(exit_2),
    asks="no",
    form="shell",
    mcp_form="double",
    registration=Registration(
        files=(
            HookFile(
                "~/.reasonix/settings.json",
                Scope.USER,
                insertions=tuple(
                    Insertion(("hooks", event), _entry(event), event=event, needed=event == "PreToolUse")
                    for event in ("PreToolUse", "UserPromptSubmit", "PostToolUse")
                ),
            ),
        ),
    ),
)
