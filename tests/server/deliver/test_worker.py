"""`server.deliver.worker`: from outbox to destination, with a clock that we move, faults, and kills at every write."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from spawngate.model.errors import StateError
from spawngate.routing.breaker import Breaker
from spawngate.routing.destination import Answer, HttpAnswer, HttpRequest, Outgoing
from spawngate.routing.settings import Settings
from spawngate.server.deliver.carry import Carrier
from spawngate.server.deliver.grouping import LEASE
from spawngate.server.deliver.ledger import Ledger, Pending
from spawngate.server.deliver.queue import Queue
from spawngate.server.deliver.routes import add, load, outbox, remove
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.deliver.trial import trial
from spawngate.server.deliver.worker import ABREAST, Worker, only
from spawngate.server.store.port import Delivery, Entry, StoreError
from spawngate.trail.event import Event
from spawngate.trail.moment import text
from tests.routing.samples import deny, encoded, finding
from tests.server.deliver.memory import KilledError, MemoryControl, MemoryEvents
from tests.stubs.http import Asked
from tests.stubs.jira import TOKEN, USER, JiraStub
from tests.stubs.webhook import SECRET

T = 1_795_255_200.0
SEALER = Sealer(b"1" * 32)
ROUTES = f"""
[destination.hook]
type = "webhook"
url = "https://hook.example/x"
secrets = ["{SECRET}"]

[[route]]
name = "denies"
destination = "hook"
match = "verdict:deny"
"""


class Script(Carrier):
    """Answers by what `answer` says; what was sent is kept."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.status: list[int] = []
        self.headers: tuple[tuple[str, str], ...] = ()

    def carry(self, outgoing: Outgoing, settings: Settings) -> Answer:
        assert isinstance(outgoing, HttpRequest)
        headers = dict(outgoing.headers)
        self.sent.append((headers.get("webhook-id", ""), msgspec.json.decode(outgoing.body)))
        return HttpAnswer(self.status.pop(0) if self.status else 204, self.headers)


class Scene:
    """Stores, a clock, and a worker that can be made anew as after a kill."""

    def __init__(self, routes: str = ROUTES, carrier: Carrier | None = None) -> None:
        self.events, self.control = MemoryEvents(), MemoryControl()
        add(self.control, SEALER, routes, {})
        self.now = T
        self.carrier = carrier or Script()
        self.problems: list[str] = []
        self.told: list[Event] = []
        self.number = 0
        self.worker = self.start()

    @property
    def sent(self) -> list[tuple[str, Any]]:
        assert isinstance(self.carrier, Script)
        return self.carrier.sent

    def start(self) -> Worker:
        self.worker = Worker(
            self.events,
            self.control,
            SEALER,
            carrier=self.carrier,
            clock=lambda: self.now,
            draw=lambda: 0.5,
            threads=0,
            tell=self.told.append,
            on_problem=self.problems.append,
        )
        return self.worker

    def happen(self, *records: dict[str, Any]) -> None:
        batch = []
        for record in records:
            self.number += 1
            at = text(int(self.now * 1_000_000))
            batch.append(Entry(record["endpoint"], "s", self.number, at, at, record["type"], encoded(record)))
        self.events.append(batch, outbox(batch, load(self.control, SEALER).table, batch[0].received))

    def until(self, moment: float, step: float = 1.0) -> None:
        while True:
            while self.worker.step():
                pass
            if self.now >= T + moment:
                return
            self.now = min(self.now + step, T + moment)


def told(scene: Scene) -> list[tuple[str, str, str]]:
    """Events for the trail: state, kind of destination, reason."""
    found = [event.delivery for event in scene.told]
    return [(each.state, each.kind, each.reason) for each in found if each is not None]


def outcomes(control: MemoryControl) -> list[tuple[str, int, str]]:
    return [(each.outcome, each.attempt, each.detail) for each in control.noted]


def test_events_become_one_notice_and_leave_nothing_behind() -> None:
    scene = Scene()
    scene.happen(deny(), deny("laptop-2"), finding("opened"))
    scene.until(29)
    assert scene.sent == []
    assert not scene.worker.idle()
    scene.until(30)
    ((id, body),) = scene.sent
    assert (body["type"], body["data"]["total"], body["data"]["endpoints"]) == ("spawngate.notice.new", 2, 2)
    assert scene.control.noted == [
        Delivery(
            at="2026-11-21T10:00:30.000000Z",
            route="denies",
            destination="hook",
            outcome="delivered",
            dedup_key=id,
            events=2,
            detail="204",
            number=1,
        )
    ]
    assert (scene.events.waiting(), scene.worker.idle(), scene.problems) == (0, True, [])
    assert [kind for kind, _ in scene.control.data if kind in ("notice", "applied", "breaker")] == []


