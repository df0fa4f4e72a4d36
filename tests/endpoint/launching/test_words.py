"""What people read: what, why, and how to go on."""

from spawngate.endpoint.launching import words
from spawngate.launch.identity import Difference, Identity
from spawngate.model.decision import Decision, Verdict
from spawngate.model.finding import Severity
from spawngate.policy.approvals import Approval, Standing, State

IDENTITY = Identity("npx", ("y",))
SHORT = IDENTITY.fingerprint[:12]
REFUSED = Decision(Verdict.DENY, ("baseline-deny-not-approved",), message="Refused: this launch has no approval.")
APPROVAL = Approval(IDENTITY.fingerprint, IDENTITY, "t", "ann", expires="2026-11-20", revoked_reason="stolen")


def test_refused() -> None:
    plain = words.refused("files", "npx y", REFUSED, Standing(State.UNAPPROVED), IDENTITY)
    assert plain == (
        "Spawngate did not start the MCP server 'files' (npx y). Refused: this launch has no approval. "
        f"Decided by baseline-deny-not-approved. To approve it: `spawngate approve {SHORT}`."
    )
    enrolled = words.refused("files", "npx y", REFUSED, Standing(State.UNAPPROVED), IDENTITY, enrolled=True)
    assert enrolled == f"{plain} To ask for it: `spawngate request {SHORT} --reason WHY`."
    changed = Standing(State.CHANGED, APPROVAL, Difference(("the command was a and is b", "argument 1 is gone: c")))
    told = words.refused("files", "npx y", REFUSED, changed, IDENTITY)
    assert "It is not what was approved: the command was a and is b; argument 1 is gone: c." in told
    revoked = words.refused("files", "npx y", REFUSED, Standing(State.REVOKED, APPROVAL), IDENTITY)
    assert "Its approval was revoked (stolen)." in revoked
    expired = words.refused("files", "npx y", REFUSED, Standing(State.EXPIRED, APPROVAL), IDENTITY)
    assert "Its approval ended at 2026-11-20." in expired


def test_refused_for_good() -> None:
    grave = Decision(Verdict.DENY, ("baseline-deny-critical",), message="Refused: it downloads and runs.")
    told = words.refused("files", "sh", grave, Standing(State.APPROVED, APPROVAL), IDENTITY)
    assert told.endswith("An approval does not lift this: policy has to say otherwise.")
    absent = Decision(Verdict.DENY, (words.NO_PROGRAM,))
    assert words.refused("files", "x", absent, Standing(State.UNAPPROVED), IDENTITY) == (
        "Spawngate did not start the MCP server 'files' (x). "
        "There is no such program in its place or on the PATH that the server would get."
    )


def test_asked() -> None:
    asks = Decision(Verdict.ASK, ("strict-ask-unknown-launch",), message="Needs a person's approval.")
    told = words.refused("files", "npx y", asks, Standing(State.UNAPPROVED), IDENTITY)
    assert told.endswith(f"To approve it: `spawngate approve {SHORT}`.")
    assert "this channel has none" in words.denied_call("files", "read", asks)
    assert words.denied_call("files", "read", REFUSED) == (
        "Spawngate refused the call of 'read' on the MCP server 'files'. Refused: this launch has no approval. "
        "Decided by baseline-deny-not-approved."
    )


def test_not_mcp() -> None:
    found = words.not_mcp("files", "not-mcp", "line 1: hello")
    assert (found.rule, found.severity) == ("executes-but-is-not-mcp", Severity.CRITICAL)
    assert found.message == (
        "'files' is configured as an MCP server and is none: it wrote what is no message of the protocol "
        "(line 1: hello)."
    )
    assert words.not_mcp("files", "silent", "").severity is Severity.HIGH
    assert words.not_mcp("files", "odd", "").message.endswith("it did not show that it is one.")


def test_tools() -> None:
    assert words.changed_tools("files", "f" * 32, (), withheld=True) == ""
    told = words.changed_tools("files", "f" * 32, ("'a' is new",), withheld=True)
    assert told == (
        "The tools of the MCP server 'files' are not those that were approved: 'a' is new. "
        "What changed is withheld until `spawngate approve ffffffffffff`."
    )
    assert words.changed_tools("files", "f" * 32, ("'a' is new",), withheld=False).endswith("'a' is new.")
