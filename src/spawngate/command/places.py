"""What kind of place a path is: credentials, an agent's configuration, shell start-up, system, project, ...

Belongs here: the classes of places and the matching of a path against the table of them.
Must not be here: the table itself (`command.known_places`, and the agents' own locations through
`command.agent_places`), how a path is spelled (`command.paths`), and what is done there (`command.facts`).
"""

import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from spawngate.command.agent_places import agent_places
from spawngate.command.context import CallContext
from spawngate.command.known_places import DEVICES, DISPOSABLE, HARMLESS_NAMES, KNOWN, TOP_FOLDERS
from spawngate.command.paths import Normal, normal
from spawngate.launch.argv import word_set

PLACES: Mapping[str, str] = {
    "root": "the root of the file system, a drive, or everything directly in it",
    "home": "a home folder itself, or everything directly in it",
    "home-top": "a folder directly below a home",
    "home-file": "something below a home that is not otherwise known",
    "other-home": "below the home of another user",
    "project": "in the project",
    "project-root": "the project itself, or everything directly in it",
    "parent": "above the working folder",
    "temporary": "a temporary folder",
    "disposable": "made anew by the next build or install: node_modules, dist, target, caches",
    "system": "programs and libraries of the system",
    "system-config": "configuration of the system",
    "machine-data": "data of the machine: /srv, /var/www, mounted disks, a folder of its own below the root",
    "machine-programs": "programs and caches that were added to the machine: /opt, /usr/local, /var/cache",
    "secrets-below": "a folder below which keys, passwords or logins lie",
    "system-top": "a folder directly below the root",
    "boot": "what the machine starts from",
    "device": "a disk or another raw device",
    "stream": "a terminal, standard stream, or a device that is always empty or endless",
    "proc": "the kernel's files about processes",
    "process-secrets": "memory or environment of a process",
    "kernel": "settings of the kernel",
    "logs": "logs",
    "account-secrets": "hashes of passwords, and the list of who may become whom",
    "accounts": "users, passwords, who may become whom, how people log in",
    "preload": "loaded into every program",
    "name-resolution": "hosts and name servers",
    "certificates": "certificates that the system trusts",
    "credentials": "keys, tokens, passwords",
    "private-key": "a private key",
    "authorized-keys": "who may log in by key",
    "ssh-config": "configuration of SSH",
    "cloud-credentials": "keys of a cloud, a cluster or a registry",
    "browser-data": "a browser's or chat program's logins, cookies and history",
    "password-store": "a keychain, password manager or wallet",
    "env-file": "a file of environment variables that usually holds secrets",
    "history": "what somebody typed",
    "shell-startup": "read by every new shell or login",
    "persistence": "started by the system without being asked: cron, systemd, launchd, autostart",
    "vcs": "inside .git and its like",
    "vcs-hooks": "programs that version control starts",
    "vcs-config": "configuration of version control",
    "ci": "what continuous integration runs",
    "build-files": "what a build or install of the project runs",
    "editor-tasks": "what an editor runs when the folder is opened",
    "editor-settings": "settings of an editor",
    "package-config": "where packages come from",
    "program-folder": "a folder of programs that is searched before the system's",
    "agent-config": "configuration of an AI agent",
    "agent-code": "hooks, plugins and tools that an AI agent loads",
    "agent-instructions": "instructions, skills and commands of an AI agent",
    "agent-folder": "a folder that holds an AI agent's configuration",
    "agent-global": "an AI agent's files in a home, which count in every project",
    "agent-managed": "an AI agent's settings for the whole machine",
    "agent-credentials": "where an AI agent keeps its login",
    "agent-state": "an AI agent's sessions and memory",
    "spawngate": "files of Spawngate",
    "container-engine": "the socket of a container engine",
    "share": "a network share",
    "elsewhere": "none of these",
    "unknown": "known only when the command runs",
}
"""All classes of places. One path may be of several."""

_GLOB = re.compile(r"[*?\[]")


@lru_cache(maxsize=4096)
def _pattern(glob: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(glob))


