"""What every way in ends with: where one goes on, and a session of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.requests import Request

from spawngate.server.access.entering import address_of, entered, next_of
from spawngate.server.access.roles import Role
from spawngate.server.fleet import sessions
from tests.server.applied import World, world


@pytest.fixture
def server(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def asked(word: str = "", client: tuple[str, int] | None = ("10.0.0.7", 1)) -> Request:
    cookie = [(b"cookie", f"spawngate-plain={word}".encode())] if word else []
    return Request({"type": "http", "method": "POST", "path": "/login", "headers": cookie, "client": client})


def test_a_new_session_ends_the_one_that_the_browser_had(server: World) -> None:
    ann = server.person("Ann", {0: Role.OWNER})
    before = server.browser(ann).word
    with server.writing() as connection:
        answer = entered(server.parts, asked(before), connection, ann, "/findings")
    word = answer.headers["set-cookie"].partition("spawngate-plain=")[2].partition(";")[0]
    assert (answer.status_code, answer.headers["location"]) == (303, "/findings")
    with server.parts.database.read() as connection:
        assert sessions.find(connection, before, server.clock[0]) is None
        found = sessions.find(connection, word, server.clock[0])
    assert found is not None
    assert found.user == ann
    (told,) = [each.event for each in server.parts.events.query(None).entries]
    assert (told.actor.user, told.detail["what"], told.detail["address"]) == ("Ann", "session-begun", "10.0.0.7")


def test_the_address_is_the_clients_as_far_as_there_is_one() -> None:
    assert [address_of(asked(client=each)) for each in (("10.0.0.7", 1), None)] == ["10.0.0.7", ""]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("/endpoints?q=a&team=1", "/endpoints?q=a&team=1"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nset-cookie: x=y", "/"),
        ("/login?next=/login", "/"),
        ("/ü", "/"),
        ("/" + "a" * 3000, "/"),
    ],
)
def test_one_goes_on_at_this_server_only(given: str, expected: str) -> None:
    assert next_of(given) == expected
