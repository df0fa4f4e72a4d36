"""VS Code's hooks: the contract of its own (local) harness; its Copilot, Claude and Codex sessions speak those
dialects.

Source, read 2026-11: https://code.visualstudio.com/docs/copilot/customization/hooks. Matchers are ignored.
"""

from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.agents.hooks.replies import EMPTY, encoder, nested
from spawngate.agents.hooks.tools import OTHER
from spawngate.model.artifact import Scope
from spawngate.model.json import Json

_ENTRY: dict[str, Json] = {"type": "command", "command": "{command}", "timeout": 10}

HOOK = Hook(
    decode=decoder("vscode", Shape(tools={"run_vscode_command": OTHER}, mcp_form="prefixed")),
    encode=encoder(nested, nothing=EMPTY, asks=True),
    asks="yes",
    form="shell",
    mcp_form="prefixed",
    registration=Registration(
        files=(
            HookFile(
                "~/.copilot/hooks/spawngate-vscode.json",
                Scope.USER,
                insertions=(
                    Insertion(("hooks", "PreToolUse"), _ENTRY, event="PreToolUse"),
                    *(
                        Insertion(("hooks", event), _ENTRY, event=event, needed=False)
                        for event in ("UserPromptSubmit", "PostToolUse", "SessionStart")
                    ),
                ),
            ),
        ),
        ignored_when={
            "chat.useHooks": "the setting or the policy ChatHooks switches hooks off",
            "chat.hookFilesLocations": "the setting can leave out ~/.copilot/hooks",
            "bypass": "a deny was reported without effect while approvals are bypassed (microsoft/vscode#322227)",
        },
    ),
    notes={"ask": "the Copilot App ignores ask (github/app#228)"},
)
