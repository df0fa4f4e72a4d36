"""Facts about a tool call as a whole: the closed vocabulary that rules about calls are written in.

Every field has a neutral default. Facts of the single processes that a shell command starts are `SpawnFacts`.
Must not be here: how facts are established (`command.calls`) and what they mean (`rules`).
"""

from msgspec import Struct


class CallFacts(Struct, frozen=True):
    """What one call of one tool would do."""

    kind: str = "other"
    """shell, read, write, fetch, search, mcp, subagent, other."""
    tool: str = ""
    """The tool's name as the agent says it."""
    agent: str = ""
    subagent: bool = False
    """A sub-agent calls."""
    permission_mode: str = ""
    unattended: bool = False
    """The agent asks nobody in this mode."""

    # -- files, of file tools and of MCP tools that are given paths
    reads: tuple[str, ...] = ()
    read_places: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    write_places: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()
    delete_places: tuple[str, ...] = ()
    switches: tuple[str, ...] = ()
    """What written text would change in an agent's configuration: hooks-off, unattended, servers-approved, server,
    hook,
    traffic, environment, grant."""
    content: tuple[str, ...] = ()
    """What written text holds: private-key, download-and-run, reverse-shell, encoded-run, install-script, orders,
    spawngate-off,
    runs-at-connect, version-control-runs."""

    # -- addresses
    hosts: tuple[str, ...] = ()
    host_kinds: tuple[str, ...] = ()
    plain_http: bool = False
    address_secret: bool = False
    """An address carries something that looks like a key or token."""

    # -- MCP
    server: str = ""
    server_tool: str = ""
    server_known: bool = False
    """The inventory lists the server."""
    server_missing: bool = False
    """An inventory was taken and does not list the server."""
    server_tier: str = ""
    """official, community, unknown; empty where the server is not known."""
    server_capabilities: tuple[str, ...] = ()
    server_approved: bool = False
    server_transport: str = ""
    hints: tuple[str, ...] = ()
    """What the tool's annotations say: destructive, read-only, open-world, idempotent."""
    verbs: tuple[str, ...] = ()
    """What the tool's name says: read, write, delete, send, run, grant, pay, fetch, secret."""
    effects: tuple[str, ...] = ()
    """What the tool does elsewhere, by its name and arguments: destroys, destroys-many, gives-access, makes-public,
    guard-off, moves-money, reads-secret, redirects, adds-server, loosens-server, starts-unattended, odd-address,
    opens-door, remembers-orders, secret-argument, command-in-argument, page-data-sent."""

    # -- shell
    programs: tuple[str, ...] = ()
    """All programs that its commands start."""
    acts: tuple[str, ...] = ()
    """All that its spawns do."""
    spawns: int = 0
    opaque: tuple[str, ...] = ()
    """What of its commands could not be known: unparseable, too-long, too-deep, too-many, too-slow."""

    # -- honesty
    problems: tuple[str, ...] = ()
    """What of the payload was not understood."""
