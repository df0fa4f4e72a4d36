"""Who asks: tokens of endpoints, and what a refusal says."""

import asyncio
import gzip
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from spawngate.server import commanding
from spawngate.server.access.limits import Rate
from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Role
from spawngate.server.fleet import endpoints
from spawngate.server.fleet.endpoints import Endpoint
from spawngate.server.intake import desk
from spawngate.server.store.port import StoreBusyError, StoreError, StoreFullError
from spawngate.sync.messages import BUNDLE, EVENTS, INVENTORY, REQUESTS, SYNC
from tests.server.intake.enrolled import Fleet
from tests.server.intake.enrolled import fleet as opened

PATHS = [("POST", EVENTS), ("POST", SYNC), ("PUT", INVENTORY), ("GET", BUNDLE), ("POST", REQUESTS)]


@pytest.mark.parametrize(("method", "path"), PATHS)
@pytest.mark.parametrize(
    "header", ["", "Bearer ", "Bearer short", "Basic YTpi", "Bearer sgn_" + "x" * 40, "Bearer " + "x" * 500]
)
def test_nobody_without_a_token_of_an_endpoint_is_heard(fleet: Fleet, method: str, path: str, header: str) -> None:
    answer = fleet.client.request(method, path, headers={"authorization": header})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.json()["code"] == "token"


def test_a_token_that_is_not_known_asks_for_a_new_enrolment(fleet: Fleet) -> None:
    answer = fleet.send("GET", BUNDLE, "sgn_" + "y" * 43)
    assert answer.json() == {"error": "this token is not known; enrol again", "code": "token", "reenroll": True}


