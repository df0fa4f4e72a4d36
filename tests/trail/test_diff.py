"""The difference between two snapshots."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status, Transport
from spawngate.model.finding import Confidence, Finding, Severity
from spawngate.model.json import Json
from spawngate.model.snapshot import Change, Difference, FindingChange
from spawngate.trail.diff import compare_values, diff, diff_findings, follow

SERVER = Artifact(
    Kind.MCP_SERVER,
    "1",
    "f1",
    "cursor",
    Scope.USER,
    "github",
    "/h/.cursor/mcp.json",
    Status.ENABLED,
    {"auto_approve": ["a"], "running": {"state": "not_seen"}},
    Launch(Transport.STDIO, "npx", ("-y", "server@1.0.0"), ("TOKEN",), env={"TOKEN": "[secret:github-token:aa]"}),
)
SKILL = Artifact(Kind.SKILL, "2", "f2", "cursor", Scope.USER, "pdf", "/h/.cursor/skills/pdf/SKILL.md", Status.ENABLED)


def test_nothing() -> None:
    assert diff([SERVER, SKILL], [SKILL, SERVER]) == ()


def test_added_and_removed() -> None:
    assert diff([SERVER], [SKILL]) == (Change("removed", SERVER), Change("added", SKILL))


def test_changed_names_each_field() -> None:
    assert SERVER.launch is not None
    launch = replace(SERVER.launch, args=("-y", "server@2.0.0"), env={"TOKEN": "[secret:github-token:bb]", "X": "${X}"})
    new = replace(SERVER, fingerprint="f9", status=Status.DISABLED, launch=launch, detail={"auto_approve": ["a", "b"]})
    assert diff([SERVER], [new]) == (
        Change(
            "changed",
            new,
            (
                Difference("detail.auto_approve", ["a"], ["a", "b"]),
                Difference("fingerprint", "f1", "f9"),
                Difference("launch.args", ["-y", "server@1.0.0"], ["-y", "server@2.0.0"]),
                Difference("launch.env.TOKEN", "[secret:github-token:aa]", "[secret:github-token:bb]"),
                Difference("launch.env.X", None, "${X}"),
                Difference("status", "enabled", "disabled"),
            ),
        ),
    )


def test_what_moves_by_itself_is_no_change() -> None:
    running = replace(SERVER, detail={"auto_approve": ["a"], "running": {"state": "running", "pids": [7]}})
    assert diff([SERVER], [running]) == ()


NAMES = st.sampled_from("abcdef")
SETS = st.dictionaries(NAMES, st.integers(0, 3)).map(
    lambda d: [replace(SKILL, id=name, name=name, fingerprint=str(value)) for name, value in d.items()]
)


@given(SETS, SETS)
def test_applying_the_difference_gives_the_new_snapshot(old: list[Artifact], new: list[Artifact]) -> None:
    result = {artifact.id: artifact for artifact in old}
    for change in diff(old, new):
        if change.change == "removed":
            del result[change.artifact.id]
        else:
            result[change.artifact.id] = change.artifact
    assert result == {artifact.id: artifact for artifact in new}


def finding(rule: str, artifact: str = "1", fingerprint: str = "f", severity: Severity = Severity.HIGH) -> Finding:
    return Finding(rule, rule, severity, Confidence.HIGH, "m", "r", artifact=artifact, fingerprint=fingerprint)


def test_values_of_documents() -> None:
    old: dict[str, Json] = {"a": 1, "b": {"c": [1], "d": None}, "e": "x"}
    new: dict[str, Json] = {"a": 1, "b": {"c": [1, 2]}, "f": True}
    assert compare_values(old, new) == (
        Difference("b.c", [1], [1, 2]),
        Difference("e", "x", None),
        Difference("f", None, True),
    )
    assert compare_values(old, old) == ()


FINDINGS = st.builds(finding, st.sampled_from("abc"), st.sampled_from(["", "1", "2", "3"]), st.sampled_from("fg"))


def test_findings_open_and_close() -> None:
    stays, gone, new, elsewhere = finding("a"), finding("b"), finding("c"), finding("a", "2")
    nowhere = finding("a", "9")
    assert diff_findings([stays, gone, elsewhere, nowhere], [new, stays], [SERVER], [SKILL]) == (
        FindingChange("closed", gone, SERVER, "gone"),
        FindingChange("closed", elsewhere, SKILL, "removed"),
        FindingChange("closed", nowhere, None, "removed"),
        FindingChange("opened", new, SERVER),
    )


def test_another_severity_opens_nothing() -> None:
    assert diff_findings([finding("a")], [finding("a", severity=Severity.LOW)], [SERVER]) == ()


def test_other_evidence_is_another_finding() -> None:
    assert diff_findings([finding("a")], [finding("a", fingerprint="g")], [SERVER]) == (
        FindingChange("closed", finding("a"), SERVER, "gone"),
        FindingChange("opened", finding("a", fingerprint="g"), SERVER),
    )


@given(st.lists(FINDINGS), st.lists(FINDINGS))
def test_followed_changes_lead_to_the_same_findings(before: list[Finding], after: list[Finding]) -> None:
    changes = diff_findings(before, after, [SERVER, SKILL])
    followed = follow(before, changes)
    assert diff_findings(followed, after, [SERVER, SKILL]) == ()
    assert follow((), diff_findings((), after, [SERVER])) == follow(after, ())
