"""The read API: pages, counts, records as they are, proofs that anybody can check, errors that say what and where."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from spawngate.server.app import make_app
from spawngate.server.inventory_page import PageState
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import Entry, StoreError, TooWideError
from spawngate.trail import note, tree
from tests.server.store.conformance import NOW, Source, varied

ENTRIES = varied()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    with EmbeddedStore(tmp_path / "store", clock=lambda: NOW) as held:
        held.events.append(ENTRIES)
        yield held


def client(store: EmbeddedStore | None) -> TestClient:
    app = make_app(lambda: PageState(None), owner=None, store=lambda: store)
    return TestClient(app, base_url="http://127.0.0.1:7337", raise_server_exceptions=False)


def asked(store: EmbeddedStore | None, path: str, **given: str) -> tuple[int, Any]:
    answer = client(store).get(path, params=given)
    return answer.status_code, answer.json()


def records(entries: list[Entry]) -> list[Any]:
    return [json.loads(entry.record) for entry in entries]


def test_pages_of_events_in_both_orders(store: EmbeddedStore) -> None:
    by_time = sorted(ENTRIES, key=lambda entry: entry.time)
    status, found = asked(store, "/api/v1/events", order="oldest", limit="7")
    pages = [found["events"]]
    while found["cursor"]:
        status, found = asked(store, "/api/v1/events", order="oldest", limit="7", cursor=found["cursor"])
        pages.append(found["events"])
    assert (status, found["schema_version"], found["problems"]) == (200, 1, [])
    assert [record for page in pages for record in page] == records(by_time)
    _, newest = asked(store, "/api/v1/events", limit="1000")
    assert newest["events"] == records(by_time[::-1])
    _, denied = asked(store, "/api/v1/events", query="verdict:deny", limit="1000")
    assert [each["sequence"] for each in denied["events"]] == [25, 19, 13, 7, 1]


def test_counts(store: EmbeddedStore) -> None:
    assert asked(store, "/api/v1/counts", by="verdict") == (
        200,
        {
            "schema_version": 1,
            "by": "verdict",
            "counts": [{"value": word, "count": 5} for word in ("allow", "deny", "log")],
        },
    )
    _, found = asked(store, "/api/v1/counts", by="time:1d", query="verdict:deny")
    assert sum(each["count"] for each in found["counts"]) == 5


def test_record_is_as_it_was_written(store: EmbeddedStore) -> None:
    entry = ENTRIES[3]
    answer = client(store).get(f"/api/v1/events/{entry.endpoint}/{entry.stream}/{entry.sequence}")
    assert answer.content == entry.record
    assert asked(store, "/api/v1/events", limit="1", query=f"sequence:{entry.sequence}")[1]["events"] == records(
        [entry]
    )


def test_proof_can_be_checked_with_the_public_key_alone(store: EmbeddedStore) -> None:
    key = note.read_verifier(asked(store, "/api/v1/checkpoints")[1]["key"])
    for entry in ENTRIES[::7]:
        _, found = asked(store, f"/api/v1/events/{entry.endpoint}/{entry.stream}/{entry.sequence}/proof")
        text, signers = note.verify(found["checkpoint"], [key])
        checkpoint = note.read_checkpoint(text)
        leaf = base64.b64decode(found["leaf"])
        assert signers == (key,)
        assert leaf.endswith(b"\n" + entry.record)
        assert (checkpoint.origin.rpartition("/")[2], checkpoint.size) == (found["day"], found["size"])
        path = [bytes.fromhex(each) for each in found["path"]]
        tree.check_inclusion(tree.leaf(leaf), found["index"], found["size"], path, checkpoint.root)
        with pytest.raises(tree.ProofError):
            tree.check_inclusion(tree.leaf(leaf + b"x"), found["index"], found["size"], path, checkpoint.root)


def test_growth_of_a_day(store: EmbeddedStore) -> None:
    _, before = asked(store, "/api/v1/days")
    day = before["days"][-1]
    store.events.append(Source("other", "s9").entries(5, NOW))
    _, after = asked(store, "/api/v1/days")
    assert [each["size"] for each in after["days"]][-1] == (
        5 if after["days"][-1]["day"] != day["day"] else day["size"] + 5
    )
    last = after["days"][-1]
    _, found = asked(store, f"/api/v1/days/{last['day']}/growth", **{"from": "2"})
    assert (found["old_size"], found["size"]) == (2, last["size"])
    text, _ = note.verify(found["checkpoint"], [note.read_verifier(found["key"])])
    assert note.read_checkpoint(text).root.hex() == last["root"]


@pytest.mark.parametrize(
    ("path", "given", "status", "error"),
    [
        ("/api/v1/events", {"query": "verdict:deny and ("}, 400, {"character": 19}),
        ("/api/v1/events", {"query": "severity>"}, 400, {"character": 10}),
        ("/api/v1/events", {"limit": "0"}, 400, {"message": "`limit` is a number from 1 to 1,000"}),
        ("/api/v1/events", {"limit": "9" * 40}, 400, {}),
        ("/api/v1/events", {"limit": "-1"}, 400, {}),
        ("/api/v1/events", {"order": "sideways"}, 400, {"message": "order is `newest` or `oldest`"}),
        ("/api/v1/events", {"cursor": "../../etc/passwd"}, 400, {}),
        ("/api/v1/events", {"query": "x" * 50_000}, 400, {}),
        ("/api/v1/counts", {}, 400, {"message": "`by` is missing: a field, or time:5m, time:1h, time:1d"}),
        ("/api/v1/counts", {"by": "time:7y"}, 400, {}),
        ("/api/v1/counts", {"by": "'; drop table"}, 400, {}),
        ("/api/v1/days/2026-11-21/growth", {"from": "x"}, 400, {}),
        ("/api/v1/days/2026-11-21/growth", {"from": "999999"}, 400, {}),
    ],
)
def test_what_is_wrong_is_said(
    store: EmbeddedStore, path: str, given: dict[str, str], status: int, error: dict[str, Any]
) -> None:
    found, document = asked(store, path, **given)
    assert found == status
    assert error.items() <= document["error"].items()
    assert document["error"]["message"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/events/laptop/s1/999",
        "/api/v1/events/laptop/s1/999/proof",
        "/api/v1/events/nobody/..%2f/1/proof",
        "/api/v1/days/2020-01-01/growth?from=0",
        "/api/v1/nothing",
    ],
)
def test_what_is_not_there(store: EmbeddedStore, path: str) -> None:
    assert client(store).get(path).status_code == 404


def test_nothing_is_written_through_it(store: EmbeddedStore) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert client(store).request(method, "/api/v1/events").status_code == 405


def test_no_store_and_a_store_that_fails(store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(None, "/api/v1/events")[0] == 503

    def wide(*_: object, **__: object) -> None:
        raise TooWideError("ask for a shorter time")

    monkeypatch.setattr(store.events, "aggregate", wide)
    assert asked(store, "/api/v1/counts", by="verdict") == (
        422,
        {"schema_version": 1, "error": {"message": "ask for a shorter time"}},
    )

    def broken(*_: object, **__: object) -> None:
        raise StoreError("the disk is gone")

    monkeypatch.setattr(store.events, "query", broken)
    assert asked(store, "/api/v1/events")[0] == 503
