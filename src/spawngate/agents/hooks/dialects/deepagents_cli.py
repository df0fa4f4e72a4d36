"""Deep Agents CLI's hooks.

Source, read 2026-11: langchain-ai/deepagents:libs/code/HOOKS.md. Claude Code's events, names of tools and answers;
with `argv` a handler runs without a shell. Its `ask` interrupts the run, but a client that approves everything may
answer it, so a question is refused.
"""

from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.entries import command, grouped, informing
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.agents.hooks.replies import encoder, nested
from spawngate.model.artifact import Scope

_HANDLER = command(10, {"argv": ["{program}", "{args}"]})

HOOK = Hook(
    decode=decoder("deepagents-cli", Shape()),
    encode=encoder(nested),
    asks="no",
    form="exec",
    mcp_form="double",
    registration=Registration(
        files=(
            HookFile(
                "~/.deepagents/hooks.json",
                Scope.USER,
                insertions=(grouped("PreToolUse", _HANDLER), *informing(_HANDLER)),
            ),
        ),
    ),
)
