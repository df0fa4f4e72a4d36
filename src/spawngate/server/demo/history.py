"""The trail of the synthetic fleet: what happened on its machines, as sealed records in the order in which they came.

Must not be here: the machines (`world`), the store that takes the records (`fill`).
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from spawngate.agents import load_agent
from spawngate.agents.hooks.dialect import HookInputError
from spawngate.model.call import ToolCall
from spawngate.model.decision import Mode, Verdict
from spawngate.model.json import Json
from spawngate.policy.decider import Decided, Decider
from spawngate.redact.redactor import Redactor
from spawngate.server.demo.calls import CALLS
from spawngate.server.demo.catalogue import WITHOUT_HOOK
from spawngate.server.demo.world import KEY, Machine
from spawngate.server.store.port import Entry
from spawngate.trail import chain
from spawngate.trail.event import SCHEMA_VERSION, Actor, Event, EventType, subject_of
from spawngate.trail.moment import stamp
from spawngate.trail.record import decision_event

HOME = "/home/dev"
BUSY = 7
"""Calls of one machine on a working day, in the mean."""
_NAMING = "claude-code"
"""The agent whose hook's payloads `CALLS` are in."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened on one machine."""

    at: datetime
    machine: Machine
    event: Event


def decided_calls() -> Mapping[str, Sequence[Event]]:
    """Mode to the events of all calls: decided once by the real decider, and placed many times."""
    redactor = Redactor(KEY)
    usual = Decider(redactor=redactor, home=HOME, mode=Mode.MONITOR)
    deciders = {
        "monitor": usual,
        "ask": replace(usual, mode=Mode.ENFORCE, refusals=Verdict.ASK),
        "enforce": replace(usual, mode=Mode.ENFORCE),
    }
    return {mode: [_event(decider, each.value, redactor) for each in CALLS] for mode, decider in deciders.items()}


def calls(machines: Sequence[Machine], now: datetime, days: int) -> Iterator[Happened]:
    """The calls of all machines, each with its decision, in no order."""
    events = decided_calls()
    weights = [each.weight for each in CALLS]
    for machine in machines:
        chance = random.Random(f"calls {machine.number}")  # noqa: S311  # a made-up world, the same each time
        first = now - timedelta(days=min(machine.enrolled, days))
        last = now - timedelta(minutes=machine.silent)
        pace = chance.uniform(0.3, 1.8) * BUSY
        decided = [each for each in machine.agents if each.agent not in WITHOUT_HOOK]
        if not decided:
            continue
        day = first.replace(hour=0, minute=0, second=0, microsecond=0)
        while day < last:
            count = round(pace * chance.uniform(0.5, 1.4) * (0.12 if day.weekday() >= 5 else 1))
            session = f"{chance.getrandbits(64):016x}"
            agent = chance.choice(decided)
            for place in chance.choices(range(len(CALLS)), weights, k=count):
                at = day + timedelta(hours=8 + chance.betavariate(2, 2) * 10, microseconds=chance.randrange(10**6))
                if first <= at < last:
                    actor = Actor(user=machine.user, agent=agent.agent, session=session)
                    event = events[machine.mode][place]
                    yield Happened(at, machine, placed(event, actor, chance.randint(140, 900)))
            day += timedelta(days=1)


def lives(machines: Sequence[Machine], now: datetime, days: int) -> Iterator[Happened]:
    """What the daemons of all machines tell of themselves, in no order."""
    for machine in machines:
        chance = random.Random(f"life {machine.number}")  # noqa: S311  # as above
        begin = now - timedelta(days=min(machine.enrolled, days))
        yield Happened(begin, machine, _own(EventType.DAEMON_STARTED, "the daemon has started"))
        if machine.mode != "monitor":
            at = begin + (now - begin) * chance.uniform(0.3, 0.6)
            change = subject_of("policy", "baseline", "baseline", "changed")
            event = msgspec.structs.replace(
                _own(EventType.POLICY_CHANGED, f"another policy is in force: baseline, {machine.mode}"),
                subject=change,
                detail={"mode": machine.mode, "policy": "baseline"},
            )
            yield Happened(at, machine, event)
        if chance.random() < 0.04:
            at = begin + (now - begin) * chance.uniform(0.5, 0.95)
            agent = chance.choice(machine.agents).agent
            detail: dict[str, Json] = {"what": "entry-removed", "agent": agent, "path": f"{machine.home}/.config"}
            event = _own(EventType.SELF_PROTECTION, f"an entry of ours was removed from {agent}'s file")
            yield Happened(at, machine, msgspec.structs.replace(event, detail=detail))


def entries(happened: Sequence[Happened]) -> Iterator[list[Entry]]:
    """Everything that happened as sealed records in the order of time, a day at most in each batch."""
    heads: dict[str, chain.Head] = {}
    batch: list[Entry] = []
    for each in sorted(happened, key=lambda one: (one.at, one.machine.number)):
        machine = each.machine
        head = heads.get(machine.id) or chain.Head(machine.installation[:16])
        entry, heads[machine.id] = sealed(each, head, stamp(each.at))
        if batch and (len(batch) >= 5_000 or batch[-1].received[:10] != entry.received[:10]):
            yield batch
            batch = []
        batch.append(entry)
    if batch:
        yield batch


def sealed(happened: Happened, head: chain.Head, received: str) -> tuple[Entry, chain.Head]:
    """What happened as the next record of its machine's stream, and the new head."""
    machine, at = happened.machine, stamp(happened.at)
    event = msgspec.structs.replace(happened.event, at=at, endpoint=machine.installation)
    record, head = chain.seal(event, head)
    return Entry(machine.id, head.stream, head.sequence, at, received, event.type, record), head


def placed(event: Event, actor: Actor, latency: int) -> Event:
    """A decided call as one of somebody's; `latency` in microseconds."""
    decision = event.decision
    if decision is not None:
        decision = msgspec.structs.replace(decision, latency_us=latency)
    return msgspec.structs.replace(event, actor=actor, decision=decision)


def _event(decider: Decider, value: Mapping[str, Json], redactor: Redactor) -> Event:
    payload = {
        "hook_event_name": "PreToolUse",
        "tool_name": value["tool"],
        "tool_input": value["input"],
        "cwd": f"{HOME}/src/app",
    }
    call, decided = _decided(decider, payload)
    return decision_event(
        at="",
        agent=_NAMING,
        call=call,
        decision=decided.decision,
        redactor=redactor,
        question=decided.question,
    )


def _decided(decider: Decider, payload: Mapping[str, Json]) -> tuple[ToolCall, Decided]:
    hook = load_agent(_NAMING).hook
    if hook is None:
        raise HookInputError("no hook")
    call = hook.decode(msgspec.json.encode(payload), {})
    return call, decider.decide(call)


def _own(type_: EventType, message: str) -> Event:
    return Event(type=type_, at="", schema_version=SCHEMA_VERSION, channel="daemon", message=message)
