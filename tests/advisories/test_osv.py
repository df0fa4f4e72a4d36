"""Reading OSV: the whole of a good record, and a reason for each bad one."""

import json
from importlib.resources import files
from typing import Any

import pytest

from spawngate.advisories.model import Affected, Doubt, Range, Span
from spawngate.advisories.osv import Malformed, packages, read
from spawngate.advisories.ranges import describe
from spawngate.model.json import Json

GOOD: dict[str, Any] = {
    "schema_version": "1.7.0",
    "id": "GHSA-aaaa-bbbb-cccc",
    "modified": "2026-11-01T10:00:00.123Z",
    "published": "2026-10-01T10:00:00Z",
    "aliases": ["CVE-2026-1"],
    "summary": "s",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "x", "purl": "pkg:pypi/x"},
            "ranges": [
                {
                    "type": "ECOSYSTEM",
                    "events": [{"fixed": "1.10"}, {"introduced": "1.9"}, {"introduced": "0"}, {"fixed": "1.2"}],
                }
            ],
            "versions": ["1.9.1"],
        }
    ],
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
    "references": [{"type": "WEB", "url": "https://example.org/a"}],
    "database_specific": {"severity": "CRITICAL", "cwe_ids": ["CWE-78"], "unknown": {"kept": False}},
}


def test_a_good_record() -> None:
    advisory = read(GOOD)
    spans = (Span("0", fixed="1.2"), Span("1.9", fixed="1.10"))
    assert advisory.affected == (Affected("PyPI", "x", (Range("ECOSYSTEM", spans),), ("1.9.1",)),)
    assert (advisory.id, advisory.aliases, advisory.imported) == ("GHSA-aaaa-bbbb-cccc", ("CVE-2026-1",), True)
    assert advisory.severity is not None
    assert advisory.severity.value == "critical"
    assert [(score.score, score.type) for score in advisory.scores] == [(9.8, "CVSS_V3")]
    assert (advisory.references, advisory.cwe) == ((("WEB", "https://example.org/a"),), ("CWE-78",))


def changed(**more: Any) -> dict[str, Any]:
    return {**GOOD, **more}


def ranged(*events: Any, kind: str = "SEMVER") -> dict[str, Any]:
    package = {"ecosystem": "npm", "name": "x"}
    return changed(affected=[{"package": package, "ranges": [{"type": kind, "events": list(events)}]}])


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ([], "the record: not an object"),
        ("text", "the record: not an object"),
        (changed(schema_version="2.0.0"), "schema_version: only OSV 1.x is read"),
        (changed(id=7), "id: not a text"),
        (changed(id=""), "id: not a text"),
        (changed(id="../../x"), "id: not an identifier"),
        (changed(modified=None), "modified: missing"),
        (changed(modified="yesterday"), "modified: not an RFC 3339 time in UTC"),
        (changed(aliases="CVE-1"), "aliases: not a list"),
        (changed(aliases=[7]), "aliases[0]: not a text"),
        (changed(affected={}), "affected: not a list"),
        (changed(affected=[7]), "affected[0]: not an object"),
        (changed(affected=[{}]), "affected[0].package: missing"),
        (changed(affected=[{"package": {"name": "x"}}]), "affected[0].package.ecosystem: missing"),
        (changed(affected=[{"package": {"ecosystem": "npm"}}]), "affected[0].package.name: missing"),
        (ranged({"introduced": "0"}, kind="X"), "affected[0].ranges[0].type: not one of SEMVER, ECOSYSTEM, GIT"),
        (ranged({"fixed": "1"}), "affected[0].ranges[0].events: nothing is introduced"),
        (
            ranged({"introduced": 0}),
            "affected[0].ranges[0].events[0]: needs one of introduced, fixed, last_affected, limit with a text",
        ),
        (changed(references=[{"type": "WEB"}]), "references[0].url: missing"),
        (changed(severity=7), "severity: not a list"),
        (changed(affected=[{}] * 20_001), "affected: more than 20000 entries"),
    ],
)
def test_a_bad_record_is_refused_with_its_place(record: Any, message: str) -> None:
    with pytest.raises(Malformed) as error:
        read(record)
    assert str(error.value) == message


def test_unbounded_limits_and_last_affected() -> None:
    record = ranged(
        {"introduced": "1.0.0"},
        {"last_affected": "1.5.0"},
        {"introduced": "2.0.0"},
        {"limit": "3.0.0"},
        {"introduced": "4.0.0"},
    )
    spans = (Span("1.0.0", last_affected="1.5.0"), Span("2.0.0", limit="3.0.0"), Span("4.0.0"))
    entry = read(record).affected[0]
    assert entry.ranges == (Range("SEMVER", spans),)
    assert describe(entry) == "from 1.0.0 up to 1.5.0 and from 2.0.0 before 3.0.0 and from 4.0.0 on"


def test_ranges_of_commits_become_the_repository() -> None:
    commits = {"type": "GIT", "repo": "https://github.com/o/r.git", "events": [{"introduced": "0"}, {"fixed": "abc"}]}
    record = changed(affected=[{"ranges": [commits], "versions": ["v1.0.0"]}])
    assert read(record).affected == (Affected("GitHub", "o/r", (Range("GIT", ()),), ("v1.0.0",)),)
    assert packages(record) == [("GitHub", "o/r")]


def test_doubts_are_read() -> None:
    doubt = {"introduced": "1.0", "fixed": "1.2", "versions": ["3.0"], "why": "w"}
    record = changed(
        affected=[{"package": {"ecosystem": "PyPI", "name": "x"}, "database_specific": {"doubts": [doubt]}}]
    )
    assert read(record).affected[0].doubts == (Doubt("w", Span("1.0", fixed="1.2"), ("3.0",)),)


def test_packages_of_anything() -> None:
    assert packages(GOOD) == [("PyPI", "x")]
    values: list[Json] = [None, [], {"affected": 7}, {"affected": [7, {"package": 7}, {"package": {"name": 1}}]}]
    for value in values:
        assert packages(value) == []


def test_shipped_data_is_small_and_keeps_its_sources() -> None:
    text = (files("spawngate.advisories") / "data" / "advisories.json").read_bytes()
    assert len(text) < 300_000
    records = json.loads(text)
    assert [record["id"] for record in records] == sorted(record["id"] for record in records)
    for record in records:
        advisory = read(record, imported=False)
        assert advisory.references, advisory.id
        assert advisory.summary, advisory.id
        assert record["database_specific"]["confidence"] == advisory.confidence.value
        assert list(advisory.notes) == record["database_specific"]["notes"]
