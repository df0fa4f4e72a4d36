"""The page of one inventory: query in, HTML out.

Belongs here: what the filters mean, what the page holds, and the template environment.
Must not be here: HTTP (`server.app`), wording and grouping that the terminal shares (`report.view`).
Every value that the templates print passes through `report.terminal.escape` and HTML escaping, in this order; there
is no place where a value is marked as safe.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Self
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from spawngate import __version__
from spawngate.model.artifact import Artifact, Kind
from spawngate.model.finding import Finding, Severity
from spawngate.model.json import Json
from spawngate.model.observed import Diagnostic
from spawngate.model.snapshot import Change, Snapshot
from spawngate.report import view
from spawngate.report.judgement import NOTHING, Judgement, Risk, risks
from spawngate.report.summary import Counts, count
from spawngate.report.terminal import escape

_LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class PageState:
    """What is known at the moment a page is asked for."""

    snapshot: Snapshot | None
    """None until the first scan is done."""
    changes: tuple[Change, ...] = ()
    scanning: bool = False
    judgement: Judgement = NOTHING


@dataclass(frozen=True, slots=True)
class Query:
    """The filters of the page. An empty one lets everything through."""

    kind: str = ""
    agent: str = ""
    """An agent's id, or `-` for what no agent owns."""
    status: str = ""
    q: str = ""
    """Words that must all occur somewhere in the artifact, whatever their case."""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Self:
        """From the address. Unknown parameters are ignored; overlong ones are cut."""
        names = ("kind", "agent", "status", "q")
        kind, agent, status, q = (parameters.get(name, "")[:_LONGEST_QUERY] for name in names)
        return cls(kind, agent, status, " ".join(q.split()))

    def link(self, **changed: str) -> str:
        """The address of the page with some of the filters changed."""
        query = replace(self, **changed)
        chosen = {name: getattr(query, name) for name in ("kind", "agent", "status", "q") if getattr(query, name)}
        return f"/?{urlencode(chosen, errors='replace')}" if chosen else "/"

    def __bool__(self) -> bool:
        return bool(self.kind or self.agent or self.status or self.q)

    def takes(self, artifact: Artifact, names: Mapping[str, str]) -> bool:
        """Whether an artifact passes all filters."""
        return (
            self.kind in ("", artifact.kind)
            and self.agent in ("", artifact.agent or "-")
            and self.status in ("", artifact.status)
            and self._finds(lambda: _searchable(artifact, names))
        )

    def takes_diagnostic(self, diagnostic: Diagnostic, names: Mapping[str, str]) -> bool:
        """Whether a diagnostic passes. It has neither kind nor status, so a filter on those hides it."""
        agent = names.get(diagnostic.agent, "")
        text = (diagnostic.path, diagnostic.reason, diagnostic.message, diagnostic.agent, agent)
        return (
            not self.kind
            and not self.status
            and self.agent in ("", diagnostic.agent or "-")
            and self._finds(lambda: " ".join(text))
        )

    def _finds(self, text: Callable[[], str]) -> bool:
        if not self.q:
            return True
        searched = text().casefold()
        return all(word in searched for word in self.q.casefold().split())


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a facet. `link` chooses it or, where it is chosen, drops it."""

    label: str
    number: int
    link: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with its choices and how many artifacts each would leave, given the other filters."""

    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the template prints."""

    snapshot: Snapshot
    counts: Counts
    scanning: bool
    query: Query
    facets: tuple[Facet, ...]
    shown: int
    arranged: view.Arranged
    changes: tuple[Change, ...]
    diagnostics: tuple[Diagnostic, ...]
    names: Mapping[str, str]
    judgement: Judgement = NOTHING
    risks: Mapping[str, Risk] = field(default_factory=dict)
    """Artifact id to what was judged about it."""

    def grave(self, artifact: Artifact) -> tuple[Finding, ...]:
        """Findings about the artifact that somebody has to look at, gravest first."""
        risk = self.risks.get(artifact.id)
        return tuple(f for f in risk.findings if f.severity.rank >= Severity.MEDIUM.rank) if risk else ()

    def agent_name(self, agent: str) -> str:
        """An agent's name for people."""
        return self.names.get(agent, agent)

    def tidy(self, path: str) -> str:
        """A path with `~` for the home."""
        return view.tidy(path, self.snapshot.homes)


