"""API tokens."""

import pytest
from sqlalchemy import Connection, select, update

from spawngate.model.errors import UsageError
from spawngate.server.access.roles import Permission, Role
from spawngate.server.fleet import teams, tokens
from spawngate.server.fleet.tables import TOKENS
from spawngate.server.fleet.tokens import Token
from tests.server.fleet.fleet import NOW, at, connection, database

__all__ = ["connection", "database"]


def made(connection: Connection, **given: object) -> tuple[Token, str]:
    values: dict[str, object] = {"name": "ci", "team": 0, "role": Role.READER, "by": "ann", "now": NOW}
    return tokens.create(connection, **(values | given))  # type: ignore[arg-type]  # fields of `create`


def test_a_token_is_found_by_its_secret_alone(connection: Connection) -> None:
    token, secret = made(connection, scopes=[Permission.EVENTS_READ, Permission.INVENTORY_READ])
    assert secret.startswith("sgt_")
    assert token == Token(
        id=1,
        prefix=secret[:10],
        name="ci",
        team=0,
        role=Role.READER,
        scopes=(Permission.EVENTS_READ, Permission.INVENTORY_READ),
        created_by="ann",
        created_at=NOW,
        expires_at=at(days=90),
    )
    assert tokens.find(connection, secret, NOW) == token
    for other in ("", "sgt_", secret[:-1], secret + "x", token.prefix):
        assert tokens.find(connection, other, NOW) is None
    assert secret not in str(connection.execute(select(TOKENS)).all())


def test_a_token_ends(connection: Connection) -> None:
    token, secret = made(connection, days=1)
    assert tokens.find(connection, secret, at(hours=23)) == token
    assert tokens.find(connection, secret, at(days=1)) is None


@pytest.mark.parametrize("days", [0, -1, 367])
def test_every_token_has_an_end(connection: Connection, days: int) -> None:
    with pytest.raises(UsageError, match="ends after 1 to 366 days"):
        made(connection, days=days)


def test_a_revoked_token_is_none(connection: Connection) -> None:
    token, secret = made(connection)
    assert tokens.revoke(connection, token.id, at(hours=1)) == (token,)
    assert tokens.find(connection, secret, NOW) is None
    tokens.revoke(connection, token.id, at(hours=2))
    assert tokens.get(connection, token.id).revoked_at == at(hours=1)


def test_permissions_of_a_later_version_do_not_become_all(connection: Connection) -> None:
    _, secret = made(connection)
    for stored, expected in (([], None), (["tea:make"], ()), (["tea:make", "events:read"], (Permission.EVENTS_READ,))):
        connection.execute(update(TOKENS).values(scopes=stored))
        found = tokens.find(connection, secret, NOW)
        assert found is not None
        assert found.scopes == expected


def test_use_is_noted_once_a_minute(connection: Connection) -> None:
    token, secret = made(connection)
    assert tokens.is_stale(token, NOW)
    tokens.used(connection, token, NOW)
    found = tokens.find(connection, secret, NOW)
    assert found is not None
    assert found.used_at == NOW
    assert not tokens.is_stale(found, at(seconds=59))
    assert tokens.is_stale(found, at(seconds=60))


def test_lists_hold_the_tokens_of_teams_that_may_be_seen(connection: Connection) -> None:
    teams.create(connection, "a", NOW)
    for number in range(4):
        made(connection, name=f"t{number}", team=number % 2)
    assert [token.name for token in tokens.page(connection, None)[0]] == ["t3", "t2", "t1", "t0"]
    first, cursor = tokens.page(connection, frozenset({1}), limit=1)
    second, end = tokens.page(connection, frozenset({1}), cursor, limit=1)
    assert ([token.name for token in (*first, *second)], end) == (["t3", "t1"], None)
    assert tokens.page(connection, frozenset()) == ([], None)


def test_a_deleted_team_takes_its_tokens_along(connection: Connection) -> None:
    teams.create(connection, "a", NOW)
    token, secret = made(connection, team=1)
    teams.remove(connection, 1)
    assert tokens.find(connection, secret, NOW) is None
    with pytest.raises(UsageError, match=f"there is no token {token.id}"):
        tokens.get(connection, token.id)
    with pytest.raises(UsageError, match="there is no team 1"):
        made(connection, team=1)
