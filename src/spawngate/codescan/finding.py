"""What the code scan says about a project: findings with their traces, launch sites, and what stayed unknown.

Belongs here: the records, their order, and the fingerprint. Not here: how they are found, how they are printed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum


class Grade(StrEnum):
    """How far untrusted data reaches: see `docs/code-scan.md`."""

    HIGH = "high"
    """A remote source (http, ws, llm, remote) reaches the slot and nothing strong stands in between."""
    MEDIUM = "medium"
    """The same behind a weak guard, or from ipc, a database whose writer is not known, or a plugin's parameter."""
    LOW = "low"
    """From a file, the command line or the environment, or behind a switch that is off by default."""
    INFO = "info"
    """A parameter of an exported function that nobody in the project calls; or the slice could not be resolved."""
    NONE = "none"
    """Constant, or stopped by a strong guard. Listed as a launch site, not as a finding."""

    @property
    def rank(self) -> int:
        """0 for none up to 4 for high."""
        return ("none", "info", "low", "medium", "high").index(self.value)


class SourceKind(StrEnum):
    """Where the data comes from."""

    HTTP = "http"
    WS = "ws"
    IPC = "ipc"
    LLM = "llm"
    REMOTE = "remote"
    DB = "db"
    FILE = "file"
    CLI = "cli"
    ENV = "env"
    PARAM = "param"
    PLUGIN = "plugin"
    UNRESOLVED = "unresolved"
    """The slice ended where the engine cannot see on: an unknown call, a budget. Never the same as constant."""


class GuardStrength(StrEnum):
    """What a guard on the path is worth."""

    STRONG = "strong"
    WEAK = "weak"
    CONFIG = "config"
    AUTH = "auth"


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a trace, from the source (first) to the launch (last)."""

    path: str
    line: int
    """From 1."""
    text: str
    """The line of source, without its indent, at most 200 characters. Hostile text: escape it when rendering."""
    what: str
    """What happens here, in words: `request body of POST /mcp/test`, `argument config of connect()`."""
    function: str = ""
    """Qualified name of the function around it, "" at module level."""
    step: str = ""
    """Kind of the step: source, argument, return, assign, field, store, call, key, guard, sink."""


@dataclass(frozen=True, slots=True)
class GuardUse:
    """A guard that stands on the path."""

    strength: GuardStrength
    name: str
    """Name of the check as it would be told: `transport restricted to {http, sse}`, `role of Depends(admin_only)`."""
    path: str
    line: int
    text: str
    """The condition as written, at most 200 characters."""
    default: str = ""
    """Of a configuration switch: `on`, `off`, or "" where no default is found."""


@dataclass(frozen=True, slots=True)
class LaunchSite:
    """A place that starts, or registers, an MCP server: the sink of a slice."""

    path: str
    line: int
    column: int
    text: str
    call: str
    """Canonical name of what is called: `mcp.StdioServerParameters`."""
    model: str
    """Id of the sink model that matched."""
    function: str
    language: str
    kind: str = "launch"
    """`launch`, or `registration` for a definition that is written to a store or to an agent's configuration file."""
    in_test: bool = False
    """The file is a test, an example or a fixture by its path."""
    raw: bool = False
    """A raw process call near MCP, and no SDK's or wrapper's."""


@dataclass(frozen=True, slots=True)
class CodeFinding:
    """Untrusted data reaches a slot of a launch. One per site, slot group and source."""

    rule: str
    """`mcp-launch-<kind of source>` or `mcp-registration-<kind>`; stable, documented in `docs/code-scan.md`."""
    grade: Grade
    slots: tuple[str, ...]
    """Tainted slots, sorted: command, args, `args[0]`, env, cwd, definition."""
    source: SourceKind
    source_model: str
    """Id of the source model that matched, "" for open parameters."""
    site: LaunchSite
    trace: tuple[Hop, ...]
    """From source to launch, never empty."""
    guards: tuple[GuardUse, ...] = ()
    cost: int = 0
    """How uncertain the trace is: sum over its steps; 0 where every step is resolved by import or type."""
    incomplete: bool = False
    """A budget ended while this site was followed: there may be more, or worse."""
    title: str = ""
    why: str = ""
    """Why it matters, with the CVE of the same shape where there is one."""
    advisories: tuple[str, ...] = ()
    """Ids of advisories of the same shape."""
    remediation: str = ""
    fingerprint: str = ""
    """See `fingerprint`. Survives edits that do not touch the path."""
    suppressed: str = ""
    """Reason, when an inline or file suppression or the baseline holds it; "" otherwise."""


@dataclass(frozen=True, slots=True)
class SlotVerdict:
    """What one slot of a launch site is made of."""

    slot: str
    verdict: str
    """`constant`, `tainted`, `guarded` (strong guard), `unresolved`, or `absent`."""
    sources: tuple[SourceKind, ...] = ()
    unresolved: tuple[str, ...] = ()
    """What the slice could not see through, in words with path:line; at most 5."""


@dataclass(frozen=True, slots=True)
class SiteReport:
    """A launch site and what its slots are made of; also the answer to "which sites are constant"."""

    site: LaunchSite
    slots: tuple[SlotVerdict, ...]
    grade: Grade
    distance: int | None = None
    """Hops between the nearest external input and the site; None where none reaches it."""
    steps: int = 0
    incomplete: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file, or a part of one, that could not be read as source."""

    path: str
    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the scan cost."""

    files: int = 0
    lines: int = 0
    lowered: int = 0
    """Files that were parsed: only those that a slice asks for are."""
    steps: int = 0


@dataclass(frozen=True, slots=True)
class ProjectResult:
    """Everything about one project."""

    mcp: bool
    """The project uses MCP: an SDK, a wrapper or a class of its own. False: nothing more was looked at."""
    evidence: tuple[str, ...] = ()
    """Why `mcp` is true: `path:line text`, at most 10."""
    findings: tuple[CodeFinding, ...] = ()
    """Worst first; then cheapest trace."""
    sites: tuple[SiteReport, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    incomplete: bool = False
    statistics: Statistics = field(default_factory=Statistics)

    @property
    def grade(self) -> Grade:
        """The worst grade of a finding that nothing suppresses."""
        grades = [finding.grade for finding in self.findings if not finding.suppressed]
        return max(grades, key=lambda grade: grade.rank, default=Grade.NONE)


_SPACES = re.compile(r"\s+")


def fingerprint(rule: str, source: Hop, site: LaunchSite, slots: tuple[str, ...]) -> str:
    """32 hexadecimal digits that name a finding across revisions.

    Made of the rule, the paths, functions and squeezed texts of the first and the last hop, and the slots: not of line
    numbers, nor of the steps between, so that an edit elsewhere in the files keeps it.
    """
    parts = (
        rule,
        source.path,
        source.function,
        _SPACES.sub(" ", source.text),
        site.path,
        site.function,
        site.call,
        _SPACES.sub(" ", site.text),
        *slots,
    )
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
