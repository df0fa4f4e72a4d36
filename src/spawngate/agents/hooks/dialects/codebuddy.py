"""CodeBuddy's hooks: Claude Code's schema, payloads and answers.

Source: third-party readings of 2026-11. Whether its `ask` is enforced was not seen, so a question is refused.
"""

from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.entries import command, grouped, informing
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.agents.hooks.replies import encoder, nested
from spawngate.model.artifact import Scope

HOOK = Hook(
    decode=decoder("codebuddy", Shape(subagent=("agent_id",))),
    encode=encoder(nested),
    asks="no",
    form="shell",
    mcp_form="double",
    registration=Registration(
        files=(
            HookFile(
                "~/.codebuddy/settings.json",
                Scope.USER,
                insertions=(grouped("PreToolUse", command(10)), *informing(command(10))),
            ),
        ),
    ),
    notes={"failures": "not seen; taken to be Claude Code's"},
)
