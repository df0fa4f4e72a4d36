"""The inventory and what was judged about it as one HTML file that a person reads, prints and sends on.

Belongs here: the order of the report, its sentences of summary, and the template environment.
Must not be here: wording that the terminal shares (`report.view`), and the loopback page (`server.inventory_page`).

The file needs nothing besides itself: style inside, no script, no picture, no font, no address that is fetched. Its
content security policy allows exactly that one style sheet, by its hash. Every value that the template prints passes
through `report.terminal.escape` and HTML escaping, in this order; no value is ever marked as safe.
"""

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from spawngate import __version__
from spawngate.model.advisory import AdvisoryMatch
from spawngate.model.artifact import Artifact, Kind
from spawngate.model.finding import Finding, Severity
from spawngate.model.observed import Diagnostic
from spawngate.model.snapshot import Change, Snapshot
from spawngate.report import view
from spawngate.report.judgement import (
    PRESENT,
    Judgement,
    Risk,
    RuleText,
    TierView,
    fix_of,
    ordered_matches,
    package_words,
    risks,
    severity_of,
    weight,
)
from spawngate.report.references import reference
from spawngate.report.summary import Counts, count
from spawngate.report.terminal import escape

SEVERITIES = tuple(reversed(Severity))
"""Gravest first, the order in which people are shown them."""
TIERS: Mapping[str, str] = {
    "official": "Comes from its vendor, or from a publisher that the organisation's trust policy names.",
    "community": "The publisher or a public registry is known; the organisation has not vouched for it.",
    "unknown": "Nothing tells who made it, or what would run is not settled.",
}
CAPABILITIES: Mapping[str, str] = {
    "filesystem": "Reads or writes files of this machine.",
    "shell": "Runs commands of its own choosing.",
    "network": "Reaches other machines.",
    "credentials": "Is handed secrets.",
}
_MOST_STEPS = 12
_LONGEST_NAME = 60
_NO_RISK = Risk()


@dataclass(frozen=True, slots=True)
class Card:
    """One artifact with everything that was judged about it."""

    artifact: Artifact
    anchor: str
    severity: Severity | None
    risk: Risk
    tier: TierView | None
    capabilities: Mapping[str, tuple[str, ...]]
    """Kind to what exactly is reached; the empty text where that is not known."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and everything that it is to be done to."""

    severity: Severity
    title: str
    remedy: str
    subjects: tuple[tuple[str, str], ...]
    """Names, each with the anchor to go to; an empty anchor where there is none."""
    number: int
    """Findings or matches that this step answers."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A rule that found something."""

    id: str
    text: RuleText
    number: int


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the template prints."""

    snapshot: Snapshot
    counts: Counts
    judged: bool
    verdict: str
    tally: Mapping[Severity, int]
    """Findings and open advisories by severity, every severity present."""
    steps: tuple[Step, ...]
    more_steps: int
    dangerous: Mapping[Severity, tuple[Card, ...]]
    """Servers about which something above info was found, by severity; severities without one are left out."""
    clean: tuple[Card, ...]
    """The other servers."""
    others: tuple[Card, ...]
    """Artifacts besides servers about which something above info was found, gravest first."""
    noted: tuple[Card, ...]
    """Artifacts besides servers about which there is information only."""
    endpoint: Risk
    """What was found about the endpoint as a whole."""
    matches: tuple[AdvisoryMatch, ...]
    tiers: Mapping[str, tuple[Card, ...]]
    capable: tuple[Card, ...]
    secrets: Mapping[str, tuple[Artifact, ...]]
    """By type, and in it by fingerprint."""
    agents: tuple[tuple[view.Group, Artifact, Severity | None], ...]
    """Each agent with its group and the gravest severity of anything that belongs to it."""
    changes: tuple[Change, ...]
    diagnostics: tuple[Diagnostic, ...]
    rules: tuple[Applied, ...]
    names: Mapping[str, str]
    anchors: Mapping[str, str]
    """Artifact id to the anchor of its card."""

    def agent_name(self, agent: str) -> str:
        """An agent's name for people."""
        return self.names.get(agent, agent)

    def tidy(self, path: str) -> str:
        """A path with `~` for the home."""
        return view.tidy(path, self.snapshot.homes)


def render_html(snapshot: Snapshot, judgement: Judgement, changes: Sequence[Change] = ()) -> bytes:
    """The whole report, UTF-8."""
    environment, policy = _environment()
    page = build_page(snapshot, judgement, changes)
    return environment.get_template("report.html").render(page=page, policy=policy, version=__version__).encode()


