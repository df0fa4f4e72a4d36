"""Every shipped record hits and misses; every disagreement between sources is uncertain; every answer is given."""

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest

from spawngate.advisories import pins
from spawngate.advisories.database import Database, shipped, with_imported
from spawngate.advisories.match import Match, archived, match
from spawngate.advisories.pins import Kind, Pin
from spawngate.advisories.subjects import Source, Subject, from_purl, key
from spawngate.model.finding import Confidence

RECORDS: list[dict[str, Any]] = json.loads(
    (files("spawngate.advisories") / "data" / "advisories.json").read_text(encoding="utf-8")
)
BY_ID = {record["id"]: record for record in RECORDS}
HIGH = "99999.0.0"
UNMATCHED = ("CVE-2026-32211", "NOCVE-2026-SMARTLOADER-OURA")
"""Records without a package: one of a hosted service, one known by a name only."""


def subject(ecosystem: str, name: str, version: str, platform: str = "linux") -> Subject:
    return Subject(ecosystem, name, pins.exact(version), Source.QUESTION, platform=platform)


def answers(found: Subject, advisory: str, database: Database | None = None) -> list[str]:
    return [one.answer.value for one in match([found], database or shipped()) if one.advisory.id == advisory]


def events(entry: dict[str, Any]) -> list[tuple[str, str]]:
    return [pair for one in entry.get("ranges", ()) for event in one["events"] for pair in event.items()]


