"""All sessions of an endpoint: what their hooks tell, and what is known when one of their calls is decided.

Belongs here: which session an event belongs to, what of an event is kept, and how much of all sessions stays in memory.
Must not be here: files and clocks, which are arguments (`endpoint.daemon.provenance`), one session (`session`).
"""

from collections import OrderedDict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace

from spawngate.command.calls import Understood
from spawngate.command.inventory import ServerView
from spawngate.launch.facts import LaunchFacts
from spawngate.model.call import HookEvent, ToolCall
from spawngate.provenance import record
from spawngate.provenance.content import prints_of
from spawngate.provenance.fingerprint import Fingerprinter
from spawngate.provenance.paths import absolute
from spawngate.provenance.session import EARLIER, Session, Taint
from spawngate.provenance.sources import Folders, Origin, Redact, label_of, origin_of, reads_secret
from spawngate.provenance.subjects import Subject, launch_subject, subjects_of
from spawngate.provenance.writes import writes_of

MOST_BYTES = 48 << 20
"""Memory of all sessions together."""
MOST_RECORDED = 3 << 20
"""Bytes of one session's records, after which they are written anew without what was forgotten."""
MOST_PENDING = 256
MOST_RECENT = 16
"""Sessions of an agent that a launch is compared with."""
IDLE = 6 * 3600.0
"""Seconds after which a session that the agent gives no id is taken for a new one."""
MOST_LOADED = 3 << 20
"""Bytes of records that are read for one launch."""
_SHOWN = 4
"""Sources that one decision names."""
_COMPARED = 8_192
"""Characters of a written text that are compared with what was read."""
FETCHED = "all.fetched"
"""Name of the record of fetched files of all sessions."""

Recall = Callable[[str], bytes]
"""The records of a session by its name; nothing where there are none."""
Keep = Callable[[str, bytes, bool], None]
"""Adds records to a session; replaces all of them where the flag is set."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a decision about one call must know of its session."""

    labels: tuple[str, ...] = ()
    tainted: tuple[str, ...] = ()
    """Kinds of `provenance.subjects`, sorted."""
    sources: tuple[str, ...] = ()
    """`KIND: web page https://host/path read 3 calls ago`, redacted."""


NOTHING_KNOWN = Known()


