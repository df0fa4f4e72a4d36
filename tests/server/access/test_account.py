"""The own account: another password, and what becomes of sessions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spawngate.server.access import account, passwords
from spawngate.server.access.invitations import invitation_link
from spawngate.server.access.limits import Limit, Rate
from spawngate.server.access.roles import Role
from spawngate.server.fleet import users
from tests.server.applied import ORIGIN, Browser, World, world

OLD, NEW = "correct horse battery", "staple correct horse"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


@pytest.fixture
def ann(server: World) -> int:
    return server.person("Ann", {0: Role.OWNER}, password=passwords.hashed(OLD))


def change(browser: Browser, old: str = OLD, new: str = NEW) -> Any:
    headers = {**ORIGIN, "x-csrf-token": browser.csrf}
    return browser.client.put("/api/v1/me/password", json={"old": old, "new": new}, headers=headers)


def status(server: World, word: str) -> int:
    """Whether a session's word opens anything."""
    return server.client(cookies={"spawngate-plain": word}).get("/api/v1/me").status_code


def test_another_password_ends_every_session_and_gives_a_new_one(server: World, ann: int) -> None:
    here, there = server.browser(ann), server.browser(ann)
    with server.writing() as connection:
        link = invitation_link(connection, server.parts, ann, "")
    answer = change(here)
    assert (answer.status_code, answer.json()["item"]) == (200, {"done": True})
    word = answer.cookies["spawngate-plain"]
    assert word != here.word
    assert [status(server, each) for each in (word, here.word, there.word)] == [200, 401, 401]
    old_token = Browser(server.client(cookies={"spawngate-plain": word}), here.csrf, word)
    assert change(old_token).status_code == 403, "the token of the form went with the session"
    assert server.client().get(link).status_code == 410
    for password, expected in ((OLD, 401), (NEW, 303)):
        form = {"name": "Ann", "password": password}
        assert server.client().post("/login", data=form, headers=ORIGIN).status_code == expected
    assert next(what for _, what, _ in server.acts()) == "user-password-changed"


def test_a_wrong_old_password_changes_nothing_is_recorded_and_counted(
    server: World, ann: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has stolen a session guesses only so often."""
    monkeypatch.setattr(account, "_tries", Limit(Rate(2, 0.01)))
    here, bob = server.browser(ann), server.browser(server.person("Bob", {}, password=passwords.hashed(OLD)))
    answers = [change(here, old="wrong") for _ in range(3)]
    assert [each.status_code for each in answers] == [403, 403, 429]
    assert answers[0].json()["error"]["message"] == "The old password is wrong."
    assert 1 <= int(answers[2].headers["retry-after"]) <= 101
    assert change(here).status_code == 429, "not even with the right one"
    assert change(bob).status_code == 200, "nobody is kept from the own account by another one"
    assert [act for act in server.acts() if act[0] == "Ann"] == [("Ann", "user-password-refused", "Ann")] * 2
    with server.parts.database.read() as connection:
        assert passwords.fits(users.hash_of(connection, ann), OLD)


@pytest.mark.parametrize(
    ("new", "status", "why"),
    [
        (OLD, 400, "the new password is the old one"),
        ("short", 422, ""),
        ("x" * 1_025, 422, ""),
    ],
)
def test_a_password_that_is_none(server: World, ann: int, new: str, status: int, why: str) -> None:
    answer = change(server.browser(ann), new=new)
    assert answer.status_code == status
    assert why in answer.text


def test_who_has_no_password_here_is_told_where_it_is_changed(server: World) -> None:
    rob = server.person("Rob", {0: Role.READER}, issuer="https://id.example", subject="7")
    answer = change(server.browser(rob))
    assert (answer.status_code, answer.json()["error"]["message"]) == (
        409, "you sign in at a provider: the password is changed there",
    )  # fmt: skip
    program = server.program(Role.OWNER)
    refused = program.put("/api/v1/me/password", json={"old": OLD, "new": NEW})
    assert (refused.status_code, refused.json()["error"]["message"]) == (
        403, "Only a person who has signed in has a password.",
    )  # fmt: skip


def test_who_was_signed_out_meanwhile_changes_nothing(server: World, ann: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """An administrator ends the session while its password is tried: then it sets none."""
    here = server.browser(ann)

    def slow(password: str) -> str:
        with server.writing() as connection:
            users.disable(connection, bob, server.clock[0])
            users.set_password(connection, ann, "another")
        return "a hash"

    bob = server.person("Bob", {})
    monkeypatch.setattr(passwords, "hashed", slow)
    assert change(here).status_code == 403
    with server.parts.database.read() as connection:
        assert users.hash_of(connection, ann) == "another"


def test_another_role_ends_the_sessions_of_before(server: World, ann: int) -> None:
    """Session fixation: whoever planted or read a session's word before is not more by it than they were."""
    owner, bob = server.browser(ann), server.person("Bob", {0: Role.READER})
    before = server.browser(bob)
    headers = {**ORIGIN, "x-csrf-token": owner.csrf}
    path = f"/api/v1/teams/0/members/{bob}"
    assert owner.client.put(path, json={"role": "reader"}, headers=headers).status_code == 200
    assert before.get("/api/v1/me").status_code == 200, "nothing was changed"
    assert owner.client.put(path, json={"role": "owner"}, headers=headers).status_code == 200
    assert before.get("/api/v1/me").status_code == 401
    again = server.browser(bob)
    assert owner.client.delete(path, headers=headers).status_code == 200
    assert again.get("/api/v1/me").status_code == 401
    assert owner.client.cookies["spawngate-plain"] == owner.word, "others' roles do not touch the own session"


@pytest.mark.parametrize("way", ["api", "console"])
def test_the_own_session_gets_another_word_with_another_role(server: World, ann: int, way: str) -> None:
    team = server.team("Core")
    here, there = server.browser(ann), server.browser(ann)
    headers = {**ORIGIN, "x-csrf-token": here.csrf}
    path = f"/api/v1/teams/{team}/members/{ann}"
    if way == "console":
        form = {"user": str(ann), "role": "reader"}
        answer = here.post(f"/administration/teams/{team}/members", form)
    else:
        answer = here.client.put(path, json={"role": "reader"}, headers=headers)
    word = answer.cookies["spawngate-plain"]
    assert word != here.word
    assert [status(server, each) for each in (word, here.word, there.word)] == [200, 401, 401]
    client = server.client(cookies={"spawngate-plain": word})
    assert client.delete(path, headers=headers).status_code == 403, "its token is another one too"
