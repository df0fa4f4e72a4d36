"""The stream worker: order, resumption, one bad event, failures, dead letters, threads for each route."""

import json
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from spawngate.routing.destination import (
    Answer,
    Batch,
    Context,
    Destination,
    Exchange,
    HttpAnswer,
    HttpRequest,
    Outgoing,
    http_outcome,
)
from spawngate.routing.destinations import destination
from spawngate.routing.destinations.splunk import SplunkSettings
from spawngate.routing.route import RouteText, understand
from spawngate.routing.settings import Settings, decode
from spawngate.routing.stream import StreamSettings, in_parts
from spawngate.routing.table import Named
from spawngate.server.deliver import routes, streams
from spawngate.server.deliver.carry import Carrier
from spawngate.server.deliver.refused import dead_letters, replay
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.deliver.streams import Cursor, Stream, Streams, cursor_of
from spawngate.server.store.port import Entry, Item, Position, Stats, StoreReadOnlyError
from spawngate.server.store.sqlite.control import SqliteControl
from spawngate.server.store.sqlite.events import SqliteEvents
from spawngate.trail.event import Event
from tests.routing.streaming import simple
from tests.stubs.http_stub import serving
from tests.stubs.splunk import Collector

TOKEN = "11111111-2222-3333-4444-555555555555"
CHANNEL = "0aeeac95-ac74-4aa9-b30d-6c4c0ac581ba"


class Clock:
    def __init__(self) -> None:
        self.now = 1_795_255_200.0

    def __call__(self) -> float:
        return self.now


class Script(Carrier):
    """Answers by a function; remembers the messages of the events in each request that was answered with 200."""

    def __init__(self, answer: Callable[[HttpRequest], Answer] = lambda request: HttpAnswer(200)) -> None:
        self.answer = answer
        self.taken: list[str] = []
        self.asked = 0

    def carry(self, outgoing: Outgoing, settings: Settings) -> Answer:
        assert isinstance(outgoing, HttpRequest)
        self.asked += 1
        answer = self.answer(outgoing)
        if isinstance(answer, HttpAnswer) and answer.status == 200:
            self.taken += [json.loads(line)["message"] for line in outgoing.body.splitlines()]
        return answer


def exchange(settings: StreamSettings, batch: Batch, context: Context) -> Exchange:
    pieces = [item.record + b"\n" for item in batch.items]

    def request(some: Sequence[bytes]) -> HttpRequest:
        return HttpRequest("POST", "https://x.test", (("batch", batch.id),), b"".join(some))

    return (yield from in_parts(pieces, 4, 1 << 20, request, lambda answer, count: http_outcome(answer)))


PLAIN = Destination("plain", "stream", StreamSettings, exchange)


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[tuple[SqliteEvents, SqliteControl]]:
    events, control = SqliteEvents(tmp_path), SqliteControl(tmp_path, b"k" * 32)
    yield events, control
    control.close()
    events.close()


def entries(messages: Sequence[str]) -> list[Entry]:
    return [item for item in simple(messages).items if isinstance(item, Entry)]


def stream(
    stores: tuple[SqliteEvents, SqliteControl],
    carrier: Carrier,
    *,
    clock: Clock | None = None,
    match: str = "",
    events: int = 10,
    told: list[Event] | None = None,
    kind: Destination | None = None,
) -> Stream:
    route = understand(RouteText(name="siem", destination="plain", match=match), "stream", "plain", "route.siem")
    target = Named("siem-plain", kind or PLAIN, StreamSettings(batch_events=events))
    tell = (lambda event: None) if told is None else told.append
    return Stream(*stores, route, target, carrier=carrier, clock=clock or Clock(), draw=lambda: 0.5, tell=tell)


def drain(worker: Stream, clock: Clock, most: int = 200) -> None:
    """Steps until nothing is left, the clock moved on by every wait."""
    for _ in range(most):
        before = worker.cursor
        wait = worker.step()
        if wait and worker.cursor == before and not before.due:
            return
        clock.now += max(wait, 0.01)
    raise AssertionError("does not come to an end")


def numbers(count: int) -> list[str]:
    return [f"m{number}" for number in range(count)]


