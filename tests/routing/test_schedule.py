"""`routing.schedule`: limits, digests, mute times; and the storm, under a simulated clock."""

from collections import Counter
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.routing.facts import facts
from spawngate.routing.group import Group, Seen, seen, stamp
from spawngate.routing.mute import Mute
from spawngate.routing.notice import Notice
from spawngate.routing.route import Route, RouteText, understand
from spawngate.routing.schedule import MOST_GROUPS, Window, look, marked_test, next_due, take
from tests.routing.samples import deny, finding

T = 1_795_255_200.0


def route(kind: str = "slack", **values: Any) -> Route:
    return understand(RouteText(**{"name": "r", "destination": "d", **values}), "notify", kind, "route.r")


class World:
    """A route with its groups and window, under a clock that we move."""

    def __init__(self, of: Route) -> None:
        self.route = of
        self.groups: dict[str, Group] = {}
        self.window = Window()
        self.sent: list[tuple[float, Notice]] = []

    def event(self, record: dict[str, Any], now: float) -> Seen:
        return seen(record, facts(record), self.route, stamp(now))

    def take(self, records: list[dict[str, Any]], now: float) -> None:
        for group in take(self.groups, [self.event(record, now) for record in records], self.route, now):
            self.groups[group.key] = group

    def look(self, now: float) -> list[Notice]:
        found = look(self.route, self.groups, self.window, now, {})
        for group in found.changed:
            self.groups[group.key] = group
        for key in found.removed:
            del self.groups[key]
        # What is stored survives the storage.
        self.window = msgspec.json.decode(msgspec.json.encode(found.window), type=Window)
        self.sent += [(now, notice) for notice in found.notices]
        return list(found.notices)


def kinds(notices: list[Notice]) -> list[tuple[str, str, int]]:
    return [(notice.kind, notice.title, notice.fresh) for notice in notices]


def test_groups_within_the_limit_are_told_one_by_one_worst_first() -> None:
    world = World(route())
    world.take([deny(rule="a", severity="low"), deny(rule="b", severity="critical")], T)
    assert world.look(T + 29) == []
    assert kinds(world.look(T + 30)) == [("new", "Calls denied: rule b", 1), ("new", "Calls denied: rule a", 1)]
    assert world.look(T + 31) == []


def test_beyond_the_limit_the_rest_is_one_digest() -> None:
    world = World(route(limit="3/5m"))
    world.take([deny(f"laptop-{n}", rule=f"r{n}") for n in range(50)], T)
    notices = world.look(T + 30)
    assert [notice.kind for notice in notices] == ["new", "new", "digest"]
    digest = notices[2]
    assert (digest.title, digest.fresh, digest.total, digest.endpoints) == ("48 groups of route r", 48, 48, 48)
    assert (len(digest.parts), digest.parts_left, len(digest.samples)) == (20, 28, 10)
    assert sum(notice.fresh for notice in notices) == 50
    world.take([deny(rule="fresh")], T + 60)
    assert world.look(T + 100) == []
    assert kinds(world.look(T + 331)) == [("new", "Calls denied: rule fresh", 1)]


@pytest.mark.parametrize("kind", ["jira", "jira-dc", "pagerduty"])
def test_where_a_notice_is_a_task_all_of_a_storm_is_one(kind: str) -> None:
    world = World(route(kind, limit="5/1h"))
    world.take([deny(f"laptop-{n}", rule=f"r{n}") for n in range(50)], T)
    (digest,) = world.look(T + 30)
    assert (digest.kind, digest.title, digest.total, digest.endpoints) == ("digest", "50 groups of route r", 50, 50)
    world.take([deny(f"laptop-{100 + n}", rule=f"r{n}") for n in range(50)], T + 60)
    world.take([deny(rule="one more")], T + 60)
    assert world.look(T + 329) == []
    assert next_due(world.route, world.groups.values(), world.window, T + 329) == T + 330
    (again,) = world.look(T + 330)
    assert (again.key, again.total, again.fresh) == (digest.key, 101, 51)
    world.take([deny(rule="and later")], T + 700)
    assert [notice.kind for notice in world.look(T + 730)] == ["new"]


