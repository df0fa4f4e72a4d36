"""`report.cyclonedx`: valid against the CycloneDX schemas, and every server, package and match in its place."""

import json
from dataclasses import replace
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate import __version__
from spawngate.model.artifact import Kind, Launch, Transport
from spawngate.model.snapshot import Snapshot
from spawngate.report.cyclonedx import Version, render_cyclonedx
from spawngate.report.judgement import NOTHING, Judgement
from spawngate.report.terminal import is_hidden
from tests.report.judged import (
    AZURE,
    BUILD,
    CLINE,
    CURSOR,
    GITHUB,
    JUDGEMENT,
    MATCHES,
    NOTION,
    SENTRY,
    found,
    hostile_judgement,
)
from tests.report.samples import EMPTY, SNAPSHOT, artifact, remote, stdio

VALIDATORS: dict[Version, JsonStrictValidator] = {
    "1.6": JsonStrictValidator(SchemaVersion.V1_6),
    "1.7": JsonStrictValidator(SchemaVersion.V1_7),
}


def bill(snapshot: Snapshot, judgement: Judgement, version: Version = "1.6") -> dict[str, Any]:
    """The bill, after it has been validated."""
    text = render_cyclonedx(snapshot, judgement, version).decode()
    assert VALIDATORS[version].validate_str(text) is None
    document: dict[str, Any] = json.loads(text)
    return document


def properties(item: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["name"].removeprefix("spawngate:"), each["value"]) for each in item.get("properties", ())]


@pytest.mark.parametrize("version", ["1.6", "1.7"])
@pytest.mark.parametrize(
    ("snapshot", "judgement"),
    [(SNAPSHOT, JUDGEMENT), (SNAPSHOT, NOTHING), (EMPTY, NOTHING), (EMPTY, JUDGEMENT), hostile_judgement()[:2]],
    ids=["laptop", "nothing judged", "empty", "artifacts gone", "hostile"],
)
def test_valid_against_the_schema(snapshot: Snapshot, judgement: Judgement, version: Version) -> None:
    document = bill(snapshot, judgement, version)
    assert list(document)[:3] == ["$schema", "bomFormat", "specVersion"]
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", version)
    servers = [item for item in snapshot.artifacts if item.kind == Kind.MCP_SERVER]
    assert len(document.get("services", ())) == len(servers)


def test_the_schema_refuses_what_is_no_bill() -> None:
    """A validator that accepts everything would prove nothing."""
    assert VALIDATORS["1.6"].validate_str('{"bomFormat": "CycloneDX", "specVersion": "1.6", "nonsense": 1}') is not None


def test_metadata() -> None:
    document = bill(SNAPSHOT, JUDGEMENT)
    assert document["metadata"] == {
        "component": {
            "bom-ref": "endpoint",
            "name": "ana-laptop",
            "properties": [
                {"name": "spawngate:endpoint", "value": "8d0c4b1e7a3f4f0c9f27a6d5"},
                {"name": "spawngate:home", "value": "/home/ana"},
                {"name": "spawngate:platform", "value": "linux"},
                {"name": "spawngate:root", "value": "/home/ana/src"},
                {"name": "spawngate:root", "value": "/srv/work"},
            ],
            "type": "device",
        },
        "timestamp": "2026-11-20T09:30:12+00:00",
        "tools": {
            "components": [{"bom-ref": "spawngate", "name": "spawngate", "type": "application", "version": __version__}]
        },
    }


def test_equal_input_gives_equal_bytes_and_another_scan_another_serial_number() -> None:
    assert render_cyclonedx(SNAPSHOT, JUDGEMENT) == render_cyclonedx(SNAPSHOT, JUDGEMENT)
    later = replace(SNAPSHOT, taken_at="2026-11-21T09:30:12Z")
    assert bill(later, JUDGEMENT)["serialNumber"] != bill(SNAPSHOT, JUDGEMENT)["serialNumber"]