def test_a_destination_that_is_down_is_tried_again_under_the_same_id() -> None:
    scene = Scene()
    assert isinstance(scene.carrier, Script)
    scene.carrier.status = [500, 503]
    scene.happen(deny())
    scene.until(60)
    assert len({id for id, _ in scene.sent}) == 1
    assert outcomes(scene.control) == [
        ("retry", 1, "HTTP 500"),
        ("retry", 2, "HTTP 503"),
        ("delivered", 3, "204"),
    ]


def test_a_wait_that_was_asked_for_is_kept() -> None:
    scene = Scene()
    assert isinstance(scene.carrier, Script)
    scene.carrier.status, scene.carrier.headers = [429], (("retry-after", "120"),)
    scene.happen(deny())
    scene.until(150)
    assert [each.at for each in scene.control.noted] == ["2026-11-21T10:00:30.000000Z"]
    scene.until(152)
    assert outcomes(scene.control)[1:] == [("delivered", 2, "204")]


SLACK = """
[destination.chat]
type = "slack"
url = "https://hooks.slack.com/services/T/B/x"

[[route]]
name = "denies"
destination = "chat"
match = "verdict:deny"
"""


class Chat(Script):
    """Slack, which is sometimes busy. Times of requests are kept."""

    def __init__(self, *busy: int) -> None:
        super().__init__()
        self.busy, self.times = set(busy), list[float]()
        self.scene: Scene | None = None

    def carry(self, outgoing: Outgoing, settings: Settings) -> Answer:
        assert self.scene is not None
        self.times.append(self.scene.now - T)
        super().carry(outgoing, settings)
        if len(self.times) in self.busy:
            return HttpAnswer(429, (("retry-after", "20"),), b"rate_limited")
        return HttpAnswer(200, (), b"ok")


def test_a_vendor_that_wants_a_distance_gets_it_and_a_busy_one_its_pause() -> None:
    chat = Chat(3)
    scene = Scene(SLACK, chat)
    chat.scene = scene
    scene.happen(*(deny(rule=f"r{number}") for number in range(5)))
    scene.until(120)
    assert chat.times[:3] == [30, 31, 32]
    # The third was told to wait, so the fourth and fifth wait too; to be busy is no failure of the destination.
    assert chat.times[3] in (52, 53)
    assert len(chat.times) == 6
    assert Ledger(scene.control).breakers() == {}
    assert {each.outcome for each in scene.control.noted} == {"delivered", "retry"}


def test_a_test_that_arrives_ends_a_pause() -> None:
    scene = Scene()
    assert isinstance(scene.carrier, Script)
    scene.carrier.status = [401]
    scene.happen(deny())
    scene.until(31)
    assert (len(scene.sent), Ledger(scene.control).breakers()["hook"].open) == (1, True)
    assert trial(scene.control, load(scene.control, SEALER), "denies", scene.now, "x", Script()).state == "delivered"
    assert Ledger(scene.control).breakers()["hook"] == Breaker()
    scene.worker._looked = 0.0
    scene.until(32)
    assert len(scene.sent) == 2


def test_the_breaker_lets_others_wait_and_one_try() -> None:
    scene = Scene(ROUTES.replace("[[route]]", '[[route]]\ngroup_by = ["rule"]\nlimit = "1000/1s"'))
    assert isinstance(scene.carrier, Script)
    scene.carrier.status = [500] * 5
    scene.happen(*(deny(rule=f"r{number}") for number in range(8)))
    scene.until(30)
    assert len(scene.sent) == 5
    breaker = Ledger(scene.control).breakers()["hook"]
    assert (breaker.failures, breaker.until) == (5, T + 46)
    scene.until(45)
    assert len(scene.sent) == 5
    scene.until(120)
    assert len({id for id, _ in scene.sent[5:]}) == 8
    assert Ledger(scene.control).breakers()["hook"] == Breaker()
    assert told(scene) == [
        ("paused", "webhook", "HTTP 500"),
        ("resumed", "webhook", "after 5 attempts that failed: HTTP 500"),
    ]


