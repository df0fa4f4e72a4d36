"""How one agent's hook speaks, as a value: what an agent's module fills in as `Agent.hook`.

Belongs here: the types. Must not be here: any agent's facts, file access, decisions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from spawngate.agents.hooks.registration import Registration
from spawngate.model.call import HookReply, ToolCall
from spawngate.model.decision import Decision
from spawngate.model.json import Json


@dataclass(frozen=True, slots=True)
class Loaded:
    """A payload whose JSON has been decoded."""

    source: Mapping[str, Json]
    problems: tuple[str, ...] = ()
    """What was wrong with its text."""


Payload = bytes | Loaded
"""As the agent sent it, or decoded already."""

Decode = Callable[[Payload, Mapping[str, str]], ToolCall]
"""A payload and the few environment variables that tell (names of `Hook.environment`) to a call. Raises HookInputError
for what is no payload, and nothing else."""

Encode = Callable[[Decision, ToolCall | None], HookReply]
"""The answer in the agent's own words. Total. `log` and, in monitor mode, everything is `no opinion`."""


McpForm = Literal["double", "cursor", "prefixed", "at", "bare-double", "single", "dash", "fields"]
"""How a tool of an MCP server is named: `mcp__s__t`, `MCP:t`, `mcp_s_t`, `@s/t`, `s__t`, `s_t`, `s-t`, or in fields of
its own."""


class HookInputError(Exception):
    """The payload could not be understood. The message names what was missing, never a value."""


@dataclass(frozen=True, slots=True)
class Hook:
    """One agent's hook."""

    decode: Decode
    encode: Encode
    asks: Literal["yes", "terminal", "no"] = "no"
    """Whether an `ask` is truly enforced: always, only with a person at a terminal, or never (then it is sent as a deny
    that says how to approve)."""
    environment: tuple[str, ...] = ()
    """Environment variables that the decoder may look at."""
    fails_closed: bool = False
    """The agent has a switch of its own that blocks when the hook fails, and our registration sets it."""
    form: Literal["exec", "shell", "script", "plugin"] = "shell"
    """How the agent starts the hook."""
    timeout: float = 10.0
    """Seconds that our registration asks for."""
    mcp_form: McpForm = "double"
    """How its hook names the tool of an MCP server."""
    registration: Registration | None = None
    """What is written where to have it called."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """Known gaps, by topic, for the coverage table."""