def doubts(entry: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = entry.get("database_specific", {}).get("doubts", [])
    return found


def whole(doubt: dict[str, Any]) -> bool:
    return doubt.get("introduced") == "0" and not {"fixed", "last_affected"} & set(doubt)


def inside(entry: dict[str, Any]) -> str:
    """A release that the record calls affected and no doubt covers: the end of a doubt, a listed one, the first."""
    edge = [doubt["fixed"] for doubt in doubts(entry) if doubt.get("introduced") == "0" and "fixed" in doubt]
    if edge:
        return str(edge[0])
    if entry.get("versions"):
        return str(entry["versions"][0])
    start = next(version for name, version in events(entry) if name == "introduced")
    return start if start != "0" else "0.0.1"


Case = tuple[dict[str, Any], dict[str, Any]]
CASES: list[Case] = [(record, entry) for record in RECORDS for entry in record["affected"]]
FIXED: list[Case] = [(record, entry) for record, entry in CASES if any(kind == "fixed" for kind, _ in events(entry))]


def name_of(value: dict[str, Any]) -> str:
    return str(value["id"] if "id" in value else value["package"]["name"])


def test_every_record_is_loaded_and_has_a_case() -> None:
    assert len(RECORDS) == 96
    assert len(list(shipped())) == 96
    covered = {record["id"] for record, _ in CASES}
    assert covered | set(UNMATCHED) == set(BY_ID)


@pytest.mark.parametrize(("record", "entry"), CASES, ids=name_of)
def test_record_hits_an_affected_release(record: dict[str, Any], entry: dict[str, Any]) -> None:
    package, own = entry["package"], record["database_specific"]
    platform = entry.get("database_specific", {}).get("platform", "linux")
    found = subject(package["ecosystem"], package["name"], inside(entry), platform)
    fixed = any(name == "fixed" for name, _ in events(entry))
    if any(whole(doubt) for doubt in doubts(entry)):
        expected = "uncertain"
    elif own["class"] == "malware" or fixed:
        expected = "affected"
    else:
        expected = "affected" if not own["no_fix_known"] else "no-fix"
    assert answers(found, record["id"]) == [expected]


@pytest.mark.parametrize(("record", "entry"), CASES, ids=name_of)
def test_record_misses_what_it_does_not_name(record: dict[str, Any], entry: dict[str, Any]) -> None:
    package, own = entry["package"], record["database_specific"]
    ecosystem, name = package["ecosystem"], package["name"]
    assert answers(subject(ecosystem, name + "-other", inside(entry)), record["id"]) == []
    ends = {kind for kind, _ in events(entry)} & {"fixed", "last_affected"}
    above = answers(subject(ecosystem, name, HIGH, "windows"), record["id"])
    if any(whole(doubt) for doubt in doubts(entry)):
        assert above == ["uncertain"]
    elif "fixed" in ends or own.get("fixed_in"):
        assert above == ["fixed"]
    elif "last_affected" in ends:
        assert above == ["uncertain" if own["no_fix_known"] else "not-affected"]
    elif not entry.get("ranges"):
        assert above == ["not-affected"]
    else:
        assert above == ["affected" if own["class"] == "malware" else "no-fix"]


@pytest.mark.parametrize(("record", "entry"), FIXED, ids=name_of)
def test_the_fixed_release_itself_is_fixed(record: dict[str, Any], entry: dict[str, Any]) -> None:
    fixed = [version for kind, version in events(entry) if kind == "fixed"]
    disputed = {version for doubt in doubts(entry) for version in doubt.get("versions", ())}
    package = entry["package"]
    for version in fixed:
        found = subject(package["ecosystem"], package["name"], version, "windows")
        assert answers(found, record["id"]) == ["uncertain" if version in disputed else "fixed"]


CONFLICTS = [
    ("CVE-2026-41497", "pkg:pypi/praisonai@4.5.149"),
    ("CVE-2026-41497", "pkg:pypi/praisonai@4.6.8"),
    ("CVE-2025-61260", "pkg:npm/%40openai/codex@0.23.0"),
    ("CVE-2026-33032", "pkg:github/0xjacky/nginx-ui@v2.3.4"),
    ("CVE-2026-33032", "pkg:github/0xjacky/nginx-ui@v2.3.5"),
    ("CVE-2025-68144", "pkg:pypi/mcp-server-git@2025.12.17"),
    ("CVE-2025-68145", "pkg:pypi/mcp-server-git@2025.12.17"),
    ("CVE-2026-42449", "pkg:npm/n8n-mcp@2.20.0"),
    ("CVE-2025-59528", "pkg:npm/flowise@3.0.4"),
    ("CVE-2026-30623", "pkg:docker/berriai/litellm@v1.83.6-nightly?repository_url=ghcr.io"),
    ("CVE-2026-33224", "pkg:github/dataelement/bisheng@v2.0.0"),
    ("NOCVE-2026-YUXI", "pkg:github/xerrors/yuxi@v9.9.9"),
    ("NOCVE-2026-GOCLAW", "pkg:github/nextlevelbuilder/goclaw"),
]


@pytest.mark.parametrize(("advisory", "purl"), CONFLICTS)
def test_conflicts_are_uncertain(advisory: str, purl: str) -> None:
    found = from_purl(purl)
    assert found is not None
    assert answers(found, advisory) == ["uncertain"]


def test_every_doubt_of_the_data_has_such_a_case() -> None:
    disputed = {record["id"] for record in RECORDS for entry in record["affected"] if doubts(entry)}
    app = answers(subject("app", "Cherry Studio", "1.4.0"), "CVE-2025-54382")
    assert app == ["uncertain"]
    assert disputed == {advisory for advisory, _ in CONFLICTS} | {"CVE-2025-54382"}


def test_a_fork_with_only_the_name_is_uncertain() -> None:
    found = from_purl("pkg:github/somebody/oura-mcp-server")
    assert found is not None
    assert answers(found, "NOCVE-2026-SMARTLOADER-OURA") == ["uncertain"]
    assert answers(replace(found, name="somebody/oura-dashboard"), "NOCVE-2026-SMARTLOADER-OURA") == []


def test_a_hosted_fault_is_found_by_its_number_only() -> None:
    advisory = shipped().get("cve-2026-32211")
    assert advisory is not None
    assert advisory.affected == ()
    assert shipped().get("cve-2026-32210") is None


def one(purl: str, advisory: str) -> Match:
    found = from_purl(purl)
    assert found is not None
    return next(item for item in match([found], shipped()) if item.advisory.id == advisory)


@pytest.mark.parametrize("version", ["1.82.7", "1.82.8"])
def test_stolen_litellm_releases_are_exact(version: str) -> None:
    found = one(f"pkg:pypi/litellm@{version}", "NOCVE-2026-LITELLM-MALWARE")
    assert (found.answer.value, found.fixed_in, found.advisory.malicious) == ("affected", "1.83.0", True)


@pytest.mark.parametrize(
    ("version", "answer"), [("1.82.6", "not-affected"), ("1.83.0", "fixed"), ("1.82.9", "not-affected")]
)
def test_their_neighbours_are_not(version: str, answer: str) -> None:
    assert one(f"pkg:pypi/litellm@{version}", "NOCVE-2026-LITELLM-MALWARE").answer.value == answer


def test_the_image_did_not_hold_the_stolen_release() -> None:
    found = one("pkg:docker/berriai/litellm@main-v1.82.7?repository_url=ghcr.io", "NOCVE-2026-LITELLM-MALWARE")
    assert (found.answer.value, found.why) == ("not-affected", "the fault is only in the package, not in the image")


@pytest.mark.parametrize(
    ("purl", "answer"),
    [
        ("pkg:npm/postmark-mcp@1.0.15", "not-affected"),
        ("pkg:npm/postmark-mcp@1.0.16", "affected"),
        ("pkg:npm/postmark-mcp", "affected"),
        ("pkg:npm/postmark-mcp@^1.0.16", "affected"),
        ("pkg:npm/postmark-mcp@~1.0.0", "uncertain"),
    ],
)
def test_postmark(purl: str, answer: str) -> None:
    assert one(purl, "NOCVE-2025-POSTMARK-MCP").answer.value == answer


def test_unpinned_launch_says_which_releases_are_affected() -> None:
    found = one("pkg:npm/mcp-remote@latest", "CVE-2025-6514")
    assert found.answer.value == "uncertain"
    assert found.confidence is Confidence.LOW
    assert found.why == (
        "`latest` moves: the newest release or one from a cache would run; affected: from 0.0.5 before 0.1.16"
    )


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("", "uncertain"),
        ("^0.1.5", "uncertain"),
        ("^0.1.16", "fixed"),
        (">=0.1.16", "fixed"),
        ("0.0.5 - 0.1.15", "affected"),
        (">=0.0.5 <0.1.16", "affected"),
        ("0.0.4", "not-affected"),
        ("<0.0.5", "not-affected"),
        ("${VERSION}", "uncertain"),
        ("0.1.15 || 0.1.16", "uncertain"),
    ],
)
def test_ranges_are_decided_where_all_their_versions_agree(written: str, answer: str) -> None:
    found = Subject("npm", "mcp-remote", pins.from_npm(written), Source.LAUNCH)
    assert answers(found, "CVE-2025-6514") == [answer]


