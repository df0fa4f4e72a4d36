"""OpenHands' hooks.

Source, read 2026-11: OpenHands/software-agent-sdk:openhands-sdk/openhands/sdk/hooks. Only the first file found is
read, the project's before the user's. Its keys are the events, in snake case or in Claude Code's with or without
`hooks` around them; the same event twice, or an unknown key, drops the file.
"""

from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.entries import command, grouped
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.agents.hooks.replies import decision, encoder
from spawngate.model.artifact import Scope

_EVENTS = {
    "pre_tool_use": ("PreToolUse", True),
    "post_tool_use": ("PostToolUse", False),
    "user_prompt_submit": ("UserPromptSubmit", False),
    "session_start": ("SessionStart", False),
}

HOOK = Hook(
    decode=decoder("openhands", Shape(mcp_form="single", folder=("OPENHANDS_PROJECT_DIR",))),
    encode=encoder(decision()),
    asks="no",
    environment=("OPENHANDS_PROJECT_DIR",),
    form="shell",
    mcp_form="single",
    registration=Registration(
        files=(
            HookFile(
                "~/.openhands/hooks.json",
                Scope.USER,
                insertions=tuple(
                    grouped(
                        event,
                        command(10),
                        root=(),
                        needed=needed,
                        alternatives=(("hooks", pascal), ("hooks", event), (pascal,)),
                    )
                    for event, (pascal, needed) in _EVENTS.items()
                ),
                dropped_whole=True,
            ),
        ),
        ignored_when={"project file": "a project's .openhands/hooks.json is read in place of the user's"},
    ),
)
