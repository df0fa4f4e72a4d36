"""Matches as JSON and as the noun of reports."""

import json

from spawngate.advisories import pins
from spawngate.advisories.database import shipped
from spawngate.advisories.document import of_advisory, of_matches, to_model
from spawngate.advisories.match import archived, match
from spawngate.advisories.subjects import Source, Subject
from spawngate.model.observed import Diagnostic

STOLEN = Subject("PyPI", "litellm", pins.exact("1.82.7"), Source.LOCK, "/r/uv.lock")


def test_match_document() -> None:
    slack = Subject("npm", "@modelcontextprotocol/server-slack", pins.exact("1"), Source.ENVIRONMENT, "/n")
    subjects = [STOLEN, slack]
    matches, left = match(subjects, shipped()), archived(subjects, shipped())
    document = of_matches(matches, left, [Diagnostic("/x", "malformed", "m")], {"subjects": 2})
    assert json.loads(json.dumps(document)) == document
    assert document["summary"] == {
        "affected": 3,
        "fixed": 0,
        "no-fix": 0,
        "uncertain": 0,
        "not-affected": 0,
        "archived": 1,
        "subjects": 2,
    }
    stolen = next(one for one in document["matches"] if one["malicious"])  # type: ignore[union-attr,index,call-overload]  # a list of maps, asserted below
    assert isinstance(stolen, dict)
    assert {name: stolen[name] for name in ("advisory", "answer", "fixed_in", "severity", "confidence")} == {
        "advisory": "NOCVE-2026-LITELLM-MALWARE",
        "answer": "affected",
        "fixed_in": "1.83.0",
        "severity": "critical",
        "confidence": "high",
    }
    assert stolen["subject"] == {
        "ecosystem": "PyPI",
        "name": "litellm",
        "version": "1.82.7",
        "written": "1.82.7",
        "pin": "exact",
        "source": "lock",
        "path": "/r/uv.lock",
        "artifact": None,
        "owner": None,
    }
    assert document["diagnostics"] == [{"path": "/x", "reason": "malformed", "message": "m"}]


def test_model() -> None:
    matches = match([STOLEN], shipped())
    stolen = next(to_model(one) for one in matches if one.advisory.malicious)
    assert (stolen.package, stolen.version, stolen.answer, stolen.fixed_in) == (
        "pkg:pypi/litellm",
        "1.82.7",
        "affected",
        ("1.83.0",),
    )
    assert stolen.summary.startswith("Malicious release: ")
    assert (stolen.severity, stolen.path, stolen.artifact) == ("critical", "/r/uv.lock", "")
    assert "CWE-506" in stolen.references


def test_packages_of_reports() -> None:
    subjects = [
        Subject("image", "ghcr.io/berriai/litellm", pins.from_image_tag("v1.82.0"), Source.CONTAINER),
        Subject("npm", "@openai/codex", pins.exact("0.1.0"), Source.TOOL),
        Subject("app", "Cursor", pins.exact("1.2"), Source.APPLICATION),
        Subject("command", "letta", pins.UNREADABLE, Source.LAUNCH),
    ]
    assert {to_model(one).package for one in match(subjects, shipped())} == {
        "pkg:docker/berriai/litellm?repository_url=ghcr.io",
        "pkg:npm/%40openai/codex",
        "Cursor",
        "pkg:pypi/letta",
    }


def test_every_advisory_has_a_document() -> None:
    documents = [of_advisory(advisory) for advisory in shipped()]
    assert json.loads(json.dumps(documents)) == documents
    codex = next(one for one in documents if one["id"] == "CVE-2025-61260")
    assert codex["affected"] == [
        {
            "ecosystem": "npm",
            "name": "@openai/codex",
            "releases": "before 0.23.0",
            "platform": None,
            "disputed": ["the researchers call 0.23.0 the fix, the CVE record counts it as affected"],
        }
    ]