def test_a_retired_endpoint_is_not_let_in(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    with fleet.services.database.begin() as connection:
        endpoints.retire(connection, enrolled.endpoint, "2026-11-21T12:00:00.000000Z")
    answer = fleet.send("GET", BUNDLE, enrolled.token)
    assert (answer.status_code, answer.json()) == (401, {"error": "this endpoint was retired", "code": "retired"})


def test_one_that_is_retired_in_this_process_is_out_at_once(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    assert fleet.send("GET", BUNDLE, enrolled.token).status_code == 200
    owner = Principal("ada", Kind.USER, {0: Role.OWNER})
    for again, status in ((False, 401), (True, 200), (False, 401)):
        commanding.let_in(fleet.services, owner, enrolled.endpoint, again=again)
        assert fleet.send("GET", BUNDLE, enrolled.token).status_code == status


def test_one_that_is_retired_by_another_process_is_out_soon(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever was let in just before is not let in for as long as endpoints are remembered."""
    monkeypatch.setattr(desk, "KNOWN", 3_600.0)
    monkeypatch.setattr(desk, "LOOKED", 0.05)
    enrolled = fleet.enrolled()
    assert fleet.send("GET", BUNDLE, enrolled.token).status_code == 200
    with fleet.services.database.begin() as connection:
        endpoints.retire(connection, enrolled.endpoint, "2026-11-21T12:00:00.000000Z")
    time.sleep(0.06)
    assert fleet.send("GET", BUNDLE, enrolled.token).status_code == 401


def test_who_was_looked_up_before_somebody_was_retired_is_looked_up_again(fleet: Fleet) -> None:
    """A request that read the database just before must not be what the next one remembers."""
    enrolled, owner = fleet.enrolled(), Principal("ada", Kind.USER, {0: Role.OWNER})
    held = desk.Desk(fleet.services, 60)
    original = endpoints.by_token

    def slow(connection: Connection, hash_: str) -> Endpoint | None:
        found = original(connection, hash_)
        with ThreadPoolExecutor() as pool:
            pool.submit(commanding.let_in, fleet.services, owner, enrolled.endpoint, again=False).result()
        return found

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(endpoints, "by_token", slow)
        assert held.known(enrolled.token).id == enrolled.endpoint
    asyncio.run(held._look())
    assert held._remembered(enrolled.token) is None


def test_a_next_token_takes_the_place_of_the_first_when_it_is_used(fleet: Fleet) -> None:
    enrolled = fleet.enrolled()
    other = endpoints.new_token()
    with fleet.services.database.begin() as connection:
        endpoints.offer_token(connection, enrolled.endpoint, endpoints.hashed(other))
    assert fleet.send("GET", BUNDLE, enrolled.token).status_code == 200
    assert fleet.send("GET", BUNDLE, other).status_code == 200
    with fleet.services.database.read() as connection:
        found = endpoints.by_token(connection, endpoints.hashed(other))
        assert endpoints.by_token(connection, endpoints.hashed(enrolled.token)) is None
    assert found is not None
    assert (found.id, found.next_token) == (enrolled.endpoint, "")


def test_what_came_is_counted(fleet: Fleet) -> None:
    before = desk.counted()
    fleet.enrolled()
    fleet.send("GET", BUNDLE, "sgn_" + "y" * 43)
    after = desk.counted()
    names = {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}
    assert names == {"enrolments": 1, "refused:token": 1}


def test_a_body_that_is_too_long_is_not_read(fleet: Fleet) -> None:
    token = fleet.enrolled().token
    assert fleet.send("POST", SYNC, token, b"x" * (600 << 10)).status_code == 413
    assert fleet.send("GET", BUNDLE, token, b"x").status_code == 413


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (StoreError("/var/lib/secret/path"), 503, "store"),
        (StoreFullError("/var/lib/secret/path"), 503, "full"),
        (StoreBusyError("/var/lib/secret/path"), 503, "busy"),
    ],
)
def test_a_store_that_fails_says_when_to_come_again_and_nothing_of_itself(
    error: Exception, status: int, code: str
) -> None:
    answer = desk.refusal(error)
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "10")
    assert bytes(answer.body) == b'{"error":"the server cannot store this now","code":"%s"}' % code.encode()


def test_one_endpoint_does_not_keep_the_threads_of_all_busy(fleet: Fleet) -> None:
    held, other = fleet.enrolled(), fleet.enrolled(installation="1" * 32)
    working, free = threading.Semaphore(0), threading.Event()

    def work(endpoint: Endpoint, body: bytes, request: Request) -> Response:
        working.release()
        if endpoint.id == held.endpoint:
            free.wait(30)
        return desk.answer({"by": endpoint.id})

    handle = desk.Desk(fleet.services, 60).route(work, 10, 10)

    async def ask(token: str) -> tuple[int, bytes]:
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/",
            "query_string": b"",
            "headers": [(b"authorization", f"Bearer {token}".encode())],
        }

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        answer = await handle(Request(scope, receive))
        return answer.status_code, bytes(answer.body)

    async def many() -> list[tuple[int, bytes]]:
        asked = [asyncio.create_task(ask(held.token)) for _ in range(desk.AT_ONCE)]
        for _ in asked:
            await asyncio.to_thread(working.acquire)
        found = [await ask(held.token), await ask(other.token)]
        free.set()
        found += await asyncio.gather(*asked)
        return [*found, await ask(held.token)]

    refused, others, *rest = asyncio.run(many())
    assert refused[0] == 503
    assert msgspec.json.decode(refused[1])["code"] == "busy"
    assert others == (200, msgspec.json.encode({"by": other.endpoint}))
    assert rest == [(200, msgspec.json.encode({"by": held.endpoint}))] * (desk.AT_ONCE + 1)


def test_one_endpoint_does_not_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "BYTES", Rate(30_000, 0.0001))
    with opened(tmp_path) as fleet:
        token, other = fleet.enrolled().token, fleet.enrolled(installation="1" * 32).token
        body = gzip.compress(b"x" * 10_000 + b"\n")
        answers = [fleet.send("POST", f"{EVENTS}?stream=s", token, body, content_encoding="gzip") for _ in range(4)]
        assert [each.status_code for each in answers] == [422, 422, 429, 429], "what is unpacked counts"
        assert answers[2].json()["code"] == "quota"
        assert answers[2].headers["retry-after"] == str(desk.LATEST)
        assert fleet.send("GET", BUNDLE, token).status_code == 200, "it still hears what it obeys"
        assert fleet.send("POST", f"{EVENTS}?stream=s", other, body, content_encoding="gzip").status_code == 422


def test_those_who_wait_for_the_disk_keep_nobody_else_waiting(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "WRITERS", 2)
    known = [fleet.enrolled(installation=f"{number}" * 32) for number in range(4)]
    working, free = threading.Semaphore(0), threading.Event()

    def slow(endpoint: Endpoint, body: bytes, request: Request) -> Response:
        working.release()
        free.wait(30)
        return desk.answer({})

    one = desk.Desk(fleet.services, 60)
    waiting = one.route(slow, 10, 10, waits=True)
    quick = one.route(lambda endpoint, body, request: desk.answer({}), 10, 10)

    def request(token: str) -> Request:
        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        head = (b"authorization", f"Bearer {token}".encode())
        return Request({"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": [head]}, receive)

    async def all_of_them() -> list[int]:
        asked = [asyncio.ensure_future(waiting(request(each.token))) for each in known[:3]]
        for _ in range(2):
            await asyncio.to_thread(working.acquire)
        found = [(await quick(request(known[3].token))).status_code]
        assert not any(each.done() for each in asked)
        free.set()
        return found + [(await each).status_code for each in asked]

    assert asyncio.run(all_of_them()) == [200, 200, 200, 200]
