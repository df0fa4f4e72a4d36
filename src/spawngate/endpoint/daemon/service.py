"""SHELL. The evaluation of one hook call: payload in, reply and event out. Used by the daemon, by `spawngate hook`
and by tests alike.

`prepare` is total: whatever goes wrong becomes the configured verdict in the agent's own words, and an event that
tells where, without any value. Recording is the caller's: `answer` records one call, the daemon records many at once.
Must not be here: sockets, and what is decided.
"""

import hashlib
import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic, perf_counter_ns
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from spawngate.agents import AGENTS, load_agent
from spawngate.agents.hooks.caller import caller, opened
from spawngate.agents.hooks.caller import keys as call_keys
from spawngate.agents.hooks.dialect import Hook, HookInputError
from spawngate.agents.hooks.mcp_names import settle
from spawngate.agents.hooks.once import Once
from spawngate.endpoint.trail.store import TrailError, TrailStore, now
from spawngate.model.call import HookReply, ToolCall
from spawngate.model.decision import Decision, Mode, Verdict
from spawngate.policy.settings import PolicySettings
from spawngate.redact.redactor import Redactor
from spawngate.trail.event import SCHEMA_VERSION, Actor, Event, EventType
from spawngate.trail.moment import stamp
from spawngate.trail.record import decision_event

if TYPE_CHECKING:
    # Whoever only refuses must not need the evaluation.
    from spawngate.policy.decider import Decided, Looked

Look = Callable[["Decides", ToolCall], "Looked | None"]
"""How a call is looked at: with the decider in force, or what another process has found."""

NOT_UNDERSTOOD = "hook-input-not-understood"
FAULT = "internal-fault"
NOT_RECORDED = "not-recorded"
UNKNOWN_AGENT = "unknown-agent"
MAX_PLACES = 12
"""Frames of a traceback that an event holds, innermost last."""


class Decides(Protocol):
    """What the service needs of a decider."""

    def look(self, call: ToolCall) -> "Looked | None":
        """What depends on the call alone. May be interrupted, done again, and done in another process."""

    def conclude(self, call: ToolCall, looked: "Looked | None") -> "Decided":
        """The decision about one call that was looked at."""

    def rehearse(self, call: ToolCall) -> "Decided":
        """The decision about a call that nobody makes."""


class ElsewhereError(Exception):
    """A fault of ours in another process, which has told it as an event."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class Opened(Struct, frozen=True):
    """A call that is understood and not decided."""

    agent: str
    hook: Hook
    call: ToolCall
    started: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A call that is decided and not yet recorded."""

    agent: str
    call: ToolCall | None
    decision: Decision
    reply: HookReply
    events: tuple[Event, ...]
    """To be recorded before the reply is given. None where this call is answered and recorded already."""
    keys: tuple[str, ...] = ()
    """By which another hook that tells of the same call is known."""


def _what(call: ToolCall) -> bytes:
    """Digest of what a call would do: two hooks that tell of one call agree in it.

    A common id is not enough, because an agent may count its calls anew each turn. A digest, because the texts
    themselves must not stay in memory.
    """
    edits = [(edit.path, edit.old, edit.new, edit.everywhere, edit.moved_to) for edit in call.edits]
    given = call.input if call.server_tool else None
    parts = (call.agent, call.kind.value, call.commands, call.argvs, call.dialect, call.paths, edits, call.urls)
    told = repr((*parts, call.server, call.server_tool, given, call.cwd))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest()


def find_hook(agent: str) -> Hook | None:
    """The dialect of an agent; None where there is no such agent or it has no hook."""
    return load_agent(agent).hook if agent in AGENTS else None


