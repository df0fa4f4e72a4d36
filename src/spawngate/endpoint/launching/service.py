"""SHELL. The five verbs of the relay: each is decided, answered and told to the trail. docs/launches.md.

`start` looks at files and so has parts that run beside the event loop; the others are answered at once. Every answer
comes with the events that must be on the disk before it is given; where they cannot be, `unrecorded` says what is
answered in its place.
Must not be here: the socket (`daemon.server`), what runs (`starts`), what follows a start (`course`), the rules about
approvals (`policy.approvals`).
"""

import asyncio
import os
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import msgspec

from spawngate.agents.document import Platform
from spawngate.endpoint.daemon.beside import Beside
from spawngate.endpoint.daemon.service import ElsewhereError
from spawngate.endpoint.files import network_mounts
from spawngate.endpoint.launching import approval_events, course, store, words
from spawngate.endpoint.launching.approvals import Watched
from spawngate.endpoint.launching.calls import Calls
from spawngate.endpoint.launching.confining import CONTAINED, NOT_CONFINED, Confined, confined, own_upstream
from spawngate.endpoint.launching.desk import Current, Desk, PreparedLaunch, kept, nothing
from spawngate.endpoint.launching.digests import Digests
from spawngate.endpoint.launching.engines import installed
from spawngate.endpoint.launching.fetching import fetching
from spawngate.endpoint.launching.keeping import Keeping
from spawngate.endpoint.launching.known import Records, Running, Seen
from spawngate.endpoint.launching.processes import lives, named
from spawngate.endpoint.launching.remotes import look_remote
from spawngate.endpoint.launching.requests import AGENT, NotUnderstoodError, Start, answer, understood
from spawngate.endpoint.launching.resolve import find
from spawngate.endpoint.launching.starts import Looked, look, reads
from spawngate.endpoint.launching.tools import ToolLists
from spawngate.endpoint.surroundings import surroundings_of
from spawngate.endpoint.sync.enrolment import is_enrolled
from spawngate.endpoint.trail.store import now
from spawngate.launch.definition import Definition
from spawngate.launch.identity import Identity
from spawngate.launch.patience import probe_seconds
from spawngate.model.call import HookReply
from spawngate.model.decision import Decision, Mode, Verdict
from spawngate.model.json import Json
from spawngate.policy.decider import Decided
from spawngate.policy.settings import PolicySettings
from spawngate.provenance.tracker import Relayed
from spawngate.redact.redactor import Redactor
from spawngate.trail.event import CallRecord, Event

NOT_UNDERSTOOD = "launch-not-understood"
FAULT = "internal-fault"
_INTERPRETERS = ("node", "npx", "python3", "uv", "uvx", "bun", "bunx", "deno", "docker", "java", "dotnet", "go")
WARMING = 20.0
"""Seconds for the digests of interpreters before anything is started."""

_UNSTATED = {name: value for name, value in msgspec.to_builtins(Identity("")).items() if name != "command"}
"""What an identity says of itself where nothing is known: left out of records."""


