"""`report.sarif`: valid against the OASIS schema, in the form that code scanning services read."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator

from spawngate import __version__
from spawngate.model.artifact import Kind
from spawngate.model.finding import Severity
from spawngate.model.observed import Diagnostic
from spawngate.model.snapshot import Snapshot
from spawngate.report.judgement import NOTHING, Judgement
from spawngate.report.sarif import SCHEMA_URI, render_sarif
from spawngate.report.terminal import is_hidden
from tests.report.judged import BUILD, FINDINGS, JUDGEMENT, MATCHES, RULES, finding, found, hostile_judgement
from tests.report.samples import EMPTY, HOME, SHOP, SNAPSHOT, artifact

SCHEMA = json.loads((Path(__file__).parents[1] / "fixtures/schemas/sarif-schema-2.1.0.json").read_text())
VALIDATOR = Draft4Validator(SCHEMA, format_checker=Draft4Validator.FORMAT_CHECKER)
IN_SHOP = replace(SNAPSHOT, roots=(SHOP,))


def log(snapshot: Snapshot, judgement: Judgement) -> dict[str, Any]:
    """The log, after it has been validated."""
    document: dict[str, Any] = json.loads(render_sarif(snapshot, judgement))
    assert [f"{list(error.path)}: {error.message}" for error in VALIDATOR.iter_errors(document)] == []
    assert [uri for uri in addresses(document) if URI.fullmatch(uri) is None] == []
    return document


URI = re.compile(r"(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-F]{2})+")
"""The characters of RFC 3986; the schema's own `uri` formats need a package that is not installed."""


def addresses(value: Any) -> list[str]:
    """Every text below a key that holds an address."""
    if isinstance(value, dict):
        own = [item for key, item in value.items() if key in ("uri", "helpUri", "$schema") and isinstance(item, str)]
        return own + [uri for item in value.values() for uri in addresses(item)]
    return [uri for item in value for uri in addresses(item)] if isinstance(value, list) else []


def run(snapshot: Snapshot, judgement: Judgement) -> dict[str, Any]:
    (only,) = log(snapshot, judgement)["runs"]
    assert isinstance(only, dict)
    return only


@pytest.mark.parametrize(
    ("snapshot", "judgement"),
    [
        (SNAPSHOT, JUDGEMENT),
        (IN_SHOP, JUDGEMENT),
        (SNAPSHOT, NOTHING),
        (EMPTY, NOTHING),
        (EMPTY, JUDGEMENT),
        hostile_judgement()[:2],
    ],
    ids=["laptop", "repository", "nothing judged", "empty", "artifacts gone", "hostile"],
)
def test_valid_against_the_schema(snapshot: Snapshot, judgement: Judgement) -> None:
    document = log(snapshot, judgement)
    assert (document["version"], document["$schema"], len(document["runs"])) == ("2.1.0", SCHEMA_URI, 1)


def test_the_schema_refuses_what_is_no_log() -> None:
    """A validator that accepts everything would prove nothing."""
    assert not VALIDATOR.is_valid({"version": "2.1.0", "runs": [{"results": []}]})


def test_a_whole_result() -> None:
    only = run(IN_SHOP, replace(JUDGEMENT, findings=(FINDINGS[5],), matches=()))
    (result,) = only["results"]
    fingerprint = result["partialFingerprints"].pop("primaryLocationLineHash")
    assert len(fingerprint) == 34
    assert fingerprint.endswith(":1")
    assert result == {
        "ruleId": "download-and-run",
        "ruleIndex": 3,
        "level": "error",
        "message": {
            "text": "bash runs what curl fetches from https://get.build.example/install.sh.\n\nInstall the server once "
            "from a registry with a pinned version, and put its executable in `command`."
        },
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": ".cursor/mcp.json", "uriBaseId": "%SRCROOT%"}},
                "logicalLocations": [
                    {
                        "name": "build-helper",
                        "fullyQualifiedName": "mcpServers.build-helper",
                        "kind": "member",
                    }
                ],
            }
        ],
        "partialFingerprints": {"spawngateFinding/v1": "download-and-run-build-helper"},
        "suppressions": [],
        "properties": {
            "severity": "critical",
            "confidence": "high",
            "evidence": ["program=bash", "shell=true", "downloads_and_runs=true"],
            "kind": "mcp_server",
            "name": "build-helper",
            "agent": "cursor",
            "scope": "project",
            "status": "enabled",
            "tier": "unknown",
        },
    }
    assert only["originalUriBaseIds"] == {"%SRCROOT%": {"uri": f"file://{SHOP}/"}}
    assert only["tool"]["driver"]["rules"][3]["id"] == "download-and-run"


