"""The store of several servers as one thing: keys, upkeep by one of them, retention, deliveries by turns."""

import base64
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from spawngate.server.deliver.routes import add
from spawngate.server.deliver.secrets import Sealer
from spawngate.server.deliver.service import delivering
from spawngate.server.store.open import open_store
from spawngate.server.store.port import StoreDamagedError, StoreError
from spawngate.server.store.postgres.store import ServerStore
from spawngate.trail import daylog, note
from spawngate.trail.event import Event
from spawngate.trail.retention import Hold
from tests.server.deliver.test_service import entries, routes, wait
from tests.server.store.conformance import DAY, Source
from tests.stubs.http import serving
from tests.stubs.webhook import WebhookStub


def opened(address: str, folder: Path, days: Callable[[], float] = lambda: 0.0) -> ServerStore:
    store = open_store(address, folder, {}, clock=lambda: DAY + timedelta(days=days()))
    assert isinstance(store, ServerStore)
    return store


def own(store: ServerStore) -> list[tuple[str, str]]:
    found = store.events.query(None, limit=1000, newest_first=False).entries
    return [(entry.type, entry.event.message) for entry in found if entry.endpoint == store.signer.name]


def test_every_server_needs_the_same_key(database: str, tmp_path: Path) -> None:
    with opened(database, tmp_path / "a") as store:
        key = (tmp_path / "a" / "key").read_text()
        with open_store(database, tmp_path / "b", {"SPAWNGATE_STORE_KEY": key}) as other:
            assert other.signer == store.signer
        with pytest.raises(StoreDamagedError, match="the store's key is gone"):
            opened(database, tmp_path / "b")
        with opened(str(database).replace(database.rsplit("/", 1)[1], "postgres"), tmp_path / "c") as foreign:
            wrong = foreign.signer.encoded()
        with pytest.raises(StoreDamagedError, match="every server needs the same key"):
            open_store(database, tmp_path / "b", {"SPAWNGATE_STORE_KEY": wrong})


def test_upkeep_is_done_once(database: str, tmp_path: Path) -> None:
    day = [0.0]
    source = Source()
    with opened(database, tmp_path, lambda: day[0]) as one, opened(database, tmp_path, lambda: day[0]) as two:
        for number in range(4):
            day[0] = float(number)
            (one if number % 2 else two).events.append(source.entries(3, DAY + timedelta(days=number)))
            for store in (one, two, one):
                store.upkeep()
        lines = [line.text for line in one.control.log_lines()]
        assert sorted(daylog.days(lines).closed) == ["2026-11-19", "2026-11-20", "2026-11-21"]
        assert len(lines) == 3
        assert [each.closed for each in one.events.stats().days] == [True, True, True, False]
        one.close()
        day[0] = 4.0
        two.events.append(source.entries(3, DAY + timedelta(days=4)))
        two.upkeep()  # the lease was given up: nobody waits for its end
        assert len(two.control.log_lines()) == 4
        two.keep_days(2)
        two.hold("case", Hold("2026-11-19", "2026-11-19", "why"))
        assert two.prune() == ["2026-11-20"]
        with pytest.raises(StoreError, match="legal hold"):
            two.events.drop_day("2026-11-19")
        assert own(two) == [
            ("administration", "legal hold case set"),
            ("expired", "retention of 2 days: 1 days deleted"),
        ]


def test_what_is_signed_is_what_is_there(database: str, tmp_path: Path) -> None:
    with opened(database, tmp_path) as store:
        source = Source()
        found = source.entries(300)
        store.events.append(found)
        proof = store.evidence.prove(found[70].key)
        signed = note.read_checkpoint(note.verify(proof.checkpoint, [store.signer.verifier])[0])
        assert (signed.size, signed.root) == (300, store.events.tree("2026-11-19").root)
        (text,) = (row[0] for row in store.shared.pool.all("SELECT note FROM days"))
        assert note.read_checkpoint(note.verify(text, [store.signer.verifier])[0]) == signed
        _, hashes, _ = store.evidence.prove_growth("2026-11-19", 100)
        assert hashes


def test_processes_record_streams_of_their_own(database: str, tmp_path: Path) -> None:
    with opened(database, tmp_path) as one, opened(database, tmp_path) as two:
        for number in range(5):
            for store in (one, two):
                assert store.own.record([Event("administration", store.now(), 1, message=str(number))]).stored == 1
        assert len(own(one)) == 10


def test_one_delivers_and_the_next_takes_over(database: str, tmp_path: Path) -> None:
    said: list[str] = []
    sealed = {"SPAWNGATE_SECRETS_KEY": base64.b64encode(b"k" * 32).decode()}
    with serving(WebhookStub()) as stub, opened(database, tmp_path) as one, opened(database, tmp_path) as two:
        assert isinstance(stub, WebhookStub)
        text = f'{routes(stub.url)}group_interval = "100ms"\nrepeat_interval = "100ms"\n'
        add(one.control, Sealer(b"k" * 32), text, {})
        first, second = delivering(one, sealed, said.append), delivering(two, sealed, said.append)
        outbox = first.__enter__()
        batch = entries(one, 0, 3)
        one.events.append(batch, outbox(batch))
        wait(lambda: one.control.deliveries(outcome="delivered"))
        with second as outbox:
            more = entries(two, 3, 3)
            two.events.append(more, outbox(more))
            wait(lambda: len(two.control.deliveries(outcome="delivered")) == 2)
            turn = two.delivery_turn()[0]
            assert turn.token == 0
            first.__exit__(None, None, None)
            last = entries(two, 6, 3)
            two.events.append(last, outbox(last))
            wait(lambda: len(two.control.deliveries(outcome="delivered")) == 3)
            assert turn.token == 2
        assert set(stub.seen.values()) == {1}
        assert sum(notice["data"]["fresh"] for notice in stub.notices.values()) == 9
    assert said == []
