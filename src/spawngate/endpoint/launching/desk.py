"""SHELL. What every answer to the relay needs: what is in force, what is remembered, and how an event is made.

Must not be here: what is decided (`service`, `course`).
"""

import re
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter_ns
from typing import Any

import msgspec

from spawngate.endpoint.daemon.service import Prepared
from spawngate.endpoint.launching import words
from spawngate.endpoint.launching.known import Records, Running
from spawngate.endpoint.launching.requests import AGENT, answer
from spawngate.endpoint.launching.tools import ToolLists
from spawngate.model.call import HookReply, ToolCall
from spawngate.model.decision import Decision, Mode, Verdict
from spawngate.model.json import Json
from spawngate.policy.decider import Decider
from spawngate.policy.question import Question
from spawngate.policy.settings import PolicySettings
from spawngate.provenance.tracker import Relayed
from spawngate.redact.redactor import Redactor
from spawngate.trail.event import SCHEMA_VERSION, Actor, CallRecord, Event, EventType, plain
from spawngate.trail.moment import stamp
from spawngate.trail.record import decision_event

CHANNEL = "launcher"
NOT_RUNNING = "launch-not-known"
_ENTRY = re.compile(r"[0-9a-f]{24}")
Current = Callable[[], tuple[Decider, PolicySettings]]
"""What is in force now."""


@dataclass(frozen=True, slots=True)
class PreparedLaunch(Prepared):
    """An answer to the relay that is not recorded yet."""

    refused: HookReply = field(default_factory=HookReply)
    """The answer where it cannot be recorded."""
    undo: str = ""
    """Launch that is none then."""
    after: Future[Any] | None = None
    """What is to be done before the answer is given: whoever tells much waits, and not everybody else."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that answers are made with."""

    current: Current
    records: Records
    tools: ToolLists
    redactor: Redactor
    clock: Callable[[], datetime]
    fault: Callable[[BaseException], Event]
    """The event of a fault of ours."""
    endpoint: str = ""
    user: str = ""
    relayed: Callable[[Relayed], object] | None = None
    """Gets what servers said to agents."""

    def hears(self, running: Running) -> bool:
        """Whether what a server says must be known: not where a known one only reaches the machine's own files, whose
        owner a hook can tell and the relay cannot."""
        known = running.approved or running.tier == "official"
        return self.relayed is not None and (not known or "network" in running.capabilities)

    def now(self) -> str:
        """RFC 3339, UTC."""
        return stamp(self.clock())

    def name(self, text: str) -> str:
        """A foreign name as it may be recorded."""
        return self.redactor.name(text).text

    def entry(self, id_: str) -> str:
        """The id of an entry as it may be recorded: one of ours looks like a secret and is none."""
        return id_ if _ENTRY.fullmatch(id_) else self.name(id_)

    def decision(
        self,
        agent: str,
        decision: Decision,
        started: int | None,
        call: ToolCall | None = None,
        question: Question | None = None,
    ) -> Event:
        """The event of a decision. `started`: when the request was complete (`perf_counter_ns`)."""
        return decision_event(
            at=self.now(),
            agent=agent,
            call=call,
            decision=decision,
            question=question,
            redactor=self.redactor,
            endpoint=self.endpoint,
            user=self.user,
            latency_us=0 if started is None else (perf_counter_ns() - started) // 1000,
            channel=CHANNEL,
        )

    def event(
        self,
        type_: EventType,
        running: Running,
        detail: Mapping[str, Json],
        message: str = "",
        decision: Decision | None = None,
    ) -> Event:
        """The event of something that happened to a server."""
        event = Event(
            type=type_,
            at=self.now(),
            schema_version=SCHEMA_VERSION,
            endpoint=self.endpoint,
            channel=CHANNEL,
            actor=Actor(user=self.user, agent=running.agent, session=running.launch),
            call=CallRecord(kind="launch", server=self.name(running.name)),
            detail=kept({"launch": running.launch, "entry": self.entry(running.entry), **detail}),
            message=message,
        )
        if decision is None:
            return event
        told = self.decision(running.agent, decision, None)
        return msgspec.structs.replace(event, decision=told.decision)

    def refused(
        self, verb: str, reason: str, problem: str, started: int | None, error: BaseException | Event | None = None
    ) -> PreparedLaunch:
        """The configured verdict where a request could not be judged. A start is then refused in every case but that of
        monitor mode: nothing is known of what would be started, so nothing is said of how."""
        _, settings = self.current()
        verdict = Verdict.DENY if reason == NOT_RUNNING else settings.not_understood
        allowed = settings.mode is Mode.MONITOR or verdict is Verdict.ALLOW
        message = (
            f"Spawngate could not judge this ({problem}), and policy says {verdict.value} for what cannot be judged."
        )
        decision = Decision(verdict, reasons=(reason,), errors=(problem,), mode=settings.mode, message=message)
        event = msgspec.structs.replace(self.decision("", decision, started), detail={"verb": plain(verb[:40])})
        reply: dict[str, Json] = {"verdict": "allow" if allowed else "deny", "message": "" if allowed else message}
        if verb == "start":
            reply = {"verdict": "deny", "message": message, **nothing()}
        elif verb == "tools":
            reply["withhold"] = []
        elif verb == "end":
            reply = {}
        fault = self.fault(error) if isinstance(error, BaseException) else error
        events = (event,) if fault is None else (fault, event)
        refused = answer({**reply, "verdict": "deny", "message": words.NOT_RECORDED} if reply else reply)
        return PreparedLaunch(AGENT, None, decision, answer(reply), events, refused=refused)


def nothing(launch: str = "", fingerprint: str = "") -> dict[str, Json]:
    """The fields of an answer to `start` that starts nothing."""
    return {
        "launch": launch,
        "fingerprint": fingerprint,
        "program": "",
        "probe": None,
        "confine": None,
        "drop": [],
        "relay": {"tools": True, "pins": True, "results": False},
    }


def kept(detail: Mapping[str, Json]) -> dict[str, Json]:
    """The details that say something, as an event may hold them."""
    return {key: plain(value) for key, value in detail.items() if value not in ("", [], None)}