def test_a_whole_rule() -> None:
    driver = run(IN_SHOP, replace(JUDGEMENT, matches=()))["tool"]["driver"]
    assert (driver["name"], driver["semanticVersion"]) == ("Spawngate", __version__)
    assert [rule["id"] for rule in driver["rules"]] == sorted(RULES)
    assert driver["rules"][1] == {
        "id": "blanket-permission",
        "name": "BlanketPermission",
        "shortDescription": {"text": "Everything of a tool is allowed"},
        "fullDescription": {
            "text": "A rule without a pattern allows every use of the tool, also one that a prompt injection asks for."
        },
        "help": {
            "text": "A rule without a pattern allows every use of the tool, also one that a prompt injection asks for."
            "\n\nName the commands that are needed: `Bash(git status)`, `Bash(npm test *)`."
            "\n\nhttps://cwe.mitre.org/data/definitions/732.html",
            "markdown": "A rule without a pattern allows every use of the tool, also one that a prompt injection asks "
            "for.\n\n**What to do:** Name the commands that are needed: `Bash(git status)`, `Bash(npm test *)`."
            "\n\n**References**\n\n- [CWE-732](https://cwe.mitre.org/data/definitions/732.html)",
        },
        "defaultConfiguration": {"level": "warning"},
        "properties": {
            "security-severity": "5.5",
            "precision": "high",
            "problem.severity": "warning",
            "tags": ["security", "mcp", "external/cwe/cwe-732"],
        },
        "helpUri": "https://cwe.mitre.org/data/definitions/732.html",
    }


@pytest.mark.parametrize(
    ("severity", "level", "score"),
    [
        (Severity.CRITICAL, "error", "9.5"),
        (Severity.HIGH, "error", "8.0"),
        (Severity.MEDIUM, "warning", "5.5"),
        (Severity.LOW, "note", "3.0"),
        (Severity.INFO, "note", "0.0"),
    ],
)
def test_severities(severity: Severity, level: str, score: str) -> None:
    text = replace(RULES["download-and-run"], severity=severity)
    one = replace(FINDINGS[5], severity=severity)
    only = run(SNAPSHOT, Judgement((one,), rules={one.rule: text}))
    assert only["tool"]["driver"]["rules"][0]["properties"]["security-severity"] == score
    assert only["results"][0]["level"] == level


def test_a_finding_without_its_rule_brings_its_own_words() -> None:
    (rule,) = run(SNAPSHOT, Judgement((FINDINGS[5],)))["tool"]["driver"]["rules"]
    assert (rule["id"], rule["shortDescription"]["text"]) == ("download-and-run", "Downloads code and runs it")
    assert rule["properties"]["tags"] == ["security", "mcp", "external/cwe/cwe-78", "external/cwe/cwe-494"]


def test_only_open_advisories_are_results() -> None:
    only = run(SNAPSHOT, Judgement(matches=MATCHES))
    assert [(result["ruleId"], result["level"], result["properties"]["answer"]) for result in only["results"]] == [
        ("CVE-2025-6514", "error", "affected"),
        ("CVE-2026-30623", "error", "affected"),
        ("GHSA-5w57-2ccq-8w95", "warning", "no-fix"),
        ("NOCVE-2026-0007", "note", "uncertain"),
    ]
    assert only["results"][1]["message"]["text"] == (
        "litellm (pypi) 1.80.2 is affected by CVE-2026-30623. The form that creates an MCP server hands its command "
        "to a process of the proxy. 1.80.2 in uv.lock is below 1.83.7.\n\nUpdate litellm (pypi) to 1.83.7 or later."
    )
    assert only["results"][1]["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "shop/uv.lock", "uriBaseId": "%SRCROOT%"},
            }
        }
    ]
    rule = only["tool"]["driver"]["rules"][0]
    assert (rule["id"], rule["helpUri"]) == ("CVE-2025-6514", "https://nvd.nist.gov/vuln/detail/CVE-2025-6514")
    assert rule["properties"]["tags"] == ["security", "advisory", "external/cwe/cwe-78"]


