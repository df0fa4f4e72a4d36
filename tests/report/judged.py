"""Judgements of the snapshots in `tests.report.samples`: one that fits the busy laptop, and a hostile one.

The sentences are samples, not the wording of the shipped rules. Nothing here is read from a real machine.
"""

from spawngate.model.advisory import AdvisoryMatch
from spawngate.model.artifact import Artifact, Kind
from spawngate.model.finding import Confidence, Finding, Severity
from spawngate.model.snapshot import Change, Snapshot
from spawngate.report.judgement import Judgement, RuleText, TierView
from tests.report.samples import HOME, HOSTILE, SHOP, SNAPSHOT, hostile


def found(kind: Kind, name: str, agent: str = "") -> Artifact:
    """The one artifact of the sample snapshot with this kind, name and agent."""
    (artifact,) = (
        item
        for item in SNAPSHOT.artifacts
        if item.kind == kind and item.name == name and (not agent or item.agent == agent)
    )
    return artifact


RULES = {
    "download-and-run": RuleText(
        title="Downloads code and runs it",
        rationale="What `curl` fetches is handed to a shell. Whoever controls the address, or the way to it, "
        "decides at every start what runs with the rights of the user.",
        remediation="Install the server once from a registry with a pinned version, and put its executable in "
        "`command`.",
        references=("CWE-494", "CWE-78", "OWASP-MCP04", "T1059.004"),
        severity=Severity.CRITICAL,
        confidence=Confidence.HIGH,
    ),
    "container-engine-socket": RuleText(
        title="Container reaches the engine's socket",
        rationale="The socket of the container engine starts containers with any mount: whoever holds it is root on "
        "the host.",
        remediation="Remove the mount of `/var/run/docker.sock`.",
        references=("CWE-250", "T1611"),
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
    ),
    "hook-runs-remote-code": RuleText(
        title="Hook runs code from the network",
        rationale="The hook runs at every start of a session, and what it runs is decided by a server.",
        remediation="Keep the script in the repository and call it by its path.",
        references=("CWE-494", "https://genai.owasp.org/resource/agentic-top-10/"),
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
    ),
    "blanket-permission": RuleText(
        title="Everything of a tool is allowed",
        rationale="A rule without a pattern allows every use of the tool, also one that a prompt injection asks for.",
        remediation="Name the commands that are needed: `Bash(git status)`, `Bash(npm test *)`.",
        references=("CWE-732",),
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
    ),
    "package-unpinned": RuleText(
        title="Package without a version",
        rationale="The launcher fetches whatever is newest at every start, also a release that was taken over an "
        "hour ago.",
        remediation="Write the exact version behind the package, as in `package@1.4.2`.",
        references=("CWE-1357", "OWASP-MCP04"),
        severity=Severity.LOW,
        confidence=Confidence.HIGH,
    ),
    "auto-approve-all": RuleText(
        title="Every tool is approved in advance",
        rationale="The agent calls all tools of this server without asking, also ones a later release adds.",
        remediation="List the tools that may run without a question.",
        references=("OWASP-MCP02",),
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
    ),
    "secret-in-clear-text": RuleText(
        title="Secret in clear text",
        rationale="Every program of the user can read the file, and copies of it end in backups and repositories.",
        remediation="Refer to a variable or a secret store, and rotate the secret.",
        references=("CWE-312",),
        severity=Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
    ),
    "lethal-trifecta": RuleText(
        title="Private data, untrusted content and a way out in one agent",
        rationale="An agent that reads private data and untrusted pages and can send data out can be made to leak "
        "by a page that it reads.",
        remediation="Give the browsing server to another agent, or ask before every call that sends data.",
        references=("OWASP-ASI01",),
        severity=Severity.HIGH,
        confidence=Confidence.LOW,
    ),
    "remote-plain-http": RuleText(
        title="Remote server without encryption",
        rationale="Whoever is on the way can read and change every message.",
        remediation="Use https.",
        references=("CWE-319",),
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
    ),
}


def finding(rule: str, artifact: Artifact | None, message: str, *evidence: str) -> Finding:
    """A finding whose words are the rule's."""
    text = RULES[rule]
    return Finding(
        rule=rule,
        title=text.title,
        severity=text.severity,
        confidence=text.confidence,
        message=message,
        remediation=text.remediation,
        references=text.references,
        artifact=artifact.id if artifact is not None else "",
        evidence=evidence,
        fingerprint=f"{rule}-{artifact.name if artifact is not None else 'endpoint'}",
    )