class Tracker:
    """The sessions of one endpoint. `redact` takes secrets out of the names of sources; `clock` gives seconds."""

    def __init__(
        self,
        key: bytes,
        redact: Redact,
        *,
        folders: Folders | None = None,
        recall: Recall = lambda name: b"",
        recent: Callable[[str], Sequence[str]] = lambda agent: (),
        approved: Callable[[], Sequence[str]] = lambda: (),
        unwritten: Callable[[], int] = lambda: 0,
        keep: Keep = lambda name, data, whole: None,
        clock: Callable[[], float] = lambda: 0.0,
        most: int = MOST_BYTES,
    ) -> None:
        self._prints = Fingerprinter(key)
        self._redact, self._recall, self._keep, self._clock, self._most = redact, recall, keep, clock, most
        self._recent, self._words_approved, self._unwritten = recent, approved, unwritten
        self._words: Sequence[str] = ()
        self.folders = folders or Folders()
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self._recorded: dict[str, int] = {}
        self._used: dict[str, float] = {}
        self._pending: OrderedDict[tuple[str, str], Origin] = OrderedDict()
        self._approved: frozenset[int] = frozenset()
        self._configured_text = ""
        self._nothing = prints_of("", self._prints)
        self._named: tuple[tuple[str, str] | None, str] = (None, "")
        """The last name of a session that was made, and of which agent and session: a call asks for it many times."""
        self._configured = self._nothing
        self._all_fetched: Session | None = None

    @property
    def size(self) -> int:
        """Bytes of memory of all sessions, about."""
        return sum(self._sizes.values())

    @property
    def sessions(self) -> int:
        """How many sessions are in memory."""
        return len(self._sessions)

    def describe(self) -> dict[str, int]:
        """What is kept, in numbers, for a status."""
        return {
            "sessions": len(self._sessions),
            "bytes": self.size,
            "labelled": sum(1 for session in self._sessions.values() if session.labels),
            "unwritten": self._unwritten(),
        }

    def approve(self, words: Iterable[str]) -> None:
        """The words of approved launches: commands, arguments, addresses, packages. They are clean in every session."""
        prints = prints_of("\n".join(words), self._prints)
        self._approved = frozenset((*prints.marked, *prints.plain))

    def configured(self, words: Iterable[str]) -> None:
        """The words of configured launches. They are clean in sessions that begin from now on: what a session itself
        has written must not become clean by being there."""
        text = "\n".join(dict.fromkeys(words))
        if text != self._configured_text:
            self._configured_text, self._configured = text, prints_of(text, self._prints)

    def known(self, call: ToolCall, understood: Understood, launches: Sequence[LaunchFacts] = ()) -> Known:
        """What is known when a call is about to be decided. Counts the call.

        `launches`: those that the call would configure, where somebody has worked out the result of its writing.
        """
        session = self._session(call)
        session.calls += 1
        subjects: list[Subject] = []
        if not session.quiet:
            self._renew()
            subjects += subjects_of(call, understood, self.folders.home)
            subjects += [replace(launch_subject(launch), kind="configuration") for launch in launches]
        return self._known(session, subjects, self._approved)

    def known_of_launch(self, agent: str, launch: LaunchFacts) -> Known:
        """The same for a launch that no session can be named of: the last sessions of the agent count, and those of
        all agents where it is not known either.

        What is clean in one of them is the person's own.
        """
        self._renew()
        loaded = 0
        for name in self._recent(agent)[:MOST_RECENT]:
            if name not in self._sessions:
                self._load(name)
                loaded += self._recorded[name]
            if loaded > MOST_LOADED:
                break
        sessions = [session for name, session in self._sessions.items() if not agent or name.startswith(f"{agent}.")]
        clean = _InAny((self._approved, *(session.clean_prints for session in sessions)))
        subjects = [launch_subject(launch)]
        found: dict[str, None] = {}
        kinds: set[str] = set()
        labels: set[str] = set()
        for session in sessions:
            for taint in session.judge(subjects, clean):
                kinds.add(taint.kind)
                if not session.heard:
                    labels.add("prompts_unknown")
                found[f"{taint.kind}: {taint.said}"] = None
        self._shrink()
        return Known(tuple(sorted(labels)), tuple(sorted(kinds)), tuple(found)[:_SHOWN])

    def decided(self, call: ToolCall, understood: Understood, server: ServerView | None, *, refused: bool) -> None:
        """A call was decided. Unless it is refused, what it will read and write is noted."""
        if refused:
            return
        session = self._session(call)
        origin = origin_of(call, understood, session, self.folders, server)
        labels = {*origin.labels, *(("secret_read",) if reads_secret(understood) else ())}
        self._label(call, session, labels)
        if origin.own or origin.kind:
            self._pending[(call.session, call.call or _what(call))] = origin
            while len(self._pending) > MOST_PENDING:
                self._pending.popitem(last=False)
        self._note_writes(call, understood, session)

    def observe(
        self,
        call: ToolCall,
        understand: Callable[[], Understood],
        servers: Callable[[str], ServerView | None] = lambda name: None,
    ) -> None:
        """An event that only tells: a prompt, what a tool gave back, the beginning or end of a session."""
        if call.event is HookEvent.PROMPT:
            if call.prompt:
                prints = prints_of(call.prompt, self._prints)
                session = self._session(call)
                session.clean(prints, prompt=True)
                self._write(call, session, record.clean_record(prints, prompt=True))
        elif call.event is HookEvent.AFTER_TOOL:
            self._answer(call, understand, servers)
        elif call.event is HookEvent.SESSION_START:
            self._session(call)

    # --------------------------------------------------------------------------------------------------------------

    def _renew(self) -> None:
        words = self._words_approved()
        if words is not self._words:
            self._words = words
            self.approve(words)

    def _known(self, session: Session, subjects: Sequence[Subject], approved: Container[int]) -> Known:
        taints: list[Taint] = session.judge(subjects, approved) if subjects else []
        if not taints and not session.labels:
            return NOTHING_KNOWN
        unheard = () if session.heard or not taints else ("prompts_unknown",)
        return Known(
            tuple(sorted((*session.labels, *unheard))),
            tuple(sorted(taint.kind for taint in taints)),
            tuple(f"{taint.kind}: {taint.said}" for taint in taints[:_SHOWN]),
        )

    def _answer(
        self, call: ToolCall, understand: Callable[[], Understood], servers: Callable[[str], ServerView | None]
    ) -> None:
        session = self._session(call)
        origin = self._pending.pop((call.session, call.call or _what(call)), None)
        if origin is None:
            understood = understand()
            origin = origin_of(call, understood, session, self.folders, servers(call.server))
            if reads_secret(understood):
                self._label(call, session, {"secret_read"})
        self._label(call, session, set(origin.labels))
        if not call.response or not (origin.own or origin.kind):
            return
        try:
            prints = prints_of(call.response, self._prints, encodings=not origin.own)
        except Exception:
            # Whatever ends it, the session must not look as if it knew what was read.
            self._label(call, session, {"content_partial"})
            raise
        if origin.own:
            session.clean(prints)
            self._write(call, session, record.clean_record(prints))
        else:
            label = label_of(origin, self._redact)
            before = set(session.labels)
            number = session.read(label, prints)
            self._write(call, session, record.read_record(label, session.calls, number, prints))
            if session.labels != before:
                self._write(call, session, record.label_record(sorted(session.labels), session.calls))
        self._bound(call)

    def _note_writes(self, call: ToolCall, understood: Understood, session: Session) -> None:
        for write in writes_of(call, understood, self.folders.home):
            fingerprint = session.path(write.path)
            number = -1
            if write.program and (write.repository or not session.is_clean(write.address)):
                label = label_of(Origin(kind=f"file fetched by {write.program}", name=write.address), self._redact)
                number = session.read(label, self._nothing)
                data = record.read_record(label, session.calls, number, self._nothing)
                self._write(call, session, data + record.wrote_record(fingerprint, number))
                self._remember(fingerprint, label)
            elif write.text and not session.quiet:
                number = session.number_of([Subject("code", text=write.text[:_COMPARED])])
                if number >= 0:
                    self._write(call, session, record.wrote_record(fingerprint, number))
            session.note_path(fingerprint, number)

    def _remember(self, path: int, label: str) -> None:
        """A fetched file is foreign in later sessions too."""
        fetched = self._fetched()
        number = fetched.read(label, self._nothing, EARLIER)
        fetched.note_path(path, number)
        data = record.read_record(label, EARLIER, number, self._nothing) + record.wrote_record(path, number)
        self._keep(FETCHED, data, False)  # as `Keep` says

    def _fetched(self) -> Session:
        if self._all_fetched is None:
            self._all_fetched = Session(self._prints)
            record.replay(self._recall(FETCHED), self._all_fetched)
        return self._all_fetched

    def _label(self, call: ToolCall, session: Session, labels: set[str]) -> None:
        if not labels <= session.labels:
            session.label(labels)
            self._write(call, session, record.label_record(sorted(labels), session.calls))

    def _session(self, call: ToolCall) -> Session:
        name = self._name(call)
        now = self._clock()
        session = self._sessions.get(name)
        if session is not None and not call.session and now - self._used.get(name, now) > IDLE:
            del self._sessions[name]
            self._keep(name, b"", True)
            session = None
        if session is None:
            session = self._load(name)
            if not self._recorded[name] and self._configured_text:
                session.clean(self._configured)
                self._write(call, session, record.clean_record(self._configured))
            if not session.root and call.cwd:
                session.root = session.path(absolute(call.cwd, "", self.folders.home))
                self._write(call, session, record.began_record(session.root))
        self._sessions.move_to_end(name)
        self._used[name] = now
        return session

    def _load(self, name: str) -> Session:
        session = Session(self._prints)
        data = self._recall(name)
        record.replay(data, session)
        session.earlier = self._fetched()
        self._sessions[name] = session
        self._recorded[name] = len(data)
        self._sizes[name] = session.size
        return session

    def _name(self, call: ToolCall) -> str:
        told = call.session or f"\0{call.cwd}"
        if (call.agent, told) != self._named[0]:
            digest = self._prints.one(f"session\0{call.agent}\0{told}".encode("utf-8", "replace"))
            self._named = ((call.agent, told), f"{call.agent}.{digest:016x}")
        return self._named[1]

    def _write(self, call: ToolCall, session: Session, data: bytes) -> None:
        name = self._name(call)
        length = self._recorded.get(name, 0) + len(data)
        if length > MOST_RECORDED:
            data = record.snapshot(session)
            self._keep(name, data, True)
            # What is left may be large by itself: then it is written anew after as much again.
            self._recorded[name] = min(len(data), MOST_RECORDED // 2)
        else:
            self._keep(name, data, False)
            self._recorded[name] = length

    def _bound(self, call: ToolCall) -> None:
        name = self._name(call)
        self._sizes[name] = self._sessions[name].size
        self._shrink()

    def _shrink(self) -> None:
        while len(self._sessions) > 1 and self.size > self._most:
            oldest, _ = self._sessions.popitem(last=False)
            for table in (self._sizes, self._recorded, self._used):
                table.pop(oldest, None)


class _InAny(Container[int]):
    """What is in one of several collections."""

    def __init__(self, collections: Sequence[Container[int]]) -> None:
        self._collections = collections

    def __contains__(self, digest: object) -> bool:
        return any(digest in each for each in self._collections)


def _what(call: ToolCall) -> str:
    return "\0".join((call.tool, *call.commands, *call.paths, *call.urls))[:4_000]
