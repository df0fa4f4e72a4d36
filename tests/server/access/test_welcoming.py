"""The doors for who is new: the first run, invitations; and who else might come in by them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spawngate.server.access import passwords, welcoming
from spawngate.server.access.invitations import invitation_link
from spawngate.server.access.roles import Role
from spawngate.server.fleet import users
from tests.server.applied import ORIGIN, World, world

PASSWORD = "correct horse battery"
FORM = {"name": "Ann", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


@pytest.fixture
def ann(server: World) -> int:
    """The owner, with a password."""
    return server.person("Ann", {0: Role.OWNER}, password=passwords.hashed(PASSWORD))


def first_word(server: World) -> str:
    return welcoming.first_run_link(server.parts.database, server.clock[0], "").partition("word=")[2]


def cookie_of(response: Any) -> str:
    return str(response.cookies.get("spawngate-plain", ""))


def signed_in(client: Any) -> bool:
    return bool(client.get("/api/v1/me").status_code == 200)


# The first run --------------------------------------------------------------------------------------------------------


def test_the_first_run_makes_an_owner_who_is_signed_in(server: World) -> None:
    client, word = server.client(), first_word(server)
    page = client.get(f"/first-run?word={word}")
    assert page.status_code == 200
    assert word in page.text
    answer = client.post("/first-run", data={"word": word, **FORM}, headers=ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/api/v1/me").json()["item"]["roles"] == {"0": "owner"}
    assert server.acts() == [("Ann", "user-created-first-owner", "Ann"), ("Ann", "session-begun", "Ann")]
    with server.parts.database.read() as connection:
        assert users.find(connection, "ann").has_password


def test_the_link_of_the_first_run_works_once(server: World) -> None:
    word = first_word(server)
    assert server.client().post("/first-run", data={"word": word, **FORM}, headers=ORIGIN).status_code == 303
    again = {"word": word, **FORM, "name": "Eve"}
    for answer in (
        server.client().post("/first-run", data=again, headers=ORIGIN),
        server.client().get(f"/first-run?word={word}"),
    ):
        assert answer.status_code == 410
        assert cookie_of(answer) == ""
    assert first_word(server) == "", "no link is given while somebody owns the organisation"
    with server.parts.database.read() as connection:
        assert [user.name for user in users.page(connection)[0]] == ["Ann"]


def test_a_link_is_worth_nothing_once_somebody_owns_the_organisation(server: World) -> None:
    word = first_word(server)
    server.person("Ann", {0: Role.OWNER})
    assert server.client().get(f"/first-run?word={word}").status_code == 410
    assert server.client().post("/first-run", data={"word": word, **FORM}, headers=ORIGIN).status_code == 410


def test_a_new_link_ends_the_one_before(server: World) -> None:
    old, new = first_word(server), first_word(server)
    assert server.client().get(f"/first-run?word={old}").status_code == 410
    assert server.client().get(f"/first-run?word={new}").status_code == 200


def test_a_link_ends_after_a_day(server: World) -> None:
    word = first_word(server)
    server.later(hours=24)
    assert server.client().get(f"/first-run?word={word}").status_code == 410


@pytest.mark.parametrize("word", ["", "x", "a" * 43, "' OR 1=1 --"])
def test_other_words_open_nothing(server: World, word: str) -> None:
    first_word(server)
    for path in ("/first-run", "/invitation"):
        assert server.client().get(path, params={"word": word}).status_code == 410
        assert server.client().post(path, data={"word": word, **FORM}, headers=ORIGIN).status_code == 410


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"password": "short", "again": "short"}, "a password has 12 to 1024 characters"),
        ({"password": "x" * 1025, "again": "x" * 1025}, "a password has 12 to 1024 characters"),
        ({"again": "another password"}, "The two passwords are not the same"),
        ({"name": "\x1b[31m"}, "printable"),
        ({"name": " "}, "printable"),
    ],
)
def test_a_mistake_does_not_use_the_link_up(server: World, form: dict[str, str], problem: str) -> None:
    client, word = server.client(), first_word(server)
    answer = client.post("/first-run", data={"word": word, **FORM, **form}, headers=ORIGIN)
    assert answer.status_code == 400
    assert problem in answer.text
    assert client.post("/first-run", data={"word": word, **FORM}, headers=ORIGIN).status_code == 303


# Invitations ----------------------------------------------------------------------------------------------------------


def test_an_invitation_sets_a_password_once(server: World, ann: int) -> None:
    bob = server.person("Bob", {0: Role.READER})
    old = server.browser(bob).client
    with server.writing() as connection:
        word = invitation_link(connection, server.parts, bob, "").partition("word=")[2]
    client = server.client()
    page = client.get(f"/invitation?word={word}")
    assert 'value="Bob" readonly' in page.text
    form = {"word": word, "name": "Ann", "password": PASSWORD, "again": PASSWORD}
    assert client.post("/invitation", data=form, headers=ORIGIN).status_code == 303
    assert client.get("/api/v1/me").json()["item"]["name"] == "Bob", "the name in the form counts for nothing"
    assert not signed_in(old), "another password ends sessions"
    assert server.client().post("/invitation", data=form, headers=ORIGIN).status_code == 410
    assert server.client().get(f"/invitation?word={word}").status_code == 410


def test_an_invitation_does_not_let_in_who_was_disabled(server: World, ann: int) -> None:
    bob = server.person("Bob", {0: Role.READER})
    with server.writing() as connection:
        word = invitation_link(connection, server.parts, bob, "").partition("word=")[2]
        users.disable(connection, bob, server.clock[0])
    form = {"word": word, "name": "Bob", "password": PASSWORD, "again": PASSWORD}
    assert server.client().post("/invitation", data=form, headers=ORIGIN).status_code == 410


def test_no_password_is_hashed_for_a_word_that_opens_nothing(
    server: World, ann: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "hashed", lambda password: pytest.fail("64 MiB for nothing"))
    for path in ("/first-run", "/invitation"):
        answer = server.client().post(path, data={"word": "x" * 43, **FORM}, headers=ORIGIN)
        assert answer.status_code == 410


def test_a_word_of_one_purpose_opens_no_other_door(server: World) -> None:
    word = first_word(server)
    assert server.client().get(f"/invitation?word={word}").status_code == 410
