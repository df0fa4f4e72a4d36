"""Words of several days: each is asked of the database once, and more days at a time."""

from datetime import timedelta

import pytest

from spawngate.server.store.postgres.connection import Pool
from spawngate.server.store.postgres.events import PostgresEvents
from spawngate.server.store.postgres.words import Words
from tests.server.store.conformance import DAY, Source, decision

FIRST = 20776


@pytest.fixture
def pool(database: str) -> object:
    store, source = PostgresEvents(database), Source()
    for number in range(7):
        store.append(source.entries(2, DAY + timedelta(days=number), **decision("deny", f"Git {number}", "npm")))
    yield store.pool
    store.close()


def test_days_are_asked_together(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    every = pool.all

    def noted(statement: str, *values: object) -> list[tuple[object, ...]]:
        asked.append(statement)
        return every(statement, *values)

    monkeypatch.setattr(pool, "all", noted)
    words = Words(pool, range(FIRST, FIRST + 7))
    found = [[value for _, value in words.of(FIRST + number, "command", "git")] for number in range(7)]
    assert found == [[f'["Git {number}","npm"]'] for number in range(7)]
    assert len(asked) == 3  # one day, two, four
    assert [next(iter(words.of(FIRST, "program", "git")))[1], list(words.of(FIRST, "verdict", "git"))] == [
        '["Git","npm"]',
        [],
    ]
    assert len(asked) == 3  # a text is looked for in every column
    assert [value for _, value in words.of(FIRST, "verdict", None)] == ['["allow"]', '["log"]', '["ask"]', '["deny"]']
    assert len(asked) == 4


def test_days_may_go_back_or_be_left_out(pool: Pool) -> None:
    words = Words(pool, range(FIRST + 6, FIRST - 1, -1), at_once=2)
    for number in (6, 2, 0):
        assert [value for _, value in words.of(FIRST + number, "command", f"git {number}")] == [
            f'["Git {number}","npm"]'
        ]
