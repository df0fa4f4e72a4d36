"""Who asks: tokens, sessions, and how often."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from spawngate.server.access.authenticate import AGENT_PATHS
from spawngate.server.access.limits import Rate
from spawngate.server.access.roles import Permission, Role
from spawngate.server.fleet import tokens, users
from spawngate.server.store.port import StoreError
from spawngate.server.views import access
from spawngate.server.views.listing import Listing
from tests.server.applied import World, world


@pytest.fixture
def server(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def test_a_token_is_who_it_was_made_for(server: World) -> None:
    server.team("one")
    client = server.program(Role.ANALYST, 1, (Permission.EVENTS_READ, Permission.USERS_WRITE))
    assert client.get("/api/v1/me").json()["item"] == {
        "name": "analyst-1",
        "kind": "token",
        "roles": {"1": "analyst"},
        "permissions": ["events:read"],
    }


def test_a_token_ends_is_revoked_and_its_use_is_noted(server: World) -> None:
    client = server.program(Role.READER, days=1)
    assert client.get("/api/v1/me").status_code == 200
    with server.parts.database.read() as connection:
        assert tokens.get(connection, 1).used_at == server.clock[0]
    server.later(days=1)
    assert client.get("/api/v1/me").status_code == 401
    client = server.program(Role.READER)
    with server.writing() as connection:
        tokens.revoke(connection, 2, server.clock[0])
    answer = client.get("/api/v1/me")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_a_wrong_token_is_not_mended_by_a_cookie(server: World) -> None:
    browser = server.browser(server.person("Ann", {0: Role.OWNER}))
    assert browser.get("/api/v1/me").status_code == 200
    for given in ("Bearer sgt_wrong", "Basic YTpi", "Bearer"):
        assert browser.get("/api/v1/me", headers={"authorization": given}).status_code == 401


def test_the_token_of_an_endpoint_is_nobodys_here(server: World) -> None:
    client = server.client(headers={"authorization": "Bearer sgn_" + "x" * 43})
    assert client.get("/api/v1/teams").status_code == 401


def test_a_role_that_is_taken_counts_at_once(server: World) -> None:
    ann = server.person("Ann", {0: Role.OWNER})
    bob = server.person("Bob", {0: Role.ADMINISTRATOR})
    browser = server.browser(bob)
    assert browser.get("/api/v1/users").status_code == 200
    with server.writing() as connection:
        users.give(connection, bob, 0, Role.READER)
    assert browser.get("/api/v1/users").status_code == 401, "it ends what was begun with it"
    browser = server.browser(bob)
    assert browser.get("/api/v1/users").status_code == 403
    with server.writing() as connection:
        users.disable(connection, bob, server.clock[0])
    assert browser.get("/api/v1/teams").status_code == 401
    assert server.browser(ann).get("/api/v1/users").status_code == 200


def test_strangers_who_keep_asking_are_sent_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spawngate.server.access.authenticate.STRANGERS", Rate(5, 0.01))
    with world(tmp_path) as server:
        client = server.client()
        assert [client.get("/api/v1/me").status_code for _ in range(7)] == [401] * 5 + [429] * 2
        answer = client.get("/api/v1/me")
        assert int(answer.headers["retry-after"]) >= 1
        assert server.client().post(f"{AGENT_PATHS}sync").status_code == 401, "endpoints are counted by themselves"
        other = server.client(client=("198.51.100.1", 1))
        assert other.get("/api/v1/me").status_code == 401, "others are not kept out"


def test_one_program_cannot_take_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spawngate.server.access.authenticate.REQUESTS", Rate(5, 0.01))
    with world(tmp_path) as server:
        greedy, other = server.program(Role.READER), server.program(Role.READER)
        assert [greedy.get("/api/v1/me").status_code for _ in range(7)] == [200] * 5 + [429] * 2
        assert greedy.get("/healthz").status_code == 200, "whether it is alive can always be asked"
        assert other.get("/api/v1/me").status_code == 200


def test_without_its_database_the_server_says_so_and_opens_nothing(
    server: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = server.program(Role.OWNER)

    def away(*_: object) -> None:
        raise StoreError("the database at 10.0.0.1 is away")

    monkeypatch.setattr(tokens, "find", away)
    answer = client.get("/api/v1/me")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "10.0.0.1" not in answer.text


def test_nobody_is_kept_out_because_use_cannot_be_noted(server: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = server.program(Role.OWNER)

    def full(*_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(tokens, "used", full)
    assert client.get("/api/v1/me").status_code == 200


def test_nobody_is_kept_out_by_strangers_behind_the_same_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spawngate.server.access.authenticate.STRANGERS", Rate(5, 0.01))
    with world(tmp_path) as server:
        known, browser = server.program(Role.READER), server.browser(server.person("Ann", {0: Role.OWNER}))
        stranger = server.client(headers={"authorization": "Bearer sgt_wrong"})
        assert [stranger.get("/api/v1/me").status_code for _ in range(6)] == [401] * 5 + [429]
        assert known.get("/api/v1/me").status_code == 200
        assert browser.get("/api/v1/me").status_code == 200


def test_a_host_with_very_many_addresses_is_one_stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spawngate.server.access.authenticate.STRANGERS", Rate(5, 0.01))
    with world(tmp_path) as server:
        statuses = [
            server.client(client=(f"2001:db8:0:1:{number:x}::1", 1)).get("/api/v1/me").status_code
            for number in range(7)
        ]
        assert statuses == [401] * 5 + [429] * 2
        assert server.client(client=("2001:db8:0:2::1", 1)).get("/api/v1/me").status_code == 401


def test_slow_requests_of_one_leave_room_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spawngate.server.access.authenticate.AT_ONCE", 2)
    go, inside = threading.Event(), threading.Semaphore(0)
    with world(tmp_path) as server:
        greedy, other = server.program(Role.READER), server.program(Role.READER)

        def slow(*_: object, **__: object) -> object:
            inside.release()
            assert go.wait(20)
            return Listing((), None, (), 0)

        monkeypatch.setattr(access, "teams_of", slow)
        with ThreadPoolExecutor(2) as pool:
            held = [pool.submit(greedy.get, "/api/v1/teams") for _ in range(2)]
            assert inside.acquire(timeout=20)
            assert inside.acquire(timeout=20)
            answer = greedy.get("/api/v1/me")
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
            assert greedy.get("/healthz").status_code == 200
            assert other.get("/api/v1/me").status_code == 200
            go.set()
            assert [each.result().status_code for each in held] == [200, 200]
        assert greedy.get("/api/v1/me").status_code == 200


def test_strangers_cannot_take_all_of_what_is_public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spawngate.server.access.authenticate.REQUESTS", Rate(5, 0.01))
    with world(tmp_path) as server:
        client = server.client()
        assert [client.get("/api/v1/openapi.json").status_code for _ in range(7)] == [200] * 5 + [429] * 2
        assert client.get("/healthz").status_code == 200
        assert server.program(Role.READER).get("/api/v1/me").status_code == 200
        other = server.client(client=("198.51.100.1", 1))
        assert other.get("/api/v1/openapi.json").status_code == 200