def test_what_a_destination_refuses_is_a_dead_letter_and_comes_back_when_it_is_replayed() -> None:
    scene = Scene()
    assert isinstance(scene.carrier, Script)
    scene.carrier.status = [400]
    scene.happen(deny())
    scene.until(60)
    (dead,) = Ledger(scene.control).dead().values()
    assert (dead.reason, dead.attempts, dead.died) == ("HTTP 400", 1, T + 30)
    assert outcomes(scene.control) == [("refused", 1, "HTTP 400"), ("dead", 1, "HTTP 400")]
    assert told(scene) == [("dead", "webhook", "HTTP 400")]
    Ledger(scene.control).replayed(dead, scene.now)
    scene.start()
    scene.until(70)
    assert [id for id, _ in scene.sent] == [dead.notice.id] * 2
    assert (Ledger(scene.control).dead(), Ledger(scene.control).pending()) == ({}, {})


def test_after_a_day_a_notice_is_given_up() -> None:
    scene = Scene()
    assert isinstance(scene.carrier, Script)
    scene.carrier.status = [401] * 10_000
    scene.happen(deny())
    scene.until(86_400 + 2000, step=30)
    assert Ledger(scene.control).pending() == {}
    (dead,) = Ledger(scene.control).dead().values()
    assert dead.reason == "HTTP 401"
    # A refused credential opens the breaker at once: some attempts in an hour and not thousands.
    assert 50 < len(scene.sent) < 400


def test_a_destination_that_is_removed_leaves_dead_letters() -> None:
    scene = Scene()
    assert isinstance(scene.carrier, Script)
    scene.carrier.status = [500]
    scene.happen(deny())
    scene.until(30)
    remove(scene.control, "denies")
    remove(scene.control, "hook", destination=True)
    scene.start()
    scene.until(31)
    assert [each.reason for each in Ledger(scene.control).dead().values()] == ["the destination was removed"]


def test_entries_of_a_route_that_is_gone_are_let_go_and_of_a_broken_one_kept() -> None:
    scene = Scene()
    scene.happen(deny())
    sealed = scene.control.data["destination", "hook"]
    scene.control.data["destination", "hook"] = b"broken"
    scene.start()
    scene.until(10)
    assert (scene.events.waiting(), scene.problems[0]) == (
        1,
        "destination.hook: the secrets of destination.hook are not sealed as we do it; add it anew",
    )
    scene.control.data["destination", "hook"] = sealed
    scene.start()
    scene.until(100)
    assert len(scene.sent) == 1
    scene.happen(deny())
    remove(scene.control, "denies")
    scene.start()
    scene.until(101)
    assert (scene.events.waiting(), len(scene.sent)) == (0, 1)


def test_routes_that_change_are_seen_while_it_runs() -> None:
    scene = Scene()
    add(scene.control, SEALER, ROUTES.replace('match = "verdict:deny"', 'match = ""\ngroup_wait = "1s"'), {})
    scene.worker._looked = 0.0
    scene.happen(finding("opened"))
    scene.until(5)
    assert [body["data"]["title"] for _, body in scene.sent] == [
        "Finding opened: rule spawn-shell-interpreter, name files"
    ]


class Reached(Carrier):
    """A stub behind no network."""

    def __init__(self, stub: JiraStub) -> None:
        self.stub = stub

    def carry(self, outgoing: Outgoing, settings: Settings) -> Answer:
        assert isinstance(outgoing, HttpRequest)
        path = outgoing.url.removeprefix("https://x.atlassian.net")
        reply = self.stub.handle(Asked(outgoing.method, path, dict(outgoing.headers), outgoing.body))
        return HttpAnswer(reply.status, (), reply.data())


JIRA = f"""
[destination.jira]
type = "jira"
url = "https://x.atlassian.net"
user = "{USER}"
token = "{TOKEN}"
project = "SEC"

[[route]]
name = "findings"
destination = "jira"
match = "type:finding-*"
"""


def test_a_finding_is_one_issue_for_its_whole_life() -> None:
    stub = JiraStub()
    scene = Scene(JIRA, Reached(stub))
    scene.happen(finding("opened"), finding("opened", "laptop-2"))
    scene.until(40)
    scene.happen(finding("opened", "laptop-3"))
    scene.until(400)
    scene.happen(*(finding("closed", name) for name in ("laptop-1", "laptop-2", "laptop-3")))
    scene.until(1000)
    assert list(stub.issues) == ["SEC-1"]
    assert (len(stub.issues["SEC-1"]["comments"]), stub.issues["SEC-1"]["status"]["name"]) == (2, "Done")
    assert [each.detail for each in scene.control.noted] == ["SEC-1: created", "SEC-1: commented", "SEC-1: closed"]
    assert Ledger(scene.control).groups() == {}


