"""Where the content that a call gives back comes from: outside, the person's own project, or neither.

Belongs here: tools, programs and places whose answers were written by others, and the names of such sources.
Must not be here: contents (`provenance.content`), and what is kept of them (`provenance.session`).
Pure and total. Paths are compared as text; a link that leads elsewhere is not followed.
"""

import fnmatch
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from spawngate.command.calls import Understood
from spawngate.command.inventory import ServerView
from spawngate.command.spawn_facts import SpawnFacts
from spawngate.launch.argv import word_set
from spawngate.model.call import ToolCall, ToolKind
from spawngate.provenance.paths import absolute, below
from spawngate.provenance.session import Session

SECRETS = word_set(
    "credentials private-key cloud-credentials env-file password-store browser-data account-secrets agent-credentials "
    "process-secrets process-environment"
)
"""Classes of places whose content is secret."""
_SECRET_ACTS = word_set(
    "keychain-read token-print environment-secret environment-dump cloud-secret cluster-secret repository-secret "
    "hash-dump memory-dump"
)
_FETCHERS = word_set(
    "curl wget http https httpie xh aria2c lynx w3m links elinks gh glab hub hut tea rclone iwr invoke-webrequest irm "
    "invoke-restmethod ftp sftp rdmsr s3cmd gsutil"
)
_READERS = word_set(
    "cat bat head tail less more sed awk gawk grep egrep fgrep rg ag nl tac strings xxd hexdump od jq yq pandoc "
    "get-content gc type select-string pdftotext zcat"
)
_REGISTRY_VERBS = word_set("view info show search index outdated readme docs")
_MANAGERS = word_set("npm pnpm yarn bun pip pip3 uv cargo gem brew apt apt-cache conda composer go")
_HISTORY = re.compile(r"(?:show|log|diff|blame|cat-file|range-diff|whatchanged|archive|reflog)\b")
_OWN_REF = re.compile(r"(?:HEAD|@)(?:[~^]\d*)*(?::.*)?|-.*|--|:.*")
_FILE = re.compile(r"^[^:]+\.[A-Za-z]\w{0,7}$")
_BY_OTHERS = re.compile(
    r"(?i)web|browser|url|mail|slack|discord|teams|issue|jira|linear|confluence|notion|ticket|pull|search|fetch|crawl|page"
)
_DEPENDENCIES = word_set(
    "node_modules site-packages dist-packages bower_components vendor third_party pods .venv venv deriveddata .tox"
)
_SYSTEM = (
    "/usr/",
    "/etc/",
    "/opt/",
    "/bin/",
    "/sbin/",
    "/lib/",
    "/proc/",
    "/sys/",
    "/dev/",
    "/nix/",
    "/library/",
    "/system/",
    "/var/",
)
_TEMPORARY = ("/tmp/", "/var/tmp/", "/dev/shm/", "/private/tmp/", "/var/folders/")  # noqa: S108  # compared, not used


@dataclass(frozen=True, slots=True)
class Folders:
    """Which folders are the person's own. Patterns as in a shell, `~` for the home."""

    home: str = ""
    trusted: tuple[str, ...] = ()
    """Where any are given, a project is the person's own only below one of them."""
    untrusted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where what a call gives back comes from."""

    own: bool = False
    """The person's own files: what stands there is clean."""
    labels: tuple[str, ...] = ()
    """Of the session, `provenance.session.LABELS`; none for own files."""
    kind: str = ""
    """`web page`, `answer of MCP server`, ...; empty: neither own nor outside."""
    name: str = ""
    """Which one; not redacted."""


NEITHER = Origin()


def origin_of(
    call: ToolCall, understood: Understood, session: Session, folders: Folders, server: ServerView | None
) -> Origin:
    """Where the answer of a call comes from."""
    if call.kind is ToolKind.FETCH:
        return _web("web page", call.urls[0] if call.urls else "")
    if call.kind is ToolKind.SEARCH and (call.urls or (_BY_OTHERS.search(call.tool) and not call.paths)):
        return _web("web search", call.urls[0] if call.urls else "")
    if call.kind is ToolKind.MCP:
        return _server(call, session, folders, server)
    if call.kind is ToolKind.SHELL or understood.spawns:
        return _shell(call, understood.spawns, session, folders)
    if call.kind in (ToolKind.READ, ToolKind.SEARCH):
        return _files(call.paths or ((call.cwd,) if call.cwd else ()), call, session, folders)
    if call.kind is ToolKind.OTHER and (call.urls or _BY_OTHERS.search(call.tool)):
        return _web("answer of tool", call.urls[0] if call.urls else call.tool)
    return NEITHER


def reads_secret(understood: Understood) -> bool:
    """Whether the call reads something secret."""
    if not SECRETS.isdisjoint(understood.call.read_places):
        return True
    return any(
        not SECRETS.isdisjoint(spawn.read_places) or not _SECRET_ACTS.isdisjoint(spawn.acts)
        for spawn in understood.spawns
    )


