"""SARIF of the code scan: valid against the OASIS schema, flows as code scanning services read them."""

import json
from dataclasses import replace
from typing import Any

import pytest

from spawngate.codescan.baseline import SUPPRESSED
from spawngate.codescan.finding import CodeFinding, Grade, SourceKind
from spawngate.codescan.outcome import Outcome
from spawngate.report.code_sarif import render_sarif
from spawngate.report.terminal import is_hidden
from tests.codescan.findings import GUARDED, OUTCOME, RESULT, finding
from tests.report.code_hostile import hostile
from tests.report.test_code_json import NO_MCP
from tests.report.test_sarif import URI, VALIDATOR, addresses


def runs(*outcomes: Outcome) -> list[dict[str, Any]]:
    """The runs, after the log has been validated."""
    document: dict[str, Any] = json.loads(render_sarif(outcomes))
    assert [f"{list(error.path)}: {error.message}" for error in VALIDATOR.iter_errors(document)] == []
    assert [uri for uri in addresses(document) if URI.fullmatch(uri) is None] == []
    found: list[dict[str, Any]] = document["runs"]
    return found


def results(*findings: CodeFinding) -> list[dict[str, Any]]:
    (run,) = runs(replace(OUTCOME, result=replace(RESULT, findings=findings)))
    found: list[dict[str, Any]] = run["results"]
    return found


def physical(path: str, line: int, text: str) -> dict[str, Any]:
    return {
        "artifactLocation": {"uri": path, "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": line, "snippet": {"text": text}},
    }


def test_a_flow_goes_from_the_source_to_the_launch() -> None:
    ((flow,),) = [result["codeFlows"] for result in results(finding())]
    (thread,) = flow["threadFlows"]
    assert thread["locations"][0] == {
        "location": {
            "physicalLocation": physical("src/api.py", 30, "async def test(request: Request):"),
            "message": {"text": "request body of POST /mcp/test"},
            "logicalLocations": [{"fullyQualifiedName": "test", "kind": "function"}],
        },
        "executionOrder": 1,
        "importance": "essential",
        "kinds": ["source"],
    }
    assert [(item["executionOrder"], item["kinds"]) for item in thread["locations"]] == [
        (1, ["source"]), (2, ["argument"]), (3, ["sink"]),
    ]  # fmt: skip
    assert flow["message"] == {"text": "From an HTTP request to the launch"}


def test_the_place_of_a_result_is_the_launch() -> None:
    (result,) = results(finding())
    (place,) = result["locations"]
    text = "params = StdioServerParameters(command=config.command, args=config.args)"
    expected = physical("src/tools.py", 12, text)
    expected["region"]["startColumn"] = 5
    assert place == {
        "physicalLocation": expected,
        "logicalLocations": [{"fullyQualifiedName": "Tools.connect", "kind": "function"}],
    }
    assert (result["ruleId"], result["level"], result["suppressions"]) == ("mcp-launch-http", "error", [])
    assert result["message"]["text"].split("\n\n") == [
        "A request chooses the program of an MCP server: request body of POST /mcp/test (src/api.py:30)"
        " reaches command, args.",
        finding().why,
        f"What to do: {finding().remediation}",
        "Of the same shape: CVE-2026-30623 <https://nvd.nist.gov/vuln/detail/CVE-2026-30623>.",
    ]


def test_a_guarded_finding_has_a_rule_of_its_grade_and_its_guards_as_places() -> None:
    (run,) = runs(OUTCOME)
    assert [(rule["id"], rule["properties"]["security-severity"]) for rule in run["tool"]["driver"]["rules"]] == [
        ("mcp-launch-http", "8.0"), ("mcp-launch-http/medium", "5.5"),
    ]  # fmt: skip
    guarded = run["results"][1]
    assert (guarded["ruleId"], guarded["ruleIndex"], guarded["level"]) == ("mcp-launch-http/medium", 1, "warning")
    assert guarded["relatedLocations"] == [
        {
            "id": 1,
            "physicalLocation": physical("src/tools.py", 38, "if config.command not in ALLOWED:"),
            "message": {"text": "guard: command in {npx, uvx}: does not stop it"},
        },
        {
            "id": 2,
            "physicalLocation": physical("src/config.py", 5, "enable_stdio: bool = False"),
            "message": {"text": "guard: settings.enable_stdio: a switch that is off by default"},
        },
    ]


