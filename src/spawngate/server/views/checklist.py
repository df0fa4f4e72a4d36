"""The six questions of the checklist, answered for a fleet: yes, partly or no, with evidence and what is missing.

*Yes* means that the data answers the question in full, not that all is well; for the last two questions what is not
covered is what is missing. Endpoints that were retired are not counted.
Must not be here: the questions' words and the answers for one machine (`report.checklist`).
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Text, cast, func, select

from spawngate.model.errors import StateError
from spawngate.report.checklist import DAYS, QUESTIONS, Answer
from spawngate.server.deliver import routes
from spawngate.server.deliver.standing import standing
from spawngate.server.fleet.rows import of_teams
from spawngate.server.fleet.tables import (
    ADVISORY_MATCHES,
    ADVISORY_SETS,
    ARTIFACTS,
    ENDPOINTS,
    PROJECTS,
)
from spawngate.server.services import Services
from spawngate.server.store.port import StoreError
from spawngate.server.views import names as names_of
from spawngate.server.views.endpoints import OFFLINE
from spawngate.server.views.places import segment, tail
from spawngate.sync.messages import Enforcement
from spawngate.trail.moment import stamp
from spawngate.trail.query import read

FRESH = timedelta(hours=24)
"""An inventory that is older tells of yesterday."""
_SHOWN = 8
_GRADES = ("high", "medium", "low")
_BREAKS = {"trail-gap": "gap", "trail-altered": "altered record", "trail-given-up": "part given up by a full spool"}
_decode = msgspec.json.Decoder(tuple[Enforcement, ...]).decode


class Line(msgspec.Struct, frozen=True):
    """A line of evidence, or of what is missing."""

    text: str
    path: str = ""
    """Of the page that shows it; empty for none."""


class Question(msgspec.Struct, frozen=True):
    """One question with its answer."""

    number: int
    question: str
    answer: str
    says: str
    evidence: tuple[Line, ...]
    missing: tuple[Line, ...]
    part: int = 0
    whole: int = 0
    """How far it is answered, as a share; 0 of 0 where there is none."""


class _Facts(msgspec.Struct):
    """What several questions need."""

    endpoints: int = 0
    silent: int = 0
    without: int = 0
    """Endpoints that never sent an inventory, ..."""
    old: int = 0
    """... and those whose last one is older than a day."""


def checklist(services: Services, teams: frozenset[int] | None) -> tuple[Question, ...]:
    """The answers over the endpoints of these teams. Raises StoreError."""
    with services.database.read() as connection:
        facts = _facts(connection, teams, services.now())
        answered = [
            _servers(connection, teams, facts),
            *_code(connection, teams),
            _advisories(connection, teams, facts),
            _hooks(connection, teams, facts),
        ]
    return (*answered, _trail(services, facts))


def _facts(connection: Connection, teams: frozenset[int] | None, now: str) -> _Facts:
    moment = datetime.fromisoformat(now)
    table = ENDPOINTS.c
    here = (table.retired_at == "") & of_teams(table.team, teams)
    counted = [func.count()] + [
        func.count().filter(condition)
        for condition in (
            table.seen_at < stamp(moment - OFFLINE),
            table.inventory == "",
            (table.inventory != "") & (table.scanned_at < stamp(moment - FRESH)),
        )
    ]
    row = connection.execute(select(*counted).where(here)).one()
    return _Facts(row[0], row[1], row[2], row[3])


def _servers(connection: Connection, teams: frozenset[int] | None, facts: _Facts) -> Question:
    table = ARTIFACTS.c
    statement = (
        select(table.transport, func.count(), func.count(table.fingerprint.distinct()))
        .where(table.kind == "mcp_server", of_teams(table.team, teams))
        .group_by(table.transport)
    )
    rows = [tuple(row) for row in connection.execute(statement)]
    number, distinct = sum(row[1] for row in rows), sum(row[2] for row in rows)
    evidence = [
        Line(f"{row[1]:,} {row[0] or 'of unknown transport'}: {_plural(row[2], 'definition')}",
             f"/servers?transport={row[0]}")
        for row in sorted(rows, key=lambda each: -each[1])
    ]  # fmt: skip
    missing = _gaps(facts)
    says = (
        f"{_plural(number, 'configured MCP server')} ({_plural(distinct, 'definition')}) "
        f"on {_plural(facts.endpoints, 'endpoint')}."
    )
    known = facts.endpoints - facts.without
    return _question(1, _graded(missing, nothing=not known), says, evidence, missing, known, facts.endpoints)


def _gaps(facts: _Facts) -> list[Line]:
    found: list[Line] = []
    if not facts.endpoints:
        found.append(Line("No endpoint reports here yet: enrol one.", "/administration"))
    if facts.without:
        found.append(Line(f"{_plural(facts.without, 'endpoint')} sent no inventory yet", "/endpoints?state=online"))
    if facts.old:
        found.append(Line(f"the inventory of {_plural(facts.old, 'endpoint')} is older than a day", "/endpoints"))
    return found


def _code(connection: Connection, teams: frozenset[int] | None) -> tuple[Question, Question]:
    table = PROJECTS.c
    # Parts of a result, which with its traces may hold megabytes.
    parts = (table.result["summary"]["findings"], table.result["projects"])
    statement = select(table.name, table.incomplete, *parts).where(of_teams(table.team, teams)).order_by(table.name)
    graded: Counter[str] = Counter()
    reached: list[Line] = []
    built: list[Line] = []
    incomplete: list[Line] = []
    trees = projects = accepting = 0
    for name, is_incomplete, found, of_tree in connection.execute(statement):
        trees += 1
        path = f"/projects/{tail(name)}"
        grades = Counter(found)
        graded += grades
        if any(grades[grade] for grade in _GRADES):
            told = ", ".join(f"{grades[grade]} {grade}" for grade in _GRADES if grades[grade])
            reached.append(Line(f"{name}: {told}", path))
        if is_incomplete:
            incomplete.append(Line(f"{name}: the last scan did not look at everything", path))
        for each in _maps(of_tree):
            official = [sdk for sdk in _maps(each.get("sdks")) if sdk.get("official")]
            if not official:
                continue
            projects += 1
            accepting += bool(each.get("accepts_external_input"))
            sdks = ", ".join(f"{sdk.get('package', '')} {sdk.get('version', '')}".strip() for sdk in official)
            word = "accepts" if each.get("accepts_external_input") else "no"
            built.append(Line(f"{each.get('name', '')} ({sdks}): {word} external input", path))
    if not trees:
        says = "No project was scanned: run spawngate code, and hand its result in."
        gap = [Line("No result of a code scan is here", "/projects")]
        return _question(2, Answer.NO, says, (), gap), _question(3, Answer.NO, says, (), gap)
    paths = sum(graded[grade] for grade in _GRADES)
    second = _question(
        2,
        _graded(incomplete, nothing=False),
        f"{_plural(trees, 'scanned tree')}: {_plural(paths, 'path')} from outside to a launch, {graded['high']} high.",
        reached,
        incomplete,
    )
    third = _question(
        3,
        _graded(incomplete, nothing=False),
        f"{_plural(projects, 'project')} on an official SDK; {_accept(accepting)} external input for a launch.",
        built,
        incomplete,
    )
    return second, third


def _advisories(connection: Connection, teams: frozenset[int] | None, facts: _Facts) -> Question:
    table = ADVISORY_MATCHES.c
    statement = (
        select(table.advisory, func.count(table.endpoint.distinct()))
        .select_from(ADVISORY_MATCHES.join(ENDPOINTS, table.endpoint == ENDPOINTS.c.id))
        .where(ENDPOINTS.c.retired_at == "", of_teams(ENDPOINTS.c.team, teams))
        .group_by(table.advisory)
        .order_by(func.count(table.endpoint.distinct()).desc(), table.advisory)
    )
    rows = [tuple(row) for row in connection.execute(statement)]
    imported = connection.execute(select(func.max(ADVISORY_SETS.c.imported_at))).scalar()
    evidence = [Line(f"{name}: {_plural(number, 'endpoint')}", f"/advisories/{segment(name)}") for name, number in rows]
    source = f"imported {imported[:10]}" if imported else "those of the release"
    says = f"{_plural(len(rows), 'advisory', 'advisories')} hit something here; compared with {source}."
    missing = _gaps(facts)
    known = facts.endpoints - facts.without
    return _question(4, _graded(missing, nothing=not known), says, evidence, missing, known, facts.endpoints)


def _hooks(connection: Connection, teams: frozenset[int] | None, facts: _Facts) -> Question:
    table = ENDPOINTS.c
    statement = select(cast(table.enforcement, Text)).where(table.retired_at == "", of_teams(table.team, teams))
    decided: Counter[str] = Counter()
    there: Counter[str] = Counter()
    names: dict[str, str] = {}
    servers = behind = silent = 0
    for (text,) in connection.execute(statement):
        try:
            agents = _decode(text)
        except msgspec.MsgspecError:
            agents = ()
        silent += not agents
        for agent in agents:
            names[agent.agent] = names_of.agent(agent.agent, agent.name)
            there[agent.agent] += 1
            decided[agent.agent] += agent.state == "installed" and agent.mode == "enforce"
            servers += agent.servers
            behind += agent.behind_launcher
    evidence = [
        Line(f"{names[agent]}: decided on {decided[agent]:,} of {number:,}", f"/coverage?agent={agent}")
        for agent, number in there.most_common()
        if decided[agent]
    ]
    if servers:
        evidence.append(Line(f"{behind:,} of {servers:,} servers start through the launcher", "/coverage"))
    missing = [
        Line(f"{names[agent]}: {_plural(number - decided[agent], 'endpoint')} where a deny does not stop a call",
             f"/coverage?agent={agent}")
        for agent, number in there.most_common()
        if decided[agent] < number
    ]  # fmt: skip
    if silent:
        missing.append(Line(f"{_plural(silent, 'endpoint')} told nothing of their agents", "/coverage"))
    if servers > behind:
        missing.append(Line(f"{_plural(servers - behind, 'server')} start without a decision", "/coverage"))
    part, whole = decided.total(), there.total()
    says = f"{part:,} of {_plural(whole, 'agent installation')} have their calls decided before they run."
    return _question(5, _graded(missing, nothing=not part), says, evidence, missing, part, whole)


def _trail(services: Services, facts: _Facts) -> Question:
    evidence: list[Line] = []
    missing: list[Line] = []
    number = 0
    try:
        at = datetime.fromisoformat(services.now())
        since = stamp(at - timedelta(days=DAYS))
        types = services.events.aggregate("type", None, since=since, limit=100)
        number = sum(each.count for each in types)
        evidence += [Line(f"{each.count:,} {each.value}", f"/changes?type={each.value}") for each in types[:_SHOWN]]
        days = services.events.days()
        if days:
            evidence.append(Line(f"the oldest day is {days[0]}", "/decisions?span=90d"))
        missing += _broken(services, at, since)
    except StoreError as error:
        missing.append(Line(f"the trail cannot be counted: {error}"))
    streaming = _streams(services, evidence, missing)
    if facts.silent:
        missing.append(Line(f"{_plural(facts.silent, 'endpoint')} are offline: what happens there arrives later",
                            "/endpoints?state=offline"))  # fmt: skip
    says = f"{_plural(number, 'event')} in the last {DAYS} days; {_plural(streaming, 'route')} to a SIEM."
    return _question(6, _graded(missing, nothing=not number), says, evidence, missing)


def _broken(services: Services, at: datetime, since: str) -> list[Line]:
    """What arrived with gaps, or otherwise than it was written."""
    found: list[Line] = []
    for what, words in _BREAKS.items():
        counted = services.events.aggregate("type", read(f"type:self-protection {what}", at), since=since)
        number = sum(each.count for each in counted)
        if number:
            found.append(Line(f"{_plural(number, words)} in what endpoints sent", "/changes?type=self-protection"))
    return found


def _streams(services: Services, evidence: list[Line], missing: list[Line]) -> int:
    """Routes that carry every event that they match, as a SIEM wants it."""
    if services.seals is None:
        missing.append(Line("routes are not known to this process"))
        return 0
    try:
        found = standing(services.control, routes.load(services.control, services.seals))
    except StateError as error:
        missing.append(Line(f"routes cannot be read: {error}", "/routes"))
        return 0
    streams = [each for each in found if each.kind == "stream"]
    for each in streams:
        line = Line(f"{each.name} to {each.type}: {each.state}; last {each.last or 'never'}", "/routes")
        (evidence if each.state == "on" else missing).append(line)
    if not any(each.state == "on" and not each.match for each in streams):
        missing.append(Line("no route delivers every event to a SIEM", "/routes"))
    return len(streams)


def _question(
    number: int,
    answer: Answer,
    says: str,
    evidence: Sequence[Line],
    missing: Sequence[Line],
    part: int = 0,
    whole: int = 0,
) -> Question:
    return Question(number, QUESTIONS[number], answer.value, says, tuple(evidence), tuple(missing), part, whole)


def _graded(missing: Sequence[Line], *, nothing: bool) -> Answer:
    return Answer.NO if nothing else Answer.PARTLY if missing else Answer.YES


def _plural(number: int, word: str, words: str = "") -> str:
    return f"{number:,} {word if number == 1 else words or f'{word}s'}"


def _maps(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _accept(number: int) -> str:
    return f"{number:,} {'accepts' if number == 1 else 'accept'}"
