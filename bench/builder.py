"""Builder of a generated home: writes files in the agents' formats and records the truth about them.

Belongs here: `Truth`, `Entry` (one server before an agent's dialect is applied), `Style` (such a dialect), and
the writers of JSON, JSONC, TOML and YAML text. Must not be here: what any one agent's files contain
(`home_agents`, `home_clients`, `home_surfaces`, `home_projects`, `home_hostile`).
"""

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from bench.canaries import Canary, Mint

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+\Z")


@dataclass(frozen=True, slots=True)
class Server:
    """One MCP server as an agent's file defines it, values raw. `path` is the file as its agent names it."""

    agent: str
    name: str
    path: str
    scope: str
    transport: str
    """`stdio`, `http`, `sse`, `builtin`, or `remote` where the file leaves open which of the two."""
    command: str | None = None
    args: tuple[str, ...] = ()
    url: str | None = None


@dataclass(slots=True)
class Truth:
    """What a generated home contains. Paths are absolute."""

    directory: str
    home: str
    system: str
    mark: str
    """A file that exists only if some stub program was started."""
    path: str
    """Value for PATH under which every launcher and every agent is a stub."""
    roots: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    servers: list[Server] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    """Paths that diagnostics must name."""
    found_or_named: list[str] = field(default_factory=list)
    """Paths of damaged files: what they hold is found, or diagnostics name them. Both is fine, silence is not."""
    absent: list[str] = field(default_factory=list)
    """Names of servers that no agent would ever load and that must not be reported."""
    canaries: list[Canary] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    """Lower bounds of artifacts by kind, other than servers and agents."""

    def to_json(self) -> str:
        """The whole truth as one JSON document."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def from_json(cls, text: str) -> "Truth":
        """The reverse of `to_json`."""
        fields = json.loads(text)
        fields["servers"] = [Server(**{**server, "args": tuple(server["args"])}) for server in fields["servers"]]
        fields["canaries"] = [Canary(**canary) for canary in fields["canaries"]]
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class Entry:
    """One server before it is written in some agent's dialect."""

    name: str
    transport: str = "stdio"
    command: str | None = None
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cwd: str | None = None
    off: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """An agent's dialect for one server in a map."""

    types: Mapping[str, str] | None = None
    """Our word for a transport to theirs; None where the file has no such field."""
    type_key: str = "type"
    array: bool = False
    """The command is one array of program and arguments."""
    command: str = "command"
    env: str = "env"
    url: str = "url"
    http_url: str | None = None
    """Separate key for streamable HTTP, where `url` means SSE."""
    headers: str = "headers"
    off: tuple[str, bool] | None = None
    """Key and value of a server that is switched off; None where the agent has no such switch."""
    always: Mapping[str, Any] = field(default_factory=dict)
    """Fields the agent writes into every entry."""

    def render(self, entry: Entry) -> dict[str, Any]:
        """The entry as a map of this dialect."""
        out: dict[str, Any] = {}
        if self.types is not None:
            out[self.type_key] = self.types[entry.transport]
        if entry.command is not None:
            if self.array:
                out[self.command] = [entry.command, *entry.args]
            else:
                out[self.command] = entry.command
                out["args"] = list(entry.args)
            if entry.env:
                out[self.env] = dict(entry.env)
            if entry.cwd:
                out["cwd"] = entry.cwd
        else:
            out[self.http_url if self.http_url and entry.transport == "http" else self.url] = entry.url
            if entry.headers:
                out[self.headers] = dict(entry.headers)
        out.update(self.always)
        if self.off is not None:
            key, value = self.off
            if entry.off:
                out[key] = value
            elif key in {"enabled", "isActive", "active"}:
                out[key] = not value
        return out

    def transport(self, entry: Entry) -> str:
        """What a reader can know about the transport from the rendered entry alone."""
        if entry.command is not None or self.http_url is not None:
            return entry.transport
        if self.types is not None and self.types["http"] != self.types["sse"]:
            return entry.transport
        return "remote"


def jsonc(value: object, comments: Sequence[str] = ()) -> str:
    """JSON with line comments, a block comment and trailing commas, as people leave their editor settings."""
    lines = json.dumps(value, indent=2, ensure_ascii=False).split("\n")
    for index in range(len(lines) - 1):
        if lines[index + 1].lstrip()[:1] in {"}", "]"} and lines[index][-1:] not in {"{", "[", ","}:
            lines[index] += ","
    head = [
        "// Settings. Later keys win; see https://docs.example.com/settings // for all of them",
        "/* written by",
        "   hand */",
    ]
    return "\n".join([*head, lines[0], *(f"  // {comment}" for comment in comments), *lines[1:]]) + "\n"


def json5(value: object, indent: int = 0) -> str:
    """JSON5: bare keys, single quotes, trailing commas."""
    pad = "  " * (indent + 1)
    if isinstance(value, dict):
        keys = {key: key if re.fullmatch(r"[A-Za-z_$][A-Za-z0-9_$]*", key) else _single(key) for key in value}
        parts = [f"{pad}{keys[key]}: {json5(item, indent + 1)},\n" for key, item in value.items()]
        return "{\n" + "".join(parts) + "  " * indent + "}"
    if isinstance(value, list):
        return "[\n" + "".join(f"{pad}{json5(item, indent + 1)},\n" for item in value) + "  " * indent + "]"
    return _single(value) if isinstance(value, str) else json.dumps(value)


