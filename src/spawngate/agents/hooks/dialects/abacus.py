"""Abacus AI Desktop's and CLI's hooks: Claude Code's schema, payloads and answers.

Source, read 2026-11: https://abacus.ai/help/abacusai-desktop/hooks-reference. Only command handlers run; `args` gives
the exec form and `onFailure` closes it. Whether its `ask` is enforced was not seen, so a question is refused.
"""

from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.entries import grouped, informing, program
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.agents.hooks.replies import encoder, nested
from spawngate.model.artifact import Scope

HOOK = Hook(
    decode=decoder("abacus", Shape(subagent=("agent_id",))),
    encode=encoder(nested),
    asks="no",
    fails_closed=True,
    form="exec",
    mcp_form="double",
    registration=Registration(
        files=(
            HookFile(
                "~/.abacusai/config.json",
                Scope.USER,
                insertions=(grouped("PreToolUse", program(10, {"onFailure": "block"})), *informing(program(10))),
            ),
        ),
        fail_closed="onFailure",
    ),
)
