"""Words that work once."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from spawngate.server.fleet import one_time
from spawngate.server.fleet.tables import ONE_TIME
from tests.server.fleet.fleet import NOW, at, connection, database

__all__ = ["connection", "database"]

HOUR = timedelta(hours=1)


def test_a_word_works_once_for_its_purpose(connection: Connection) -> None:
    word = one_time.issue(connection, "invitation", {"user": 7}, NOW, HOUR)
    assert one_time.peek(connection, "invitation", word, NOW) == {"user": 7}
    assert one_time.take(connection, "first-run", word, NOW) is None
    assert one_time.take(connection, "invitation", word, NOW) == {"user": 7}
    assert one_time.take(connection, "invitation", word, NOW) is None
    assert one_time.peek(connection, "invitation", word, NOW) is None


def test_the_word_itself_is_not_kept(connection: Connection) -> None:
    word = one_time.issue(connection, "oidc-state", {}, NOW, HOUR, word="chosen-by-the-caller")
    assert word == "chosen-by-the-caller"
    assert word not in str(connection.execute(select(ONE_TIME)).all())


def test_a_word_ends(connection: Connection) -> None:
    word = one_time.issue(connection, "invitation", {}, NOW, HOUR)
    assert one_time.peek(connection, "invitation", word, at(minutes=59)) == {}
    assert one_time.peek(connection, "invitation", word, at(hours=1)) is None
    assert one_time.take(connection, "invitation", word, at(hours=1)) is None
    assert one_time.take(connection, "invitation", word, NOW) is None, "it was used up by the attempt"


@pytest.mark.parametrize("word", ["", "x", "x" * 1000, "\ud800"])
def test_other_words_are_none(connection: Connection, word: str) -> None:
    one_time.issue(connection, "invitation", {}, NOW, HOUR)
    assert one_time.take(connection, "invitation", word, NOW) is None


def test_what_has_ended_is_deleted(connection: Connection) -> None:
    one_time.issue(connection, "invitation", {}, NOW, HOUR)
    one_time.issue(connection, "first-run", {}, NOW, HOUR)
    one_time.issue(connection, "invitation", {}, at(hours=2), HOUR)
    assert len(connection.execute(select(ONE_TIME)).all()) == 2
    assert one_time.sweep(connection, at(hours=2)) == 1
    assert one_time.withdraw(connection, "invitation") == 1
    assert connection.execute(select(ONE_TIME)).all() == []


def test_words_are_withdrawn_by_what_they_open(connection: Connection) -> None:
    words = [one_time.issue(connection, "invitation", {"user": user}, NOW, HOUR) for user in (1, 1, 2)]
    assert one_time.withdraw(connection, "invitation", user=1) == 2
    assert [one_time.peek(connection, "invitation", word, NOW) for word in words] == [None, None, {"user": 2}]
    assert one_time.withdraw(connection, "first-run", user=2) == 0
