"""Findings for tests of what is done with them."""

from spawngate.codescan.finding import (
    CodeFinding,
    Grade,
    GuardStrength,
    GuardUse,
    Hop,
    LaunchSite,
    ProjectResult,
    SiteReport,
    SlotVerdict,
    SourceKind,
    Statistics,
    Trouble,
    fingerprint,
)
from spawngate.codescan.outcome import Outcome
from spawngate.codescan.sdk import projects
from spawngate.model.observed import Diagnostic


def site(path: str = "src/tools.py", line: int = 12, **changed: object) -> LaunchSite:
    values: dict[str, object] = {
        "path": path,
        "line": line,
        "column": 4,
        "text": "params = StdioServerParameters(command=config.command, args=config.args)",
        "call": "mcp.StdioServerParameters",
        "model": "mcp.stdio-server-parameters",
        "function": "Tools.connect",
        "language": "python",
        **changed,
    }
    return LaunchSite(**values)  # type: ignore[arg-type]  # a test names its fields as it needs them


TRACE = (
    Hop("src/api.py", 30, "async def test(request: Request):", "request body of POST /mcp/test", "test", "source"),
    Hop("src/api.py", 33, "await tools.connect(body)", "argument `config` of Tools.connect()", "test", "argument"),
    Hop("src/tools.py", 12, site().text, "command of StdioServerParameters", "Tools.connect", "sink"),
)  # fmt: skip


def finding(
    rule: str = "mcp-launch-http",
    grade: Grade = Grade.HIGH,
    path: str = "src/tools.py",
    line: int = 12,
    **changed: object,
) -> CodeFinding:
    where = site(path, line)
    trace = (*TRACE[:-1], Hop(path, line, where.text, "command of StdioServerParameters", where.function, "sink"))
    values: dict[str, object] = {
        "rule": rule,
        "grade": grade,
        "slots": ("args", "command"),
        "source": SourceKind.HTTP,
        "source_model": "starlette.request-body",
        "site": where,
        "trace": trace,
        "cost": 3,
        "title": "A request chooses the program of an MCP server",
        "why": "Whoever reaches this handler runs any program as this process (CVE-2026-30623).",
        "advisories": ("CVE-2026-30623",),
        "remediation": "Keep the definitions in a constant table and let the request choose a name of it.",
        "fingerprint": fingerprint(rule, trace[0], where, ("args", "command")),
        **changed,
    }
    return CodeFinding(**values)  # type: ignore[arg-type]  # a test names its fields as it needs them


GUARDED = finding(
    grade=Grade.MEDIUM,
    line=40,
    guards=(
        GuardUse(GuardStrength.WEAK, "command in {npx, uvx}", "src/tools.py", 38, "if config.command not in ALLOWED:"),
        GuardUse(
            GuardStrength.CONFIG, "settings.enable_stdio", "src/config.py", 5, "enable_stdio: bool = False", "off"
        ),
    ),
    incomplete=True,
)
CONSTANT = SiteReport(
    site("src/own.py", 3, text='StdioServerParameters(command="uvx", args=["own"])', function=""),
    (SlotVerdict("command", "constant"), SlotVerdict("args", "constant")),
    Grade.NONE,
)
UNRESOLVED = SiteReport(
    site("src/odd.py", 9, function="start", text="StdioServerParameters(**load())"),
    (SlotVerdict("definition", "unresolved", (), ("result of load() at src/odd.py:9",)),),
    Grade.INFO,
)
RESULT = ProjectResult(
    mcp=True,
    evidence=("pyproject.toml:4 mcp>=1.2", "src/tools.py:1 from mcp import StdioServerParameters"),
    findings=(finding(), GUARDED),
    sites=(
        SiteReport(
            finding().site,
            (SlotVerdict("command", "tainted", (SourceKind.HTTP,)), SlotVerdict("env", "absent")),
            Grade.HIGH,
            2,
            140,
        ),
        SiteReport(GUARDED.site, (SlotVerdict("command", "tainted", (SourceKind.HTTP,)),), Grade.MEDIUM, 2, 9, True),
        CONSTANT,
        UNRESOLVED,
    ),
    troubles=(Trouble("src/broken.py", 7, "syntax error"),),
    incomplete=True,
    statistics=Statistics(files=41, lines=5_230, lowered=9, steps=412),
)
OUTCOME = Outcome(
    root="/srv/shop",
    name="shop",
    taken_at="2026-11-22T00:00:00Z",
    result=RESULT,
    projects=projects(
        [
            ("pyproject.toml", b'[project]\nname = "shop"\ndependencies = [\n  "mcp>=1.2",\n  "fastmcp",\n]\n'),
            ("uv.lock", b'[[package]]\nname = "mcp"\nversion = "1.9.4"\nsource = {registry = "x"}\n'),
            ("ui/package.json", b'{"name": "ui", "dependencies": {"@modelcontextprotocol/sdk": "^1.2.0"}}'),
            ("docs/package.json", b'{"name": "docs"}'),
        ],
        "shop",
    )[0],
    diagnostics=(Diagnostic("src/huge.py", "oversized", "has 2097152 bytes, more than the 1048576 that are read"),),
    notes=(Diagnostic("src/own.py", "suppression-unused", "line 2: covers no finding"),),
    skipped={"dependencies": 3, "minified": 1},
)
