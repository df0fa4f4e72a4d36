"""A scanned project every text of which is hostile: markup, control characters, text that reorders, lone surrogates."""

from dataclasses import replace

from spawngate.codescan.finding import GuardUse, Hop, SlotVerdict, SourceKind, Trouble
from spawngate.codescan.outcome import Outcome
from spawngate.codescan.sdk import projects
from spawngate.model.observed import Diagnostic
from tests.codescan.findings import GUARDED, OUTCOME, RESULT, finding

HOSTILE = (
    "</script><script>alert(1)</script>",
    "\x1b]0;owned\x07\x1b[2J",
    "a\u202egnp.exe",
    "](https://evil.test) [x](javascript:alert(1))",
    "{{ 7 * 7 }} ${7*7} %(x)s",
    "\udcff\x00\r\n\t line",
    "'\"><img src=x onerror=alert(1)>",
)
ALL = " ".join(HOSTILE)


def hostile() -> Outcome:
    """Everything that comes from a project holds every hostile text."""
    site = replace(finding().site, path=ALL, text=ALL, function=ALL, call=ALL)
    bad = replace(
        finding(),
        rule=f"mcp-launch-http{ALL}",
        site=site,
        trace=tuple(Hop(ALL, number, ALL, ALL, ALL, ALL) for number in (1, 2, 3)),
        guards=(GuardUse(GUARDED.guards[0].strength, ALL, ALL, 3, ALL, ALL),),
        title=ALL,
        why=ALL,
        remediation=ALL,
        advisories=(ALL,),
        source_model=ALL,
        fingerprint=ALL,
    )
    report = replace(RESULT.sites[0], site=site, slots=(SlotVerdict(ALL, "unresolved", (SourceKind.HTTP,), (ALL,)),))
    name = ALL.replace("\\", "").replace('"', "").replace("\x00", "")
    manifest = b'{"name": "%s", "dependencies": {"mcp-use": "%s"}}' % (
        name.encode("utf-8", "replace"),
        name.encode("utf-8", "replace"),
    )
    result = replace(
        RESULT,
        evidence=(ALL,),
        findings=(bad, replace(bad, suppressed=ALL)),
        sites=(report,),
        troubles=(Trouble(ALL, 1, ALL),),
    )
    note = Diagnostic(ALL, ALL, ALL)
    return replace(
        OUTCOME,
        root=ALL,
        name=ALL,
        result=result,
        projects=projects([("package.json", manifest)])[0],
        diagnostics=(note,),
        notes=(note,),
        skipped={ALL: 1},
    )
