"""SHELL. Puts a service together from a state folder and a policy folder, and renews it when the policy changes.

Used by the daemon and by `spawngate hook` without one, so that both decide alike.
Must not be here: the parts themselves.
"""

import getpass
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spawngate.agents import AGENTS, SURFACES, load_surface
from spawngate.command.inventory import InventoryView
from spawngate.endpoint.agent_files import AgentFiles
from spawngate.endpoint.daemon import last_policy
from spawngate.endpoint.daemon.beside import second_parser
from spawngate.endpoint.daemon.expected import Expected
from spawngate.endpoint.daemon.inventory import recall_servers, views
from spawngate.endpoint.daemon.place import Place
from spawngate.endpoint.daemon.provenance import tracker_for
from spawngate.endpoint.daemon.service import Service
from spawngate.endpoint.policy import InForce, load_folder, stamp
from spawngate.endpoint.shfmt import Remembering
from spawngate.endpoint.state import State
from spawngate.endpoint.system import this_platform
from spawngate.model.call import Edit, ToolCall, ToolKind
from spawngate.model.errors import UsageError
from spawngate.policy.decider import Decider
from spawngate.provenance.sources import Folders
from spawngate.provenance.tracker import Tracker
from spawngate.redact.memo import RememberingRedactor
from spawngate.redact.redactor import Redacted, Redactor
from spawngate.trail.record import CUT, LONGEST_RAW, head_of

REMEMBERED = 4_096
"""Redacted answers that the daemon keeps: repeated commands cost nothing, and memory stays small."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """A service and what it was made of."""

    service: Service
    in_force: InForce
    redactor: Redactor
    head: Redactor
    """Redacts the beginnings of long commands."""
    endpoint: str
    user: str
    stamp: object = None
    """Of the policy's files, taken before they were read: what changes later has another one."""
    views: Mapping[str, InventoryView] = field(default_factory=dict)
    """The MCP servers of each agent, as far as an inventory was taken."""
    problem: str = ""
    """Why the policy folder is not in force; the last usable one is then, or the shipped baseline."""
    provenance: Tracker | None = None
    """What the sessions of the agents have read."""
    expected: Expected = field(default_factory=Expected)
    """What decided calls may write to agents' files."""


def assemble(state: State, place: Place, policy: Path | None = None) -> Assembled:
    """The service of a state folder. `policy` is a folder that somebody named; else the state's own where it exists.

    A policy that cannot be used leaves the last one of that folder in force that could, or where there was none the
    shipped baseline in enforce mode, and a problem. Raises StateError where the state cannot be used.
    """
    redactor = RememberingRedactor(state.key(), REMEMBERED)
    head = HeadRedactor(state.key(), REMEMBERED)
    problem = ""
    before = policy_stamp(place, policy)
    folder = policy_folder(place, policy)
    try:
        in_force = load_folder(folder)
        if folder is not None:
            last_policy.keep(place.state, folder, in_force)
    except UsageError as error:
        problem = str(error)
        in_force = (last_policy.recall(place.state, folder) if folder is not None else None) or load_folder(None)
    servers = recall_servers(place.state)
    known = views(servers) if servers else {}
    provenance = tracker_for(state.folder, state.key(), redactor, os.path.expanduser("~"))
    expected = Expected()
    decider = decider_for(in_force, redactor, head, known, provenance, expected)
    endpoint, user = state.endpoint(), user_name()
    service = Service(
        decider, redactor, settings=in_force.settings, endpoint=endpoint, user=user, servers=server_names(known)
    )
    return Assembled(service, in_force, redactor, head, endpoint, user, before, known, problem, provenance, expected)


def policy_folder(place: Place, named: Path | None) -> Path | None:
    """The folder whose policy is in force; None for the shipped baseline."""
    if named is not None:
        return named
    return place.policy if place.policy.is_dir() else None


def policy_stamp(place: Place, named: Path | None) -> object:
    """Which folder is in force and what its files look like from outside: equal where nothing changed."""
    folder = policy_folder(place, named)
    return None if folder is None else (os.fspath(folder), stamp(folder))


class HeadRedactor(RememberingRedactor):
    """Redacts only the beginning of a long command. For where nothing but the record looks at its text.

    Redaction costs a microsecond a character, which in a here-document is more than all the rest of a decision.
    """

    def command_line(self, value: str) -> Redacted:
        """See `Redactor.command_line`."""
        if len(value) <= LONGEST_RAW:
            return super().command_line(value)
        found = super().command_line(head_of(value))
        return Redacted(found.text + CUT, found.secrets)


