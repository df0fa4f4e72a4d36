"""The inventory as text for a terminal, drawn with rich.

Belongs here: layout, columns and colours. Readable at 100 columns; narrower widths fold, wider ones breathe.
Everything read from a machine passes through `terminal.escape` into `Text` objects: rich never sees it as markup,
and no colour carries meaning that a word beside it does not carry too.
Must not be here: grouping and wording that the page shares (`report.view`), and writing to the terminal (`cli`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from spawngate import __version__
from spawngate.model.artifact import Artifact, Kind
from spawngate.model.finding import Severity
from spawngate.model.observed import Diagnostic
from spawngate.model.snapshot import Change, Snapshot
from spawngate.report import view
from spawngate.report.judgement import (
    NOTHING,
    Judgement,
    Risk,
    fix_of,
    grave_first,
    open_matches,
    package_words,
    risks,
    weight,
)
from spawngate.report.summary import Counts, count
from spawngate.report.terminal import escape

_STATUS_STYLES = {"good": "green", "wait": "yellow", "bad": "bold red", "off": "dim"}
_RUNNING_STYLES = {"running": "green", "not_seen": "dim", "running_unconfigured": "bold yellow"}
_SEVERITY_STYLES = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "dim",
    Severity.INFO: "dim",
}
_MOST_FINDINGS = 60
"""Findings listed before the rest is counted; every one is in the JSON document and the HTML report."""
_CHANGE_SIGNS = {"added": ("+", "green"), "changed": ("~", "yellow"), "removed": ("-", "red")}
_MOST_NAMES = 24
"""Names listed of one kind before the rest is counted."""
_LONGEST_NAME = 120
_ROOM_FOR_COLUMNS = 82
_NARROWEST = 40
_MOST_TYPES = 8
"""Types that the summary names; the lists below it are whole."""
_NAME_WIDTH = 12
"""Columns of the names of facts."""


def render_table(
    snapshot: Snapshot, changes: Sequence[Change], width: int, color: bool, judgement: Judgement = NOTHING
) -> str:
    """The whole inventory as text: summary, agents with their servers and what was judged about each, command-line
    tools, extensions, secrets, findings, advisories, changes, diagnostics.

    `width` is in columns (at least 40 are used). Without `color` the text holds no escape sequence at all.
    """
    width = max(width, _NARROWEST)
    out = StringIO()
    console = Console(
        file=out,
        width=width,
        height=1000,
        force_terminal=color,
        force_jupyter=False,
        color_system="standard" if color else None,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )
    arranged = view.arrange(snapshot.artifacts)
    names = view.agent_names(snapshot.artifacts)
    counts = count(snapshot)
    homes = snapshot.homes
    console.print(_summary(snapshot, changes, counts, names, width, judgement))
    for group in arranged.groups:
        console.print(_group(group, width, homes, judgement))
    for heading, body in (
        ("Command-line tools", _clis(arranged.clis, homes)),
        ("Extensions", _extensions(arranged.extensions, homes)),
        ("Secrets in agent files", _secrets(arranged.secrets, names, homes)),
        ("Other artifacts", _others(arranged.others, homes)),
        ("Findings", _findings(judgement, snapshot, names)),
        ("Advisories", _advisories(judgement, homes)),
        ("Changes since the last scan", _changes(changes, names, homes)),
        ("Not read, or not understood", _diagnostics(snapshot.diagnostics, homes)),
    ):
        if body is not None:
            console.print(Text(), _heading(heading), Padding(body, (0, 0, 0, 2)), sep="\n")
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n" if not color else out.getvalue()


# -- parts ----------------------------------------------------------------------------------------------------


def _text(text: str, style: str = "") -> Text:
    return Text(escape(text), style, overflow="fold")


def _heading(text: str, style: str = "bold") -> RenderableType:
    return Rule(Text(text, style), align="left", style="dim")


def _listing(headers: Sequence[str], rows: Iterable[Sequence[Text]]) -> Table | None:
    """Rows below small headers; None where there is no row."""
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table if table.row_count else None


def _facts(rows: Iterable[tuple[str, Text]], name_width: int = _NAME_WIDTH) -> Table:
    """Names on the left, dimmed, and what is said about them on the right."""
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    table.add_column(width=name_width, no_wrap=True, style="dim")
    table.add_column(ratio=1, overflow="fold")
    for name, value in rows:
        table.add_row(Text(name), value)
    return table


def _counted(counts: Mapping[str, int], room: int, wording: Mapping[str, str] | None = None) -> Text:
    """`3 running · 2 not seen`, in lines of `room` columns that never part a number from its word."""
    lines: list[Text] = []
    for word, number in counts.items():
        if not number:
            continue
        item = Text.assemble((str(number), "bold"), _text(f" {(wording or {}).get(word, word)}"))
        if lines and lines[-1].cell_len + 3 + item.cell_len <= room:
            lines[-1].append(" · ").append_text(item)
        else:
            lines.append(item)
    return Text("\n").join(lines) if lines else Text("nothing")


def _summary(
    snapshot: Snapshot,
    changes: Sequence[Change],
    counts: Counts,
    names: Mapping[str, str],
    width: int,
    judgement: Judgement,
) -> RenderableType:
    title = Text.assemble(
        _text(f"Spawngate {__version__}", "bold"),
        "  inventory of ",
        _text(view.middle(snapshot.host, _LONGEST_NAME), "bold"),
        _text(f" ({snapshot.platform}), {view.when(snapshot.taken_at)}"),
    )
    room = width - _NAME_WIDTH - 1
    order = [*view.TITLES, *(kind for kind in counts.by_kind if kind not in view.TITLES)]
    kinds = {view.title(kind, counts.by_kind[kind]): counts.by_kind[kind] for kind in order}
    rows = [("Found", _counted(kinds, room)), ("Homes", _text(", ".join(snapshot.homes) or "none"))]
    if snapshot.roots:
        rows.append(("Projects", _text(", ".join(snapshot.roots))))
    if counts.servers:
        running = {**view.RUNNING_WORDS, "unknown": "cannot be seen"}
        rows += [
            ("Servers", _counted(counts.servers_by_transport, room)),
            ("", _counted(counts.servers_by_status, room)),
            ("", _counted(counts.servers_by_running, room, running)),
        ]
    if judgement.tiers:
        tiers = Counter(tier.tier for tier in judgement.tiers.values())
        rows.append(("Trust", _counted({word: tiers[word] for word in ("official", "community", "unknown")}, room)))
    if judgement.findings:
        grave = Counter(finding.severity.value for finding in judgement.findings)
        rows.append(("Findings", _counted({word.value: grave[word.value] for word in reversed(Severity)}, room)))
    if judgement.matches:
        answers = Counter(match.answer for match in open_matches(judgement))
        rows.append(
            ("Advisories", _counted({word: answers[word] for word in ("affected", "no-fix", "uncertain")}, room))
        )
    if changes:
        tally = Counter(change.change for change in changes)
        rows.append(("Changes", _counted({word: tally[word] for word in ("added", "changed", "removed")}, room)))
    rows += [("Attention" if not index else "", line) for index, line in enumerate(_attention(counts, names))]
    return Group(title, Text(), _facts(rows))


def _attention(counts: Counts, names: Mapping[str, str]) -> list[Text]:
    lines: list[Text] = []
    if counts.blanket_by_agent:
        where = ", ".join(f"{names.get(agent, agent)} {n}" for agent, n in counts.blanket_by_agent.items())
        number = counts.blanket_permissions
        lines.append(_text(f"{number} blanket permission{'s' if number != 1 else ''} ({where})", "yellow"))
    if counts.secrets:
        noun = "secret" if counts.secrets == 1 else "secrets"
        lines.append(_text(f"{counts.secrets} {noun} in agent files ({_types(counts.secrets_by_type)})", "yellow"))
    unconfigured = counts.servers_by_running.get("running_unconfigured", 0)
    if unconfigured:
        lines.append(_text(f"{unconfigured} running without being configured", "yellow"))
    if counts.diagnostics:
        reasons = _types(counts.diagnostics_by_reason)
        lines.append(_text(f"{counts.diagnostics} not read or not understood ({reasons})", "yellow"))
    return lines


def _types(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = [f"{number} {word}" for word, number in ordered[:_MOST_TYPES]]
    if len(ordered) > _MOST_TYPES:
        shown.append(f"{len(ordered) - _MOST_TYPES} other types")
    return ", ".join(shown)


def _group(group: view.Group, width: int, homes: Sequence[str], judgement: Judgement) -> RenderableType:
    parts: list[RenderableType] = [Text(), _heading(escape(view.middle(group.name, _LONGEST_NAME)), "bold cyan")]
    body: list[RenderableType] = [_facts(row for agent in group.agents for row in _agent_rows(agent, homes))]
    if not group.agents:
        body = []
    if group.servers:
        body += [Text()] if body else []
        body.append(_servers(group.servers, width - 2, judgement))
    listed = [(kind, group.parts[kind]) for kind in view.WITH_AGENT if kind != Kind.MCP_SERVER and group.parts[kind]]
    if listed:
        body += [Text()] if body else []
        body.append(_facts(((f"{view.title(k, 2)} {len(a)}", _names(a)) for k, a in listed), name_width=16))
    parts.append(Padding(Group(*body), (0, 0, 0, 2)))
    return Group(*parts)


def _agent_rows(agent: Artifact, homes: Sequence[str]) -> Iterable[tuple[str, Text]]:
    facts = view.AgentFacts.of(agent)
    line = [f"version {facts.version}"] if facts.version else []
    line += [f"last used {facts.last_used}"] if facts.last_used else []
    said = Text.assemble(_text(agent.status, _STATUS_STYLES[view.tone(agent.status)]), overflow="fold")
    for item in line:
        said.append(f" · {escape(item)}")
    yield "Agent", said
    if facts.programs:
        yield "Program", _text(", ".join(view.tidy(program, homes) for program in facts.programs))
    if facts.blanket:
        rules = ", ".join(f"{item.rule} ({item.scope})" if item.scope else item.rule for item in facts.blanket)
        yield "Allows all", _text(rules, "bold yellow")
    if facts.auto_approvals:
        yield "Never asks", _text(", ".join(facts.auto_approvals), "yellow")
    rules_by_verdict = Counter(item.verdict for item in facts.permissions if item not in facts.blanket)
    if rules_by_verdict:
        yield "Rules", _counted(dict(sorted(rules_by_verdict.items())), _LONGEST_NAME)
    if facts.switches:
        yield "Switches", _text(", ".join(facts.switches))


def _server_columns(servers: Sequence[Artifact], width: int) -> tuple[int, ...]:
    """Widths of the columns of one agent's servers: what runs gets all that the names leave."""
    names = max(len(escape(server.name)) for server in servers)
    first = (min(max(names, 10), 24), 9, 10, 10)
    return (*first, max(width - sum(first) - 2 * len(first), 12))


