"""The JSON document of the code scan: whole, valid against its schema, nothing hidden."""

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from spawngate import __version__
from spawngate.codescan.finding import ProjectResult
from spawngate.codescan.outcome import Outcome, against
from spawngate.report.code_json import render_json, schema
from spawngate.report.terminal import is_hidden
from tests.codescan.findings import OUTCOME, finding
from tests.report.code_hostile import hostile

VALIDATOR = Draft202012Validator(schema())
NO_MCP = Outcome("/srv/none", "none", "2026-11-22T00:00:00Z", ProjectResult(mcp=False))


def document(*outcomes: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render_json(outcomes))
    assert [error.message for error in VALIDATOR.iter_errors(found)] == []
    return found


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())
    assert schema()["$id"] == "urn:spawngate:schema:code:1"


def test_the_head() -> None:
    found = document()
    assert found == {"schema_version": 1, "tool": {"name": "spawngate", "version": __version__}, "trees": []}


def test_a_tree() -> None:
    (tree,) = document(OUTCOME)["trees"]
    keys = ("root", "name", "mcp", "incomplete", "skipped", "since", "summary", "statistics")
    assert {key: tree[key] for key in keys} == {
        "root": "/srv/shop",
        "name": "shop",
        "mcp": True,
        "incomplete": True,
        "skipped": {"dependencies": 3, "minified": 1},
        "since": None,
        "summary": {
            "findings": {"high": 1, "medium": 1, "low": 0, "info": 0},
            "suppressed": 0,
            "sites": {"external": 2, "parameter": 0, "unresolved": 1, "guarded": 0, "constant": 1},
        },
        "statistics": {"files": 41, "lines": 5230, "parsed": 9, "steps": 412},
    }  # fmt: skip
    assert tree["diagnostics"] == [
        {
            "path": "src/huge.py",
            "reason": "oversized",
            "message": "has 2097152 bytes, more than the 1048576 that are read",
        },
        {"path": "src/broken.py", "reason": "not-understood", "message": "line 7: syntax error"},
    ]


def test_a_finding() -> None:
    found = document(OUTCOME)["trees"][0]["findings"][0]
    site = {
        "path": "src/tools.py",
        "line": 12,
        "column": 4,
        "language": "python",
        "function": "Tools.connect",
        "call": "mcp.StdioServerParameters",
        "model": "mcp.stdio-server-parameters",
        "kind": "launch",
        "in_test": False,
        "text": "params = StdioServerParameters(command=config.command, args=config.args)",
    }
    assert found.pop("trace")[0] == {
        "path": "src/api.py",
        "line": 30,
        "function": "test",
        "step": "source",
        "what": "request body of POST /mcp/test",
        "text": "async def test(request: Request):",
    }
    assert found == {
        "id": "mcp-launch-http",
        "grade": "high",
        "title": "A request chooses the program of an MCP server",
        "slots": ["args", "command"],
        "source": "http",
        "source_model": "starlette.request-body",
        "site": site,
        "guards": [],
        "cost": 3,
        "incomplete": False,
        "why": finding().why,
        "remediation": finding().remediation,
        "advisories": ["CVE-2026-30623"],
        "fingerprint": finding().fingerprint,
        "suppressed": "",
    }


def test_projects_and_their_launches() -> None:
    (tree,) = document(OUTCOME)["trees"]
    shop, ui = tree["projects"]
    assert [(sdk["package"], sdk["version"], sdk["asked"], sdk["official"]) for sdk in shop.pop("sdks")] == [
        ("mcp", "1.9.4", ">=1.2", True),
        ("fastmcp", "", "", False),
    ]
    assert shop == {
        "path": "",
        "name": "shop",
        "accepts_external_input": True,
        "nearest": 2,
        "counts": {"external": 2, "parameter": 0, "unresolved": 1, "guarded": 0, "constant": 1},
        "launches": [0, 1, 2, 3],
    }
    assert (ui["launches"], ui["accepts_external_input"], ui["nearest"]) == ([], False, None)
    assert [site["made_of"] for site in tree["sites"]] == ["external", "external", "constant", "unresolved"]


@pytest.mark.parametrize("outcome", [OUTCOME, NO_MCP, hostile(), against(OUTCOME, "main", "00ff", frozenset())])
def test_documents_are_valid_and_show_nothing_hidden(outcome: Outcome) -> None:
    document(outcome)
    text = render_json([outcome]).decode()
    assert [character for character in text.replace("\n", "") if is_hidden(character)] == []


def test_equal_results_in_equal_bytes() -> None:
    other = replace(OUTCOME, skipped={"minified": 1, "dependencies": 3})
    assert render_json([OUTCOME]) == render_json([other])


@pytest.mark.parametrize(
    "damage",
    [{"schema_version": 2}, {"trees": [{}]}, {"tool": None}],
)
def test_the_schema_refuses_other_documents(damage: dict[str, Any]) -> None:
    assert list(VALIDATOR.iter_errors({**document(OUTCOME), **damage})) != []


def test_the_schema_knows_every_word() -> None:
    broken = document(OUTCOME)
    broken["trees"][0]["findings"][0]["grade"] = "awful"
    assert [error.validator for error in VALIDATOR.iter_errors(broken)] == ["enum"]