def test_killed_at_any_write_every_event_is_counted_once_and_told() -> None:
    """For each write of a run, a kill at it: nothing is counted twice, nothing is lost, ids repeat only for repeats."""
    records = [deny(f"laptop-{number}", rule=f"r{number % 3}") for number in range(12)]
    plain = Scene()
    plain.happen(*records)
    writes = plain.control.writes
    plain.until(40)
    total = plain.control.writes - writes
    assert total > 5
    for at in range(1, total + 1):
        scene = Scene()
        scene.happen(*records)
        scene.control.die_at = scene.control.writes + at
        with pytest.raises(KilledError):
            scene.until(300)
        scene.control.die_at = 0
        scene.events.release()
        scene.start()
        scene.until(400)
        told = {id: body["data"]["total"] for id, body in scene.sent}
        assert sum(told.values()) == 12, f"killed at write {at}"
        assert len(told) == 3
        assert max(Counter(id for id, _ in scene.sent).values()) <= 2
        assert scene.events.waiting() == 0
        assert Ledger(scene.control).applied() == {}


def test_an_attempt_that_a_kill_cut_off_is_made_again_at_once_and_counted() -> None:
    class Dies(Script):
        def carry(self, outgoing: Outgoing, settings: Settings) -> Answer:
            super().carry(outgoing, settings)
            raise KilledError

    scene = Scene(carrier=Dies())
    scene.happen(deny())
    with pytest.raises(KilledError):
        scene.until(40)
    first = list(scene.sent)
    scene.carrier = Script()
    scene.start()
    scene.until(31)
    assert [id for id, _ in scene.sent] == [id for id, _ in first]
    assert outcomes(scene.control) == [("delivered", 2, "204")]


def test_a_store_that_fails_stops_nothing_for_good() -> None:
    scene = Scene()
    scene.worker.close()
    worker = Worker(
        scene.events,
        scene.control,
        SEALER,
        carrier=scene.carrier,
        clock=lambda: time.time() + 60 * scene.number,
        threads=2,
        on_problem=scene.problems.append,
    )
    scene.events.broken = True
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    wait(lambda: scene.problems)
    scene.events.broken = False
    scene.happen(deny())
    wait(lambda: scene.events.waiting() == 0)
    scene.number += 1  # a minute later
    wait(lambda: scene.sent)
    stop.set()
    thread.join()
    assert scene.problems == ["the disk is gone"] * len(scene.problems)
    assert len(scene.sent) == 1
    assert outcomes(scene.control)[-1][0] == "delivered"


def test_what_was_counted_and_could_not_be_settled_is_not_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene()
    settle, failures = scene.events.settle, iter((True, True, False))

    def settled(*given: Any) -> int:
        if next(failures, False):
            raise StoreError("no room")
        return settle(*given)

    monkeypatch.setattr(scene.events, "settle", settled)
    scene.happen(deny(), deny("laptop-2"))
    for _ in range(2):
        with pytest.raises(StoreError, match="no room"):
            scene.worker.step()
        scene.now += LEASE + 1
    scene.happen(deny("laptop-3"))
    scene.until(10 * LEASE)
    assert [body["data"]["total"] for _, body in scene.sent] == [3]
    assert (scene.events.waiting(), [kind for kind, _ in scene.control.data if kind == "applied"]) == (0, [])


