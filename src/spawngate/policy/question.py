"""The question that a policy is asked: who wants to do what to which thing, and everything known about it.

Belongs here: the words of `schema.cedarschema` as a value, with a neutral default each.
Must not be here: how facts are established (`command`, `launch`), and what policies answer.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

ACTIONS = ("shell", "read", "write", "fetch", "search", "mcp", "subagent", "other", "launch")
NOTHING = -1
"""`severity` where no rule found anything."""


class Question(Struct, frozen=True):
    """One call or launch as policies see it. Holds redacted text only: it is recorded for replay."""

    agent: str
    action: str
    """One of ACTIONS."""
    tool: str = ""
    """The tool's name as the agent says it."""
    permission_mode: str = ""
    subagent: bool = False
    cwd: str = ""
    path: str = ""
    """The first file that the call names."""
    paths: tuple[str, ...] = ()
    command: str = ""
    """Text of the command, redacted."""
    programs: tuple[str, ...] = ()
    """Every program that would run, inside wrappers and substitutions too."""
    wrappers: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    """Packages that would be installed or run, as purls or names."""
    hosts: tuple[str, ...] = ()
    host_classes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    """Classes of places that are read (`command.places`)."""
    writes: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()
    opaque: tuple[str, ...] = ()
    """What is known only when it runs."""
    privileged: bool = False
    remote: bool = False
    server: str = ""
    server_tool: str = ""
    server_known: bool = False
    tier: str = ""
    capabilities: tuple[str, ...] = ()
    transport: str = ""
    launcher: str = ""
    package: str = ""
    pin: str = ""
    source: str = ""
    fingerprint: str = ""
    approvals: bool = False
    """Approvals are in force: what has none is refused."""
    approved: bool = False
    findings: tuple[str, ...] = ()
    """Ids of rules."""
    packs: tuple[str, ...] = ()
    severity: int = NOTHING
    """Highest severity found, 0 for info to 4 for critical; -1 for none."""
    sure_severity: int = NOTHING
    """The same of findings whose confidence is at least medium."""
    labels: tuple[str, ...] = ()
    """What the session has read: `provenance.session.LABELS`."""
    tainted: tuple[str, ...] = ()
    """What of the call is made of text that the session read outside: `provenance.subjects.KINDS`."""
    starts: tuple[str, ...] = ()
    """What the call would start, add or write, whatever it is made of: `provenance.subjects.KINDS`. Known of sessions
    that have read something only."""
    taint_sources: tuple[str, ...] = ()
    """Where that text was read, each with the kind before it."""
    understood: bool = True

    @property
    def resource(self) -> tuple[str, str]:
        """Cedar type and id of the thing that is acted on."""
        if self.action == "mcp":
            return "Server", self.server
        if self.action == "launch":
            return "Launch", self.fingerprint or self.package or self.server
        return "Tool", self.action

    def stated(self) -> dict[str, Any]:
        """The fields that say something, as JSON holds them."""
        blank = Question(self.agent, self.action)
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name in self.__struct_fields__
            if (value := getattr(self, name)) != getattr(blank, name) or name in ("agent", "action")
        }

    def context(self, names: frozenset[str], said: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The fields named, as Cedar's context; texts in tuples become sets there. `said` stands for fields of its own.

        Equal fields give equal maps in one order.
        """
        given = said or {}
        return {name: given[name] if name in given else getattr(self, name) for name in _sorted(names)}


@lru_cache(maxsize=64)
def _sorted(names: frozenset[str]) -> tuple[str, ...]:
    """Those that one policy set looks at are asked for with every question."""
    return tuple(sorted(names))


FIELDS: tuple[str, ...] = tuple(name for name in Question.__struct_fields__ if name not in ("agent", "action"))
"""Names in the schema's context."""
