"""SHELL. Changes of agents' files that no decided call made: an editor, an opened link, an installer.

Each is judged as if it were about to happen, recorded, and where policy says so taken back. What a call would write is
told beforehand (`daemon.expected`), so that it is not told again.
Must not be here: what a change means (`configuration`, `policy.changes`), inventories (`endpoint.watch`), our own
entries (`endpoint.protect.guard`).
"""

import hashlib
import os
import pwd
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, perf_counter

import msgspec

from spawngate.agents import AGENTS, load_agent
from spawngate.agents.document import Platform
from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import EditError
from spawngate.agents.places import HomeContext, home_patterns
from spawngate.command.context import CallContext
from spawngate.configuration.change import Difference
from spawngate.configuration.difference import Surroundings, difference
from spawngate.configuration.disabling import disable
from spawngate.configuration.files import MISSING, Content, Missing, Unknown
from spawngate.configuration.outcome import Outcome
from spawngate.configuration.recognise import Known, recognise
from spawngate.endpoint.agent_files import AgentFiles
from spawngate.endpoint.daemon import disabled
from spawngate.endpoint.daemon.disabled import Kept
from spawngate.endpoint.daemon.expected import Expected
from spawngate.endpoint.protect import atomic
from spawngate.endpoint.protect.atomic import WriteError
from spawngate.endpoint.trail.store import now
from spawngate.model.decision import Decision, Mode, Verdict
from spawngate.model.errors import StateError
from spawngate.model.json import Json
from spawngate.policy.decider import Decided, Decider
from spawngate.policy.settings import PolicySettings
from spawngate.redact.redactor import Redactor
from spawngate.trail.event import Event, EventType
from spawngate.trail.moment import stamp
from spawngate.trail.record import decision_event

EVERY = 2.0
"""Seconds between two looks."""
LARGEST = 1 << 20
"""Bytes of a file whose content is remembered; larger ones are noticed by the inventory alone."""
MOST_BYTES = 24 << 20
"""Bytes of all contents that are remembered."""
MOST_KEPT = 64
"""Contents that were taken back and are kept for a person to look at."""
MOST_CHANGES = 20
_TEXT = (Format.JSON, Format.JSONC, Format.JSON5, Format.TOML, Format.YAML)