@dataclass(slots=True)
class _Node:
    """One name in the table of paths."""

    exact: frozenset[str] = frozenset()
    below: frozenset[str] = frozenset()
    names: dict[str, "_Node"] = field(default_factory=dict)
    patterns: list[tuple[re.Pattern[str], "_Node"]] = field(default_factory=list)
    spelled: dict[str, "_Node"] = field(default_factory=dict)
    """The nodes of `patterns` as the table spells them."""
    anywhere: "_Node | None" = None
    """`**`: any folders, also none."""
    rest: bool = False
    """Is such a `**` itself."""

    def child(self, name: str, fold: bool) -> "_Node":
        if name == "**":
            if self.anywhere is None:
                self.anywhere = _Node(rest=True)
            return self.anywhere
        text = name.lower() if fold else name
        if "*" not in text:
            return self.names.setdefault(text, _Node())
        node = self.spelled.get(text)
        if node is None:
            node = self.spelled[text] = _Node()
            self.patterns.append((_pattern(text), node))
        return node

    def steps(self, name: str) -> Iterator["_Node"]:
        """Where one name of a path leads."""
        if _GLOB.search(name):
            yield from self._reached(name)
            return
        node = self.names.get(name)
        if node is not None:
            yield node
        for expression, node in self.patterns:
            if expression.match(name):
                yield node

    def _reached(self, glob: str) -> Iterator["_Node"]:
        """Where a pattern in the path may lead: a bare `*` says too little."""
        literal = re.sub(r"\[[^\]]*\]|[*?]", "", glob)
        if glob == "*":
            # Where the table says that any name will do, any name is what the pattern means.
            yield from (node for known, node in self.patterns if known.match("\0"))
        if not literal and len(glob) < 3:
            return
        expression = _pattern(glob)
        for name, node in self.names.items():
            # The shell's patterns leave names that begin with a dot alone.
            if expression.match(name) and (not name.startswith(".") or glob.startswith((".", "["))):
                yield node
        if literal:
            for known, node in self.patterns:
                if known.match(literal):
                    yield node


@dataclass(frozen=True, slots=True)
class _Table:
    """Three trees: paths from the root, paths from a home, and paths from anywhere."""

    root: _Node
    home: _Node
    anywhere: _Node


@cache
def _table(fold: bool) -> _Table:
    table = _Table(_Node(), _Node(), _Node())
    for label, templates in KNOWN.items():
        for template in templates:
            _insert(table, template, label, fold)
    for label, templates in agent_places().items():
        for template in templates:
            _insert(table, template, label, fold)
            if template.startswith("~/") and label.startswith("agent-"):
                _insert(table, template, "agent-global", fold)
    return table


def _insert(table: _Table, template: str, label: str, fold: bool) -> None:
    """One row. `~/a` lies in a home, `/a` at the root, `a/b` anywhere; with `/` at the end all below it counts too."""
    names = [name for name in template.split("/") if name]
    node = table.anywhere
    if template.startswith("~/"):
        if names[1].startswith(".") and len(names) > 2 and label != "agent-global":
            # The working folder may be a home that nobody named.
            _below(table.anywhere, names[1:], label, fold, template.endswith("/"), rooted=False)
        node, names = table.home, names[1:]
    elif template.startswith("/"):
        node = table.root
    _below(node, names, label, fold, template.endswith("/"), rooted=node is not table.anywhere)


def _below(node: _Node, names: list[str], label: str, fold: bool, folder: bool, rooted: bool = True) -> None:
    agents = label.startswith("agent") and not folder
    secret = label in _SECRET and rooted
    for at, name in enumerate(names):
        node = node.child(name, fold)
        if agents and at < len(names) - 1 and _own_folder(names[: at + 1]):
            own = {"agent-folder", label} if label == "agent-global" else {"agent-folder"}
            node.exact |= own
            node.below |= own
        if secret and at < len(names) - 1 and "*" not in name:
            node.exact |= {"secrets-below"}
    node.exact |= {label}
    if folder:
        node.below |= {label}


_SECRET = frozenset({"private-key", "credentials", "cloud-credentials", "browser-data", "password-store"})


