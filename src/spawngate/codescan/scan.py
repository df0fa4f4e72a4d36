"""The scan of one project: gate, launch sites, slices, findings.

Belongs here: the order of the steps and how ways become findings. Not here: the steps themselves. No file, clock or
process: sources come as bytes by path; what the shell keeps in a cache comes back through `lowering` and `tokens_of`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from spawngate.codescan import ir
from spawngate.codescan.calls import Calls
from spawngate.codescan.evidence import evidence, mentions
from spawngate.codescan.finding import (
    CodeFinding,
    Grade,
    GuardStrength,
    LaunchSite,
    ProjectResult,
    SiteReport,
    SlotVerdict,
    SourceKind,
    Statistics,
    Trouble,
    fingerprint,
)
from spawngate.codescan.frontends import language_of, lower
from spawngate.codescan.grade import grade_of
from spawngate.codescan.guards import Guards
from spawngate.codescan.ir import Module
from spawngate.codescan.knowledge import Knowledge
from spawngate.codescan.models.model import Language, Models
from spawngate.codescan.packages import Packages, says_names
from spawngate.codescan.programs import is_work_of_a_tool
from spawngate.codescan.project import Ahead, Lowering, Project, is_example
from spawngate.codescan.registrations import apart, registrations
from spawngate.codescan.resolve import Resolver
from spawngate.codescan.shapes import explain
from spawngate.codescan.sinks import Question, Sink, find, speaks
from spawngate.codescan.slicer import Budget, Found, Search, Slice, Thing
from spawngate.codescan.stores import Stores
from spawngate.codescan.texts import Tokens
from spawngate.codescan.trace import states_of, trace_of
from spawngate.codescan.written import is_minified

_SDK_CLASSES = {
    "python": ("StdioServerParameters",),
    "javascript": ("StdioClientTransport",),
    "java": ("ServerParameters",),
    "rust": ("TokioChildProcess",),
}
"""Classes that only an official SDK defines."""
MAX_SITES = 400
"""Launch sites that are followed; more make the result incomplete."""
MAX_FINDINGS_A_SITE = 12
REGISTRATION_STEPS = 1_500
"""Steps for a place that stores a definition: there are many, and what decides them is near."""
MAX_DETOURS = 4
"""Searches that are made again around strong guards, for one part of a launch."""
MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Budgets:
    """Bounds of one scan."""

    slice: Budget = field(default_factory=Budget)
    sites: int = MAX_SITES


def readable(source: bytes) -> bool:
    """Written by people: neither huge nor minified."""
    return len(source) <= MAX_BYTES and not is_minified(source)


def scan(
    files: Mapping[str, bytes] | Iterable[tuple[str, bytes]],
    models: Models,
    budgets: Budgets | None = None,
    lowering: Lowering = lower,
    tokens_of: Tokens | None = None,
    ahead: Ahead | None = None,
    manifests_say: bool = False,
    expired: Callable[[], bool] = lambda: False,
) -> ProjectResult:
    """Everything about one project.

    Args:
        files: sources by path, relative to the project, with `/`. Files that no front-end reads, and huge or
            minified ones, are left out; `package.json` and `tsconfig.json` say where names of modules lead.
        models: what is known of libraries.
        lowering, tokens_of: the costly steps, where the caller keeps their results.
        ahead: is told which files will be lowered next, so that the caller may begin with them.
        manifests_say: a manifest names an SDK or a wrapper; then the gate is open.
        expired: whether the caller's time is over: launches that were not followed by then are told as unresolved.
    """
    given = dict(files)
    packages = Packages({path: text for path, text in given.items() if says_names(path)})
    sources = {path: text for path, text in given.items() if language_of(path) is not None and readable(text)}
    lines = sum(text.count(b"\n") for text in sources.values())
    if not manifests_say and not any(mentions(text) for text in sources.values()):
        return ProjectResult(False, statistics=Statistics(len(sources), lines))
    project = Project(sources, lowering, tokens_of, packages, ahead)
    work = _Scan(project, models, budgets or Budgets(), expired)
    return work.result(lines, manifests_say)


class _Scan:
    def __init__(
        self,
        project: Project,
        models: Models,
        budgets: Budgets,
        expired: Callable[[], bool],
    ) -> None:
        self.budgets = budgets
        self.expired = expired
        self.project = project
        languages = {language_of(path) for path in project.sources} - {None}
        self.knowledge = {
            str(language): Knowledge(models, Language(str(language)), self._says) for language in languages
        }
        self.resolver = Resolver(
            self.project,
            {language: each.aliases for language, each in self.knowledge.items()},
            {language: each.types for language, each in self.knowledge.items()},
        )
        self.calls = Calls(self.resolver)
        self.stores = Stores(self.calls)
        self.steps = 0
        self._sdk: dict[str, bool] = {}
        self._launches: dict[ir.Call, Sink] = {}
        self._through: dict[tuple[LaunchSite, SourceKind, str, int], list[LaunchSite]] = {}
        """Launch sites that a way goes through before it comes to its own."""
        self._handing: set[Sink] = set()
        """Launch sites that start what another one puts together."""
        self._guards: Guards | None = None

    def _says(self, word: str) -> bool:
        return bool(self.project.files_with(word))

    def result(self, lines: int, manifests_say: bool) -> ProjectResult:
        told = tuple(evidence(self.project, self.resolver, self.knowledge))
        if not told and not manifests_say:
            files = Statistics(len(self.project.sources), lines, self.project.lowered)
            return ProjectResult(False, statistics=files)
        sinks = [sink for _, each in sorted(self.knowledge.items()) for sink in find(self.resolver, each)]
        findings: list[CodeFinding] = []
        reports: list[SiteReport] = []
        incomplete = len(sinks) > self.budgets.sites
        self._launches = {sink.call: sink for sink in sinks}
        for sink in sinks[: self.budgets.sites]:
            report, own = self._site(sink)
            if not own and sink in self._handing and not any(each.unresolved for each in report.slots):
                continue  # all that is not constant is made, and told, at other launch sites
            reports.append(report)
            findings.extend(own)
            incomplete = incomplete or report.incomplete
        registered: list[CodeFinding] = []
        for _, each in sorted(self.knowledge.items()):
            for sink in registrations(self.stores, self.resolver, each):
                report, own = self._site(sink)
                reports.append(report)
                registered.extend(own)
                incomplete = incomplete or report.incomplete
        findings = self._made_elsewhere(findings)
        findings.extend(apart(findings, registered))
        findings.sort(key=_order)
        troubles = tuple(
            Trouble(module.path, trouble.line, trouble.what)
            for module in self.project.lowered_modules()
            for trouble in module.ir.troubles
        )
        return ProjectResult(
            mcp=True,
            evidence=told,
            findings=tuple(findings),
            sites=tuple(reports),
            troubles=troubles,
            # What a front-end left out may hold a source, a guard or a launch.
            incomplete=incomplete or any(_cut(module.ir) for module in self.project.lowered_modules()),
            statistics=Statistics(len(self.project.sources), lines, self.project.lowered, self.steps),
        )

    def _defines_sdk(self, language: str) -> bool:
        """The project is an official SDK, or keeps a copy of one: what its own tools are told to start, by the person
        who types it, is their purpose (`mcp dev`). Of any other program it is a finding: PraisonAI's was one."""
        found = self._sdk.get(language)
        if found is None:
            names = _SDK_CLASSES.get(language, ())
            classes = (each for name in names for each in self.project.classes(name, language))
            found = any(not self.project.is_test(each.module.path) for each in classes)
            self._sdk[language] = found
        return found

    def _made_elsewhere(self, findings: list[CodeFinding]) -> list[CodeFinding]:
        """Without findings that only hand on what another launch site is made of: `Client(StdioTransport(command))`.

        The decision is made where the parameters are put together; there the same source is told.
        """
        told = {
            (each.site.path, each.site.line, each.source, each.trace[0].path, each.trace[0].line) for each in findings
        }
        out: list[CodeFinding] = []
        for each in findings:
            source = (each.source, each.trace[0].path, each.trace[0].line)
            inner = self._through.get((each.site, *source), ())
            if not any((site.path, site.line, *source) in told and site != each.site for site in inner):
                out.append(each)
        return out

    def _site(self, sink: Sink) -> tuple[SiteReport, list[CodeFinding]]:
        verdicts: dict[str, SlotVerdict] = {}
        ways: dict[tuple[str, str, int], tuple[Found, set[str], bool, Search]] = {}
        steps, incomplete = 0, False
        for question in sink.questions:
            search, answer = self._answer(sink, question)
            steps += answer.steps
            incomplete = incomplete or answer.incomplete
            if answer.met:
                self._handing.add(sink)
            for found in answer.found:
                key = (found.kind.value, found.function.module.path, found.line)
                kept = ways.get(key)
                if kept is None:
                    ways[key] = (found, {question.name}, question.names, search)
                else:
                    better = found if _rank(found) < _rank(kept[0]) and not kept[1] - {question.name} else kept[0]
                    ways[key] = (better, kept[1] | {question.name}, kept[2] or question.names, kept[3])
            self._verdict(verdicts, question.name, answer)
        self.steps += steps
        own: list[CodeFinding] = []
        for found, slots, names, search in sorted(ways.values(), key=lambda way: _rank(way[0])):
            inner = [
                other.site
                for state in states_of(found)
                if isinstance(state.thing, ir.Call)
                for other in (self._launches.get(state.thing),)
                if other is not None and other is not sink and not other.site.raw
            ]
            if inner:
                source = (found.kind, found.function.module.path, found.line)
                self._through.setdefault((sink.site, *source), []).extend(inner)
            own.append(self._finding(sink, found, tuple(sorted(slots)), names, search, incomplete))
        own.sort(key=_order)
        told = [each for each in own if each.grade is not Grade.NONE][:MAX_FINDINGS_A_SITE]
        for name, verdict in list(verdicts.items()):
            mine = [each for each in own if name in each.slots]
            if mine and all(each.grade is Grade.NONE for each in mine):
                unknown = bool(verdict.unresolved) or incomplete  # a guard on what was seen says nothing of the rest
                verdicts[name] = replace(verdict, verdict="unresolved" if unknown else "guarded")
        distance = min((len(each.trace) - 1 for each in own if each.source is not SourceKind.PARAM), default=None)
        worst = max((each.grade for each in own), key=lambda grade: grade.rank, default=Grade.NONE)
        ordered = tuple(verdicts[name] for name in sorted(verdicts))
        return SiteReport(sink.site, ordered, worst, distance, steps, incomplete), told

    def _answer(self, sink: Sink, question: Question) -> tuple[Search, Slice]:
        """The slice of one part of a launch.

        A search keeps one way to each thing, the cheapest. Where a strong guard stands on it, the search is made again
        around the guarded expressions, because another call may hand the same value on without the guard.
        """
        search = self._search(sink, question)
        answer = search.run()
        kept = {(each.kind, each.function, each.line): each for each in answer.found}
        found = answer.found
        avoided: frozenset[Thing] = frozenset()
        for _ in range(MAX_DETOURS):
            told = [each for each in found if grade_of(each.kind, (question.name,), ()).rank > Grade.LOW.rank]
            barred = frozenset[Thing]().union(*(self.guards(search).barred(each, (question.name,)) for each in told))
            if barred <= avoided:
                break
            avoided |= barred
            detour = self._search(sink, question)
            detour.avoided |= avoided
            around = detour.run()
            answer.steps += around.steps
            answer.incomplete = answer.incomplete or around.incomplete
            found = around.found
            kept.update({(each.kind, each.function, each.line): each for each in found})
        answer.found = list(kept.values())
        return search, answer

    def _made_apart(self, sink: Sink) -> frozenset[Thing]:
        """What another launch site makes is asked about there: `MCPTools(server_params=StdioServerParameters(..))`."""
        if sink.site.language != "python" or sink.site.raw:
            return frozenset()
        return frozenset(call for call, other in self._launches.items() if other is not sink and not other.site.raw)

    def _search(self, sink: Sink, question: Question) -> Search:
        budget = self.budgets.slice
        if sink.site.kind == "registration":
            budget = replace(budget, steps=min(budget.steps, REGISTRATION_STEPS))
        if self.expired():
            budget = replace(budget, steps=0)
        search = Search(self.calls, self.knowledge.__getitem__, self.stores, question.slot, budget)
        search.avoided = self._made_apart(sink)
        search.ask(question.expression, sink.function, question.path, None, None)
        return search

    def _verdict(self, verdicts: dict[str, SlotVerdict], name: str, answer: Slice) -> None:
        before = verdicts.get(name, SlotVerdict(name, "constant"))
        sources = tuple(dict.fromkeys((*before.sources, *(each.kind for each in answer.found))))
        told = [text for text, _ in answer.unresolved]
        if answer.incomplete:
            told.insert(0, "the search ended at its bounds")
        notes = tuple(dict.fromkeys((*before.unresolved, *told)))[:5]
        verdict = "tainted" if sources else "unresolved" if notes else "constant"
        verdicts[name] = SlotVerdict(name, verdict, sources, notes)

    def guards(self, search: Search) -> Guards:
        if self._guards is None:
            self._guards = Guards(search)
        return self._guards

    def _finding(
        self, sink: Sink, found: Found, slots: tuple[str, ...], names: bool, search: Search, incomplete: bool
    ) -> CodeFinding:
        guards = self.guards(search).of(found, sink, slots)
        shown = is_example(sink.site.path) or is_example(found.function.module.path)
        shown = shown or (found.kind is SourceKind.CLI and self._defines_sdk(sink.site.language))
        around = (sink.function.qualname, found.function.qualname)
        of_tool = (
            sink.site.raw and is_work_of_a_tool(found.model, around) and not speaks(sink.function.module, self.project)
        )
        grade = grade_of(found.kind, slots, guards, sink.site.in_test, names, shown, of_tool)
        trace = trace_of(found, sink, slots, self.project.text)
        rule = f"mcp-{sink.site.kind}-{found.kind.value}"
        weak = [guard.name for guard in guards if guard.strength is not GuardStrength.STRONG]
        title = f"{found.what} reaches {', '.join(slots)} of {sink.site.call}"
        if weak:
            title += f" behind {', '.join(weak)}"
        why, advisories = explain(sink.model.why, found.kind, slots, guards, sink.site.kind, sink.model.id)
        return CodeFinding(
            rule=rule,
            grade=grade,
            slots=slots,
            source=found.kind,
            source_model=found.model,
            site=sink.site,
            trace=trace,
            guards=guards,
            cost=found.state.cost,
            incomplete=incomplete,
            title=title,
            why=why,
            advisories=advisories or tuple(each for each in sink.model.references if not each.startswith("CWE")),
            remediation=sink.model.fix,
            fingerprint=fingerprint(rule, trace[0], sink.site, slots),
        )


_ABOUT = re.compile(r"mcp|stdio|server_?config|tool_?server", re.IGNORECASE)
OFF_TOPIC = 4
"""Added when findings are put in order: for a source whose file, function and line say nothing of MCP, and for a raw
process call."""


def _order(finding: CodeFinding) -> tuple[int, int, bool, int, str, int]:
    source = finding.trace[0]
    about = any(_ABOUT.search(text) for text in (source.path, source.function, source.text))
    cost = finding.cost + (0 if about else OFF_TOPIC) + (OFF_TOPIC if finding.site.raw else 0)
    return -finding.grade.rank, cost, not about, len(finding.trace), finding.site.path, finding.site.line


def _rank(found: Found) -> tuple[int, int]:
    return found.state.cost, found.state.depth


def _cut(module: Module) -> bool:
    """Whether a part of a file was not lowered: its budget ended, or it is nested too deep."""
    return module.incomplete or any("too deep" in trouble.what for trouble in module.troubles)