def test_a_closing_reaches_its_issue_also_in_a_storm() -> None:
    world = World(route("jira", limit="20/1h"))
    world.take([finding("opened")], T)
    world.look(T + 30)
    world.take([deny(rule=f"r{n}") for n in range(50)], T + 60)
    assert [notice.kind for notice in world.look(T + 90)] == ["digest"]
    world.take([finding("closed")], T + 91)
    assert [notice.kind for notice in world.look(T + 350)] == ["closed"]


def test_a_limit_of_one_is_a_digest_at_once() -> None:
    world = World(route(limit="1/5m"))
    world.take([deny(rule=f"r{n}") for n in range(3)], T)
    assert kinds(world.look(T + 30)) == [("digest", "3 groups of route r", 3)]


def test_a_closing_that_an_issue_waits_for_is_in_no_digest() -> None:
    world = World(route("jira", limit="2/5m"))
    world.take([finding("opened")], T)
    assert [notice.kind for notice in world.look(T + 30)] == ["new"]
    later = T + 1000
    world.take([finding("closed"), *(deny(rule=f"r{n}") for n in range(9))], later)
    assert [notice.kind for notice in world.look(later + 30)] == ["closed", "digest"]
    assert all(not group.closing for group in world.groups.values())


def test_closings_alone_wait_for_room() -> None:
    world = World(route("jira", limit="2/5m"))
    world.take([finding("opened", name=name) for name in ("a", "b")], T)
    world.look(T + 30)
    world.take([finding("opened", name="c")], T + 600)
    world.look(T + 700)
    world.take([finding("closed", name=name) for name in ("a", "b", "c")], T + 1100)
    assert [len(world.look(T + moment)) for moment in (1200, 1300, 1500, 1501)] == [2, 0, 1, 0]
    assert world.groups == {}


def test_a_digest_route_tells_everything_at_its_time() -> None:
    world = World(route(digest="1h"))
    world.take([deny(rule="a"), deny(rule="b")], T)
    assert world.look(T) == []
    assert next_due(world.route, world.groups.values(), world.window, T) == T + 3600
    world.take([deny(rule="b")], T + 1800)
    assert world.look(T + 3599) == []
    assert kinds(world.look(T + 3600)) == [("digest", "2 groups of route r", 3)]
    assert world.look(T + 7300) == []
    world.take([deny(rule="b")], T + 8000)
    assert world.look(T + 8000) == []
    second = world.look(T + 11_600)
    assert kinds(second) == [("digest", "1 group of route r", 1)]
    assert second[0].id != world.sent[0][1].id


def test_a_muted_route_counts_and_tells_afterwards() -> None:
    world = World(route(mute=(Mute(begin="10:00", end="11:00"),)))
    world.take([deny()] * 3, T)
    assert world.look(T + 3599) == []
    world.take([deny()] * 4, T + 3599)
    assert kinds(world.look(T + 3600)) == [("new", "Calls denied: rule pipe-to-shell", 7)]


def test_groups_that_endpoints_invent_are_bounded_and_none_of_their_events_is_lost() -> None:
    world = World(route(group_by=("command",)))
    world.take([deny(commands=[f"c{n}"]) for n in range(MOST_GROUPS + 500)], T)
    world.take([deny(commands=["another"])], T)
    assert len(world.groups) == MOST_GROUPS + 1
    overflow = next(group for group in world.groups.values() if group.labels == {"group": "all others"})
    assert (overflow.total, sum(group.total for group in world.groups.values())) == (501, MOST_GROUPS + 501)


