"""What every event store does, whatever keeps it: subclass `EventStoreConformance` beside an adapter.

Written against the port alone. An adapter gives `open_store(folder)`, which opens the same store each time it is called
with the same folder; the store before is closed by then. Must not be here: anything of one database.
"""

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from spawngate.model.errors import UsageError
from spawngate.server.store.port import (
    Appended,
    Bucket,
    ControlStore,
    CursorError,
    Delivery,
    Entry,
    EventStore,
    Item,
    LogLine,
    OutboxEntry,
    Position,
    Settled,
    StoreError,
)
from spawngate.trail import chain, leaf, tree
from spawngate.trail.event import Actor, CallRecord, DecisionRecord, Event, Hit
from spawngate.trail.query import Query, read

DAY = datetime(2026, 11, 19, 10, tzinfo=UTC)
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def stamp(moment: datetime) -> str:
    """A time in the trail's form."""
    return moment.isoformat(timespec="microseconds")[:-6] + "Z"


class Source:
    """One stream of an endpoint, whose chain goes on."""

    def __init__(self, endpoint: str = "laptop", stream: str = "s1") -> None:
        self.endpoint = endpoint
        self.head = chain.Head(stream)

    def entry(self, moment: datetime = DAY, received: datetime | None = None, **fields: Any) -> Entry:
        """The next event."""
        event = Event(**{"type": "decision", "at": stamp(moment), "schema_version": 1, **fields})
        record, self.head = chain.seal(event, self.head)
        stream, sequence = self.head.stream, self.head.sequence
        return Entry(self.endpoint, stream, sequence, stamp(moment), stamp(received or moment), event.type, record)

    def entries(self, count: int, moment: datetime = DAY, step: float = 1.0, **fields: Any) -> list[Entry]:
        """The next events, so many seconds apart."""
        return [self.entry(moment + timedelta(seconds=step * number), **fields) for number in range(count)]


def decision(verdict: str, *commands: str, rules: Sequence[str] = (), agent: str = "claude-code") -> dict[str, Any]:
    """Fields of a decided call."""
    return {
        "actor": Actor(agent=agent, user="ada", session="s-1"),
        "call": CallRecord(
            tool="Bash", kind="shell", commands=commands, programs=tuple(c.split()[0] for c in commands)
        ),
        "decision": DecisionRecord(
            verdict, "enforce", hits=tuple(Hit(rule, "high", "high") for rule in rules), latency_us=len(commands)
        ),
    }


def keys(entries: Sequence[Entry]) -> list[int]:
    """Sequences, of a store that holds one stream."""
    return [entry.sequence for entry in entries]


QUERIES = (
    "", "verdict:deny", "verdict>=ask", "-verdict:allow", "verdict:allow,deny agent:claude-code", "rule:spawn-*",
    "rule:*", "not rule:*", "curl", '"rm -rf"', "RM -RF", "command:*tmp*", "command:\"git status\"", "latency>1",
    "latency:[1 to 2] or verdict:log", "sequence>5", "stream:s1", "stream:zz", "agent:CODEX-cli", "type:launch",
    "detail.outcome:not-mcp", "decision.hits.pack:mcp", "not detail.outcome:not-mcp", "outcome", "not-mcp", "straße",
    "STRASSE", "at>=2026-11-20", "at:2026-11-19", "last 36h", "-(verdict:deny or curl)", "severity>=high", "message:*",
    "hash:0*", "call:x", "no-such-text", "verdict:deny no-such-text", "endpoint:laptop", "question.action:shell",
    'path:"C:\\\\x"', "user:ada -user:bob", '"a\\"b"', "n\\n", "commands",
    "hook",
    "enforce",
    "Bash",
)  # fmt: skip


def varied() -> list[Entry]:
    """Events of many forms over three days, one of them late."""
    source, found = Source(), []
    for number in range(30):
        moment = DAY + timedelta(hours=2 * number)
        match number % 6:
            case 0:
                more = decision("deny", f"rm -rf /tmp/{number}", rules=("spawn-shell", "delete-outside"))
            case 1:
                more = decision("allow", "git status", "npm test", agent="codex-cli")
            case 2:
                more = decision("log", f"curl https://example.com/{number}", rules=("download",))
            case 3:
                more = {"type": "launch", "detail": {"outcome": "not-mcp", "n": number, "path": "C:\\x"}}
            case 4:
                more = {"message": 'Straße "a\\"b" n\\n', "question": {"action": "shell"}}
            case _:
                more = {"call": CallRecord(id="x", arguments={"q": 'a"b', "deep": {"k": ["v", None, 1, True]}})}
        late = timedelta(days=1) if number == 7 else timedelta()
        found.append(source.entry(moment, moment + late, **more))
    return sorted(found, key=lambda entry: entry.received)


