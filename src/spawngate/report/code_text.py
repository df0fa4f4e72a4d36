"""Results of the code scan for people at a terminal: every finding as a path that can be walked, hop by hop.

Belongs here: layout in columns, colour. Must not be here: wording that other forms share (`report.code_view`).
"""

from collections.abc import Sequence

from spawngate.codescan.finding import CodeFinding, Grade, GuardUse, SiteReport
from spawngate.codescan.outcome import Made, Outcome
from spawngate.report import code_view as view
from spawngate.report.code_view import safe

NARROW, WIDE = 60, 200
_COLOURS = {Grade.HIGH: "1;31", Grade.MEDIUM: "33", Grade.LOW: "36", Grade.INFO: "2", Grade.NONE: "2"}
_MOST_TROUBLES = 12
_MOST_SITES = 40
_INDENT = "    "


def render_text(outcomes: Sequence[Outcome], width: int = 120, *, color: bool = False) -> str:
    """Everything about the trees, findings first. `width`: columns."""
    painter = _Painter(max(NARROW, min(width, WIDE)), color)
    return "\n\n".join("\n".join(_outcome(outcome, painter)) for outcome in outcomes) + "\n"


def render_table(outcomes: Sequence[Outcome], width: int = 120, *, color: bool = False) -> str:
    """One line for each finding."""
    painter = _Painter(max(NARROW, min(width, WIDE)), color)
    lines: list[str] = []
    for outcome in outcomes:
        lines.append(f"{painter.bold(safe(outcome.root))}  {safe(view.verdict(outcome))}")
        for finding in outcome.result.findings:
            held = f"  [suppressed: {safe(finding.suppressed, 60)}]" if finding.suppressed else ""
            source = finding.trace[0] if finding.trace else None
            origin = f"  from {safe(source.path)}:{source.line}" if source is not None else ""
            place = f"{safe(finding.site.path)}:{finding.site.line}"
            lines.append(
                f"{painter.grade(finding.grade)}  {place}  {safe(view.slots(finding))}  "
                f"{safe(finding.rule)}{origin}{held}"
            )
        lines += [f"  {safe(item.path)}: {safe(item.message)}" for item in outcome.notes]
    return "\n".join(lines) + "\n"


class _Painter:
    """Width and colour of one rendering."""

    def __init__(self, width: int, color: bool) -> None:
        self.width, self._color = width, color

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._color else text

    def grade(self, grade: Grade) -> str:
        return self._paint(f"{grade.value.upper():<6}", _COLOURS[grade])

    def bold(self, text: str) -> str:
        return self._paint(text, "1")

    def soft(self, text: str) -> str:
        return self._paint(text, "2")


def _outcome(outcome: Outcome, painter: _Painter) -> list[str]:
    lines = [painter.bold(safe(outcome.root)), safe(view.verdict(outcome))]
    if not outcome.result.mcp:
        return [*lines, *_rest(outcome, painter)]
    for together in view.by_launch([item for item in outcome.counted if item.grade.rank > Grade.INFO.rank]):
        lines += ["", *_launch(together, painter)]
    noted = [item for item in outcome.counted if item.grade.rank <= Grade.INFO.rank]
    if noted:
        lines += ["", painter.bold("For information")]
        lines += [f"{_INDENT}{_place(item)}  {safe(view.headline(item), painter.width)}" for item in noted]
    if outcome.suppressed:
        lines += ["", painter.bold("Suppressed")]
        lines += [
            f"{_INDENT}{item.grade.value} {safe(item.rule)} {_place(item)}: {safe(item.suppressed, 120)}"
            for item in outcome.suppressed
        ]
    return [*lines, *_sites(outcome, painter), *_rest(outcome, painter)]


def _place(finding: CodeFinding) -> str:
    test = " (test or example)" if finding.site.in_test else ""
    return f"{safe(finding.site.path)}:{finding.site.line}{test}"


def _launch(findings: Sequence[CodeFinding], painter: _Painter) -> list[str]:
    """One launch with every path to it. What two paths share up to their ends is told once."""
    first = findings[0]
    kind = "registration" if first.site.kind == "registration" else "launch"
    lines = [
        f"{painter.grade(first.grade)} {painter.bold(_place(first))}  {kind} by {safe(first.site.call)}",
        f"{_INDENT}{painter.soft(safe(first.site.text, painter.width - len(_INDENT)))}",
    ]
    told: list[tuple[int, Sequence[view.Step]]] = []
    guards: dict[str, int] = {}
    for number, finding in enumerate(findings, 1):
        behind = sorted({guards.setdefault(_guard(guard), len(guards) + 1) for guard in finding.guards})
        lines += ["", *_path(number, finding, behind, told, painter)]
        told.append((number, view.steps(finding)))
    lines.append("")
    for guard, number in guards.items():
        lines += _wrapped(f"guard {number}", guard, painter)
    if any(finding.incomplete for finding in findings):
        lines += _wrapped(
            "note", "A budget ended while this launch was followed: there may be more, or worse.", painter
        )
    like = dict.fromkeys(advisory for finding in findings for advisory in finding.advisories)
    for label, text in (
        ("why", view.merged(finding.why for finding in findings)),
        ("fix", view.merged(finding.remediation for finding in findings)),
        ("like", ", ".join(like)),
    ):
        if text:
            lines += _wrapped(label, text, painter)
    return lines


