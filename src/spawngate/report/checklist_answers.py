"""What follows from the evidence: the six questions of the checklist, each answered yes, no or partly.

Belongs here: which data answers which question, and what is missing of it. Must not be here: the document and its forms
(`report.checklist`).

*Yes* means that the data answers the question in full, not that all is well: a machine whose servers are all known and
all dangerous has a yes to the first question. What is not well stands in the evidence, what is not known in `missing`.
For the last two questions what is not covered is what is missing.
"""

from collections.abc import Sequence

from spawngate import __version__
from spawngate.codescan.finding import Grade
from spawngate.codescan.kept import KeptProject
from spawngate.codescan.outcome import Made
from spawngate.report.checklist import DAYS, QUESTIONS, SCHEMA_VERSION, Answer, Checklist, Evidence, Question, Tool
from spawngate.report.code_view import plural
from spawngate.report.judgement import OPEN, PRESENT, fix_of, ordered_matches, package_words


def checklist(evidence: Evidence) -> Checklist:
    """The answers to all six questions."""
    found = (_servers, _paths, _projects, _advisories, _hooks, _trail)
    return Checklist(
        schema_version=SCHEMA_VERSION,
        tool=Tool("spawngate", __version__),
        taken_at=evidence.taken_at,
        host=evidence.host,
        platform=evidence.platform,
        questions=tuple(answer(evidence) for answer in found),
    )


def _question(number: int, answer: Answer, says: str, evidence: Sequence[str], missing: Sequence[str]) -> Question:
    return Question(
        number, QUESTIONS[number], answer.value, says, tuple(dict.fromkeys(evidence)), tuple(dict.fromkeys(missing))
    )


def _graded(missing: Sequence[str], *, nothing: bool) -> Answer:
    """No where nothing is known, yes where nothing is missing."""
    return Answer.NO if nothing else Answer.PARTLY if missing else Answer.YES


def _servers(found: Evidence) -> Question:
    stdio = [server for server in found.servers if server.transport == "stdio"]
    lines = [
        f"{server.name} ({server.agent or 'no agent'}, {server.scope}, {server.status}): "
        f"{server.what or 'not understood'}"
        for server in found.servers
    ]
    missing = [
        f"what {server.name} starts: {server.path} was not understood" for server in found.servers if not server.what
    ]
    missing += [f"{path}: {why}" for path, why in found.unread]
    says = (
        f"{plural(len(found.servers), 'MCP server')} of {plural(found.agents, 'agent')} on this machine, "
        f"{len(stdio)} of them started as processes."
    )
    return _question(1, _graded(missing, nothing=False), says, lines, missing)


def _paths(found: Evidence) -> Question:
    lines: list[str] = []
    high = paths = 0
    for tree in found.code:
        for finding in tree.findings:
            high += finding.grade == Grade.HIGH.value
            if finding.grade != Grade.INFO.value:
                paths += 1
                # A registration is a definition that is written somewhere and started later.
                verb = "is registered as" if finding.rule.startswith("mcp-registration") else "reaches"
                lines.append(
                    f"{finding.grade}: {tree.name}: {finding.source} at {finding.source_path}:{finding.source_line} "
                    f"{verb} {', '.join(finding.slots)} at {finding.path}:{finding.line}"
                )
    written = found.trail_records.get("configuration", 0)
    if written:
        lines.append(f"{plural(written, 'change')} of agents' files outside of every decided call (`spawngate audit`)")
    missing = _unscanned(found)
    missing += [
        f"{tree.name}: {plural(tree.sites[Made.UNRESOLVED.value], 'launch')} whose origin was not resolved"
        for tree in found.code
        if tree.sites.get(Made.UNRESOLVED.value)
    ]
    if not found.code:
        says = "The code of no project was scanned: run `spawngate code PATH` for each."
    else:
        says = (
            f"{plural(len(found.code), 'scanned tree')}: {plural(paths, 'path')} from outside to a launch, "
            f"{high} of them high."
        )
    return _question(2, _graded(missing, nothing=not found.code), says, lines, missing)


def _unscanned(found: Evidence) -> list[str]:
    """Projects and parts of projects that no code scan has looked at."""
    roots = [tree.root.rstrip("/") for tree in found.code]
    missing = [
        f"{folder}: no code scan"
        for folder in found.folders
        if not any(folder == root or folder.startswith(f"{root}/") for root in roots)
    ]
    return missing + [
        f"{tree.name}: the scan of {tree.taken_at} did not look at everything" for tree in found.code if tree.incomplete
    ]


def _projects(found: Evidence) -> Question:
    lines: list[str] = []
    missing = _unscanned(found)
    number = accepting = 0
    for tree in found.code:
        for project in tree.projects:
            official = [sdk for sdk in project.sdks if sdk.official]
            if not official:
                continue
            number += 1
            accepting += project.accepts
            place = f"{tree.root}/{project.path}".rstrip("/")
            sdks = ", ".join(f"{sdk.package} {sdk.version}".strip() for sdk in official)
            lines.append(f"{project.name} ({place}; {sdks}): {_launches(project)}")
            missing += [f"{project.name}: no version of {sdk.package} is locked" for sdk in official if not sdk.version]
            unresolved = project.sites.get(Made.UNRESOLVED.value, 0)
            if unresolved:
                missing.append(f"{project.name}: {plural(unresolved, 'launch')} whose origin was not resolved")
    if not found.code:
        says = "The code of no project was scanned: run `spawngate code PATH` for each."
    else:
        accept = "accepts" if accepting == 1 else "accept"
        says = f"{plural(number, 'project')} on an official SDK; {accepting} {accept} external input for a launch."
    return _question(3, _graded(missing, nothing=not found.code), says, lines, missing)