def _servers(servers: Sequence[Artifact], width: int, judgement: Judgement) -> RenderableType:
    judged = risks(judgement)
    if width < _ROOM_FOR_COLUMNS:
        return _stacked_servers(servers, width, judgement, judged)
    columns = _server_columns(servers, width)
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for header, wide in zip(("Server", "Scope", "Status", "Process", "What runs"), columns, strict=True):
        table.add_column(header, width=wide, overflow="fold")
    for server in servers:
        project = view.project_name(server)
        table.add_row(
            _text(view.middle(server.name, _LONGEST_NAME), "bold"),
            Text.assemble(_text(server.scope), _text(f" {project}" if project else "", "dim"), overflow="fold"),
            _text(server.status, _STATUS_STYLES[view.tone(server.status)]),
            _text(view.running_words(server) or "–", _RUNNING_STYLES.get(view.running(server), "dim")),
            # Two lines, less what is lost where a word does not fit at the end of the first.
            _with_verdict(
                _text(view.what_runs(server.launch, columns[-1] * 2 - 12)), server, judgement, judged.get(server.id)
            ),
        )
    return table


def _with_verdict(what: Text, server: Artifact, judgement: Judgement, risk: Risk | None) -> Text:
    """What runs, and below it how far it is trusted and the worst that was found, with what to do."""
    tier = judgement.tiers.get(server.id)
    if tier is None and risk is None:
        return what
    lines = [what]
    if tier is not None:
        why = tier.signals[0] if tier.signals else "nothing is known about it"
        lines.append(_text(f"{tier.tier}: {why}", "green" if tier.tier == "official" else "dim"))
    severity = risk.severity if risk is not None else None
    if risk is not None and severity is not None and severity.rank >= Severity.MEDIUM.rank:
        titles = dict.fromkeys(f.title for f in risk.findings if f.severity.rank >= Severity.MEDIUM.rank)
        titles |= dict.fromkeys(m.advisory for m in risk.matches if weight(m).rank >= Severity.MEDIUM.rank)
        named = list(titles)
        more = f" and {len(named) - 2} more" if len(named) > 2 else ""
        lines.append(_text(f"{severity.value}: {'; '.join(named[:2])}{more}", _SEVERITY_STYLES[severity]))
    return Text("\n").join(lines)


