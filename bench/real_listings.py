"""What real agents print about their own MCP servers, and how it compares with a scan.

Belongs here: one parser for each form of listing, and the comparison; values in, values out. Must not be here:
running an agent (`bench.real_agents`), and knowledge of the files that an agent keeps.

The forms were taken from the output of the programs themselves: Claude Code 2.1.197 and 2.1.330, Codex CLI 0.169.0,
Gemini CLI 0.61.0, Qwen Code 0.15.10 and 0.24.4, Copilot CLI 1.0.102, OpenCode 1.18.33.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

ON, PENDING, OFF = "on", "pending", "off"
STATES = {
    "enabled": ON,
    "approved": ON,
    "pending": PENDING,
    "disabled": OFF,
    "blocked": OFF,
    "shadowed": "shadowed",
}
"""Status words of a scan, as far as agents tell them apart."""
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_TRANSPORTS = {
    "local": "stdio",
    "stdio": "stdio",
    "http": "http",
    "streamable_http": "http",
    "sse": "sse",
    "ws": "ws",
    "remote": "remote",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One server as an agent lists it. None stands for what this agent does not tell."""

    name: str
    transport: str | None = None
    """stdio, http, sse, ws, or `remote` where the agent does not say which of http and sse."""
    launch: str | tuple[str, ...] | None = None
    """The address, the command with its arguments, or the same joined by spaces where the agent prints one line."""
    scope: str | None = None
    """user, project, local or plugin."""
    state: str | None = None
    """ON, PENDING or OFF in the folder in which the agent was asked."""


Listing = dict[str, Listed]


def version(text: str) -> str:
    """The version in what `--version` prints, or the empty text."""
    found = re.search(r"\d+\.\d+\.\d+(?:-[\w.]+)?", text)
    return found[0] if found else ""


# -- Claude Code ----------------------------------------------------------------------------------------------

_CLAUDE_LINE = re.compile(r"^(?P<name>\S+): (?P<launch>.*?)(?: \((?P<type>HTTP|SSE|WS)\))? - (?P<state>\W .*)$")
_CLAUDE_SCOPES = {"User": "user", "Project": "project", "Local": "local"}


def claude_list(text: str) -> Listing:
    """`claude mcp list`: a line for each server. A plugin's server is called `plugin:PLUGIN:NAME`."""
    listing: Listing = {}
    for line in text.splitlines():
        found = _CLAUDE_LINE.match(line)
        if found:
            name, scope = _claude_name(found["name"])
            transport = _TRANSPORTS[found["type"].lower()] if found["type"] else "stdio"
            listing[name] = Listed(name, transport, found["launch"].strip(), scope, _claude_state(found["state"]))
    return listing


def claude_get(text: str) -> Listed | None:
    """`claude mcp get NAME`: a block of fields. Some versions leave out the launch of a server that failed."""
    head, *rest = text.splitlines() or [""]
    fields = dict(part for line in rest if len(part := line.strip().split(": ", 1)) == 2)
    if not head.endswith(":") or "Scope" not in fields:
        return None
    name, scope = _claude_name(head.removesuffix(":"))
    command, kind = fields.get("Command"), fields.get("Type")
    launch = fields.get("URL") if command is None else f"{command} {fields.get('Args', '')}".strip()
    return Listed(
        name,
        _TRANSPORTS.get(kind or ""),
        launch,
        scope or _CLAUDE_SCOPES.get(fields["Scope"].split()[0]),
        _claude_state(fields.get("Status", "")),
    )


def claude_session(text: str) -> dict[str, str | None]:
    """The first event of `claude -p --output-format stream-json`: name to OFF where it is switched off, else None."""
    for line in text.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and event.get("subtype") == "init":
            servers = event.get("mcp_servers") or ()
            return {_claude_name(item["name"])[0]: OFF if item["status"] == "disabled" else None for item in servers}
    return {}


def _claude_name(name: str) -> tuple[str, str | None]:
    return (name.split(":", 2)[2], "plugin") if name.startswith("plugin:") else (name, None)


def _claude_state(text: str) -> str | None:
    if "Pending approval" in text:
        return PENDING
    if "Disabled" in text or "Rejected" in text:
        return OFF
    return ON if text.strip() else None


