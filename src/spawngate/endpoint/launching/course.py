"""SHELL. What becomes of a server after its start: probation, its tools, calls of them, its end.

Must not be here: the start (`service`), which tools changed (`tools`), policies.
"""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

import msgspec

from spawngate.agents import AGENTS
from spawngate.command.inventory import InventoryView, ServerView
from spawngate.endpoint.daemon.processes import ASKING, above
from spawngate.endpoint.daemon.service import find_hook
from spawngate.endpoint.launching import walls, words
from spawngate.endpoint.launching.desk import NOT_RUNNING, Desk, PreparedLaunch
from spawngate.endpoint.launching.known import Running
from spawngate.endpoint.launching.processes import named
from spawngate.endpoint.launching.requests import (
    AGENT,
    Call,
    End,
    NotUnderstoodError,
    Probed,
    Told,
    Tools,
    answer,
    arguments_of,
    told,
    understood,
)
from spawngate.model.call import ToolCall, ToolKind
from spawngate.model.decision import Decision, Mode, Verdict
from spawngate.model.finding import Finding, Severity
from spawngate.model.json import Json
from spawngate.policy.decider import Decider, Looked
from spawngate.provenance.tracker import Relayed
from spawngate.trail.event import Event, EventType

Look = Callable[[Decider, ToolCall], Looked | None]
"""How a call is looked at."""
_UNKNOWN = "the daemon does not know this server's start"


def answered(desk: Desk, verb: str, payload: bytes, started: int) -> PreparedLaunch:
    """The answer to any verb but `start` and `call`. Raises NotUnderstoodError."""
    if verb == "probed":
        return _probed(desk, understood(payload, Probed))
    if verb == "tools":
        return _listed(desk, understood(payload, Tools))
    if verb == "told":
        return _told(desk, *told(payload))
    if verb == "confined":
        return walls.confined(desk, payload)
    if verb == "egress":
        return walls.refused(desk, payload)
    if verb == "end":
        return _ended(desk, understood(payload, End))
    raise NotUnderstoodError("there is no such verb")


def looked(desk: Desk, asked: Call) -> Looked | None:
    """What a call of a server that runs is found to be (`Decider.look`); None for one that does not."""
    running = desk.records.running.get(asked.launch)
    if running is None:
        return None
    decider, call = _opened(desk, asked, running)
    return decider.look(call)


def called(desk: Desk, asked: Call, started: int, look: Look) -> PreparedLaunch:
    """The answer to a call, looked at by `look`."""
    running = desk.records.running.get(asked.launch)
    if running is None:
        return desk.refused("call", NOT_RUNNING, _UNKNOWN, started)
    ASKING.set(running.parent)
    decider, call = _opened(desk, asked, running)
    decided = decider.conclude(call, look(decider, call))
    call = replace(call, session=running.launch)
    decision = decided.decision
    if asked.tool in running.withheld:
        # The agent was not shown it: another text told the model its name.
        decision = replace(decision, verdict=Verdict.DENY, reasons=(words.WITHHELD,), message=words.NOT_SHOWN)
    allowed = decision.mode is Mode.MONITOR or decision.verdict in (Verdict.ALLOW, Verdict.LOG)
    message = "" if allowed else words.denied_call(running.name, asked.tool, decision)
    event = desk.decision(running.agent, decision, started, call, decided.question)
    reply: dict[str, Json] = {"verdict": "allow" if allowed else "deny", "message": message}
    refused = answer({"verdict": "deny", "message": words.NOT_RECORDED})
    return PreparedLaunch(running.agent or AGENT, call, decision, answer(reply), (event,), refused=refused)


def _opened(desk: Desk, asked: Call, running: Running) -> tuple[Decider, ToolCall]:
    """Who decides about a call, and the call as it is decided about."""
    decider, _ = desk.current()
    # The relay knows no session of the agent. Where there is a hook, which does, it has judged the same call; where
    # there is none, one process of the agent is one session.
    heard = running.agent in AGENTS and bool(running.process) and find_hook(running.agent) is None
    call = ToolCall(
        running.agent,
        asked.tool,
        ToolKind.MCP,
        server=running.name,
        server_tool=asked.tool,
        input=arguments_of(asked.arguments),
        cwd=running.cwd,
        session=f"process {running.process}" if heard else running.launch,
    )
    known = InventoryView({running.name: _view(running)}, complete=True)
    return replace(decider, views={running.agent: known}, provenance=decider.provenance if heard else None), call


def _view(running: Running) -> ServerView:
    return ServerView(
        name=running.name,
        tier=running.tier,
        capabilities=running.capabilities,
        approved=running.approved,
        transport="stdio",
        fingerprint=running.fingerprint,
        hints={tool: frozenset(hints) for tool, hints in running.hints.items()},
    )


def _told(desk: Desk, asked: Told, lines: bytes) -> PreparedLaunch:
    """What a server said. Nobody waits for the answer, and no event quotes it; of a launch that is not known nobody can
    say whose session it was."""
    running = desk.records.running.get(asked.launch)
    empty = answer({})
    after: object = None
    if running is not None and desk.relayed is not None:
        after = desk.relayed(
            Relayed(
                agent=running.agent,
                server=_view(running),
                key=f"{running.process}\0{running.body or running.fingerprint}",
                processes=above(running.parent) if named(running.parent) == running.process else (),
                data=lines,
                partial=asked.partial,
            )
        )
    waits = after if isinstance(after, Future) else None
    return PreparedLaunch(AGENT, None, Decision(Verdict.ALLOW), empty, (), refused=empty, after=waits)


