"""Results of the code scan of two made-up projects: one in which data from outside reaches a launch, and a clean one.

Must not be here: scanning, the other parts of the synthetic fleet (`work`).
"""

from spawngate.report.code_json import (
    FindingRecord,
    HopRecord,
    ProjectRecord,
    SdkRecord,
    SiteRecord,
    SiteVerdict,
    SlotRecord,
    Statistics,
    Summary,
    TreeRecord,
)

_FILE = "gateway/servers.py"
_LAUNCH = "params = StdioServerParameters(command=body.command, args=body.args)"


def projects(taken_at: str) -> dict[str, TreeRecord]:
    """The trees by name of the project."""
    site = SiteRecord(
        path=_FILE,
        line=41,
        column=14,
        language="python",
        function="connect",
        call="mcp.StdioServerParameters",
        model="python-mcp-stdio",
        kind="launch",
        in_test=False,
        text=_LAUNCH,
    )
    finding = FindingRecord(
        id="http-to-launch-command",
        grade="high",
        title="A request decides which program is started",
        slots=("command", "args"),
        source="body of POST /servers",
        source_model="fastapi-body",
        site=site,
        trace=(
            HopRecord(
                "gateway/api.py", 18, "add_server", "source", "the body of a request", "async def add(body: NewServer):"
            ),
            HopRecord("gateway/api.py", 22, "add_server", "call", "handed on", "await connect(body)"),
            HopRecord(_FILE, 41, "connect", "launch", "starts the program", _LAUNCH),
        ),
        guards=(),
        cost=0,
        incomplete=False,
        why="The command comes from the body of a request as it is, and nothing compares it with a list.",
        remediation="Take the launch from a list of approved servers, and let requests name an entry of it.",
        advisories=(),
        fingerprint="d3m0" * 8,
        suppressed="",
    )
    fixed = SiteRecord(
        path="notes/client.ts",
        line=9,
        column=20,
        language="typescript",
        function="start",
        call="StdioClientTransport",
        model="typescript-mcp-stdio",
        kind="launch",
        in_test=False,
        text='new StdioClientTransport({ command: "node", args: ["server.js"] })',
    )
    return {
        "acme/agent-gateway": _tree("agent-gateway", taken_at, "PyPI", "mcp", site, (finding,), "external"),
        "acme/notes-mcp": _tree("notes-mcp", taken_at, "npm", "@modelcontextprotocol/sdk", fixed, (), "constant"),
    }


def _tree(
    name: str,
    taken_at: str,
    ecosystem: str,
    package: str,
    site: SiteRecord,
    findings: tuple[FindingRecord, ...],
    made_of: str,
) -> TreeRecord:
    external = made_of == "external"
    slot = SlotRecord("command", "tainted" if external else "constant", ("request body",) if external else (), ())
    return TreeRecord(
        root=name,
        name=name,
        taken_at=taken_at,
        mcp=True,
        evidence=("a manifest names an SDK",),
        incomplete=False,
        findings=findings,
        sites=(SiteVerdict(site, made_of, "high" if external else "info", 2 if external else None, (slot,), False),),
        projects=(
            ProjectRecord(
                path=".",
                name=name,
                sdks=(SdkRecord(ecosystem, package, site.language, True, ">=1", "1.12.0", "lock", 1, True),),
                accepts_external_input=external,
                nearest=2 if external else None,
                counts={made_of: 1},
                launches=(0,),
            ),
        ),
        diagnostics=(),
        notes=(),
        skipped={},
        summary=Summary({"high": len(findings)}, 0, {made_of: 1}),
        statistics=Statistics(files=38, lines=5_200, parsed=4, steps=61),
        since=None,
    )
