"""SHELL. What a person or a model reads where a start or a call is refused: what, why, and how to go on.

Must not be here: why it is refused.
"""

from collections.abc import Sequence

from spawngate.launch.identity import SHORT, Identity
from spawngate.model.decision import Decision, Verdict
from spawngate.model.finding import Confidence, Finding, Severity
from spawngate.policy.approvals import Standing, State

NOT_RECORDED = (
    "Spawngate cannot write its record, and policy refuses what is not recorded. `spawngate daemon status` says why; "
    "tell whoever looks after this machine."
)
NOT_MCP = "executes-but-is-not-mcp"
NO_PROGRAM = "program-not-found"
NO_SANDBOX = "launches.no_sandbox"
WITHHELD = "tool-withheld"
NOT_SHOWN = "The tool is withheld, because nobody has approved it as it is now."
_APPROVABLE = frozenset(
    {
        "baseline-deny-not-approved",
        "strict-deny-not-approved",
        "baseline-deny-tainted-launch",
        "strict-deny-tainted-launch",
    }
)
"""Refusals that an approval lifts: what a person approved is held against nothing that a session has read."""
_OUTCOMES = {
    "not-mcp": "wrote what is no message of the protocol",
    "silent": "did not answer in time",
    "exited": "ended before it answered",
}


def refused(
    name: str, shown: str, decision: Decision, stands: Standing, identity: Identity, *, enrolled: bool = False
) -> str:
    """Why a server was not started, and what can be done. `enrolled`: there is a server to ask."""
    told = [f"Spawngate did not start the MCP server {name!r} ({shown[:300]}).", decision.message]
    if decision.reasons == (NO_PROGRAM,):
        return f"{told[0]} There is no such program in its place or on the PATH that the server would get."
    if stands.state is State.CHANGED:
        told.append(f"It is not what was approved: {'; '.join(stands.difference.changed[:5])}.")
    elif stands.state is State.REVOKED and stands.approval is not None:
        reason = f" ({stands.approval.revoked_reason})" if stands.approval.revoked_reason else ""
        told.append(f"Its approval was revoked{reason}.")
    elif stands.state is State.EXPIRED and stands.approval is not None:
        told.append(f"Its approval ended at {stands.approval.expires}.")
    if decision.reasons:
        told.append(f"Decided by {', '.join(decision.reasons)}.")
    if decision.verdict is Verdict.ASK or _APPROVABLE.issuperset(decision.reasons):
        short = identity.fingerprint[:SHORT]
        ask = f" To ask for it: `spawngate request {short} --reason WHY`." if enrolled else ""
        told.append(f"To approve it: `spawngate approve {short}`.{ask}")
    else:
        told.append("An approval does not lift this: policy has to say otherwise.")
    return " ".join(part for part in told if part)


def denied_call(name: str, tool: str, decision: Decision) -> str:
    """Why a tool was not called."""
    told = [f"Spawngate refused the call of {tool!r} on the MCP server {name!r}.", decision.message]
    if decision.verdict is Verdict.ASK:
        told.append("A person would have to be asked, and this channel has none: policy can allow it.")
    if decision.reasons:
        told.append(f"Decided by {', '.join(decision.reasons)}.")
    return " ".join(part for part in told if part)


def not_mcp(name: str, outcome: str, detail: str) -> Finding:
    """The finding about a program that is configured as a server and is none."""
    what = _OUTCOMES.get(outcome, "did not show that it is one")
    return Finding(
        rule=NOT_MCP,
        title="Executes but is not MCP",
        severity=Severity.CRITICAL if outcome == "not-mcp" else Severity.HIGH,
        confidence=Confidence.HIGH if outcome == "not-mcp" else Confidence.MEDIUM,
        message=f"{name!r} is configured as an MCP server and is none: it {what}{f' ({detail})' if detail else ''}.",
        remediation="Remove the entry, or correct what it starts.",
        references=("CWE-78",),
        evidence=(f"outcome={outcome}",),
    )


def probe_refused(name: str, message: str) -> str:
    """Why a server that was on probation is not started."""
    return (
        f"Spawngate started {name!r} confined, to see whether it is an MCP server, and ended it. {message} "
        "Nothing of it runs any more."
    )


def no_sandbox(name: str) -> str:
    """Why a server was not started where nothing can confine it."""
    return f"{name!r} has to be tried confined first, and this system has nothing to confine it with."


def no_walls(name: str) -> str:
    """Why a server was not started that has to stay confined, where nothing can confine it."""
    return f"{name!r} has to stay confined while it runs, and this system has nothing to confine it with."


def not_confined(name: str, why: str) -> str:
    """Why a server was not started that is of a kind that cannot be confined."""
    return (
        f"Spawngate did not start the MCP server {name!r}: it has to stay confined while it runs, and {why}. "
        "`spawngate approve --no-sandbox` lifts that."
    )


def changed_tools(name: str, fingerprint: str, told: Sequence[str], *, withheld: bool) -> str:
    """What changed in a server's tool list."""
    if not told:
        return ""
    what = f"The tools of the MCP server {name!r} are not those that were approved: {'; '.join(told[:5])}."
    if not withheld:
        return what
    return f"{what} What changed is withheld until `spawngate approve {fingerprint[:SHORT]}`."
