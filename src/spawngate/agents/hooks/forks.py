"""The hook of an agent that copied Claude Code's whole schema: files, payloads and answers.

Belongs here: what such copies share as long as nobody has seen them differ. Sources of each stand in its dialect.
Must not be here: an agent of which something of its own is known (`agents.hooks.dialects`).
"""

from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.entries import command, grouped, informing
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.agents.hooks.replies import encoder, nested
from spawngate.model.artifact import Scope

SECONDS = 10


def fork(agent: str, settings: str) -> Hook:
    """The hook of `agent`, whose settings file is `settings` (a template as in `HookFile`).

    Whether such a copy enforces `ask` was not seen, so a question is refused.
    """
    handler = command(SECONDS)
    return Hook(
        decode=decoder(agent, Shape(subagent=("agent_id",))),
        encode=encoder(nested),
        asks="no",
        form="shell",
        mcp_form="double",
        registration=Registration(
            files=(HookFile(settings, Scope.USER, insertions=(grouped("PreToolUse", handler), *informing(handler))),)
        ),
        notes={"failures": "not seen; taken to be Claude Code's"},
    )