@pytest.mark.parametrize(
    ("grade", "source", "level"),
    [
        (Grade.HIGH, SourceKind.HTTP, "error"), (Grade.MEDIUM, SourceKind.IPC, "warning"),
        (Grade.LOW, SourceKind.FILE, "note"), (Grade.INFO, SourceKind.PARAM, "note"),
    ],
)  # fmt: skip
def test_levels(grade: Grade, source: SourceKind, level: str) -> None:
    (result,) = results(finding(f"mcp-launch-{source.value}", grade, source=source))
    assert (result["ruleId"], result["level"]) == (f"mcp-launch-{source.value}", level)


def test_fingerprints_of_equal_findings_are_numbered() -> None:
    mark = finding().fingerprint
    assert [result["partialFingerprints"] for result in results(finding(), finding())] == [
        {"primaryLocationLineHash": f"{mark}:1", "spawngateCode/v1": mark},
        {"primaryLocationLineHash": f"{mark}:2", "spawngateCode/v1": mark},
    ]


def test_suppressed_findings_say_so() -> None:
    told = results(finding(suppressed="known"), finding(suppressed=SUPPRESSED))
    assert [result["suppressions"] for result in told] == [
        [{"kind": "inSource", "status": "accepted", "justification": "known"}],
        [{"kind": "external", "status": "accepted", "justification": "baseline"}],
    ]


def test_what_was_not_read_is_told() -> None:
    (run,) = runs(OUTCOME)
    (invocation,) = run["invocations"]
    assert [
        (item["descriptor"]["id"], item.get("locations", [{}])[0].get("physicalLocation", {}).get("artifactLocation"))
        for item in invocation["toolExecutionNotifications"]
    ] == [
        ("oversized", {"uri": "src/huge.py", "uriBaseId": "%SRCROOT%"}),
        ("not-understood", {"uri": "src/broken.py", "uriBaseId": "%SRCROOT%"}),
        ("suppression-unused", {"uri": "src/own.py", "uriBaseId": "%SRCROOT%"}),
        ("incomplete", None),
    ]
    assert run["originalUriBaseIds"] == {"%SRCROOT%": {"uri": "file:///srv/shop/"}}


def test_several_trees_are_several_runs() -> None:
    assert [run["automationDetails"]["id"] for run in runs(OUTCOME, NO_MCP)] == [
        "spawngate-code/shop/", "spawngate-code/none/",
    ]  # fmt: skip
    (only,) = runs(NO_MCP)
    assert (only["automationDetails"]["id"], only["results"], only["tool"]["driver"]["rules"]) == (
        "spawngate-code/",
        [],
        [],
    )


def test_hostile_texts_stay_texts() -> None:
    runs(hostile())
    text = render_sarif([hostile()]).decode()
    assert [character for character in text.replace("\n", "") if is_hidden(character)] == []
    links = json.loads(text)["runs"][0]["results"][0]["message"]["text"].split("](")[:-1]
    assert links
    assert [part for part in links if not part.endswith("\\")] == []


def test_a_column_is_left_out_where_bytes_are_not_characters() -> None:
    odd = finding(site=replace(finding().site, text='start("é")'))
    assert results(odd)[0]["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 12, "snippet": {"text": 'start("é")'},
    }  # fmt: skip


def test_the_grade_of_a_guarded_finding_is_that_of_the_engine() -> None:
    assert results(GUARDED)[0]["properties"]["grade"] == "medium"
