"""Pi's hook: an extension that we generate.

Source, read 2026-11: badlogic/pi-mono:packages/coding-agent/docs/extensions.md; behaviour as 0.73.1 showed it. An
error in the handler refuses the call; a question is asked where there is a user interface, else refused.
"""

from spawngate.agents.formats import Format
from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.plain import plugin_encoder
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.model.artifact import Scope

HOOK = Hook(
    decode=decoder("pi", Shape(mcp_form="single")),
    encode=plugin_encoder(asks=True),
    asks="terminal",
    form="plugin",
    mcp_form="single",
    registration=Registration(
        files=(HookFile("~/.pi/agent/extensions/spawngate.ts", Scope.USER, Format.TEXT, plugin="pi"),),
    ),
    notes={"load": "an extension that cannot be loaded is skipped, and every call runs"},
)