Signature = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Changed:
    """One file that is another one than at the last look."""

    path: str
    before: Content
    after: Content
    owner: int
    modified: float
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a change."""

    reverted: bool = False
    """The file is as before again."""
    kept: str = ""
    """Where the refused content is."""
    disabled: tuple[tuple[str, str], ...] = ()
    """Servers that were switched off, and how."""
    problem: str = ""


@dataclass(slots=True)
class _Remembered:
    signature: Signature | None
    content: Content
    again: float = 0.0
    """Monotonic seconds before which it is not read again: a file that changes all the time must not cost all the
    time."""


class OutsideEdits:
    """The agents' files of one home, remembered."""

    def __init__(
        self,
        state: Path,
        current: Callable[[], tuple[Decider, PolicySettings]],
        redactor: Redactor,
        expected: Expected,
        *,
        home: str,
        endpoint: str = "",
        user: str = "",
        files: AgentFiles | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._state, self._current, self._redactor, self._expected = state, current, redactor, expected
        self._home, self._endpoint, self._user = home, endpoint, user
        self._files, self._clock = files or AgentFiles(), clock
        self._paths: dict[str, None] = {}
        self._remembered: dict[str, _Remembered] = {}
        self._known: frozenset[str] = frozenset()
        self._next = 0.0

    def watch(self, paths: Iterable[str]) -> None:
        """Look at these too: files that an inventory has found."""
        context = self._context()
        for path in paths:
            if path not in self._paths and os.path.isabs(path) and recognise(path, context):
                self._paths[path] = None

    def due(self) -> bool:
        """Whether it is time for another look."""
        moment = self._clock()
        if moment < self._next:
            return False
        self._next = moment + EVERY
        return True

    def look(self) -> tuple[Changed, ...]:
        """What has changed since the last look; nothing at the first. Reads files: off the loop."""
        if not self._paths:
            self.watch(_own_files(self._home, self._current()[0].platform))
        found: list[Changed] = []
        moment = self._clock()
        for path in list(self._paths):
            before = self._remembered.get(path)
            if before is not None and moment < before.again:
                continue
            status, signature = _signature(path)
            if before is not None and before.signature == signature:
                continue
            content = self._read(path, signature, before)
            self._remembered[path] = _Remembered(signature, content)
            # A file of which nothing was known is new only where it was not there at the last look.
            if before is None or isinstance(before.content, Unknown) or content == before.content:
                continue
            owner = status.st_uid if status is not None else -1
            modified = status.st_mtime if status is not None else 0.0
            found.append(Changed(path, before.content, content, owner, modified))
        return tuple(found)

    def tell(self, changed: Iterable[Changed]) -> tuple[Event, ...]:
        """The events of what changed, judged with what is in force, and taken back where policy says so."""
        events = []
        decider, settings = self._current()
        for one in changed:
            started = perf_counter()
            event = self._told(one, decider, settings)
            cost = perf_counter() - started
            self._remembered[one.path].again = self._clock() + min(60.0, 20 * cost)
            if event is not None:
                events.append(event)
        self._known = frozenset(decider.launches)
        return tuple(events)

    def _told(self, one: Changed, decider: Decider, settings: PolicySettings) -> Event | None:
        if self._is_expected(one):
            return None
        readers = recognise(one.path, self._context())
        if not readers:
            return None
        where = Surroundings(one.path, self._home, decider.platform)
        differences, reason = difference(one.before, one.after, readers, where)
        differences = tuple(each for each in differences if not _is_ours(each))
        if not differences:
            return None
        decided = decider.changed(readers[0].agent, one.path, Outcome(differences), self._known)
        done = Done()
        if self._acts(decided.decision, settings):
            done = self._undone(one, decider, settings, readers, differences)
        if decided.decision.verdict is Verdict.ALLOW and not decided.decision.findings:
            return None
        return self._event(one, decided, differences, reason, done)

    def _is_expected(self, one: Changed) -> bool:
        if not isinstance(one.after, bytes):
            return False
        digest = digest_of(one.after)
        return self._expected.take(one.path, digest) or disabled.is_brought_back(self._state, one.path, digest)

    @staticmethod
    def _acts(decision: Decision, settings: PolicySettings) -> bool:
        return settings.outside != "log" and decision.verdict is Verdict.DENY and decision.mode is Mode.ENFORCE

    def _undone(
        self,
        one: Changed,
        decider: Decider,
        settings: PolicySettings,
        readers: Sequence[Known],
        differences: Sequence[Difference],
    ) -> Done:
        """The refused part of the change undone, where that can be."""
        below_home = one.path.startswith(self._home.rstrip("/") + "/")
        if not below_home or not isinstance(one.after, bytes):
            return Done(problem="only a person's own files are taken back")
        if settings.outside == "disable":
            refused = [each for each in differences if self._is_refused(one, decider, readers, each)]
            servers = [each.facts.name for each in refused if each.facts.what == "server"]
            if servers and len(servers) == len(refused):
                return self._switch_off(one, one.after, readers, servers)
        if isinstance(one.before, Unknown):
            return Done(problem="only a person's own files are taken back")
        return self._take_back(one, one.after)

    def _is_refused(self, one: Changed, decider: Decider, readers: Sequence[Known], each: Difference) -> bool:
        decided = decider.changed(readers[0].agent, one.path, Outcome((each,)), self._known)
        return decided.decision.verdict is Verdict.DENY

    def _switch_off(self, one: Changed, data: bytes, readers: Sequence[Known], names: Sequence[str]) -> Done:
        """The entries of these names off, in the agent's own terms or taken out, until an approval brings them back."""
        where = Surroundings(one.path, self._home, self._current()[0].platform)
        try:
            after, entries = disable(data, names, readers, where)
            held = atomic.hold(one.path)
            if held.data != data:
                return Done(problem="it was changed again")
            at, form = stamp(now()), readers[0].location.format.value
            before, digest = digest_of(data), digest_of(after)
            kept = [Kept(one.path, readers[0].agent, form, at, each, before, digest) for each in entries]
            disabled.remember(self._state, data, kept)
            atomic.put(held, after)
        except (WriteError, EditError, StateError, OSError) as error:
            # What cannot be switched off must not stay on.
            told = self._take_back(one, data) if not isinstance(one.before, Unknown) else Done()
            return replace(told, problem="; ".join(filter(None, (f"not switched off: {error}", told.problem))))
        self._remembered[one.path] = _Remembered(_signature(one.path)[1], after)
        return Done(disabled=tuple((each.name, each.how) for each in entries))

    def _take_back(self, one: Changed, data: bytes) -> Done:
        """The file as before again."""
        assert not isinstance(one.before, Unknown)
        try:
            held = atomic.hold(one.path)
            if held.data != data:
                return Done(problem="it was changed again")
            kept = self._keep(data)
            if isinstance(one.before, Missing):
                atomic.remove(held)
            else:
                atomic.put(held, one.before)
        except (WriteError, OSError) as error:
            return Done(problem=str(error))
        self._remembered[one.path] = _Remembered(_signature(one.path)[1], one.before)
        return Done(reverted=True, kept=kept)

    def _keep(self, data: bytes) -> str:
        """The refused content stays in the state folder, so that nothing is lost."""
        folder = self._state / "reverted"
        folder.mkdir(mode=0o700, exist_ok=True)
        for old in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)[: -MOST_KEPT + 1]:
            old.unlink(missing_ok=True)
        path = folder / digest_of(data)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        return os.fspath(path)

    def _event(
        self,
        one: Changed,
        decided: Decided,
        differences: tuple[Difference, ...],
        reason: str,
        done: Done,
    ) -> Event:
        redact = self._redactor
        changes: list[Json] = [
            {
                "what": each.facts.what,
                "change": each.facts.change,
                "name": redact.text(each.facts.name).text,
                "line": redact.command_line(each.facts.line[:2_000]).text,
                "labels": list(each.facts.labels),
            }
            for each in differences[:MOST_CHANGES]
        ]
        detail: dict[str, Json] = {
            "path": redact.path(one.path).text,
            "agents": sorted({agent for each in differences for agent in each.facts.agents}),
            "changes": changes,
            "total": len(differences),
            "owner": _user_name(one.owner),
            "modified_at": _moment(one.modified),
            "reverted": done.reverted,
        }
        if done.disabled:
            detail["disabled"] = [{"name": redact.text(name).text, "how": how} for name, how in done.disabled]
        told = (("kept", done.kept), ("problem", redact.text(done.problem).text), ("unknown", reason))
        detail |= {key: value for key, value in told if value}
        event = decision_event(
            at=stamp(now()),
            agent=decided.question.agent,
            call=None,
            decision=decided.decision,
            redactor=redact,
            question=decided.question,
            endpoint=self._endpoint,
            user=self._user,
            channel="daemon",
        )
        return msgspec.structs.replace(event, type=EventType.CONFIGURATION.value, detail=detail)

    def _context(self) -> CallContext:
        return CallContext(home=self._home, platform=self._current()[0].platform)

    def _read(self, path: str, signature: Signature | None, before: _Remembered | None) -> Content:
        if signature is None:
            return MISSING
        if signature[2] > LARGEST:
            return Unknown("oversized")
        old = len(before.content) if before is not None and isinstance(before.content, bytes) else 0
        held = sum(len(each.content) for each in self._remembered.values() if isinstance(each.content, bytes))
        if held - old + signature[2] > MOST_BYTES:
            return Unknown("oversized")
        return self._files(path)