def test_everything_in_order_and_only_once(stores: tuple[SqliteEvents, SqliteControl]) -> None:
    events, control = stores
    events.append(entries(numbers(25)))
    carrier, clock = Script(), Clock()
    worker = stream(stores, carrier, clock=clock)
    drain(worker, clock)
    assert carrier.taken == numbers(25)
    drain(stream(stores, carrier, clock=clock), clock)
    assert carrier.taken == numbers(25)
    cursor = cursor_of(control, "siem")
    assert (cursor.number, cursor.delivered, cursor.refused, cursor.attempts) == (25, 25, 0, 0)
    assert [(each.outcome, each.events) for each in control.deliveries(route="siem")] == [
        ("delivered", 5),
        ("delivered", 10),
        ("delivered", 10),
    ]


def test_what_a_route_does_not_take_is_passed_over(stores: tuple[SqliteEvents, SqliteControl]) -> None:
    events, _ = stores
    events.append(entries(["curl x", "b", "curl y", "d", "e"]))
    carrier, clock = Script(), Clock()
    worker = stream(stores, carrier, clock=clock, match="curl", events=2)
    drain(worker, clock)
    assert carrier.taken == ["curl x", "curl y"]
    assert worker.cursor.number == 5


def test_a_destination_that_is_down_keeps_its_place(stores: tuple[SqliteEvents, SqliteControl]) -> None:
    events, control = stores
    events.append(entries(numbers(12)))
    down = True
    carrier, clock, told = Script(lambda _: HttpAnswer(503 if down else 200)), Clock(), list[Event]()
    worker = stream(stores, carrier, clock=clock, told=told)
    waits = [worker.step()]
    assert (worker.cursor.attempts, worker.cursor.reason, worker.cursor.number) == (1, "HTTP 503", 0)
    assert worker.cursor.due == clock.now + 0.5
    for _ in range(5):
        clock.now = worker.cursor.due
        waits.append(worker.step())
    assert worker.cursor.attempts == 6
    assert carrier.asked == 6
    assert carrier.taken == []
    again = stream(stores, carrier, clock=clock, told=told)
    assert again.step() <= 1.0
    assert carrier.asked == 6, "a worker that starts anew waits as long as the one before"
    down = False
    clock.now = again.cursor.due
    drain(again, clock)
    assert carrier.taken == numbers(12)
    assert again.cursor.attempts == 0
    states = [(event.delivery.state, event.delivery.reason) for event in told if event.delivery is not None]
    assert states == [("retry", "HTTP 503"), ("resumed", "after 6 attempts that failed: HTTP 503")]
    assert [each.outcome for each in control.deliveries(route="siem")] == ["delivered"] * 2 + ["retry"] * 6


def test_progress_within_a_batch_is_kept(stores: tuple[SqliteEvents, SqliteControl]) -> None:
    events, _ = stores
    events.append(entries(numbers(10)))
    answers = [HttpAnswer(200), HttpAnswer(429, (("retry-after", "7"),)), *[HttpAnswer(200)] * 9]
    carrier, clock = Script(lambda _: answers.pop(0)), Clock()
    worker = stream(stores, carrier, clock=clock)
    worker.step()
    assert (worker.cursor.number, worker.cursor.delivered) == (4, 4)
    assert worker.cursor.due >= clock.now + 7
    clock.now = worker.cursor.due
    drain(worker, clock)
    assert carrier.taken == numbers(10)


