"""Artifacts: the redacted records of the inventory, and the words they are described with.

Belongs here: the kinds, scopes and states of an artifact, its launch definition and the record itself.
Must not be here: raw values as read from disk (`model.observed`), and any code that turns those into
these (`redact`, the only place that builds an `Artifact`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from spawngate.model.json import Json


class Kind(StrEnum):
    """What an artifact is. The list stays open: readers must accept a kind they do not know."""

    AGENT = "agent"
    MCP_SERVER = "mcp_server"
    EXTENSION = "extension"
    SKILL = "skill"
    PLUGIN = "plugin"
    SECRET = "secret"
    HOOK = "hook"
    CLI = "cli"
    INSTRUCTION = "instruction"


class Scope(StrEnum):
    """Whose the definition is, which decides who can change it and which one wins."""

    MANAGED = "managed"
    """Policy of the organisation; a user cannot change it."""
    SYSTEM = "system"
    """Machine-wide default, below the user's own."""
    USER = "user"
    PROFILE = "profile"
    """One of several profiles of one user, as in VS Code."""
    PROJECT = "project"
    """In the repository, shared with everyone who clones it."""
    LOCAL = "local"
    """For one project and one user, not shared."""
    PLUGIN = "plugin"
    """Brought along by a plugin or an agent's own extension."""
    EXTENSION = "extension"
    """Brought along by an editor or browser extension or an MCP bundle."""
    SUBAGENT = "subagent"
    """In force only while one sub-agent of the agent runs."""
    PROCESS = "process"
    """Seen only in the process table."""


class Status(StrEnum):
    """Whether the artifact takes effect, as far as the agent's own files tell."""

    ENABLED = "enabled"
    """In force; the agent asks nobody for this kind and scope."""
    APPROVED = "approved"
    """In force because a person approved it."""
    PENDING = "pending"
    """Not in force until a person approves it."""
    DISABLED = "disabled"
    """Switched off by a setting or by the person."""
    SHADOWED = "shadowed"
    """Another definition of the same name wins."""
    BLOCKED = "blocked"
    """Forbidden by a managed list."""
    INSTALLED = "installed"
    """Present on the machine (agents, extensions, command-line tools)."""
    CONFIGURED = "configured"
    """Configuration is present, the program was not found."""
    UNREADABLE = "unreadable"
    """The file is there and could not be read or understood."""
    UNKNOWN = "unknown"
    """The agent keeps the answer where Spawngate cannot read it."""


class Transport(StrEnum):
    """How the agent speaks to the server."""

    STDIO = "stdio"
    HTTP = "http"
    """Streamable HTTP."""
    SSE = "sse"
    WEBSOCKET = "ws"
    BUILTIN = "builtin"
    """Inside the agent itself, no process and no address."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Launch:
    """What starts an MCP server, redacted. `command` and `args` are exactly as written but for secrets."""

    transport: Transport
    command: str | None = None
    args: tuple[str, ...] = ()
    env_names: tuple[str, ...] = ()
    """Sorted names of the environment variables that the definition sets."""
    cwd: str | None = None
    url: str | None = None
    header_names: tuple[str, ...] = ()
    """Sorted names of the HTTP headers that the definition sets."""
    package: str | None = None
    """Package URL (purl) of what would run, where the launcher names one."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Redacted values of the variables, by name; a reference such as `${TOKEN}` stays readable."""
    env_file: str | None = None
    header_command: str | None = None
    """A command the agent runs to obtain headers (Claude Code `headersHelper`), redacted."""
    digest: str | None = None
    """SHA-256 of the local script or executable that the launch names, where it could be read."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """One thing on one endpoint. Safe to print, store and send: nothing secret is in it."""

    kind: Kind
    id: str
    """Which artifact: endpoint, kind, agent, scope, path and name, hashed. Survives every change of content."""
    fingerprint: str
    """What it would run or do, hashed. Survives the rotation of a secret; the same on every endpoint."""
    agent: str
    """Id of the agent that owns or launches it; empty where no agent does."""
    scope: Scope
    name: str
    path: str
    """The file or folder it was read from."""
    status: Status
    detail: Mapping[str, Json] = field(default_factory=dict)
    """Kind-specific, redacted. Keys are listed in docs/inventory.md."""
    launch: Launch | None = None
    """For MCP servers, and for hooks and agents that start a process."""