def _reads_commands(in_force: InForce) -> bool:
    """Whether a policy looks at the text of a command: then no part of it may be missing."""
    sets = (in_force.policies.main, in_force.policies.exceptions)
    return any(each is not None and "command" in each.names for each in sets)


_SECOND = Remembering(second_parser)


def decider_for(
    in_force: InForce,
    redactor: Redactor,
    head: Redactor,
    views: Mapping[str, InventoryView],
    provenance: Tracker | None = None,
    expected: Expected | None = None,
) -> Decider:
    """The decider of a policy, with what is known about the servers of each agent and about the sessions."""
    settings = in_force.settings
    if provenance is not None:
        folders = settings.folders
        provenance.folders = Folders(os.path.expanduser("~"), folders.trusted, folders.untrusted)
        provenance.configured(
            word for view in views.values() for server in view.servers.values() for word in server.words
        )
    files = AgentFiles()
    return Decider(
        redactor if _reads_commands(in_force) else head,
        policies=in_force.policies,
        mode=settings.mode,
        modes=settings.modes,
        refusals=settings.refusals,
        approvals=settings.approvals,
        home=os.path.expanduser("~"),
        platform=this_platform(),
        views=views,
        second=_SECOND,
        present=files,
        resolve=files.resolve,
        expects=expected,
        launches=frozenset(server.launch for view in views.values() for server in view.servers.values()) - {""},
        provenance=provenance,
        quotes=False,
    )


def server_names(known: Mapping[str, InventoryView]) -> dict[str, tuple[str, ...]]:
    """Names of the servers of each agent."""
    return {agent: tuple(view.servers) for agent, view in known.items()}


def warm_up(service: Service) -> Iterator[None]:
    """Do once what every first call of its kind would wait for: imports, tables, grammars, regular expressions.

    A step of some milliseconds for every value, so that real calls come in between. The first `go test` took 70 ms of
    facts without it.
    """
    for agent in AGENTS:
        service.know(agent)
        yield
    for surface in SURFACES:
        load_surface(surface)
        yield
    for call in _rehearsed():
        service.rehearse(call)
        yield


def _rehearsed() -> Iterator[ToolCall]:
    def made(tool: str, kind: ToolKind, **more: Any) -> ToolCall:
        return ToolCall("claude-code", tool, kind, cwd="/", **more)

    yield made("Write", ToolKind.WRITE, paths=("/a.py",), edits=(Edit("/a.py", None, "a = 1\n"),))
    yield made("Read", ToolKind.READ, paths=("/a.py",))
    yield made("WebFetch", ToolKind.FETCH, urls=("https://a.example/",))
    yield made("mcp__a__b", ToolKind.MCP, server="a", server_tool="b", input={"c": 1})
    for line in _COMMANDS.splitlines():
        words, _, programs = line.partition(": ")
        for program in programs.split():
            yield made("Bash", ToolKind.SHELL, commands=(f"{program} {words}",))
    text = '{"mcpServers": {"a": {"command": "npx"}}, "hooks": {}}'
    yield made("Write", ToolKind.WRITE, paths=("/a/.mcp.json",), edits=(Edit("/a/.mcp.json", None, text),))
    yield made("Bash", ToolKind.SHELL, commands=("jq '.a = 1' ~/.a/mcp.json > a; sed -i s/a/b/ /a/.mcp.json",))
    yield made("Bash", ToolKind.SHELL, commands=("for a in b; do (echo $a | cat) && ls > c; done; cat <<E\na\nE",))
    for dialect in ("powershell", "cmd"):
        yield made("Bash", ToolKind.SHELL, commands=("dir",), dialect=dialect)


_COMMANDS = """\
status a: git docker gh glab systemctl brew apt-get dnf pacman snap hg svn service launchctl
install a: npm pnpm yarn bun pip uv poetry conda gem cargo go composer mvn gradle dotnet pipx
run a: docker podman kubectl deno make just npx uvx bunx
get a: kubectl helm terraform aws gcloud az ansible vault redis-cli mongosh
--version: python node ruby perl php java awk sed grep jq vim tmux screen strace
-c 'a': bash sh zsh fish su psql mysql sqlite3 pwsh cmd ssh python
a b: sudo env nice timeout nohup xargs find parallel watch setsid doas exec eval source tar zip rsync scp
https://a.example/: curl wget nc openssl
/a: rm mv cp ln chmod chown dd mkdir tee cat head tail kill crontab at mount mkfs diff ls cd
"""


def user_name() -> str:
    """Name of the user, or the number where it has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return str(os.getuid()) if hasattr(os, "getuid") else ""
