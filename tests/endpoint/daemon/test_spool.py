"""What clients decided alone becomes events, each line once."""

import os
from collections import Counter
from pathlib import Path

import pytest

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


def test_daemon_takes_the_spool_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    from spawngate.endpoint.daemon import run as run_module
    from spawngate.endpoint.daemon.run import Daemon
    from spawngate.endpoint.state import State
    from tests.endpoint.daemon.test_run import told, with_daemon

    monkeypatch.setattr(run_module, "ROUND", 0.02)
    state = State(tmp_path / "state")
    where = place(state.folder)
    where.spool.parent.mkdir()
    line = (
        b'{"time":"2026-11-21T10:00:00Z","agent":"codex-cli","event":"","failure":"absent","verdict":"open",'
        b'"bytes":84,"sha256":"' + b"a" * 64 + b'"}\n'
    )
    where.spool.write_bytes(line)

    async def what(daemon: Daemon) -> None:
        for round_ in range(2):
            for _ in range(300):
                if not os.listdir(where.spool.parent):
                    break
                await asyncio.sleep(0.02)
            assert os.listdir(where.spool.parent) == []
            if round_ == 0:
                where.spool.write_bytes(line * 2)

    with_daemon(state, what)
    assert [event["type"] for event in told(state)] == ["daemon-started", *["fallback"] * 3, "daemon-stopped"]