class Launches:
    """Answers the relay. `current` gives the decider and the settings in force."""

    def __init__(
        self,
        state: Path,
        current: Current,
        redactor: Redactor,
        key: bytes,
        *,
        endpoint: str = "",
        user: str = "",
        home: str = "",
        platform: Platform = "linux",
        fault: Callable[[BaseException], Event],
        clock: Callable[[], datetime] = now,
        bounded: Callable[[], AbstractContextManager[None]] = nullcontext,
        relayed: Callable[[Relayed], object] | None = None,
        beside: Beside | None = None,
    ) -> None:
        """`fault` makes the event of a fault of ours, `bounded` puts an end to an evaluation that takes too long.
        `relayed` gets what servers said to agents. `beside`: the processes that are shared with others."""
        self.approvals = Watched(state)
        self.records = Records(state)
        self._desk = Desk(current, self.records, ToolLists(state), redactor, clock, fault, endpoint, user, relayed)
        self._state, self._key, self._home, self._platform = state, key, home, platform
        self._digests = Digests(state / store.FOLDER / "digests.json")
        self._keeping = Keeping(state, self.records, self._digests, self.approvals)
        self._bounded = bounded
        self._calls = Calls(self._desk, bounded, beside)
        self._told = self.approvals.now()

    async def answer(self, verb: str, payload: bytes, started: int, relay: int = 0) -> PreparedLaunch:
        """The answer to one request of the process `relay`, 0 where that is not known. `started`: when it was complete
        (`perf_counter_ns`). Total."""
        try:
            if verb == "call":
                return await self._calls.answer(payload, started)
            if verb != "start":
                with self._bounded():
                    prepared = course.answered(self._desk, verb, payload, started)
                if prepared.after is not None:
                    # Shielded: who gives up waiting must not undo what the session has read.
                    await asyncio.wait((asyncio.shield(asyncio.wrap_future(prepared.after)),))
                return prepared
            asked = understood(payload, Start)
            looked = await asyncio.to_thread(self._look, asked)
            with self._bounded():
                prepared, seen = self._decided(looked, started, named(relay))
            if prepared.undo:
                self.records.start(self.records.running[prepared.undo])
            self._keeping.add(looked, seen)
        except NotUnderstoodError as error:
            problem = f"the launcher's request was not understood: {error}"
            return self._desk.refused(verb, NOT_UNDERSTOOD, problem, started)
        except ElsewhereError as error:
            problem = f"{error.event.detail['error']} inside Spawngate"
            return self._desk.refused(verb, FAULT, problem, started, error.event)
        except Exception as error:  # noqa: BLE001  # the one place where a fault of ours becomes a verdict
            return self._desk.refused(verb, FAULT, f"{type(error).__name__} inside Spawngate", started, error)
        return prepared

    def warm_up(self, path: str) -> None:
        """Do once what the first start would wait for: digests of the interpreters on `path`, tables and imports.

        Takes seconds, beside the loop. Raises nothing.
        """
        mounts = network_mounts()
        until = time.monotonic() + WARMING
        for name in _INTERPRETERS:
            where = find(name, "/", path)
            if where:
                self._digests.take(os.path.realpath(where), mounts, until)
        self._digests.keep()
        definition = Definition("npx", ("-y", "server@1.0.0"), {"NODE_OPTIONS": "--require /x.js"}, "/")
        surroundings_of(definition)
        self._desk.current()[0].launch(definition)

    def settle(self) -> None:
        """Wait until what is only remembered of the starts so far is written."""
        self._keeping.settle()

    def close(self) -> None:
        """Wait until everything is written down that is to be remembered. Every answer is recorded by then."""
        self._keeping.close()
        for _ in range(2):
            self.records.settle()

    def round(self) -> list[Event]:
        """What happened since the last round and nobody told: changes of approvals, and launchers that are gone."""
        self.records.settle()
        untold, self.records.untold = self.records.untold, ()
        gone = [*untold, *(each for each in self.records.running.values() if each.relay and not lives(each.relay))]
        return [*self._approved(), *(course.gone(self._desk, each) for each in gone)]

    def _approved(self) -> list[Event]:
        held = self.approvals.now()
        before, self._told = self._told, held
        desk = self._desk
        return [
            approval_events.event(each, at=desk.now(), endpoint=desk.endpoint, user=desk.user, channel="daemon")
            for each in (approval_events.changes(before, held) if before != held else ())
        ]

    def unrecorded(self, prepared: PreparedLaunch) -> HookReply:
        """The answer where the record could not be written. Total."""
        settings = self._desk.current()[1]
        if settings.mode_of(prepared.agent) is Mode.MONITOR or settings.not_recorded is not Verdict.DENY:
            return prepared.reply
        if prepared.undo:
            self.records.end(prepared.undo)
        return prepared.refused

    # start --------------------------------------------------------------------------------------------------------

    def _look(self, asked: Start) -> Looked:
        if asked.url:
            entry, at = self.records.entry(asked.id), self._desk.now()
            return look_remote(
                asked, entry, self.approvals, self._desk.redactor, self._key, at, platform=self._platform
            )
        return look(
            asked,
            self.records.entry(asked.id),
            self.approvals,
            self._digests,
            self._desk.redactor,
            self._key,
            self._desk.now(),
            home=self._home,
            platform=self._platform,
        )

    def _decided(self, looked: Looked, started: int, relay: str) -> tuple[PreparedLaunch, Seen]:
        desk = self._desk
        decider, settings = desk.current()
        entry, identity, stands = looked.entry, looked.identity, looked.standing
        decided = decider.launch(
            looked.definition,
            looked.surroundings,
            approved=stands.approved,
            server=desk.name(entry.name),
            fingerprint=identity.fingerprint,
        )
        decision, question = decided.decision, decided.question
        if decision.verdict is Verdict.ASK and stands.approved:
            # A person was asked already: that is what an approval is.
            decision = replace(decision, verdict=Verdict.LOG, message="")
        monitor = decision.mode is Mode.MONITOR
        allowed = monitor or decision.verdict in (Verdict.ALLOW, Verdict.LOG)
        program = looked.found.program
        if allowed and not program and not monitor:
            allowed = False
            decision = replace(decision, verdict=Verdict.DENY, reasons=(words.NO_PROGRAM,), message="")
        walls = NOT_CONFINED
        if allowed and not monitor:
            walls = confined(looked, settings.launches.sandbox, self._home or os.path.expanduser("~"), self._state)
        message = ""
        if not allowed:
            enrolled = is_enrolled(self._state)
            message = words.refused(entry.name, looked.shown, decision, stands, identity, enrolled=enrolled)
        if walls.problem and settings.launches.no_sandbox is Verdict.DENY:
            allowed, message = False, words.not_confined(entry.name, walls.problem)
            decision = replace(decision, verdict=Verdict.DENY, reasons=(words.NO_SANDBOX,))
        launch = secrets.token_hex(8)
        body = identity.anywhere().fingerprint
        if stands.approved and stands.approval is not None:
            self._carry(stands.approval.identity.anywhere().fingerprint, body)
        probe = self._probe(looked, settings, body) if allowed and not monitor else None
        at = desk.now()
        running = Running(
            launch=launch,
            entry=entry.id,
            name=entry.name,
            agent=entry.agent,
            fingerprint=identity.fingerprint,
            at=at,
            body=body,
            cwd=looked.cwd,
            tier=question.tier or "unknown",
            capabilities=question.capabilities,
            approved=stands.approved,
            probe=probe is not None,
            parent=max(looked.asked.parent, 0),
            process=named(looked.asked.parent),
            relay=relay,
            hints=desk.tools.hints(body),
            sandbox=walls.profile if walls.answer is not None else None,
        )
        reply: dict[str, Json] = {
            "verdict": "allow" if allowed else "deny",
            "launch": launch,
            "fingerprint": identity.fingerprint,
            "message": message,
            "program": program,
            "probe": probe,
            "confine": walls.answer,
            "drop": list(looked.drop),
            "relay": {"tools": True, "pins": True, "results": self._desk.hears(running)},
        }
        event = self._start_event(looked, decided, replace(decision, message=message), launch, started, walls, probe)
        if allowed:
            self.records.running[launch] = running
        seen = Seen(
            fingerprint=identity.fingerprint,
            identity=identity,
            entry=entry.id,
            name=desk.name(entry.name),
            agent=entry.agent,
            at=at,
            verdict=decision.verdict.value,
            state=stands.state.value,
            command=looked.shown,
            tier=question.tier,
            release_from=looked.found.resolved.release_from,
            findings=tuple(f"{each.rule} ({each.severity.value})" for each in decision.findings[:20]),
            changes=stands.difference.changed[:20],
        )
        prepared = PreparedLaunch(
            entry.agent or AGENT,
            None,
            decision,
            answer(reply),
            (event,),
            refused=answer({"verdict": "deny", "message": words.NOT_RECORDED, **nothing(launch, identity.fingerprint)}),
            undo=launch if allowed else "",
        )
        return prepared, seen

    def _carry(self, before: str, body: str) -> None:
        """What was learnt of a launch counts on when more is known of it: its tools, and that it passed probation."""
        if before == body:
            return
        self._desk.tools.carry(before, body)
        if before in self.records.proven and body not in self.records.proven:
            self.records.prove(body)

    def _probe(self, looked: Looked, settings: PolicySettings, body: str) -> dict[str, Json] | None:
        when = settings.launches.probation_under(settings.base)
        facts = looked.facts
        if looked.asked.url:
            return None  # there is no process that could be put on probation
        if when == "never" or (when == "new" and body in self.records.proven):
            return None
        home = self._home or os.path.expanduser("~")
        contained = facts.launcher in CONTAINED
        if contained and installed(looked.found.resolved.programs, home, looked.cwd):
            return None
        # A version that is installed needs nobody; everything else that is fetched does, and so does a bridge.
        fetches = (
            not contained
            and (bool(facts.package_name) or facts.source in ("git", "url"))
            and (facts.pin != "exact" or not looked.found.resolved.release_digest)
        )
        env = looked.definition.env
        network = fetches or bool(facts.bridge) or facts.runs_install
        hosts, told = fetching(looked, home) if network else (None, {})
        return {
            "seconds": probe_seconds(looked.entry.agent, looked.entry.timeout),
            "network": network,
            "hosts": list(hosts or ()),
            "upstream": own_upstream(looked),
            "env": told,
            "read": list(reads(looked, env)),
            "write": [],
        }

    def _start_event(
        self,
        looked: Looked,
        decided: Decided,
        decision: Decision,
        launch: str,
        started: int,
        walls: Confined,
        probe: dict[str, Json] | None,
    ) -> Event:
        entry, resolved, stands = looked.entry, looked.found.resolved, looked.standing
        desk = self._desk
        event = desk.decision(entry.agent, decision, started, question=decided.question)
        detail: dict[str, Json] = {
            "launch": launch,
            "entry": desk.entry(entry.id),
            "known": looked.known,
            "fingerprint": looked.identity.fingerprint,
            "approval": stands.state.value,
            "changes": list(stands.difference.changed[:20]),
            "bound": list(stands.difference.filled[:20]),
            "programs": [{"path": file.path, "sha256": file.digest} for file in (resolved.programs or ())[:10]],
            "scripts": [{"path": file.path, "sha256": file.digest} for file in (resolved.scripts or ())[:10]],
            "release": resolved.release,
            "release_from": resolved.release_from,
            "unknown": [each[:300] for each in resolved.unknown[:20]],
            "dropped": [desk.name(name) for name in looked.drop[:50]],
            "confine": walls.told(desk.redactor),
            "probe": None if probe is None else {"network": probe["network"], "hosts": probe["hosts"]},
        }
        if decision.verdict in (Verdict.DENY, Verdict.ASK):
            # What `spawngate request` would ask for: people at the server can approve it without being asked.
            asked = looked.identity.anywhere() if entry.id else looked.identity
            stated = msgspec.to_builtins(asked)
            detail["identity"] = {name: value for name, value in stated.items() if value != _UNSTATED.get(name)}
        record = CallRecord(
            kind="launch",
            commands=(looked.shown,),
            programs=decided.question.programs[:50],
            server=desk.name(entry.name),
            cwd=looked.identity.cwd or "",
        )
        return msgspec.structs.replace(event, call=record, detail=kept(detail))
