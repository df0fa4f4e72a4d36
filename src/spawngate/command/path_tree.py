"""The table of places as trees of names, and walking a path through them.

Belongs here: matching of names, with patterns on either side. Must not be here: what is in the table
(`command.known_places`, `command.agent_places`), and what follows from where a path lies (`command.places`).
"""

import fnmatch
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from spawngate.command.agent_places import agent_places
from spawngate.command.known_places import KNOWN
from spawngate.command.paths import Normal
from spawngate.launch.argv import word_set

GLOB = re.compile(r"[*?\[]")
"""What makes a name a pattern."""


@lru_cache(maxsize=4096)
def pattern(glob: str) -> re.Pattern[str]:
    """A pattern of names as an expression."""
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
    begins: tuple[str, ...] = ()
    """What names that fit patterns like `id_*` begin with."""
    ends: tuple[str, ...] = ()
    """What names that fit patterns like `*.pem` end with."""
    inside: list[tuple[re.Pattern[str], "_Node"]] = field(default_factory=list)
    """The other patterns."""

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
            row = (pattern(text), node)
            self.patterns.append(row)
            if text.count("*") > 1 or "?" in text or "[" in text:
                self.inside.append(row)
            elif text.startswith("*"):
                self.ends += (text[1:],)
            elif text.endswith("*"):
                self.begins += (text[:-1],)
            else:
                self.inside.append(row)
        return node

    def steps(self, name: str) -> Iterator["_Node"]:
        """Where one name of a path leads."""
        if GLOB.search(name):
            yield from self._reached(name)
            return
        node = self.names.get(name)
        if node is not None:
            yield node
        # Most names fit none of the patterns, and two looks at their ends tell.
        fitting = self.patterns if name.endswith(self.ends) or name.startswith(self.begins) else self.inside
        for expression, node in fitting:
            if expression.match(name):
                yield node

    def _reached(self, glob: str) -> Iterator["_Node"]:
        """Where a pattern in the path may lead: a bare `*` says too little."""
        # Where nothing closes a bracket it is a letter, and looking for its end from each takes long.
        closed = glob.rfind("]") + 1
        literal = re.sub(r"\[[^\]]*\]|[*?]", "", glob[:closed]) + re.sub(r"[*?]", "", glob[closed:])
        if glob == "*":
            # Where the table says that any name will do, any name is what the pattern means.
            yield from (node for known, node in self.patterns if known.match("\0"))
        if not literal and len(glob) < 3:
            return
        expression = pattern(glob)
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
def table(fold: bool) -> _Table:
    """The trees, with all names in lower case where `fold` says so. Built once each."""
    found = _Table(_Node(), _Node(), _Node())
    for label, templates in KNOWN.items():
        for template in templates:
            _insert(found, template, label, fold)
    for label, templates in agent_places().items():
        for template in templates:
            _insert(found, template, label, fold)
            if template.startswith("~/") and label.startswith("agent-"):
                _insert(found, template, "agent-global", fold)
    return found


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


def matched(form: Normal, *, fold: bool) -> Iterator[str]:
    """Classes of the rows of the table that the path is, or lies below."""
    tables = table(fold)
    parts = tuple(part.lower() for part in form.parts) if fold else form.parts
    if parts[:1] == ("~",):
        yield from _walk(tables.home, parts[1:])
    elif parts[:1] not in ((".",), ("?",), ("..",)):
        yield from _walk(tables.root, parts)
    elif ".." in parts:
        # From an unknown folder, enough steps up lead to the root.
        rest = parts[len(parts) - 1 - parts[::-1].index("..") + 1 :]
        yield from _walk(tables.root, rest)
        yield from _walk(tables.home, rest)
    for at, part in enumerate(parts):
        if part in tables.anywhere.names or tables.anywhere.patterns or GLOB.search(part):
            yield from _walk(tables.anywhere, parts[at:], whole=False)


def _walk(start: _Node, parts: Iterable[str], *, whole: bool = True) -> Iterator[str]:
    nodes = [start]
    for at, part in enumerate(parts):
        if not whole and not at and GLOB.search(part[:2]):
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