BUILD = found(Kind.MCP_SERVER, "build-helper")
DOCKER_GITHUB = found(Kind.MCP_SERVER, "github", "claude-desktop")
GITHUB = found(Kind.MCP_SERVER, "github", "claude-code")
FILESYSTEM = found(Kind.MCP_SERVER, "filesystem")
PLAYWRIGHT = found(Kind.MCP_SERVER, "playwright")
NOTION = found(Kind.MCP_SERVER, "notion")
CONTEXT7 = found(Kind.MCP_SERVER, "context7")
SENTRY = found(Kind.MCP_SERVER, "sentry")
AZURE = found(Kind.MCP_SERVER, "azure")
CLAUDE_CODE = found(Kind.AGENT, "Claude Code")
CURSOR = found(Kind.AGENT, "Cursor")
HOOK = found(Kind.HOOK, "SessionStart")
SECRET = found(Kind.SECRET, "postgres: argument 5")
CLINE = found(Kind.EXTENSION, "Cline")

FINDINGS = (
    finding(
        "package-unpinned",
        CONTEXT7,
        "npx fetches @upstash/context7-mcp without a version.",
        "launcher=npx",
        "pin=unversioned",
    ),
    finding("package-unpinned", FILESYSTEM, "npx fetches @modelcontextprotocol/server-filesystem without a version."),
    finding("package-unpinned", NOTION, "npx fetches mcp-remote without a version.", "pin=unversioned"),
    finding("package-unpinned", PLAYWRIGHT, "npx fetches @playwright/mcp@latest.", "pin=latest"),
    finding("auto-approve-all", PLAYWRIGHT, "Cursor approves every tool of playwright.", "auto_approve_all=true"),
    finding(
        "download-and-run",
        BUILD,
        "bash runs what curl fetches from https://get.build.example/install.sh.",
        "program=bash",
        "shell=true",
        "downloads_and_runs=true",
    ),
    finding(
        "container-engine-socket",
        DOCKER_GITHUB,
        "docker run mounts /var/run/docker.sock.",
        "launcher=docker-run",
        "engine_socket=true",
    ),
    finding(
        "hook-runs-remote-code",
        HOOK,
        "SessionStart runs what curl fetches from https://hooks.shop.example/start.",
        "command=curl -s https://hooks.shop.example/start | sh",
    ),
    finding("blanket-permission", CLAUDE_CODE, "Claude Code may run Bash without a pattern.", "rule=Bash"),
    finding("blanket-permission", CLAUDE_CODE, "Claude Code may use WebFetch(*).", "rule=WebFetch(*)"),
    finding("secret-in-clear-text", SECRET, "A database-url stands in argument 5 of postgres.", "type=database-url"),
    finding(
        "lethal-trifecta",
        None,
        "Claude Code has filesystem (private data), browser (untrusted content) and github (a way out).",
        "private_data=filesystem, postgres",
        "untrusted_content=browser",
        "way_out=github, browser",
    ),
)

MATCHES = (
    AdvisoryMatch(
        advisory="CVE-2025-6514",
        artifact=NOTION.id,
        path=NOTION.path,
        package="pkg:npm/mcp-remote",
        version="0.1.15",
        answer="affected",
        fixed_in=("0.1.16",),
        summary="A hostile server makes mcp-remote run a command through the address of its authorization endpoint.",
        why="0.1.15 is installed below node_modules and lies between 0.0.5 and 0.1.16.",
        confidence="high",
        severity="critical",
        references=("CWE-78", "https://nvd.nist.gov/vuln/detail/CVE-2025-6514"),
    ),
    AdvisoryMatch(
        advisory="CVE-2026-30623",
        artifact="",
        path=f"{SHOP}/uv.lock",
        package="pkg:pypi/litellm",
        version="1.80.2",
        answer="affected",
        fixed_in=("1.83.7",),
        summary="The form that creates an MCP server hands its command to a process of the proxy.",
        why="1.80.2 in uv.lock is below 1.83.7.",
        confidence="high",
        severity="high",
        references=("CWE-78",),
    ),
    AdvisoryMatch(
        advisory="CVE-2025-54136",
        artifact=CURSOR.id,
        path="/usr/share/cursor/cursor",
        package="Cursor",
        version="3.2.11",
        answer="fixed",
        fixed_in=("1.3",),
        summary="A changed MCP definition runs without a new approval.",
        why="3.2.11 is not below 1.3.",
        severity="high",
    ),
    AdvisoryMatch(
        advisory="GHSA-5w57-2ccq-8w95",
        artifact=AZURE.id,
        path=AZURE.path,
        package="pkg:npm/%40azure/mcp",
        version="0.9.2",
        answer="no-fix",
        summary="A tool argument reaches a shell.",
        why="Every release is affected.",
        confidence="medium",
        severity="medium",
        references=("CWE-77",),
    ),
    AdvisoryMatch(
        advisory="NOCVE-2026-0007",
        artifact=CLINE.id,
        path=CLINE.path,
        package="saoudrizwan.claude-dev",
        version="3.40.1",
        answer="uncertain",
        fixed_in=("3.41.0",),
        summary="A prompt in an issue title makes the extension install a package.",
        why="The sources disagree whether 3.40.x holds the fix.",
        confidence="low",
        severity="high",
    ),
    AdvisoryMatch(
        advisory="MAL-2025-47604",
        artifact="",
        path=f"{SHOP}/package-lock.json",
        package="pkg:npm/postmark-mcp",
        version="1.0.9",
        answer="not-affected",
        fixed_in=(),
        summary="postmark-mcp 1.0.16 and later copy every mail to the attacker.",
        why="1.0.9 is below 1.0.16.",
        severity="critical",
    ),
)

