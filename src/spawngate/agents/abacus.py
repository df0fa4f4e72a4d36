"""Abacus AI Desktop and command line (Abacus.AI).

Sources, read 2026-11: https://abacus.ai/help/abacusai-desktop/mcp-configuration (one mcp.json for desktop, editor
extension and command line; a project's definition hides a user's), /help/abacusai-desktop/hooks-reference (hooks in
config.json, the project's only in a trusted workspace, `disableAllHooks` in any file stops all). Not documented: any
other key of config.json, and where trust and approvals are kept. The reader takes the keys that Claude Code has.
"""

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.hooks.dialects.abacus import HOOK
from spawngate.agents.readers import many
from spawngate.agents.readers.claude_shaped import ClaudeSettings
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.model.artifact import Scope

FIELDS = Fields(env_file=(), trust=(), sandbox=())

_CONFIG = many(ClaudeSettings(), Hooks())

AGENT = Agent(
    id="abacus",
    name="Abacus AI Desktop",
    vendor="Abacus.AI",
    detect=Detect(binaries=("abacusai",), paths=("~/.abacusai",)),
    locations=(
        Location("~/.abacusai/mcp.json", Scope.USER, Servers(fields=FIELDS)),
        Location("{project}/.abacusai/mcp.json", Scope.PROJECT, Servers(fields=FIELDS)),
        Location("~/.abacusai/config.json", Scope.USER, _CONFIG),
        Location("{project}/.abacusai/config.json", Scope.PROJECT, _CONFIG),
    ),
    hook=HOOK,
    notes={
        "trust": "hooks of a project run only in a trusted workspace; where trust is kept is not documented",
        "approval": "whether a project's servers need an approval is not documented; they count as in force",
        "command line": "files given with --settings leave no trace on disk",
    },
)
