"""What was judged, as a SARIF 2.1.0 log, for code scanning services and SARIF viewers.

Belongs here: one run with the rules that were applied, a result for each finding and for each advisory that is
present or uncertain, and the diagnostics of the scan as notifications.
Must not be here: the inventory itself (`report.json`, `report.cyclonedx`).

Form: OASIS SARIF 2.1.0 Plus Errata 01, and what GitHub code scanning reads of it (GitHub documentation, "SARIF support
for code scanning"): `security-severity` and `precision` of a rule, CWE tags, `primaryLocationLineHash`.
- Files below a scanned root are relative to `%SRCROOT%` (`%SRCROOT2%` and so on for further roots); others are
  absolute file addresses. What belongs to no file points at the first root, because services refuse a result
  without a file.
- Fingerprints hold neither the endpoint nor its folders, so a result is the same result on the next build machine.
- Equal input gives equal bytes. Results stand gravest first: services keep only the first thousands.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import quote

from spawngate import __version__
from spawngate.model.advisory import AdvisoryMatch
from spawngate.model.artifact import Artifact
from spawngate.model.finding import Confidence, Finding, Severity
from spawngate.model.json import Json
from spawngate.model.observed import Diagnostic
from spawngate.model.snapshot import Snapshot
from spawngate.report import view
from spawngate.report.judgement import (
    Judgement,
    RuleText,
    fix_of,
    grave_first,
    open_matches,
    package_words,
    severity_of,
    weight,
)
from spawngate.report.references import cwes, reference
from spawngate.report.terminal import escape

SCHEMA_URI = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS: Mapping[Severity, str] = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_SCORES: Mapping[Severity, str] = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "0.0",
}
"""Numbers that GitHub turns back into the words: above 9, 7 to 8.9, 4 to 6.9, 0.1 to 3.9."""
_LONGEST_DESCRIPTION = 1024
_MOST_TAGS = 20
_Object = dict[str, Json]


def render_sarif(snapshot: Snapshot, judgement: Judgement) -> bytes:
    """The log as JSON, UTF-8, indented, with one newline at the end. Valid against the OASIS schema."""
    places = _Places.of(snapshot)
    artifacts = {artifact.id: artifact for artifact in snapshot.artifacts}
    rules = _rules(judgement)
    index = {str(rule["id"]): number for number, rule in enumerate(rules)}
    drafts = [_finding(item, artifacts.get(item.artifact), judgement) for item in grave_first(judgement.findings)]
    drafts += [_advisory(item, artifacts.get(item.artifact)) for item in open_matches(judgement)]
    drafts.sort(key=lambda draft: -draft.severity.rank)
    seen: Counter[str] = Counter()
    run: _Object = {
        "tool": {
            "driver": {
                "name": "Spawngate",
                "semanticVersion": __version__,
                "version": __version__,
                "rules": rules,
            }
        },
        "automationDetails": {"id": "spawngate/"},
        "invocations": [
            {
                "executionSuccessful": True,
                "endTimeUtc": snapshot.taken_at,
                "toolExecutionNotifications": [_notification(item, places) for item in _by_path(snapshot.diagnostics)],
            }
        ],
        "originalUriBaseIds": {name: {"uri": uri} for name, uri in places.bases},
        "columnKind": "unicodeCodePoints",
        "results": [_result(draft, places, index, seen) for draft in drafts],
    }
    log: _Object = {"version": "2.1.0", "$schema": SCHEMA_URI, "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False).encode() + b"\n"


# -- rules ----------------------------------------------------------------------------------------------------


def _rules(judgement: Judgement) -> list[_Object]:
    """Every rule that was applied and every advisory that a result names, each by id."""
    texts = dict(judgement.rules)
    for finding in grave_first(judgement.findings):
        texts.setdefault(finding.rule, judgement.rule(finding))
    # Rules are our own text, written with Markdown's code spans; records come from anywhere.
    rules = [_rule(rule, texts[rule], ("security", "mcp"), _plain) for rule in sorted(texts)]
    matches: dict[str, AdvisoryMatch] = {}
    for match in open_matches(judgement):
        matches.setdefault(match.advisory, match)
    for advisory in sorted(matches):
        match = matches[advisory]
        text = RuleText(
            title=match.summary or advisory,
            rationale=match.summary,
            remediation="Update to a version that holds the fix; remove what has none.",
            references=(advisory, *match.references),
            severity=severity_of(match),
            confidence=Confidence.HIGH,
        )
        rules.append(_rule(advisory, text, ("security", "advisory"), _markdown))
    return rules


def _rule(id_: str, text: RuleText, tags: tuple[str, ...], marked: Callable[[str], str]) -> _Object:
    """`marked` turns the text's prose into Markdown."""
    described = [reference(item) for item in text.references]
    pages = [item.url for item in described if item.url]
    title = escape(text.title)
    paragraphs = [_plain(part) for part in (text.rationale, text.remediation) if part]
    links = [
        f"- [{_markdown(item.text)}]({item.url})" if item.url else f"- {_markdown(item.text)}" for item in described
    ]
    markdown = [marked(text.rationale)] if text.rationale else []
    markdown += [f"**What to do:** {marked(text.remediation)}"] if text.remediation else []
    markdown += ["**References**\n\n" + "\n".join(links)] if links else []
    rule: _Object = {
        "id": escape(id_),
        "name": _pascal(id_),
        "shortDescription": {"text": view.middle(title, _LONGEST_DESCRIPTION)},
        "fullDescription": {"text": view.middle(_plain(text.rationale) or title, _LONGEST_DESCRIPTION)},
        "help": {
            "text": "\n\n".join([*paragraphs, *(item.url or escape(item.text) for item in described)]) or title,
            "markdown": "\n\n".join(markdown) or marked(text.title),
        },
        "defaultConfiguration": {"level": _LEVELS[text.severity]},
        "properties": {
            "security-severity": _SCORES[text.severity],
            "precision": text.confidence.value,
            "problem.severity": _problem(text.severity),
            "tags": [*tags, *(f"external/cwe/cwe-{number}" for number in cwes(text.references))][:_MOST_TAGS],
        },
    }
    if pages:
        rule["helpUri"] = pages[0]
    return rule


