"""What an agent's own list of allowed MCP servers is made of, whatever the agent.

Belongs here: the approved server that goes in, and the compiled list that comes out.
Must not be here: any agent's format (one module each beside this one), and files (`endpoint.launching.lists`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from spawngate.agents.document import Platform
from spawngate.agents.formats import Format
from spawngate.agents.formats.edit_values import Operation

HOLDS_SECRET = "its command line or address holds a secret, which a list that everybody can read must not"


@dataclass(frozen=True, slots=True)
class AllowedServer:
    """One approved server, as the agent's configuration states it."""

    name: str
    command: str = ""
    args: tuple[str, ...] = ()
    url: str = ""
    secret: bool = False
    """Redaction found a secret in command, arguments or address."""
    env: bool = False
    """The entry sets variables."""
    cwd: bool = False
    """The entry sets a working folder."""

    @property
    def is_remote(self) -> bool:
        """Whether it is reached by an address and not started."""
        return bool(self.url) and not self.command


@dataclass(frozen=True, slots=True)
class Place:
    """One file of one platform; templates as in `agents.agent.Location`."""

    template: str
    on: tuple[Platform, ...]


@dataclass(frozen=True, slots=True)
class CompiledList:
    """One agent's list."""

    places: tuple[Place, ...]
    """Where it is enforced from. Empty: the organisation delivers `text` in the agent's own way, told by `delivery`."""
    format: Format = Format.JSON
    operations: tuple[Operation, ...] = ()
    """What has to stand in the file."""
    text: str = ""
    delivery: str = ""
    left_out: tuple[tuple[str, str], ...] = ()
    """Names of servers that the list cannot hold, and why."""


Compares = Literal["command-line", "program", "name", "registry"]
"""What the agent compares of a server that it would start."""


@dataclass(frozen=True, slots=True)
class AgentList:
    """What one agent can be told."""

    compile: Callable[[Iterable[AllowedServer]], CompiledList]
    """Approved servers, in any order, to the list. Equal servers give equal lists."""
    compares: Compares
    not_compared: tuple[str, ...]
    """What may change without the agent's noticing, each a few words."""
    source: str


def listed(
    servers: Iterable[AllowedServer], *, by_name: bool = False
) -> tuple[list[AllowedServer], list[tuple[str, str]]]:
    """The servers that may go into a list, sorted and each once, and those that may not. `by_name`: nothing but the
    name is written, so that a secret does no harm."""
    unique = sorted(set(servers), key=lambda server: (server.name, server.command, server.args, server.url))
    kept = [server for server in unique if by_name or not server.secret]
    return kept, [] if by_name else [(server.name, HOLDS_SECRET) for server in unique if server.secret]
