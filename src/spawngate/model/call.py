"""Tool calls: what an agent is about to do, as its hook told us, and what it is answered.

Holds raw text of commands and files: nothing here may be written or sent before `redact` has seen it.
Must not be here: how one agent speaks (`agents.hooks`), and what a command really runs (`command`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from spawngate.model.json import Json

Dialect = Literal["posix", "powershell", "cmd"]
"""The shell that will interpret a command's text."""


class ToolKind(StrEnum):
    """What kind of thing a tool does, whatever its agent calls it."""

    SHELL = "shell"
    READ = "read"
    WRITE = "write"
    """Creates, replaces, edits, moves or deletes files."""
    FETCH = "fetch"
    SEARCH = "search"
    """Looks through files or the web; reads nothing whole."""
    MCP = "mcp"
    SUBAGENT = "subagent"
    OTHER = "other"


class HookEvent(StrEnum):
    """The moment that the agent told us of."""

    BEFORE_TOOL = "before-tool"
    PERMISSION = "permission"
    """The agent is about to ask its user; decided like BEFORE_TOOL."""
    PROMPT = "prompt"
    AFTER_TOOL = "after-tool"
    SESSION_START = "session-start"
    SESSION_END = "session-end"
    CONFIG_CHANGE = "config-change"
    OTHER = "other"

    @property
    def decided(self) -> bool:
        """A verdict follows. All others only tell: nothing is asked, and nothing is permitted."""
        return self is HookEvent.BEFORE_TOOL or self is HookEvent.PERMISSION


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of one file. Where `old` is None the whole content is `new`; where `new` is None the file goes (to
    `moved_to`, where that is given). Where `old` is empty, `new` is added at a place that the call does not tell."""

    path: str
    old: str | None = field(default=None, repr=False)
    new: str | None = field(default=None, repr=False)
    everywhere: bool = False
    """Every occurrence of `old` is replaced."""
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of one tool, in one form for all agents. Fields that the agent does not tell are empty."""

    agent: str
    """Id of the agent that calls."""
    tool: str
    """The tool's name as the agent says it."""
    kind: ToolKind
    event: HookEvent = HookEvent.BEFORE_TOOL
    commands: tuple[str, ...] = field(default=(), repr=False)
    """SHELL: texts that a shell of `dialect` will interpret, one call of a shell each."""
    argvs: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    """SHELL: commands that are given as words and that no shell interprets."""
    dialect: Dialect = "posix"
    paths: tuple[str, ...] = field(default=(), repr=False)
    """Files or folders that it names, as given; those of `edits` too."""
    edits: tuple[Edit, ...] = field(default=(), repr=False)
    urls: tuple[str, ...] = field(default=(), repr=False)
    server: str = ""
    """MCP: the server's name, resolved against the inventory where the agent's form is ambiguous."""
    server_tool: str = ""
    prompt: str = field(default="", repr=False)
    """PROMPT: what the person wrote; SUBAGENT: what the sub-agent is told."""
    response: str = field(default="", repr=False)
    """AFTER_TOOL: what the tool gave back, as text."""
    input: Mapping[str, Json] = field(default_factory=dict, repr=False)
    """The tool's input as the agent gives it."""
    server_command: tuple[str, ...] = field(default=(), repr=False)
    """MCP: program and arguments that the agent says it started the server with (Gemini CLI, Cursor)."""
    server_url: str = field(default="", repr=False)
    """MCP: the server's address where the agent tells it."""
    cwd: str = ""
    session: str = ""
    turn: str = ""
    """The agent's id of the turn or generation that the call belongs to."""
    call: str = ""
    """The agent's id of this call."""
    event_name: str = ""
    """The event as the agent calls it (`PreToolUse`, `beforeShellExecution`)."""
    permission_mode: str = ""
    """As the agent calls it (`bypassPermissions`, `yolo`); empty where it does not say."""
    subagent: bool = False
    """The call comes from a sub-agent."""
    problems: tuple[str, ...] = ()
    """What of the payload was not understood. Names fields, never values."""


@dataclass(frozen=True, slots=True)
class HookReply:
    """Everything our hook process does: it writes these bytes once and exits with this code."""

    stdout: bytes = b""
    stderr: bytes = b""
    exit_code: int = 0
