"""Codex CLI's list in requirements.toml: name and identity, which is the program or the address.

Sources: openai/codex pull request 9101 and codex-rs/config/src/mcp_requirements.rs (2026). No arguments, no hash. Where
the table is there, what it does not name is switched off; servers of plugins have a table of their own and are held
only by one without entries. Later versions know matchers with arguments (`command` and `args` in the place of
`identity`), which earlier ones refuse to read, and with them the whole file: the released form is written.
Must not be here: approvals, and files (`endpoint.launching.lists`).
"""

from collections.abc import Iterable

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit_values import Operation
from spawngate.agents.lists.allowed import AgentList, AllowedServer, CompiledList, Place, listed
from spawngate.model.json import Json

_PLACES = (
    Place("/etc/codex/requirements.toml", ("linux", "macos")),
    Place("%PROGRAMDATA%/OpenAI/Codex/requirements.toml", ("windows",)),
)
SAME_NAME = "another approved server of that name has another program, and the list holds one for each name"


def _compile(servers: Iterable[AllowedServer]) -> CompiledList:
    kept, left_out = listed(servers)
    table: dict[str, Json] = {}
    for server in kept:
        identity: Json = {"url": server.url} if server.is_remote else {"command": server.command}
        entry: Json = {"identity": identity}
        if table.setdefault(server.name, entry) != entry:
            left_out.append((server.name, SAME_NAME))
    return CompiledList(
        _PLACES,
        Format.TOML,
        (Operation(("mcp_servers",), table, "set", overwrite=True),),
        left_out=tuple(left_out),
    )


LIST = AgentList(
    _compile,
    "program",
    (
        "arguments",
        "variables of the entry",
        "the working folder",
        "the file behind the program's name",
        "servers of plugins",
    ),
    "https://github.com/openai/codex/pull/9101",
)
