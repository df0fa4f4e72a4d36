"""All sessions of an endpoint: what their hooks tell, and what is known when one of their calls is decided.

Belongs here: which session an event belongs to, and what of an event is kept.
Must not be here: files and clocks, which are arguments (`endpoint.daemon.provenance`), one session (`session`), how
many of them are held (`memory`), what passes the launcher (`streams`).

Used from one thread. Long contents may be fingerprinted beside it (`Beside`); a call of the same session waits for
them, so that whatever is decided after a reading knows what was read.
"""

from collections import OrderedDict
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace

from spawngate.command.calls import Understood
from spawngate.command.inventory import ServerView
from spawngate.launch.facts import LaunchFacts
from spawngate.model.call import HookEvent, ToolCall
from spawngate.provenance import record
from spawngate.provenance.content import Prints, prints_of
from spawngate.provenance.fingerprint import Fingerprinter
from spawngate.provenance.memory import MOST_BYTES, Keep, Recall, Sessions
from spawngate.provenance.paths import absolute
from spawngate.provenance.results import texts_of
from spawngate.provenance.session import EARLIER, RELAYED, Session, Taint
from spawngate.provenance.sources import Folders, Origin, Redact, label_of, origin_of, reads_secret, server_labels
from spawngate.provenance.streams import Recent, Streams, is_stream
from spawngate.provenance.subjects import Subject, is_cut, launch_subject, packages_in, subjects_of
from spawngate.provenance.waiting import Beside, Pending, Then, Waiting
from spawngate.provenance.writes import writes_of

MOST_PENDING = 256
MOST_RECENT = 16
"""Sessions of an agent that a launch is compared with."""
IDLE = 6 * 3600.0
"""Seconds after which a session that the agent gives no id is taken for a new one."""
ASKED_AGAIN = 60.0
"""Seconds without a call after which it is asked anew from which process a session's hooks come: it may have been
resumed in another one."""
MOST_LOADED = 3 << 20
"""Bytes of records that are read for one launch."""
_SHOWN = 4
"""Sources that one decision names."""
_COMPARED = 8_192
"""Characters of a written text that are compared with what was read."""
FETCHED = "all.fetched"
"""Name of the record of fetched files of all sessions."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a decision about one call must know of its session."""

    labels: tuple[str, ...] = ()
    tainted: tuple[str, ...] = ()
    """Kinds of `provenance.subjects`, sorted."""
    sources: tuple[str, ...] = ()
    """`KIND: web page https://host/path read 3 calls ago`, redacted."""
    starts: tuple[str, ...] = ()
    """Kinds of everything that the call would start, add or write, sorted; empty for a session without labels."""


NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True)
class Relayed:
    """What a server said to an agent, told by who passed it on."""

    agent: str
    """Empty where it is not known."""
    server: ServerView
    key: str
    """The server of a process: the same for all that it says."""
    processes: tuple[str, ...] = ()
    """Names of processes that the agent runs in, as `Tracker`'s `asker` gives them; none where they are not known."""
    data: bytes = b""
    """Lines of the protocol (`provenance.results`)."""
    partial: bool = False
    """Not all that it said."""


