"""How long each agent waits for an MCP server's first answer, and how much of that a probe may take.

The figures were measured with servers that stay silent, and are the agents' documented defaults where nothing could be
measured. An agent that is not listed waits for what most wait for.
Must not be here: what an entry states about itself (the reader of its file), and the probe.
"""

from collections.abc import Mapping

SECONDS: Mapping[str, float] = {
    "claude-code": 20.0,  # goes on after 2 s to 7 s and takes the server in when it answers; MCP_TIMEOUT is 30 s
    "codex-cli": 1.0,  # goes on without the server, unless the entry says `required`
    "copilot-cli": 65.0,
    "gemini-cli": 150.0,
    "opencode": 30.0,
    "qwen-code": 60.0,
}
USUAL = 30.0
STATED: Mapping[str, float] = {
    "startup_timeout_sec": 1.0,
    "startup_timeout_ms": 0.001,
    "startupTimeoutMs": 0.001,
    "connectionTimeout": 0.001,
}
"""Keys under which an entry says how long its server may take to start, and their unit in seconds. `timeout` is none of
them: for most agents that is the time for one call."""
PART = 0.6
"""Of the time that an agent waits: the server starts once more after the probe."""
SHORTEST, LONGEST = 2.0, 60.0
"""Below SHORTEST no interpreter has started: the agent then goes on without the server once, and the next start, which
needs no probe, is in time."""


def stated_seconds(entry: Mapping[str, object]) -> float:
    """Seconds that an entry gives its server to start; 0 where it does not say."""
    for key, unit in STATED.items():
        value = entry.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e9:
            return value * unit
    return 0.0


def probe_seconds(agent: str, stated: float = 0) -> float:
    """Seconds that a probe may take. `stated`: what the entry gives its server to start; 0 where it does not say."""
    waits = stated if stated > 0 else SECONDS.get(agent, USUAL)
    return round(min(max(waits * PART, SHORTEST), LONGEST), 3)