def test_results_stand_gravest_first_whatever_the_order_given() -> None:
    reverse = replace(JUDGEMENT, findings=FINDINGS[::-1], matches=MATCHES[::-1])
    assert render_sarif(SNAPSHOT, reverse) == render_sarif(SNAPSHOT, JUDGEMENT)
    levels = [result["level"] for result in run(SNAPSHOT, JUDGEMENT)["results"]]
    assert levels == sorted(levels, key=["error", "warning", "note"].index)


@pytest.mark.parametrize(
    ("platform", "roots", "path", "location"),
    [
        ("linux", ("/r",), "/r/a/b.json", {"uri": "a/b.json", "uriBaseId": "%SRCROOT%"}),
        ("linux", ("/r",), "/r", {"uri": "./", "uriBaseId": "%SRCROOT%"}),
        ("linux", ("/r/",), "/r/a", {"uri": "a", "uriBaseId": "%SRCROOT%"}),
        ("linux", ("/r",), "/rest/a", {"uri": "file:///rest/a"}),
        ("linux", ("/r", "/r/sub"), "/r/sub/a", {"uri": "a", "uriBaseId": "%SRCROOT2%"}),
        ("linux", (), "/etc/a b#c?%41.json", {"uri": "file:///etc/a%20b%23c%3F%2541.json"}),
        ("linux", (), "/h/\udcff", {"uri": "file:///h/%FF"}),
        ("linux", (), "/h/\ud800", {"uri": "file:///h/%ED%A0%80"}),
        ("linux", (), "/h/\u202e\n", {"uri": "file:///h/%E2%80%AE%0A"}),
        ("linux", (), "javascript:alert(1)", {"uri": "javascript%3Aalert%281%29"}),
        ("linux", ("/r",), "", {"uri": "./", "uriBaseId": "%SRCROOT%"}),
        ("linux", (), "", {"uri": "file:///home/ana/"}),
        ("windows", (r"C:\src",), r"C:\src\.vscode\mcp.json", {"uri": ".vscode/mcp.json", "uriBaseId": "%SRCROOT%"}),
        ("windows", (), r"C:\Users\A B\x.json", {"uri": "file:///C:/Users/A%20B/x.json"}),
        ("windows", (), r"\\host\share\x.json", {"uri": "file://host/share/x.json"}),
    ],
)  # fmt: skip
def test_places(platform: Any, roots: tuple[str, ...], path: str, location: dict[str, str]) -> None:
    subject = artifact(Kind.MCP_SERVER, "x", path=path)
    snapshot = replace(EMPTY, platform=platform, roots=roots, artifacts=(subject,))
    one = replace(FINDINGS[5], artifact=subject.id)
    (result,) = run(snapshot, Judgement((one,)))["results"]
    assert result["locations"][0]["physicalLocation"] == {"artifactLocation": location}


@pytest.mark.parametrize(("line", "region"), [(12, {"startLine": 12}), (0, None), (True, None), ("12", None)])
def test_a_line_is_given_where_it_is_known(line: Any, region: dict[str, int] | None) -> None:
    subject = artifact(Kind.HOOK, "x", detail={"line": line})
    snapshot = replace(EMPTY, artifacts=(subject,))
    (result,) = run(snapshot, Judgement((replace(FINDINGS[5], artifact=subject.id),)))["results"]
    assert result["locations"][0]["physicalLocation"].get("region") == region


def fingerprints(snapshot: Snapshot, judgement: Judgement) -> list[str]:
    return [item["partialFingerprints"]["primaryLocationLineHash"] for item in run(snapshot, judgement)["results"]]


def test_fingerprints_tell_results_apart_and_survive_another_machine() -> None:
    here = fingerprints(IN_SHOP, JUDGEMENT)
    assert len(set(here)) == len(here)
    moved_root = "/builds/42/shop"

    def moved(text: str) -> str:
        return text.replace(SHOP, moved_root).replace(HOME, "/home/runner")

    ids = {item.id: f"{item.id}x" for item in SNAPSHOT.artifacts} | {"": ""}
    there = replace(
        IN_SHOP,
        endpoint="other",
        homes=("/home/runner",),
        roots=(moved_root,),
        artifacts=tuple(replace(item, id=ids[item.id], path=moved(item.path)) for item in SNAPSHOT.artifacts),
    )
    judged = replace(
        JUDGEMENT,
        findings=tuple(replace(item, artifact=ids[item.artifact]) for item in FINDINGS),
        matches=tuple(replace(item, artifact=ids[item.artifact], path=moved(item.path)) for item in MATCHES),
    )
    assert sorted(fingerprints(there, judged)) == sorted(here)


