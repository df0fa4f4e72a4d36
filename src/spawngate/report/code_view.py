"""How results of the code scan are put into words: what text, HTML and SARIF share.

Belongs here: sentences, names for people, the order of things. Every text of a scanned project is escaped here or by
the renderer that prints it: source lines, names and paths are hostile.
Must not be here: layout and markup.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from spawngate.codescan.finding import CodeFinding, Grade, GuardStrength, GuardUse, SiteReport, SourceKind
from spawngate.codescan.outcome import Made, Outcome, ProjectAnswer, answers, slots_of
from spawngate.codescan.sdk import SdkUse
from spawngate.report.terminal import escape

SOURCES: Mapping[SourceKind, str] = {
    SourceKind.HTTP: "an HTTP request",
    SourceKind.WS: "a message of a WebSocket",
    SourceKind.IPC: "another process",
    SourceKind.LLM: "the output of a model",
    SourceKind.REMOTE: "a remote answer",
    SourceKind.DB: "a database whose writer was not found",
    SourceKind.FILE: "a local file",
    SourceKind.CLI: "the command line",
    SourceKind.ENV: "the environment",
    SourceKind.PARAM: "whoever calls an exported function",
    SourceKind.PLUGIN: "the parameter of a plugin",
    SourceKind.UNRESOLVED: "something that was not resolved",
}
GUARDS: Mapping[GuardStrength, str] = {
    GuardStrength.STRONG: "stops it",
    GuardStrength.WEAK: "does not stop it",
    GuardStrength.CONFIG: "a switch",
    GuardStrength.AUTH: "who may",
}
MADE: Mapping[Made, str] = {
    Made.EXTERNAL: "data from outside",
    Made.PARAMETER: "parameters of an exported function",
    Made.UNRESOLVED: "unresolved",
    Made.GUARDED: "data from outside behind a strong guard",
    Made.CONSTANT: "constant",
}
SKIPPED: Mapping[str, str] = {
    "dependencies": "folders of installed dependencies and caches",
    "links": "symbolic links",
    "built": "files that a build wrote",
    "minified": "minified files",
    "declarations": "type declarations",
}
_ORDER = ("definition", "command", "args", "env", "cwd")


@dataclass(frozen=True, slots=True)
class Step:
    """One hop of a trace, ready to print; not escaped."""

    number: int
    place: str
    """`path:line`."""
    function: str
    what: str
    text: str


def steps(finding: CodeFinding) -> tuple[Step, ...]:
    """The trace, from the source to the launch."""
    return tuple(
        Step(number, f"{hop.path}:{hop.line}", hop.function, hop.what, hop.text)
        for number, hop in enumerate(finding.trace, 1)
    )


SHARED = 2
"""Steps at the end of two paths from which on the second one only points to the first."""


def by_launch(findings: Sequence[CodeFinding]) -> list[list[CodeFinding]]:
    """Findings by the launch that they reach, in the order of the first of each."""
    together: dict[tuple[str, int, int, str], list[CodeFinding]] = {}
    for finding in findings:
        site = finding.site
        together.setdefault((site.path, site.line, site.column, site.model), []).append(finding)
    return list(together.values())


def shared_end(steps: Sequence[Step], told: Sequence[tuple[int, Sequence[Step]]]) -> tuple[int, int, int]:
    """How many steps at the end a path shares with one that was told, which one that is, and from which step of it.

    told: paths with their numbers. Zeros where fewer than SHARED are the same.
    """
    best = (0, 0, 0)
    for number, other in told:
        same = 0
        while same < min(len(steps), len(other)) and _alike(steps[-1 - same], other[-1 - same]):
            same += 1
        if same >= SHARED and same > best[0]:
            best = (same, number, len(other) - same + 1)
    return best


def _alike(one: Step, other: Step) -> bool:
    return (one.place, one.function, one.what, one.text) == (other.place, other.function, other.what, other.text)


def merged(texts: Iterable[str]) -> str:
    """Several texts as one, each sentence once."""
    sentences = [sentence for text in texts for sentence in re.split(r"(?<=[.!?])\s+", text.strip())]
    return " ".join(dict.fromkeys(sentence for sentence in sentences if sentence))


def slots(finding: CodeFinding) -> str:
    """The slots in the order in which a launch is written: `command, args[1], env`."""
    ranks = {name: rank for rank, name in enumerate(_ORDER)}
    return ", ".join(sorted(finding.slots, key=lambda slot: (ranks.get(slot.partition("[")[0], len(ranks)), slot)))


def headline(finding: CodeFinding) -> str:
    """One sentence: what reaches what."""
    if finding.title:
        return finding.title
    verb = "is written into" if finding.site.kind == "registration" else "reaches"
    return f"Data from {SOURCES[finding.source]} {verb} {slots(finding)} of an MCP launch"


def guard_words(guard: GuardUse) -> str:
    """What stands on the path and what it is worth."""
    worth = GUARDS[guard.strength]
    if guard.strength is GuardStrength.CONFIG:
        worth = {"on": "a switch that is on by default", "off": "a switch that is off by default"}.get(
            guard.default, "a switch whose default was not found"
        )
    return f"{guard.name}: {worth}"


def where(report: SiteReport) -> str:
    """`path:line`, and whether it is a test."""
    return f"{report.site.path}:{report.site.line}{' (test or example)' if report.site.in_test else ''}"


def made_words(report: SiteReport) -> str:
    """The slots of a launch site, each with what it is made of: `command constant, args from an HTTP request`."""
    told = []
    for slot in slots_of(report):
        if slot.verdict == "absent":
            continue
        kinds = [SOURCES[kind] for kind in slot.sources if kind is not SourceKind.UNRESOLVED]
        if slot.verdict == "tainted":
            told.append(f"{slot.slot} from {' and '.join(kinds) or 'something that was not resolved'}")
        else:
            told.append(f"{slot.slot} {slot.verdict}")
    return ", ".join(told) or "nothing that is known"


def sdk_words(use: SdkUse) -> str:
    """`mcp 1.9.4 (asked for >=1.2)`."""
    version = f" {use.version}" if use.version else ""
    asked = f" (asks for {use.asked})" if use.asked and use.asked != use.version else ""
    unknown = "" if version or asked else " (any version)" if use.direct else ""
    return f"{use.sdk.package}{version}{asked}{unknown}{'' if use.direct else ' (by way of another package)'}"


def project_words(answer: ProjectAnswer) -> str:
    """The answer for one project in one sentence."""
    number = sum(len(sites) for sites in answer.sites.values())
    if not number:
        return "no launch of an MCP server was found"
    parts = [f"{len(answer.sites[made])} {MADE[made]}" for made in Made if answer.sites[made]]
    near = answer.nearest
    nearest = f"; the nearest input is {plural(near, 'step')} away" if near is not None else ""
    verdict = "accepts external input" if answer.accepts else "no external input was found"
    return f"{verdict}: {plural(number, 'launch site')} ({', '.join(parts)}){nearest}"


def plural(number: int, noun: str) -> str:
    """`1 finding`, `2 findings`, `3 entries`, `4 launches`."""
    if number == 1:
        return f"1 {noun}"
    if noun.endswith(("ch", "sh", "s", "x")):
        return f"{number:,} {noun}es"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith(("ry", "cy")) else f"{number:,} {noun}s"


def verdict(outcome: Outcome) -> str:
    """One sentence that says how a tree stands."""
    result = outcome.result
    if not result.mcp and not result.statistics.files and outcome.since is None:
        return "No source file was found here."
    if not result.mcp:
        return (
            f"No MCP here: none of {plural(result.statistics.files, 'file')} names an SDK or a class of its kind."
            + (" Not everything was read." if outcome.incomplete else "")
        )
    told = [f"{number} {grade.value}" for grade, number in outcome.by_grade().items() if number]
    held = f", {len(outcome.suppressed)} suppressed" if outcome.suppressed else ""
    if outcome.since is not None:
        held += f", {outcome.since.unchanged} on paths that did not change since {outcome.since.revision}"
    cut = " Not everything was looked at." if outcome.incomplete else ""
    if not told:
        return f"No path from outside to a launch was found{held}.{cut}"
    return f"{plural(len(outcome.counted), 'finding')}: {', '.join(told)}{held}.{cut}"


def cost_words(outcome: Outcome) -> str:
    """What was looked at: `41 files, 5,230 lines, 9 of them parsed`."""
    found = outcome.result.statistics
    return (
        f"{plural(found.files, 'file')}, {plural(found.lines, 'line')}; {plural(found.lowered, 'file')} parsed, "
        f"{plural(found.steps, 'step')} followed"
    )


def skipped_words(outcome: Outcome) -> str:
    """What was left out on purpose; empty for nothing."""
    parts = [
        f"{number:,} {SKIPPED.get(reason, reason)}" for reason, number in sorted(outcome.skipped.items()) if number
    ]
    return ", ".join(parts)


def troubles(outcome: Outcome) -> list[tuple[str, str]]:
    """Everything that was not read or not understood, by place: `path` or `path:line`, and what."""
    told = [(item.path, f"{item.message} ({item.reason})") for item in outcome.diagnostics]
    told += [(f"{item.path}:{item.line}" if item.line else item.path, item.what) for item in outcome.result.troubles]
    return sorted(dict.fromkeys(told))


def site_reports(outcome: Outcome) -> Sequence[tuple[ProjectAnswer, Sequence[tuple[Made, SiteReport]]]]:
    """The launch sites of each project, what needs a look first."""
    return [(answer, [(made, report) for made in Made for report in answer.sites[made]]) for answer in answers(outcome)]


def safe(text: str, longest: int = 0) -> str:
    """A text of the scanned project, fit for a line of a terminal; cut in its middle beyond `longest` characters."""
    shown = escape(text.strip())
    if longest and len(shown) > longest:
        half = (longest - 1) // 2
        return f"{shown[:half]}…{shown[len(shown) - (longest - 1 - half) :]}"
    return shown


LEVELS: Mapping[Grade, str] = {Grade.HIGH: "error", Grade.MEDIUM: "warning", Grade.LOW: "note", Grade.INFO: "note"}
"""Grades as levels of SARIF."""

NATURAL: Mapping[SourceKind, Grade] = {
    SourceKind.HTTP: Grade.HIGH,
    SourceKind.WS: Grade.HIGH,
    SourceKind.LLM: Grade.HIGH,
    SourceKind.REMOTE: Grade.HIGH,
    SourceKind.IPC: Grade.MEDIUM,
    SourceKind.DB: Grade.MEDIUM,
    SourceKind.PLUGIN: Grade.MEDIUM,
    SourceKind.FILE: Grade.LOW,
    SourceKind.CLI: Grade.LOW,
    SourceKind.ENV: Grade.LOW,
    SourceKind.PARAM: Grade.INFO,
    SourceKind.UNRESOLVED: Grade.INFO,
}
"""The grade of a finding behind which no guard, switch or plugin stands."""


def rule_title(finding: CodeFinding) -> str:
    """What a rule finds, whatever the place."""
    verb = "is written into the definition of" if finding.site.kind == "registration" else "reaches the launch of"
    source = SOURCES[finding.source]
    return f"Data from {source} {verb} an MCP server"


def rule_text(finding: CodeFinding) -> str:
    """Why a rule's findings matter, in general."""
    if finding.site.kind == "registration":
        return (
            "A definition that is stored is started later, often by another program and with more rights. Whoever "
            "writes its command or its arguments decides what runs then."
        )
    return (
        "A stdio MCP server is a program that is started with arguments and an environment before any MCP message is "
        "exchanged. Whoever decides one of them runs code as the user of the process that starts it, also behind a "
        "list of allowed launchers: npx, uvx, docker, python and node run what their arguments name."
    )
