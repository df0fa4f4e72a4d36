"""Links by which people set their passwords: whom they open, and when no more."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spawngate.server.access import passwords
from spawngate.server.access.invitations import invitation_link
from spawngate.server.access.roles import Role
from spawngate.server.fleet import tokens, users
from tests.server.applied import ORIGIN, World, world

PASSWORD = "correct horse battery"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


@pytest.fixture
def ann(server: World) -> int:
    """The owner, with a password."""
    return server.person("Ann", {0: Role.OWNER}, password=passwords.hashed(PASSWORD))


def link_word(link: str) -> str:
    return link.partition("word=")[2]


def test_a_newer_invitation_and_a_password_that_was_set_end_older_links(server: World, ann: int) -> None:
    bob = server.person("Bob", {0: Role.READER})
    with server.writing() as connection:
        old, new = (link_word(invitation_link(connection, server.parts, bob, "")) for _ in range(2))
        other = link_word(invitation_link(connection, server.parts, ann, ""))
    assert server.client().get(f"/invitation?word={old}").status_code == 410
    form = {"word": new, "password": PASSWORD, "again": PASSWORD}
    assert server.client().post("/invitation", data=form, headers=ORIGIN).status_code == 303
    assert server.client().get(f"/invitation?word={other}").status_code == 200, "others' links stay"


@pytest.mark.parametrize("change", ["promoted", "promoted in a team", "inviter disabled", "inviter demoted", "none"])
def test_a_link_opens_nobody_who_is_more_than_who_invited(server: World, ann: int, change: str) -> None:
    """Who invited has seen the link, and would else own the account of somebody who was made an owner since."""
    team = server.team("Core")
    eve = server.person("Eve", {0: Role.ADMINISTRATOR})
    mallory = server.browser(eve)
    bob = server.person("Bob", {0: Role.READER})
    path = f"/api/v1/users/{bob}/invitation"
    answer = mallory.client.post(path, headers={**ORIGIN, "x-csrf-token": mallory.csrf})
    word = link_word(answer.json()["item"]["link"])
    with server.writing() as connection:
        if change == "promoted":
            users.give(connection, bob, 0, Role.OWNER)
        elif change == "promoted in a team":
            users.give(connection, bob, team, Role.OWNER)
        elif change == "inviter disabled":
            users.disable(connection, eve, server.clock[0])
        elif change == "inviter demoted":
            users.give(connection, eve, 0, None)
    form = {"word": word, "password": PASSWORD, "again": PASSWORD}
    expected = 303 if change == "none" else 410
    assert server.client().get(f"/invitation?word={word}").status_code == (200 if change == "none" else 410)
    assert server.client().post("/invitation", data=form, headers=ORIGIN).status_code == expected


@pytest.mark.parametrize("change", ["revoked", "ended", "none"])
def test_a_link_that_a_token_made_ends_with_it(server: World, ann: int, change: str) -> None:
    program = server.program(Role.ADMINISTRATOR, days=1)
    bob = server.person("Bob", {0: Role.READER})
    word = link_word(program.post(f"/api/v1/users/{bob}/invitation").json()["item"]["link"])
    if change == "revoked":
        with server.writing() as connection:
            tokens.revoke(connection, 1, server.clock[0])
    elif change == "ended":
        server.later(days=2)
    assert server.client().get(f"/invitation?word={word}").status_code == (200 if change == "none" else 410)


def test_the_operators_link_works_for_everybody(server: World, ann: int) -> None:
    with server.writing() as connection:
        word = link_word(invitation_link(connection, server.parts, ann, ""))
    assert server.client().get(f"/invitation?word={word}").status_code == 200