def test_no_pin_does_not_matter_where_every_release_is_affected() -> None:
    found = one("pkg:npm/%40modelcontextprotocol/server-postgres", "NOCVE-2025-SERVER-POSTGRES")
    assert found.answer.value == "no-fix"
    for kind in (Kind.BRANCH, Kind.COMMIT, Kind.DIGEST, Kind.UNKNOWN):
        other = Subject("npm", "@modelcontextprotocol/server-postgres", Pin(kind, "x"), Source.LAUNCH)
        assert answers(other, "NOCVE-2025-SERVER-POSTGRES") == ["no-fix"]


@pytest.mark.parametrize("kind", [Kind.BRANCH, Kind.COMMIT, Kind.DIGEST, Kind.UNKNOWN])
def test_a_version_that_cannot_be_told_is_uncertain_and_says_why(kind: Kind) -> None:
    found = match([Subject("npm", "mcp-remote", Pin(kind, "abc"), Source.LAUNCH)], shipped())
    assert [item.answer.value for item in found] == ["uncertain"]
    assert found[0].why.endswith("affected: from 0.0.5 before 0.1.16")


@pytest.mark.parametrize(
    ("platform", "answer"), [("windows", "affected"), ("linux", "not-affected"), ("", "uncertain")]
)
def test_platform(platform: str, answer: str) -> None:
    found = subject("npm", "@anthropic-ai/claude-code", "2.1.70", platform)
    assert answers(found, "CVE-2026-35603") == [answer]


def test_two_lines_of_numbers() -> None:
    name = "@modelcontextprotocol/server-filesystem"
    versions = ["0.6.3", "0.6.4", "2025.3.28", "2025.7.1"]
    found = [answers(subject("npm", name, version), "CVE-2025-53109") for version in versions]
    assert found == [["affected"], ["fixed"], ["affected"], ["fixed"]]


def test_an_image_of_the_same_name_elsewhere_is_uncertain() -> None:
    found = Subject("image", "registry.corp.example/arc53/docsgpt", pins.from_image_tag("0.15.0"), Source.CONTAINER)
    assert answers(found, "CVE-2026-26015") == ["uncertain"]