def _own_folder(names: list[str]) -> bool:
    """Whether such a beginning of an agent's path is the agent's alone: `.claude` is, `.config`, `.vscode` and `etc`
    are not."""
    return (
        names[-1].lower() not in _SHARED_FOLDERS
        and "*" not in names[-1]
        and (names[0].startswith(".") or len(names) > 1)
    )


_SHARED_FOLDERS = word_set("""
    .config .local .cache share .vscode .github .aws library appdata roaming local user etc programdata usr lib opt
    .agents
    .agent .ai .idea code globalstorage profiles .devcontainer preferences containers data google chrome microsoft edge
    mozilla .mozilla chromium state .docker google-chrome google-chrome-beta google-chrome-unstable bravesoftware
    microsoft-edge opera vivaldi firefox librewolf .librewolf zen .zen packages .var app snap common arc comet dia
    perplexity com.operasoftware.opera jetbrains .jetbrains vscodium positron .positron .vs .vscode-server
    .vscode-server-insiders .vscode-insiders .vscode-oss extensions documents nativemessaginghosts
    native-messaging-hosts anythingllm vscode code-server github openai block .zed zed .warp warp-terminal .warp_cli
    """) | {
    "application support",
    "program files",
    "program files (x86)",
    "managed preferences",
    "code - insiders",
    "opera software",
    "microsoft edge",
}
"""Names of folders that hold much besides an agent's files."""


def places(path: str, context: CallContext, cwd: str = "") -> frozenset[str]:
    """Classes of the path that a command names, started in `cwd`; never empty for a path that says something."""
    return _places(path, context.home, cwd, context.cwd, context.project, context.platform)


@lru_cache(maxsize=4096)
def _places(path: str, home: str, cwd: str, base: str, project: str, platform: str) -> frozenset[str]:
    if not path or path == "-":
        return frozenset({"stream"}) if path else frozenset()
    if re.match(r"[a-z][a-z0-9+.-]+://", path, re.IGNORECASE) and not path.startswith("file://"):
        return frozenset()
    form = normal(path, home, base, project, cwd=cwd, windows=platform == "windows")
    found = _general(form) | frozenset(_matched(form, fold=platform != "linux" or form.windows))
    if (
        "agent-config" in found
        and not _FIXTURES.isdisjoint(form.parts)
        and not any(part[:1] == "." and len(part) > 1 for part in form.parts)
    ):
        # What lies among a project's test data is read by no agent.
        found -= {"agent-config", "agent-managed"}
    return _without_public(form.parts[-1] if form.parts else "", found)


_FIXTURES = word_set(
    "fixtures fixture testdata __fixtures__ examples example samples tests test spec specs __tests__ templates docs"
)


def _without_public(name: str, found: frozenset[str]) -> frozenset[str]:
    """The classes without those that the name takes back: the public half of a key, an example, a list of hosts."""
    lowered = name.lower()
    if _CERTIFICATE.fullmatch(lowered):
        found -= {"credentials"}
    if lowered.startswith("known_hosts"):
        found -= {"credentials", "ssh-config"}
    if (
        name.endswith((".pub", ".example", ".sample", ".template", ".dist"))
        or ("ssh-config" in found and not name.endswith("_key"))
        or "authorized-keys" in found
    ):
        found -= {"credentials", "private-key", "cloud-credentials", "env-file"}
    return found


def _matched(form: Normal, *, fold: bool) -> Iterator[str]:
    table = _table(fold)
    parts = tuple(part.lower() for part in form.parts) if fold else form.parts
    if parts[:1] == ("~",):
        yield from _walk(table.home, parts[1:])
    elif parts[:1] not in ((".",), ("?",), ("..",)):
        yield from _walk(table.root, parts)
    elif ".." in parts:
        # From an unknown folder, enough steps up lead to the root.
        rest = parts[len(parts) - 1 - parts[::-1].index("..") + 1 :]
        yield from _walk(table.root, rest)
        yield from _walk(table.home, rest)
    for at, part in enumerate(parts):
        if part in table.anywhere.names or table.anywhere.patterns or _GLOB.search(part):
            yield from _walk(table.anywhere, parts[at:], whole=False)


