"""Grok Build's hooks.

Sources, read 2026-11: https://docs.x.ai/build/features/hooks and a reading of the binary 1.0.40. It runs Claude
Code's and Cursor's files too unless that is switched off. Its own time-out is 5 s; a refusal counts on any exit code.
"""

from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.entries import command, grouped, informing
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.agents.hooks.replies import decision, encoder
from spawngate.model.artifact import Scope

HOOK = Hook(
    decode=decoder(
        "grok-build", Shape(mcp_form="bare-double", folder=("GROK_WORKSPACE_ROOT",), session=("GROK_SESSION_ID",))
    ),
    encode=encoder(decision(), asks=True),
    asks="yes",
    environment=("GROK_HOOK_EVENT", "GROK_SESSION_ID", "GROK_WORKSPACE_ROOT"),
    form="shell",
    mcp_form="bare-double",
    registration=Registration(
        files=(
            HookFile(
                "~/.grok/hooks/spawngate.json",
                Scope.USER,
                insertions=(
                    grouped("PreToolUse", command(10), matcher=".*"),
                    *informing(command(10), events=("UserPromptSubmit", "SessionStart")),
                    grouped("PostToolUse", command(10), matcher=".*", needed=False),
                ),
                dropped_whole=True,
            ),
        ),
    ),
)