def test_two_equal_findings_of_one_file_are_two_results() -> None:
    twice = (finding("blanket-permission", BUILD, "a"), finding("blanket-permission", BUILD, "b"))
    first, second = fingerprints(SNAPSHOT, Judgement(twice))
    assert (first[:32], first[-2:], second[-2:]) == (second[:32], ":1", ":2")


def test_diagnostics_are_notifications() -> None:
    (invocation,) = run(IN_SHOP, NOTHING)["invocations"]
    assert (invocation["executionSuccessful"], invocation["endTimeUtc"]) == (True, "2026-11-20T09:30:12Z")
    assert [note["descriptor"]["id"] for note in invocation["toolExecutionNotifications"]] == [
        "unreadable",
        "budget",
        "unknown-shape",
        "malformed",
        "not-strict",
    ]
    only = replace(EMPTY, diagnostics=(Diagnostic(f"{HOME}/x", "malformed", "line 1: see [this](http://evil)"),))
    assert run(only, NOTHING)["invocations"][0]["toolExecutionNotifications"] == [
        {
            "descriptor": {"id": "malformed"},
            "level": "warning",
            "message": {"text": "line 1: see [this\\](http://evil)"},
            "locations": [{"physicalLocation": {"artifactLocation": {"uri": f"file://{HOME}/x"}}}],
        }
    ]


def test_no_scanned_text_makes_a_link_or_hides() -> None:
    snapshot, judgement, _ = hostile_judgement()
    text = render_sarif(snapshot, judgement).decode()
    assert [character for character in text.replace("\n", "") if is_hidden(character)] == []
    only = json.loads(text)["runs"][0]
    assert [
        result["ruleId"] for result in only["results"] if "](" in result["message"]["text"].replace("\\](", "")
    ] == []
    addresses = {rule.get("helpUri", "") for rule in only["tool"]["driver"]["rules"]}
    assert [address for address in addresses if not address.startswith("https://") and address] == []
    assert "](javascript:" not in text
    assert "<script>" not in "".join(
        rule["help"]["markdown"].replace("\\<", "") for rule in only["tool"]["driver"]["rules"]
    )


def test_limits_of_code_scanning_are_kept() -> None:
    text = replace(
        RULES["download-and-run"],
        title="t" * 5000,
        rationale="r" * 5000,
        references=tuple(f"CWE-{number}" for number in range(100)),
    )
    (rule,) = run(SNAPSHOT, Judgement((FINDINGS[5],), rules={"download-and-run": text}))["tool"]["driver"]["rules"]
    assert len(rule["shortDescription"]["text"]) == 1024
    assert len(rule["fullDescription"]["text"]) == 1024
    assert len(rule["properties"]["tags"]) == 20


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=())))
def test_any_text_gives_a_valid_log(text: str) -> None:
    subject = artifact(Kind.MCP_SERVER, text, agent=text, path=text, detail={"pointer": text})
    snapshot = replace(EMPTY, roots=(f"/r/{text}",), homes=(text,), artifacts=(subject,))
    one = replace(FINDINGS[5], artifact=subject.id, message=text, evidence=(text,), fingerprint=text, rule=text or "r")
    match = replace(MATCHES[0], artifact="", path=text, package=text, version=text, why=text, references=(text,))
    assert len(run(snapshot, Judgement((one,), (match,)))["results"]) == 2


def test_the_sample_speaks_of_every_place() -> None:
    """The laptop has results inside and outside of its roots, and one that belongs to no file."""
    bases = {
        result["locations"][0]["physicalLocation"]["artifactLocation"].get("uriBaseId")
        for result in run(SNAPSHOT, JUDGEMENT)["results"]
    }
    assert bases == {None, "%SRCROOT%"}
    assert found(Kind.HOOK, "SessionStart").path.startswith(SHOP)