def _probed(desk: Desk, asked: Probed) -> PreparedLaunch:
    running = desk.records.running.get(asked.launch)
    if running is None:
        return desk.refused("probed", NOT_RUNNING, _UNKNOWN, None)
    _, settings = desk.current()
    mode = settings.mode_of(running.agent)
    verdict, message = Verdict.ALLOW, ""
    findings: tuple[Finding, ...] = ()
    if asked.outcome == "no-sandbox":
        verdict = settings.launches.no_sandbox
        say = words.no_sandbox if running.probe else words.no_walls
        message = "" if verdict is Verdict.ALLOW else say(running.name)
    elif asked.outcome != "mcp":
        finding = words.not_mcp(running.name, asked.outcome, desk.redactor.text(asked.detail[:500]).text)
        verdict, message, findings = Verdict.DENY, finding.message, (finding,)
    else:
        desk.records.prove(running.body)
    decision = Decision(
        verdict=verdict,
        reasons=() if verdict is Verdict.ALLOW else (words.NOT_MCP if findings else words.NO_SANDBOX,),
        findings=findings,
        severity=Severity.CRITICAL if findings else None,
        message=message,
        mode=mode,
    )
    allowed = mode is Mode.MONITOR or verdict is Verdict.ALLOW
    if allowed:
        desk.records.start(msgspec.structs.replace(running, probe=False))
    else:
        desk.records.end(running.launch)
    detail: dict[str, Json] = {
        "fingerprint": running.fingerprint,
        "outcome": asked.outcome[:40],
        "detail": desk.redactor.text(asked.detail[:500]).text,
        "era": asked.era[:40],
        "tools": len(asked.tools or ()),
    }
    if asked.layers:
        detail["layers"] = [desk.redactor.text(layer[:40]).text for layer in asked.layers[:16]]
    tried = running.probe or asked.outcome != "no-sandbox"
    event = desk.event(
        EventType.LAUNCH, running, {"what": "probed" if tried else "not-confined", **detail}, message, decision
    )
    told = "" if allowed else words.probe_refused(running.name, message) if tried else message
    reply: dict[str, Json] = {"verdict": "allow" if allowed else "deny", "message": told}
    refused = answer({"verdict": "deny", "message": words.NOT_RECORDED})
    return PreparedLaunch(
        running.agent or AGENT, None, decision, answer(reply), (event,), refused=refused, undo=running.launch
    )


def _listed(desk: Desk, asked: Tools) -> PreparedLaunch:
    running = desk.records.running.get(asked.launch)
    if running is None:
        return desk.refused("tools", NOT_RUNNING, _UNKNOWN, None)
    decider, settings = desk.current()
    mode = settings.mode_of(running.agent)
    others = {
        each.name: each.tools
        for each in desk.records.running.values()
        if each.agent == running.agent and each.name != running.name and each.tools
    }
    change = desk.tools.compare(running, asked, desk.now(), decider.rules, others)
    known = change.names if asked.tools is not None else running.tools
    withhold = mode is Mode.ENFORCE and settings.launches.changed_tools == "withhold" and bool(change.withhold)
    hidden = running.withheld if asked.tools is None else change.withhold if withhold else ()
    desk.records.running[running.launch] = msgspec.structs.replace(
        running, hints=dict(change.hints), tools=known, withheld=hidden
    )
    message = words.changed_tools(running.name, running.fingerprint, change.told, withheld=withhold)
    findings = tuple(decider.redacted(each) for each in change.findings)
    severity = max((each.severity for each in findings), key=lambda each: each.rank, default=None)
    decision = Decision(
        Verdict.LOG if change.told else Verdict.ALLOW, findings=findings, severity=severity, message=message, mode=mode
    )
    events: tuple[Event, ...] = ()
    if change.new:
        detail: dict[str, Json] = {
            "what": change.what,
            "fingerprint": running.fingerprint,
            "changes": [desk.redactor.text(each).text for each in change.told[:50]],
            "tools": change.count,
            "withheld": len(change.withhold) if withhold else 0,
        }
        shown = desk.redactor.text(message).text
        events = (desk.event(EventType.TOOLS, running, detail, shown, decision if findings else None),)
    reply: dict[str, Json] = {
        "verdict": "allow",
        "message": message,
        "withhold": list(change.withhold) if withhold else [],
    }
    refused = answer({"verdict": "deny", "message": words.NOT_RECORDED, "withhold": []})
    return PreparedLaunch(running.agent or AGENT, None, decision, answer(reply), events, refused=refused)


def _ended(desk: Desk, asked: End) -> PreparedLaunch:
    running = desk.records.end(asked.launch)
    empty = answer({})
    if running is None:
        return PreparedLaunch(AGENT, None, Decision(Verdict.ALLOW), empty, (), refused=empty)
    detail: dict[str, Json] = {
        "what": "ended",
        "fingerprint": running.fingerprint,
        "exit": asked.exit,
        "signal": asked.signal,
        "killed": asked.killed,
        "reason": desk.redactor.text(asked.reason[:300]).text,
        "messages": asked.messages,
    }
    event = desk.event(EventType.LAUNCH, running, detail)
    return PreparedLaunch(running.agent or AGENT, None, Decision(Verdict.ALLOW), empty, (event,), refused=empty)


def gone(desk: Desk, running: Running) -> Event:
    """The end of a launch whose relay is there no more and told nothing: it was killed, or the daemon was away."""
    desk.records.end(running.launch)
    detail: dict[str, Json] = {
        "what": "ended",
        "fingerprint": running.fingerprint,
        "reason": "the launcher was gone" + (" before probation was over" if running.probe else ""),
    }
    return desk.event(EventType.LAUNCH, running, detail)
