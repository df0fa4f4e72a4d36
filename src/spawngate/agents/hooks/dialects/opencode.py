"""OpenCode's hook: a plugin that we generate, for 1.x and 2.x.

Sources, read 2026-11: anomalyco/opencode:packages/plugin/src and https://opencode.ai/v2/docs/build/plugins; behaviour
as 1.18.33 showed it. An error thrown before the tool runs is the only refusal that every release obeys; nothing is
asked.
"""

from spawngate.agents.formats import Format
from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.plain import plugin_encoder
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.model.artifact import Scope

HOOK = Hook(
    decode=decoder("opencode", Shape(mcp_form="single")),
    encode=plugin_encoder(asks=False),
    asks="no",
    form="plugin",
    mcp_form="single",
    registration=Registration(
        files=(HookFile("~/.config/opencode/plugin/spawngate.js", Scope.USER, Format.TEXT, plugin="opencode"),),
        ignored_when={"pure": "--pure and OPENCODE_PURE load no plugin"},
    ),
    notes={
        "load": "a plugin that cannot be loaded is skipped, and every call runs",
        "sub-agents": "a sub-agent shows only by its own session",
    },
)