def _own_files(home: str, platform: Platform) -> Iterable[str]:
    """Every file with one name that an agent keeps in a home and that may define launches, hooks or permissions."""
    context = HomeContext(home, platform)
    for agent_id in AGENTS:
        agent = load_agent(agent_id)
        for location in agent.locations:
            if location.format not in _TEXT or "*" in location.template:
                continue
            for pattern in home_patterns(agent, location, context):
                yield pattern.path


def _signature(path: str) -> tuple[os.stat_result | None, Signature | None]:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None, None
    return status, (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def _is_ours(one: Difference) -> bool:
    """Our own hooks and launcher entries are looked after elsewhere."""
    line = one.facts.line if one.facts.change != "removed" else one.facts.was or one.facts.line
    program = line.split(" ", 1)[0].replace("\\", "/").rpartition("/")[2]
    return "ours" in one.facts.labels or program.startswith("spawngate")


def digest_of(data: bytes) -> str:
    """By which an expected content is known."""
    return hashlib.sha256(data).hexdigest()


def _user_name(owner: int) -> str:
    if owner < 0:
        return ""
    try:
        return pwd.getpwuid(owner).pw_name
    except (KeyError, OverflowError):
        return str(owner)


def _moment(seconds: float) -> str:
    if not seconds:
        return ""

    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return ""
