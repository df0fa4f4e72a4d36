"""Results of the code scan as SARIF 2.1.0, with a code flow for every finding.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0 Plus Errata 01; docs.github.com,
"SARIF support for code scanning" (which properties are read; flows are shown as a path; a rule's `security-severity` is
that of its alerts).
Belongs here: the log, its rules, results, flows and what became of the run. Must not be here: wording (`code_view`).

- One run for each tree. Paths are relative to its `%SRCROOT%`.
- A result's place is the launch; its flow goes from the source to the launch; guards are related locations.
- A rule is the kind of source and what it reaches. A finding whose grade is not the usual one of its kind has a rule of
  its own below (`mcp-launch-http/medium`), because a service takes an alert's severity from the rule.
- `partialFingerprints` survive edits elsewhere in the files: `spawngateCode/v1` is the finding's own.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from spawngate import __version__
from spawngate.codescan.baseline import SUPPRESSED
from spawngate.codescan.finding import CodeFinding, Grade, GuardUse, Hop
from spawngate.codescan.outcome import Outcome
from spawngate.model.json import Json
from spawngate.report import code_view as view
from spawngate.report.references import reference
from spawngate.report.sarif import SCHEMA_URI
from spawngate.report.terminal import escape

_SCORES: Mapping[Grade, str] = {Grade.HIGH: "8.0", Grade.MEDIUM: "5.5", Grade.LOW: "3.0", Grade.INFO: "0.0"}
"""Numbers that GitHub turns back into the words: 7 to 8.9, 4 to 6.9, 0.1 to 3.9."""
_PROBLEMS: Mapping[Grade, str] = {Grade.HIGH: "error", Grade.MEDIUM: "warning"}
_TAGS: tuple[str, ...] = ("security", "mcp", "external/cwe/cwe-78", "external/cwe/cwe-88")
_LONGEST = 1024
_Object = dict[str, Json]


def render_sarif(outcomes: Sequence[Outcome]) -> bytes:
    """The log as JSON, UTF-8, indented, with one newline at the end. Valid against the OASIS schema."""
    log: _Object = {"version": "2.1.0", "$schema": SCHEMA_URI, "runs": [_run(each, outcomes) for each in outcomes]}
    return json.dumps(log, indent=2, ensure_ascii=False).encode() + b"\n"


def _run(outcome: Outcome, outcomes: Sequence[Outcome]) -> _Object:
    findings = [finding for finding in outcome.result.findings if finding.grade is not Grade.NONE]
    rules: dict[str, _Object] = {}
    for finding in findings:
        rules.setdefault(_rule_id(finding), _rule(finding))
    ids = sorted(rules)
    seen: Counter[str] = Counter()
    name = "spawngate-code/" if len(outcomes) == 1 else f"spawngate-code/{quote(_bytes(outcome.name), safe='')}/"
    return {
        "tool": {
            "driver": {
                "name": "Spawngate code scan",
                "semanticVersion": __version__,
                "version": __version__,
                "rules": [rules[id_] for id_ in ids],
            }
        },
        "automationDetails": {"id": name},
        "invocations": [
            {
                "executionSuccessful": True,
                "endTimeUtc": outcome.taken_at,
                "toolExecutionNotifications": _notifications(outcome),
            }
        ],
        "originalUriBaseIds": {"%SRCROOT%": {"uri": f"file://{quote(_bytes(outcome.root.rstrip('/')), safe='/~')}/"}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, ids.index(_rule_id(finding)), seen) for finding in findings],
    }


# -- rules ----------------------------------------------------------------------------------------------------


def _rule_id(finding: CodeFinding) -> str:
    """The rule, and the grade behind it where it is not the usual one of the kind of source."""
    rule = escape(finding.rule)
    return rule if finding.grade is view.NATURAL[finding.source] else f"{rule}/{finding.grade.value}"


def _rule(finding: CodeFinding) -> _Object:
    title = view.rule_title(finding)
    text = view.rule_text(finding)
    return {
        "id": _rule_id(finding),
        "name": "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", _rule_id(finding)))
        or "Rule",
        "shortDescription": {"text": f"{title} ({finding.grade.value})"},
        "fullDescription": {"text": text},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": view.LEVELS[finding.grade]},
        "properties": {
            "security-severity": _SCORES[finding.grade],
            "precision": "high" if finding.grade.rank >= Grade.MEDIUM.rank else "medium",
            "problem.severity": _PROBLEMS.get(finding.grade, "recommendation"),
            "tags": list(_TAGS),
        },
    }


# -- results --------------------------------------------------------------------------------------------------


def _result(finding: CodeFinding, index: int, seen: Counter[str]) -> _Object:
    seen[finding.fingerprint] += 1
    site = finding.site
    mark = escape(finding.fingerprint)
    result: _Object = {
        "ruleId": _rule_id(finding),
        "ruleIndex": index,
        "level": view.LEVELS[finding.grade],
        "message": {"text": _message(finding)},
        "locations": [
            {
                "physicalLocation": _physical(site.path, site.line, site.text, site.column + 1),
                "logicalLocations": [{"fullyQualifiedName": escape(site.function) or "module", "kind": "function"}],
            }
        ],
        "codeFlows": [
            {
                "message": {"text": _plain(f"From {view.SOURCES[finding.source]} to the launch")},
                "threadFlows": [{"locations": [_step(hop, number) for number, hop in enumerate(finding.trace, 1)]}],
            }
        ],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{mark}:{seen[finding.fingerprint]}",
            "spawngateCode/v1": mark,
        },
        "suppressions": _suppressions(finding),
        "properties": {
            "grade": finding.grade.value,
            "slots": [escape(slot) for slot in finding.slots],
            "source": finding.source.value,
            "sourceModel": escape(finding.source_model),
            "sinkModel": escape(site.model),
            "call": escape(site.call),
            "cost": finding.cost,
            "incomplete": finding.incomplete,
            "inTest": site.in_test,
            "guards": [escape(view.guard_words(guard)) for guard in finding.guards],
            "advisories": [escape(advisory) for advisory in finding.advisories],
        },
    }
    if finding.guards:
        result["relatedLocations"] = [_guard(guard, number) for number, guard in enumerate(finding.guards, 1)]
    return result


def _message(finding: CodeFinding) -> str:
    """What reaches what, why it matters, what stands in between and what to do."""
    first = finding.trace[0]
    parts = [
        f"{view.headline(finding).rstrip('.')}: {first.what} ({first.path}:{first.line}) "
        f"reaches {view.slots(finding)}.",
        finding.why,
        *(f"Guard: {view.guard_words(guard)} ({guard.path}:{guard.line})." for guard in finding.guards),
        f"What to do: {finding.remediation}" if finding.remediation else "",
        f"Of the same shape: {', '.join(_named(item) for item in finding.advisories)}." if finding.advisories else "",
    ]
    return "\n\n".join(_plain(part) for part in parts if part)


def _named(advisory: str) -> str:
    url = reference(advisory).url
    return f"{advisory} <{url}>" if url else advisory


def _step(hop: Hop, number: int) -> _Object:
    location: _Object = {
        "physicalLocation": _physical(hop.path, hop.line, hop.text),
        "message": {"text": _plain(hop.what) or "goes on"},
    }
    if hop.function:
        location["logicalLocations"] = [{"fullyQualifiedName": escape(hop.function), "kind": "function"}]
    step: _Object = {"location": location, "executionOrder": number, "importance": "essential"}
    if hop.step:
        step["kinds"] = [escape(hop.step)]
    return step


def _guard(guard: GuardUse, number: int) -> _Object:
    return {
        "id": number,
        "physicalLocation": _physical(guard.path, guard.line, guard.text),
        "message": {"text": _plain(f"guard: {view.guard_words(guard)}")},
    }


def _suppressions(finding: CodeFinding) -> list[Json]:
    if not finding.suppressed:
        return []
    kind = "external" if finding.suppressed == SUPPRESSED else "inSource"
    return [{"kind": kind, "status": "accepted", "justification": _plain(finding.suppressed)}]


def _physical(path: str, line: int, text: str, column: int = 0) -> _Object:
    region: _Object = {"startLine": max(line, 1)}
    # A column is counted in bytes; before anything but ASCII it would point elsewhere.
    if column > 0 and text.isascii():
        region["startColumn"] = column
    if text:
        region["snippet"] = {"text": escape(text)[:_LONGEST]}
    return {"artifactLocation": {"uri": _uri(path), "uriBaseId": "%SRCROOT%"}, "region": region}


def _notifications(outcome: Outcome) -> list[Json]:
    told: list[Json] = [_notification(item.path, item.reason, item.message, 0) for item in outcome.diagnostics]
    told += [_notification(item.path, "not-understood", item.what, item.line) for item in outcome.result.troubles]
    told += [_notification(item.path, item.reason, item.message, 0) for item in outcome.notes]
    if outcome.incomplete:
        told.append(
            {
                "descriptor": {"id": "incomplete"},
                "level": "warning",
                "message": {"text": "Not everything was looked at: a file was left out, or a budget ended."},
            }
        )
    return told


def _notification(path: str, reason: str, message: str, line: int) -> _Object:
    location: _Object = {"artifactLocation": {"uri": _uri(path), "uriBaseId": "%SRCROOT%"}}
    if line > 0:
        location["region"] = {"startLine": line}
    return {
        "descriptor": {"id": escape(reason) or "trouble"},
        "level": "warning",
        "message": {"text": _plain(message) or "trouble"},
        "locations": [{"physicalLocation": location}],
    }


def _plain(text: str) -> str:
    """Plain text in which nothing of a project can make an embedded link: SARIF reads `[text](target)` even there."""
    return re.sub(r"\](?=\()", r"\\]", escape(text))


def _uri(path: str) -> str:
    """A relative path as a relative reference."""
    return quote(_bytes(path), safe="/~") or "./"


def _bytes(path: str) -> bytes:
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")