def render_page(state: PageState, query: Query) -> str:
    """The page as HTML."""
    if state.snapshot is None:
        return _environment().get_template("waiting.html").render(version=__version__, refresh=True)
    page = build_page(state.snapshot, state.changes, state.scanning, query, state.judgement)
    return _environment().get_template("inventory.html").render(page=page, version=__version__, refresh=page.scanning)


def build_page(
    snapshot: Snapshot, changes: Sequence[Change], scanning: bool, query: Query, judgement: Judgement = NOTHING
) -> Page:
    """What the page shows of a snapshot under a query. Pure."""
    names = view.agent_names(snapshot.artifacts)
    shown = [artifact for artifact in snapshot.artifacts if query.takes(artifact, names)]
    return Page(
        snapshot=snapshot,
        counts=count(snapshot),
        scanning=scanning,
        query=query,
        facets=_facets(snapshot.artifacts, query, names),
        shown=len(shown),
        arranged=_with_agents(shown, snapshot.artifacts),
        changes=tuple(change for change in changes if query.takes(change.artifact, names)),
        diagnostics=tuple(
            sorted(
                (item for item in snapshot.diagnostics if query.takes_diagnostic(item, names)),
                key=lambda item: (item.path, item.reason, item.message),
            )
        ),
        names=names,
        judgement=judgement,
        risks=risks(judgement),
    )


def _with_agents(shown: Sequence[Artifact], everything: Sequence[Artifact]) -> view.Arranged:
    """`shown`, grouped; what is found of an agent stands below that agent even where the filter hides it itself."""
    owners = {artifact.agent for artifact in shown if artifact.kind in view.WITH_AGENT}
    found = {artifact.id for artifact in shown}
    heads = [
        artifact
        for artifact in everything
        if artifact.kind == Kind.AGENT and artifact.agent in owners and artifact.id not in found
    ]
    return view.arrange([*shown, *heads])


def _facets(artifacts: Sequence[Artifact], query: Query, names: Mapping[str, str]) -> tuple[Facet, ...]:
    def facet(name: str, title: str, value: Callable[[Artifact], str], label: Callable[[str], str]) -> Facet:
        chosen: str = getattr(query, name)
        open_query = replace(query, **{name: ""})
        found = Counter(str(value(artifact)) for artifact in artifacts if open_query.takes(artifact, names))
        if chosen:
            found.setdefault(chosen, 0)
        options = [
            Option(
                label=label(word),
                number=number,
                link=query.link(**{name: "" if word == chosen else word}),
                chosen=word == chosen,
            )
            for word, number in found.items()
        ]
        return Facet(title, tuple(sorted(options, key=lambda option: (-option.number, option.label.casefold()))))

    return (
        facet("kind", "Kind", lambda artifact: artifact.kind, lambda kind: view.title(kind, 2)),
        facet("agent", "Agent", lambda a: a.agent or "-", lambda a: view.NO_AGENT if a == "-" else names.get(a, a)),
        facet("status", "Status", lambda artifact: artifact.status, lambda status: status),
    )


def _searchable(artifact: Artifact, names: Mapping[str, str]) -> str:
    texts: list[Json] = [
        artifact.name,
        artifact.path,
        artifact.agent,
        names.get(artifact.agent),
        artifact.kind,
        view.title(artifact.kind),
        artifact.scope,
        artifact.status,
        artifact.id,
        artifact.fingerprint,
        view.running_words(artifact),
        artifact.detail,
    ]
    launch = artifact.launch
    if launch is not None:
        # Command and arguments as one text, so that a search for a whole command line finds it.
        texts += [
            " ".join((launch.command or "", *launch.args)),
            launch.transport,
            launch.url,
            launch.package,
            launch.cwd,
            launch.env,
            launch.header_names,
            launch.env_file,
            launch.header_command,
            launch.digest,
        ]
    return "\n".join(view.words(text) for text in texts)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("spawngate.server"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(view=view, facts=view.AgentFacts.of)
    return environment


def _visible(value: object) -> object:
    """What a template prints: hostile characters visible, nothing for None. HTML escaping follows."""
    if value is None:
        return ""
    return escape(value) if isinstance(value, str) and not isinstance(value, Markup) else value