def test_one_event_that_is_not_wanted_becomes_a_dead_letter(stores: tuple[SqliteEvents, SqliteControl]) -> None:
    events, control = stores
    messages = numbers(30)
    messages[3] = messages[17] = "poison"
    events.append(entries(messages))
    bad = True
    carrier = Script(lambda request: HttpAnswer(400 if bad and b"poison" in request.body else 200))
    clock, told = Clock(), list[Event]()
    worker = stream(stores, carrier, clock=clock, told=told)
    drain(worker, clock)
    assert carrier.taken == [message for message in messages if message != "poison"]
    assert (worker.cursor.delivered, worker.cursor.refused) == (28, 2)
    letters = dead_letters(control)
    assert sorted(letter.key for letter in letters.values()) == [("e1", "stream-1", 4), ("e1", "stream-1", 18)]
    assert {letter.reason for letter in letters.values()} == {"HTTP 400"}
    assert [event.delivery.state for event in told if event.delivery] == ["dead", "dead"]
    assert replay(control, [next(iter(letters)), "other"]) == 1
    worker.step()
    assert len(dead_letters(control, "siem")) == 2, "it is refused again"
    bad = False
    assert replay(control, list(letters)) == 2
    worker.step()
    assert dead_letters(control) == {}
    assert carrier.taken[-2:] == ["poison", "poison"]
    assert dead_letters(control, "other") == {}


def test_a_fault_of_ours_costs_one_event(stores: tuple[SqliteEvents, SqliteControl]) -> None:
    events, control = stores
    messages = numbers(20)
    messages[7] = "poison"
    events.append(entries(messages))

    def broken(settings: StreamSettings, batch: Batch, context: Context) -> Exchange:
        if any(b"poison" in item.record for item in batch.items):
            raise KeyError("poison")
        return (yield from exchange(settings, batch, context))

    carrier, clock = Script(), Clock()
    worker = stream(stores, carrier, clock=clock, kind=Destination("plain", "stream", StreamSettings, broken))
    drain(worker, clock)
    assert carrier.taken == [message for message in messages if message != "poison"]
    (letter,) = dead_letters(control).values()
    assert letter.reason.startswith("internal error: KeyError")


class Pruned:
    """A store whose retention has deleted every day up to the one that is open."""

    def __init__(self, events: SqliteEvents) -> None:
        self._events = events

    def __getattr__(self, name: str) -> Any:
        return getattr(self._events, name)

    def stats(self) -> Stats:
        return Stats(0, 0, (), 0)


def test_what_retention_deleted_before_it_was_sent_is_told_once(stores: tuple[SqliteEvents, SqliteControl]) -> None:
    events, control = stores
    events.append(entries(numbers(12)))
    down = False
    carrier, clock, told = Script(lambda _: HttpAnswer(503 if down else 200)), Clock(), list[Event]()
    pruned: Any = Pruned(events)
    worker = stream((pruned, control), carrier, clock=clock, told=told)
    worker.step()
    assert told == [], "a destination that works has lost nothing"
    down = True
    for _ in range(4):
        clock.now = max(clock.now, worker.cursor.due)
        worker.step()
    assert [event.delivery.state for event in told if event.delivery] == ["retry", "dropped"]


def test_a_clock_that_was_wrong_does_not_stop_a_route(stores: tuple[SqliteEvents, SqliteControl]) -> None:
    events, control = stores
    events.append(entries(["a"]))
    clock, carrier = Clock(), Script()
    later = msgspec.json.encode(Cursor(attempts=1, due=clock.now + 10**8))
    control.put(Item("cursor", "siem", later))
    stream(stores, carrier, clock=clock).step()
    assert carrier.taken == ["a"]


def test_a_wrong_setting_waits_long_and_loses_nothing(stores: tuple[SqliteEvents, SqliteControl]) -> None:
    events, _ = stores
    events.append(entries(["a"]))
    carrier, clock = Script(lambda _: HttpAnswer(401)), Clock()
    worker = stream(stores, carrier, clock=clock)
    worker.step()
    assert worker.cursor.due >= clock.now + 60