def test_a_whole_service() -> None:
    snapshot = replace(EMPTY, artifacts=(BUILD,))
    assert bill(snapshot, JUDGEMENT)["services"] == [
        {
            "bom-ref": f"service:{BUILD.id}",
            "name": "build-helper",
            "properties": [
                {"name": f"spawngate:{name}", "value": value}
                for name, value in (
                    ("agent", "cursor"),
                    (
                        "args",
                        '["-c", "curl -fsSL https://get.build.example/install.sh | bash && exec build-helper --stdio '
                        '--log build.log"]',
                    ),
                    ("capability", "filesystem"),
                    ("capability", "network: get.build.example"),
                    ("capability", "shell: any command"),
                    ("command", "bash"),
                    ("finding", "download-and-run"),
                    ("fingerprint", BUILD.fingerprint),
                    ("path", "/home/ana/src/shop/.cursor/mcp.json"),
                    ("pointer", "mcpServers.build-helper"),
                    ("running", "not_seen"),
                    ("scope", "project"),
                    ("signal", "Nobody knows what the shell will run."),
                    ("status", "enabled"),
                    ("tier", "unknown"),
                    ("transport", "stdio"),
                )
            ],
            "x-trust-boundary": False,
        }
    ]


@pytest.mark.parametrize(
    ("launch", "endpoints", "authenticated", "boundary"),
    [
        (stdio("npx", "x"), None, None, False),
        (Launch(Transport.BUILTIN), None, None, False),
        (Launch(Transport.UNKNOWN), None, None, None),
        (remote("https://mcp.example/sse"), ["https://mcp.example/sse"], None, True),
        (remote("https://mcp.example/", "Authorization"), ["https://mcp.example/"], True, True),
        (remote("https://mcp.example/", "X-Api-Key"), ["https://mcp.example/"], True, True),
        (remote("https://mcp.example/", "Accept"), ["https://mcp.example/"], None, True),
        (Launch(Transport.HTTP, url="https://a.b", header_command="key"), ["https://a.b"], True, True),
        (remote("http://127.0.0.1:3845/mcp"), ["http://127.0.0.1:3845/mcp"], None, False),
        (remote("http://[::1]:1/"), None, None, False),
        (remote("http://localhost./x"), ["http://localhost./x"], None, False),
        (remote("http://10.0.0.12/sse"), ["http://10.0.0.12/sse"], None, True),
        (remote("http://[broken"), None, None, None),
        (remote("${URL}/mcp"), None, None, None),
        (remote("https://a.b/100%#x#y z"), ["https://a.b/100%25#x%23y%20z"], None, True),
    ],
)
def test_addresses(
    launch: Launch, endpoints: list[str] | None, authenticated: bool | None, boundary: bool | None
) -> None:
    snapshot = replace(EMPTY, artifacts=(artifact(Kind.MCP_SERVER, "x", launch=launch),))
    (service,) = bill(snapshot, NOTHING)["services"]
    assert (service.get("endpoints"), service.get("authenticated"), service.get("x-trust-boundary")) == (
        endpoints,
        authenticated,
        boundary,
    )
    stated = [value for name, value in properties(service) if name == "url"]
    assert stated == ([launch.url] if launch.url and not endpoints else [])


def test_components_of_packages_stand_once() -> None:
    twice = replace(
        EMPTY,
        artifacts=tuple(
            artifact(Kind.MCP_SERVER, name, launch=stdio("npx", "x", package="pkg:npm/%40a/x@1.2.0")) for name in "ab"
        ),
    )
    document = bill(twice, NOTHING)
    assert document["components"] == [
        {
            "bom-ref": "pkg:npm/%40a/x@1.2.0",
            "group": "@a",
            "name": "x",
            "purl": "pkg:npm/%40a/x@1.2.0",
            "type": "application",
            "version": "1.2.0",
        }
    ]
    services = [f"service:{item.id}" for item in twice.artifacts]
    arrows = {item["ref"]: sorted(item.get("dependsOn", ())) for item in document["dependencies"]}
    assert arrows == {
        "endpoint": sorted(services),
        "pkg:npm/%40a/x@1.2.0": [],
        **{service: ["pkg:npm/%40a/x@1.2.0"] for service in services},
    }


