"""`mcp.allowed` of Gemini CLI and Qwen Code: names alone.

Sources, read 2026-11: google-gemini/gemini-cli docs/cli/enterprise.md, which warns that a user may define another
server under an allowed name; packages/core/src/tools/mcp-client-manager.ts and packages/cli/src/config/config.ts there
and in QwenLM/qwen-code. An empty list allows all in some versions and none in others, so a list that allows none names
what cannot exist. The option --allowed-mcp-server-names of a command line takes the list's place.
Must not be here: the files of a particular agent.
"""

from collections.abc import Iterable, Sequence

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit_values import Operation
from spawngate.agents.lists.allowed import AllowedServer, CompiledList, Place, listed
from spawngate.model.json import Json

NOBODY = "spawngate:none"
"""No server of the agent's configuration has this name."""
NOT_COMPARED = (
    "the command line",
    "the address",
    "variables of the entry",
    "the working folder",
    "anything, where --allowed-mcp-server-names is given: it takes the list's place",
)


def compiled(servers: Iterable[AllowedServer], places: Sequence[Place]) -> CompiledList:
    """The list by name."""
    kept, _ = listed(servers, by_name=True)
    names: list[Json] = [*dict.fromkeys(server.name for server in kept)]
    return CompiledList(
        tuple(places), Format.JSONC, (Operation(("mcp", "allowed"), names or [NOBODY], "set", overwrite=True),)
    )