def _single(text: str) -> str:
    return "'" + json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"


def toml(value: Mapping[str, Any]) -> str:
    """TOML text of nested tables and arrays of tables."""
    out: list[str] = []
    _toml_table(value, (), out)
    return "\n".join(out) + "\n"


def _toml_key(parts: Iterable[str]) -> str:
    return ".".join(part if BARE_KEY.match(part) else json.dumps(part) for part in parts)


def _toml_table(table: Mapping[str, Any], at: tuple[str, ...], out: list[str]) -> None:
    tables: list[tuple[str, Any]] = []
    for key, item in table.items():
        if isinstance(item, dict) or (isinstance(item, list) and item and all(isinstance(part, dict) for part in item)):
            tables.append((key, item))
        else:
            out.append(f"{_toml_key([key])} = {json.dumps(item)}")
    for key, item in tables:
        for part in item if isinstance(item, list) else [item]:
            heading = _toml_key([*at, key])
            out.extend(["", f"[[{heading}]]" if isinstance(item, list) else f"[{heading}]"])
            _toml_table(part, (*at, key), out)


class Builder:
    """Writes below one folder and keeps the truth. All randomness comes from `rng`."""

    def __init__(self, directory: Path, seed: int) -> None:
        self.directory = directory
        self.home = directory / "home"
        self.system = directory / "system"
        self.bin = self.home / ".local" / "bin"
        self.guard = directory / "guard"
        self.mark = directory / "started.log"
        self.rng = random.Random(seed)
        self.mint = Mint(self.rng)
        self.servers: list[Server] = []
        self.agents: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.unreadable: list[str] = []
        self.found_or_named: list[str] = []
        self.absent: list[str] = []
        self.turn = 0
        """Position in the catalogue of launches, so that neighbouring agents get different ones."""

    # -- files

    def text(self, path: Path, text: str, *, executable: bool = False) -> Path:
        """Write a UTF-8 text file with its folders."""
        return self.bytes(path, text.encode(), executable=executable)

    def bytes(self, path: Path, data: bytes, *, executable: bool = False) -> Path:
        """Write a file with its folders."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o755 if executable else 0o644)
        return path

    def json(self, path: Path, value: object) -> Path:
        """Write indented JSON, as most agents do."""
        return self.text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")

    def jsonc(self, path: Path, value: object, comments: Sequence[str] = ()) -> Path:
        """Write JSON with comments and trailing commas; one of the comments holds a secret."""
        note = f"old token, rotate: {self.mint('github-pat', 'comment')}"
        return self.text(path, jsonc(value, [*comments, note]))

    def yaml(self, path: Path, value: object) -> Path:
        """Write block-style YAML in the order given."""
        return self.text(path, "# edited by hand\n" + yaml.safe_dump(value, sort_keys=False, allow_unicode=True))

    def toml(self, path: Path, value: Mapping[str, Any]) -> Path:
        """Write TOML."""
        return self.text(path, "# configuration\n" + toml(value))

    def stub(self, name: str, folder: Path | None = None) -> str:
        """Absolute path of a program that does nothing but write its name into the mark file."""
        path = (folder or self.bin) / name
        if not path.exists():
            self.text(path, f"#!/bin/sh\nprintf '%s\\n' '{name}' >> '{self.mark}'\n", executable=True)
        return str(path)

    # -- the truth

    def count(self, kind: str, number: int = 1) -> None:
        """Record that `number` more artifacts of `kind` exist."""
        self.counts[kind] += number

    def declare(self, agent: str, path: Path, scope: str, entry: Entry, transport: str) -> None:
        """Record that `agent` would load `entry` from `path`."""
        self.agents.add(agent)
        self.servers.append(
            Server(agent, entry.name, str(path), scope, transport, entry.command, tuple(entry.args), entry.url)
        )

    def servers_map(
        self, agent: str, path: Path, scope: str, entries: Iterable[Entry], style: Style = Style()
    ) -> dict[str, Any]:
        """The map of servers in an agent's dialect, with each declared."""
        out: dict[str, Any] = {}
        for entry in entries:
            kept = entry if style.off is not None else replace(entry, off=False)
            self.declare(agent, path, scope, kept, style.transport(kept))
            out[kept.name] = style.render(kept)
        return out

    def truth(self, roots: Sequence[Path]) -> Truth:
        """Everything recorded so far."""
        return Truth(
            directory=str(self.directory),
            home=str(self.home),
            system=str(self.system),
            mark=str(self.mark),
            path=f"{self.guard}:{self.bin}:/usr/bin:/bin",
            roots=[str(root) for root in roots],
            agents=sorted(self.agents),
            servers=list(self.servers),
            unreadable=sorted(self.unreadable),
            found_or_named=sorted(self.found_or_named),
            absent=sorted(self.absent),
            canaries=list(self.mint.made),
            counts=dict(sorted(self.counts.items())),
        )
