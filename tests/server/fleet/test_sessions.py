"""Sessions: how they begin and end."""

import pytest
from sqlalchemy import Connection, select

from spawngate.server.fleet import sessions, users
from spawngate.server.fleet.sessions import Session
from spawngate.server.fleet.tables import SESSIONS
from spawngate.server.fleet.words import digest
from tests.server.fleet.fleet import NOW, at, connection, database

__all__ = ["connection", "database"]


@pytest.fixture
def ann(connection: Connection) -> int:
    return users.create(connection, "Ann", NOW)


def test_a_session_is_found_by_its_word_alone(connection: Connection, ann: int) -> None:
    word = sessions.begin(connection, ann, NOW)
    found = sessions.find(connection, word, NOW)
    assert found is not None
    assert found == Session(digest(word), ann, found.csrf, NOW, NOW, at(hours=12))
    assert len(found.csrf) == 43
    assert found.csrf != word
    for other in ("", "x", digest(word), word + "x", word[:-1]):
        assert sessions.find(connection, other, NOW) is None
    assert word not in str(connection.execute(select(SESSIONS)).all())


@pytest.mark.parametrize(
    ("now", "is_there"),
    [
        (at(hours=1, minutes=59), True),
        (at(hours=2), False),
        (at(hours=12), False),
    ],
)
def test_a_session_ends_when_it_is_not_used(connection: Connection, ann: int, now: str, is_there: bool) -> None:
    word = sessions.begin(connection, ann, NOW)
    assert (sessions.find(connection, word, now) is not None) is is_there


def test_a_session_ends_after_half_a_day_however_it_is_used(connection: Connection, ann: int) -> None:
    word = sessions.begin(connection, ann, NOW)
    for hour in range(1, 12):
        found = sessions.find(connection, word, at(hours=hour))
        assert found is not None
        assert sessions.is_stale(found, at(hours=hour))
        sessions.seen(connection, found.id, at(hours=hour))
    assert sessions.find(connection, word, at(hours=11, minutes=59)) is not None
    assert sessions.find(connection, word, at(hours=12)) is None


def test_use_is_noted_once_a_minute(connection: Connection, ann: int) -> None:
    found = sessions.find(connection, sessions.begin(connection, ann, NOW), NOW)
    assert found is not None
    assert not sessions.is_stale(found, at(seconds=59))
    assert sessions.is_stale(found, at(seconds=60))


def test_a_login_makes_a_new_session_and_ends_the_one_before(connection: Connection, ann: int) -> None:
    planted = sessions.begin(connection, ann, NOW)
    word = sessions.begin(connection, ann, NOW, replaces=planted)
    assert word != planted
    assert sessions.find(connection, planted, NOW) is None
    assert sessions.find(connection, word, NOW) is not None


def test_sessions_are_ended_one_and_all(connection: Connection, ann: int) -> None:
    words = [sessions.begin(connection, ann, at(minutes=number)) for number in range(4)]
    listed = sessions.of(connection, ann, at(minutes=5))
    assert [each.id for each in listed] == [digest(word) for word in reversed(words)]
    assert sessions.end(connection, listed[0].id)
    assert not sessions.end(connection, listed[0].id)
    assert sessions.end_all(connection, ann, but=listed[1].id) == 2
    assert [each.id for each in sessions.of(connection, ann, at(minutes=5))] == [listed[1].id]


def test_what_has_ended_is_swept(connection: Connection, ann: int) -> None:
    sessions.begin(connection, ann, NOW)
    kept = sessions.begin(connection, ann, at(hours=1))
    assert sessions.sweep(connection, at(hours=2)) == 1
    assert connection.execute(select(SESSIONS.c.id)).scalars().all() == [digest(kept)]


def test_a_session_gets_another_word(connection: Connection, ann: int) -> None:
    word = sessions.begin(connection, ann, NOW)
    before = sessions.find(connection, word, NOW)
    assert before is not None
    fresh = sessions.renew(connection, before.id)
    found = sessions.find(connection, fresh, NOW)
    assert found is not None
    assert (found.user, found.created_at, found.expires_at) == (before.user, before.created_at, before.expires_at)
    assert found.csrf != before.csrf
    assert sessions.find(connection, word, NOW) is None
    assert sessions.renew(connection, before.id) == "", "it is not there any more"