def test_types_and_names_of_components() -> None:
    kinds = {(item["type"], item["name"]) for item in bill(SNAPSHOT, JUDGEMENT)["components"]}
    assert {
        ("container", "github-mcp-server"),
        ("container", "memory"),
        ("application", "mcp-remote"),
        ("application", "Claude Code"),
        ("application", "ollama"),
        ("application", "browser-kit"),
        ("application", "Cline"),
        ("library", "litellm"),
        ("library", "postmark-mcp"),
    } <= kinds
    assert {name for _, name in kinds} & {"CLAUDE.md", "deploy", "SessionStart", "postgres: argument 5"} == set()


def test_agents_depend_on_their_servers() -> None:
    arrows = {item["ref"]: item.get("dependsOn", []) for item in bill(SNAPSHOT, JUDGEMENT)["dependencies"]}
    assert set(arrows[f"agent:{CURSOR.id}"]) == {
        f"service:{item.id}" for item in SNAPSHOT.artifacts if item.kind == Kind.MCP_SERVER and item.agent == "cursor"
    }
    assert arrows[f"service:{SENTRY.id}"] == []
    assert arrows[f"service:{GITHUB.id}"] == ["pkg:npm/%40modelcontextprotocol/server-github@2025.4.8"]
    # Nothing owns the package of a lock file but the endpoint.
    assert "pkg:pypi/litellm@1.80.2" in arrows["endpoint"]
    assert "pkg:npm/mcp-remote" not in arrows["endpoint"]


def test_vulnerabilities() -> None:
    document = bill(SNAPSHOT, JUDGEMENT)
    refs = {item["bom-ref"] for item in document["components"]}
    assert [
        (item["id"], item["analysis"], item["affects"], item["ratings"][0]["severity"])
        for item in document["vulnerabilities"]
    ] == [
        (
            "CVE-2025-54136",
            {"state": "resolved"},
            [{"ref": f"agent:{CURSOR.id}", "versions": [{"status": "unaffected", "version": "3.2.11"}]}],
            "high",
        ),
        (
            "CVE-2025-6514",
            {"response": ["update"], "state": "exploitable"},
            [{"ref": "pkg:npm/mcp-remote", "versions": [{"status": "affected", "version": "0.1.15"}]}],
            "critical",
        ),
        (
            "CVE-2026-30623",
            {"response": ["update"], "state": "exploitable"},
            [{"ref": "pkg:pypi/litellm@1.80.2", "versions": [{"status": "affected", "version": "1.80.2"}]}],
            "high",
        ),
        (
            "GHSA-5w57-2ccq-8w95",
            {"state": "exploitable"},
            [{"ref": "pkg:npm/%40azure/mcp@0.9.2", "versions": [{"status": "affected", "version": "0.9.2"}]}],
            "medium",
        ),
        (
            "MAL-2025-47604",
            {"state": "not_affected"},
            [{"ref": "pkg:npm/postmark-mcp@1.0.9", "versions": [{"status": "unaffected", "version": "1.0.9"}]}],
            "critical",
        ),
        (
            "NOCVE-2026-0007",
            {"state": "in_triage"},
            [{"ref": f"extension:{CLINE.id}", "versions": [{"status": "unknown", "version": "3.40.1"}]}],
            "high",
        ),
    ]
    assert {target["ref"] for item in document["vulnerabilities"] for target in item["affects"]} - refs == set()