def _problem(severity: Severity) -> str:
    return {"error": "error", "warning": "warning"}.get(_LEVELS[severity], "recommendation")


def _pascal(id_: str) -> str:
    """`remote-plain-http` as `RemotePlainHttp`: the form that the standard recommends for names."""
    return "".join(word[:1].upper() + word[1:] for word in re.split(r"[^A-Za-z0-9]+", id_)) or "Rule"


def _plain(text: str) -> str:
    """Text of our own: its line breaks stay, nothing hidden does."""
    return "\n".join(escape(line) for line in text.split("\n"))


def _markdown(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", _plain(text))


# -- results --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Draft:
    """A finding or a match, on its way to a result."""

    rule: str
    severity: Severity
    message: tuple[str, str]
    """What was seen, and what to do."""
    path: str
    artifact: Artifact | None
    identity: tuple[str, ...]
    """What makes it the same result the next time, besides rule and place."""
    fingerprint: str
    properties: _Object


def _finding(finding: Finding, artifact: Artifact | None, judgement: Judgement) -> _Draft:
    properties: _Object = {
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "evidence": [escape(item) for item in finding.evidence],
        **_about(artifact, judgement),
    }
    return _Draft(
        rule=finding.rule,
        severity=finding.severity,
        message=(finding.message, finding.remediation),
        path=artifact.path if artifact is not None else "",
        artifact=artifact,
        identity=(),
        fingerprint=finding.fingerprint,
        properties=properties,
    )


def _advisory(match: AdvisoryMatch, artifact: Artifact | None) -> _Draft:
    subject = " ".join(part for part in (package_words(match.package), match.version) if part)
    said = {
        "affected": f"{subject} is affected by {match.advisory}.",
        "no-fix": f"{subject} is affected by {match.advisory}, and no fixed version is known.",
    }.get(match.answer, f"{subject} may be affected by {match.advisory}.")
    properties: _Object = {
        "severity": severity_of(match).value,
        "confidence": match.confidence,
        "answer": match.answer,
        "package": escape(match.package),
        "version": escape(match.version),
        "fixedIn": [escape(version) for version in match.fixed_in],
        **_about(artifact, None),
    }
    return _Draft(
        rule=match.advisory,
        severity=weight(match),
        message=(" ".join(part for part in (said, match.summary, match.why) if part), fix_of(match)),
        path=match.path or (artifact.path if artifact is not None else ""),
        artifact=artifact,
        # The version is left out: an update that does not fix it leaves the same alert open.
        identity=(match.package,),
        fingerprint="",
        properties=properties,
    )


def _about(artifact: Artifact | None, judgement: Judgement | None) -> _Object:
    if artifact is None:
        return {}
    about: _Object = {
        "kind": str(artifact.kind),
        "name": escape(artifact.name),
        "agent": escape(artifact.agent),
        "scope": str(artifact.scope),
        "status": str(artifact.status),
    }
    tier = judgement.tiers.get(artifact.id) if judgement is not None else None
    if tier is not None:
        about["tier"] = tier.tier
    return about


def _result(draft: _Draft, places: "_Places", index: Mapping[str, int], seen: Counter[str]) -> _Object:
    where = places.locate(draft.path)
    artifact = draft.artifact
    physical: _Object = {"artifactLocation": where}
    line = artifact.detail.get("line") if artifact is not None else None
    if isinstance(line, int) and not isinstance(line, bool) and line > 0:
        physical["region"] = {"startLine": line}
    location: _Object = {"physicalLocation": physical}
    if artifact is not None:
        pointer = view.words(artifact.detail.get("pointer"))
        location["logicalLocations"] = [
            {
                "name": escape(artifact.name),
                "fullyQualifiedName": escape(pointer or artifact.name),
                "kind": "member" if pointer else "resource",
            }
        ]
    who = (str(artifact.kind), artifact.agent, str(artifact.scope), artifact.name) if artifact is not None else ()
    uri = str(where["uri"]) if "uriBaseId" in where else places.homeless(draft.path)
    digest = sha256("\0".join((draft.rule, uri, *who, *draft.identity)).encode("utf-8", "replace")).hexdigest()[:32]
    seen[digest] += 1
    fingerprints: _Object = {"primaryLocationLineHash": f"{digest}:{seen[digest]}"}
    if draft.fingerprint:
        fingerprints["spawngateFinding/v1"] = escape(draft.fingerprint)
    rule = escape(draft.rule)
    return {
        "ruleId": rule,
        "ruleIndex": index[rule],
        "level": _LEVELS[draft.severity],
        "message": {"text": "\n\n".join(_message(part) for part in draft.message if part)},
        "locations": [location],
        "partialFingerprints": fingerprints,
        "suppressions": [],
        "properties": draft.properties,
    }


def _message(text: str) -> str:
    """Plain text in which no scanned name can make an embedded link: SARIF reads `[text](target)` even there."""
    return re.sub(r"\](?=\()", r"\\]", escape(text))


def _by_path(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    return sorted(diagnostics, key=lambda item: (item.path, item.reason, item.message, item.agent))


def _notification(diagnostic: Diagnostic, places: "_Places") -> _Object:
    return {
        "descriptor": {"id": escape(diagnostic.reason)},
        "level": "warning",
        "message": {"text": _message(diagnostic.message)},
        "locations": [{"physicalLocation": {"artifactLocation": places.locate(diagnostic.path)}}],
    }


# -- places ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Places:
    """Roots and homes of a scan, and paths as addresses in terms of them."""

    bases: tuple[tuple[str, str], ...]
    """Name of a base and its address, which ends in a slash; in the order of the roots."""
    homes: tuple[str, ...]
    """Addresses of the homes, with a slash at the end."""
    windows: bool

    @classmethod
    def of(cls, snapshot: Snapshot) -> "_Places":
        windows = snapshot.platform == "windows"
        folders = [_uri(root, windows) for root in snapshot.roots]
        names = [f"%SRCROOT{number if number > 1 else ''}%" for number in range(1, len(folders) + 1)]
        return cls(
            tuple((name, folder.rstrip("/") + "/") for name, folder in zip(names, folders, strict=True)),
            tuple(_uri(home, windows).rstrip("/") + "/" for home in snapshot.homes),
            windows,
        )

    def locate(self, path: str) -> _Object:
        """The `artifactLocation` of a path; of the scanned place as a whole for the empty path."""
        if not path:
            if self.bases:
                return {"uri": "./", "uriBaseId": self.bases[0][0]}
            return {"uri": self.homes[0] if self.homes else "file:///"}
        uri = _uri(path, self.windows)
        inside = [(len(base), name, base) for name, base in self.bases if f"{uri}/".startswith(base)]
        if not inside:
            return {"uri": uri}
        length, name, _ = max(inside, key=lambda item: item[0])
        return {"uri": uri[length:] or "./", "uriBaseId": name}

    def homeless(self, path: str) -> str:
        """The address of a path in which the home has no name, for fingerprints."""
        uri = _uri(path, self.windows)
        home = next((home for home in self.homes if uri.startswith(home)), "")
        return f"~/{uri[len(home) :]}" if home else uri


def _uri(path: str, windows: bool) -> str:
    """A path as a file address; a relative path as a relative reference. Bytes that are no UTF-8 stay as they are."""
    if windows:
        path = path.replace("\\", "/")
    try:
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = path.encode("utf-8", "surrogatepass")
    if windows and re.match(r"[A-Za-z]:(/|$)", path):
        return "file:///" + path[:2] + quote(raw[2:], safe="/~")
    quoted = quote(raw, safe="/~")
    if windows and quoted.startswith("//"):
        return f"file:{quoted}"
    return f"file://{quoted}" if quoted.startswith("/") else quoted