class EventStoreConformance:
    """What every adapter passes."""

    def open_store(self, folder: Path) -> EventStore:
        """Open the store of a folder."""
        raise NotImplementedError

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """Where the store lies."""
        return tmp_path / "store"

    @pytest.fixture
    def store(self, folder: Path) -> Iterator[EventStore]:
        """An empty store."""
        store = self.open_store(folder)
        yield store
        store.close()

    def filled(self, store: EventStore) -> list[Entry]:
        """The varied events, appended a few at a time."""
        entries = varied()
        for at in range(0, len(entries), 7):
            store.append(entries[at : at + 7])
        return entries

    def test_it_is_of_the_port(self, store: EventStore) -> None:
        assert isinstance(store, EventStore)

    # Appending ----------------------------------------------------------------------------------------------------

    def test_appended_events_come_back_byte_for_byte(self, store: EventStore) -> None:
        entries = Source().entries(300)
        assert store.append(entries) == Appended(300, 0, Position("2026-11-19", 300))
        page = store.query(None, limit=1000, newest_first=False)
        assert (list(page.entries), page.cursor, page.problems) == (entries, None, ())
        assert page.entries[0].event == msgspec.json.decode(entries[0].record, type=Event)

    def test_foreign_records_are_kept_as_they_are(self, store: EventStore) -> None:
        odd = [
            b'{"type":"x"}',
            b'{ "type" : "x", "b":1.50 }',
            '{"type":"x","message":"Straße \\u0000 \\ud83d\\ude00"}'.encode(),
            b'{"type":"x","type":"x","hash":"%b"}' % (b"0" * 64),
            b'{"previous":"%b","type":"x","hash":"%b"}' % (b"1" * 64, b"2" * 64),
            b'{"type":"x","actor":[1,{"agent":{"a":1}}],"call":null,"decision":"no","detail":[[]]}',
        ]
        entries = [Entry("e", "s", number, stamp(DAY), stamp(DAY), "x", record) for number, record in enumerate(odd, 1)]
        assert store.append(entries).stored == len(odd)
        assert [entry.record for entry in store.query(None, newest_first=False).entries] == odd

    def test_an_event_is_stored_once(self, store: EventStore, folder: Path) -> None:
        source = Source()
        first, second = source.entries(10), source.entries(10, DAY + timedelta(days=1))
        store.append(first)
        assert store.append(first[5:]) == Appended(0, 5, Position("2026-11-19", 10))
        assert store.append([*first, *second, *second]) == Appended(10, 20, Position("2026-11-20", 10))
        store.close()
        again = self.open_store(folder)
        try:
            assert again.append([*second, *first]).stored == 0
            assert len(again.query(None).entries) == 20
        finally:
            again.close()

    def test_equal_sequences_of_other_streams_are_other_events(self, store: EventStore) -> None:
        streams = [Source("a", "s1"), Source("a", "s2"), Source("b", "s1")]
        entries = [source.entry() for source in streams]
        assert store.append(entries).stored == 3
        assert [store.find(entry.key) for entry in entries] == [
            (entry, Position("2026-11-19", number)) for number, entry in enumerate(entries, 1)
        ]
        assert store.find(("b", "s2", 1)) is None
        assert store.find(("b", "s1", 2)) is None

    def test_order_of_arrival_may_be_any(self, store: EventStore) -> None:
        entries = Source().entries(6)
        assert store.append([entries[4], entries[0], entries[2]]).stored == 3
        assert store.append(entries).stored == 3
        assert store.head("laptop", "s1") == (6, chain.read(entries[5].record).hash)  # type: ignore[union-attr]  # it is one
        assert keys(store.after(Position(), 10)[0]) == [5, 1, 3, 2, 4, 6]

    def test_heads(self, store: EventStore) -> None:
        assert store.head("laptop", "s1") == (0, chain.GENESIS)
        source = Source()
        store.append(source.entries(3))
        assert store.head("laptop", "s1") == (3, source.head.hash)
        store.append(source.entries(2, DAY + timedelta(days=1)))
        assert store.head("laptop", "s1") == (5, source.head.hash)
        assert store.head("other", "s1") == (0, chain.GENESIS)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"sequence": 0},
            {"sequence": 1 << 60},
            {"time": "2026-11-19"},
            {"received": "2026-11-19T10:00:00Z"},
            {"endpoint": ""},
            {"stream": "a b"},
            {"endpoint": "a\nb"},
            {"record": b"{}"},
            {"record": b"[1]"},
            {"record": b'{"type":"decision"}\n'},
            {"record": b"\xff"},
            {"record": b'{"type":"other"}'},
            {"record": b'{"type":"decision","m":"%b"}' % (b"x" * (1 << 20))},
        ],
    )
    def test_what_is_no_event_is_refused_whole(self, store: EventStore, wrong: dict[str, Any]) -> None:
        source = Source()
        good, bad = source.entry(), msgspec.structs.replace(source.entry(), **wrong)
        with pytest.raises(UsageError):
            store.append([good, bad])
        assert store.query(None).entries == ()

    def test_nothing_is_appended(self, store: EventStore) -> None:
        assert store.append([]) == Appended(0, 0, Position())
        store.append(Source().entries(1))
        assert store.append([]).position == Position("2026-11-19", 1)

    def test_a_clock_that_goes_back_writes_on_in_the_newest_day(self, store: EventStore) -> None:
        source = Source()
        store.append(source.entries(1, DAY + timedelta(days=1)))
        assert store.append(source.entries(1)).position == Position("2026-11-20", 2)
        assert store.days() == ["2026-11-20"]
        assert keys(store.query(None).entries) == [1, 2]

    def test_threads_append_together(self, store: EventStore) -> None:
        sources = [Source("laptop", f"s{number}") for number in range(8)]
        results: list[int] = []

        def run(source: Source) -> None:
            for _ in range(10):
                results.append(store.append(source.entries(5)).stored)

        threads = [threading.Thread(target=run, args=(source,)) for source in sources]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert results == [5] * 80
        assert store.stats().events == 400
        assert all(store.head("laptop", source.head.stream) == (50, source.head.hash) for source in sources)

    def test_threads_send_the_same(self, store: EventStore) -> None:
        entries = Source().entries(50)
        counts: list[tuple[int, int]] = []

        def run() -> None:
            for at in range(0, 50, 10):
                done = store.append(entries[at : at + 10])
                counts.append((done.stored, done.duplicates))

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (sum(stored for stored, _ in counts), sum(more for _, more in counts)) == (50, 150)
        assert sorted(keys(store.query(None).entries)) == list(range(1, 51))

    # Asking -------------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize("text", QUERIES)
    @pytest.mark.parametrize("newest_first", [True, False])
    def test_a_store_answers_as_the_language_does(self, store: EventStore, text: str, newest_first: bool) -> None:
        entries = self.filled(store)
        wanted = read(text, NOW)
        expected = [entry for entry in entries if wanted.matches(msgspec.json.decode(entry.record))]
        expected.sort(key=lambda entry: entry.time, reverse=newest_first)
        page = store.query(wanted, limit=100, newest_first=newest_first)
        assert (keys(page.entries), page.problems) == (keys(expected), ())
        since, until = stamp(DAY + timedelta(hours=9)), stamp(DAY + timedelta(hours=40))
        bounded = store.query(wanted, since=since, until=until, newest_first=newest_first)
        assert keys(bounded.entries) == keys([entry for entry in expected if since <= entry.time < until])

    @pytest.mark.parametrize("newest_first", [True, False])
    @pytest.mark.parametrize("text", ["", "verdict:deny", "outcome"])
    @pytest.mark.parametrize("limit", [1, 4, 29, 30])
    def test_pages_join(self, store: EventStore, text: str, limit: int, newest_first: bool) -> None:
        self.filled(store)
        wanted = read(text, NOW)
        whole = store.query(wanted, limit=100, newest_first=newest_first).entries
        found: list[Entry] = []
        cursor: str | None = None
        for _ in range(100):
            page = store.query(wanted, cursor=cursor, limit=limit, newest_first=newest_first)
            assert len(page.entries) <= limit
            found += page.entries
            cursor = page.cursor
            if cursor is None:
                break
        assert found == list(whole)

    def test_pages_hold_while_events_come(self, store: EventStore) -> None:
        source = Source()
        store.append(source.entries(10))
        first = store.query(None, limit=4)
        store.append(source.entries(10, DAY + timedelta(minutes=1)))
        assert keys(first.entries) == [10, 9, 8, 7]
        assert keys(store.query(None, cursor=first.cursor, limit=10).entries) == [6, 5, 4, 3, 2, 1]

    def test_events_of_one_moment_have_an_order(self, store: EventStore) -> None:
        source = Source()
        store.append(source.entries(5, step=0))
        found: list[int] = []
        cursor: str | None = None
        while True:
            page = store.query(None, limit=2, cursor=cursor)
            found += keys(page.entries)
            cursor = page.cursor
            if cursor is None:
                break
        assert found == [5, 4, 3, 2, 1]

    @pytest.mark.parametrize("cursor", ["x", "????", "W10", "e30", "WzEsMl0", "\u00e4"])
    def test_foreign_cursors(self, store: EventStore, cursor: str) -> None:
        store.append(Source().entries(2))
        with pytest.raises(CursorError):
            store.query(None, cursor=cursor)

    def test_a_cursor_is_of_one_order(self, store: EventStore) -> None:
        store.append(Source().entries(5))
        cursor = store.query(None, limit=2).cursor
        with pytest.raises(CursorError):
            store.query(None, cursor=cursor, newest_first=False)

    def test_times_that_are_none(self, store: EventStore) -> None:
        store.append(Source().entries(2))
        with pytest.raises(UsageError):
            store.query(None, since="yesterday")
        with pytest.raises(UsageError):
            store.query(None, limit=0)

    def test_counts(self, store: EventStore) -> None:
        entries = self.filled(store)
        assert len(entries) == 30
        verdicts = [Bucket("allow", 5), Bucket("deny", 5), Bucket("log", 5)]
        assert list(store.aggregate("verdict")) == verdicts
        assert list(store.aggregate("verdict", limit=1)) == verdicts[:1]
        assert list(store.aggregate("rule")) == [
            Bucket("delete-outside", 5),
            Bucket("download", 5),
            Bucket("spawn-shell", 5),
        ]
        assert list(store.aggregate("rule", read("verdict:deny", NOW))) == [
            Bucket("delete-outside", 5),
            Bucket("spawn-shell", 5),
        ]
        assert list(store.aggregate("program", read("git", NOW))) == [Bucket("git", 5), Bucket("npm", 5)]
        assert list(store.aggregate("type", read("detail.outcome:*", NOW))) == [Bucket("launch", 5)]
        assert list(store.aggregate("stream")) == [Bucket("s1", 30)]
        assert list(store.aggregate("agent", read("nothing-like-it", NOW))) == []

    def test_counts_by_time(self, store: EventStore) -> None:
        self.filled(store)
        days = [
            Bucket("2026-11-19T00:00:00.000000Z", 7),
            Bucket("2026-11-20T00:00:00.000000Z", 12),
            Bucket("2026-11-21T00:00:00.000000Z", 11),
        ]
        assert list(store.aggregate("time:1d")) == days
        assert list(store.aggregate("time:1d", limit=2)) == days[1:]
        deny = store.aggregate("time:1h", read("verdict:deny", NOW))
        assert [bucket.value[:13] for bucket in deny] == [
            "2026-11-19T10", "2026-11-19T22", "2026-11-20T10", "2026-11-20T22", "2026-11-21T10",
        ]  # fmt: skip
        assert {bucket.count for bucket in deny} == {1}
        some = store.aggregate("time:5m", since="2026-11-20T09:00:00Z", until="2026-11-20T13:00:00Z")
        assert [bucket.value[:16] for bucket in some] == ["2026-11-20T10:00", "2026-11-20T12:00"]
        assert list(store.aggregate("time:1d", read("detail.outcome:*", NOW), until="2026-11-20T00:00:00Z")) == [
            Bucket("2026-11-19T00:00:00.000000Z", 1)
        ]

    @pytest.mark.parametrize(
        "dimension", ["rest", "time:", "time:0h", "time:1w", "time:-1h", "nothing", "id; DROP", ""]
    )
    def test_dimensions_that_are_none(self, store: EventStore, dimension: str) -> None:
        store.append(Source().entries(1))
        with pytest.raises(UsageError):
            store.aggregate(dimension)

    # Following ----------------------------------------------------------------------------------------------------

    def test_what_arrived_after(self, store: EventStore) -> None:
        assert store.after(Position(), 10) == ([], Position())
        entries = self.filled(store)
        found: list[Entry] = []
        position = Position()
        while True:
            more, following = store.after(position, 4)
            if not more:
                assert following == position
                break
            assert following > position
            found += more
            position = following
        assert found == entries
        assert store.after(Position("2026-11-19", 9999), 1)[0] == [entries[7]]
        assert store.after(Position("1999-01-01", 3), 1)[0] == [entries[0]]
        assert store.after(Position("2999-01-01", 0), 1)[0] == []

    # Outbox -------------------------------------------------------------------------------------------------------

    def test_outbox(self, store: EventStore, folder: Path) -> None:
        entries = Source().entries(4)
        due = stamp(DAY)
        store.append(entries, [OutboxEntry("slack", entry.key, due) for entry in entries[:3]])
        assert store.waiting() == 3
        assert store.waiting("slack") == 3
        assert store.waiting("jira") == 0
        assert store.claim("w1", stamp(DAY - timedelta(seconds=1)), 60, 10) == []
        claimed = store.claim("w1", due, 60, 2)
        assert [(each.route, each.entry, each.due, each.attempts) for each in claimed] == [
            ("slack", entry, due, 0) for entry in entries[:2]
        ]
        assert [each.entry for each in store.claim("w2", due, 60, 10)] == [entries[2]]
        assert store.claim("w3", due, 60, 10) == []
        assert store.settle("w2", [Settled(claimed[0].id)]) == 0  # another one's lease
        assert (
            store.settle("w1", [Settled(claimed[0].id), Settled(claimed[1].id, stamp(DAY + timedelta(hours=1)))]) == 2
        )
        assert store.waiting() == 2
        later = stamp(DAY + timedelta(minutes=2))
        again = store.claim("w3", later, 60, 10)  # the lease of w2 is over
        assert [(each.entry, each.attempts) for each in again] == [(entries[2], 1)]
        assert store.settle("w2", [Settled(again[0].id)]) == 0
        store.close()
        reopened = self.open_store(folder)
        try:
            assert reopened.settle("w3", [Settled(again[0].id)]) == 1
            last = reopened.claim("w1", stamp(DAY + timedelta(hours=2)), 60, 10)
            assert [(each.entry, each.attempts) for each in last] == [(entries[1], 1)]
        finally:
            reopened.close()

    def test_outbox_rows_are_stored_once(self, store: EventStore) -> None:
        entries = Source().entries(2)
        rows = [OutboxEntry("slack", entry.key, stamp(DAY)) for entry in entries]
        store.append(entries, [*rows, *rows])
        assert store.waiting() == 2
        store.append(entries, rows)
        assert store.waiting() == 2
        claimed = store.claim("w", stamp(DAY), 60, 10)
        assert store.settle("w", [Settled(each.id) for each in claimed]) == 2
        store.append(entries, rows)  # sent again after a lost answer: they were delivered
        assert store.waiting() == 0
        store.append([], rows[:1])  # a replay
        assert [each.entry for each in store.claim("w", stamp(DAY), 60, 10)] == entries[:1]
        store.append([], [OutboxEntry("slack", ("nobody", "s", 1), stamp(DAY))])
        assert store.waiting() == 1

    def test_outbox_goes_over_days(self, store: EventStore) -> None:
        source = Source()
        first, second = source.entry(), source.entry(DAY + timedelta(days=1))
        store.append([first], [OutboxEntry("a", first.key, stamp(DAY))])
        held = store.claim("w", stamp(DAY), 3600 * 48, 10)
        store.append([second], [OutboxEntry("a", second.key, stamp(DAY)), OutboxEntry("b", first.key, stamp(DAY))])
        now = stamp(DAY + timedelta(days=1))
        assert [(each.route, each.entry) for each in store.claim("v", now, 60, 10)] == [("a", second), ("b", first)]
        assert store.settle("w", [Settled(each.id) for each in held]) == 1
        assert store.waiting() == 2

    def test_claims_of_one_route(self, store: EventStore) -> None:
        entry = Source().entry()
        store.append([entry], [OutboxEntry(route, entry.key, stamp(DAY)) for route in ("a", "b")])
        assert [each.route for each in store.claim("w", stamp(DAY), 60, 10, route="b")] == ["b"]
        assert [each.route for each in store.claim("w", stamp(DAY), 60, 10)] == ["a"]
        assert store.settle("w", []) == 0

    def test_what_is_no_claim(self, store: EventStore) -> None:
        store.append(Source().entries(1))
        with pytest.raises(UsageError):
            store.claim("w", "now", 60, 1)
        with pytest.raises(UsageError):
            store.settle("w", [Settled("x")])

    # Evidence -----------------------------------------------------------------------------------------------------

    def test_trees_are_those_of_the_events(self, store: EventStore, folder: Path) -> None:
        source = Source()
        first = source.entries(600)
        for at in range(0, 600, 90):
            store.append(first[at : at + 90])
            leaves = [leaf.hashed(each.received, each.endpoint, each.record) for each in first[: at + 90]]
            state = store.tree("2026-11-19")
            assert (state.size, state.root) == (len(leaves), tree.root_of(leaves))
        second = source.entries(3, DAY + timedelta(days=1))
        store.append(second)
        assert store.days() == ["2026-11-19", "2026-11-20"]
        leaves = [leaf.hashed(each.received, each.endpoint, each.record) for each in first]
        for start, end in ((0, 600), (0, 256), (256, 512), (512, 600), (5, 9), (599, 600), (0, 512), (256, 600)):
            assert store.subtree("2026-11-19", start, end) == tree.root_of(leaves[start:end])
        store.close()
        again = self.open_store(folder)
        try:
            assert again.tree("2026-11-19").root == tree.root_of(leaves)
            assert again.tree("2026-11-20").size == 3
        finally:
            again.close()

    # Days ---------------------------------------------------------------------------------------------------------

    def test_days_are_dropped(self, store: EventStore) -> None:
        source = Source()
        days = [source.entries(5, DAY + timedelta(days=number)) for number in range(3)]
        for number, day in enumerate(days):
            store.append(day, [OutboxEntry("r", day[0].key, stamp(DAY + timedelta(days=number)))])
        root = store.tree("2026-11-19").root
        dropped = store.drop_day("2026-11-19")
        assert (dropped.day, dropped.events, dropped.root) == ("2026-11-19", 5, root.hex())
        assert store.days() == ["2026-11-20", "2026-11-21"]
        assert keys(store.query(None, newest_first=False).entries) == list(range(6, 16))
        assert store.find(days[0][0].key) is None
        assert store.append(days[0]).stored == 0  # what was dropped does not come back
        assert store.head("laptop", "s1") == (15, source.head.hash)
        assert store.waiting() == 2
        assert store.after(Position("2026-11-19", 2), 1)[0] == [days[1][0]]
        for name in ("2026-11-19", "2026-11-21", "../control"):
            with pytest.raises(StoreError):
                store.drop_day(name)

    def test_stats(self, store: EventStore) -> None:
        assert (store.stats().events, store.stats().days) == (0, ())
        source = Source()
        store.append(source.entries(5))
        store.append(source.entries(2, DAY + timedelta(days=1)))
        stats = store.stats()
        assert (stats.events, stats.outbox, stats.problem) == (7, 0, "")
        assert [(each.day, each.events, each.problem) for each in stats.days] == [
            ("2026-11-19", 5, ""),
            ("2026-11-20", 2, ""),
        ]
        assert stats.bytes >= sum(each.bytes for each in stats.days) > 0
        assert store.incidents() == []

    def test_an_empty_store(self, store: EventStore) -> None:
        assert store.query(None) == store.query(Query(), newest_first=False)
        assert store.query(None).entries == ()
        assert store.aggregate("verdict") == []
        assert store.aggregate("time:1h") == []
        assert store.days() == []
        assert store.claim("w", stamp(DAY), 1, 1) == []
        assert store.waiting() == 0