def whose(path: str, session: Session, folders: Folders) -> str:
    """`own`, `outside` or `neither`, of an absolute path."""
    above = list(below(path))
    numbers = [session.path(each) for each in above]
    for number in numbers if session.knows_paths else ():
        source = session.source_of(number)
        if source is not None and source.fetched:
            return "outside"
        if session.written(number):
            # What it was written from is known as such already; the rest may be the person's, or not.
            return "neither"
    lowered = path.lower()
    if not _DEPENDENCIES.isdisjoint(lowered.split("/")):
        return "outside"
    if _matches(above, folders.untrusted, folders.home):
        return "outside"
    if folders.trusted:
        if _matches(above, folders.trusted, folders.home):
            return "own"
    elif session.root and session.root in numbers:
        return "own"
    if f"{lowered}/".startswith(_TEMPORARY):
        return "outside"
    home = folders.home.rstrip("/")
    if home and path.startswith(f"{home}/"):
        return "neither" if path[len(home) + 1 :].startswith(".") else "outside"
    return "neither" if f"{lowered}/".startswith(_SYSTEM) else "outside"


def _matches(above: Sequence[str], patterns: Iterable[str], home: str) -> bool:
    for pattern in patterns:
        wanted = absolute(pattern.rstrip("/*") or "/", "", home)
        if any(fnmatch.fnmatchcase(each, wanted) for each in above):
            return True
    return False


def _web(kind: str, name: str) -> Origin:
    return Origin(labels=("untrusted_web",), kind=kind, name=name)


def _files(paths: Sequence[str], call: ToolCall, session: Session, folders: Folders) -> Origin:
    kinds: dict[str, str] = {}
    for path in paths:
        where = absolute(path, call.cwd, folders.home)
        if where:
            kinds.setdefault(whose(where, session, folders), path)
    if "outside" in kinds:
        return Origin(labels=("untrusted_repository",), kind="file", name=kinds["outside"])
    return Origin(own=True) if set(kinds) == {"own"} else NEITHER


def _server(call: ToolCall, session: Session, folders: Folders, server: ServerView | None) -> Origin:
    if server is not None and is_known(server) and call.paths and not call.urls:
        files = _files(call.paths, call, session, folders)
        if files.own:
            return files
    labels = ("untrusted_web", "unknown_server_answer") if server is None else server_labels(server)
    return Origin(labels=labels, kind="answer of MCP server", name=call.server)


def server_labels(server: ServerView) -> tuple[str, ...]:
    """What a session has read that has an answer of this server."""
    labels = ["untrusted_web"] if "network" in server.capabilities else []
    if not is_known(server):
        labels.append("unknown_server_answer")
    return tuple(labels) or ("untrusted_web",)


def is_known(server: ServerView) -> bool:
    """Whether a person approved the server, or its publisher is known."""
    return server.approved or server.tier == "official"


def _shell(call: ToolCall, spawns: Sequence[SpawnFacts], session: Session, folders: Folders) -> Origin:
    found: list[Origin] = []
    for spawn in spawns:
        origin = _spawn(spawn, call, session, folders)
        if origin.kind:
            return origin
        found.append(origin)
    # Only where everything that writes to the output reads the person's own files.
    readers = [origin for origin, spawn in zip(found, spawns, strict=True) if not spawn.from_programs]
    return Origin(own=True) if readers and all(origin.own for origin in readers) else NEITHER


def _spawn(spawn: SpawnFacts, call: ToolCall, session: Session, folders: Folders) -> Origin:
    program, acts = spawn.program, frozenset(spawn.acts)
    elsewhere = "loopback" not in spawn.host_kinds
    if spawn.hosts and elsewhere and (program in _FETCHERS or acts & {"download", "code-network", "code-fetch-run"}):
        address = next((word for word in spawn.words if "://" in word), spawn.hosts[0])
        return _web(f"output of {program or 'a command'}", address if program in ("curl", "wget") else spawn.line)
    if program in ("gh", "glab", "hub", "tea"):
        return _web(f"output of {program}", spawn.line)
    if spawn.remote:
        return _web("output of another machine", spawn.remote)
    if program in _MANAGERS and not _REGISTRY_VERBS.isdisjoint(spawn.words[:2]):
        return _web(f"output of {program}", spawn.line)
    if program == "git" and _HISTORY.match(spawn.subcommand):
        foreign = [word for word in spawn.words[1:] if not _OWN_REF.fullmatch(word)]
        if "--" in foreign or "--" in spawn.words:
            foreign = [word for word in spawn.words[1 : spawn.words.index("--")] if not _OWN_REF.fullmatch(word)]
        if any(not _is_own_file(word, call, session, folders) for word in foreign):
            return Origin(labels=("untrusted_repository",), kind="output of git", name=spawn.line)
    if program in _READERS and spawn.reads:
        return _files(spawn.reads, call, session, folders)
    return NEITHER


def _is_own_file(word: str, call: ToolCall, session: Session, folders: Folders) -> bool:
    """Whether a word of a command of git is one of the person's own files and no revision."""
    return _FILE.search(word) is not None and whose(absolute(word, call.cwd, folders.home), session, folders) == "own"


Redact = Callable[[str], str]


def label_of(origin: Origin, redact: Redact, longest: int = 200) -> str:
    """The name of a source for people: redacted, in one line, of printable characters."""
    name = redact(origin.name[:2_000]) if origin.name else ""
    shown = "".join(sign if sign.isprintable() else "?" for sign in " ".join(name.split()))
    return f"{origin.kind} {shown[:longest]}".strip()
