"""Crush's hooks.

Source, read 2026-11: charmbracelet/crush:docs/hooks and internal/hooks. Commands run in its own POSIX shell on every
system. No question is known; no opinion would leave it to Crush's prompt, which `--yolo` and allow lists skip, so a
question is refused.
"""

from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.agents.hooks.replies import decision, encoder
from spawngate.model.artifact import Scope

_INSERTIONS = (
    Insertion(
        ("hooks", "PreToolUse"),
        {"name": "spawngate", "command": "{posix}", "timeout": 10},
        event="PreToolUse",
    ),
)

HOOK = Hook(
    decode=decoder(
        "crush", Shape(mcp_form="prefixed", folder=("CRUSH_CWD", "CRUSH_PROJECT_DIR"), session=("CRUSH_SESSION_ID",))
    ),
    encode=encoder(decision(extra={"version": 1})),
    asks="no",
    environment=("CRUSH_CWD", "CRUSH_PROJECT_DIR", "CRUSH_SESSION_ID"),
    form="shell",
    mcp_form="prefixed",
    registration=Registration(
        files=(
            HookFile("~/.config/crush/crush.json", Scope.USER, insertions=_INSERTIONS, on=("linux", "macos")),
            HookFile("%LOCALAPPDATA%/crush/crush.json", Scope.USER, insertions=_INSERTIONS, on=("windows",)),
        ),
    ),
    notes={"sub-agents": "calls of a sub-agent reach no hook, only the call of the `agent` tool does"},
)