def _walk(start: _Node, parts: Iterable[str], *, whole: bool = True) -> Iterator[str]:
    nodes = [start]
    for at, part in enumerate(parts):
        if not whole and not at and _GLOB.search(part[:2]):
            # `*.txt` is everybody's; a name that begins like one of the table's is not.
            return
        following: list[_Node] = []
        for node in nodes:
            following.extend(node.steps(part))
            if node.rest:
                following.append(node)
            if node.anywhere is not None:
                following.append(node.anywhere)
                following.extend(node.anywhere.steps(part))
        if not following:
            return
        nodes = following
        for node in nodes:
            yield from node.below
    for node in nodes:
        yield from node.exact


def _general(form: Normal) -> frozenset[str]:
    """Classes that follow from where a path lies, not from its name."""
    found: set[str] = set()
    parts = form.parts
    everything = bool(parts) and parts[-1] in _EVERYTHING
    lower = tuple(part.lower() for part in (parts[:-1] if everything else parts))
    if form.share:
        found.add("share")
    if form.other_home:
        found.add("other-home")
    if lower[:1] == ("?",):
        return frozenset(found | {"unknown"})
    temporary = any(lower[: len(each)] == each for each in _TEMPORARY)
    if temporary:
        found.add("temporary")
    inside = form.depth >= 0
    if inside:
        found.add("project")
        if form.depth == (1 if everything else 0):
            found.add("project-root")
    disposable = (inside or lower[:1] == ("~",)) and any(part in DISPOSABLE for part in lower[1:])
    disposable = disposable or (lower[:1] == ("~",) and lower[1:2] in _CACHES)
    if disposable:
        found.add("disposable")
    if lower == ("~",):
        found.add("home")
    elif lower[:1] == ("~",) and not inside:
        found.add("home-top" if len(lower) == 2 and not disposable and lower[1] not in HARMLESS_NAMES else "home-file")
    elif lower == ():
        found.add("root")
    elif lower[:1] == ("..",) or (lower[0] == "." and lower[1:2] == ("..",)):
        found.add("parent")
    elif lower in (("home",), ("users",)):
        found.add("home")
    elif lower[0] == "dev" and not temporary:
        found.add("stream" if lower[1:2] and lower[1] in DEVICES else "device")
    elif len(lower) == 1 and _GLOB.search(lower[0]) and any(map(_pattern(lower[0]).match, TOP_FOLDERS)):
        found.add("system-top")
    elif lower[0] in TOP_FOLDERS and not temporary and not inside and not form.share:
        if len(lower) == 1:
            found.add("system-top")
        if lower[0] in _LOOSE or lower[:2] in _LOOSE_BELOW or lower[:3] == ("var", "lib", "apt"):
            found.add("machine-programs")
        elif lower[0] in _DATA or lower[:2] in _DATA_BELOW:
            found.add("machine-data")
        else:
            found.add("system-config" if "etc" in lower[:2] else "system")
    elif len(lower) == 1 and not temporary and not inside and not form.share:
        found.add("machine-data")
    return frozenset(found or {"elsewhere"})


_EVERYTHING = frozenset({"*", ".*", ".[!.]*", ".??*", "*.*", "**", "{*,.*}"})
_CERTIFICATE = re.compile(
    r"(?:ca|ca[-_.]\w*|cert|certificate|server-cert|client-cert|chain|fullchain|public\w*"
    r"|pub|.*[-_.](?:cert|crt|ca|pub|public|chain)|cacerts?)\.(?:pem|key)"
)
_LOOSE = frozenset({"opt", "snap", "nix"})
_DATA = frozenset({"srv", "mnt", "media", "volumes"})
_DATA_BELOW = (("var", "www"), ("var", "backups"), ("var", "mail"), ("var", "spool"))
_LOOSE_BELOW = (("usr", "local"), ("usr", "src"), ("var", "cache"), ("var", "opt"))
_CACHES = ((".cache",), (".npm",), (".gradle",), (".m2",))
_TEMPORARY = (
    ("tmp",),
    ("var", "tmp"),
    ("dev", "shm"),
    ("private", "tmp"),
    ("private", "var", "folders"),
    ("var", "folders"),
    ("windows", "temp"),
    ("~", "appdata", "local", "temp"),
)