class Tracker:
    """The sessions of one endpoint. `redact` takes secrets out of the names of sources; `clock` gives seconds.

    `asker` names the processes of the agent whose hook is asking; nothing where they are not known.
    """

    def __init__(
        self,
        key: bytes,
        redact: Redact,
        *,
        folders: Folders | None = None,
        recall: Recall = lambda name: b"",
        recent: Recent = lambda agent: (),
        approved: Callable[[], Sequence[str]] = lambda: (),
        unwritten: Callable[[], int] = lambda: 0,
        keep: Keep = lambda name, data, whole: None,
        clock: Callable[[], float] = lambda: 0.0,
        most: int = MOST_BYTES,
        asker: Callable[[], Sequence[str]] = lambda: (),
        beside: Beside | None = None,
    ) -> None:
        self._prints = Fingerprinter(key)
        self._redact, self._recall, self._keep, self._clock = redact, recall, keep, clock
        self._recent, self._words_approved, self._unwritten = recent, approved, unwritten
        self._asker = asker
        self._words: Sequence[str] = ()
        self.folders = folders or Folders()
        self._sessions = Sessions(self._prints, recall, keep, most)
        self._streams = Streams(self._sessions, recent)
        self._used: dict[str, float] = {}
        self._pending: OrderedDict[tuple[str, str], Origin] = OrderedDict()
        self._waiting = Waiting(beside)
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
        return self._sessions.size

    @property
    def sessions(self) -> int:
        """How many sessions are in memory."""
        return len(self._sessions)

    def describe(self) -> dict[str, int]:
        """What is kept, in numbers, for a status."""
        return {
            "sessions": len(self._sessions),
            "bytes": self.size,
            "labelled": sum(1 for _, session in self._sessions.items() if session.labels),
            "streams": sum(1 for name, _ in self._sessions.items() if is_stream(name)),
            "waiting": len(self._waiting),
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
        self._waiting.settle(self._name(call))
        session.calls += 1
        streams = self._streams_of(call, session)
        for stream in streams:
            self._label(call, session, stream.labels)
        subjects: list[Subject] = []
        runs_fetched = session.knows_earlier and (understood.launches or any(each.runs for each in understood.spawns))
        if not session.quiet or streams or session.labels or runs_fetched:
            self._renew()
            subjects += subjects_of(call, understood, self.folders.home)
            subjects += [replace(launch_subject(launch), kind="configuration") for launch in launches]
        return self._known(session, streams, subjects, ("call_partial",) if subjects and is_cut(call) else ())

    def known_of_launch(self, agent: str, launch: LaunchFacts) -> Known:
        """The same for a launch that no session can be named of: the last sessions of the agent count, and those of
        all agents where it is not known either.

        What is clean in one of them is the person's own.
        """
        self._renew()
        self._waiting.settle_all()
        loaded = 0
        for name in self._recent(agent)[:MOST_RECENT]:
            if name not in self._sessions:
                self._load(name)
                loaded += self._sessions.recorded(name)
            if loaded > MOST_LOADED:
                break
        its = [(name, each) for name, each in self._sessions.items() if not agent or name.startswith(f"{agent}.")]
        clean = _InAny((self._approved, *(session.clean_prints for _, session in its)))
        subjects = [launch_subject(launch)]
        found: dict[str, None] = {}
        kinds: set[str] = set()
        labels: set[str] = set()
        for name, session in its:
            for taint in session.judge(subjects, clean):
                kinds.add(taint.kind)
                if not session.heard and not is_stream(name):
                    labels.add("prompts_unknown")
                found[f"{taint.kind}: {taint.said}"] = None
        self._sessions.shrink()
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
                self._session(call)
                name = self._name(call)
                self._make(name, call.prompt, lambda prints: self._heard(name, prints))
        elif call.event is HookEvent.AFTER_TOOL:
            self._answer(call, understand, servers)
        elif call.event is HookEvent.SESSION_START:
            self._seen_in(self._name(call), self._session(call))

    def relayed(self, told: Relayed) -> Pending | None:
        """A server said something to an agent. Gives what is being made of it, so that whoever tells can wait."""
        one = self._prints.one
        digest = one(f"relay\0{told.agent}\0{told.key}".encode("utf-8", "replace"))
        processes = frozenset(one(f"process\0{each}".encode()) for each in told.processes)
        name, stream, news = self._streams.open(told.agent, digest, processes)
        labels = {*server_labels(told.server), *(("content_partial",) if told.partial else ())}
        data = b""
        if news:
            data += record.seen_in_record(stream.processes)
        if not labels <= stream.labels:
            stream.label(labels)
            data += record.label_record(sorted(stream.labels), RELAYED)
        if data:
            self._sessions.write(name, stream, data)
        label = label_of(Origin(kind="answer of MCP server", name=told.server.name), self._redact)

        def make() -> Prints:
            return prints_of(texts_of(told.data), self._prints)

        return self._waiting.begin(name, make, len(told.data), lambda prints: self._note(name, label, RELAYED, prints))

    def settle(self) -> None:
        """Take what was fingerprinted meanwhile. Raises what went wrong with it."""
        self._waiting.settle_all(wait=False)

    def finish(self) -> None:
        """Take all that is still being fingerprinted, and wait for it."""
        self._waiting.settle_all()

    # --------------------------------------------------------------------------------------------------------------

    def _renew(self) -> None:
        words = self._words_approved()
        if words is not self._words:
            self._words = words
            self.approve(words)

    def _known(
        self, session: Session, streams: Sequence[Session], subjects: Sequence[Subject], more: Sequence[str]
    ) -> Known:
        taints: list[Taint] = session.judge(subjects, self._approved) if subjects else []
        if subjects and streams:
            clean = _InAny((self._approved, session.clean_prints))
            kinds = {taint.kind for taint in taints}
            for stream in streams:
                others = [taint for taint in stream.judge(subjects, clean) if taint.kind not in kinds]
                kinds.update(taint.kind for taint in others)
                taints += others
        if not taints and not session.labels:
            return NOTHING_KNOWN
        unheard = () if session.heard or not taints else ("prompts_unknown",)
        return Known(
            tuple(sorted((*session.labels, *unheard, *more))),
            tuple(sorted(taint.kind for taint in taints)),
            tuple(f"{taint.kind}: {taint.said}" for taint in taints[:_SHOWN]),
            tuple(sorted({subject.kind for subject in subjects})),
        )

    def _streams_of(self, call: ToolCall, session: Session) -> list[Session]:
        names = self._streams.names(call.agent)
        if not names:
            return []
        for name in names:
            self._waiting.settle(name)
        if not session.processes:
            self._seen_in(self._name(call), session)
        return self._streams.read_by(call.agent, session)

    def _seen_in(self, name: str, session: Session) -> None:
        processes = frozenset(self._prints.one(f"process\0{each}".encode()) for each in self._asker())
        if not processes <= session.processes:
            session.processes |= processes
            self._sessions.write(name, session, record.seen_in_record(processes))

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
        name = self._name(call)
        if origin.own:
            self._make(name, call.response, lambda prints: self._heard(name, prints, prompt=False), encodings=False)
        else:
            # Whatever ends it, the session must not look as if it knew what was read: then `_note` says so.
            label, at = label_of(origin, self._redact), session.calls
            self._make(name, call.response, lambda prints: self._note(name, label, at, prints))

    def _make(self, name: str, text: str, then: Then, *, encodings: bool = True) -> None:
        self._waiting.begin(name, lambda: prints_of(text, self._prints, encodings=encodings), len(text), then)

    def _heard(self, name: str, prints: Prints | None, *, prompt: bool = True) -> None:
        """Something is the person's own; where it could not be fingerprinted, nobody knows that it is."""
        if prints is not None:
            session = self._sessions.get(name) or self._load(name)
            session.clean(prints, prompt=prompt)
            self._sessions.write(name, session, record.clean_record(prints, prompt=prompt))

    def _note(self, name: str, label: str, at: int, prints: Prints | None) -> None:
        """A session has read a content; None where it could not be fingerprinted."""
        session = self._sessions.get(name) or self._load(name)
        before = set(session.labels)
        if prints is None:
            session.label(("content_partial",))
        else:
            number = session.read(label, prints, at)
            self._sessions.write(name, session, record.read_record(label, at, number, prints))
        if session.labels != before:
            self._sessions.write(name, session, record.label_record(sorted(session.labels), at))
        self._sessions.measure(name)

    def _note_writes(self, call: ToolCall, understood: Understood, session: Session) -> None:
        writes = writes_of(call, understood, self.folders.home)
        streams = self._streams_of(call, session) if writes else []
        for write in writes:
            fingerprint = session.path(write.path)
            number = -1
            if write.program and (write.repository or not session.is_clean(write.address)):
                label = label_of(Origin(kind=f"file fetched by {write.program}", name=write.address), self._redact)
                number = session.read(label, self._nothing)
                data = record.read_record(label, session.calls, number, self._nothing)
                self._write(call, session, data + record.wrote_record(fingerprint, number))
                self._remember(fingerprint, label)
            elif write.text and not session.quiet:
                number = session.number_of([_written(write.text)])
                if number >= 0:
                    self._write(call, session, record.wrote_record(fingerprint, number))
            if number < 0 and write.text and streams:
                number = self._relayed_write(call, session, streams, write.text, fingerprint)
            session.note_path(fingerprint, number)

    def _relayed_write(
        self, call: ToolCall, session: Session, streams: Sequence[Session], text: str, fingerprint: int
    ) -> int:
        """The number of the source that a written text comes from, of those that passed the launcher; -1 for none."""
        subjects = [_written(text)]
        clean = session.clean_prints
        found = next((source for each in streams if (source := each.made_of(subjects, clean)) is not None), None)
        if found is None:
            return -1
        number = session.read(found.label, self._nothing, RELAYED)
        data = record.read_record(found.label, RELAYED, number, self._nothing)
        self._write(call, session, data + record.wrote_record(fingerprint, number))
        return number

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
        used = self._used.get(name, now)
        session = self._sessions.get(name)
        if session is not None and not call.session and now - used > IDLE:
            self._sessions.end(name)
            session = None
        if session is None:
            session = self._load(name)
            if not self._sessions.recorded(name) and self._configured_text:
                session.clean(self._configured)
                self._write(call, session, record.clean_record(self._configured))
            if not session.root and call.cwd:
                session.root = session.path(absolute(call.cwd, "", self.folders.home))
                self._write(call, session, record.began_record(session.root))
        elif now - used > ASKED_AGAIN and session.processes:
            self._seen_in(name, session)
        self._sessions.used(name)
        self._used[name] = now
        return session

    def _load(self, name: str) -> Session:
        return self._sessions.load(name, self._fetched())

    def _name(self, call: ToolCall) -> str:
        told = call.session or f"\0{call.cwd}"
        if (call.agent, told) != self._named[0]:
            digest = self._prints.one(f"session\0{call.agent}\0{told}".encode("utf-8", "replace"))
            self._named = ((call.agent, told), f"{call.agent}.{digest:016x}")
        return self._named[1]

    def _write(self, call: ToolCall, session: Session, data: bytes) -> None:
        self._sessions.write(self._name(call), session, data)


def _written(text: str) -> Subject:
    """A text that is written to a file, which may be run later."""
    return Subject("code", packages_in(text[:_COMPARED]), text[:_COMPARED])


class _InAny(Container[int]):
    """What is in one of several collections."""

    def __init__(self, collections: Sequence[Container[int]]) -> None:
        self._collections = collections

    def __contains__(self, digest: object) -> bool:
        return any(digest in each for each in self._collections)


def _what(call: ToolCall) -> str:
    return "\0".join((call.tool, *call.commands, *call.paths, *call.urls))[:4_000]