# -- Codex CLI, Copilot CLI -----------------------------------------------------------------------------------


def codex_list(text: str) -> Listing:
    """`codex mcp list --json`."""
    return {
        item["name"]: Listed(
            item["name"],
            _TRANSPORTS[item["transport"]["type"]],
            _words(item["transport"]),
            state=ON if item["enabled"] else OFF,
        )
        for item in json.loads(text)
    }


def copilot_list(text: str) -> Listing:
    """`copilot mcp list --json`. A plugin's server may have no type."""
    scopes = {"user": "user", "workspace": "project", "plugin": "plugin"}
    return {
        name: Listed(
            name,
            _TRANSPORTS[item.get("type") or ("http" if item.get("url") else "stdio")],
            _words(item),
            scopes.get(item.get("source")),
            ON if item["enabled"] else OFF,
        )
        for name, item in json.loads(text)["mcpServers"].items()
    }


def _words(item: Mapping[str, Any]) -> str | tuple[str, ...]:
    return str(item["url"]) if item.get("url") else (str(item["command"]), *map(str, item.get("args") or ()))


# -- Gemini CLI, Qwen Code ------------------------------------------------------------------------------------

_GEMINI_LINE = re.compile(
    r"^\S+ (?P<name>\S+)(?P<plugin> \(from [^)]*\))?: (?P<launch>.*) \((?P<type>stdio|http|sse)\) - (?P<state>.*)$"
)
_GEMINI_STATES = {"Disabled": OFF, "Blocked": OFF, "Rejected": OFF, "Pending approval": PENDING}
_UNTRUSTED = "because this folder is untrusted"


def gemini_list(text: str) -> Listing:
    """`gemini mcp list`, `qwen mcp list`. Gemini shows every server of an untrusted folder as disabled: PENDING."""
    listing: Listing = {}
    plain = _COLOUR.sub("", text)
    for line in plain.splitlines():
        found = _GEMINI_LINE.match(line)
        if found:
            state = PENDING if _UNTRUSTED in plain else _GEMINI_STATES.get(found["state"], ON)
            scope = "plugin" if found["plugin"] else None
            listing[found["name"]] = Listed(found["name"], found["type"], found["launch"].strip(), scope, state)
    return listing


def extension_states(text: str) -> dict[str, str | None]:
    """`gemini extensions list`, `qwen extensions list`: server to OFF where its extension is off here, else None.

    Gemini 0.61.0 lists the servers of an extension that is off as if it were on, so this answer decides.
    """
    states: dict[str, str | None] = {}
    for block in re.split(r"^\S+ \S+ \([^)]*\)$", _COLOUR.sub("", text), flags=re.MULTILINE):
        listed = re.match(r"(?:  \S+\n?)*", block.partition(" MCP servers:\n")[2])
        names = listed[0].split() if listed else []
        states.update(dict.fromkeys(names, OFF if "Enabled (Workspace): false" in block else None))
    return states


# -- OpenCode -------------------------------------------------------------------------------------------------

_OPENCODE_LINE = re.compile(r"^● +\S+ (?P<name>\S+) +(?P<state>\w.*)$", re.MULTILINE)


def opencode_list(text: str, config: str) -> Listing:
    """`opencode mcp list`, and for the launches `opencode debug config`."""
    servers = json.loads(config).get("mcp") or {}
    listing: Listing = {}
    for found in _OPENCODE_LINE.finditer(_COLOUR.sub("", text)):
        item = servers.get(found["name"], {})
        launch = str(item["url"]) if item.get("url") else tuple(item.get("command") or ()) or None
        state = OFF if found["state"].startswith("disabled") else ON
        listing[found["name"]] = Listed(found["name"], _TRANSPORTS.get(item.get("type", "")), launch, state=state)
    return listing


