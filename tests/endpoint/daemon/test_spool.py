"""What clients decided alone becomes events, each line once."""

from collections import Counter
from pathlib import Path

from spawngate.endpoint.client.settings import write_settings
from spawngate.endpoint.client.spool import Taken
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.daemon.spool import fallback_events, recorded_before, spool_path
from spawngate.endpoint.trail.store import TrailStore
from spawngate.model.alone import DecidedAlone
from spawngate.model.hookconf import Failure, HookConf
from spawngate.trail.event import Actor, Event

OPEN = DecidedAlone("2026-11-21T10:00:00Z", "codex-cli", "", Failure.ABSENT, False, 84, "a" * 64)
CLOSED = DecidedAlone("2026-11-21T10:00:01Z", "cursor", "pre", Failure.SLOW, True, 0, "")


def events(taken: Taken, known: Counter[tuple[object, ...]] | None = None) -> list[Event]:
    return fallback_events(taken, known or Counter(), at="t", endpoint="e", user="ann")  # type: ignore[arg-type]  # a counter of what JSON holds


def test_events() -> None:
    first, second, lost = events(Taken((OPEN, CLOSED), dropped=3, damaged=1))
    assert first == Event(
        type="fallback",
        at="t",
        schema_version=1,
        endpoint="e",
        channel="client",
        actor=Actor(user="ann", agent="codex-cli"),
        detail={
            "time": "2026-11-21T10:00:00Z",
            "agent": "codex-cli",
            "event": "",
            "failure": "absent",
            "verdict": "open",
            "bytes": 84,
            "sha256": "a" * 64,
        },
        message="the client decided alone (absent): open",
    )
    assert (second.message, second.detail["event"]) == ("the client decided alone (slow): closed", "pre")
    assert (lost.counts, lost.detail) == ({"dropped": 3, "damaged": 1}, {})
    assert events(Taken()) == []


def test_what_is_recorded_already_is_not_recorded_again(tmp_path: Path) -> None:
    with TrailStore(tmp_path) as trail:
        trail.append(events(Taken((OPEN, OPEN, CLOSED))))
    known = recorded_before(tmp_path)
    assert known.total() == 3
    left = fallback_events(Taken((OPEN, OPEN, OPEN, CLOSED)), known, at="t", endpoint="e", user="ann")
    assert [event.actor.agent for event in left] == ["codex-cli"]
    assert recorded_before(tmp_path / "none").total() == 0


def test_place_of_the_spool(tmp_path: Path) -> None:
    where = place(tmp_path / "state")
    assert spool_path(where, 7) == where.spool
    write_settings(where.state, HookConf(socket="/run/s", spool="/run/user/{uid}/spool"))
    assert spool_path(where, 7) == Path("/run/user/7/spool")
    (where.state / "hook" / "hook.conf").write_bytes(b"rubbish")
    assert spool_path(where, 7) == where.spool
