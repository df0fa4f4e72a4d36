"""Records of the code scan: the order of grades, and a fingerprint that edits elsewhere do not change."""

from dataclasses import replace

from spawngate.codescan.finding import (
    CodeFinding,
    Grade,
    Hop,
    LaunchSite,
    ProjectResult,
    SourceKind,
    fingerprint,
)

SOURCE = Hop("api.py", 10, "async def connect(body: Server):", "body of POST /connect", "connect", "source")
SITE = LaunchSite(
    "client.py",
    30,
    11,
    "params = StdioServerParameters(command=command)",
    "mcp.StdioServerParameters",
    "mcp.stdio-server-parameters",
    "Client.start",
    "python",
)
PRINT = fingerprint("mcp-launch-http", SOURCE, SITE, ("command",))


def finding(grade: Grade, suppressed: str = "") -> CodeFinding:
    return CodeFinding(
        "mcp-launch-http",
        grade,
        ("command",),
        SourceKind.HTTP,
        "fastapi.handler",
        SITE,
        (SOURCE,),
        suppressed=suppressed,
    )


def test_grades_are_ordered() -> None:
    assert [grade.value for grade in sorted(Grade, key=lambda grade: grade.rank)] == [
        "none",
        "info",
        "low",
        "medium",
        "high",
    ]


def test_fingerprint_survives_moved_lines_and_indents() -> None:
    moved = replace(SOURCE, line=99, text="async def  connect(body: Server):")
    assert fingerprint("mcp-launch-http", moved, replace(SITE, line=1, column=0), ("command",)) == PRINT
    assert len(PRINT) == 32


def test_fingerprint_changes_with_what_it_names() -> None:
    others = {
        fingerprint("mcp-launch-llm", SOURCE, SITE, ("command",)),
        fingerprint("mcp-launch-http", replace(SOURCE, function="other"), SITE, ("command",)),
        fingerprint("mcp-launch-http", SOURCE, replace(SITE, path="other.py"), ("command",)),
        fingerprint("mcp-launch-http", SOURCE, SITE, ("args",)),
    }
    assert len(others | {PRINT}) == 5


def test_grade_of_a_project_is_its_worst_finding_that_counts() -> None:
    assert ProjectResult(True).grade is Grade.NONE
    result = ProjectResult(True, findings=(finding(Grade.HIGH, "accepted"), finding(Grade.LOW), finding(Grade.INFO)))
    assert result.grade is Grade.LOW
