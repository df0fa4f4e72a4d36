"""Goose's hooks, which come from plugins.

Source, read 2026-11: block/goose:documentation/docs/guides/context-engineering/hooks.md. A matcher is a regular
expression, so none is written; a prompt is told in `message`; `on_failure` takes two values, and any other drops the
file.
"""

from spawngate.agents.formats import Format
from spawngate.agents.hooks.decode import Shape, decoder
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.entries import command, grouped, informing
from spawngate.agents.hooks.registration import HookFile, Registration
from spawngate.agents.hooks.replies import decision, encoder
from spawngate.model.artifact import Scope

_FOLDER = "~/.agents/plugins/spawngate"
_MANIFEST = """{
  "name": "spawngate",
  "version": "1.0.0",
  "description": "Spawngate decides before a tool runs"
}
"""

HOOK = Hook(
    decode=decoder("goose", Shape(mcp_form="bare-double")),
    encode=encoder(decision(deny="block")),
    asks="no",
    fails_closed=True,
    form="shell",
    mcp_form="bare-double",
    registration=Registration(
        files=(
            HookFile(f"{_FOLDER}/plugin.json", Scope.USER, Format.TEXT, text=_MANIFEST),
            HookFile(
                f"{_FOLDER}/hooks/hooks.json",
                Scope.USER,
                insertions=(
                    grouped("PreToolUse", command(10, {"on_failure": "block"}), matcher=None),
                    *informing(command(10), events=("SessionStart", "UserPromptSubmit")),
                    grouped("PostToolUse", command(10), matcher=None, needed=False),
                ),
                dropped_whole=True,
            ),
        ),
        fail_closed="on_failure",
        ignored_when={"disabledPlugins": "settings.json can name our plugin there"},
    ),
)
