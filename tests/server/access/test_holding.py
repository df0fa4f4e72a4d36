"""What a token is worth now."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from spawngate.server.access.holding import held_by, lower
from spawngate.server.access.principal import Kind, Principal
from spawngate.server.access.roles import Permission, Role
from spawngate.server.fleet import tokens, users
from tests.server.applied import World, world

SCOPES = (Permission.EVENTS_READ, Permission.TOKENS_WRITE)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        made.team("Core")
        yield made


def worth(server: World, number: int) -> Principal | None:
    with server.parts.database.read() as connection:
        return held_by(connection, tokens.get(connection, number), server.clock[0])


def made(server: World, maker: int, *, parent: int = 0, team: int = 1, role: Role = Role.ADMINISTRATOR) -> int:
    with server.writing() as connection:
        return tokens.create(
            connection, name="ci", team=team, role=role, scopes=SCOPES, by="x", now=server.clock[0], maker=maker,
            parent=parent,
        )[0].id  # fmt: skip


def test_a_token_of_the_operator_has_what_it_was_given(server: World) -> None:
    assert worth(server, made(server, 0)) == Principal(
        "ci", Kind.TOKEN, {1: Role.ADMINISTRATOR}, frozenset(SCOPES), token=1
    )


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ({0: Role.OWNER}, {1: Role.ADMINISTRATOR}),
        ({1: Role.ADMINISTRATOR}, {1: Role.ADMINISTRATOR}),
        ({0: Role.READER, 1: Role.ANALYST}, {1: Role.ANALYST}),
        ({0: Role.READER}, {1: Role.READER}),
        ({}, {}),
    ],
)
def test_a_token_has_no_more_than_its_maker_has_now(
    server: World, roles: dict[int, Role], expected: dict[int, Role]
) -> None:
    ann = server.person("Ann", {0: Role.OWNER})
    server.person("Bob", {0: Role.OWNER})
    number = made(server, ann)
    with server.writing() as connection:
        users.give(connection, ann, 0, roles.get(0))
        users.give(connection, ann, 1, roles.get(1))
    found = worth(server, number)
    assert found is not None
    assert found.roles == expected


def test_a_token_of_who_may_not_come_in_opens_nothing(server: World) -> None:
    server.person("Bob", {0: Role.OWNER})
    ann = server.person("Ann", {0: Role.OWNER})
    own, child = made(server, ann), made(server, 0, parent=1)
    with server.writing() as connection:
        users.disable(connection, ann, server.clock[0])
    assert (worth(server, own), worth(server, child)) == (None, None)
    with server.writing() as connection:
        users.enable(connection, ann)
    assert worth(server, own) is not None
    assert worth(server, made(server, 999)) is None, "somebody who is not there any more"


def test_a_token_ends(server: World) -> None:
    first, second = made(server, 0), made(server, 0)
    with server.writing() as connection:
        tokens.revoke(connection, first, server.clock[0])
    assert worth(server, first) is None
    assert worth(server, second) is not None
    server.later(days=90)
    assert worth(server, second) is None


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("held", [*Role, None])
def test_the_lower_of_two_roles(role: Role, held: Role | None) -> None:
    expected = None if held is None else min(role, held, key=lambda each: each.rank)
    assert lower(role, {} if held is None else {0: held}, 7) == expected
    assert lower(role, {} if held is None else {7: held}, 7) == expected
    assert lower(role, {} if held is None else {7: held}, 0) is None, "a team's role is none in the organisation"