def test_next_due() -> None:
    world = World(route(limit="1/5m"))
    assert next_due(world.route, (), world.window, T) is None
    world.take([deny(rule="a")], T)
    assert next_due(world.route, world.groups.values(), world.window, T) == T + 30
    world.look(T + 30)
    world.take([deny(rule="b")], T + 40)
    assert next_due(world.route, world.groups.values(), world.window, T + 40) == T + 330


def test_a_test_says_so() -> None:
    one, two = marked_test("r", T, "1"), marked_test("r", T, "2")
    assert (one.kind, one.title, one.first) == ("test", "Test of route r", "2026-11-21T10:00:00Z")
    assert one.id != two.id


STORMS = {
    "one rule": lambda n: deny(f"laptop-{n % 2000}"),
    "forty rules": lambda n: deny(f"laptop-{n % 2000}", rule=f"rule-{n % 40}"),
    "a server for each endpoint": lambda n: deny(f"laptop-{n % 2000}", server=f"server-{n % 2000}"),
    "no rule": lambda n: deny(f"laptop-{n % 2000}", rule="", severity=""),
    "rising severities": lambda n: deny(
        f"laptop-{n % 2000}", severity=("low", "medium", "high", "critical")[n // 2500]
    ),
}


@pytest.mark.parametrize("storm", ["one rule", "forty rules", "a server for each endpoint"])
def test_a_storm_is_one_issue(storm: str) -> None:
    world = World(route("jira"))
    for second in range(700):
        if second < 300:
            world.take([STORMS[storm](n) for n in range(second * 100 // 3, (second + 1) * 100 // 3)], T + second)
        world.look(T + second)
    assert len({notice.key for _, notice in world.sent}) == 1
    # What is only more of the same is counted and waits for the repeat.
    told = sum(notice.fresh for _, notice in world.sent)
    assert told + sum(group.fresh for group in world.groups.values()) == 10_000
    assert told >= 9_800
    if storm != "a server for each endpoint":
        assert (world.sent[-1][1].total, world.sent[-1][1].endpoints) == (10_000, 2_000)


@pytest.mark.parametrize("storm", STORMS)
@pytest.mark.parametrize("order", ["spread", "burst at the end"])
def test_a_storm_is_at_most_ten_messages_and_every_event_is_counted(storm: str, order: str) -> None:
    """10,000 denies of 2,000 endpoints in five minutes, and the quarter of an hour after it."""
    world = World(route())
    for second in range(1200):
        now = T + second
        if order == "spread" and second < 300:
            world.take([STORMS[storm](n) for n in range(second * 100 // 3, (second + 1) * 100 // 3)], now)
        elif order != "spread" and second in (0, 299):
            world.take([STORMS[storm](n) for n in (range(1) if not second else range(1, 10_000))], now)
        world.look(now)
    assert 1 <= len(world.sent) <= 10
    assert sum(notice.fresh for _, notice in world.sent) + sum(group.fresh for group in world.groups.values()) == 10_000
    if storm == "one rule":
        last = world.sent[-1][1]
        assert (last.total, last.endpoints) == (10_000, 2_000)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 200), st.booleans()), max_size=60), st.integers(1, 4))
def test_the_limit_holds_and_nothing_is_lost(steps: list[tuple[int, int, bool]], most: int) -> None:
    world = World(route(limit=f"{most}/5m", group_wait="0", group_interval="0", repeat_interval="0"))
    now, observed = T, 0
    for rule, later, event in steps:
        now += later
        if event:
            world.take([deny(f"laptop-{rule}", rule=f"r{rule}")], now)
            observed += 1
        world.look(now)
    for end, _ in world.sent:
        assert sum(1 for moment, _ in world.sent if end - 300 < moment <= end) <= most
    assert (
        sum(notice.fresh for _, notice in world.sent) + sum(group.fresh for group in world.groups.values()) == observed
    )
    assert all(count == 1 for count in Counter(notice.id for _, notice in world.sent).values())