class Failing:
    """A store whose next calls of `after` fail."""

    def __init__(self, events: SqliteEvents, failures: int, error: Exception) -> None:
        self._events, self.failures, self._error = events, failures, error

    def after(self, position: Position, limit: int) -> tuple[Sequence[Entry], Position]:
        if self.failures:
            self.failures -= 1
            raise self._error
        return self._events.after(position, limit)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (StoreReadOnlyError("the store cannot be read"), "the store cannot be read"),
        (ValueError("a secret"), "internal error: ValueError in after:"),
    ],
)
def test_a_store_or_we_ourselves_that_fail_are_told_and_the_worker_goes_on(
    stores: tuple[SqliteEvents, SqliteControl], monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    monkeypatch.setattr(streams, "AGAIN", 0.01)
    events, control = stores
    events.append(entries(["a"]))
    carrier, problems, end = Script(), list[str](), threading.Event()
    worker = Streams(events, control, Sealer(b"s" * 32), on_problem=problems.append)
    failing: Any = Failing(events, 3, error)
    thread = threading.Thread(target=worker._follow, args=(stream((failing, control), carrier), end))
    thread.start()
    waited(lambda: carrier.taken == ["a"])
    end.set()
    thread.join()
    assert (len(problems), {each.startswith(told) for each in problems}) == (3, {True})
    assert not any("a secret" in each for each in problems)


def test_acknowledgements_are_asked_for_and_not_sent_again(stores: tuple[SqliteEvents, SqliteControl]) -> None:
    events, control = stores
    collector = Collector(TOKEN, acks=True, polls=2)

    class Straight(Carrier):
        def carry(self, outgoing: Outgoing, settings: Settings) -> Answer:
            assert isinstance(outgoing, HttpRequest)
            return collector.answer(outgoing)

    settings = decode(SplunkSettings, {"url": "https://s.test", "token": TOKEN, "channel": CHANNEL}, "d")
    route = understand(RouteText(name="siem", destination="s"), "stream", "splunk", "route.siem")
    target, clock = Named("s", destination("splunk"), settings), Clock()
    events.append(entries(["a", "b"]))
    Stream(*stores, route, target, carrier=Straight(), clock=clock).step()
    events.append(entries(["a", "b", "c"])[2:])
    # The process ends: the next one knows what was sent, and that the third event was not in it.
    worker = Stream(*stores, route, target, carrier=Straight(), clock=clock)
    assert worker.cursor.remembered["acks"] == "0"
    drain(worker, clock)
    assert [event["event"]["message"] for event in collector.indexed] == ["a", "b", "c"]
    assert worker.cursor.remembered == {}
    assert [each.outcome for each in control.deliveries(outcome="delivered")] == ["delivered"] * 2


def test_cursors_of_another_version_begin_anew(stores: tuple[SqliteEvents, SqliteControl]) -> None:
    _, control = stores
    control.put(Item("cursor", "siem", b"["))
    assert cursor_of(control, "siem") == Cursor()


def test_a_cursor_that_somebody_else_wrote_passes_nothing_over(tmp_path: Path) -> None:
    control = SqliteControl(tmp_path, b"k" * 32)
    control.put(Item("cursor", "siem", msgspec.json.encode(Cursor(day="2026-11-19", number=5))))
    assert cursor_of(control, "siem").number == 5
    with closing(sqlite3.connect(tmp_path / "control.sqlite", isolation_level=None)) as connection:
        connection.execute("UPDATE items SET value=CAST(replace(value, '5', '9') AS BLOB)")
    assert cursor_of(control, "siem") == Cursor()
    control.close()


CONFIGURATION = """
[destination.a]
type = "splunk"
url = "{url}"
token = "{token}"
allow_internal = ["127.0.0.0/8"]

[destination.b]
type = "ocsf-file"
path = "{path}"

[[route]]
name = "to-a"
destination = "a"

[[route]]
name = "to-b"
destination = "b"
"""


def waited(what: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "does not happen"
        time.sleep(0.02)


def test_every_route_has_its_own_pace(stores: tuple[SqliteEvents, SqliteControl], tmp_path: Path) -> None:
    events, control = stores
    sealer, collector, stop = Sealer(b"s" * 32), Collector(TOKEN), threading.Event()
    collector.busy = 10**6
    path = tmp_path / "ocsf.ndjson"
    with serving(collector) as url:
        text = CONFIGURATION.format(url=url, token=TOKEN, path=path)
        routes.add(control, sealer, text, {})
        events.append(entries(numbers(600)))
        worker = Streams(events, control, sealer)
        thread = threading.Thread(target=worker.run, args=(stop,))
        thread.start()
        try:
            waited(lambda: cursor_of(control, "to-b").delivered == 600)
            assert cursor_of(control, "to-a").attempts > 0
            assert len(path.read_bytes().splitlines()) == 600
            collector.busy = 0
            waited(lambda: cursor_of(control, "to-a").delivered == 600)
            assert [event["event"]["message"] for event in collector.indexed] == numbers(600)
            routes.remove(control, "to-b")
            time.sleep(2.2)
            events.append(entries(numbers(601))[600:])
            waited(lambda: cursor_of(control, "to-a").delivered == 601)
            assert cursor_of(control, "to-b").delivered == 600
        finally:
            stop.set()
            thread.join()


def test_a_server_that_says_nothing_does_not_hold_up_a_change(
    stores: tuple[SqliteEvents, SqliteControl], tmp_path: Path
) -> None:
    events, control = stores
    sealer, carrier, stop = Sealer(b"s" * 32), Carrier(), threading.Event()
    lake = '[destination.{0}]\ntype = "ocsf-file"\npath = "{1}/{0}"\n[[route]]\nname = "to-{0}"\ndestination = "{0}"\n'
    with socket.create_server(("127.0.0.1", 0)) as tarpit:
        silent = CONFIGURATION.format(
            url=f"http://127.0.0.1:{tarpit.getsockname()[1]}", token=TOKEN, path=tmp_path / "b"
        )
        silent = silent.replace('type = "splunk"', 'type = "splunk"\ntimeout_seconds = 60', 1)
        routes.add(control, sealer, silent, {})
        events.append(entries(numbers(3)))
        thread = threading.Thread(target=Streams(events, control, sealer, carrier=carrier).run, args=(stop,))
        thread.start()
        try:
            connection, _ = tarpit.accept()
            waited(lambda: cursor_of(control, "to-b").delivered == 3)
            routes.add(control, sealer, lake.format("c", tmp_path), {})
            waited(lambda: cursor_of(control, "to-c").delivered == 3)
            events.append(entries(numbers(4))[3:])
            waited(lambda: cursor_of(control, "to-b").delivered == 4)
            carrier.end()
            connection.close()
        finally:
            stop.set()
            thread.join()


CHILD = """
import sys, threading
from pathlib import Path
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.deliver.streams import Streams
from spawngate.server.store.sqlite.control import SqliteControl
from spawngate.server.store.sqlite.events import SqliteEvents
folder = Path(sys.argv[1])
Streams(SqliteEvents(folder), SqliteControl(folder, b"k" * 32), Sealer(b"s" * 32)).run(threading.Event())
"""


def test_killed_at_any_point_nothing_is_left_out(tmp_path: Path) -> None:
    collector = Collector(TOKEN)
    store = tmp_path / "store"
    with serving(collector) as url:
        events, control = SqliteEvents(store), SqliteControl(store, b"k" * 32)
        text = CONFIGURATION.format(url=url, token=TOKEN, path=tmp_path / "ocsf.ndjson")
        text = text.replace('type = "splunk"', 'type = "splunk"\nbatch_events = 20')
        routes.add(control, Sealer(b"s" * 32), text, {})
        events.append(entries(numbers(3_000)))
        control.close()
        events.close()
        kills = 0
        for number in range(40):
            with subprocess.Popen([sys.executable, "-c", CHILD, str(store)]) as child:
                before, end = len(collector.indexed), time.monotonic() + 20
                while len(collector.indexed) < before + 20 + number * 7 and time.monotonic() < end:
                    if len({event["event"]["key"] for event in collector.indexed}) == 3_000:
                        break
                    time.sleep(0.005)
                child.send_signal(signal.SIGKILL)
            kills += 1
            if len({event["event"]["key"] for event in collector.indexed}) == 3_000:
                break
    received = [event["event"]["sequence"] for event in collector.indexed]
    first: dict[int, int] = {}
    for at, sequence in enumerate(received):
        first.setdefault(sequence, at)
    assert sorted(first) == list(range(1, 3_001)), "every event arrived"
    assert sorted(first, key=lambda sequence: first[sequence]) == list(range(1, 3_001)), "first arrivals are in order"
    assert len(received) <= 3_000 + kills * 20, "at most one batch again for every kill"
    assert kills > 3