class Service:
    """Evaluates calls with what is in force now. `decider` and `settings` are replaced together by `use`."""

    def __init__(
        self,
        decider: Decides,
        redactor: Redactor,
        *,
        settings: PolicySettings | None = None,
        endpoint: str = "",
        user: str = "",
        find: Callable[[str], Hook | None] = find_hook,
        servers: Mapping[str, Sequence[str]] | None = None,
        clock: Callable[[], datetime] = now,
        steady: Callable[[], float] = monotonic,
    ) -> None:
        self._in_force = (decider, settings or PolicySettings())
        self._servers = servers or {}
        self._redactor = redactor
        self._endpoint = endpoint
        self._user = user
        self._find = find
        self._clock = clock
        self._steady = steady
        self._hooks: dict[str, Hook | None] = {}
        self._answered: Once[tuple[bytes, Decision]] = Once()

    @property
    def settings(self) -> PolicySettings:
        """What failure means, and in which mode."""
        return self._in_force[1]

    def use(
        self, decider: Decides, settings: PolicySettings, servers: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Decide with these from the next call on. `servers`: names of the configured servers of each agent."""
        self._in_force = (decider, settings)
        self._servers = servers or {}
        self._answered = Once()

    def know(self, agent: str) -> Hook | None:
        """The dialect of an agent, kept for its calls; None where it has none."""
        return self._hook(agent)

    def rehearse(self, call: ToolCall) -> "Decided":
        """Decide about a call that nobody makes; nothing is recorded."""
        return self._in_force[0].rehearse(call)

    def answer(self, store: TrailStore, agent: str, payload: bytes, environment: Mapping[str, str]) -> HookReply:
        """Decide, record, and give the reply. Total."""
        prepared = self.prepare(agent, payload, environment)
        try:
            store.append(prepared.events)
        except TrailError:
            return self.unrecorded(prepared)
        self.recorded(prepared)
        return prepared.reply

    def recorded(self, prepared: Prepared) -> None:
        """The events are on the disk: from now on another hook that tells of the same call is answered alike."""
        if prepared.keys and prepared.events and prepared.call is not None:
            self._answered.keep(self._steady(), prepared.keys, (_what(prepared.call), prepared.decision))

    def prepare(
        self, agent: str, payload: bytes, environment: Mapping[str, str], *, started_ns: int | None = None
    ) -> Prepared:
        """Decode and decide. Total. Arguments as those of `open`."""
        opened = self.open(agent, payload, environment, started_ns=started_ns)
        return opened if isinstance(opened, Prepared) else self.judge(opened)

    def open(
        self, agent: str, payload: bytes, environment: Mapping[str, str], *, started_ns: int | None = None
    ) -> Opened | Prepared:
        """Decode. Total: what cannot be understood is decided already.

        `agent` is the one in whose file the hook stands; another that runs the file too is told by the payload.
        `started_ns`: when the request was complete (`perf_counter_ns`).
        """
        started = perf_counter_ns() if started_ns is None else started_ns
        hook: Hook | None = None
        try:
            hook = self._hook(agent)
            given = opened(payload)
            caller_ = caller(agent, given, environment)
            if caller_ != agent:
                agent, hook = caller_, self._hook(caller_) or hook
            if hook is None:
                return self._failed(agent, None, None, UNKNOWN_AGENT, "this agent has no hook that is known", started)
            call = settle(hook.decode(given, environment), hook.mcp_form, self._servers.get(agent, ()))
            return Opened(agent, hook, call, started)
        except HookInputError as error:
            return self._failed(agent, hook, None, NOT_UNDERSTOOD, str(error), started)
        except Exception as error:  # noqa: BLE001  # a fault of ours becomes the configured verdict
            return self._faulty(agent, hook, None, started, self.fault(error, agent))

    def judge(self, opened: Opened, look: Look | None = None) -> Prepared:
        """Decide. Total; what is no `Exception` and comes out of `look` passes, and then nothing has happened."""
        agent, hook, call, started = opened.agent, opened.hook, opened.call, opened.started
        try:
            keys = call_keys(call)
            before = self._answered.find(self._steady(), keys)
            if before is not None and before[0] == _what(call):
                return Prepared(agent, call, before[1], hook.encode(before[1], call), ())
            decider = self._in_force[0]
            looked = decider.look(call) if look is None else look(decider, call)
            decided = decider.conclude(call, looked)
            decision = decided.decision
            event = decision_event(
                at=stamp(self._clock()),
                agent=agent,
                call=call,
                decision=decision,
                question=decided.question,
                redactor=self._redactor,
                endpoint=self._endpoint,
                user=self._user,
                latency_us=(perf_counter_ns() - started) // 1000,
            )
            return Prepared(agent, call, decision, hook.encode(decision, call), (event,), keys)
        except ElsewhereError as error:
            return self._faulty(agent, hook, call, started, error.event)
        except Exception as error:  # noqa: BLE001  # the one place where a fault of ours becomes the configured verdict
            return self._faulty(agent, hook, call, started, self.fault(error, agent))

    def told(self, opened: Opened) -> "Looked | Event | None":
        """What a look finds, or the event of a fault in it: for another process, which cannot raise here. Total."""
        try:
            return self._in_force[0].look(opened.call)
        except Exception as error:  # noqa: BLE001  # told to the one that asked
            return self.fault(error, opened.agent)

    def unrecorded(self, prepared: Prepared) -> HookReply:
        """The reply where the record could not be written. Never looser than what was decided. Total."""
        settings = self.settings
        decision = prepared.decision
        if settings.mode_of(prepared.agent) is Mode.MONITOR or settings.not_recorded is not Verdict.DENY:
            return prepared.reply
        if decision.verdict is Verdict.DENY and decision.mode is Mode.ENFORCE:
            return prepared.reply
        refused = replace(
            decision,
            verdict=Verdict.DENY,
            reasons=tuple(sorted({*decision.reasons, NOT_RECORDED})),
            mode=Mode.ENFORCE,
            silent=False,
            message="Spawngate cannot write its record, and policy refuses what is not recorded. "
            "`spawngate daemon status` says why; tell whoever looks after this machine.",
        )
        return self._encode(self._hooks.get(prepared.agent), refused, prepared.call)

    def fault(self, error: BaseException, agent: str = "") -> Event:
        """The event of a fault of ours: the type and the places in our code, and no values."""
        frames = traceback.extract_tb(error.__traceback__)[-MAX_PLACES:]
        return Event(
            type=EventType.FAULT,
            at=stamp(self._clock()),
            schema_version=SCHEMA_VERSION,
            endpoint=self._endpoint,
            channel="hook",
            actor=Actor(user=self._user, agent=agent if agent in AGENTS else ""),
            detail={
                "error": type(error).__name__,
                "places": [f"{os.path.basename(each.filename)}:{each.lineno} ({each.name})" for each in frames],
            },
        )

    def _hook(self, agent: str) -> Hook | None:
        if agent not in self._hooks:
            if agent not in AGENTS and self._find is find_hook:
                return None  # not remembered: names that clients make up must not fill the memory
            self._hooks[agent] = self._find(agent)
        return self._hooks[agent]

    def _faulty(self, agent: str, hook: Hook | None, call: ToolCall | None, started: int, fault: Event) -> Prepared:
        return self._failed(agent, hook, call, FAULT, f"{fault.detail['error']} inside Spawngate", started, fault)

    def _failed(
        self,
        agent: str,
        hook: Hook | None,
        call: ToolCall | None,
        reason: str,
        problem: str,
        started: int,
        fault: Event | None = None,
    ) -> Prepared:
        settings = self.settings
        decision = Decision(
            verdict=settings.not_understood,
            reasons=(reason,),
            errors=(problem,),
            mode=settings.mode_of(agent),
            message=f"Spawngate could not judge this call ({problem}), and policy says {settings.not_understood.value} "
            "for what cannot be judged.",
        )
        try:
            event = decision_event(
                at=stamp(self._clock()),
                agent=agent,
                call=call,
                decision=decision,
                redactor=self._redactor,
                endpoint=self._endpoint,
                user=self._user,
                latency_us=(perf_counter_ns() - started) // 1000,
            )
        except Exception:  # noqa: BLE001  # the call itself may be what cannot be recorded
            event = decision_event(
                at=stamp(self._clock()),
                agent=agent if agent in AGENTS else "",
                call=None,
                decision=replace(decision, errors=(), message=""),
                redactor=self._redactor,
                endpoint=self._endpoint,
                user=self._user,
            )
        events = (event,) if fault is None else (fault, event)
        return Prepared(agent, call, decision, self._encode(hook, decision, call), events)

    def _encode(self, hook: Hook | None, decision: Decision, call: ToolCall | None) -> HookReply:
        """The reply in the agent's words, or in the form that most agents understand."""
        if hook is not None:
            try:
                return hook.encode(decision, call)
            except Exception:  # noqa: BLE001, S110  # an encoder is total by contract; a fault in one must not open the gate
                pass
        if decision.mode is Mode.ENFORCE and decision.verdict in (Verdict.DENY, Verdict.ASK):
            return HookReply(stderr=f"{decision.message}\n".encode("utf-8", "replace"), exit_code=2)
        return HookReply()