def _path(
    number: int,
    finding: CodeFinding,
    guards: Sequence[int],
    told: Sequence[tuple[int, Sequence[view.Step]]],
    painter: _Painter,
) -> list[str]:
    """One path, hop by hop, up to where it goes on as one that was told. `guards`: numbers of those that it passes."""
    behind = f", behind guard{'s' * (len(guards) > 1)} {', '.join(map(str, guards))}" if guards else ""
    lines = [
        f"{_INDENT}{painter.bold(f'path {number}')}  {finding.grade.value}: from {view.SOURCES[finding.source]} to "
        f"{safe(view.slots(finding))}{behind}  "
        + painter.soft(f"{safe(finding.rule)} {safe(finding.fingerprint[:16])}")
    ]
    steps = view.steps(finding)
    digits = len(str(len(steps)))
    same, other, at = view.shared_end(steps, told)
    for step in steps[: len(steps) - same]:
        function = f"  {safe(step.function)}()" if step.function else ""
        lines.append(f"{_INDENT}{step.number:>{digits}}  {safe(step.place)}{painter.soft(function)}  {safe(step.what)}")
        if step.text:
            room = painter.width - len(_INDENT) - digits - 6
            lines.append(f"{_INDENT}{' ' * digits}    {painter.soft(safe(step.text, room))}")
    if same:
        lines.append(f"{_INDENT}{' ' * digits}  and on as path {other} from its step {at}")
    return lines


def _guard(guard: GuardUse) -> str:
    return f"{view.guard_words(guard)} ({guard.path}:{guard.line})"


def _wrapped(label: str, text: str, painter: _Painter) -> list[str]:
    """A paragraph behind a label, its lines aligned. Breaks between words only."""
    head = f"{_INDENT}{label:<5} " if label else _INDENT
    room = painter.width - len(head)
    lines: list[str] = []
    line = ""
    for word in safe(" ".join(text.split())).split(" "):
        if line and len(line) + 1 + len(word) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    lines.append(line)
    return [(head if number == 0 else " " * len(head)) + item for number, item in enumerate(lines)]


def _sites(outcome: Outcome, painter: _Painter) -> list[str]:
    """Which SDK each project uses, and what its launches are made of."""
    lines: list[str] = []
    for answer, reports in view.site_reports(outcome):
        project = answer.project
        path = f"  {safe(project.path)}/" if project.path else ""
        lines += ["", f"{painter.bold(f'Project {safe(project.name)}')}{painter.soft(path)}"]
        for use in project.uses:
            line = f":{use.line}" if use.line else ""
            lines.append(f"{_INDENT}{'sdk' if use.sdk.official else 'uses':<6}{safe(view.sdk_words(use))}  "
                         f"{painter.soft(safe(use.path) + line)}")  # fmt: skip
        lines.append(f"{_INDENT}{'launch':<6} {view.project_words(answer)}")
        for made, report in reports[:_MOST_SITES]:
            lines.append(f"{_INDENT}{'':<6}{safe(view.where(report))}  {painter.soft(_site_words(made, report))}")
            if made is Made.UNRESOLVED:
                unresolved = dict.fromkeys(item for slot in report.slots for item in slot.unresolved)
                lines += [f"{_INDENT}{'':<10}not seen through: {safe(item, painter.width - 30)}" for item in unresolved]
        if len(reports) > _MOST_SITES:
            lines.append(f"{_INDENT}{'':<6}and {len(reports) - _MOST_SITES} more (--format json has all)")
    return lines


def _site_words(made: Made, report: SiteReport) -> str:
    kind = "registration: " if report.site.kind == "registration" else ""
    return kind + (safe(view.made_words(report)) if report.slots else view.MADE[made])


def _rest(outcome: Outcome, painter: _Painter) -> list[str]:
    lines: list[str] = []
    if outcome.notes:
        lines += ["", painter.bold("Suppressions and baseline")]
        lines += [f"{_INDENT}{safe(item.path)}: {safe(item.message)}" for item in outcome.notes]
    troubles = view.troubles(outcome)
    if troubles:
        lines += ["", painter.bold("Not read, or not understood")]
        lines += [f"{_INDENT}{safe(place)}: {safe(what, 200)}" for place, what in troubles[:_MOST_TROUBLES]]
        if len(troubles) > _MOST_TROUBLES:
            lines.append(f"{_INDENT}and {len(troubles) - _MOST_TROUBLES} more (--format json has all)")
    left_out = view.skipped_words(outcome)
    lines += ["", painter.soft(view.cost_words(outcome) + (f"; left out: {safe(left_out)}" if left_out else ""))]
    return lines
