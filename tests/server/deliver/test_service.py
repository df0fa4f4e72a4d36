"""`server.deliver.service` over the real store: events in, notices out, routes that change, a second process."""

import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from spawngate.server.deliver import service
from spawngate.server.deliver.ledger import Ledger
from spawngate.server.deliver.routes import add
from spawngate.server.deliver.secrets import sealer
from spawngate.server.deliver.service import Routes, delivering
from spawngate.server.deliver.worker import Worker
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import Entry, StoreError
from spawngate.server.store.whole import Store
from spawngate.trail.event import Event
from tests.routing.samples import deny, encoded
from tests.stubs.http import serving
from tests.stubs.webhook import SECRET, WebhookStub


def routes(url: str) -> str:
    return f"""
[destination.hook]
type = "webhook"
url = "{url}/x"
secrets = ["{SECRET}"]
allow_internal = ["127.0.0.1"]

[[route]]
name = "denies"
destination = "hook"
match = "verdict:deny"
group_wait = "0"
"""


def entries(store: Store, first: int, count: int) -> list[Entry]:
    now = store.now()
    return [
        Entry(f"laptop-{number}", "s", 1, now, now, "decision", encoded(deny(f"laptop-{number}")))
        for number in range(first, first + count)
    ]


def wait(condition: Callable[[], object]) -> None:
    until = time.monotonic() + 15
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


def test_events_of_the_real_store_reach_a_receiver(tmp_path: Path) -> None:
    said: list[str] = []
    with serving(WebhookStub()) as stub, EmbeddedStore(tmp_path) as store:
        assert isinstance(stub, WebhookStub)
        add(store.control, sealer(tmp_path, {}), routes(stub.url), {})
        with delivering(store, {}, said.append) as outbox:
            batch = entries(store, 0, 7)
            store.events.append(batch, outbox(batch))
            store.events.append(batch, outbox(batch))
            wait(lambda: stub.notices)
            wait(lambda: store.control.deliveries(outcome="delivered"))
            assert store.events.waiting() == 0
        ((id, notice),) = stub.notices.items()
        assert (notice["data"]["total"], notice["data"]["endpoints"], stub.seen[id], said) == (7, 7, 1, [])
        assert Ledger(store.control).pending() == {}


def test_what_the_server_itself_records_is_routed_too(tmp_path: Path) -> None:
    with serving(WebhookStub()) as stub, EmbeddedStore(tmp_path) as store:
        assert isinstance(stub, WebhookStub)
        text = routes(stub.url).replace("verdict:deny", "type:self-protection")
        add(store.control, sealer(tmp_path, {}), text, {})
        with delivering(store, {}, print):
            store.own.record([Event("self-protection", store.now(), 1, message="A day was altered.")])
            wait(lambda: stub.notices)
        (notice,) = stub.notices.values()
        assert (notice["data"]["severity"], notice["data"]["samples"][0]["line"]) == ("high", "A day was altered.")
        store.own.record([Event("self-protection", store.now(), 1)])
        assert store.events.waiting() == 0


def test_a_second_process_does_not_deliver_and_still_marks(tmp_path: Path) -> None:
    said: list[str] = []
    with serving(WebhookStub()) as stub, EmbeddedStore(tmp_path) as store:
        add(store.control, sealer(tmp_path, {}), routes(stub.url), {})
        with delivering(store, {}, said.append), delivering(store, {}, said.append) as outbox:
            assert said == ["nothing is delivered here: another process delivers from this store"]
            assert len(outbox(entries(store, 0, 2))) == 2


def test_without_a_key_events_are_stored_and_nothing_is_delivered(tmp_path: Path) -> None:
    said: list[str] = []
    with EmbeddedStore(tmp_path) as store, delivering(store, {"SPAWNGATE_SECRETS_KEY": "x"}, said.append) as outbox:
        assert outbox(entries(store, 0, 2)) == ()
    assert said == ["nothing is delivered: SPAWNGATE_SECRETS_KEY must be base64 of 32 bytes"]


def test_routes_that_change_are_seen(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path) as store:
        seals = sealer(tmp_path, {})
        known = Routes(store.control, seals, store.now)
        batch = entries(store, 0, 1)
        assert known.outbox(batch) == ()
        add(store.control, seals, routes("http://127.0.0.1:9"), {})
        wait(lambda: len(known.outbox(batch)) == 1)


def test_a_worker_that_a_fault_of_ours_ends_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    faults = [ValueError("s3cret"), StoreError("the disk is gone")]
    step = Worker.step

    def faulty(worker: Worker) -> bool:
        if faults:
            raise faults.pop(0)
        return step(worker)

    monkeypatch.setattr(Worker, "step", faulty)
    monkeypatch.setattr(service, "AGAIN", 0.05)
    with serving(WebhookStub()) as stub, EmbeddedStore(tmp_path) as store:
        assert isinstance(stub, WebhookStub)
        add(store.control, sealer(tmp_path, {}), routes(stub.url), {})
        with delivering(store, {}, said.append) as outbox:
            batch = entries(store, 0, 3)
            store.events.append(batch, outbox(batch))
            wait(lambda: stub.notices)
    assert [text.split(":")[:2] for text in said] == [["internal error", " ValueError in faulty"], ["the disk is gone"]]


def test_two_threads_may_ask_at_once(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path) as store:
        seals = sealer(tmp_path, {})
        add(store.control, seals, routes("http://127.0.0.1:9"), {})
        known = Routes(store.control, seals, store.now)
        batch, found = entries(store, 0, 3), []
        threads = [threading.Thread(target=lambda: found.append(len(known.outbox(batch)))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [3] * 8


def test_a_server_that_says_nothing_does_not_hold_up_the_end(tmp_path: Path) -> None:
    text = """
[destination.tar]
type = "splunk"
url = "http://127.0.0.1:%d"
token = "s3cret-token"
timeout_seconds = 60
allow_internal = ["127.0.0.1"]

[[route]]
name = "tar"
destination = "tar"
"""
    with socket.create_server(("127.0.0.1", 0)) as tarpit, EmbeddedStore(tmp_path) as store:
        port = tarpit.getsockname()[1]
        hook = routes(f"http://127.0.0.1:{port}").replace("[[route]]", "timeout_seconds = 60\n[[route]]", 1)
        add(store.control, sealer(tmp_path, {}), text % port, {})
        add(store.control, sealer(tmp_path, {}), hook, {})
        with delivering(store, {}, print) as outbox:
            batch = entries(store, 0, 2)
            store.events.append(batch, outbox(batch))
            first, _ = tarpit.accept()
            second, _ = tarpit.accept()
            began = time.monotonic()
        took = time.monotonic() - began
        first.close()
        second.close()
    assert took < 10
