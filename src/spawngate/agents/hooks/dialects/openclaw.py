"""OpenClaw's hook: a plugin that we generate.

Source, read 2026-11: openclaw/openclaw:docs/plugins/hooks.md. It can ask by itself and refuses when nobody answers; a
handler that runs into the agent's time-out is skipped.
"""

from spawngate.agents.formats import Format
from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.plain import plugin_encoder
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration
from spawngate.model.artifact import Scope

_FOLDER = "~/.openclaw/extensions/spawngate"
_MANIFEST = """{
  "id": "spawngate",
  "name": "Spawngate",
  "description": "Decides before a tool runs",
  "configSchema": {"type": "object", "additionalProperties": false, "properties": {}}
}
"""
_PACKAGE = """{
  "name": "spawngate-openclaw",
  "version": "1.0.0",
  "private": true,
  "type": "module",
  "openclaw": {"extensions": ["./index.ts"]}
}
"""

HOOK = Hook(
    decode=decoder("openclaw", Shape(mcp_form="bare-double")),
    encode=plugin_encoder(asks=True),
    asks="yes",
    form="plugin",
    mcp_form="bare-double",
    registration=Registration(
        files=(
            HookFile(f"{_FOLDER}/index.ts", Scope.USER, Format.TEXT, plugin="openclaw"),
            HookFile(f"{_FOLDER}/openclaw.plugin.json", Scope.USER, Format.TEXT, text=_MANIFEST),
            HookFile(f"{_FOLDER}/package.json", Scope.USER, Format.TEXT, text=_PACKAGE),
            HookFile(
                "~/.openclaw/openclaw.json",
                Scope.USER,
                Format.JSON5,
                insertions=(
                    Insertion(("plugins", "entries", "spawngate", "enabled"), True, how="set", overwrite=True),
                ),
            ),
        ),
    ),
    notes={"load": "a plugin that cannot be loaded is skipped, and every call runs"},
)
