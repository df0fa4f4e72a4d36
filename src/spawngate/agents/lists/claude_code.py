"""Claude Code's managed list: https://code.claude.com/docs/en/managed-mcp, read 2026-11.

A file of its own in managed-settings.d, which Claude Code merges, so that nobody's managed-settings.json is touched.
Must not be here: the entries, which others have too (`agents.lists.claude_shaped`).
"""

from collections.abc import Iterable

from spawngate.agents.formats.edit_values import Operation
from spawngate.agents.lists.allowed import AgentList, AllowedServer, CompiledList, Place
from spawngate.agents.lists.claude_shaped import NOT_COMPARED, compiled

_FILE = "managed-settings.d/50-spawngate-servers.json"
_PLACES = (
    Place(f"/etc/claude-code/{_FILE}", ("linux",)),
    Place(f"/Library/Application Support/ClaudeCode/{_FILE}", ("macos",)),
    Place(f"%PROGRAMFILES%/ClaudeCode/{_FILE}", ("windows",)),
)
_ONLY = Operation(("allowManagedMcpServersOnly",), value=True, how="set", overwrite=True)


def _compile(servers: Iterable[AllowedServer]) -> CompiledList:
    return compiled(servers, _PLACES, (_ONLY,))


LIST = AgentList(_compile, "command-line", NOT_COMPARED, "https://code.claude.com/docs/en/managed-mcp")