def build_page(snapshot: Snapshot, judgement: Judgement, changes: Sequence[Change] = ()) -> Page:
    """What the report says, arranged. Pure."""
    found = risks(judgement)
    arranged = view.arrange(snapshot.artifacts)
    ordered = [item for group in arranged.groups for item in (*group.servers, *group.agents)]
    known = {item.id for item in ordered}
    ordered += [item for item in snapshot.artifacts if item.id not in known]
    cards = {item.id: _card(item, number, found, judgement) for number, item in enumerate(ordered, 1)}
    servers = [card for card in cards.values() if card.artifact.kind == Kind.MCP_SERVER]
    endpoint = _merged([found[id_] for id_ in found if id_ not in cards])
    others = [card for card in cards.values() if card.severity and card.artifact.kind != Kind.MCP_SERVER]
    shown = {card.artifact.id: card.anchor for card in (*servers, *others)}
    steps = _steps(judgement, found, cards, shown, snapshot)
    tally = Counter(
        [finding.severity for risk in found.values() for finding in risk.findings]
        + [weight(match) for risk in found.values() for match in risk.matches]
    )
    by_severity = {severity: tally[severity] for severity in SEVERITIES}
    counts = count(snapshot)
    judged = bool(judgement.rules or judgement.findings or judgement.matches or judgement.tiers)
    return Page(
        snapshot=snapshot,
        counts=counts,
        judged=judged,
        verdict=_verdict(by_severity, servers, judged),
        tally=by_severity,
        steps=tuple(steps[:_MOST_STEPS]),
        more_steps=max(len(steps) - _MOST_STEPS, 0),
        dangerous={
            severity: tuple(card for card in servers if card.severity == severity)
            for severity in SEVERITIES
            if severity is not Severity.INFO and any(card.severity == severity for card in servers)
        },
        clean=tuple(card for card in servers if _rank(card.severity) <= Severity.INFO.rank),
        others=tuple(
            sorted(
                (card for card in others if card.severity is not Severity.INFO), key=lambda card: -_rank(card.severity)
            )
        ),
        noted=tuple(card for card in others if card.severity is Severity.INFO),
        endpoint=endpoint,
        matches=ordered_matches(judgement.matches),
        tiers={
            tier: tuple(card for card in cards.values() if card.tier is not None and card.tier.tier == tier)
            for tier in (*TIERS, *sorted({item.tier for item in judgement.tiers.values()} - set(TIERS)))
        },
        capable=tuple(
            sorted((card for card in cards.values() if card.capabilities), key=lambda card: -_rank(card.severity))
        ),
        secrets=_by_type(arranged.secrets),
        agents=_agents(arranged, cards),
        changes=tuple(changes),
        diagnostics=tuple(sorted(snapshot.diagnostics, key=lambda item: (item.path, item.reason, item.message))),
        rules=_applied(judgement),
        names=view.agent_names(snapshot.artifacts),
        anchors=shown,
    )


def _rank(severity: Severity | None) -> int:
    return -1 if severity is None else severity.rank


def _card(artifact: Artifact, number: int, found: Mapping[str, Risk], judgement: Judgement) -> Card:
    risk = found.get(artifact.id, _NO_RISK)
    reached: dict[str, list[str]] = {}
    for capability in judgement.capabilities.get(artifact.id, ()):
        kind, _, what = capability.partition(":")
        reached.setdefault(kind.strip(), []).append(what.strip())
    order = [kind for kind in CAPABILITIES if kind in reached] + sorted(set(reached) - set(CAPABILITIES))
    return Card(
        artifact=artifact,
        anchor=f"item-{number}",
        severity=risk.severity,
        risk=risk,
        tier=judgement.tiers.get(artifact.id),
        capabilities={kind: tuple(dict.fromkeys(reached[kind])) for kind in order},
    )


def _merged(parts: Sequence[Risk]) -> Risk:
    """What belongs to no artifact of the snapshot."""
    return Risk(
        tuple(finding for part in parts for finding in part.findings),
        tuple(match for part in parts for match in part.matches),
    )


def _verdict(tally: Mapping[Severity, int], servers: Sequence[Card], judged: bool) -> str:
    """One sentence that says how it stands."""
    if not judged:
        return "This inventory was not judged: no rules were applied."
    grave = sum(tally[severity] for severity in SEVERITIES if severity.rank >= Severity.HIGH.rank)
    medium = tally[Severity.MEDIUM]
    hit = sum(card.severity is not None and card.severity.rank >= Severity.MEDIUM.rank for card in servers)
    all_servers = f"{len(servers)} MCP server{'s' if len(servers) != 1 else ''}"
    where = f"{hit} of {all_servers} {'is' if hit == 1 else 'are'} concerned" if hit else "no MCP server is concerned"
    if grave:
        return f"{grave} {'matter needs' if grave == 1 else 'matters need'} action now; {where}."
    if medium:
        noun = "matter wants" if medium == 1 else "matters want"
        return f"Nothing needs action at once; {medium} {noun} a look, and {where}."
    if any(tally.values()):
        return "Nothing needs action; a few notes stand below."
    return "Nothing was found that needs attention."