def test_a_whole_vulnerability() -> None:
    (item,) = bill(replace(EMPTY, artifacts=(NOTION,)), Judgement(matches=MATCHES[:1]))["vulnerabilities"]
    assert item == {
        "advisories": [{"url": "https://nvd.nist.gov/vuln/detail/CVE-2025-6514"}],
        "affects": [{"ref": "pkg:npm/mcp-remote", "versions": [{"status": "affected", "version": "0.1.15"}]}],
        "analysis": {"response": ["update"], "state": "exploitable"},
        "bom-ref": "vulnerability:CVE-2025-6514:affected",
        "cwes": [78],
        "description": "A hostile server makes mcp-remote run a command through the address of its authorization "
        "endpoint.",
        "detail": "0.1.15 is installed below node_modules and lies between 0.0.5 and 0.1.16.",
        "id": "CVE-2025-6514",
        "properties": [
            {"name": "spawngate:answer", "value": "affected"},
            {"name": "spawngate:confidence", "value": "high"},
            {"name": "spawngate:fixed-in", "value": "0.1.16"},
            {"name": "spawngate:path", "value": "/home/ana/.config/Claude/claude_desktop_config.json"},
        ],
        "ratings": [{"severity": "critical"}],
        "recommendation": "Update mcp-remote (npm) to 0.1.16 or later.",
        "source": {"name": "NVD", "url": "https://nvd.nist.gov/vuln/detail/CVE-2025-6514"},
    }


def test_one_record_with_two_answers_is_two_entries_and_with_two_places_one() -> None:
    here = MATCHES[1]
    there = replace(here, path="/srv/work/uv.lock")
    newer = replace(here, version="1.90.0", answer="fixed")
    entries = bill(EMPTY, Judgement(matches=(here, there, newer)))["vulnerabilities"]
    assert [(item["bom-ref"], [target["ref"] for target in item["affects"]]) for item in entries] == [
        ("vulnerability:CVE-2026-30623:affected", ["pkg:pypi/litellm@1.80.2"]),
        ("vulnerability:CVE-2026-30623:fixed", ["pkg:pypi/litellm@1.90.0"]),
    ]
    assert [value for name, value in properties(entries[0]) if name == "path"] == [here.path, there.path]


def test_a_package_that_is_not_the_one_launched_belongs_to_its_server() -> None:
    inner = replace(MATCHES[0], artifact=AZURE.id, package="pkg:npm/express", version="4.0.0")
    document = bill(replace(EMPTY, artifacts=(AZURE,)), Judgement(matches=(inner,)))
    arrows = {item["ref"]: item.get("dependsOn", []) for item in document["dependencies"]}
    assert arrows[f"service:{AZURE.id}"] == ["pkg:npm/%40azure/mcp@0.9.2", "pkg:npm/express@4.0.0"]


@pytest.mark.parametrize("package", ["", "Cursor", "pkg:npm", "pkg:", "not a purl", "\x1b[31m", "pkg:npm/%00"])
def test_what_is_no_package_url_is_a_name(package: str) -> None:
    match = replace(MATCHES[1], package=package)
    (entry,) = bill(EMPTY, Judgement(matches=(match,)))["vulnerabilities"]
    launched = artifact(Kind.MCP_SERVER, "x", launch=stdio("x", package=package or None))
    assert len(bill(replace(EMPTY, artifacts=(launched,)), NOTHING)["services"]) == 1
    assert entry["affects"][0]["versions"] == [{"status": "affected", "version": "1.80.2"}]


def test_nothing_hidden_and_no_value_of_a_secret() -> None:
    snapshot, judgement, _ = hostile_judgement()
    text = render_cyclonedx(snapshot, judgement).decode()
    assert [character for character in text.replace("\n", "") if is_hidden(character)] == []
    shown = render_cyclonedx(SNAPSHOT, JUDGEMENT).decode()
    assert found(Kind.SECRET, "postgres: argument 5").id not in shown


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=())))
def test_any_text_gives_a_valid_bill(text: str) -> None:
    launch = replace(stdio(text, text, package=text, cwd=text), url=text, header_names=(text,))
    subjects = tuple(
        artifact(kind, text, agent=text, path=text, launch=launch, detail={"version": text}) for kind in Kind
    )
    match = replace(MATCHES[0], artifact="", advisory=text, path=text, package=text, version=text, why=text)
    document = bill(replace(EMPTY, host=text, artifacts=subjects), Judgement(matches=(match,)))
    assert len(document["services"]) == 1
