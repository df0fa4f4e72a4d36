"""Kilo Code's hook: a plugin that we generate, for the interface that it took over from OpenCode 1.x.

Source: a third-party reading of 2026-11. The editor extension of older releases has no hook.
"""

from spawngate.agents.formats import Format
from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.plain import plugin_encoder
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.model.artifact import Scope

HOOK = Hook(
    decode=decoder("kilo-code", Shape(mcp_form="single")),
    encode=plugin_encoder(asks=False),
    asks="no",
    form="plugin",
    mcp_form="single",
    registration=Registration(
        files=(HookFile("~/.config/kilo/plugin/spawngate.js", Scope.USER, Format.TEXT, plugin="opencode-legacy"),),
    ),
    notes={"load": "a plugin that cannot be loaded is skipped, and every call runs"},
)
