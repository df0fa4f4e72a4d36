"""`routing.route`: what a route takes, and errors that say what and where."""

from typing import Any, Literal

import pytest

from spawngate.routing.destinations import DESTINATIONS, destination
from spawngate.routing.durations import Rate
from spawngate.routing.mute import Mute
from spawngate.routing.route import DEFAULT_LIMITS, RouteText, understand
from spawngate.routing.settings import SettingsError
from tests.routing.samples import deny, finding


def route(kind: Literal["notify", "stream"] = "notify", **values: Any) -> Any:
    return understand(RouteText(**{"name": "r", "destination": "d", **values}), kind, "slack", "route.r")


def test_times_and_limits_are_understood() -> None:
    found = route(group_wait="1m", digest="1h", limit="2/10s")
    assert (
        found.group_wait,
        found.group_interval,
        found.repeat_interval,
        found.close_after,
        found.digest,
        found.limit,
    ) == (
        60.0,
        300.0,
        14400.0,
        0.0,
        3600.0,
        Rate(2, 10.0),
    )
    assert route().limit == Rate(5, 300.0)


def test_every_notify_destination_has_a_limit_of_its_own() -> None:
    assert set(DEFAULT_LIMITS) == {name for name in DESTINATIONS if destination(name).kind == "notify"}


@pytest.mark.parametrize(
    ("values", "takes"),
    [
        ({}, [True, True]),
        ({"match": "verdict:deny"}, [True, False]),
        ({"match": "type:finding-opened or curl"}, [True, True]),
        ({"min_severity": "high"}, [True, False]),
        ({"min_severity": "critical"}, [False, False]),
        ({"match": "verdict:deny", "enabled": False}, [False, False]),
    ],
)
def test_takes(values: dict[str, Any], takes: list[bool]) -> None:
    assert [route(**values).takes(record) for record in (deny(), finding("opened"))] == takes


def test_a_route_is_not_told_of_its_own_failures() -> None:
    record = {"type": "delivery", "delivery": {"route": "r", "state": "dead"}}
    assert not route().takes(record)
    assert route().takes(record | {"delivery": {"route": "other", "state": "dead"}})
    assert route("stream").takes(record)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": "Über"}, "route.r.name: must be of a-z, 0-9, '.', '_' and '-', at most 63 characters"),
        ({"min_severity": "bad"}, "route.r.min_severity: must be one of info, low, medium, high, critical"),
        ({"group_wait": "1 hour"}, "route.r.group_wait: is no span of time; give 30s, 5m, 1h30m or 7d"),
        ({"repeat_interval": "1m"}, "route.r.repeat_interval: must not be shorter than group_interval"),
        ({"limit": "many"}, "route.r.limit: is no rate; give 10/5m for ten in any five minutes"),
        ({"group_by": ("rule", "...")}, "route.r.group_by: '...' stands for every field and stands alone"),
        ({"group_by": ("rule", "rule")}, "route.r.group_by: must be at most 8 different fields"),
        ({"group_by": ("color",)}, "route.r.group_by: there is no field 'color' (docs/query.md lists them)"),
        ({"mute": (Mute(), Mute(begin="x"))}, "route.r.mute[1].begin: must be a time of the day: 22:00"),
        ({"console": "console"}, "route.r.console: must begin with https:// or http://"),
        ({"match": "verdict:deny and ("}, "route.r.match: character 19: a field or a text must follow"),
        (
            {"match": "deny last 24h"},
            "route.r.match: a route takes events as they come, so its query names no time; see mute",
        ),
        (
            {"match": "not (at>2026-11-01)"},
            "route.r.match: a route takes events as they come, so its query names no time; see mute",
        ),
        (
            {"kind": "stream", "digest": "1h"},
            "route.r: a stream takes every event in order: it has no mute, digest or limit",
        ),
    ],
)
def test_what_is_wrong(values: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as error:
        route(**values)
    assert str(error.value) == message