def _steps(
    judgement: Judgement,
    found: Mapping[str, Risk],
    cards: Mapping[str, Card],
    shown: Mapping[str, str],
    snapshot: Snapshot,
) -> list[Step]:
    """What to do, gravest first: one step for each rule, and one for each package that an advisory hits."""
    by_rule: dict[str, list[Finding]] = {}
    by_package: dict[tuple[str, str], list[AdvisoryMatch]] = {}
    for risk in found.values():
        for finding in risk.findings:
            if finding.severity.rank >= Severity.MEDIUM.rank:
                by_rule.setdefault(finding.rule, []).append(finding)
        for match in risk.matches:
            if match.answer in PRESENT:
                by_package.setdefault((match.package, match.answer), []).append(match)

    names = view.agent_names(card.artifact for card in cards.values())

    def subject(id_: str, instead: str) -> tuple[str, str]:
        if id_ not in cards:
            return instead, ""
        artifact = cards[id_].artifact
        agent = names.get(artifact.agent, artifact.agent) if artifact.kind != Kind.AGENT else ""
        label = view.middle(view.label(artifact), _LONGEST_NAME)
        return f"{label} ({agent})" if agent else label, shown.get(id_, "")

    steps = [
        Step(
            severity=max((item.severity for item in group), key=lambda severity: severity.rank),
            title=judgement.rule(group[0]).title,
            remedy=judgement.rule(group[0]).remediation,
            subjects=tuple(dict.fromkeys(subject(item.artifact, "the endpoint as a whole") for item in group)),
            number=len(group),
        )
        for group in by_rule.values()
    ]
    for matches in by_package.values():
        advisories = list(dict.fromkeys(match.advisory for match in matches))
        name = package_words(matches[0].package)
        steps.append(
            Step(
                severity=max((severity_of(match) for match in matches), key=lambda severity: severity.rank),
                title=f"{name}: {', '.join(advisories[:3])}{' and more' if len(advisories) > 3 else ''}",
                remedy=" ".join(dict.fromkeys(fix_of(match) for match in matches)),
                subjects=tuple(
                    dict.fromkeys(subject(match.artifact, view.tidy(match.path, snapshot.homes)) for match in matches)
                ),
                number=len(matches),
            )
        )
    return sorted(steps, key=lambda step: (-step.severity.rank, -step.number, step.title))


def _by_type(secrets: Sequence[Artifact]) -> dict[str, tuple[Artifact, ...]]:
    types: dict[str, list[Artifact]] = {}
    for secret in secrets:
        types.setdefault(view.words(secret.detail.get("type")) or "unknown", []).append(secret)
    return {type_: tuple(types[type_]) for type_ in sorted(types, key=lambda word: (-len(types[word]), word))}


def _agents(
    arranged: view.Arranged, cards: Mapping[str, Card]
) -> tuple[tuple[view.Group, Artifact, Severity | None], ...]:
    rows = []
    for group in arranged.groups:
        owned = [*group.agents, *(item for part in group.parts.values() for item in part)]
        worst = max((cards[item.id].severity for item in owned), key=_rank, default=None)
        rows += [(group, agent, worst) for agent in group.agents]
    return tuple(rows)


def _applied(judgement: Judgement) -> tuple[Applied, ...]:
    found: dict[str, list[Finding]] = {}
    for finding in judgement.findings:
        found.setdefault(finding.rule, []).append(finding)
    applied = [Applied(rule, judgement.rule(items[0]), len(items)) for rule, items in found.items()]
    return tuple(sorted(applied, key=lambda item: (-item.text.severity.rank, item.id)))


# -- printing -------------------------------------------------------------------------------------------------


def style_policy() -> str:
    """The content security policy of the report, for those who serve it."""
    return _environment()[1]


@cache
def _environment() -> tuple[Environment, str]:
    """The templates, and the content security policy that fits their style sheet."""
    folder = files("spawngate.report") / "templates"
    texts = {name: (folder / name).read_text("utf-8").strip() for name in ("report.html", "report.css")}
    environment = Environment(
        loader=DictLoader(texts),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        view=view,
        facts=view.AgentFacts.of,
        reference=reference,
        fix_of=fix_of,
        weight=weight,
        severity_of=severity_of,
        package_words=package_words,
        by_rule=_by_rule,
        prose=_prose,
        share=_share,
        SEVERITIES=SEVERITIES,
        TIERS=TIERS,
        CAPABILITIES=CAPABILITIES,
    )
    digest = b64encode(sha256(texts["report.css"].encode()).digest()).decode()
    return environment, f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _visible(value: object) -> object:
    """What a template prints: hostile characters visible, nothing for None. HTML escaping follows."""
    if value is None:
        return ""
    return escape(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _by_rule(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Findings of one severity and one fix together, in the order of the first of each."""
    together: dict[tuple[str, Severity, str], list[Finding]] = {}
    for finding in findings:
        together.setdefault((finding.rule, finding.severity, finding.remediation), []).append(finding)
    return list(together.values())


def _prose(text: str) -> list[tuple[bool, str]]:
    """Text of our own in pieces: whether each is code (between backticks), and its words."""
    pieces = re.split(r"`([^`]+)`", text)
    return [(bool(index % 2), piece) for index, piece in enumerate(pieces) if piece]


def _share(numbers: Sequence[int]) -> list[tuple[float, float]]:
    """Where each part of a bar of 100 starts, and how long it is."""
    whole = sum(numbers)
    places: list[tuple[float, float]] = []
    start = 0.0
    for number in numbers:
        length = 100 * number / whole if whole else 0.0
        places.append((round(start, 3), round(length, 3)))
        start += length
    return places
