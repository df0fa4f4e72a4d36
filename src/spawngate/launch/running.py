"""Which process is which configured MCP server, and which processes look like a server that nobody configured.

Belongs here: comparing the words of processes with launch definitions, through launchers, shells and interpreters.
Must not be here: listing processes (`endpoint.processes`), redaction (it comes in as an argument), states over time.
Shapes of processes were observed with npm 11, uv 0.13 and pipx 1.18 on Linux: npx shows itself as one word
`npm exec NAME ARGS` (npm/cli:lib/npm.js sets the title from the positional words only) and starts
`sh -c` and then `node .../_npx/HASH/node_modules/.bin/NAME ARGS`; uvx becomes `uv tool uvx ...` and starts
`.../bin/python .../bin/NAME ARGS`; `pipx run` becomes that same shape itself. Windows shapes are not observed.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from spawngate.launch.argv import INTERPRETERS, SHELLS, is_python, layers, peel, program
from spawngate.launch.launcher import RELAY, behind
from spawngate.launch.package import is_launcher, launched, package_of
from spawngate.model.artifact import Artifact, Kind

Redact = Callable[[str | None, Sequence[str]], tuple[str | None, tuple[str, ...]]]
"""Redacts a command and its arguments as the configured definitions were redacted."""

MAX_LEVELS = 64
"""Generations of parents that are followed."""
_CLOCK_SLACK = 2.0
"""Seconds by which a parent may seem younger than its child: boot-time clocks are coarse."""


@dataclass(frozen=True, slots=True)
class Process:
    """One process, as the system shows it. Raw: its words may hold secrets, so `repr` shows none of them."""

    pid: int
    ppid: int
    name: str
    argv: tuple[str, ...] = field(repr=False)
    create_time: float = 0.0
    """Seconds since the epoch."""
    username: str = ""
    cwd: str | None = field(default=None, repr=False)
    exe: str | None = field(default=None, repr=False)


class Match(NamedTuple):
    """A configured server that runs, and its processes: the outermost first."""

    artifact_id: str
    pids: tuple[int, ...]


class Unconfigured(NamedTuple):
    """A process that looks like an MCP server, and the agent that launches it."""

    process: Process
    agent: str


class Running(NamedTuple):
    """What the process list says about the configured servers."""

    matches: tuple[Match, ...]
    """In the order of the artifacts; servers without a process are left out."""
    unconfigured: tuple[Unconfigured, ...]
    """By process id. Of a launcher and what it started only the launcher is listed."""


_View = tuple[str, tuple[str, ...]]
"""A command and its words: one way to read a process."""


def title_words(argv: Sequence[str]) -> tuple[str, ...]:
    """The words of a process that wrote a title over its arguments: one word with blanks, then empty ones."""
    if len(argv) > 1 and not any(argv[1:]) and re.match(r"np[mx] ", argv[0]):
        return tuple(argv[0].split())
    if len(argv) == 1 and re.match(r"np[mx] \S+ ", argv[0] + " "):
        return tuple(argv[0].split())
    return tuple(argv)


def match_running(
    processes: Sequence[Process],
    artifacts: Iterable[Artifact],
    redact: Redact,
    agents: Mapping[str, str],
    server_packages: Collection[str] = (),
) -> Running:
    """Match processes with the MCP servers among `artifacts`, and find servers that no definition explains.

    `agents` maps lower-case process and binary names to agent ids. `server_packages` holds purls without a version
    of packages that are known to be servers. Pure; raises nothing.
    """
    table = _Table(processes, agents)
    servers = [
        _Server(artifact, _readings(artifact.launch.command, artifact.launch.args))
        for artifact in artifacts
        if artifact.kind is Kind.MCP_SERVER and artifact.launch is not None and artifact.launch.command
    ]
    pids: dict[str, list[int]] = {server.artifact.id: [] for server in servers}
    explained: set[int] = set()
    # Oldest first, so that a launcher claims what it started before that is looked at by itself.
    for process in sorted(processes, key=lambda process: (process.create_time, process.pid)):
        if process.pid in explained or not process.argv:
            continue
        views = _views(process)
        redacted = [_redacted(view, redact) for view in views]
        found = [server for server in servers if _runs(server, process, views, redacted, redact)]
        if not found:
            continue
        family = table.family(process)
        explained.update(family)
        for server in _nearest(found, table.agent_above(process)):
            pids[server.artifact.id].extend(family)
    matches = tuple(Match(artifact_id, tuple(found)) for artifact_id, found in pids.items() if found)
    return Running(matches, _strangers(table, explained, server_packages))


@dataclass(frozen=True, slots=True)
class _Reading:
    """One layer of a definition."""

    view: _View
    rest: tuple[str, ...] | None
    """What a launcher runs, without its own options; None for what is no launcher."""
    ecosystem: str
    package: str
    """Name of the npm or PyPI package; empty where there is none."""


@dataclass(frozen=True, slots=True)
class _Server:
    artifact: Artifact
    readings: tuple[_Reading, ...]


def _readings(command: str, args: Sequence[str]) -> tuple[_Reading, ...]:
    found = []
    for layer in layers(command, args):
        view = _canonical(*layer)
        purl = re.fullmatch(r"pkg:(npm|pypi)/((?:%40[^/]+/)?[^@?#]+).*", package_of(*view) or "")
        ecosystem, package = (purl[1], purl[2].replace("%40", "@")) if purl else ("", "")
        found.append(_Reading(view, launched(*view), ecosystem, package))
    return tuple(found)


class _Table:
    """The processes by id, with their parents and children."""

    def __init__(self, processes: Sequence[Process], agents: Mapping[str, str]) -> None:
        self.processes = {process.pid: process for process in processes}
        self._agents = agents
        self._children: dict[int, list[Process]] = {}
        for process in sorted(self.processes.values(), key=lambda process: process.pid):
            if self.parent(process) is not None:
                self._children.setdefault(process.ppid, []).append(process)

    def parent(self, process: Process) -> Process | None:
        """The process that started it; None where that has ended and its id belongs to a younger one."""
        parent = self.processes.get(process.ppid)
        if parent is None or parent.pid == process.pid:
            return None
        return parent if parent.create_time <= process.create_time + _CLOCK_SLACK else None

    def family(self, process: Process) -> list[int]:
        """The process and, where it only passes on, what it started; where that passes on too, and so forth."""
        found = [process.pid]
        todo = [process]
        while todo and len(found) < 1_000:
            current = todo.pop(0)
            if not passes_on(current):
                continue
            for child in self._children.get(current.pid, ()):
                if child.pid not in found:
                    found.append(child.pid)
                    todo.append(child)
        return found

    def agent(self, process: Process) -> str:
        """Id of the agent whose process this is; empty where it is none."""
        return agent_of(process, self._agents)

    def above(self, process: Process) -> list[Process]:
        """Parents, nearest first."""
        found: list[Process] = []
        current = self.parent(process)
        while current is not None and len(found) < MAX_LEVELS and current not in found:
            found.append(current)
            current = self.parent(current)
        return found

    def agent_above(self, process: Process) -> str:
        """Id of the nearest agent above; empty where none is."""
        return next((agent for parent in self.above(process) if (agent := self.agent(parent))), "")

    def launching_agent(self, process: Process) -> tuple[str, list[Process]]:
        """The agent that started it, directly or through launchers and shells, and those between."""
        between: list[Process] = []
        for parent in self.above(process):
            agent = self.agent(parent)
            if agent:
                return agent, between
            if not passes_on(parent):
                break
            between.append(parent)
        return "", between


def agent_of(process: Process, agents: Mapping[str, str]) -> str:
    """Id of the agent that a process belongs to, by its name, its program or the script it interprets."""
    words = [process.name, process.exe or ""]
    for command, args in _views(process):
        words.append(command)
        package = _node_package(command)
        if package:
            words.append(package)
        if is_launcher(command, args):
            break
    for word in words:
        plain = word.lower()
        for name in (plain, program(word), re.sub(r" helper.*$", "", plain), re.sub(r"\.[cm]?js$", "", program(word))):
            if name and name in agents:
                return agents[name]
    return ""


def passes_on(process: Process) -> bool:
    """Whether a process only starts another one: a launcher, a shell or a wrapper."""
    for command, args in _views(process):
        if program(command) in SHELLS | {"cmd", "powershell", "pwsh"}:
            return True
        if is_launcher(command, args) or peel(command, args) is not None or behind(command, args) is not None:
            return True
        if any(word.endswith(RELAY) for word in args[:8]):
            return True
    return False


def _views(process: Process) -> list[_View]:
    """The ways to read a process: as it stands, and as the script that an interpreter runs."""
    argv = title_words(process.argv)
    if not argv:
        return []
    views: list[_View] = [_canonical(argv[0], argv[1:])]
    name = program(argv[0])
    if is_python(name) or name in INTERPRETERS - {"busybox"}:
        # A `#!` line hands over at most one option in front of the script.
        at = 2 if len(argv) > 2 and argv[1].startswith("-") and not argv[1].startswith(("-c", "-m", "-e")) else 1
        if at < len(argv) and not argv[at].startswith("-"):
            views.append(_canonical(argv[at], argv[at + 1 :]))
    return views


_SCRIPTS = {
    "npx-cli.js": "npx",
    "npm-cli.js": "npm",
    "pnpm.cjs": "pnpm",
    "pnpx.cjs": "pnpx",
    "yarn.js": "yarn",
    "yarn.cjs": "yarn",
}


def _canonical(command: str, args: Sequence[str]) -> _View:
    """One spelling for launchers that have several."""
    words = tuple(args)
    script = _SCRIPTS.get(program(command))
    if script:
        command = script
    if program(command) == "uv" and words[:1] == ("tool",) and words[1:2] in (("run",), ("uvx",)):
        return "uvx", words[2:]
    return command, words


def _redacted(view: _View, redact: Redact) -> _View:
    command, args = redact(view[0], view[1])
    return command or "", args


def _runs(server: _Server, process: Process, views: Sequence[_View], redacted: Sequence[_View], redact: Redact) -> bool:
    for reading in server.readings:
        command, args = reading.view
        for view in redacted:
            # Words first: they differ far more often, and cost less to compare.
            if _same_words(args, view[1]) and _same_program(command, view[0], process.exe):
                return True
        if reading.rest is not None and any(
            _titled(reading, view, redact) or _started_by(reading, view, redact) for view in views
        ):
            return True
    return False


def _same_program(wanted: str, seen: str, exe: str | None) -> bool:
    if not re.search(r"\w", _REFERENCE.sub("", wanted)):
        # Nothing but a variable: it would match every process that has as many words.
        return False
    if _same_word(wanted, seen) or _slashes(wanted) == _slashes(seen):
        return True
    if re.search(r"[\\/]", wanted):
        relative = re.fullmatch(r"\.[\\/](.+)", wanted)
        if relative and _slashes(seen).endswith("/" + _slashes(relative[1])):
            return True
        return exe is not None and _same_word(_slashes(wanted), _slashes(exe))
    names = {program(seen)}
    if exe is not None and program(exe) not in INTERPRETERS and not is_python(program(exe)):
        names.add(program(exe))
    if program(wanted) in names:
        return True
    return is_python(program(wanted)) and is_python(program(seen))


def _slashes(path: str) -> str:
    text = path.replace("\\", "/")
    return text.casefold() if re.match(r"[A-Za-z]:/", text) else text


def _same_words(wanted: Sequence[str], seen: Sequence[str]) -> bool:
    return len(wanted) == len(seen) and all(map(_same_word, wanted, seen))


_REFERENCE = re.compile(r"\$\{[^}]*\}|\$[A-Za-z_]\w*|%[A-Za-z_]\w*%|^~(?=[\\/])")


def _same_word(wanted: str, seen: str) -> bool:
    """Equal, or equal once the variables that the definition leaves open are filled in."""
    if wanted == seen:
        return True
    if not _REFERENCE.search(wanted):
        return False
    pattern = ".*".join(re.escape(part) for part in _REFERENCE.split(wanted))
    return re.fullmatch(pattern, seen, re.DOTALL) is not None


def _titled(reading: _Reading, view: _View, redact: Redact) -> bool:
    """Whether `view` is the title that npm shows while it runs the definition."""
    wanted, rest = reading.view, reading.rest or ()
    if view[1][:1] not in (("exec",), ("x",)) or program(view[0]) != "npm" or program(wanted[0]) not in ("npx", "npm"):
        return False
    seen = view[1][1:]
    if " ".join(rest) == " ".join(seen):
        return True
    # The title joins words with blanks: they are put together again as the definition has them.
    counts = [word.count(" ") + 1 for word in rest]
    if sum(counts) != len(seen):
        return False
    starts = [sum(counts[:at]) for at in range(len(counts))]
    grouped = [" ".join(seen[start : start + count]) for start, count in zip(starts, counts, strict=True)]
    return _completes(wanted, grouped, redact)


def _completes(wanted: _View, tail: Sequence[str], redact: Redact) -> bool:
    """Whether the raw words of `tail`, put in the place of the last words of `wanted` and redacted there, give
    `wanted` again: what is hidden depends on what stands before it."""
    command, args = wanted
    kept = args[: len(args) - len(tail)]
    return _same_words(args, redact(command, (*kept, *tail))[1])


def _started_by(reading: _Reading, view: _View, redact: Redact) -> bool:
    """Whether `view` is the program that the launcher starts, judged by where its file lies, its name and the words
    it gets."""
    (path, args), rest = view, reading.rest or ()
    if len(args) != len(rest) - 1 or not re.search(r"[\\/]", path):
        return False
    parts = _slashes(path).split("/")
    if reading.ecosystem == "npm":
        if "node_modules" not in parts:
            return False
        inside = _node_package(path)
        related = inside == reading.package if inside else _related(parts[-1], rest[0], reading.package)
    elif reading.ecosystem == "pypi":
        related = parts[-2:-1] in (["bin"], ["Scripts"], ["scripts"]) and _related(parts[-1], rest[0], reading.package)
    else:
        return False
    return related and (not args or _completes(reading.view, args, redact))


def _node_package(path: str) -> str | None:
    """Name of the npm package that the file at `path` belongs to; None for what lies in no package."""
    match = re.fullmatch(r".*/node_modules/(?!\.)((?:@[^/]+/)?[^/]+)/.+", _slashes(path), re.DOTALL)
    return match[1] if match else None


def _related(binary: str, word: str, package: str) -> bool:
    """Whether a program's name is the one a launcher would start for `word` of `package`: the same, or one within
    the other, as `mcp-server-git` and `@modelcontextprotocol/server-git` are."""
    ran = _plain(re.sub(r"\.[cm]?js$", "", program(binary)))
    names = {_plain(re.sub(r"(?<=.)(?:@|==|\[).*", "", name.rsplit("/", 1)[-1])) for name in (word, package)}
    return any(f"-{name}-" in f"-{ran}-" or f"-{ran}-" in f"-{name}-" for name in names if name and ran)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.lower()).strip("-")


def _nearest(found: Sequence[_Server], agent: str) -> Sequence[_Server]:
    """Of equal definitions, those of the agent that the process runs under; all where that tells nothing."""
    of_agent = [server for server in found if agent and server.artifact.agent == agent]
    return of_agent or found


# -- servers that nobody configured -------------------------------------------------------------------------------

_WORD = re.compile(r"(?:^|[^a-z0-9])mcp|mcp(?:$|[^a-z0-9])|modelcontextprotocol", re.IGNORECASE)
_SUBCOMMAND = re.compile(r"(?:(?:serve|start|run)-)?mcp(?:-(?:server|serve|stdio|start))?", re.IGNORECASE)
_TOOLS = frozenset(
    """
    ack ag awk bat cat cd chmod chown code cp curl cut diff du echo egrep emacs eslint fd fgrep file find fzf
    gawk gh git grep head hg jq less ln ls make mkdir more mv mypy nano nvim open patch prettier printf pytest
    rg rm rmdir rsync ruff scp sed sort ssh stat svn tail tar tee test touch tree tsc uniq unzip vi vim wc wget
    which xargs xdg-open yq zip
    """.split()  # noqa: SIM905 - a list of quoted words is three times as long
)
"""Programs whose words are files and texts: that one of them says `mcp` tells nothing."""


def looks_like_server(process: Process, server_packages: Collection[str] = ()) -> bool:
    """Whether the program, its package or its sub-command names the Model Context Protocol."""
    return any(_names_server(*inner, server_packages) for view in _views(process) for inner in layers(view[0], view[1]))


def _names_server(command: str, args: tuple[str, ...], server_packages: Collection[str]) -> bool:
    name = program(command)
    if name in _TOOLS:
        return False
    if is_launcher(command, args):
        purl = package_of(command, args) or ""
        rest = launched(command, args) or ()
        names = (purl.partition("?")[0], rest[0] if rest else "")
        return any(_WORD.search(text) for text in names) or re.sub(r"(?<=.)@[^/]*$", "", names[0]) in server_packages
    if _WORD.search(_own_part(command)) and name not in SHELLS:
        return True
    if is_python(name):
        at = next((at for at, word in enumerate(args) if word == "-m"), None)
        return at is not None and at + 1 < len(args) and _WORD.search(args[at + 1]) is not None
    if name in INTERPRETERS or name in ("cmd", "powershell", "pwsh"):
        return False
    return bool(args) and (_SUBCOMMAND.fullmatch(args[0]) is not None or args[0] in ("--mcp", "--mcp-server"))


def _own_part(path: str) -> str:
    """The part of a path that belongs to the program: within its package, else its last few folders."""
    parts = _slashes(path).split("/")
    if "node_modules" in parts:
        parts = parts[len(parts) - parts[::-1].index("node_modules") :]
    return "/".join(parts[-4:])


def _strangers(table: _Table, explained: Collection[int], server_packages: Collection[str]) -> tuple[Unconfigured, ...]:
    found: dict[int, Unconfigured] = {}
    for process in sorted(table.processes.values(), key=lambda process: process.pid):
        if process.pid in explained or not looks_like_server(process, server_packages):
            continue
        agent, between = table.launching_agent(process)
        if agent and not any(parent.pid in explained for parent in between):
            found[process.pid] = Unconfigured(process, agent)
    # A launcher stands for what it started.
    below = {
        pid
        for pid, stranger in found.items()
        if any(parent.pid in found for parent in table.launching_agent(stranger.process)[1])
    }
    return tuple(stranger for pid, stranger in found.items() if pid not in below)