def _stacked_servers(
    servers: Sequence[Artifact], width: int, judgement: Judgement, judged: Mapping[str, Risk]
) -> RenderableType:
    """What runs below each name, where there is no room beside it."""
    blocks: list[RenderableType] = []
    for server in servers:
        line = Text.assemble(_text(view.middle(server.name, _LONGEST_NAME), "bold"), overflow="fold")
        project = view.project_name(server)
        line.append_text(_text(f"  {server.scope}{f' {project}' if project else ''} · ", "dim"))
        line.append_text(_text(server.status, _STATUS_STYLES[view.tone(server.status)]))
        if view.running(server):
            state = _text(view.running_words(server), _RUNNING_STYLES.get(view.running(server), "dim"))
            line.append(" · ").append_text(state)
        what = _text(view.what_runs(server.launch, (width - 2) * 2 - 12))
        blocks += [line, Padding(_with_verdict(what, server, judgement, judged.get(server.id)), (0, 0, 0, 2))]
    return Group(*blocks)


def _names(artifacts: Sequence[Artifact]) -> Text:
    labels = Counter(
        view.middle(view.label(artifact), _LONGEST_NAME)
        + (f" ({artifact.status})" if view.tone(artifact.status) != "good" else "")
        for artifact in artifacts
    )
    shown = [f"{text} ×{number}" if number > 1 else text for text, number in labels.items()]
    if len(shown) > _MOST_NAMES:
        shown = [*shown[:_MOST_NAMES], f"and {len(shown) - _MOST_NAMES} more"]
    separator = "\n" if artifacts[0].kind == Kind.HOOK else ", "
    return Text(separator).join(_text(text) for text in shown)