def _launches(project: KeptProject) -> str:
    number = sum(project.sites.values())
    if not number:
        return "no launch of an MCP server"
    told = ", ".join(f"{project.sites[made.value]} {made.value}" for made in Made if project.sites.get(made.value))
    near = f", nearest input {plural(project.nearest, 'step')} away" if project.nearest is not None else ""
    return f"{'accepts external input' if project.accepts else 'no external input'}: {told}{near}"


def _advisories(found: Evidence) -> Question:
    lines: list[str] = []
    missing: list[str] = []
    for match in ordered_matches(found.matches):
        if match.answer not in OPEN:
            continue
        subject = " ".join(part for part in (package_words(match.package), match.version) if part)
        line = f"{match.advisory} ({match.severity}): {subject}, {match.path or 'this machine'}. {fix_of(match)}"
        if match.answer in PRESENT:
            lines.append(line)
        else:
            missing.append(
                f"{match.advisory}: whether {subject} is affected: {match.why or 'its version is not known'}"
            )
    missing += [f"{path}: {why}" for path, why in found.unsurveyed]
    if not found.advisories:
        missing.append("no advisories are in force")
    settled = sum(match.answer not in OPEN for match in found.matches)
    says = (
        f"{len(lines)} of {found.advisories} advisories in force are present; {settled} are fixed or do not apply here."
    )
    return _question(4, _graded(missing, nothing=not found.advisories), says, lines, missing)


def _hooks(found: Evidence) -> Question:
    deciding = [agent for agent in found.hooks if agent.decides]
    lines = [f"{agent.name}: {agent.state}{f' ({agent.mode})' if agent.mode else ''}" for agent in found.hooks]
    lines.append(
        f"{found.behind} of {found.behind + len(found.direct)} MCP servers that are processes start behind the launcher"
    )
    missing: list[str] = []
    for agent in found.hooks:
        if agent.decides:
            continue
        if agent.state == "installed":
            missing.append(
                f"{agent.name}: its calls are computed and recorded, and go on ({agent.mode or 'monitor'} mode)"
            )
        else:
            missing.append(f"{agent.name}: {agent.state}{': ' if agent.why else ''}{'; '.join(agent.why)}")
    missing += [f"{entry}: starts without a decision" for entry in found.direct]
    missing += [f"tampered: {item}" for item in found.tampered]
    if not found.daemon and found.hooks:
        missing.append("the daemon does not run: clients decide alone, by the small file beside them")
    if found.policy_problem:
        missing.append(f"policy: {found.policy_problem}")
    if not found.hooks:
        says = "No agent here has a hook." if found.agents else "No agent is on this machine."
    else:
        says = f"Calls of {len(deciding)} of {plural(len(found.hooks), 'agent')} here are decided before they run."
    nothing = bool(found.hooks or found.direct) and not deciding and not found.behind
    return _question(5, _graded(missing, nothing=nothing), says, lines, missing)


def _trail(found: Evidence) -> Question:
    lines = [f"{number} {type_}" for type_, number in sorted(found.trail_records.items())]
    streams = [route for route in found.routes if route.stream]
    lines += [
        f"route {route.name} to {route.destination} ({route.type}): {route.state}"
        f"{f', {route.last}' if route.last else ''}"
        for route in found.routes
    ]
    missing: list[str] = []
    if not found.trail_from:
        missing.append("there is no trail")
    if found.trail_fault:
        missing.append(f"the trail: {found.trail_fault}")
    if found.retention < DAYS:
        missing.append(f"the trail keeps {found.retention} days, fewer than {DAYS}")
    if not found.daemon:
        missing.append("the daemon does not run, so changes of servers are not recorded as they happen")
    elif not found.at_login:
        missing.append("the daemon is not started at login")
    missing += [f"{entry}: its starts are not recorded" for entry in found.direct]
    missing += [
        f"{agent.name}: its calls are not recorded ({agent.state})"
        for agent in found.hooks
        if agent.state != "installed"
    ]
    if not found.store:
        missing.append("no store: nothing is delivered from here (`spawngate up` or `spawngate server run`)")
    if not streams:
        missing.append("no route to a SIEM (docs/routing.md)")
    missing += [f"route {route.name} takes only {route.matches}" for route in streams if route.matches]
    missing += [f"route {route.name}: {route.state}" for route in streams if route.state != "on"]
    missing += [
        f"route {route.name} has delivered nothing yet" for route in streams if route.state == "on" and not route.last
    ]
    number = sum(found.trail_records.values())
    since = f" since {found.trail_from[:10]}" if found.trail_from else ""
    says = (
        f"{plural(number, 'record')} in the trail of the last {DAYS} days{since}; "
        f"{plural(len(streams), 'route')} to a SIEM."
    )
    return _question(6, _graded(missing, nothing=not found.trail_from), says, lines, missing)