class ControlStoreConformance:
    """What every adapter's control store passes."""

    def open_control(self, folder: Path) -> ControlStore:
        """Open the control data of a folder."""
        raise NotImplementedError

    @pytest.fixture
    def control(self, tmp_path: Path) -> Iterator[ControlStore]:
        """An empty one."""
        control = self.open_control(tmp_path / "store")
        yield control
        control.close()

    def test_it_is_of_the_port_too(self, control: ControlStore) -> None:
        assert isinstance(control, ControlStore)

    def test_items(self, control: ControlStore, tmp_path: Path) -> None:
        assert control.get("route", "a") is None
        assert control.items("route") == []
        control.put(Item("route", "b", b"2"), Item("route", "a", b"1"), Item("hold", "a", b"\0\xff"))
        control.put(Item("route", "b", b"3"))
        control.put()
        assert control.get("route", "b") == b"3"
        assert control.items("route") == [Item("route", "a", b"1"), Item("route", "b", b"3")]
        assert control.items("route", after="a") == [Item("route", "b", b"3")]
        assert control.items("route", limit=1) == [Item("route", "a", b"1")]
        assert control.remove("route", "a", "zz") == 1
        assert control.remove("route") == 0
        control.close()
        again = self.open_control(tmp_path / "store")
        try:
            assert again.items("route") == [Item("route", "b", b"3")]
            assert again.get("hold", "a") == b"\0\xff"
        finally:
            again.close()

    def test_deliveries(self, control: ControlStore) -> None:
        made = [
            Delivery(stamp(DAY + timedelta(minutes=number)), f"r{number % 2}", "slack", "delivered", f"k{number}", 3,
                     ("e", "s", number), number, "ok", 12)
            for number in range(1, 6)
        ]  # fmt: skip
        control.delivered(*made)
        control.delivered(msgspec.structs.replace(made[0], outcome="retry", first=None))
        control.delivered()
        found = control.deliveries()
        assert [each.number for each in found] == sorted((each.number for each in found), reverse=True)
        kept = [msgspec.structs.replace(each, number=0) for each in found]
        assert kept == [msgspec.structs.replace(made[0], outcome="retry", first=None), *made[::-1]]
        assert [each.dedup_key for each in control.deliveries(route="r0")] == ["k4", "k2"]
        assert [each.dedup_key for each in control.deliveries(outcome="retry")] == ["k1"]
        assert control.deliveries(limit=2) == found[:2]
        assert control.deliveries(before=found[1].number, limit=2) == found[2:4]
        assert control.forget_deliveries(stamp(DAY + timedelta(minutes=3))) == 3
        assert [each.dedup_key for each in control.deliveries()] == ["k5", "k4", "k3"]

    def test_changes_of_all_kinds_are_one(self, control: ControlStore, tmp_path: Path) -> None:
        made = Delivery(stamp(DAY), "r", "d", "delivered", "k")
        control.put(Item("notice", "a", b"1"), Item("notice", "b", b"1"), Item("breaker", "a", b"1"))
        control.change()
        control.change(
            put=[Item("notice", "c", b"2"), Item("notice", "b", b"2"), Item("notice", "b", b"3")],
            remove=[("notice", "a"), ("breaker", "a"), ("breaker", "gone")],
            delivered=[made, msgspec.structs.replace(made, outcome="retry")],
        )
        assert control.items("notice") == [Item("notice", "b", b"3"), Item("notice", "c", b"2")]
        assert control.items("breaker") == []
        assert [each.outcome for each in control.deliveries()] == ["retry", "delivered"]
        with pytest.raises((TypeError, AttributeError)):
            control.change(put=[Item("notice", "d", b"4")], delivered=[made, None])  # type: ignore[list-item]  # one fails
        assert [item.name for item in control.items("notice")] == ["b", "c"]
        assert len(control.deliveries()) == 2
        control.close()
        again = self.open_control(tmp_path / "store")
        assert again.items("notice", after="b") == [Item("notice", "c", b"2")]
        again.close()

    def test_the_log_only_grows(self, control: ControlStore) -> None:
        assert control.log_lines() == []
        assert control.log("day one") == 1
        assert control.log("day two", "day three") == 3
        assert control.log() == 3
        assert control.log("day four", items=[Item("checkpoint", "log", b"4")]) == 4
        assert control.get("checkpoint", "log") == b"4"
        assert control.log_lines(2) == [LogLine(2, "day three"), LogLine(3, "day four")]