def _clis(clis: Sequence[Artifact], homes: Sequence[str]) -> Table | None:
    return _listing(
        ("Name", "Version", "Path"),
        (
            (
                _text(cli.name, "bold"),
                _text(view.words(cli.detail.get("version")) or "–"),
                _arrow(
                    *(
                        view.tidy(path, homes)
                        for path in (
                            view.words(cli.detail.get("path")) or cli.path,
                            view.words(cli.detail.get("target")),
                        )
                    )
                ),
            )
            for cli in clis
        ),
    )


def _arrow(path: str, target: str) -> Text:
    return _text(f"{path} → {target}" if target and target != path else path)


def _extensions(extensions: Sequence[Artifact], homes: Sequence[str]) -> Table | None:
    def row(extension: Artifact) -> tuple[Text, ...]:
        detail = extension.detail
        return (
            _text(extension.name, "bold"),
            _text(view.words(detail.get("version")) or "–"),
            _text(view.words(detail.get("product")) or "–"),
            _text(extension.status, _STATUS_STYLES[view.tone(extension.status)]),
            _text(view.words(detail.get("id")) or view.tidy(extension.path, homes)),
        )

    return _listing(("Name", "Version", "In", "Status", "Id"), map(row, extensions))


def _secrets(secrets: Sequence[Artifact], names: Mapping[str, str], homes: Sequence[str]) -> Table | None:
    def row(secret: Artifact) -> tuple[Text, ...]:
        detail = secret.detail
        owner = view.words(detail.get("owner"))
        place = view.words(detail.get("place")) or secret.name
        return (
            _text(view.words(detail.get("type")) or "unknown", "yellow"),
            _text(f"{owner}: {place}" if owner else place),
            _text(names.get(secret.agent, secret.agent) or "–"),
            _text(view.tidy(secret.path, homes)),
            _text(view.short(secret.fingerprint), "dim"),
        )

    return _listing(("Type", "Place", "Agent", "File", "Fingerprint"), map(row, secrets))


