"""Local trails and stores answer the same questions the same way."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from spawngate.cli.trail_source import Local, Place, Source, Stored, is_store, opened, source_of
from spawngate.endpoint.trail.store import TrailStore
from spawngate.model.errors import UsageError
from spawngate.server.ingest import Ingest
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.sqlite.events import SqliteEvents
from spawngate.trail.query import Query, read
from tests.server.store.conformance import NOW, varied


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Local, Stored]]:
    with TrailStore(tmp_path / "trail", clock=lambda: datetime(2026, 11, 21, tzinfo=UTC), retention=999) as trail:
        for entry in varied():
            trail.append([entry.event])
    with EmbeddedStore(tmp_path / "store", clock=lambda: datetime(2026, 11, 21, tzinfo=UTC)) as store:
        assert Ingest(tmp_path / "trail", store, "laptop").take() == 30
    stored = opened(tmp_path / "store")
    yield Local(tmp_path / "trail"), stored
    assert isinstance(stored.events, SqliteEvents)
    stored.events.close()


@pytest.mark.parametrize("text", ["", "verdict:deny", "curl or outcome", "detail.outcome:not-mcp"])
def test_same_answers(both: tuple[Local, Stored], text: str) -> None:
    local, stored = both
    wanted = read(text, NOW)

    def sequences(source: Local | Stored) -> list[int]:
        return [value["sequence"] for value in source.newest(wanted)]

    assert sorted(sequences(local)) == sorted(sequences(stored))
    assert sorted(line for _, line in local.oldest(wanted)) == sorted(line for _, line in stored.oldest(wanted))
    for dimension in ("verdict", "rule", "program", "time:1h", "time:1d"):
        assert list(local.count(dimension, wanted, 7)) == list(stored.count(dimension, wanted, 7))


def test_dimensions_that_are_none(both: tuple[Local, Stored]) -> None:
    for source in both:
        with pytest.raises(UsageError):
            source.count("zzz", Query(), 1)


def test_following_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spawngate.cli.trail_source.POLL", 0.0)
    entries = varied()
    rounds = itertools.count()
    with EmbeddedStore(tmp_path, clock=lambda: datetime(2026, 11, 21, tzinfo=UTC)) as store:
        store.events.append(entries[:10])

        def stop() -> bool:
            number = next(rounds)
            if number == 1:
                store.events.append(entries[10:])
            return number > 3

        found = list(Stored(tmp_path, store.events, stop).follow(read("verdict:deny", NOW)))
    assert [value["sequence"] for value in found] == [
        entry.sequence for entry in entries[10:] if entry.event.decision and entry.event.decision.verdict == "deny"
    ]


def where_of(**given: Any) -> Source:
    with source_of(Place(**given), "") as source:
        return source


def test_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPAWNGATE_STATE_DIR", str(tmp_path))
    assert where_of().folder == tmp_path / "trail"
    with pytest.raises(UsageError, match="there is no store"):
        where_of(store=True)
    with pytest.raises(UsageError, match="one of them"):
        where_of(store=True, folder=str(tmp_path))
    with pytest.raises(UsageError, match="is no folder"):
        where_of(folder=str(tmp_path / "none"))
    for given in ({"store": True}, {"folder": str(tmp_path)}):
        with pytest.raises(UsageError, match="give one of them"):
            where_of(server="http://127.0.0.1:1", **given)
    with pytest.raises(UsageError, match="go with --server"):
        where_of(ca=tmp_path / "ca.pem")
    assert isinstance(where_of(folder=str(tmp_path)), Local)
    with EmbeddedStore(tmp_path / "store"):
        assert is_store(tmp_path / "store")
        for given in ({"store": True}, {"folder": str(tmp_path / "store")}):
            with source_of(Place(**given), "") as source:
                assert isinstance(source, Stored)
                assert isinstance(source.events, SqliteEvents)