def test_a_program_by_name_gives_way_to_the_package_it_is() -> None:
    guess = Subject("command", "mcp-remote", pins.UNREADABLE, Source.LAUNCH, artifact="a")
    sure = Subject("npm", "mcp-remote", pins.exact("0.1.16"), Source.ENVIRONMENT, artifact="a")
    assert answers(guess, "CVE-2025-6514") == ["uncertain"]
    assert [item.answer.value for item in match([guess, sure], shipped())] == ["fixed"]


def test_an_application_with_its_version_replaces_the_tool_without() -> None:
    tool = Subject("command", "cursor/cursor", pins.UNREADABLE, Source.TOOL)
    app = Subject("app", "Cursor", pins.exact("2.6.1"), Source.APPLICATION)
    assert {item.answer.value for item in match([tool], shipped())} == {"uncertain"}
    assert {item.subject.source for item in match([tool, app], shipped())} == {Source.APPLICATION}


def osv(identifier: str, events: list[dict[str, str]], **more: Any) -> dict[str, Any]:
    affected = [
        {"package": {"ecosystem": "npm", "name": "mcp-remote"}, "ranges": [{"type": "SEMVER", "events": events}]}
    ]
    return {"id": identifier, "modified": "2026-11-21T00:00:00Z", "affected": affected, **more}


def test_records_of_one_fault_are_joined_and_disagreement_is_uncertain() -> None:
    found = subject("npm", "mcp-remote", "0.1.16")
    same = osv("GHSA-aaaa-bbbb-cccc", [{"introduced": "0"}, {"fixed": "0.1.16"}], aliases=["CVE-2025-6514"])
    other = osv("GHSA-aaaa-bbbb-cccc", [{"introduced": "0"}, {"fixed": "0.1.18"}], aliases=["CVE-2025-6514"])
    agreed = match([found], with_imported([same]))
    assert [(item.advisory.id, item.answer.value) for item in agreed] == [("CVE-2025-6514", "fixed")]
    disputed = match([found], with_imported([other]))
    assert [(item.advisory.id, item.answer.value) for item in disputed] == [("CVE-2025-6514", "uncertain")]
    assert disputed[0].why == (
        "sources disagree: CVE-2025-6514 says fixed (0.1.16 is at or above 0.1.16); GHSA-aaaa-bbbb-cccc says affected "
        "(0.1.16 is among the affected releases: before 0.1.18)"
    )


def test_worst_comes_first() -> None:
    subjects = [
        subject("npm", "mcp-remote", "0.1.16"),
        subject("PyPI", "letta", "1"),
        subject("PyPI", "litellm", "1.82.7"),
    ]
    order = [item.answer.value for item in match(subjects, shipped())]
    assert order == sorted(order, key=["affected", "no-fix", "uncertain", "fixed", "not-affected"].index)
    assert order[0] == "affected"


def test_archived_upstream() -> None:
    subjects = [
        subject("npm", "@modelcontextprotocol/server-slack", "2025.4.25"),
        subject("image", "mcp/postgres", "1.0.0"),
        subject("npm", "@modelcontextprotocol/server-everything", "1.0.0"),
    ]
    found = archived(subjects, shipped())
    assert [(item.name, key(known.ecosystem, known.name)[1]) for item, known in found] == [
        ("@modelcontextprotocol/server-slack", "@modelcontextprotocol/server-slack"),
        ("mcp/postgres", "@modelcontextprotocol/server-postgres"),
    ]


SIX = {
    "LiteLLM": ["pkg:pypi/litellm@1.80.0", "pkg:docker/berriai/litellm@v1.80.0-stable?repository_url=ghcr.io"],
    "Langflow": ["pkg:pypi/langflow@1.5.0", "pkg:docker/langflowai/langflow@1.5.0"],
    "Cursor": [],
    "Flowise": ["pkg:npm/flowise@3.0.5", "pkg:docker/flowiseai/flowise@3.0.5"],
    "DocsGPT": ["pkg:github/arc53/docsgpt@0.15.0", "pkg:docker/arc53/docsgpt@0.15.0"],
    "GPT Researcher": ["pkg:pypi/gpt-researcher@0.14.7", "pkg:docker/gptresearcher/gpt-researcher@latest"],
}


@pytest.mark.parametrize(("product", "purl"), [(product, purl) for product, purls in SIX.items() for purl in purls])
def test_the_named_products_in_each_form(product: str, purl: str) -> None:
    found = from_purl(purl)
    assert found is not None
    hits = [item for item in match([found], shipped()) if item.advisory.product == product and item.hits]
    assert hits
    assert all(item.certain for item in hits)