def _others(others: Sequence[Artifact], homes: Sequence[str]) -> Table | None:
    return _listing(
        ("Kind", "Name", "Path"),
        ((_text(item.kind), _text(item.name, "bold"), _text(view.tidy(item.path, homes))) for item in others),
    )


def _findings(judgement: Judgement, snapshot: Snapshot, names: Mapping[str, str]) -> Table | None:
    """What needs a person, gravest first: equal words about several artifacts are one row."""
    by_id = {artifact.id: artifact for artifact in snapshot.artifacts}
    rows: dict[tuple[str, str], list[str]] = {}
    severities: dict[tuple[str, str], Severity] = {}
    for finding in grave_first(judgement.findings):
        if finding.severity.rank < Severity.MEDIUM.rank:
            continue
        owner = by_id.get(finding.artifact)
        where = f"{names.get(owner.agent, owner.agent) or owner.kind.value} {owner.name}" if owner else "this endpoint"
        key = finding.title, finding.remediation
        severities.setdefault(key, finding.severity)
        rows.setdefault(key, [])
        if where not in rows[key]:
            rows[key].append(where)
    shown = list(rows.items())[:_MOST_FINDINGS]

    def row(key: tuple[str, str], places: Sequence[str]) -> tuple[Text, ...]:
        more = f" and {len(places) - 3} more" if len(places) > 3 else ""
        listed = ", ".join(view.middle(place, 60) for place in places[:3])
        severity = severities[key]
        return (
            _text(severity.value, _SEVERITY_STYLES[severity]),
            _text(key[0], "bold"),
            _text(f"{listed}{more}"),
            _text(key[1], "dim"),
        )

    return _listing(("Severity", "What", "Where", "What to do"), (row(key, places) for key, places in shown))


def _advisories(judgement: Judgement, homes: Sequence[str]) -> Table | None:
    return _listing(
        ("Advisory", "Answer", "What", "Where", "What to do"),
        (
            (
                _text(match.advisory, _SEVERITY_STYLES[weight(match)]),
                _text(match.answer),
                _text(f"{package_words(match.package)} {match.version}".strip()),
                _text(view.tidy(match.path, homes)),
                _text(fix_of(match), "dim"),
            )
            for match in open_matches(judgement)
        ),
    )


def _changes(changes: Sequence[Change], names: Mapping[str, str], homes: Sequence[str]) -> RenderableType | None:
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=9, no_wrap=True)
    table.add_column(overflow="fold")
    for change in changes:
        sign, style = _CHANGE_SIGNS.get(change.change, ("?", ""))
        artifact = change.artifact
        agent = names.get(artifact.agent, artifact.agent) if artifact.kind != Kind.AGENT else ""
        where = ", ".join(filter(None, (agent, view.tidy(artifact.path, homes))))
        line = Text.assemble(
            _text(f"{view.title(artifact.kind)} "),
            _text(view.middle(artifact.name, _LONGEST_NAME), "bold"),
            _text(f"  {where}" if where else "", "dim"),
            overflow="fold",
        )
        table.add_row(_text(f"{sign} {change.change}", style), line)
        for difference in change.differences:
            old, new = (view.middle(view.words(value), 240) or "nothing" for value in (difference.old, difference.new))
            said = Text.assemble(_text(f"{difference.path}: ", "dim"), _text(old, "red"), " → ", _text(new, "green"))
            table.add_row(Text(), said)
    return table if changes else None


def _diagnostics(diagnostics: Sequence[Diagnostic], homes: Sequence[str]) -> Table | None:
    ordered = sorted(diagnostics, key=lambda item: (item.path, item.reason, item.message))
    return _listing(
        ("Path", "Reason", "Message"),
        ((_text(view.tidy(item.path, homes)), _text(item.reason, "yellow"), _text(item.message)) for item in ordered),
    )