def test_routes_that_are_read_again_bring_no_delivered_notice_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The note that it was delivered could not be stored, and somebody changed the routes meanwhile."""
    scene = Scene()
    monkeypatch.setattr("spawngate.server.deliver.worker.LOOK_AT_ROUTES", 0.0)
    write = scene.worker._unwritten.write
    fails: list[int] = []

    def written() -> None:
        if scene.sent and not fails:
            fails.append(1)
            raise StoreError("no room")
        write()

    monkeypatch.setattr(scene.worker._unwritten, "write", written)
    scene.happen(deny())
    with pytest.raises(StoreError, match="no room"):
        scene.until(60)
    add(scene.control, SEALER, ROUTES.replace("denies", "others"), {})
    scene.until(600)
    assert len(scene.sent) == 1
    assert Ledger(scene.control).pending() == {}


def test_an_outcome_that_cannot_be_stored_is_stored_later_and_nothing_is_sent_again() -> None:
    class Fills(Script):
        def carry(self, outgoing: Outgoing, settings: Settings) -> Answer:
            scene.control.full = True
            return super().carry(outgoing, settings)

    scene = Scene(carrier=Fills())
    scene.worker.close()
    scene.worker = Worker(
        scene.events, scene.control, SEALER, carrier=scene.carrier, clock=lambda: scene.now, threads=2
    )
    scene.happen(deny())
    scene.worker.step()
    scene.now += 30
    scene.worker.step()
    with pytest.raises(StoreError, match="no room"):
        wait(scene.worker.step)
    for _ in range(3):
        with pytest.raises(StoreError, match="no room"):
            scene.worker.step()
    scene.control.full = False
    scene.now += 600
    scene.worker.step()
    scene.worker.finish()
    assert len(scene.sent) == 1
    assert outcomes(scene.control) == [("delivered", 1, "204")]
    assert Ledger(scene.control).pending() == {}
    scene.worker.close()


def wait(condition: Any, seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


def test_one_destination_that_hangs_holds_up_no_other() -> None:
    gate = threading.Event()

    class Hangs(Script):
        def carry(self, outgoing: Outgoing, settings: Settings) -> Answer:
            if isinstance(outgoing, HttpRequest) and "slow" in outgoing.url:
                gate.wait(10)
            return super().carry(outgoing, settings)

    slow = ROUTES.replace("[destination.hook]", "[destination.slow]").replace("denies", "slow")
    slow = slow.replace("hook.example", "slow.example").replace('destination = "hook"', 'destination = "slow"')
    scene = Scene(ROUTES + slow, Hangs())
    scene.worker = Worker(
        scene.events,
        scene.control,
        SEALER,
        carrier=scene.carrier,
        clock=lambda: scene.now,
        threads=4,
    )
    scene.happen(deny())
    scene.now += 1
    scene.worker.step()
    scene.now += 60

    def others() -> Sequence[Delivery]:
        scene.worker.step()
        return scene.control.deliveries(route="denies")

    wait(others)
    assert scene.control.deliveries(route="slow") == []
    gate.set()
    scene.worker.finish()
    assert [each.outcome for each in scene.control.deliveries(route="slow")] == ["delivered"]
    scene.worker.close()


EACH = f"{ROUTES}group_by = ['...']\ngroup_wait = '0'\nlimit = '100000/1s'\n"


def many(count: int) -> Scene:
    """A scene with so many notices of one destination that are due."""
    scene = Scene(EACH)
    scene.happen(*(deny(f"laptop-{number}", rule=f"r{number}") for number in range(count)))
    return scene


def test_what_a_delivery_costs_does_not_grow_with_those_that_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    original = Queue.of

    def of(queue: Queue, destination: str) -> Iterator[Pending]:
        for pending in original(queue, destination):
            looked[-1] += 1
            yield pending

    monkeypatch.setattr(Queue, "of", of)
    costs = []
    for count in (20, 400):
        scene = many(count)
        while len(scene.sent) < 10:
            looked.append(0)
            before = scene.control.writes, len(scene.sent)
            scene.now += 1
            scene.worker.step()
        costs.append((max(looked), scene.control.writes - before[0]))
        looked.clear()
    assert costs[0] == costs[1]
    assert max(costs)[0] <= ABREAST + 1


def test_several_are_stored_with_one_commit() -> None:
    scene = many(200)
    while len(scene.sent) < 50:
        scene.now += 1
        scene.worker.step()
    writes, sent = scene.control.writes, len(scene.sent)
    while len(scene.sent) < 150:
        scene.now += 1
        scene.worker.step()
    assert (len(scene.sent) - sent) / (scene.control.writes - writes) >= ABREAST / 2


def test_a_destination_that_fails_is_asked_by_one_at_a_time() -> None:
    scene = many(60)
    while len(scene.sent) < 20:
        scene.now += 1
        scene.worker.step()
    assert isinstance(scene.carrier, Script)
    scene.carrier.status = [500] * 7
    begun = []
    for _ in range(4):
        before = len(scene.sent)
        scene.now += 1
        scene.worker.step()
        begun.append(len(scene.sent) - before)
    assert begun == [ABREAST, 1, 0, 0]  # five failures in a row: all wait


def test_one_worker_at_a_time(tmp_path: Path) -> None:
    held = pytest.raises(StateError, match="another process delivers from this store")
    with only(tmp_path), held, only(tmp_path):
        raise AssertionError
    with only(tmp_path):
        pass