# -- the comparison -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Comparison:
    """One agent's listing in one folder, held against a scan."""

    listed: int = 0
    found: int = 0
    equal: int = 0
    """Name, launch, transport and scope agree, as far as the agent tells them."""
    states: int = 0
    """Servers whose state the agent tells."""
    states_equal: int = 0
    differing: list[str] = field(default_factory=list)
    """What differs or is missing, a line for each difference."""
    hidden: list[str] = field(default_factory=list)
    """Found, not listed, and for a reason: it waits, is off, or another definition of the name is listed."""
    unlisted: list[str] = field(default_factory=list)
    """Found as in force, and not listed under this name at all."""

    def __add__(self, other: "Comparison") -> "Comparison":
        return Comparison(
            self.listed + other.listed,
            self.found + other.found,
            self.equal + other.equal,
            self.states + other.states,
            self.states_equal + other.states_equal,
            self.differing + other.differing,
            self.hidden + other.hidden,
            self.unlisted + other.unlisted,
        )


def compare(listing: Listing, artifacts: Sequence[Mapping[str, Any]], folder: str, where: str) -> Comparison:
    """Hold what an agent lists in `folder` against the agent's servers in a scan (its JSON records).

    `where` starts every line of the result. Each listed server is paired with the record most like it; the records
    of other folders do not count.
    """
    here = [item for item in artifacts if item["detail"].get("project") in (None, folder)]
    result = Comparison(listed=len(listing))
    used: set[int] = set()
    for listed in listing.values():
        rivals = [item for item in here if item["name"] == listed.name]
        if not rivals:
            result.differing.append(f"{where}: {listed.name} is listed and was not found")
            continue
        best = min(rivals, key=lambda item: (len(_differences(listed, item)), _state(listed, item) is False))
        used.add(id(best))
        result.found += 1
        differences = _differences(listed, best)
        result.equal += not differences
        result.differing += [f"{where}: {listed.name}: {text}" for text in differences]
        same = _state(listed, best)
        if same is not None:
            result.states += 1
            result.states_equal += same
            if not same:
                result.differing.append(
                    f"{where}: {listed.name} ({best['scope']}): listed as {listed.state}, found as {best['status']}"
                )
    for item in here:
        if id(item) not in used:
            line = f"{where}: {item['name']} ({item['scope']}, {item['status']})"
            reason = item["name"] in listing or STATES.get(item["status"]) != ON
            (result.hidden if reason else result.unlisted).append(line)
    return result


def _differences(listed: Listed, item: Mapping[str, Any]) -> list[str]:
    launch = item.get("launch") or {}
    words = (str(launch.get("command")), *map(str, launch.get("args") or ())) if launch.get("command") else None
    shown: str | tuple[str, ...] = words if words is not None else str(launch.get("url"))
    if isinstance(listed.launch, str) and words is not None:
        shown = " ".join(words)
    told = {"launch": (listed.launch, shown), "transport": (listed.transport, launch.get("transport"))}
    told["scope"] = (listed.scope, item["scope"])
    return [
        f"{key} {agent!r} found as {scan!r}"
        for key, (agent, scan) in told.items()
        if agent is not None and not _same(agent, scan)
    ]


def _same(agent: str | tuple[str, ...], scan: Any) -> bool:
    """Whether a value agrees. Agents print a plugin's variables replaced, a scan as they are written."""
    if agent == scan or (agent == "remote" and scan in ("http", "sse")):
        return True
    if isinstance(agent, tuple) and isinstance(scan, tuple):
        return len(agent) == len(scan) and all(map(_same, agent, scan))
    if not (isinstance(agent, str) and isinstance(scan, str)) or "${" not in scan:
        return False
    pattern = ".+".join(re.escape(part) for part in re.split(r"\$\{[^}]*\}", scan))
    return re.fullmatch(pattern, agent) is not None


def _state(listed: Listed, item: Mapping[str, Any]) -> bool | None:
    """Whether the states agree; None where the agent tells none, or one that concerns the folder alone."""
    if listed.state is None:
        return None
    if listed.state == PENDING and item["scope"] not in ("project", "local"):
        # Gemini starts nothing in an untrusted folder; a scan says what holds for the machine.
        return None
    return STATES.get(item["status"]) == listed.state


def with_states(listing: Listing, states: Mapping[str, str | None]) -> Listing:
    """The listing with servers and states added that a second answer of the agent tells."""
    merged = dict(listing)
    for name, state in states.items():
        known = merged.get(name, Listed(name))
        merged[name] = replace(known, state=state or known.state)
    return merged
