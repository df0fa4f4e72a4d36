"""What follows from the evidence: each question's yes, partly and no."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from spawngate.codescan.kept import keep
from spawngate.model.advisory import AdvisoryMatch
from spawngate.report.checklist import AgentLine, Evidence, Question, RouteLine, ServerLine
from spawngate.report.checklist_answers import checklist
from tests.codescan.findings import CONSTANT, OUTCOME, RESULT

WHOLE = keep(
    replace(
        OUTCOME,
        result=replace(RESULT, sites=(RESULT.sites[0], CONSTANT), incomplete=False),
        projects=OUTCOME.projects[:1],
    ),
    "1.0",
)
OPEN = keep(replace(OUTCOME, result=replace(RESULT, sites=RESULT.sites[2:], incomplete=False)), "1.0")
MATCH = AdvisoryMatch(
    advisory="CVE-2026-0001",
    artifact="",
    path="/srv/uv.lock",
    package="pkg:pypi/litellm",
    version="1.83.0",
    answer="affected",
    fixed_in=("1.83.10",),
    summary="x",
    why="",
    confidence="high",
    severity="high",
    references=(),
)
SIEM = RouteLine("siem", "rsyslog", "syslog", True, "", "on", "2026-11-22T00:00:00Z delivered")
GOOD = Evidence(
    taken_at="2026-11-22T00:00:00Z",
    host="laptop",
    platform="linux",
    agents=1,
    servers=(
        ServerLine("files", "cursor", "user", "/home/ann/.cursor/mcp.json", "enabled", "stdio", "npx -y files@1"),
    ),
    code=(WHOLE,),
    folders=("/srv/shop/ui",),
    matches=(MATCH, replace(MATCH, answer="fixed")),
    advisories=96,
    hooks=(AgentLine("Cursor", "installed", "enforce"),),
    behind=1,
    daemon=True,
    at_login=True,
    trail_from="2026-08-01T00:00:00Z",
    trail_records={"decision": 10, "artifact-added": 2},
    routes=(SIEM,),
    store=True,
)


def answer(number: int, **changed: Any) -> Question:
    return checklist(replace(GOOD, **changed)).questions[number - 1]


def test_where_everything_is_known() -> None:
    assert [(item.answer, item.missing) for item in checklist(GOOD).questions] == [("yes", ())] * 6


def test_where_nothing_is_known() -> None:
    empty = checklist(Evidence("2026-11-22T00:00:00Z", "laptop", "linux"))
    assert [item.answer for item in empty.questions] == ["yes", "no", "no", "no", "yes", "no"]
    assert empty.questions[1].says == "The code of no project was scanned: run `spawngate code PATH` for each."
    assert empty.questions[4].says == "No agent is on this machine."


@pytest.mark.parametrize(
    ("number", "changed", "answered", "missing"),
    [
        (1, {"unread": (("/p/mcp.json", "is malformed"),)}, "partly", "/p/mcp.json: is malformed"),
        (1, {"servers": (replace(GOOD.servers[0], what=""),)}, "partly",
         "what files starts: /home/ann/.cursor/mcp.json was not understood"),
        (2, {"folders": ("/srv/shop", "/srv/shop2")}, "partly", "/srv/shop2: no code scan"),
        (2, {"code": (msgspec.structs.replace(WHOLE, incomplete=True),)}, "partly",
         "shop: the scan of 2026-11-22T00:00:00Z did not look at everything"),
        (2, {"code": (OPEN,)}, "partly", "shop: 1 launch whose origin was not resolved"),
        (2, {"code": ()}, "no", "/srv/shop/ui: no code scan"),
        (3, {"code": (OPEN,)}, "partly", "shop: 1 launch whose origin was not resolved"),
        (4, {"matches": (replace(MATCH, answer="uncertain", why="no version is locked"),)}, "partly",
         "CVE-2026-0001: whether litellm (pypi) 1.83.0 is affected: no version is locked"),
        (4, {"unsurveyed": (("/mnt", "is a network mount"),)}, "partly", "/mnt: is a network mount"),
        (4, {"advisories": 0}, "no", "no advisories are in force"),
        (5, {"hooks": (*GOOD.hooks, AgentLine("Codex", "unprotected", "", ("run it",)))}, "partly",
         "Codex: unprotected: run it"),
        (5, {"hooks": (AgentLine("Cursor", "installed", "monitor"),)}, "partly",
         "Cursor: its calls are computed and recorded, and go on (monitor mode)"),
        (5, {"direct": ("files of cursor",)}, "partly", "files of cursor: starts without a decision"),
        (5, {"daemon": False}, "partly",
         "the daemon does not run: clients decide alone, by the small file beside them"),
        (5, {"tampered": ("our hook is gone",)}, "partly", "tampered: our hook is gone"),
        (5, {"policy_problem": "does not validate"}, "partly", "policy: does not validate"),
        (5, {"hooks": (AgentLine("Cursor", "unprotected", ""),), "behind": 0}, "no", "Cursor: unprotected"),
        (6, {"routes": ()}, "partly", "no route to a SIEM (docs/routing.md)"),
        (6, {"routes": (replace(SIEM, stream=False),)}, "partly", "no route to a SIEM (docs/routing.md)"),
        (6, {"routes": (replace(SIEM, state="failing: refused"),)}, "partly", "route siem: failing: refused"),
        (6, {"routes": (replace(SIEM, matches="severity>=high"),)}, "partly", "route siem takes only severity>=high"),
        (6, {"routes": (replace(SIEM, last=""),)}, "partly", "route siem has delivered nothing yet"),
        (6, {"store": False}, "partly",
         "no store: nothing is delivered from here (`spawngate up` or `spawngate server run`)"),
        (6, {"retention": 30}, "partly", "the trail keeps 30 days, fewer than 90"),
        (6, {"trail_fault": "altered: record 3"}, "partly", "the trail: altered: record 3"),
        (6, {"at_login": False}, "partly", "the daemon is not started at login"),
        (6, {"daemon": False}, "partly",
         "the daemon does not run, so changes of servers are not recorded as they happen"),
        (6, {"direct": ("files of cursor",)}, "partly", "files of cursor: its starts are not recorded"),
        (6, {"hooks": (AgentLine("Codex", "off", ""),)}, "partly", "Codex: its calls are not recorded (off)"),
        (6, {"trail_from": ""}, "no", "there is no trail"),
    ],
)  # fmt: skip
def test_what_is_missing(number: int, changed: Mapping[str, Any], answered: str, missing: str) -> None:
    found = answer(number, **changed)
    assert found.answer == answered
    assert missing in found.missing


def test_evidence_of_paths_and_projects() -> None:
    paths, projects = answer(2), answer(3)
    assert paths.says == "1 scanned tree: 2 paths from outside to a launch, 1 of them high."
    assert paths.evidence[0] == "high: shop: http at src/api.py:30 reaches args, command at src/tools.py:12"
    assert projects.says == "1 project on an official SDK; 1 accepts external input for a launch."
    assert projects.evidence == (
        "shop (/srv/shop; mcp 1.9.4): accepts external input: 1 external, 1 constant, nearest input 2 steps away",
    )


def test_registrations_and_edits_outside_of_calls_are_told() -> None:
    finding = msgspec.structs.replace(WHOLE.findings[0], rule="mcp-registration-http")
    tree = msgspec.structs.replace(WHOLE, findings=(finding,))
    found = answer(2, code=(tree,), trail_records={"configuration": 3})
    assert found.evidence == (
        "high: shop: http at src/api.py:30 is registered as args, command at src/tools.py:12",
        "3 changes of agents' files outside of every decided call (`spawngate audit`)",
    )
    assert found.says == "1 scanned tree: 1 path from outside to a launch, 1 of them high."


def test_a_project_without_a_locked_version_is_told() -> None:
    (project,) = WHOLE.projects
    sdk = msgspec.structs.replace(project.sdks[0], version="")
    bare = msgspec.structs.replace(project, sdks=(sdk,), sites={"constant": 0}, accepts=False, nearest=None)
    found = answer(3, code=(msgspec.structs.replace(WHOLE, projects=(bare,)),))
    assert (found.answer, found.missing) == ("partly", ("shop: no version of mcp is locked",))
    assert found.evidence == ("shop (/srv/shop; mcp): no launch of an MCP server",)


def test_evidence_of_advisories_hooks_and_trail() -> None:
    assert answer(4).evidence == (
        "CVE-2026-0001 (high): litellm (pypi) 1.83.0, /srv/uv.lock. Update litellm (pypi) to 1.83.10 or later.",
    )
    assert answer(4).says == "1 of 96 advisories in force are present; 1 are fixed or do not apply here."
    assert answer(5).evidence == (
        "Cursor: installed (enforce)",
        "1 of 1 MCP servers that are processes start behind the launcher",
    )
    assert answer(6).evidence == (
        "2 artifact-added",
        "10 decision",
        "route siem to rsyslog (syslog): on, 2026-11-22T00:00:00Z delivered",
    )
    assert answer(6).says == "12 records in the trail of the last 90 days since 2026-08-01; 1 route to a SIEM."
