"""Amp's hook: a plugin that we generate.

Source, read 2026-11: https://ampcode.com/manual (plugins). A question is asked in its user interface and refused where
there is none.
"""

from spawngate.agents.formats import Format
from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.plain import plugin_encoder
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.model.artifact import Scope

HOOK = Hook(
    decode=decoder("amp", Shape()),
    encode=plugin_encoder(asks=True),
    asks="terminal",
    form="plugin",
    mcp_form="double",
    registration=Registration(
        files=(HookFile("~/.config/amp/plugins/spawngate.ts", Scope.USER, Format.TEXT, plugin="amp"),),
    ),
    notes={"start": "headless, the first calls can run before plugins are ready: --plugin-ready-timeout 30"},
)