TIERS = {
    GITHUB.id: TierView(
        "official",
        (
            "The publisher modelcontextprotocol is on the organisation's list.",
            "The version is exact.",
            "The reference server was archived upstream.",
        ),
    ),
    DOCKER_GITHUB.id: TierView("official", ("The image comes from the vendor's own namespace, ghcr.io/github.",)),
    FILESYSTEM.id: TierView("official", ("The publisher modelcontextprotocol is on the organisation's list.",)),
    SENTRY.id: TierView("official", ("The host belongs to the vendor.",)),
    PLAYWRIGHT.id: TierView("community", ("In the public MCP registry.", "The version moves: latest.")),
    NOTION.id: TierView("community", ("In the public MCP registry.", "No version.")),
    CONTEXT7.id: TierView("community", ("In the public MCP registry.", "No version.")),
    AZURE.id: TierView("official", ("The publisher azure is on the organisation's list.", "The version is exact.")),
    BUILD.id: TierView("unknown", ("Nobody knows what the shell will run.",)),
}

CAPABILITIES = {
    GITHUB.id: ("network: api.github.com", "credentials: github-token"),
    DOCKER_GITHUB.id: ("network: api.github.com", "credentials: github-token", "filesystem: the host, by its engine"),
    FILESYSTEM.id: (f"filesystem: {HOME}/src", f"filesystem: {HOME}/Documents/contracts/2026", "filesystem: /srv"),
    SENTRY.id: ("network: mcp.sentry.dev", "credentials: Authorization header"),
    PLAYWRIGHT.id: ("network: any host",),
    NOTION.id: ("network: mcp.notion.com", "credentials: NOTION_TOKEN"),
    CONTEXT7.id: ("network: context7.com", "credentials: CONTEXT7_API_KEY"),
    BUILD.id: ("shell: any command", "network: get.build.example", "filesystem"),
}

JUDGEMENT = Judgement(FINDINGS, MATCHES, TIERS, CAPABILITIES, RULES)


def hostile_judgement() -> tuple[Snapshot, Judgement, tuple[Change, ...]]:
    """The hostile snapshot, judged in its own words: every text that a scanned file can bring is an attack."""
    snapshot, changes = hostile()
    findings: list[Finding] = []
    matches: list[AdvisoryMatch] = []
    for index, artifact in enumerate(snapshot.artifacts):
        text = HOSTILE[index % len(HOSTILE)]
        findings.append(
            Finding(
                rule="download-and-run",
                title=RULES["download-and-run"].title,
                severity=list(Severity)[index % 5],
                confidence=Confidence.HIGH,
                message=f"{text} [click](https://evil.example) runs.",
                remediation="Remove it.",
                references=(text, "javascript:alert(1)", "https://evil.example/\"onload='x"),
                artifact=artifact.id,
                evidence=(f"program={text}",),
                fingerprint=text,
            )
        )
        matches.append(
            AdvisoryMatch(
                advisory=text,
                artifact=artifact.id if index % 2 else "",
                path=text,
                package=text,
                version=text,
                answer=("affected", "fixed", "no-fix", "uncertain", "not-affected")[index % 5],
                fixed_in=(text,),
                summary=text,
                why=text,
                confidence="high",
                severity="high",
                references=(text,),
            )
        )
    ids = [artifact.id for artifact in snapshot.artifacts]
    return (
        snapshot,
        Judgement(
            findings=tuple(findings),
            matches=tuple(matches),
            tiers={id_: TierView("unknown", HOSTILE) for id_ in ids},
            capabilities={id_: tuple(f"filesystem: {text}" for text in HOSTILE) for id_ in ids},
        ),
        changes,
    )
