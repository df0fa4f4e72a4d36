"""`allowedMcpServers` of Claude Code and of those that took its managed settings over.

Sources, read 2026-11: https://code.claude.com/docs/en/managed-mcp ;
https://docs.github.com/en/copilot/how-tos/administer-copilot/manage-mcp-usage/configure-enterprise-allowlist .
As soon as one entry has `serverCommand`, every server that is started has to match one; the same with `serverUrl` for
those that are reached by an address, where `*` stands for anything. An empty list allows none.
Must not be here: the files of a particular agent.
"""

from collections.abc import Iterable, Sequence

from spawngate.agents.formats.edit_values import Operation
from spawngate.agents.lists.allowed import AllowedServer, CompiledList, Place, listed
from spawngate.model.json import Json

NOT_COMPARED = (
    "variables of the entry",
    "the working folder",
    "the file behind the program's name",
    "the package version behind an unpinned name",
)
PATTERN = "its address holds `*`, which would allow others too"


def compiled(servers: Iterable[AllowedServer], places: Sequence[Place], more: Sequence[Operation] = ()) -> CompiledList:
    """The list by exact command line and exact address, and `more` beside it in the same file."""
    kept, left_out = listed(servers)
    entries: list[Json] = []
    for server in kept:
        if server.is_remote and "*" in server.url:
            left_out.append((server.name, PATTERN))
            continue
        entry: Json = (
            {"serverUrl": server.url} if server.is_remote else {"serverCommand": [server.command, *server.args]}
        )
        if entry not in entries:
            entries.append(entry)
    return CompiledList(
        tuple(places),
        operations=(Operation(("allowedMcpServers",), entries, "set", overwrite=True), *more),
        left_out=tuple(left_out),
    )
